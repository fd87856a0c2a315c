package studio

import (
	"io"
	"net/http"
	"strings"
	"time"

	"pointille/internal/studio/worker"
)

// routes are all there is. Without a session only pairing, the trust page and
// the page's own files answer.
func (s *Server) routes() http.Handler {
	inside := http.NewServeMux()
	s.api(inside)
	inside.HandleFunc("GET /{$}", s.asset("index.html"))
	inside.HandleFunc("POST /api/lock", s.lock)
	inside.HandleFunc("GET /api/events", s.houseEvents)
	inside.HandleFunc("POST /api/record/open", s.openRecord)
	inside.HandleFunc("POST /api/record/close", s.closeRecord)
	inside.HandleFunc("PUT /api/clients/{id}/photos/{slot}", s.upload)
	inside.HandleFunc("GET /api/clients/{id}/photos/{slot}/screen.jpg", s.workFile(worker.ScreenSuffix, "image/jpeg"))
	inside.HandleFunc("GET /api/clients/{id}/photos/{slot}/thumb.jpg", s.workFile(worker.ThumbSuffix, "image/jpeg"))
	inside.HandleFunc("GET /api/clients/{id}/photos/{slot}/heat.png", s.workFile(worker.HeatSuffix, "image/png"))
	inside.HandleFunc("GET /api/clients/{id}/photos/{slot}/zones.png", s.workFile(worker.ZonesSuffix, "image/png"))
	inside.HandleFunc("GET /api/clients/{id}/views/{slot}/dots.bin", s.binary(dots))
	inside.HandleFunc("GET /api/clients/{id}/views/{slot}/preview.jpg", s.preview)
	inside.HandleFunc("GET /api/clients/{id}/head.bin", s.binary(head))
	inside.HandleFunc("GET /api/clients/{id}/events", s.events)
	inside.HandleFunc("GET /api/clients/{id}/plan.json", s.planJSON)
	inside.HandleFunc("GET /api/clients/{id}/guide.pdf", s.guide)
	inside.HandleFunc("GET /api/clients/{id}/calendar.ics", s.calendar)
	inside.HandleFunc("GET /api/clients/{id}/log.jsonl", s.journal)

	outside := http.NewServeMux()
	outside.HandleFunc("GET /pair", s.asset("pair.html"))
	outside.HandleFunc("POST /pair", s.pair)
	outside.HandleFunc("POST /unlock", s.unlock)
	s.trust(outside)
	outside.Handle("/", s.toPairing(s.members(s.withRecord(inside))))
	return s.shield(limited(outside))
}

// toPairing sends a person without a session to the pairing page; programs get
// the plain refusal.
func (s *Server) toPairing(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/" && r.Method == http.MethodGet {
			if _, err := s.gate.Enter(token(r), true); err != nil {
				http.Redirect(w, r, "/pair", http.StatusSeeOther)
				return
			}
		}
		next.ServeHTTP(w, r)
	})
}

// mostJSON is more than any edit: brush strokes of several photos.
const mostJSON = 4 << 20

// readWithin is how long a body may take; photos over a slow network longer.
const (
	readWithin      = 15 * time.Second
	readPhotoWithin = 3 * time.Minute
)

// limited bounds what a request may send and how slowly. Once its body is here the
// time is no longer limited: plans and event streams take as long as they take.
func limited(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		within, most := readWithin, int64(mostJSON)
		if r.Method == http.MethodPut && strings.Contains(r.URL.Path, "/photos/") {
			within, most = readPhotoWithin, mostBytes
		}
		if r.ContentLength != 0 {
			c := http.NewResponseController(w)
			c.SetReadDeadline(time.Now().Add(within)) // a recorder of a test has none
			r.Body = &timed{http.MaxBytesReader(w, r.Body, most), c}
		}
		next.ServeHTTP(w, r)
	})
}

// timed takes the deadline off when a body ends.
type timed struct {
	io.ReadCloser
	c *http.ResponseController
}

func (t *timed) Read(p []byte) (int, error) {
	n, err := t.ReadCloser.Read(p)
	if err != nil {
		t.c.SetReadDeadline(time.Time{})
	}
	return n, err
}
