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

// A device or pipe, also one that a link leads to, must not be replaced by a file.
func TestDevicesStay(t *testing.T) {
	dir := t.TempDir()
	pipe, link := filepath.Join(dir, "pipe"), filepath.Join(dir, "link")
	check(t, syscall.Mkfifo(pipe, 0o600))
	check(t, os.Symlink(os.DevNull, link))
	for _, path := range []string{pipe, link} {
		before, err := os.Lstat(path)
		check(t, err)
		if err := atomicfile.WriteBytes(path, []byte("x")); err == nil || !strings.Contains(err.Error(), path+": a device or pipe") {
			t.Errorf("error is %v", err)
		}
		if after, err := os.Lstat(path); err != nil || after.Mode() != before.Mode() {
			t.Errorf("%s is now %v, %v", path, after, err)
		}
	}
	wantNames(t, dir, "link", "pipe")
}
