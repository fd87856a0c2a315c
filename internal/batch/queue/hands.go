package queue

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/atomicfile"
	"pointille/internal/batch"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
)

// hands give the steps of a batch to the queue.
type hands struct {
	*store
	crew     batch.Crew
	o        batch.QueueOptions
	batch    string // its id
	uploads  chan struct{}
	roll     roll
	consumer jetstream.ConsumeContext

	mu      sync.Mutex
	waiting map[string]chan answer // by case and id
	early   map[string]answer      // that nobody has asked for yet
	held    map[string]map[string]*item

	local *local // workers in this process; nil: elsewhere
}

// local is a server and workers in this process.
type local struct {
	server *server.Server
	dir    string
	stop   context.CancelFunc
	ended  chan struct{}
	err    error // why the workers ended, when ended is closed
}

// remote gives the steps to workers of a server.
func remote(ctx context.Context, o batch.QueueOptions, crew batch.Crew) (batch.Hands, error) {
	id, err := batchID(filepath.Join(crew.Own, "queue"))
	if err != nil {
		return nil, err
	}
	l, err := dial(o, "pointille batch", identity{program: crew.Generator, build: crew.Build}, crew.Note)
	if err != nil {
		return nil, err
	}
	h, err := begin(ctx, l, crew, o, id)
	if err != nil {
		return nil, err
	}
	return h, nil
}

// embedded gives them to workers of this process. The lock of the batch's folder
// is held, so that nobody else's server lies in it.
func embedded(ctx context.Context, o batch.QueueOptions, crew batch.Crew) (batch.Hands, error) {
	key, err := seal.New()
	if err != nil {
		return nil, err
	}
	here := &local{dir: filepath.Join(crew.Own, "queue-server"), ended: make(chan struct{}), stop: func() {}}
	if err := os.RemoveAll(here.dir); err != nil {
		return nil, fmt.Errorf("starting the queue in this process: %w", err)
	}
	if here.server, err = embed(filepath.Join(here.dir, "store")); err != nil {
		return nil, err
	}
	id := identity{program: crew.Generator, build: crew.Build, key: key}
	l, err := within(here.server, id)
	if err != nil {
		here.close()
		return nil, err
	}
	h, err := begin(ctx, l, crew, o, newID())
	if err != nil {
		here.close()
		return nil, err
	}
	h.local = here
	if err := h.employ(id); err != nil {
		close(here.ended)
		h.Close()
		return nil, err
	}
	return h, nil
}

// close ends the server and removes its files.
func (l *local) close() {
	l.server.Shutdown()
	l.server.WaitForShutdown()
	_ = os.RemoveAll(l.dir) // or the next batch does
}

// employ starts the workers of this process.
func (h *hands) employ(id identity) error {
	h.roll.quiet()
	l, err := within(h.local.server, id)
	if err != nil {
		return err
	}
	ctx, stop := context.WithCancel(context.Background())
	h.local.stop = stop
	go func() {
		defer close(h.local.ended)
		defer l.close()
		h.local.err = work(ctx, l, batch.WorkOptions{
			Jobs: h.crew.Jobs, Rooms: filepath.Join(h.local.dir, "rooms"), Command: h.crew.Command, Env: h.crew.Env, Held: h.crew.Held,
			Note: h.crew.Note,
		})
	}()
	return nil
}

// begin opens the queue for a batch.
func begin(ctx context.Context, l *line, crew batch.Crew, o batch.QueueOptions, id string) (*hands, error) {
	h := &hands{
		crew: crew, o: o, batch: id, uploads: make(chan struct{}, uploadsAtOnce),
		waiting: map[string]chan answer{}, early: map[string]answer{}, held: map[string]map[string]*item{},
	}
	err := l.ready(ctx)
	if err == nil {
		h.store, err = l.openStore(ctx, id, true)
	}
	if err == nil && crew.Fresh {
		err = h.withdraw(ctx)
	}
	if err == nil {
		err = h.listen(ctx)
	}
	if err != nil {
		l.conn.Close()
		return nil, err
	}
	return h, nil
}

// uploadsAtOnce keeps memory and disk of the batch's machine for what it does
// beside.
const uploadsAtOnce = 4

// listen makes the workers' consumer, hears answers and greets workers.
func (h *hands) listen(ctx context.Context) error {
	_, err := h.steps.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: consumerName(h.channel()), FilterSubject: stepSubject + h.channel() + ".>", AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: h.o.Patience, MaxDeliver: -1, MaxAckPending: -1, MaxWaiting: mostWaiting, InactiveThreshold: keep,
	})
	if err != nil {
		return fmt.Errorf("%s: the workers' consumer: %w", h.where, err)
	}
	answers, err := h.js.OrderedConsumer(ctx, answerStream, jetstream.OrderedConsumerConfig{FilterSubjects: []string{answerBegin + h.batch + ".>"}})
	if err == nil {
		h.consumer, err = answers.Consume(func(m jetstream.Msg) { h.heard(m.Subject(), m.Data()) })
	}
	if err != nil {
		return fmt.Errorf("%s: listening for answers: %w", h.where, err)
	}
	return h.roll.open(h.line, h.o, h.crew.Note)
}

