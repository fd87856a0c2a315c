// Package queue hands the steps of a batch to workers on other machines, over
// NATS JetStream.
//
// A step is a message in a work queue; the files it needs, and those it makes,
// are objects in a store. Both are sealed: the server sees neither a photo nor a
// name. A worker takes a step, lays its files into a room, has it done by a
// process of the same program, stores what was made, answers, and only then
// acknowledges. One that is killed or cut off leaves its step to the next, which
// does it alone, so that a step that ends workers is told from those beside it:
// each is done at least once, or given up. Its answer is one of its key, which is a hash of all
// that the step depends on, and the first answer counts, so that a step done
// twice is written once. When a case is finished its messages and objects are
// removed; when the batch ends, its store.
//
// Workers must be of the batch's version and have its key. Those that are not
// are refused, with the reason, on both sides, and can not even see its steps.
//
// Errors name the server or the file and what is wrong. A connection that is
// lost is no error: both sides wait until it is back.
package queue

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"pointille/internal/atomicfile"
	"pointille/internal/batch"
	"pointille/internal/batch/queue/crew"
	"pointille/internal/batch/queue/lead"
	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/seal"
)

// Defaults.
const (
	Patience = 30 * time.Second // for a silent worker
	Tries    = 3                // workers that may be lost at a step, doing nothing else
)

// Queue hands steps of batches to workers; it has no state of its own.
type Queue struct{}

// Hands take on the workers of a queue for a batch: those of a server, or some in
// this process over a server that listens nowhere, which is the same way on one
// machine.
func (Queue) Hands(o batch.QueueOptions) func(context.Context, batch.Crew) (batch.Hands, error) {
	if o.Patience <= 0 {
		o.Patience = Patience
	}
	if o.Tries <= 0 {
		o.Tries = Tries
	}
	return func(ctx context.Context, c batch.Crew) (batch.Hands, error) {
		if o.Server == batch.Embedded {
			return embedded(ctx, o, c)
		}
		return remote(ctx, o, c)
	}
}

// Work takes steps from the queue and does them until ctx is cancelled, which is
// no error, or it is refused, or this machine can do none.
func (Queue) Work(ctx context.Context, o batch.WorkOptions) error {
	l, err := line.Dial(o.Queue, "pointille worker", line.Identity{Program: o.Generator, Build: o.Build}, o.Note)
	if err != nil {
		return err
	}
	defer l.Close()
	return crew.Work(ctx, l, o)
}

// remote gives the steps to workers of a server.
func remote(ctx context.Context, o batch.QueueOptions, c batch.Crew) (batch.Hands, error) {
	id, err := batchID(filepath.Join(c.Own, "queue"))
	if err != nil {
		return nil, err
	}
	l, err := line.Dial(o, "pointille batch", line.Identity{Program: c.Generator, Build: c.Build}, c.Note)
	if err != nil {
		return nil, err
	}
	h, err := lead.Begin(ctx, l, lead.Options{Crew: c, Queue: o, Batch: id})
	if err != nil {
		return nil, err
	}
	return h, nil
}

// batchID is the id of the batch whose results lie in a folder: started again, it
// finds what its workers did meanwhile.
func batchID(path string) (string, error) {
	data, err := os.ReadFile(path)
	if id := strings.TrimSpace(string(data)); err == nil && regexp.MustCompile(`^[0-9a-f]{24}$`).MatchString(id) {
		return id, nil
	}
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("reading the batch's name in the queue: %w", err)
	}
	id := line.NewID()
	return id, atomicfile.WriteBytes(path, []byte(id+"\n"))
}

// local is a batch whose server and workers are in this process.
type local struct {
	*lead.Hands
	server *server.Server
	dir    string
	stop   context.CancelFunc
	ended  chan struct{} // closed when the workers have
	err    error         // why they have
}

// embedded gives the steps to workers of this process. The lock of the batch's folder
// is held, so that nobody else's server lies in it.
func embedded(ctx context.Context, o batch.QueueOptions, c batch.Crew) (batch.Hands, error) {
	key, err := seal.New()
	if err != nil {
		return nil, err
	}
	here := &local{dir: filepath.Join(c.Own, "queue-server"), ended: make(chan struct{})}
	if err := os.RemoveAll(here.dir); err != nil {
		return nil, fmt.Errorf("starting the queue in this process: %w", err)
	}
	if here.server, err = line.Embed(filepath.Join(here.dir, "store")); err != nil {
		return nil, err
	}
	if err := here.begin(ctx, line.Identity{Program: c.Generator, Build: c.Build, Key: key}, o, c); err != nil {
		here.end()
		return nil, err
	}
	return here, nil
}

// begin opens both sides.
func (h *local) begin(ctx context.Context, id line.Identity, o batch.QueueOptions, c batch.Crew) error {
	l, err := line.Within(h.server, id)
	if err != nil {
		return err
	}
	h.Hands, err = lead.Begin(ctx, l, lead.Options{
		Crew: c, Queue: o, Batch: line.NewID(), Ended: h.ended, Why: func() error { return h.err },
	})
	if err != nil {
		return err
	}
	workers, err := line.Within(h.server, id)
	if err != nil {
		h.Hands.Close()
		return err
	}
	working, stop := context.WithCancel(context.Background())
	h.stop = stop
	go func() {
		defer close(h.ended)
		defer workers.Close()
		h.err = crew.Work(working, workers, batch.WorkOptions{
			Jobs: c.Jobs, Rooms: filepath.Join(h.dir, "rooms"), Command: c.Command, Held: c.Held, Note: c.Note,
		})
	}()
	return nil
}

// Close ends the workers, the batch and the server, and removes its files.
func (h *local) Close() {
	h.stop()
	<-h.ended
	h.Hands.Close()
	h.end()
}

func (h *local) end() {
	h.server.Shutdown()
	h.server.WaitForShutdown()
	_ = os.RemoveAll(h.dir) // or the next batch does
}
