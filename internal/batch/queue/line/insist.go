package line

import (
	"context"
	"errors"
	"time"

	"pointille/internal/batch/seal"
)

// Insister does things until they are done.
type Insister struct {
	Note  func(string)
	Ended <-chan struct{} // closed when there is nobody left to do anything for; nil: never
	Why   func() error    // that is so
}

// Insist does something until the server lets it: the connection may be lost. A
// file that cannot be read is no fault of the server.
func (i Insister) Insist(ctx context.Context, do func() error) error {
	for n := 1; ; n++ {
		err := do()
		var file *seal.FileError
		if err == nil || errors.As(err, &file) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if n == 3 {
			i.Note(OneLine(err) + "; trying again until it can be done")
		}
		select {
		case <-time.After(BackOff(n)):
		case <-ctx.Done():
			return ctx.Err()
		case <-i.Ended:
			return i.Why()
		}
	}
}

// BackOff is how long to wait before the nth try.
func BackOff(n int) time.Duration {
	return min(time.Second<<min(max(n-1, 0), 6), time.Minute)
}
