// Package records keeps what a studio holds of its clients: one folder, encrypted,
// that can be copied and backed up as it is.
//
// # What lies in the folder
//
//	record.json, record.copy.json   the header: how the passphrase opens the record (package keys)
//	data.db                         SQLite, encrypted (Adiantum): clients, items, audit log
//	data.copy.db, data.sums         a copy of it and sums of its blocks (package blocks)
//	files/ab/ab12…                  photos and documents, each an age file (package vault)
//	attempts.json                   wrong passphrases in a row (package attempts)
//	lock                            held by the one who writes
//
// # Use
//
// Create makes a record and tells its recovery key once. Open opens it with the
// passphrase; a Store is safe for use by several goroutines. Clients go by their
// code; what is held of one are items, each with a kind (Photo, Plan, Consent …), a
// file name and a content. An item never changes: a newer one of the same kind is
// added. Beside them a client has a journal, lines that are only added to. Apply
// changes several things at once, all or none.
//
//	store, err := records.Open(ctx, dir, passphrase, records.Options{})
//	defer store.Close()
//	client, err := store.NewClient(ctx, "A-17", "")
//	photo, err := store.Add(ctx, "A-17", records.New{Kind: records.Photo, Name: "front.jpg", Content: jpeg})
//	items, err := store.Apply(ctx, "A-17", records.Batch{Add: new, Remove: old, Line: line, Said: "photo"})
//	data, err := store.Read(ctx, photo.ID)
//	lines, err := store.Lines(ctx, "A-17")
//	log, err := store.Audit(ctx, "A-17")
//	report, err := store.Delete(ctx, "A-17") // for good
//
// Backup and Restore copy a record, Verify checks one and mends what a copy allows,
// Rekey sets another passphrase. Package export hands a client's data out.
//
// One process writes at a time: Open fails with ErrInUse while another does. Any
// number may read, with Options.ReadOnly. A call that has returned nil is on the
// disk: it outlives kill -9 and a loss of power as far as the disk keeps its word.
//
// A program that keeps a Store open for long calls Sync from time to time: it
// brings the copy of the database up to date, which Close does otherwise.
//
// # Errors
//
// ErrWrong (wrong passphrase), *attempts.WaitError (wait before the next),
// ErrInUse, ErrNewer (written by a newer Pointille), ErrReadOnly, ErrNotFound and
// ErrExists can be told apart with errors.Is and errors.As. ErrDamaged says that
// the database is damaged and Verify can name and mend it.
package records

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"sync"
	"time"

	"pointille/internal/flock"
	"pointille/internal/records/attempts"
	"pointille/internal/records/audit"
	"pointille/internal/records/blocks"
	"pointille/internal/records/keys"
	"pointille/internal/records/migrate"
	"pointille/internal/records/schema"
	"pointille/internal/records/vault"
)

// Errors that callers tell apart.
var (
	ErrWrong    = keys.ErrWrong
	ErrNewer    = migrate.ErrNewer
	ErrInUse    = errors.New("the record is being written by another pointille")
	ErrReadOnly = errors.New("the record was opened for reading only")
	ErrNotFound = errors.New("is not in the record")
	ErrExists   = errors.New("is in the record already")
	ErrDamaged  = errors.New("the database is damaged; pointille record verify names what is, and --repair mends it from its copy")
)

// Options are for Create and Open. The zero value is for writing, with the usual
// cost of the passphrase.
type Options struct {
	ReadOnly bool             // take no lock; changes fail with ErrReadOnly
	Recovery bool             // the word given is the recovery key, not the passphrase
	Cost     keys.Cost        // of the passphrase, where one is set
	Who      string           // what holds the record, told to who comes second: "pointille studio"; may be empty
	Witness  string           // folder outside the record that remembers its state, to notice old copies; empty: none
	Now      func() time.Time // default time.Now
}

