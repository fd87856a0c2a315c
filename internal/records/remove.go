package records

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"syscall"

	"pointille/internal/atomicfile"
	"pointille/internal/records/audit"
	"pointille/internal/records/disk"
	"pointille/internal/records/erasure"
)

// tidyTask stands in the table of what is due from a deletion until the database
// was written anew.
const tidyTask = "tidy"

// Remove takes one item away: its row, and its file unless another item has the
// same content.
func (s *Store) Remove(ctx context.Context, id string) error {
	r, _, err := s.itemOf(ctx, id)
	if err != nil {
		return err
	}
	_, err = s.Apply(ctx, r.Client, Batch{Remove: []string{id}})
	return err
}

// Delete makes everything held of a client unreadable and takes it away: the
// client's key is destroyed, rows and files are removed, the database is written
// anew without what it had freed, its copy too, and then all of it is searched for
// what was deleted. The audit log keeps the client's random id and what was done
// when; its words about the client cannot be opened any more.
//
// From the first moment at which the client is no longer listed the rest is done
// even if the program is ended: the next opening goes on.
func (s *Store) Delete(ctx context.Context, code string) (*erasure.Report, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.o.ReadOnly {
		return nil, ErrReadOnly
	}
	traces, err := s.traces(ctx, code)
	if err != nil {
		return nil, err
	}
	err = s.deleteRows(ctx, traces.Client)
	if errors.Is(err, syscall.ENOSPC) { // make room with what can be made again
		err = errors.Join(s.blocks.DropCopy(), s.deleteRows(ctx, traces.Client))
	}
	if err != nil {
		return nil, err
	}
	if err := s.finishDeletion(ctx); err != nil {
		return nil, fmt.Errorf("client %s is deleted and the key destroyed, but what is left of it could not be cleared away; the next opening for writing goes on: %w", code, err)
	}
	return erasure.Search(ctx, s.dir, s.ring.Derive("database"), *traces)
}

// deleteRows destroys a client's key, takes its rows away and notes what is still to
// be done.
func (s *Store) deleteRows(ctx context.Context, id string) error {
	return s.change(ctx, "", func(tx *sql.Tx) ([]audit.Entry, error) {
		for _, q := range []string{
			`INSERT OR IGNORE INTO doomed SELECT DISTINCT file FROM item WHERE client = ?`,
			`DELETE FROM item WHERE client = ?`, `DELETE FROM line WHERE client = ?`, `UPDATE client SET key = zeroblob(length(key)), name = zeroblob(length(name)) WHERE id = ?`,
			`DELETE FROM client WHERE id = ?`,
		} {
			if _, err := tx.ExecContext(ctx, q, id); err != nil {
				return nil, err
			}
		}
		_, err := tx.ExecContext(ctx, `INSERT OR IGNORE INTO due VALUES (?)`, tidyTask)
		return []audit.Entry{{Action: audit.ClientDeleted, Client: id}}, err
	})
}

