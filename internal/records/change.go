package records

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"pointille/internal/records/audit"
	"pointille/internal/records/keys"
)

// begin marks the copy of the database as behind, before the first change.
func (s *Store) begin() error {
	if s.changed {
		return nil
	}
	if err := s.blocks.Begin(); err != nil {
		return s.said(err)
	}
	s.changed = true
	return nil
}

// change runs do in a transaction and adds the entries that it returns to the
// audit log in the same: both are on the disk or neither. The caller holds mu.
// Details of entries are given plain, and sealed here under the key of client
// (its identity), or of the record where it is empty.
func (s *Store) change(ctx context.Context, client string, do func(*sql.Tx) ([]audit.Entry, error)) error {
	if s.o.ReadOnly {
		return ErrReadOnly
	}
	if err := s.begin(); err != nil {
		return err
	}
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return s.said(err)
	}
	defer tx.Rollback() // no-op once committed
	entries, err := do(tx)
	if err != nil {
		return s.said(err)
	}
	for _, e := range entries {
		if err := s.append(ctx, tx, e, client); err != nil {
			return s.said(err)
		}
	}
	return s.said(tx.Commit())
}

// append adds an entry to the log.
func (s *Store) append(ctx context.Context, tx *sql.Tx, e audit.Entry, client string) error {
	before, err := lastEntry(ctx, tx)
	if err != nil {
		return fmt.Errorf("reading the audit log: %w", err)
	}
	if len(e.Detail) > 0 {
		if e.Detail, err = keys.Seal(s.detailKey(client), e.Detail, "detail "+e.Action); err != nil {
			return err
		}
	}
	e = s.log.Next(e, before, s.o.Now())
	_, err = tx.ExecContext(ctx, `INSERT INTO audit (`+entryColumns+`) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		e.Seq, e.At, e.Action, e.Client, e.Item, blob(e.Detail), blob(e.State), e.ClockBack, e.Hash)
	if err != nil {
		return fmt.Errorf("writing the audit log: %w", err)
	}
	return nil
}

// detailKey is the key of details: destroyed with a client, where they are about one.
func (s *Store) detailKey(client string) []byte {
	if client == "" {
		return s.ring.Derive("details")
	}
	return keys.Derive([]byte(client), "fields")
}

// blob keeps no bytes apart from none in a column that must not be null.
func blob(b []byte) []byte {
	if b == nil {
		return []byte{}
	}
	return b
}

// querier is a database or a transaction.
type querier interface {
	QueryRowContext(ctx context.Context, query string, args ...any) *sql.Row
	QueryContext(ctx context.Context, query string, args ...any) (*sql.Rows, error)
}

const entryColumns = `seq, at, action, client, item, detail, state, clock_back, hash`

func scanEntry(scan func(...any) error) (e audit.Entry, err error) {
	err = scan(&e.Seq, &e.At, &e.Action, &e.Client, &e.Item, &e.Detail, &e.State, &e.ClockBack, &e.Hash)
	return e, err
}

// lastEntry returns the end of the log, nil where it is empty.
func lastEntry(ctx context.Context, q querier) (*audit.Entry, error) {
	e, err := scanEntry(q.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM audit ORDER BY seq DESC LIMIT 1`).Scan)
	if errors.Is(err, sql.ErrNoRows) {
		return nil, nil
	}
	if err != nil {
		return nil, said(err)
	}
	return &e, nil
}

// Audit returns the log of one client, or of the whole record where code is empty,
// oldest first. Details of clients that are gone cannot be opened any more.
func (s *Store) Audit(ctx context.Context, code string) ([]audit.Entry, error) {
	where, args := "", []any{}
	if code != "" {
		c, err := s.secretOf(ctx, code)
		if err != nil {
			return nil, err
		}
		where, args = " WHERE client = ?", append(args, c.ID)
	}
	all, err := collect(ctx, s.db, scanEntry, `SELECT `+entryColumns+` FROM audit`+where+` ORDER BY seq`, args...)
	if err != nil {
		return nil, err
	}
	identities, err := s.identities(ctx)
	if err != nil {
		return nil, err
	}
	for i := range all {
		all[i].Text = s.detail(all[i], identities)
	}
	return all, nil
}

// detail opens the detail of an entry; "" where there is none or its key is gone.
func (s *Store) detail(e audit.Entry, identities map[string]string) string {
	identity, there := identities[e.Client]
	if len(e.Detail) == 0 || e.Client != "" && !there {
		return ""
	}
	text, err := keys.Open(s.detailKey(identity), e.Detail, "detail "+e.Action)
	if err != nil {
		return ""
	}
	return string(text)
}

// collect reads all rows of a query.
func collect[T any](ctx context.Context, q querier, scan func(func(...any) error) (T, error), query string, args ...any) (all []T, err error) {
	rows, err := q.QueryContext(ctx, query, args...)
	if err != nil {
		return nil, said(err)
	}
	defer rows.Close()
	for rows.Next() {
		v, err := scan(rows.Scan)
		if err != nil {
			return nil, said(err)
		}
		all = append(all, v)
	}
	return all, said(rows.Err())
}
