package records

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"pointille/internal/records/audit"
	"pointille/internal/records/blocks"
	"pointille/internal/records/erasure"
	"pointille/internal/records/migrate"
	"pointille/internal/records/schema"
)

// VerifyOptions are for Verify.
type VerifyOptions struct {
	Options
	Repair   bool     // mend what can be mended from copies
	Words    [][]byte // to be searched everywhere, under the encryption too, photos and documents included
	Progress func(done, total int)
}

// Problem is something that is not as it should be.
type Problem struct {
	Where string `json:"where"`
	What  string `json:"what"`
}

func (p Problem) String() string { return p.Where + ": " + p.What }

// Verification says what was checked and found.
type Verification struct {
	Clients  int       `json:"clients"`
	Deleted  int       `json:"deleted"` // clients, by the log
	Items    int       `json:"items"`
	Lines    int       `json:"lines"` // of journals
	Bytes    int64     `json:"bytes"` // of their contents, each opened
	Entries  int64     `json:"entries"`
	Head     string    `json:"head"` // of the log
	Problems []Problem `json:"problems"`
	Repaired []string  `json:"repaired"`
	Notes    []string  `json:"notes"`
	Found    []string  `json:"found"` // where words were found
}

// Verify checks everything in a record: header, blocks of the database, its
// structure, the chain of the log, every row against the log, every file by opening
// it, and that nothing lies in the folder that belongs to no client. An error means
// that it could not be opened at all; what is wrong otherwise stands in the result.
func Verify(ctx context.Context, dir, passphrase string, o VerifyOptions) (*Verification, error) {
	o.ReadOnly = !o.Repair
	s, faults, err := unlocked(ctx, dir, passphrase, o.Options)
	if err != nil {
		return nil, err
	}
	v := &verifier{s: s, o: o, v: &Verification{Problems: []Problem{}, Repaired: []string{}, Notes: []string{}, Found: []string{}}}
	v.hold()
	err = v.run(ctx, faults)
	if err == nil && o.Repair {
		err = s.sync(ctx)
	}
	if err := errors.Join(err, s.release()); err != nil {
		return nil, fmt.Errorf("verifying %s: %w", dir, err)
	}
	return v.v, nil
}

type verifier struct {
	s     *Store
	o     VerifyOptions
	v     *Verification
	sums  bool              // the file of sums is to be written anew
	state map[string][]byte // by id: what the log says is now so
}

// hold keeps writers out while a record is read through. Where one is at work, or
// the medium cannot be written, it goes on without.
func (v *verifier) hold() {
	if v.s.lock != nil {
		return
	}
	lock, err := takeLock(v.s.dir, v.s.o.Who)
	if errors.Is(err, ErrInUse) {
		v.v.Notes = append(v.v.Notes, "the record is being written: what changes meanwhile may show as a problem that is none")
	}
	v.s.lock = lock
}

func (v *verifier) problem(where, format string, args ...any) {
	v.v.Problems = append(v.v.Problems, Problem{where, fmt.Sprintf(format, args...)})
}

