// Package studio serves consultations to the tablets of a studio.
//
// The server is the truth: every edit is in the encrypted record before it is
// answered, and a tablet that slept, lost the network or was reloaded finds everything
// as it was. The record's key is in memory while the record is open, and only then.
// Nothing is asked of any other machine. Photos are decoded in processes of their
// own (package worker), planning and previews are those of the command line
// (package desk), who may enter is decided by package auth.
//
// Without TLS the server listens on this machine only.
package studio

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"sync/atomic"
	"time"

	"pointille/internal/remarks"
	"pointille/internal/studio/auth"
	"pointille/internal/studio/authority"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/internal/studio/shelf"
	"pointille/internal/studio/web"
	"pointille/internal/studio/worker"
	"pointille/planner/settings"
)

// Options of a studio.
type Options struct {
	Dir       string               // who may enter, settings and certificates are kept here, nothing of clients
	Record    string               // folder of the encrypted record, which is there; default Dir/record
	Witness   string               // as for records.Open; empty: none
	Work      string               // folder for what is worked on; empty: a disk in memory, see package shelf
	Worker    []string             // command that starts a worker process
	Settings  settings.Settings    // the studio's
	Hosts     []string             // names and addresses it answers to; default: this machine's own
	Secure    bool                 // served over TLS: cookies say so
	Authority *authority.Authority // whose root the trust page offers; nil: none
	Idle      time.Duration        // until a tablet locks; default 15 minutes
	CloseIdle time.Duration        // until the record is closed when no tablet is touched; 0: never
	Generator string
	Log       io.Writer // faults; default none
	Now       func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Record == "" {
		o.Record = filepath.Join(o.Dir, "record")
	}
	if o.Log == nil {
		o.Log = io.Discard
	}
	if len(o.Hosts) == 0 {
		o.Hosts = []string{"localhost", "127.0.0.1", "::1"}
	}
	return o
}

// Server is a running studio. Close it.
type Server struct {
	o        Options
	gate     *auth.Gate
	pool     *worker.Pool
	renderer *desk.Renderer
	page     *web.Page
	words    *remarks.Words
	log      *slog.Logger
	handler  http.Handler
	uploads  chan struct{}

	opening sync.Mutex // one opening or closing of the record at a time
	laying  sync.Mutex // one consultation is laid out at a time

	mu      sync.Mutex
	sh      *shelf.Shelf       // nil: the record is closed
	house   *hub               // ends when the record is closed; nil: it is
	closing bool               // and nobody new may use it
	using   map[string]int     // requests that do, by the client they are about
	desks   map[string]*open   // by client
	brief   map[string]briefed // by client: what was last worked out for the list
	touch   time.Time          // when a tablet was last touched
	closes  sync.WaitGroup     // consultations that are being closed
	tended  sync.WaitGroup

	ending chan struct{} // closed when no more requests are taken
	end    sync.Once
	closed sync.Once
}

// longestRequest is how long the end waits for those who still use the record: longer
// than a photo takes.
const longestRequest = 90 * time.Second

// mostUploads are read at the same time: each may hold a photo in memory.
const mostUploads = 4

// New opens a studio. pin is a new PIN where there was none or one was asked for.
func New(o Options, newPIN bool) (s *Server, pin string, err error) {
	o = o.withDefaults()
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, "", fmt.Errorf("making the studio's folder: %w", err)
	}
	s = &Server{
		o: o, renderer: desk.NewRenderer(), desks: map[string]*open{}, brief: map[string]briefed{}, using: map[string]int{}, touch: o.Now(), ending: make(chan struct{}), uploads: make(chan struct{}, mostUploads),
		log: slog.New(slog.NewTextHandler(o.Log, nil)),
	}
	if s.gate, err = auth.Open(auth.Options{File: filepath.Join(o.Dir, "entry.json"), Idle: o.Idle, Now: o.Now}); err != nil {
		return nil, "", err
	}
	if newPIN || !s.gate.HasPIN() {
		if pin, err = s.gate.NewPIN(); err != nil {
			return nil, "", err
		}
	}
	if s.page, err = web.Bundle(); err != nil {
		return nil, "", err
	}
	if s.words, err = remarks.New(); err != nil {
		return nil, "", err
	}
	s.pool = worker.NewPool(worker.Options{Command: o.Worker, Size: min(2, runtime.GOMAXPROCS(0))})
	s.handler = s.routes()
	s.tended.Go(s.tend)
	return s, pin, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// End ends event streams, which would hold a shutdown up.
func (s *Server) End() { s.end.Do(func() { close(s.ending) }) }

