package lead

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/batch/queue/line"
)

// drop takes an answer back whose files are lost.
func (h *Hands) drop(ctx context.Context, id string, a line.Answer) error {
	return h.server.Insist(ctx, func() error {
		if err := h.Answers.Purge(ctx, jetstream.WithPurgeSubject(line.AnswerBegin+h.Batch+"."+id)); err != nil {
			return err
		}
		return h.stock.Drop(ctx, a)
	})
}

// clearLimit is how long clearing away may take: what is left then is removed
// by the server after a week.
const clearLimit = 20 * time.Second

// Finished removes what the queue holds of a case.
func (h *Hands) Finished(place string) {
	at := line.Token(place)
	h.mu.Lock()
	for id := range h.early {
		if strings.HasPrefix(id, at+".") {
			delete(h.early, id)
		}
	}
	h.mu.Unlock()
	if !h.stock.Has(at) {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), clearLimit)
	defer stop()
	if err := h.clear(ctx, at); err != nil {
		h.Crew.Note("clearing away after " + place + ": " + line.OneLine(err))
	}
}

func (h *Hands) clear(ctx context.Context, at string) error {
	if err := h.Steps.Purge(ctx, jetstream.WithPurgeSubject(line.StepSubject+h.Channel()+"."+h.Batch+"."+at+".*")); err != nil {
		return err
	}
	for _, subject := range []string{line.AnswerBegin + h.Batch + "." + at + ".*", line.BegunBegin + h.Batch + "." + at + ".>"} {
		if err := h.Answers.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return err
		}
	}
	return h.stock.Clear(ctx, at)
}

// withdraw takes all messages of the batch out of the queue: workers stop what
// they are doing of it.
func (h *Hands) withdraw(ctx context.Context) error {
	err := h.Steps.Purge(ctx, jetstream.WithPurgeSubject(line.StepSubject+h.Channel()+"."+h.Batch+".>"))
	for _, begin := range []string{line.AnswerBegin, line.BegunBegin} {
		if err == nil {
			err = h.Answers.Purge(ctx, jetstream.WithPurgeSubject(begin+h.Batch+".>"))
		}
	}
	if err != nil {
		return fmt.Errorf("%s: withdrawing the batch: %w", h.Where, err)
	}
	return nil
}

// Close takes the batch out of the queue.
func (h *Hands) Close() {
	ctx, stop := context.WithTimeout(context.Background(), clearLimit)
	defer stop()
	h.roll.close()
	h.consumer.Stop()
	err := h.withdraw(ctx)
	if err == nil {
		err = h.stock.Delete(ctx)
	}
	if err != nil {
		h.Crew.Note(line.OneLine(err) + "; the server removes what is left after a week")
	}
	h.Conn.Close()
}
