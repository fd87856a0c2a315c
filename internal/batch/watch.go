package batch

import (
	"context"
	"io/fs"
	"time"
)

// WatchOptions are for Watch.
type WatchOptions struct {
	Settle time.Duration // for which size and times of a photo must have stayed; default 10 s
	Pause  time.Duration // between two looks; default a quarter of Settle, and never less than nine times what a look takes
	Round  func(*Result) // is told after each round in which something was done; may be nil
}

// Watch does what is there and then what comes, until ctx is cancelled, which is
// no error, or something ends it. What failed in the last round is the error
// *Some. All folders are looked through each time, so that network disks, which
// report no changes, are watched like any other. What disappears keeps its
// results; a root that disappears ends the watch.
func Watch(ctx context.Context, o Options, w WatchOptions) error {
	if w.Settle <= 0 {
		w.Settle = 10 * time.Second
	}
	if w.Pause <= 0 {
		w.Pause = w.Settle / 4
	}
	r, err := open(ctx, o)
	if err != nil {
		return err
	}
	defer r.close()
	var bad error
	calm := calm{settle: w.Settle}
	for first := true; ; first = false {
		calm.begin(time.Now())
		result, err := r.sweep(ctx, calm.settled, first)
		if ctx.Err() != nil {
			return bad
		}
		switch {
		case result != nil && result.Page != "":
			bad = err
			if w.Round != nil {
				w.Round(result)
			}
		case err != nil:
			return err
		}
		select {
		case <-ctx.Done():
			return bad
		case <-time.After(max(w.Pause, 9*r.looked)):
		}
	}
}

// sweep looks for cases once and does what is due. The first time the table is
// written even if nothing is: there must be something to look at.
func (r *runner) sweep(ctx context.Context, settled func(string, fs.FileInfo) bool, first bool) (*Result, error) {
	began := time.Now()
	found, err := r.find(ctx, settled)
	r.looked = time.Since(began)
	if err != nil {
		return nil, err
	}
	f, err := r.forecast(found)
	if err != nil {
		return nil, err
	}
	if f.Due == 0 && (!first || len(found.Cases) == 0) {
		return nil, nil
	}
	return r.round(ctx, found, f)
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
