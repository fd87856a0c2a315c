package records

import (
	"context"
	"database/sql"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"pointille/internal/atomicfile"
	"pointille/internal/records/audit"
)

// seen is what a witness outside the record remembers of it: how far its log went.
// It says nothing about clients.
type seen struct {
	Seq  int64  `json:"seq"`
	Hash string `json:"hash"`
	At   string `json:"at"`
}

func (s *Store) witnessFile() string { return filepath.Join(s.o.Witness, s.header.ID+".json") }

// witness compares the log with what this machine last saw of it: a record that is
// older, or went another way, was put back from a backup or swapped. Nothing inside
// the record could show that.
func (s *Store) witness(ctx context.Context) error {
	if s.o.Witness == "" {
		return nil
	}
	last, err := s.lastSeen()
	if err != nil || last == nil {
		return errors.Join(err, s.remember(ctx))
	}
	e, err := scanEntry(s.db.QueryRowContext(ctx, `SELECT `+entryColumns+` FROM audit WHERE seq = ?`, last.Seq).Scan)
	if err != nil && !errors.Is(err, sql.ErrNoRows) {
		return said(err)
	}
	if err == nil && hex.EncodeToString(e.Hash) == last.Hash {
		return s.remember(ctx)
	}
	now, err := lastEntry(ctx, s.db)
	if err != nil {
		return err
	}
	text := fmt.Sprintf("this is an older copy or another branch of the record: when it was last open here its log had %d entries, the last of %s", last.Seq, last.At)
	if now != nil {
		text += fmt.Sprintf("; it now has %d, the last of %s", now.Seq, now.At)
	}
	s.notes = append(s.notes, text)
	if s.o.ReadOnly {
		return nil
	}
	err = s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) {
		return []audit.Entry{{Action: audit.Rolled, Detail: []byte(text)}}, nil
	})
	return errors.Join(err, s.remember(ctx))
}

// maxSeen is more than a witness takes, bytes.
const maxSeen = 4096

func (s *Store) lastSeen() (*seen, error) {
	data, err := os.ReadFile(s.witnessFile())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("what this machine last saw of the record: %w", err)
	}
	var w seen
	if len(data) > maxSeen || json.Unmarshal(data, &w) != nil || w.Seq < 1 {
		s.notes = append(s.notes, s.witnessFile()+": is damaged, so an older copy of the record would not be noticed; it is written anew")
		return nil, nil
	}
	return &w, nil
}

// remember writes the end of the log where the witness is. It is no failure of the
// record where that cannot be done, but it is said.
func (s *Store) remember(ctx context.Context) error {
	if s.o.Witness == "" || s.db == nil {
		return nil
	}
	last, err := lastEntry(ctx, s.db)
	if err != nil || last == nil {
		return err
	}
	data, err := json.Marshal(seen{last.Seq, hex.EncodeToString(last.Hash), last.At})
	if err != nil {
		return fmt.Errorf("writing the witness: %w", err)
	}
	err = os.MkdirAll(s.o.Witness, 0o700)
	if err == nil {
		err = atomicfile.WriteBytes(s.witnessFile(), data)
	}
	if err != nil {
		s.notes = append(s.notes, fmt.Sprintf("an older copy of this record will not be noticed here: %v", err))
	}
	return nil
}
