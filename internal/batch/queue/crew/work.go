// Package crew is the worker's side of a queue: it asks a batch to be taken on, takes
// one step after the other, has each done by a process of this program, stores what
// was made, answers, and only then acknowledges.
//
// Errors: being refused, with the reason, and what makes this machine unable to do
// steps. A connection that is lost is none.
package crew

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
	"golang.org/x/sync/semaphore"

	"pointille/internal/batch"
	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/queue/objects"
	"pointille/internal/batch/queue/rooms"
	"pointille/internal/batch/worker"
)

// crew is the worker's side.
type crew struct {
	*line.Line
	o     batch.WorkOptions
	pool  *worker.Pool
	rooms *rooms.Rooms
	kept  *rooms.Cache
	hello []byte
	fail  context.CancelCauseFunc

	// places for steps; one at which a worker was lost takes them all.
	places *semaphore.Weighted

	mu      sync.Mutex
	terms   line.Welcome // of the batch
	stores  map[string]*objects.Store
	working sync.WaitGroup
}

// Work takes steps until ctx is cancelled, which is no error, or it is refused, or
// this machine can do none.
func Work(ctx context.Context, l *line.Line, o batch.WorkOptions) error {
	o.Jobs = max(o.Jobs, 1)
	c := &crew{Line: l, o: o, stores: map[string]*objects.Store{}, places: semaphore.NewWeighted(places(o))}
	var err error
	if c.hello, err = json.Marshal(greeting(l.Identity, o.Jobs)); err != nil {
		return fmt.Errorf("greeting the batch: %w", err)
	}
	if err := l.Ready(ctx); err != nil {
		return err
	}
	if c.rooms, err = rooms.Open(o.Rooms); err != nil {
		return err
	}
	defer c.rooms.Close()
	c.kept = rooms.NewCache(c.rooms)
	held := o.Held
	if held == nil {
		held = c.rooms.Lock()
	}
	c.pool = worker.New(worker.Options{Command: o.Command, Env: batch.WorkerEnv(), Version: l.Program, Jobs: o.Jobs, Held: held})
	defer c.pool.Close()
	if err := c.join(ctx); err != nil || ctx.Err() != nil {
		return err
	}
	ctx, c.fail = context.WithCancelCause(ctx)
	defer c.fail(nil)
	for range places(o) {
		c.working.Go(func() { c.serve(ctx) })
	}
	c.working.Go(func() { c.stay(ctx) })
	c.working.Wait()
	if err := context.Cause(ctx); !errors.Is(err, context.Canceled) {
		return err
	}
	return nil
}

// ahead is how many steps have their files fetched while others are done, so
// that no process waits for a network.
const ahead = 1

func places(o batch.WorkOptions) int64 { return int64(o.Jobs + ahead) }

func greeting(id line.Identity, jobs int) line.Hello {
	host, _ := os.Hostname() // without a name it is told without
	return id.Greeting(host, jobs)
}

// join asks to be taken on until a batch does.
func (c *crew) join(ctx context.Context) error {
	for told := false; ; {
		w, err := c.ask(ctx)
		switch {
		case err != nil:
			c.o.Note(line.OneLine(err))
		case w != nil && w.Refused != "":
			return fmt.Errorf("%s: refused: %s", c.Where, w.Refused)
		case w != nil:
			c.terms = *w
			if c.o.Queue.Server != "" { // in the batch's own process there is no other
				c.o.Note(c.Where + ": working for a batch")
			}
			return nil
		case !told:
			c.o.Note(c.Where + ": no batch is there; waiting for one")
			told = true
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil
		}
	}
}

// stay says from time to time that this worker is there, and ends it where it is
// no longer wanted.
func (c *crew) stay(ctx context.Context) {
	tick := time.NewTicker(line.HelloEvery)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		c.kept.Forget()
		w, err := c.ask(ctx)
		switch {
		case err != nil || w == nil:
		case w.Refused != "":
			c.fail(fmt.Errorf("%s: refused: %s", c.Where, w.Refused))
		default:
			c.mu.Lock()
			c.terms = *w
			c.mu.Unlock()
		}
	}
}

// ask greets all batches: one that takes this worker on counts more than others
// that refuse it. nil: there is none.
func (c *crew) ask(ctx context.Context) (*line.Welcome, error) {
	inbox := c.Conn.NewInbox()
	sub, err := c.Conn.SubscribeSync(inbox)
	if err == nil {
		defer func() { _ = sub.Unsubscribe() }()
		err = c.Conn.PublishRequest(line.HelloSubject, inbox, c.hello)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", c.Where, err)
	}
	ctx, stop := context.WithTimeout(ctx, line.AnswersWithin)
	defer stop()
	var refused *line.Welcome
	for {
		m, err := sub.NextMsgWithContext(ctx)
		if err != nil {
			return refused, nil // nobody else answers
		}
		var w line.Welcome
		if len(m.Data) == 0 || json.Unmarshal(m.Data, &w) != nil {
			return refused, nil // the server's word that nobody is there
		}
		if w.Refused == "" && w.Patience > 0 && w.Tries > 0 {
			return &w, nil
		}
		refused = &w
	}
}

// serve takes one step after the other.
func (c *crew) serve(ctx context.Context) {
	var steps jetstream.Consumer
	for ctx.Err() == nil {
		var err error
		if steps == nil {
			steps, err = c.Steps.Consumer(ctx, line.Workers(c.Channel()))
		}
		if err == nil {
			err = c.next(ctx, steps)
		}
		if err != nil {
			steps = nil // it may have been made anew
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
		}
	}
}

// waitForStep is how long one request for a step stands.
const waitForStep = 20 * time.Second

// next waits for a step and does it.
func (c *crew) next(ctx context.Context, steps jetstream.Consumer) error {
	wait, stop := context.WithTimeout(ctx, waitForStep)
	defer stop()
	got, err := steps.Fetch(1, jetstream.FetchContext(wait))
	if err != nil {
		return err
	}
	for m := range got.Messages() {
		c.one(ctx, m)
	}
	err = got.Error()
	if errors.Is(err, nats.ErrTimeout) || errors.Is(err, context.DeadlineExceeded) || errors.Is(err, context.Canceled) {
		return nil
	}
	return err
}

// storeOf opens the store of a batch, once.
func (c *crew) storeOf(ctx context.Context, batch string) (*objects.Store, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if s := c.stores[batch]; s != nil {
		return s, nil
	}
	s, err := objects.Open(ctx, c.Line, batch, false)
	if err == nil {
		c.stores[batch] = s
	}
	return s, err
}
