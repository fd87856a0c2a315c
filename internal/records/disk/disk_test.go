package disk_test

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"testing"

	"pointille/internal/records/disk"
)

func ExampleGone() {
	fmt.Println(disk.Gone(os.Remove("a file that is not there")))
	// Output: <nil>
}

func TestGone(t *testing.T) {
	if err := disk.Gone(fs.ErrPermission); !errors.Is(err, fs.ErrPermission) {
		t.Error(err)
	}
}
