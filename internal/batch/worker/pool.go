// Package worker has work done by processes of their own: what ends one of
// them, a crash in a library or a hang, ends one task and nothing else.
//
// A worker is the program itself, started with a hidden command. It reads tasks
// from its standard input and answers on file descriptor 3, one JSON object a
// line, after it has said its version. When its input ends it stops its task
// and ends, so that none outlives a killed parent for long; the file that the
// pool is given to hold (a lock) stays open until it has.
//
// Errors: *Crash for a task at which workers died twice, *TooLong for one that
// took too long, *NoWorker where none can be had at all, else the context's.
package worker

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"time"
)

// Options are for New.
type Options struct {
	Command []string      // program and its arguments
	Env     []string      // NAME=VALUE, beside the parent's own
	Version string        // that a worker must have
	Jobs    int           // how many at once; default 1
	Limit   time.Duration // for one task; default 5 minutes
	Grace   time.Duration // to stop when asked to; default 5 seconds
	Held    *os.File      // kept open by every worker; nil: none
}

func (o Options) filled() Options {
	o.Jobs = max(o.Jobs, 1)
	if o.Limit <= 0 {
		o.Limit = 5 * time.Minute
	}
	if o.Grace <= 0 {
		o.Grace = 5 * time.Second
	}
	return o
}

// Crash is a task at which workers died.
type Crash struct{ How string }

func (e *Crash) Error() string { return "the program crashed on it, twice: " + e.How }

// TooLong is a task that was stopped.
type TooLong struct{ Limit time.Duration }

func (e *TooLong) Error() string {
	return fmt.Sprintf("took longer than %v and was stopped (see --time-limit)", e.Limit)
}

// NoWorker says why no worker can be had.
type NoWorker struct{ Err error }

func (e *NoWorker) Error() string { return "no worker process can be started: " + e.Err.Error() }

// Unwrap gives the cause.
func (e *NoWorker) Unwrap() error { return e.Err }

// Pool is a number of workers. They are started when they are needed.
type Pool struct {
	o     Options
	slots chan *process // nil: to be started
}

// New makes a pool.
func New(o Options) *Pool {
	o = o.filled()
	p := &Pool{o: o, slots: make(chan *process, o.Jobs)}
	for range o.Jobs {
		p.slots <- nil
	}
	return p
}

// Do has a task done by the next free worker and reads its answer into reply.
// begun, which may be nil, is called when a worker takes it. Do may be called by
// several goroutines.
func (p *Pool) Do(ctx context.Context, task, reply any, begun func()) error {
	line, err := json.Marshal(task)
	if err != nil {
		return fmt.Errorf("handing on a task: %w", err)
	}
	var slot *process
	select {
	case slot = <-p.slots:
	case <-ctx.Done():
		return ctx.Err()
	}
	defer func() { p.slots <- slot }()
	if begun != nil {
		begun()
	}
	var crash *Crash
	for range 2 {
		if err := ctx.Err(); err != nil {
			return err
		}
		if slot == nil {
			if slot, err = start(ctx, p.o); err != nil {
				slot = nil
				return err
			}
		}
		err = slot.do(ctx, line, reply, p.o.Limit)
		if err == nil {
			return nil
		}
		slot.end(p.o.Grace, ctx.Err() != nil)
		if how := slot.how(); errors.As(err, &crash) {
			crash.How = how
		}
		slot = nil
		if crash == nil {
			return err
		}
	}
	return crash
}

// Limited is the same pool with another limit for one task; 0 leaves it.
func (p *Pool) Limited(limit time.Duration) *Pool {
	other := *p
	if limit > 0 {
		other.o.Limit = limit
	}
	return &other
}

// Close ends the workers. No task may be under way.
func (p *Pool) Close() {
	for range p.o.Jobs {
		if slot := <-p.slots; slot != nil {
			slot.end(p.o.Grace, true)
		}
	}
}