// Close ends what runs, waits for it and closes the record. No request may come any
// more. To close it again does nothing.
func (s *Server) Close() {
	s.End()
	s.closed.Do(func() {
		s.tended.Wait()
		if err := s.CloseRecord(longestRequest); err != nil {
			s.log.Error("the record could not be closed", "why", err.Error())
		}
		s.pool.Close()
	})
}

// open is a consultation that is worked on.
type open struct {
	desk  *desk.Desk
	held  *shelf.Case
	log   *record.Log
	hub   *hub
	used  time.Time
	docs  sync.Mutex // documents are written by one request at a time
	ready int        // Rev of the plan whose documents lie in the folder; 0: none
	filed int        // Rev of the plan whose documents are in the record; 0: none

	receiving atomic.Int32 // photos that are on their way: a plan waits for the last of them
}

// mostOpen consultations stay open: each holds some 60 MB.
const mostOpen = 4

// open returns a consultation, opening it where it is not. The caller is using the
// record, see use.
func (s *Server) open(id string) (*open, error) {
	if o, err := s.there(id); o != nil || err != nil {
		return o, err
	}
	s.laying.Lock() // one at a time: others wait for it, and find it
	defer s.laying.Unlock()
	if o, err := s.there(id); o != nil || err != nil {
		return o, err
	}
	c, err := s.sh.Take(context.Background(), id) // whoever hangs up
	if err != nil {
		return nil, err
	}
	o := &open{held: c, log: c.Log, hub: newHub(), used: s.o.Now()}
	o.desk = desk.New(desk.Options{
		Dir: c.Dir, Log: c.Log, Settings: s.o.Settings, Generator: s.o.Generator, Renderer: s.renderer, Tell: o.hub.tell,
	})
	s.mu.Lock()
	defer s.mu.Unlock()
	s.desks[id] = o
	s.closeOldest(id)
	return o, nil
}

// there is a consultation that is open, nil for none.
func (s *Server) there(id string) (*open, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sh == nil {
		return nil, ErrRecordClosed
	}
	o := s.desks[id]
	if o != nil {
		o.used = s.o.Now()
	}
	return o, nil
}

// close ends the work on a consultation and takes its folder away. The caller has
// taken it out of desks.
func (s *Server) close(o *open) {
	o.hub.end()
	o.desk.Close()
	if err := o.held.PutAway(); err != nil {
		s.log.Error("a client's working files could not be taken away", "why", err.Error())
	}
}

// closeOldest closes the consultation that nobody used for longest, if there are
// too many and no tablet watches it. The caller holds mu.
func (s *Server) closeOldest(but string) {
	if len(s.desks) <= mostOpen {
		return
	}
	oldest := ""
	for id, o := range s.desks {
		if id != but && !o.hub.watched() && s.using[id] == 0 && (oldest == "" || o.used.Before(s.desks[oldest].used)) {
			oldest = id
		}
	}
	if oldest == "" {
		return
	}
	o := s.desks[oldest]
	delete(s.desks, oldest)
	s.closes.Go(func() { s.close(o) }) // a plan may take a while to stop
}

// edit adds an edit and tells the tablets.
func (s *Server) edit(o *open, edit, kind string, data any, with record.With) (record.State, error) {
	state, err := o.log.EditWith(edit, kind, data, with)
	if err != nil {
		return state, err
	}
	if kind != record.AddPhoto {
		o.desk.Update()
	}
	o.hub.tell(desk.Event{Kind: "state", N: state.N})
	return state, nil
}

// remove deletes a client, and what is laid out of it: before, so that nothing is kept
// any more, and what a request laid out meanwhile after.
func (s *Server) remove(ctx context.Context, id string) error {
	s.putAway(id)
	err := s.sh.Remove(ctx, id)
	s.putAway(id)
	s.renderer.Forget()
	return err
}

// putAway ends the work on a client.
func (s *Server) putAway(id string) {
	s.mu.Lock()
	o := s.desks[id]
	delete(s.desks, id)
	delete(s.brief, id)
	s.mu.Unlock()
	if o != nil {
		s.close(o) // outside the lock: a plan may take a while to stop
	}
}

// Serve answers on a listener until the context ends.
func Serve(ctx context.Context, server *http.Server, serve func() error) error {
	failed := make(chan error, 1)
	go func() { failed <- serve() }()
	select {
	case err := <-failed:
		return err
	case <-ctx.Done():
	}
	soon, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	err := server.Shutdown(soon)
	if errors.Is(err, context.DeadlineExceeded) {
		err = server.Close() // tablets keep their event streams open
	}
	if e := <-failed; !errors.Is(e, http.ErrServerClosed) {
		return e
	}
	return err
}
