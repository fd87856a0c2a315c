// Package attempts slows down guessing at a passphrase.
//
// It keeps in a small file how many attempts failed in a row and when the last
// one was, so that ending the program does not start the count anew. The first
// three may follow each other at once; then each must wait, from 2 seconds
// doubling to 15 minutes. An attempt is counted before it is made, and a right
// passphrase is not even tried while it must wait.
//
// This is against a person at the keyboard of the studio. Whoever copies the
// record and guesses elsewhere is slowed by the cost of the key derivation only.
package attempts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"golang.org/x/sys/unix"
)

// File is the name of the file in the folder of a record.
const File = "attempts.json"

// Delays between attempts.
const (
	free  = 3 // attempts that need not wait
	first = 2 * time.Second
	most  = 15 * time.Minute
)

// WaitError says that the next attempt must wait.
type WaitError struct {
	Failed int
	Wait   time.Duration
}

func (e *WaitError) Error() string {
	return fmt.Sprintf("%d attempts with a wrong passphrase: wait %s before the next", e.Failed, e.Wait.Round(time.Second))
}

// State is what the file holds.
type State struct {
	Failed int       `json:"failed"` // attempts since the last that succeeded
	Last   time.Time `json:"last"`
}

// Delay is how long after the last attempt the next may be made.
func (s State) Delay() time.Duration {
	if s.Failed < free {
		return 0
	}
	return min(first<<min(s.Failed-free, 10), most)
}

// wait is what is left of the delay. A clock that was set back gains nothing:
// an attempt that lies ahead counts as made now.
func (s State) wait(now time.Time) time.Duration {
	since := max(now.Sub(s.Last), 0)
	return max(s.Delay()-since, 0)
}

// Begin counts an attempt in the record of dir, or refuses it with a
// *WaitError. It returns how many failed before.
func Begin(ctx context.Context, dir string, now time.Time) (failed int, err error) {
	err = update(ctx, dir, func(s *State) error {
		if w := s.wait(now); w > 0 {
			if s.Last.After(now) {
				s.Last = now
			}
			return &WaitError{s.Failed, w}
		}
		failed = s.Failed
		s.Failed, s.Last = min(s.Failed+1, 1<<20), now
		return nil
	})
	return failed, err
}

// Succeed forgets the attempts that failed. The file is then empty.
func Succeed(ctx context.Context, dir string) error {
	return update(ctx, dir, func(s *State) error {
		*s = State{}
		return nil
	})
}

// update changes the file under a lock. What change returns is returned after
// the state is kept.
func update(ctx context.Context, dir string, change func(*State) error) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	path := filepath.Join(dir, File)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if errors.Is(err, unix.EROFS) {
		return nil // nothing can be counted on a medium that cannot be written
	}
	if err != nil {
		return fmt.Errorf("counting attempts: %w", err)
	}
	defer f.Close()
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX); err != nil {
		return fmt.Errorf("counting attempts: locking %s: %w", path, err)
	}
	s, err := read(f)
	if err != nil {
		return fmt.Errorf("counting attempts: reading %s: %w", path, err)
	}
	answer := change(&s)
	if err := write(f, s); err != nil {
		return fmt.Errorf("counting attempts: writing %s: %w", path, err)
	}
	return answer
}

// maxBytes is more than the state ever takes.
const maxBytes = 512

func read(f *os.File) (State, error) {
	data := make([]byte, maxBytes)
	n, err := f.ReadAt(data, 0)
	if err != nil && !errors.Is(err, io.EOF) {
		return State{}, err
	}
	return Decode(data[:n])
}

// Decode reads a state. One that is damaged counts as all attempts that need not
// wait: from the next that fails on each waits.
func Decode(data []byte) (State, error) {
	if len(data) == 0 {
		return State{}, nil
	}
	var s State
	if err := json.Unmarshal(data, &s); err != nil || s.Failed < 0 {
		return State{Failed: free}, nil
	}
	return s, nil
}

// write replaces the content in place: the file's lock hangs on the file, so it
// cannot be replaced by another.
func write(f *os.File, s State) error {
	if s == (State{}) {
		return f.Truncate(0)
	}
	data, err := json.Marshal(s)
	if err != nil {
		return err
	}
	if len(data) > maxBytes {
		return errors.New("the state is too long")
	}
	if _, err := f.WriteAt(data, 0); err != nil {
		return err
	}
	return f.Truncate(int64(len(data)))
}
