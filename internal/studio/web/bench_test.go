package web_test

import (
	"testing"

	"pointille/internal/studio/web"
)

// BenchmarkBundle is what a start of the studio waits for.
func BenchmarkBundle(b *testing.B) {
	for b.Loop() {
		if _, err := web.Bundle(); err != nil {
			b.Fatal(err)
		}
	}
}
