package studio_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"pointille/internal/studio/worker"
)

// TestMain lets this test binary be the studio's worker.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "studio-worker" {
		if err := worker.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	os.Exit(m.Run())
}
