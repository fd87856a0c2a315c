// Package shelf keeps the studio's consultations in the encrypted record.
//
// A client's log is the journal of the record, and photos, surveys, plans and
// consents are its items; each edit joins the record together with what came with
// it, or not at all. While a consultation is worked on its surveys and maps lie in a
// private folder on a disk in memory, because every step of the work reads files;
// PutAway takes it away, and Open what a program that was killed left there.
package shelf

import (
	"context"
	"errors"
	"fmt"
	"time"

	"pointille/internal/records"
	"pointille/internal/studio/record"
)

// Options of a shelf.
type Options struct {
	Work string           // folder in which the private one is made; empty: a disk in memory
	Now  func() time.Time // default time.Now
}

// planSeed is the command line's default, so that both make the same plans.
const planSeed = 1

// Shelf is the consultations of an open record. It is safe for concurrent use.
type Shelf struct {
	store *records.Store
	work  string // the private folder
	o     Options
}

// Listed is a client.
type Listed struct {
	ID      string
	Code    string
	Created time.Time
	Lines   int // of its journal; 0: no consultation was begun
}

// Open makes the private folder for the consultations of a record. Close takes it away
// and closes the record.
func Open(store *records.Store, o Options) (*Shelf, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	work, err := privateFolder(o.Work, store.ID())
	if err != nil {
		return nil, err
	}
	return &Shelf{store, work, o}, nil
}

// Work is the private folder.
func (s *Shelf) Work() string { return s.work }

// Record is the open record.
func (s *Shelf) Record() *records.Store { return s.store }

// Close takes the private folder away and closes the record.
func (s *Shelf) Close() error { return errors.Join(removeAll(s.work), s.store.Close()) }

// Tidy brings the record's copy of its database up to date: for when nobody works.
func (s *Shelf) Tidy(ctx context.Context) error { return s.store.Sync(ctx) }

// List returns all clients.
func (s *Shelf) List(ctx context.Context) ([]Listed, error) {
	clients, err := s.store.Clients(ctx)
	if err != nil {
		return nil, err
	}
	out := make([]Listed, len(clients))
	for i, c := range clients {
		out[i] = Listed{c.ID, c.Code, c.Created, c.Lines}
	}
	return out, nil
}

// Create adds a client and begins the consultation.
func (s *Shelf) Create(ctx context.Context, code string) (id string, err error) {
	c, err := s.store.NewClient(ctx, code, "")
	if err != nil {
		return "", err
	}
	_, err = s.begun(ctx, c)
	return c.ID, err
}

// client finds a client by its id.
func (s *Shelf) client(ctx context.Context, id string) (records.Client, error) {
	c, err := s.store.ClientByID(ctx, id)
	if errors.Is(err, records.ErrNotFound) {
		return c, record.ErrUnknown
	}
	return c, err
}

// begun reads the log of a client. One that has none, because the command line made
// it or the power went, gets its first line.
func (s *Shelf) begun(ctx context.Context, c records.Client) (*record.Log, error) {
	lines, err := s.store.Lines(ctx, c.Code)
	if err != nil {
		return nil, err
	}
	log, err := record.Open(lines, keeper{s, c.Code}, s.o.Now)
	if err != nil || len(lines) > 0 {
		return log, err
	}
	_, err = log.Edit(record.NewID(), record.Create, record.Created{Code: c.Code, Seed: planSeed})
	return log, err
}

// State is what the log of a client comes to. It changes nothing.
func (s *Shelf) State(ctx context.Context, id string) (record.State, error) {
	lines, err := s.Journal(ctx, id)
	if err != nil {
		return record.State{}, err
	}
	log, err := record.Open(lines, nil, s.o.Now)
	if err != nil {
		return record.State{}, err
	}
	return log.State(), nil
}

// Journal is the log of a client as it is kept.
func (s *Shelf) Journal(ctx context.Context, id string) ([][]byte, error) {
	c, err := s.client(ctx, id)
	if err != nil {
		return nil, err
	}
	return s.store.Lines(ctx, c.Code)
}

// Remove deletes a client for good: the key first, then all else.
func (s *Shelf) Remove(ctx context.Context, id string) error {
	c, err := s.client(ctx, id)
	if err != nil {
		return err
	}
	report, err := s.store.Delete(ctx, c.Code)
	if err != nil {
		return err
	}
	if len(report.Found) > 0 {
		return fmt.Errorf("client %s is deleted and the key destroyed, but something is left: %v", c.Code, report.Found)
	}
	return nil
}
