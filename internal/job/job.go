// Package job does the main job on files: photos in; surveys, plan, previews,
// guide and report out. Command line, studio and batch all call it.
//
// Every file is written whole or not at all. Errors are one sentence that
// names the file and the cause. Work stops between two photos when the context
// is cancelled.
package job

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"
)

// Event says how far a job is. Events may come from several goroutines.
type Event struct {
	Stage string // survey | plan | preview | guide | report
	File  string
	Done  int
	Total int
	Err   error // what went wrong with File; the job goes on
}

// SomeFailed is the error of a job that did part of its work.
type SomeFailed struct {
	Failed, Of int
	What       string // of what; default photos
}

// Error says how many failed.
func (e *SomeFailed) Error() string {
	what := e.What
	if what == "" {
		what = "photos"
	}
	return fmt.Sprintf("%d of %d %s failed; the others are done", e.Failed, e.Of, what)
}

// counter counts finished files for progress.
type counter struct {
	stage    string
	total    int
	progress func(Event)
	mu       sync.Mutex
	done     int
}

func (c *counter) step(file string, err error) {
	if c.progress == nil || errors.Is(err, context.Canceled) {
		return // an interrupt is told once, at the end
	}
	c.mu.Lock()
	c.done++
	e := Event{Stage: c.stage, File: file, Done: c.done, Total: c.total, Err: err}
	c.mu.Unlock()
	c.progress(e)
}

func makeFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o755); err != nil {
		var p *fs.PathError
		if errors.As(err, &p) {
			err = p.Err
		}
		return fmt.Errorf("%s: cannot be the folder for the results: %w", dir, err)
	}
	return nil
}
