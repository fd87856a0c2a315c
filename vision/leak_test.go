//go:build matprofile

package vision_test

import (
	"fmt"
	"os"
	"testing"

	"pointille/internal/cvx"
)

// TestMain fails the run where the whole chain, over good photos and bad, left
// a Mat open.
func TestMain(m *testing.M) {
	code := m.Run()
	if n := cvx.OpenMats(); n != 0 {
		fmt.Fprintf(os.Stderr, "%d Mats left open\n", n)
		code = 1
	}
	os.Exit(code)
}
