// Package disk is what several packages of the record ask of the file system.
package disk

import (
	"errors"
	"io/fs"
)

// Gone passes over that a file is not there.
func Gone(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}
