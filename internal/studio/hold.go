package studio

import (
	"errors"
	"fmt"
	"path/filepath"

	"pointille/internal/flock"
)

// hold makes sure that only one studio works in a folder: two would each believe
// their own state.
func hold(dir string) (*flock.Lock, error) {
	l, err := flock.Take(filepath.Join(dir, ".lock"), 0o600, flock.Note("pointille studio"))
	var held *flock.Held
	switch {
	case err == nil:
		return l, nil
	case errors.As(err, &held) && held.Note != "":
		return nil, fmt.Errorf("%s: another studio works in this folder (%s)", dir, held.Note)
	case errors.As(err, &held):
		return nil, fmt.Errorf("%s: another studio works in this folder", dir)
	}
	return nil, fmt.Errorf("locking the studio's folder: %w", err)
}
