// Package rooms is the folder of a worker in which steps are done, and what it keeps
// there for the steps that follow.
//
// Clients' photos lie in it as they are while they are worked on: only its owner can
// look into it, it is removed when the worker ends, and what a killed one leaves is
// removed by the next that works there. Errors name the folder.
package rooms

import (
	"cmp"
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"pointille/internal/flock"
)

// Rooms is the folder of one worker.
type Rooms struct {
	dir  string
	lock *flock.Lock
}

const begin = "pointille-worker-"

// Open makes the folder of a worker, and removes those of workers that were
// killed: client's photos lie in them.
func Open(parent string) (*Rooms, error) {
	parent = cmp.Or(parent, os.TempDir())
	if err := os.MkdirAll(parent, 0o700); err != nil {
		return nil, fmt.Errorf("%s: cannot be worked in: %w", parent, err)
	}
	if err := sweep(parent); err != nil {
		return nil, err
	}
	for try := 1; ; try++ {
		dir, err := os.MkdirTemp(parent, begin)
		if err != nil {
			return nil, fmt.Errorf("%s: cannot be worked in: %w", parent, err)
		}
		lock, err := locked(dir)
		if err == nil {
			return &Rooms{dir: dir, lock: lock}, nil
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

func sweep(parent string) error {
	dirs, err := filepath.Glob(filepath.Join(parent, begin+"*"))
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

// Lock is held while the worker is there; its processes keep it open, too.
func (r *Rooms) Lock() *os.File { return r.lock.File() }

// Take makes a room; leave removes it.
func (r *Rooms) Take() (dir string, leave func(), err error) {
	if dir, err = os.MkdirTemp(r.dir, "step-"); err != nil {
		return "", nil, fmt.Errorf("making room for a step: %w", err)
	}
	return dir, func() { _ = os.RemoveAll(dir) }, nil // or the worker's end does
}

// Close removes all.
func (r *Rooms) Close() {
	_ = os.RemoveAll(r.dir) // or the next worker does
	_ = r.lock.Release()
}
