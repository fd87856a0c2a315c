package atomicfile_test

import (
	"errors"
	"os"
	"path/filepath"
	"runtime"
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

// TestUnwritableFolder writes as somebody whom the folder's rights bind: root may
// write everywhere, so its thread gives that up for the while.
func TestUnwritableFolder(t *testing.T) {
	dir := t.TempDir()
	check(t, os.Chmod(dir, 0o500))
	if os.Getuid() == 0 {
		const nobody = 65534
		runtime.LockOSThread()
		defer runtime.UnlockOSThread()
		check(t, syscall.Setfsuid(nobody))
		defer syscall.Setfsuid(0)
	}
	if err := atomicfile.WriteBytes(filepath.Join(dir, "a"), nil); !errors.Is(err, os.ErrPermission) {
		t.Errorf("error is %v", err)
	}
}
