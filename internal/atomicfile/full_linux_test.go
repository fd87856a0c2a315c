package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"pointille/internal/atomicfile"
)

func TestDiskFull(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mount("tmpfs", dir, "tmpfs", 0, "size=64k"); err != nil {
		t.Skipf("mounting a small disk: %v", err)
	}
	defer syscall.Unmount(dir, 0)
	path := filepath.Join(dir, "a.txt")
	check(t, os.WriteFile(path, []byte("old"), 0o600))
	err := atomicfile.WriteBytes(path, make([]byte, 1<<20))
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), path) {
		t.Errorf("error is %v", err)
	}
	want(t, path, "old")
	wantNames(t, dir, "a.txt")
}