// mostWaiting is how many free places of workers may wait for steps.
const mostWaiting = 10000

func consumerName(channel string) string { return "workers-" + channel }

// heard hands an answer to whoever waits for it.
func (h *hands) heard(subject string, data []byte) {
	var a answer
	if err := h.key.Open(data, subject, &a); err != nil {
		h.crew.Note("an answer that cannot be used: " + oneLine(err))
		return
	}
	id := strings.TrimPrefix(subject, answerBegin+h.batch+".")
	h.mu.Lock()
	defer h.mu.Unlock()
	ch, ok := h.waiting[id]
	if !ok {
		h.early[id] = a
		return
	}
	select {
	case ch <- a:
	default: // one is there already
	}
}

// expect makes a place for an answer, which may have come before.
func (h *hands) expect(id string) chan answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := make(chan answer, 1)
	if a, ok := h.early[id]; ok {
		ch <- a
		delete(h.early, id)
	}
	h.waiting[id] = ch
	return ch
}

func (h *hands) unexpect(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiting, id)
}

// Do has a step done by a worker somewhere.
func (h *hands) Do(ctx context.Context, w batch.Work, reply *step.Reply, begun func()) error {
	at := token(w.At)
	id := at + "." + token(w.Name, w.Key)
	ch := h.expect(id)
	defer h.unexpect(id)
	for try := 1; ; try++ {
		a, err := h.ask(ctx, w, at, id, ch, begun)
		if err != nil {
			return err
		}
		if a.Dead > 0 {
			return &batch.Dead{Tries: a.Dead}
		}
		if err = h.take(ctx, w, at, a, reply); err == nil {
			return nil
		}
		var here *diskError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &here) && step.Everybodys(err):
			return here.err
		case errors.As(err, &here):
			*reply = step.Reply{Failed: here.err.Error()}
			return nil
		case try == mostTakes:
			return fmt.Errorf("the results of %s cannot be fetched: %w", w.File, err)
		}
		h.crew.Note(fmt.Sprintf("the results of %s are done again: %s", w.File, oneLine(err)))
		if err := h.drop(ctx, id, a); err != nil {
			return err
		}
	}
}

// mostTakes is how often a step is done again because its files were lost in
// the queue.
const mostTakes = 3

// ask hands a step out and waits for its answer.
func (h *hands) ask(ctx context.Context, w batch.Work, at, id string, ch chan answer, begun func()) (answer, error) {
	select {
	case a := <-ch: // a batch that was killed had asked for it
		return a, nil
	default:
	}
	if why := unreadable(ctx, w.Task); why != "" {
		return answer{Reply: step.Reply{Failed: why}}, nil
	}
	inputs, err := h.inputs(ctx, w.Task, at)
	var file *seal.FileError
	if errors.As(err, &file) {
		return answer{Reply: step.Reply{Failed: fmt.Sprintf("%s: was changed or taken away while the batch ran: %v; run it again", w.File, file.Err)}}, nil
	}
	if err != nil {
		return answer{}, err
	}
	o := order{Task: w.Task, File: w.File, Inputs: inputs, Limit: h.crew.Limit}
	subject := stepSubject + h.channel() + "." + h.batch + "." + id
	for sent := false; ; {
		if err := h.send(ctx, subject, o, sent); err != nil {
			return answer{}, err
		}
		if !sent && begun != nil {
			begun()
		}
		sent = true
		select {
		case a := <-ch:
			return a, nil
		case <-time.After(2*h.o.Patience + 10*time.Second): // it may have been lost, or its answer
			h.seek(ctx, id)
		case <-ctx.Done():
			return answer{}, ctx.Err()
		case <-h.over():
			return answer{}, h.local.err
		}
	}
}

// over is closed when the workers of this process have ended.
func (h *hands) over() <-chan struct{} {
	if h.local == nil {
		return nil
	}
	return h.local.ended
}

// seek looks for an answer that was not heard.
func (h *hands) seek(ctx context.Context, id string) {
	subject := answerBegin + h.batch + "." + id
	if m, err := h.there(ctx, h.answers, subject); err == nil && m != nil {
		h.heard(subject, m.Data)
	}
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
	id := newID()
	return id, atomicfile.WriteBytes(path, []byte(id+"\n"))
}

func newID() string {
	id := make([]byte, 12)
	_, _ = rand.Read(id) // never fails
	return hex.EncodeToString(id)
}