func (v *verifier) run(ctx context.Context, faults []error) error {
	if err := v.header(ctx, faults); err != nil {
		return err
	}
	if err := v.blocks(ctx); err != nil {
		return err
	}
	opened, err := v.database(ctx)
	if err != nil || !opened {
		return err
	}
	for _, step := range []func(context.Context) error{v.structure, v.chain, v.contents, v.folder, v.words, v.close} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// header states faults of the header's copies and writes them again.
func (v *verifier) header(ctx context.Context, faults []error) error {
	for _, f := range faults {
		v.problem("header", "%v", f)
	}
	if len(faults) == 0 || !v.o.Repair {
		return nil
	}
	v.v.Repaired = append(v.v.Repaired, "both copies of the header")
	return v.s.header.Write(ctx, v.s.dir)
}

// blocks compares the database with its sums and its copy.
func (v *verifier) blocks(ctx context.Context) error {
	behind, err := v.s.blocks.Behind()
	if err != nil {
		return err
	}
	if behind {
		v.v.Notes = append(v.v.Notes, "the record is being written, or its last writer was ended before its time (the next opening for writing sets that right): its copy of the database is behind and was not compared")
		return nil
	}
	found, err := v.s.blocks.Check(ctx)
	if err != nil {
		return err
	}
	for _, d := range found {
		v.problem(v.s.path(d.File), "%s", d.What())
		v.sums = v.sums || d.File == blocks.Sums
	}
	if len(found) == 0 || !v.o.Repair || v.sums {
		return nil
	}
	left, err := v.s.blocks.Repair(ctx)
	if err != nil {
		return err
	}
	for _, d := range left {
		v.problem(v.s.path(d.File), "could not be mended: %s", d.What())
	}
	v.v.Repaired = append(v.v.Repaired, fmt.Sprintf("%d of %d faults of the database and its copy", len(found)-len(left), len(found)))
	return nil
}

// database opens the database; that it cannot be opened is a problem, not an error.
func (v *verifier) database(ctx context.Context) (bool, error) {
	db, err := openDB(ctx, v.s.dir, v.s.ring, v.s.access())
	if err == nil {
		v.s.db = db
		err = migrate.Check(ctx, db, schema.Files())
	}
	if errors.Is(err, migrate.ErrNewer) || errors.Is(err, migrate.ErrOlder) {
		return false, v.s.versioned(err)
	}
	if err == nil && v.o.Repair {
		err = v.s.settle(ctx)
	}
	if err != nil {
		v.problem(v.s.path(blocks.Data), "%v", said(err))
		return false, ctx.Err()
	}
	return true, nil
}

// structure asks SQLite.
func (v *verifier) structure(ctx context.Context) error {
	for _, q := range []string{`PRAGMA integrity_check(20)`, `SELECT 'a row of table ' || "table" || ' has no client' FROM pragma_foreign_key_check`} {
		lines, err := collect(ctx, v.s.db, scanText, q)
		if err != nil {
			v.problem(v.s.path(blocks.Data), "%v", err)
		}
		for _, line := range lines {
			if line != "ok" {
				v.problem(v.s.path(blocks.Data), "%s", line)
			}
		}
	}
	due, err := v.s.count(ctx, `SELECT (SELECT count(*) FROM due) + (SELECT count(*) FROM doomed)`)
	if err != nil {
		v.problem(v.s.path(blocks.Data), "%v", err)
	}
	if due > 0 {
		v.problem(v.s.dir, "a deletion was interrupted; the next opening for writing ends it")
	}
	return ctx.Err()
}

// chain checks the log and gathers what it says is now so.
func (v *verifier) chain(ctx context.Context) error {
	v.state = map[string][]byte{}
	rows, err := v.s.db.QueryContext(ctx, `SELECT `+entryColumns+` FROM audit ORDER BY seq`)
	if err != nil {
		v.problem("audit log", "%v", said(err))
		return ctx.Err()
	}
	defer rows.Close()
	var before *audit.Entry
	for rows.Next() {
		e, err := scanEntry(rows.Scan)
		if err != nil {
			v.problem("audit log", "%v", said(err))
			return ctx.Err()
		}
		if err := v.s.log.Check(e, before); err != nil {
			v.problem("audit log", "%v", err)
		}
		v.entry(e)
		before = &e
	}
	if err := rows.Err(); err != nil {
		v.problem("audit log", "%v", said(err))
	}
	if before == nil {
		v.problem("audit log", "is empty")
		return ctx.Err()
	}
	v.v.Entries, v.v.Head = before.Seq, before.Head()
	return ctx.Err()
}

func (v *verifier) entry(e audit.Entry) {
	switch e.Action {
	case audit.ClientNew:
		v.state[e.Client] = e.State
	case audit.ItemAdded, audit.LineAdded:
		v.state[e.Item] = e.State
	case audit.ItemRemoved:
		delete(v.state, e.Item)
	case audit.ClientDeleted:
		v.v.Deleted++
		delete(v.state, e.Client)
	case audit.Restored, audit.Rolled:
		v.v.Notes = append(v.v.Notes, fmt.Sprintf("entry %d of the log, %s: %s", e.Seq, e.At, v.say(e)))
	}
	if e.ClockBack {
		v.v.Notes = append(v.v.Notes, fmt.Sprintf("entry %d of the log: the clock stood at %s, before the entry before it", e.Seq, e.At))
	}
}

func (v *verifier) say(e audit.Entry) string {
	if text := v.s.detail(e, nil); text != "" {
		return e.Action + ", " + text
	}
	return e.Action
}

// words searches the database, its copy and the names of files.
func (v *verifier) words(ctx context.Context) error {
	if len(v.o.Words) == 0 {
		return nil
	}
	r, err := erasure.Search(ctx, v.s.dir, v.s.ring.Derive("database"), erasure.Traces{Bytes: v.o.Words})
	if err != nil {
		return err
	}
	v.v.Found = append(v.v.Found, r.Found...)
	clients, err := v.s.secrets(ctx)
	if err != nil {
		return nil // said before
	}
	for _, c := range clients {
		for _, w := range v.o.Words {
			if len(w) > 0 && bytes.Contains([]byte(c.Name), w) {
				v.v.Found = append(v.v.Found, "the name of client "+c.Code)
			}
		}
	}
	return nil
}

// close writes down what was mended.
func (v *verifier) close(ctx context.Context) error {
	if !v.o.Repair {
		return nil
	}
	if v.sums && !v.broken() {
		if err := v.s.begin(); err != nil {
			return err
		}
		v.v.Repaired = append(v.v.Repaired, "the sums and the copy of the database")
	}
	if len(v.v.Repaired) == 0 {
		return nil
	}
	text := fmt.Sprint(v.v.Repaired)
	return v.s.change(ctx, "", func(*sql.Tx) ([]audit.Entry, error) {
		return []audit.Entry{{Action: audit.Repaired, Detail: []byte(text)}}, nil
	})
}

// broken reports whether more than the sums is at fault.
func (v *verifier) broken() bool {
	return slices.ContainsFunc(v.v.Problems, func(p Problem) bool {
		return p.Where == v.s.path(blocks.Data) || p.Where == "audit log"
	})
}