func (o Options) applyDefaults() Options {
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Store is an open record.
type Store struct {
	dir    string
	o      Options
	header *keys.Header
	ring   *keys.Ring
	db     *sql.DB
	vault  *vault.Vault
	blocks blocks.Set
	log    audit.Log
	lock   *flock.Lock
	notes  []string
	failed int // wrong passphrases before this opening

	mu      sync.Mutex // one change at a time
	changed bool       // the marker of blocks is set
}

// Dir returns the folder of the record.
func (s *Store) Dir() string { return s.dir }

// ID returns the random id of the record.
func (s *Store) ID() string { return s.header.ID }

// Notes are sentences for whoever opened the record: what was found and set right,
// and what should be known.
func (s *Store) Notes() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.notes)
}

// Create makes a record in a folder that is new or empty and returns it open, with
// its recovery key, which is kept nowhere.
func Create(ctx context.Context, dir, passphrase string, o Options) (s *Store, recovery string, err error) {
	o = o.applyDefaults()
	if err := keys.CheckPassphrase(passphrase); err != nil {
		return nil, "", err
	}
	if err := newFolder(dir); err != nil {
		return nil, "", err
	}
	h, ring, recovery, err := keys.Create(passphrase, o.Cost, o.Now())
	if err != nil {
		return nil, "", err
	}
	s = assemble(dir, h, ring, o)
	if err := s.create(ctx); err != nil {
		return nil, "", errors.Join(err, s.release())
	}
	return s, recovery, nil
}

// newFolder makes dir, or wants it empty.
func newFolder(dir string) error {
	if err := os.MkdirAll(dir, 0o700); err != nil {
		return fmt.Errorf("making the folder of a record: %w", err)
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("making the folder of a record: %w", err)
	}
	for _, e := range entries {
		if e.Name() == keys.HeaderFile {
			return fmt.Errorf("%s: there is a record already", dir)
		}
	}
	if len(entries) > 0 {
		return fmt.Errorf("%s: is not empty; a record needs a folder of its own", dir)
	}
	return nil
}

// create fills a new record. The header comes last: without it there is none.
func (s *Store) create(ctx context.Context) (err error) {
	if s.lock, err = takeLock(s.dir, s.o.Who); err != nil {
		return err
	}
	if err := s.vault.Create(); err != nil {
		return err
	}
	if s.db, err = openDB(ctx, s.dir, s.ring, toMake); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, fmt.Sprintf("PRAGMA application_id = %d", schema.ApplicationID)); err != nil {
		return said(err)
	}
	if _, _, err := migrate.Up(ctx, s.db, schema.Files()); err != nil {
		return said(err)
	}
	if err := s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) { return []audit.Entry{{Action: audit.Created}}, nil }); err != nil {
		return err
	}
	if err := s.header.Write(ctx, s.dir); err != nil {
		return err
	}
	return s.Sync(ctx)
}

// Open opens a record with its passphrase, or with the recovery key where
// Options.Recovery says so.
func Open(ctx context.Context, dir, passphrase string, o Options) (*Store, error) {
	s, faults, err := unlocked(ctx, dir, passphrase, o)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx, faults); err != nil {
		return nil, errors.Join(err, s.release())
	}
	return s, nil
}

// unlocked has the keys of a record, and the lock where it is for writing; its
// database is not open. Faults are what is wrong with a copy of the header.
func unlocked(ctx context.Context, dir, passphrase string, o Options) (s *Store, faults []error, err error) {
	o = o.applyDefaults()
	h, faults, err := keys.Read(dir)
	if err != nil {
		return nil, nil, newer(err)
	}
	var lock *flock.Lock
	if !o.ReadOnly {
		if lock, err = takeLock(dir, o.Who); err != nil {
			return nil, nil, err
		}
	}
	failed, err := attempts.Begin(ctx, dir, o.Now())
	if err != nil {
		return nil, nil, errors.Join(err, lock.Release())
	}
	ring, err := unlock(h, passphrase, o)
	if err != nil {
		return nil, nil, errors.Join(err, lock.Release())
	}
	s = assemble(dir, h, ring, o)
	s.lock, s.failed = lock, failed
	if err := attempts.Succeed(ctx, dir); err != nil {
		return nil, nil, errors.Join(err, s.release())
	}
	return s, faults, nil
}

