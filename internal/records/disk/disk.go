// Package disk is what several packages of the record ask of the file system.
package disk

import (
	"errors"
	"io/fs"
	"os"
)

// Sync makes renames and removals in a folder last. A folder that is gone has
// nothing to make last, and that some file systems cannot do it is no failure.
func Sync(dir string) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}

// Gone passes over that a file is not there.
func Gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
