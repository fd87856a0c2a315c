// Package lead is the batch's side of a queue: it hands steps out, waits for what
// became of them, takes the results home, and keeps the roll of the workers.
//
// Errors are those of batch.Hands; a connection that is lost is none.
package lead

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/batch"
	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/queue/objects"
	"pointille/internal/batch/queue/stock"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
)

// Options are for Begin.
type Options struct {
	Crew  batch.Crew
	Queue batch.QueueOptions // filled in
	Batch string             // its id

	// Of workers in this process: closed when they have ended, and why they have.
	// nil: they are elsewhere, and are told of.
	Ended <-chan struct{}
	Why   func() error
}

// Hands give the steps of a batch to the queue.
type Hands struct {
	*line.Line
	Options
	stock    *stock.Stock
	server   line.Insister
	roll     roll
	consumer jetstream.ConsumeContext

	mu      sync.Mutex
	waiting map[string]chan line.Answer // by case and id
	early   map[string]line.Answer      // that nobody has asked for yet
}

// Begin opens the queue for a batch, and closes the line where it cannot.
func Begin(ctx context.Context, l *line.Line, o Options) (*Hands, error) {
	h := &Hands{
		Line: l, Options: o, server: line.Insister{Note: o.Crew.Note, Ended: o.Ended, Why: o.Why},
		waiting: map[string]chan line.Answer{}, early: map[string]line.Answer{},
	}
	if err := h.open(ctx); err != nil {
		l.Conn.Close()
		return nil, err
	}
	return h, nil
}

func (h *Hands) open(ctx context.Context) error {
	if err := h.Ready(ctx); err != nil {
		return err
	}
	store, err := objects.Open(ctx, h.Line, h.Batch, true)
	if err != nil {
		return err
	}
	h.stock = stock.New(store, h.server)
	if h.Crew.Fresh {
		if err := h.withdraw(ctx); err != nil {
			return err
		}
	}
	return h.listen(ctx)
}

// listen makes the workers' consumer, hears answers and greets workers.
func (h *Hands) listen(ctx context.Context) error {
	_, err := h.Steps.CreateOrUpdateConsumer(ctx, jetstream.ConsumerConfig{
		Durable: line.Workers(h.Channel()), FilterSubject: line.StepSubject + h.Channel() + ".>", AckPolicy: jetstream.AckExplicitPolicy,
		AckWait: h.Queue.Patience, MaxDeliver: -1, MaxAckPending: -1, MaxWaiting: mostWaiting, InactiveThreshold: line.Keep,
	})
	if err != nil {
		return fmt.Errorf("%s: the workers' consumer: %w", h.Where, err)
	}
	answers, err := h.JS.OrderedConsumer(ctx, line.AnswerStream, jetstream.OrderedConsumerConfig{FilterSubjects: []string{line.AnswerBegin + h.Batch + ".>"}})
	if err == nil {
		h.consumer, err = answers.Consume(func(m jetstream.Msg) { h.heard(m.Subject(), m.Data()) })
	}
	if err != nil {
		return fmt.Errorf("%s: listening for answers: %w", h.Where, err)
	}
	return h.roll.open(h.Line, h.Queue, h.Crew.Note, h.Ended != nil)
}

// mostWaiting is how many free places of workers may wait for steps.
const mostWaiting = 10000

// heard hands an answer to whoever waits for it.
func (h *Hands) heard(subject string, data []byte) {
	var a line.Answer
	if err := h.Key.Open(data, subject, &a); err != nil {
		h.Crew.Note("an answer that cannot be used: " + line.OneLine(err))
		return
	}
	id := strings.TrimPrefix(subject, line.AnswerBegin+h.Batch+".")
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
func (h *Hands) expect(id string) chan line.Answer {
	h.mu.Lock()
	defer h.mu.Unlock()
	ch := make(chan line.Answer, 1)
	if a, ok := h.early[id]; ok {
		ch <- a
		delete(h.early, id)
	}
	h.waiting[id] = ch
	return ch
}

func (h *Hands) unexpect(id string) {
	h.mu.Lock()
	defer h.mu.Unlock()
	delete(h.waiting, id)
}

// Do has a step done by a worker somewhere.
func (h *Hands) Do(ctx context.Context, w batch.Work, reply *step.Reply, begun func()) error {
	at := line.Token(w.At)
	id := at + "." + line.Token(w.Name, w.Key)
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
		if err = h.stock.Take(ctx, w, at, a, reply); err == nil {
			return nil
		}
		var here *stock.DiskError
		switch {
		case ctx.Err() != nil:
			return ctx.Err()
		case errors.As(err, &here) && step.Everybodys(err):
			return here.Err
		case errors.As(err, &here):
			*reply = step.Reply{Failed: here.Err.Error()}
			return nil
		case try == mostTakes:
			return fmt.Errorf("the results of %s cannot be fetched: %w", w.File, err)
		}
		h.Crew.Note(fmt.Sprintf("the results of %s are done again: %s", w.File, line.OneLine(err)))
		if err := h.drop(ctx, id, a); err != nil {
			return err
		}
	}
}

// mostTakes is how often a step is done again because its files were lost in
// the queue.
const mostTakes = 3

// ask hands a step out and waits for its answer.
func (h *Hands) ask(ctx context.Context, w batch.Work, at, id string, ch chan line.Answer, begun func()) (line.Answer, error) {
	select {
	case a := <-ch: // a batch that was killed had asked for it
		return a, nil
	default:
	}
	if why := stock.Unreadable(ctx, w.Task); why != "" {
		return line.Answer{Reply: step.Reply{Failed: why}}, nil
	}
	inputs, err := h.stock.Inputs(ctx, w.Task, at)
	var file *seal.FileError
	if errors.As(err, &file) {
		return line.Answer{Reply: step.Reply{Failed: fmt.Sprintf("%s: was changed or taken away while the batch ran: %v; run it again", w.File, file.Err)}}, nil
	}
	if err != nil {
		return line.Answer{}, err
	}
	o := line.Order{Task: w.Task, File: w.File, Inputs: inputs, Limit: h.Crew.Limit}
	subject := line.StepSubject + h.Channel() + "." + h.Batch + "." + id
	for sent := false; ; {
		if err := h.send(ctx, subject, o, sent); err != nil {
			return line.Answer{}, err
		}
		if !sent && begun != nil {
			begun()
		}
		sent = true
		select {
		case a := <-ch:
			return a, nil
		case <-time.After(2*h.Queue.Patience + 10*time.Second): // it may have been lost, or its answer
			h.seek(ctx, id)
		case <-ctx.Done():
			return line.Answer{}, ctx.Err()
		case <-h.Ended:
			return line.Answer{}, h.Why()
		}
	}
}

// seek looks for an answer that was not heard.
func (h *Hands) seek(ctx context.Context, id string) {
	subject := line.AnswerBegin + h.Batch + "." + id
	if m, err := h.There(ctx, h.Answers, subject); err == nil && m != nil {
		h.heard(subject, m.Data)
	}
}

// send puts a step into the queue; one that is there already stays.
func (h *Hands) send(ctx context.Context, subject string, o line.Order, before bool) error {
	headers := nats.Header{}
	if before {
		headers.Set(line.Again, "yes")
	}
	return h.server.Insist(ctx, func() error {
		_, err := h.Publish(ctx, subject, o, headers)
		return err
	})
}
