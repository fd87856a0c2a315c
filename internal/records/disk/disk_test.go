package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"pointille/internal/records/disk"
)

func ExampleGone() {
	fmt.Println(disk.Gone(os.Remove("a file that is not there")))
	// Output: <nil>
}

func TestSync(t *testing.T) {
	dir := t.TempDir()
	if err := errors.Join(disk.Sync(dir), disk.Sync(filepath.Join(dir, "none"))); err != nil {
		t.Error(err)
	}
	if err := disk.Gone(fs.ErrPermission); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}
