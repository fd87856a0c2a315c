package lead

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"github.com/nats-io/nats.go"

	"pointille/internal/batch"
	"pointille/internal/batch/queue/line"
)

// roll is the workers that a batch has heard of.
type roll struct {
	line   *line.Line
	o      batch.QueueOptions
	note   func(string)
	silent bool // nothing is told of them: they are in this process
	sub    *nats.Subscription
	stop   chan struct{}

	mu      sync.Mutex
	workers map[string]*member
	refused map[string]bool
	since   time.Time // nobody has been there; zero: somebody is, or it was told
}

// member is one of them.
type member struct {
	line.Hello
	last time.Time
}

// open begins to greet workers.
func (r *roll) open(l *line.Line, o batch.QueueOptions, note func(string), silent bool) error {
	r.line, r.o, r.note, r.silent, r.stop, r.since = l, o, note, silent, make(chan struct{}), time.Now()
	r.workers, r.refused = map[string]*member{}, map[string]bool{}
	var err error
	if r.sub, err = l.Conn.Subscribe(line.HelloSubject, r.greet); err != nil {
		return fmt.Errorf("%s: greeting workers: %w", l.Where, err)
	}
	go r.look()
	return nil
}

func (r *roll) close() {
	_ = r.sub.Unsubscribe() // the connection is closed next
	close(r.stop)
}

func (r *roll) tell(text string) {
	if !r.silent {
		r.note(text)
	}
}

// greet answers a worker.
func (r *roll) greet(m *nats.Msg) {
	var h line.Hello
	if json.Unmarshal(m.Data, &h) != nil {
		return // not a worker
	}
	w := line.Welcome{Refused: r.line.Refuses(h), Patience: r.o.Patience, Tries: r.o.Tries}
	if data, err := json.Marshal(w); err == nil {
		_ = m.Respond(data) // it asks again
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	switch known := r.workers[h.Worker]; {
	case w.Refused != "":
		if !r.refused[h.Worker] {
			r.tell(fmt.Sprintf("a worker on %s is refused: %s", h.Host, w.Refused))
		}
		r.refused[h.Worker] = true
	case known == nil:
		r.tell(fmt.Sprintf("a worker on %s has come, for %d steps at once", h.Host, h.Jobs))
		r.workers[h.Worker], r.since = &member{h, time.Now()}, time.Time{}
	default:
		known.last = time.Now()
	}
}

// look tells of workers that are gone, and where there is none.
func (r *roll) look() {
	tick := time.NewTicker(line.HelloEvery / 2)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-r.stop:
			return
		}
		r.mu.Lock()
		for id, w := range r.workers {
			if time.Since(w.last) > 3*line.HelloEvery {
				r.tell(fmt.Sprintf("the worker on %s is silent; what it was doing is given to another", w.Host))
				delete(r.workers, id)
				if len(r.workers) == 0 {
					r.since = time.Now()
				}
			}
		}
		if !r.since.IsZero() && time.Since(r.since) > line.HelloEvery {
			r.tell(fmt.Sprintf("no worker is there; start some: pointille-queue worker --queue %s --queue-key FILE", r.line.Where))
			r.since = time.Time{}
		}
		r.mu.Unlock()
	}
}
