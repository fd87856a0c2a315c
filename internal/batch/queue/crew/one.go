package crew

import (
	"context"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/queue/objects"
	"pointille/internal/batch/room"
	"pointille/internal/batch/step"
	"pointille/internal/batch/worker"
)

// errWithdrawn ends a step that is no longer wanted.
var errWithdrawn = errors.New("withdrawn")

// delivery is a step in the hands of this worker.
type delivery struct {
	*crew
	msg     jetstream.Msg
	subject string // of its answer
	batch   string
	at      string // its case
	id      string
	nth     int // time that it is delivered
	terms   line.Welcome
}

// one does a step, answers, and acknowledges.
func (c *crew) one(ctx context.Context, m jetstream.Msg) {
	d, err := c.receive(m)
	if err != nil {
		c.o.Note(line.OneLine(err))
		_ = m.TermWithReason(line.OneLine(err)) // no worker can do anything with it
		return
	}
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	go d.alive(ctx, stop)
	err = d.do(ctx)
	switch {
	case err == nil:
		acking, end := context.WithTimeout(context.WithoutCancel(ctx), line.AnswersWithin)
		err = m.DoubleAck(acking)
		end()
	case errors.Is(context.Cause(ctx), errWithdrawn), line.Gone(err):
		err = m.Term() // its case is finished, or its batch has ended
	case ctx.Err() != nil:
		err = m.Nak() // this worker ends
	default:
		c.o.Note(line.OneLine(err))
		err = m.NakWithDelay(line.BackOff(d.nth))
	}
	if err != nil && ctx.Err() == nil {
		c.o.Note("acknowledging a step: " + line.OneLine(err)) // it is delivered again, and answered already
	}
}

// receive reads what the message's subject and head say.
func (c *crew) receive(m jetstream.Msg) (*delivery, error) {
	parts := strings.Split(strings.TrimPrefix(m.Subject(), line.StepSubject), ".")
	meta, err := m.Metadata()
	if err != nil || len(parts) != 4 {
		return nil, fmt.Errorf("%s is no step", m.Subject())
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	return &delivery{
		crew: c, msg: m, subject: line.AnswerBegin + strings.Join(parts[1:], "."), batch: parts[1], at: parts[2], id: parts[3],
		nth: int(meta.NumDelivered), terms: c.terms,
	}, nil
}

// alive keeps the step this worker's, and ends it when it was withdrawn or
// another has answered.
func (d *delivery) alive(ctx context.Context, stop context.CancelCauseFunc) {
	tick := time.NewTicker(d.terms.Patience / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if err := d.msg.InProgress(); err != nil {
			continue // the connection is lost; it may come back in time
		}
		asking, end := context.WithTimeout(ctx, d.terms.Patience/3)
		m, err := d.There(asking, d.Steps, d.msg.Subject())
		end()
		if err == nil && m == nil {
			stop(errWithdrawn)
			return
		}
	}
}

// do does the step and answers; nil says that it may be acknowledged.
func (d *delivery) do(ctx context.Context) error {
	if d.nth > 1 || d.msg.Headers().Get(line.Again) != "" {
		if m, err := d.There(ctx, d.Answers, d.subject); err != nil || m != nil {
			return err
		}
	}
	taken := int64(1)
	if d.nth > 1 {
		taken = places(d.o)
	}
	if err := d.places.Acquire(ctx, taken); err != nil {
		return err
	}
	defer d.places.Release(taken)
	if d.nth > 1 {
		if dead, err := d.begin(ctx); err != nil || dead {
			return err
		}
	}
	var o line.Order
	if err := d.Key.Open(d.msg.Data(), d.msg.Subject(), &o); err != nil {
		return err
	}
	s, err := d.storeOf(ctx, d.batch)
	if err != nil {
		return err
	}
	dir, leave, err := d.rooms.Take()
	if err != nil {
		d.fail(err)
		return err
	}
	defer leave()
	a, err := d.work(ctx, s, o, dir)
	if err != nil {
		return err
	}
	first, err := d.Publish(ctx, d.subject, a, nil)
	if err == nil && !first && a.Object != "" { // another was faster
		err = s.Remove(ctx, a.Object)
	}
	if err == nil && d.o.Done != nil {
		d.o.Done(o.File, a.Reply.Failed)
	}
	return err
}

// begin notes that a step is begun at which a worker was lost before, and that
// this one does nothing else. One at which that has gone wrong too often is
// answered as dead.
func (d *delivery) begin(ctx context.Context) (dead bool, err error) {
	begun := line.BegunBegin + strings.TrimPrefix(d.subject, line.AnswerBegin)
	info, err := d.Answers.Info(ctx, jetstream.WithSubjectFilter(begun+".*"))
	if err != nil {
		return false, fmt.Errorf("%s: %w", d.Where, err)
	}
	if lost := len(info.State.Subjects); lost >= d.terms.Tries {
		_, err := d.Publish(ctx, d.subject, line.Answer{Dead: lost}, nil)
		return true, err
	}
	if _, err := d.JS.Publish(ctx, begun+"."+strconv.Itoa(d.nth), nil); err != nil {
		return false, fmt.Errorf("%s: %w", d.Where, err)
	}
	return false, nil
}

// work does the step in a room and stores what it made.
func (d *delivery) work(ctx context.Context, s *objects.Store, o line.Order, dir string) (a line.Answer, err error) {
	r, err := room.New(dir, o.Task)
	if err != nil {
		d.fail(err)
		return a, err
	}
	for _, name := range o.Inputs {
		if err := d.kept.Lay(ctx, s, name, r); err != nil {
			return a, err
		}
	}
	if a.Reply, err = d.process(ctx, r, o); err != nil || a.Reply.Failed != "" {
		return a, err
	}
	files, err := r.Made()
	if err != nil {
		return a, err
	}
	a.Object = objects.Name(d.at, d.id)
	if err := s.Put(ctx, a.Object, files); err != nil {
		return a, err
	}
	if o.Task.Step == step.Survey || o.Task.Step == step.Plan {
		d.kept.Keep(a.Object, files) // other steps read it
	}
	return a, nil
}

// process has a process do the step. What says nothing about the photo, such as a
// full disk of this machine, ends this worker: others go on.
func (d *delivery) process(ctx context.Context, r *room.Room, o line.Order) (reply step.Reply, err error) {
	err = d.pool.Limited(o.Limit).Do(ctx, r.Task(), &reply, nil)
	var crash *worker.Crash
	var long *worker.TooLong
	switch {
	case errors.As(err, &crash), errors.As(err, &long):
		return step.Reply{Failed: o.File + ": " + err.Error()}, nil
	case err == nil && reply.Stop:
		err = errors.New(r.Said(reply.Failed))
	}
	if err != nil {
		if ctx.Err() == nil {
			d.fail(err)
		}
		return reply, err
	}
	reply.Failed = r.Said(reply.Failed)
	return reply, nil
}
