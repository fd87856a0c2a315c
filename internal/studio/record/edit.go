package record

import (
	"encoding/json"
	"fmt"
	"slices"
	"time"

	"pointille/planner/ledger"
	"pointille/planner/screening"
	"pointille/planner/wishes"
)

// Kinds of edits.
const (
	Create   = "create"   // data: Created
	Answers  = "answers"  // data: screening.Answers
	AddPhoto = "photo"    // data: Photo; replaces the one of its slot
	Drop     = "unphoto"  // data: a slot
	Wish     = "wishes"   // data: wishes.Wishes, whole; can be undone
	Correct  = "correct"  // data: Corrections, whole; can be undone
	Keep     = "keep"     // data: Kept; a design put aside to compare
	Schedule = "schedule" // data: Days
	Sign     = "sign"     // data: Signed
	Ink      = "ink"      // data: ledger.Ledger, whole: which bottles went into this client, and when
	Undo     = "undo"
	Redo     = "redo"
)

// Edit is one line of the log. Lines are only ever added.
type Edit struct {
	N    int             `json:"n"`    // from 1
	ID   string          `json:"id"`   // given by who made it: the same edit sent twice counts once
	At   time.Time       `json:"at"`   // by the server's clock
	Kind string          `json:"kind"` // one of the kinds above
	Data json.RawMessage `json:"data,omitempty"`
}

// Created begins a consultation.
type Created struct {
	Code string `json:"code"` // never a name
	Seed uint64 `json:"seed"` // of its plans
}

// Photo is a photo of the consultation.
type Photo struct {
	Slot   string `json:"slot"` // front, left, right, back, top, crown, macro-1 ...
	File   string `json:"file"` // in the folder of photos
	SHA256 string `json:"sha256"`
}

// Corrections are what the artist sees better than the survey. Places are pixels
// of the upright photo, by slot.
type Corrections struct {
	Scale map[string]Ruler    `json:"scale,omitempty"`
	Brush map[string][]Stroke `json:"brush,omitempty"`
}

// Ruler is a length known between two points of a photo.
type Ruler struct {
	A  [2]float64 `json:"a"`
	B  [2]float64 `json:"b"`
	MM float64    `json:"mm"`
}

// Stroke says where hair grows or does not.
type Stroke struct {
	Hair   bool         `json:"hair"`
	Radius float64      `json:"radius"`
	Points [][2]float64 `json:"points"`
}

// Kept is a design put aside.
type Kept struct {
	Name   string        `json:"name"` // a | b
	Wishes wishes.Wishes `json:"wishes"`
}

// Days is what the sessions' days were worked out from.
type Days struct {
	First    string `json:"first"`
	Start    string `json:"start,omitempty"`
	Override string `json:"override,omitempty"`
}

// Signed says that a consent was signed; the consent itself is a file.
type Signed struct {
	File   string `json:"file"`
	SHA256 string `json:"sha256"` // of the text
}

// State is what all edits come to.
type State struct {
	Code        string             `json:"code"`
	Seed        uint64             `json:"seed"`
	Created     time.Time          `json:"created"`
	Changed     time.Time          `json:"changed"`
	Answers     *screening.Answers `json:"answers,omitempty"`
	Photos      []Photo            `json:"photos"`
	Wishes      wishes.Wishes      `json:"wishes"`
	Corrections Corrections        `json:"corrections"`
	Kept        []Kept             `json:"kept"`
	Scheduled   *Days              `json:"scheduled,omitempty"`
	Signed      *Signed            `json:"signed,omitempty"`
	Ink         *ledger.Ledger     `json:"ink,omitempty"`
	Undo        int                `json:"undo"` // how many edits can be undone
	Redo        int                `json:"redo"`
	N           int                `json:"n"` // edits so far
}

// fold is a state and what is needed to go on from it.
type fold struct {
	state        State
	done, undone []Edit
}

func undoable(kind string) bool { return kind == Wish || kind == Correct }

