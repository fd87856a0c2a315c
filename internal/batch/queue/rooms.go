package queue

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pointille/internal/flock"
)

// rooms is the folder of a worker in which steps are done. Photos lie in it as
// they are, while they are worked on.
type rooms struct {
	dir  string
	lock *flock.Lock
}

const roomsBegin = "pointille-worker-"

// openRooms makes the folder of a worker, and removes those of workers that were
// killed: client's photos lie in them.
func openRooms(parent string) (*rooms, error) {
	parent = cmp.Or(parent, os.TempDir())
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("%s: cannot be worked in: %w", parent, err)
	}
	if err := sweepRooms(parent); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		dir, err := os.MkdirTemp(parent, roomsBegin)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot be worked in: %w", parent, err)
		}
		lock, err := locked(dir)
		if err == nil {
			return &rooms{dir: dir, lock: lock}, nil
		}
		err = errors.Join(err, os.RemoveAll(dir))
		if try == 3 { // before, another worker that starts may have swept it away
			return nil, fmt.Errorf("%s: cannot be worked in: %w", dir, err)
		}
	}
}

// locked takes the lock of a folder; the worker's processes keep it too.
func locked(dir string) (*flock.Lock, error) {
	return flock.Take(filepath.Join(dir, "lock"), 0o600, "")
}

func sweepRooms(parent string) error {
	dirs, err := filepath.Glob(filepath.Join(parent, roomsBegin+"*"))
	if err != nil {
		return fmt.Errorf("looking for what a killed worker left: %w", err)
	}
	for _, dir := range dirs {
		if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
			continue
		}
		lock, err := locked(dir)
		if err != nil {
			continue // somebody's who is at work, or another user's
		}
		if err := errors.Join(os.RemoveAll(dir), lock.Release()); err != nil {
			return fmt.Errorf("removing what a killed worker left: %w", err)
		}
	}
	return nil
}

// take makes a room; leave removes it.
func (r *rooms) take() (dir string, leave func(), err error) {
	if dir, err = os.MkdirTemp(r.dir, "step-"); err != nil {
		return "", nil, fmt.Errorf("making room for a step: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil // or the worker's end does
}

func (r *rooms) close() {
	_ = os.RemoveAll(r.dir) // or the next worker does
	_ = r.lock.Release()
}
