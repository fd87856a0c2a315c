package records

import (
	"errors"
	"fmt"
	"path/filepath"

	"pointille/internal/flock"
)

// lockFile is held by the one who writes.
const lockFile = "lock"

// takeLock locks the record in dir for writing, or returns ErrInUse. who is told to
// the one who comes second.
func takeLock(dir, who string) (*flock.Lock, error) {
	l, err := flock.Take(filepath.Join(dir, lockFile), 0o600, flock.Note(who))
	var held *flock.Held
	switch {
	case err == nil:
		return l, nil
	case !errors.As(err, &held):
		return nil, fmt.Errorf("locking the record: %w", err)
	case held.Note == "":
		return nil, fmt.Errorf("%s: %w; wait until it has ended, or only read", dir, ErrInUse)
	}
	return nil, fmt.Errorf("%s: %w (%s); wait until it has ended, or only read", dir, ErrInUse, held.Note)
}
