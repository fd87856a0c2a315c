package records

import (
	"context"
	"database/sql"
	"encoding/hex"
	"fmt"

	"pointille/internal/records/audit"
	"pointille/internal/records/keys"
)

// Fill adds clients with three documents each in one transaction, as if they had
// come one by one: rows and log are the same, files there are none. For benchmarks.
func (s *Store) Fill(ctx context.Context, clients int) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for from := 0; from < clients; from += 1000 {
		err := s.change(ctx, "", func(tx *sql.Tx) (all []audit.Entry, err error) {
			for i := from; i < min(from+1000, clients); i++ {
				e, err := s.fillOne(ctx, tx, i)
				if err != nil {
					return nil, err
				}
				all = append(all, e...)
			}
			return all, nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

func (s *Store) fillOne(ctx context.Context, tx *sql.Tx, i int) ([]audit.Entry, error) {
	c, err := s.forge(fmt.Sprintf("c-%05d", i), "Name of a client")
	if err != nil {
		return nil, err
	}
	if err := insertClient(ctx, tx, c); err != nil {
		return nil, err
	}
	all := []audit.Entry{{Action: audit.ClientNew, Client: c.ID, Detail: []byte(c.Code), State: s.clientState(c)}}
	for _, kind := range []string{Photo, Plan, Consent} {
		r, err := s.newRow(c, New{Kind: kind, Name: kind + ".json", Content: keys.New(8)}, hex.EncodeToString(keys.New(32)))
		if err != nil {
			return nil, err
		}
		if err := insertItem(ctx, tx, r); err != nil {
			return nil, err
		}
		all = append(all, audit.Entry{Action: audit.ItemAdded, Client: c.ID, Item: r.ID, Detail: []byte(kind), State: s.itemState(r)})
	}
	return all, nil
}

// SetVersion pretends that another program wrote the database.
func (s *Store) SetVersion(ctx context.Context, version int) error {
	if err := s.begin(); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version))
	return err
}

// Tamper runs a statement behind the log's back.
func (s *Store) Tamper(ctx context.Context, statement string) error {
	if err := s.begin(); err != nil {
		return err
	}
	_, err := s.db.ExecContext(ctx, statement)
	return err
}
