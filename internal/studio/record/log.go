// Package record is what a consultation is: a log of every edit, and the state that
// its edits come to.
//
// The log is the truth, so that undo and redo outlive a restart and the same edit
// sent twice counts once. A Keeper takes each line, with the files that belong to
// it, where it lasts before the edit counts. A line that says nothing a state can
// hold is an error that names it.
package record

import (
	"bytes"
	"crypto/rand"
	"encoding/base32"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"
)

// Keeper keeps what an edit brings. When Keep returns nil it lasts; when it returns
// an error nothing of it does.
type Keeper interface{ Keep(Entry) error }

// Entry is one edit on its way to be kept.
type Entry struct {
	Line []byte // of the log, without an end
	Kind string // of the edit
	Add  []File // what came with it
	Gone *Photo // the photo that it takes away or puts another in the place of; nil: none
}

// File belongs to an edit: a photo, a signed consent.
type File struct {
	Kind    string // as in package records; empty: told by the content
	Name    string
	Content []byte
}

// With is what comes with an edit.
type With struct {
	Files []File
	// Then is called once the edit is kept and before anybody sees it in the state:
	// to put files where the state says that they are. May be nil.
	Then func() error
}

// ErrNotKept is the error of an edit that is right and could not be kept: the disk is
// full, or somebody else has the record. Sent again later it may be.
var ErrNotKept = errors.New("this could not be kept and is tried again")

// ErrUnknown is returned for a client that there is not.
var ErrUnknown = errors.New("there is no such client")

// NewID returns an id for an edit that nobody had before.
func NewID() string {
	b := make([]byte, 15)
	rand.Read(b) // never fails
	return strings.ToLower(base32.StdEncoding.EncodeToString(b))
}

// Log is an open consultation. It is safe for concurrent use.
type Log struct {
	keeper Keeper
	now    func() time.Time

	writing sync.Mutex      // one edit at a time; what it waits for keeps nobody from reading
	seen    map[string]bool // ids of edits

	mu   sync.Mutex
	fold fold
}

// Open reads the lines of a log. Further ones go to the keeper.
func Open(lines [][]byte, keeper Keeper, now func() time.Time) (*Log, error) {
	l := &Log{keeper: keeper, now: now, seen: map[string]bool{}}
	for i, line := range lines {
		e, err := decode(line)
		if err == nil {
			err = l.fold.apply(e)
		}
		if err != nil {
			return nil, fmt.Errorf("line %d of the journal: %w", i+1, err)
		}
		l.seen[e.ID] = true
	}
	return l, nil
}

// decode reads one line.
func decode(line []byte) (Edit, error) {
	var e Edit
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("no edit: %w", err)
	}
	return e, nil
}

// State returns what the edits come to so far.
func (l *Log) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fold.state
}

// Edit adds an edit, which is kept before it returns. One whose id was seen before
// changes nothing and is no error: the tablet did not hear the answer.
func (l *Log) Edit(id, kind string, data any) (State, error) {
	return l.EditWith(id, kind, data, With{})
}

// EditWith is Edit with files that are kept with it or not at all.
func (l *Log) EditWith(id, kind string, data any, with With) (State, error) {
	raw, err := marshal(data)
	if err != nil {
		return State{}, err
	}
	l.writing.Lock()
	defer l.writing.Unlock()
	state := l.State()
	if id == "" || len(id) > 80 {
		return state, errors.New("an edit needs an id of 1 to 80 letters")
	}
	if l.seen[id] {
		return state, nil
	}
	e := Edit{N: state.N + 1, ID: id, At: l.now().UTC().Truncate(time.Millisecond), Kind: kind, Data: raw}
	next := l.fold.clone() // only who writes changes it
	if err := next.apply(e); err != nil {
		return state, err
	}
	line, err := json.Marshal(e)
	if err != nil {
		return state, fmt.Errorf("writing the edit: %w", err)
	}
	if err := l.keeper.Keep(Entry{Line: line, Kind: kind, Add: with.Files, Gone: gone(state, next.state)}); err != nil {
		return state, fmt.Errorf("%w: %w", ErrNotKept, err)
	}
	l.seen[id] = true
	if with.Then != nil {
		err = with.Then()
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	l.fold = next
	return l.fold.state, err
}

// gone is the photo of a state that the next one lacks.
func gone(was, is State) *Photo {
	for _, p := range was.Photos {
		if !slices.Contains(is.Photos, p) {
			return &p
		}
	}
	return nil
}

func marshal(data any) (json.RawMessage, error) {
	if data == nil {
		return nil, nil
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("writing the edit: %w", err)
	}
	return raw, nil
}

// clone lets an edit that fails be forgotten.
func (f fold) clone() fold {
	f.done, f.undone = append([]Edit(nil), f.done...), append([]Edit(nil), f.undone...)
	return f
}
