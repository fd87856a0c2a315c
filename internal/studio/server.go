// Package studio serves consultations to the tablets of a studio.
//
// The server is the truth: every edit is on its disk before it is answered, and a
// tablet that slept, lost the network or was reloaded finds everything as it was.
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

	"pointille/internal/studio/auth"
	"pointille/internal/studio/authority"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/internal/studio/web"
	"pointille/internal/studio/worker"
	"pointille/planner/settings"
)

// Options of a studio.
type Options struct {
	Dir       string               // everything is kept here
	Keeper    record.Keeper        // default: plain folders in Dir/clients
	Worker    []string             // command that starts a worker process
	Settings  settings.Settings    // the studio's
	Hosts     []string             // names and addresses it answers to; default: this machine's own
	Secure    bool                 // served over TLS: cookies say so
	Authority *authority.Authority // whose root the trust page offers; nil: none
	Idle      time.Duration        // until a tablet locks; default 15 minutes
	Generator string
	Log       io.Writer // faults; default none
	Now       func() time.Time
}

func (o Options) withDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	if o.Keeper == nil {
		o.Keeper = record.Folders{Root: filepath.Join(o.Dir, "clients")}
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
	log      *slog.Logger
	handler  http.Handler
	uploads  chan struct{}

	mu    sync.Mutex
	desks map[string]*open

	ending chan struct{} // closed when no more requests are taken
	end    sync.Once
}

// mostUploads are read at the same time: each may hold a photo in memory.
const mostUploads = 4

// New opens a studio. pin is a new PIN where there was none or one was asked for.
func New(o Options, newPIN bool) (s *Server, pin string, err error) {
	o = o.withDefaults()
	if err := os.MkdirAll(o.Dir, 0o700); err != nil {
		return nil, "", fmt.Errorf("making the studio's folder: %w", err)
	}
	s = &Server{
		o: o, renderer: desk.NewRenderer(), desks: map[string]*open{}, ending: make(chan struct{}), uploads: make(chan struct{}, mostUploads),
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
	s.pool = worker.NewPool(worker.Options{Command: o.Worker, Size: min(2, runtime.GOMAXPROCS(0))})
	s.handler = s.routes()
	return s, pin, nil
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.handler.ServeHTTP(w, r) }

// End ends event streams, which would hold a shutdown up.
func (s *Server) End() { s.end.Do(func() { close(s.ending) }) }

// Close ends what runs and waits for it. No request may come any more.
func (s *Server) Close() {
	s.mu.Lock()
	for _, d := range s.desks {
		d.desk.Close()
	}
	s.desks = map[string]*open{}
	s.mu.Unlock()
	s.pool.Close()
}

// open is a consultation that is worked on.
type open struct {
	desk  *desk.Desk
	log   *record.Log
	hub   *hub
	used  time.Time
	docs  sync.Mutex // documents are written by one request at a time
	ready int        // Rev of the plan whose documents lie in the folder; 0: none

	receiving atomic.Int32 // photos that are on their way: a plan waits for the last of them
}

// mostOpen consultations stay open: each holds some 60 MB.
const mostOpen = 4

// open returns a consultation, opening it where it is not.
func (s *Server) open(id string) (*open, error) {
	dir, err := s.o.Keeper.Folder(id)
	if err != nil {
		return nil, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if o := s.desks[id]; o != nil {
		o.used = s.o.Now()
		return o, nil
	}
	log, err := s.begun(dir)
	if err != nil {
		return nil, err
	}
	o := &open{log: log, hub: newHub(), used: s.o.Now()}
	o.desk = desk.New(desk.Options{
		Dir: dir, Log: log, Settings: s.o.Settings, Generator: s.o.Generator, Renderer: s.renderer, Tell: o.hub.tell,
	})
	s.desks[id] = o
	s.closeOldest(id)
	return o, nil
}

// begun reads the log of a consultation that has a code.
func (s *Server) begun(dir string) (*record.Log, error) {
	log, err := record.Open(dir, s.o.Now)
	if err != nil {
		return nil, err
	}
	if log.State().Code == "" {
		return nil, record.ErrUnknown // the power went before it had one
	}
	return log, nil
}

// closeOldest closes the consultation that nobody used for longest, if there are
// too many and no tablet watches it. The caller holds mu.
func (s *Server) closeOldest(but string) {
	if len(s.desks) <= mostOpen {
		return
	}
	oldest := ""
	for id, o := range s.desks {
		if id != but && !o.hub.watched() && (oldest == "" || o.used.Before(s.desks[oldest].used)) {
			oldest = id
		}
	}
	if oldest != "" {
		go s.desks[oldest].desk.Close()
		delete(s.desks, oldest)
	}
}

// edit adds an edit and tells the tablets.
func (s *Server) edit(id string, o *open, edit, kind string, data any) (record.State, error) {
	state, err := o.log.Edit(edit, kind, data)
	if err != nil {
		return state, err
	}
	if kind != record.AddPhoto {
		o.desk.Update()
	}
	o.hub.tell(desk.Event{Kind: "state", N: state.N})
	if err := s.o.Keeper.Saved(id); err != nil {
		return state, err
	}
	return state, nil
}

// remove deletes a client.
func (s *Server) remove(id string) error {
	s.mu.Lock()
	o := s.desks[id]
	delete(s.desks, id)
	s.mu.Unlock()
	if o != nil {
		o.desk.Close() // outside the lock: a plan may take a while to stop
	}
	return s.o.Keeper.Remove(id)
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