func unlock(h *keys.Header, word string, o Options) (*keys.Ring, error) {
	if o.Recovery {
		return h.OpenRecovery(word)
	}
	return h.Open(word)
}

func assemble(dir string, h *keys.Header, ring *keys.Ring, o Options) *Store {
	return &Store{
		dir: dir, o: o, header: h, ring: ring, vault: vault.New(dir, ring.Derive("names")),
		blocks: blocks.New(dir, ring.Derive("sums")), log: audit.New(ring.Derive("audit")),
	}
}

// open goes on once the passphrase was right.
func (s *Store) open(ctx context.Context, faults []error) (err error) {
	if s.db, err = openDB(ctx, s.dir, s.ring, s.access()); err != nil {
		return err
	}
	if s.o.ReadOnly {
		err = s.readable(ctx)
	} else {
		err = s.writable(ctx)
	}
	if err != nil {
		return err
	}
	for _, f := range faults {
		if err := s.mendHeader(ctx, f); err != nil {
			return err
		}
	}
	return s.witness(ctx)
}

func (s *Store) access() access {
	if s.o.ReadOnly {
		return toRead
	}
	return toWrite
}

func (s *Store) readable(ctx context.Context) error {
	err := migrate.Check(ctx, s.db, schema.Files())
	if errors.Is(err, migrate.ErrOlder) {
		return fmt.Errorf("%s: %w: open it once for writing", s.dir, err)
	}
	return s.versioned(err)
}

// writable brings the record to the present version and ends what a crash left.
func (s *Store) writable(ctx context.Context) error {
	err := migrate.Check(ctx, s.db, schema.Files())
	if errors.Is(err, migrate.ErrOlder) {
		err = s.lift(ctx)
	}
	if err := s.versioned(err); err != nil {
		return err
	}
	if err := s.settle(ctx); err != nil {
		return err
	}
	if s.failed == 0 {
		return nil
	}
	s.notes = append(s.notes, fmt.Sprintf("%d attempt(s) with a wrong passphrase since the record was last opened", s.failed))
	return s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) {
		return []audit.Entry{{Action: audit.Guessed, Detail: fmt.Appendf(nil, "%d", s.failed)}}, nil
	})
}

func (s *Store) lift(ctx context.Context) error {
	if err := s.begin(); err != nil {
		return err
	}
	from, to, err := migrate.Up(ctx, s.db, schema.Files())
	if err != nil {
		return err
	}
	return s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) {
		return []audit.Entry{{Action: audit.Migrated, Detail: fmt.Appendf(nil, "%d to %d", from, to)}}, nil
	})
}

func (s *Store) versioned(err error) error {
	if errors.Is(err, ErrNewer) {
		return fmt.Errorf("%s: this record %w", s.dir, err)
	}
	return said(err)
}

// mendHeader writes both copies of the header again where one was at fault.
func (s *Store) mendHeader(ctx context.Context, fault error) error {
	if s.o.ReadOnly {
		s.notes = append(s.notes, fault.Error())
		return nil
	}
	if err := s.header.Write(ctx, s.dir); err != nil {
		return err
	}
	s.notes = append(s.notes, fault.Error()+"; it was written again from its copy")
	return nil
}

// Sync brings the copy of the database and its sums up to date. It does nothing
// where nothing changed.
func (s *Store) Sync(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.sync(ctx)
}

func (s *Store) sync(ctx context.Context) error {
	if !s.changed {
		return nil
	}
	if err := s.blocks.Sync(ctx); err != nil {
		return s.said(err)
	}
	s.changed = false
	return s.remember(ctx)
}

// Close ends the use of the record and wipes its keys from memory.
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	err := s.sync(context.Background()) // closing must not be cut short by a job's end
	return errors.Join(err, s.release())
}

func (s *Store) release() error {
	var err error
	if s.db != nil {
		err = s.db.Close()
	}
	s.ring.Close()
	return errors.Join(err, s.lock.Release())
}

func (s *Store) path(name string) string { return filepath.Join(s.dir, name) }
