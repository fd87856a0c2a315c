package desk

import (
	"context"
	"errors"
	"slices"
	"time"
)

// task is a plan that is being made, and who waits for it.
type task struct {
	order  order
	key    string
	settle bool
	give   context.CancelFunc
	then   []func(*Made, error)
}

// begin makes a plan beside everything else, unless it is there or being made;
// then, where there is one, is called in the end. Another plan that is being made
// is given up.
func (d *Desk) begin(o order, settle bool, then func(*Made, error)) {
	if then == nil {
		then = func(*Made, error) {}
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.closed {
		go then(nil, errClosed)
		return
	}
	key := o.key()
	if m := d.find(key, settle); m != nil {
		d.stop()
		d.current, d.failed = m, ""
		go d.end(&task{then: []func(*Made, error){then}}, m, nil)
		return
	}
	if d.task != nil && d.task.key == key && (d.task.settle || !settle) {
		d.task.then = append(d.task.then, then)
		return
	}
	d.stop()
	ctx, give := context.WithCancel(context.Background())
	t := &task{order: o, key: key, settle: settle, give: give, then: []func(*Made, error){then}}
	d.task, d.failed = t, ""
	d.running.Go(func() {
		defer give()
		d.run(ctx, t)
	})
}

var errClosed = errors.New("the studio is being closed")

// stop gives up the plan that is being made. The caller holds mu.
func (d *Desk) stop() {
	if d.task != nil {
		d.task.give()
	}
	d.task = nil
}

func (d *Desk) end(t *task, m *Made, err error) {
	for _, f := range t.then {
		f(m, err)
	}
	switch {
	case m != nil:
		d.o.Tell(Event{Kind: "plan", Rev: m.Rev, MS: m.Took.Milliseconds()})
	case !errors.Is(err, context.Canceled):
		d.o.Tell(Event{Kind: "failed", Reason: err.Error()})
	}
}

// find looks for a plan that was made; the caller holds mu.
func (d *Desk) find(key string, settled bool) *Made {
	for _, m := range slices.Backward(d.made) {
		if m.key == key && (m.Settled || !settled) {
			return m
		}
	}
	return nil
}

func (d *Desk) run(ctx context.Context, t *task) {
	d.planning.Lock()
	defer d.planning.Unlock()
	var m *Made
	err := ctx.Err()
	if err == nil {
		d.o.Tell(Event{Kind: "planning"})
		start := time.Now()
		if m, err = d.plan(ctx, t.order, t.settle); err == nil {
			m.Took = time.Since(start)
		}
	}
	d.mu.Lock()
	switch {
	case ctx.Err() != nil: // something newer is wanted
		m, err = nil, context.Canceled
	case err != nil:
		d.task, d.failed, d.current = nil, err.Error(), nil
	default:
		d.keep(m)
		d.task, d.current = nil, m
	}
	d.mu.Unlock()
	d.end(t, m, err)
}

// Settle makes the plan that is printed and signed, and returns it. Where an edit
// comes meanwhile, it is the plan with that edit.
func (d *Desk) Settle(ctx context.Context) (*Made, error) {
	type outcome struct {
		m   *Made
		err error
	}
	for {
		done := make(chan outcome, 1)
		d.begin(orderOf(d.State()), true, func(m *Made, err error) { done <- outcome{m, err} })
		select {
		case r := <-done:
			if !errors.Is(r.err, context.Canceled) {
				return r.m, r.err
			}
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
}