// traces are what a client's deletion must leave none of.
func (s *Store) traces(ctx context.Context, code string) (*erasure.Traces, error) {
	c, err := s.secretOf(ctx, code)
	if err != nil {
		return nil, err
	}
	rows, err := s.rows(ctx, c, `client = ?`, c.ID)
	if err != nil {
		return nil, err
	}
	t := &erasure.Traces{Client: c.ID, Bytes: [][]byte{[]byte(c.ID + c.Code), c.sealed, c.name, []byte(c.identity)}}
	for _, r := range rows {
		t.Files = append(t.Files, r.File)
		t.Bytes = append(t.Bytes, r.name, []byte(r.File))
	}
	lines, err := s.sealedLines(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for i := 0; i < len(lines); i += 1 + len(lines)/mostLines {
		t.Bytes = append(t.Bytes, lines[i].text)
	}
	for _, word := range []string{c.Code, c.Name} {
		others, err := s.count(ctx, `SELECT count(*) FROM client WHERE id <> ? AND instr(lower(code), lower(?)) > 0`, c.ID, word)
		if err != nil {
			return nil, err
		}
		if len(word) >= erasure.MinWord && others == 0 {
			t.Bytes = append(t.Bytes, []byte(word))
		}
	}
	return t, nil
}

// mostLines of a journal are searched for, evenly: each costs a pass over the
// database.
const mostLines = 20

func (s *Store) count(ctx context.Context, query string, args ...any) (n int, err error) {
	err = s.db.QueryRowContext(ctx, query, args...).Scan(&n)
	return n, s.said(err)
}

// finishDeletion removes files whose items are gone, writes the database anew and
// its copy after it.
func (s *Store) finishDeletion(ctx context.Context) error {
	if err := s.doom(ctx); err != nil {
		return err
	}
	if err := s.begin(); err != nil {
		return err
	}
	if _, err := s.db.ExecContext(ctx, `VACUUM`); err != nil {
		return s.said(fmt.Errorf("writing the database anew: %w", err))
	}
	if _, err := s.db.ExecContext(ctx, `DELETE FROM due WHERE task = ?`, tidyTask); err != nil {
		return s.said(err)
	}
	return s.sync(ctx)
}

// doom removes the files whose items are gone.
func (s *Store) doom(ctx context.Context) error {
	names, err := collect(ctx, s.db, scanText, `SELECT file FROM doomed`)
	if err != nil {
		return err
	}
	if len(names) == 0 {
		return nil
	}
	if err := s.begin(); err != nil {
		return err
	}
	for _, name := range names {
		if err := s.vault.Remove(name); err != nil {
			return err
		}
	}
	_, err = s.db.ExecContext(ctx, `DELETE FROM doomed`)
	return s.said(err)
}

func scanText(scan func(...any) error) (v string, err error) {
	err = scan(&v)
	return v, err
}

// known reports whether a file has an item.
func (s *Store) known(ctx context.Context) func(name string) (bool, error) {
	return func(name string) (bool, error) {
		n, err := s.count(ctx, `SELECT count(*) FROM item WHERE file = ?`, name)
		return n > 0, err
	}
}

// settle ends what a crash left half done.
func (s *Store) settle(ctx context.Context) error {
	behind, err := s.blocks.Behind()
	if err != nil {
		return fmt.Errorf("looking for a crash: %w", err)
	}
	if err := errors.Join(sweep(s.dir), s.vault.Settle(s.known(ctx))); err != nil {
		return s.said(err)
	}
	due, err := s.count(ctx, `SELECT count(*) FROM due`)
	if err != nil {
		return err
	}
	if due > 0 {
		if err := s.finishDeletion(ctx); err != nil {
			return fmt.Errorf("going on with a deletion that was interrupted: %w", err)
		}
		s.notes = append(s.notes, "a deletion that was interrupted is now done")
	}
	if err := s.doom(ctx); err != nil {
		return err
	}
	if !behind {
		return nil
	}
	return s.recover(ctx)
}

// sweep takes away files at the root of a record that were never finished.
func sweep(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return fmt.Errorf("looking for unfinished files: %w", err)
	}
	for _, e := range entries {
		name := e.Name()
		if name != freshData && !atomicfile.Unfinished(name) {
			continue
		}
		if err := disk.Gone(os.Remove(filepath.Join(dir, name))); err != nil {
			return fmt.Errorf("taking away an unfinished file: %w", err)
		}
	}
	return nil
}

// recover brings the copy of the database up to date after a writer was ended
// before its time. The database must be whole, or damage would be copied too.
func (s *Store) recover(ctx context.Context) error {
	var verdict string
	if err := s.db.QueryRowContext(ctx, `PRAGMA quick_check(1)`).Scan(&verdict); err != nil {
		return s.said(err)
	}
	if verdict != "ok" {
		return fmt.Errorf("%w (%s)", ErrDamaged, verdict)
	}
	s.changed = true
	if err := s.sync(ctx); err != nil {
		return errors.Join(errors.New("after the last writer was ended before its time"), err)
	}
	return nil
}
