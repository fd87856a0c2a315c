package studio

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"pointille/internal/records"
	"pointille/internal/studio/shelf"
)

// Errors of a record that is closed, and of one that cannot be closed now.
var (
	ErrRecordClosed = errors.New("the record is closed: it wants its passphrase")
	ErrBusy         = errors.New("a photo or a document is being worked on: wait until it is done")
)

// OpenRecord opens the record with its passphrase. It does nothing where it is open.
func (s *Server) OpenRecord(ctx context.Context, passphrase string) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	if s.RecordOpen() {
		return nil
	}
	store, err := records.Open(ctx, s.o.Record, passphrase, records.Options{Who: "pointille studio", Witness: s.o.Witness, Now: s.o.Now})
	if err != nil {
		return err
	}
	for _, n := range store.Notes() {
		s.log.Warn("about the record", "note", n)
	}
	sh, err := shelf.Open(store, shelf.Options{Work: s.o.Work, Now: s.o.Now})
	if err != nil {
		return errors.Join(err, store.Close())
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sh, s.house, s.touch = sh, newHub(), s.o.Now()
	return nil
}

// RecordOpen reports whether the record is open.
func (s *Server) RecordOpen() bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sh != nil
}

// CloseRecord gives up plans that are being made, takes all that is laid out away and
// closes the record, which forgets its key. Requests that use it are waited for,
// patience long; then it stays open and the error is ErrBusy.
func (s *Server) CloseRecord(patience time.Duration) error {
	s.opening.Lock()
	defer s.opening.Unlock()
	sh, desks, err := s.shut(patience)
	if sh == nil {
		return err
	}
	for _, o := range desks {
		s.close(o)
	}
	s.closes.Wait()
	s.renderer.Forget()
	return sh.Close()
}

// shut takes the record out of reach once nobody uses it; nil where it was closed.
func (s *Server) shut(patience time.Duration) (*shelf.Shelf, map[string]*open, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.closing = true // nobody new comes in
	defer func() { s.closing = false }()
	for until := time.Now().Add(patience); len(s.using) > 0; {
		if time.Now().After(until) {
			return nil, nil, ErrBusy
		}
		s.mu.Unlock()
		time.Sleep(10 * time.Millisecond)
		s.mu.Lock()
	}
	sh, desks := s.sh, s.desks
	if s.house != nil {
		s.house.end()
	}
	s.house, s.sh, s.desks, s.brief = nil, nil, map[string]*open{}, map[string]briefed{}
	return sh, desks, nil
}

// use keeps the record open, and a client laid out, until release is called. id is
// empty where no one client is meant.
func (s *Server) use(id string) (release func(), err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sh == nil || s.closing {
		return nil, ErrRecordClosed
	}
	s.using[id]++
	return func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.using[id]--; s.using[id] == 0 {
			delete(s.using, id)
		}
	}, nil
}

// withRecord lets requests about clients through while the record is open. Event
// streams, which last, look after themselves.
func (s *Server) withRecord(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rest, about := strings.CutPrefix(r.URL.Path, "/api/clients")
		if (!about && r.URL.Path != "/api/hand-over") || strings.HasSuffix(r.URL.Path, "/events") {
			next.ServeHTTP(w, r)
			return
		}
		id, _, _ := strings.Cut(strings.TrimPrefix(rest, "/"), "/")
		release, err := s.use(id)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		defer release()
		next.ServeHTTP(w, r)
	})
}

// touched notes that somebody is there.
func (s *Server) touched() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.touch = s.o.Now()
}

// How often one looks whether nobody is there, and after how long without a touch the
// copy of the record's database is brought up to date.
const (
	tendEvery = 10 * time.Second
	quiet     = 20 * time.Second
)

// tend closes the record when no tablet was touched for long, and keeps its copy up to
// date, until the server ends.
func (s *Server) tend() {
	tick := time.NewTicker(tendEvery)
	defer tick.Stop()
	for {
		select {
		case <-s.ending:
			return
		case <-tick.C:
		}
		if err := s.tendOnce(); err != nil && !errors.Is(err, ErrBusy) && !errors.Is(err, ErrRecordClosed) {
			s.log.Error("looking after the record", "why", err.Error())
		}
	}
}

func (s *Server) tendOnce() error {
	s.mu.Lock()
	idle := s.o.Now().Sub(s.touch)
	s.mu.Unlock()
	if s.o.CloseIdle > 0 && idle > s.o.CloseIdle {
		return s.CloseRecord(0)
	}
	if idle < quiet {
		return nil
	}
	release, err := s.use("")
	if err != nil {
		return err
	}
	defer release()
	if err := s.sh.Tidy(context.Background()); err != nil {
		return fmt.Errorf("copying its database: %w", err)
	}
	return nil
}