// apply adds an edit. An edit that says nothing the state can hold is an error
// and changes nothing.
func (f *fold) apply(e Edit) error {
	if f.state.Code == "" && e.Kind != Create {
		return fmt.Errorf("edit %d: %q before the consultation was begun", e.N, e.Kind)
	}
	var err error
	switch {
	case e.Kind == Undo:
		err = f.undo()
	case e.Kind == Redo:
		err = f.redo()
	case undoable(e.Kind):
		if err = f.set(e); err == nil {
			f.done, f.undone = append(f.done, e), nil
		}
	default:
		err = f.set(e)
	}
	if err != nil {
		return fmt.Errorf("edit %d (%s): %w", e.N, e.Kind, err)
	}
	f.state.Undo, f.state.Redo, f.state.N, f.state.Changed = len(f.done), len(f.undone), e.N, e.At
	return nil
}

// undo takes the last edit back: its kind is as the one before left it.
func (f *fold) undo() error {
	if len(f.done) == 0 {
		return ErrNothing
	}
	last := f.done[len(f.done)-1]
	f.done, f.undone = f.done[:len(f.done)-1], append(f.undone, last)
	for _, e := range slices.Backward(f.done) {
		if e.Kind == last.Kind {
			return f.set(e)
		}
	}
	if last.Kind == Wish {
		f.state.Wishes = wishes.Wishes{}
	} else {
		f.state.Corrections = Corrections{}
	}
	return nil
}

func (f *fold) redo() error {
	if len(f.undone) == 0 {
		return ErrNothing
	}
	next := f.undone[len(f.undone)-1]
	f.done, f.undone = append(f.done, next), f.undone[:len(f.undone)-1]
	return f.set(next)
}

// set makes the state what an edit says.
func (f *fold) set(e Edit) error {
	s := &f.state
	switch e.Kind {
	case Create:
		return f.create(e)
	case Answers:
		return into(e, func(a screening.Answers) error { return a.Validate() }, func(a screening.Answers) { s.Answers = &a })
	case AddPhoto:
		return into(e, Photo.validate, func(p Photo) { s.Photos = addPhoto(s.Photos, p) })
	case Drop:
		return into(e, anything, func(slot string) { s.Photos = without(s.Photos, slot) })
	case Wish:
		return into(e, wishes.Wishes.Validate, func(w wishes.Wishes) { s.Wishes = w })
	case Correct:
		return into(e, Corrections.validate, func(c Corrections) { s.Corrections = c })
	case Keep:
		return into(e, Kept.validate, func(k Kept) { s.Kept = keep(s.Kept, k) })
	case Schedule:
		return into(e, anything, func(d Days) { s.Scheduled = &d })
	case Ink:
		return into(e, func(l ledger.Ledger) error { return l.Validate() }, func(l ledger.Ledger) { s.Ink = &l })
	case Sign:
		return into(e, anything, func(d Signed) { s.Signed = &d })
	}
	return fmt.Errorf("no edit is of the kind %q", e.Kind)
}

func (f *fold) create(e Edit) error {
	if f.state.Code != "" {
		return fmt.Errorf("the consultation was begun already")
	}
	return into(e, Created.validate, func(c Created) {
		f.state = State{Code: c.Code, Seed: c.Seed, Created: e.At, Photos: []Photo{}, Kept: []Kept{}}
	})
}

// into reads the data of an edit, checks it, and only then uses it.
func into[T any](e Edit, check func(T) error, use func(T)) error {
	var v T
	if err := json.Unmarshal(e.Data, &v); err != nil {
		return fmt.Errorf("its data: %w", err)
	}
	if err := check(v); err != nil {
		return err
	}
	use(v)
	return nil
}

// anything checks what the server itself wrote, or what cannot be wrong.
func anything[T any](T) error { return nil }

func without(all []Photo, slot string) []Photo {
	return slices.DeleteFunc(slices.Clone(all), func(p Photo) bool { return p.Slot == slot })
}

func addPhoto(all []Photo, p Photo) []Photo {
	out := append(without(all, p.Slot), p)
	slices.SortFunc(out, func(a, b Photo) int { return slices.Index(Slots(), a.Slot) - slices.Index(Slots(), b.Slot) })
	return out
}

func keep(all []Kept, k Kept) []Kept {
	return append(slices.DeleteFunc(slices.Clone(all), func(q Kept) bool { return q.Name == k.Name }), k)
}
