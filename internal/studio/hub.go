package studio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"sync"
	"time"

	"pointille/internal/studio/desk"
)

// hub hands events of one consultation to the tablets that watch it.
type hub struct {
	mu       sync.Mutex
	watchers map[chan desk.Event]bool
	over     chan struct{} // closed when the consultation is
	ended    sync.Once
}

func newHub() *hub { return &hub{watchers: map[chan desk.Event]bool{}, over: make(chan struct{})} }

// end ends all streams: the consultation is closed.
func (h *hub) end() { h.ended.Do(func() { close(h.over) }) }

// tell never waits: a tablet too slow to take an event asks for the state anyway.
func (h *hub) tell(e desk.Event) {
	h.mu.Lock()
	defer h.mu.Unlock()
	for w := range h.watchers {
		select {
		case w <- e:
		default:
		}
	}
}

// mostWatchers of one consultation, or of the studio.
const mostWatchers = 32

func (h *hub) watch() (events chan desk.Event, leave func(), ok bool) {
	h.mu.Lock()
	defer h.mu.Unlock()
	if len(h.watchers) >= mostWatchers {
		return nil, nil, false
	}
	events = make(chan desk.Event, 32)
	h.watchers[events] = true
	return events, func() {
		h.mu.Lock()
		delete(h.watchers, events)
		h.mu.Unlock()
	}, true
}

func (h *hub) watched() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	return len(h.watchers) > 0
}

// watched is the hub of a consultation. It outlives its use of the record.
func (s *Server) watched(id string) (*hub, error) {
	release, err := s.use(id)
	if err != nil {
		return nil, err
	}
	defer release()
	o, err := s.open(id)
	if err != nil {
		return nil, err
	}
	return o.hub, nil
}

// heartbeat keeps the connection through sleeping switches.
const heartbeat = 20 * time.Second

// events streams what happens to a consultation as server-sent events.
func (s *Server) events(w http.ResponseWriter, r *http.Request) {
	watched, err := s.watched(r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	s.stream(w, r, watched)
}

// houseEvents streams nothing but that the record is open: it ends when that is closed.
func (s *Server) houseEvents(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	house := s.house
	s.mu.Unlock()
	if house == nil {
		s.fail(w, r, ErrRecordClosed)
		return
	}
	s.stream(w, r, house)
}

func (s *Server) stream(w http.ResponseWriter, r *http.Request, watched *hub) {
	events, leave, ok := watched.watch()
	if !ok {
		problem(w, http.StatusTooManyRequests, "too many tablets watch this")
		return
	}
	defer leave()
	out := http.NewResponseController(w)
	w.Header().Set("Content-Type", "text/event-stream")
	w.Header().Set("Cache-Control", "no-store")
	beat := time.NewTicker(heartbeat)
	defer beat.Stop()
	say := func(text string) bool {
		out.SetWriteDeadline(time.Now().Add(heartbeat))
		if _, err := fmt.Fprint(w, text); err != nil {
			return false
		}
		return out.Flush() == nil
	}
	for ok := say("retry: 1000\n\n"); ok; {
		select {
		case e := <-events:
			data, err := json.Marshal(e)
			ok = err == nil && say("data: "+string(data)+"\n\n")
		case <-beat.C:
			_, err := s.gate.Enter(token(r), false) // a locked tablet hears nothing more
			ok = err == nil && say(": \n\n")
		case <-watched.over:
			return
		case <-s.ending:
			return
		case <-r.Context().Done():
			return
		}
	}
}
