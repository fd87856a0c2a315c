package studio_test

import (
	"context"
	"fmt"
	"os"
	"testing"

	"pointille/internal/studio/worker"
)

// TestMain lets this test binary be the studio's worker. Tests run in memory, where the
// system has such a disk: flushing to a busy real one is most of their time, and none of
// them is about that. A benchmark's TMPDIR says where it is to measure.
func TestMain(m *testing.M) {
	if len(os.Args) > 1 && os.Args[1] == "studio-worker" {
		if err := worker.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	if info, err := os.Stat("/dev/shm"); err == nil && info.IsDir() && os.Getenv("TMPDIR") == "" {
		os.Setenv("TMPDIR", "/dev/shm")
	}
	os.Exit(m.Run())
}
