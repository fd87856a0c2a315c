package batch

import (
	"context"
	"io/fs"
	"time"

	"pointille/internal/batch/find"
)

// WatchOptions are for Watch.
type WatchOptions struct {
	Settle time.Duration // for which size and times of a photo must have stayed; default 10 s
	Pause  time.Duration // between two looks; default a quarter of Settle, and never less than nine times what a look takes
	Idle   func()        // after each look that found nothing to do; may be nil
}

// Watch does what is there and then what comes, until ctx is cancelled, which is
// no error, or something ends it. All folders are looked through each time, so
// that network disks, which report no changes, are watched like any other. What
// disappears keeps its results; a root that disappears ends the watch.
func Watch(ctx context.Context, o Options, w WatchOptions) (*Result, error) {
	if w.Settle <= 0 {
		w.Settle = 10 * time.Second
	}
	if w.Pause <= 0 {
		w.Pause = w.Settle / 4
	}
	r, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	var last *Result
	var bad error
	calm := calm{settle: w.Settle}
	for {
		began := time.Now()
		calm.begin(began)
		found, err := r.find(ctx, calm.settled)
		if ctx.Err() != nil {
			return last, bad
		}
		if err != nil {
			return last, err
		}
		result, err := r.watched(ctx, found, last == nil)
		switch {
		case ctx.Err() != nil:
			return last, bad
		case result != nil && result.Page != "":
			last, bad = result, err
		case err != nil:
			return last, err
		case w.Idle != nil:
			w.Idle()
		}
		select {
		case <-ctx.Done():
			return last, bad
		case <-time.After(max(w.Pause, 9*time.Since(began))):
		}
	}
}

// watched does what is due. The first time the table is written even if nothing
// is; there must be something to look at.
func (r *runner) watched(ctx context.Context, found *find.Found, first bool) (*Result, error) {
	f, err := r.forecast(found)
	if err != nil {
		return nil, err
	}
	if f.Due == 0 && (!first || len(found.Cases) == 0) {
		return nil, nil
	}
	return r.round(ctx, found)
}

// calm remembers how files looked and since when.
type calm struct {
	settle time.Duration
	now    time.Time
	was    map[string]seen
	is     map[string]seen
}

type seen struct {
	stamp string
	since time.Time
}

func (c *calm) begin(now time.Time) { c.now, c.was, c.is = now, c.is, map[string]seen{} }

func (c *calm) settled(path string, info fs.FileInfo) bool {
	s := seen{stampOf(info), c.now}
	if old, ok := c.was[path]; ok && old.stamp == s.stamp {
		s.since = old.since
	}
	c.is[path] = s
	return c.now.Sub(s.since) >= c.settle
}
