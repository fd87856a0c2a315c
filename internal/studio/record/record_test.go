package record_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/records"
	"pointille/internal/studio/record"
	"pointille/planner/wishes"
)

func now() time.Time { return time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC) }

func ExampleOpen() {
	var kept memory
	l, err := record.Open(nil, &kept, now)
	if err != nil {
		fmt.Println(err)
		return
	}
	for i, e := range []struct {
		kind string
		data any
	}{
		{record.Create, record.Created{Code: "A-17", Seed: 1}},
		{record.Wish, wishes.Wishes{Look: "shaved"}},
		{record.Wish, wishes.Wishes{Look: "density"}},
		{record.Undo, nil},
	} {
		if _, err := l.Edit(fmt.Sprint(i), e.kind, e.data); err != nil {
			fmt.Println(err)
		}
	}
	s := l.State()
	fmt.Println(s.Code, s.Wishes.Look, s.Undo, s.Redo, len(kept.lines))
	// Output: A-17 shaved 1 1 4
}

// memory is a keeper that forgets when the test ends.
type memory struct {
	lines [][]byte
	last  record.Entry
	full  bool
}

func (m *memory) Keep(e record.Entry) error {
	if m.full {
		return errors.New("the disk is full")
	}
	m.lines, m.last = append(m.lines, e.Line), e
	return nil
}

func begun(t interface{ Fatal(...any) }, kept *memory) *record.Log {
	l, err := record.Open(nil, kept, now)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Edit("begin", record.Create, record.Created{Code: "A-1", Seed: 1}); err != nil {
		t.Fatal(err)
	}
	return l
}

// TestUndoIsAStack does what comes to mind, beside a model that is a list and a
// place in it, and reads everything anew in the end.
func TestUndoIsAStack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var kept memory
		l := begun(t, &kept)
		ages, at := []int{0}, 0
		for i := range rapid.IntRange(0, 10).Draw(t, "edits") {
			id := fmt.Sprint(i)
			switch rapid.IntRange(0, 3).Draw(t, "what") {
			case 0:
				if _, err := l.Edit(id, record.Undo, nil); (err == nil) != (at > 0) || err != nil && !errors.Is(err, record.ErrNothing) {
					t.Fatalf("undo at %d: %v", at, err)
				}
				at = max(0, at-1)
			case 1:
				if _, err := l.Edit(id, record.Redo, nil); (err == nil) != (at < len(ages)-1) {
					t.Fatalf("redo at %d of %d: %v", at, len(ages), err)
				}
				at = min(len(ages)-1, at+1)
			default:
				age := rapid.IntRange(18, 110).Draw(t, "age")
				if _, err := l.Edit(id, record.Wish, wishes.Wishes{Age: age}); err != nil {
					t.Fatal(err)
				}
				ages = append(ages[:at+1], age)
				at++
			}
			s := l.State()
			if s.Wishes.Age != ages[at] || s.Undo != at || s.Redo != len(ages)-1-at {
				t.Fatalf("age %d, undo %d, redo %d; want %d, %d, %d", s.Wishes.Age, s.Undo, s.Redo, ages[at], at, len(ages)-1-at)
			}
		}
		again, err := record.Open(kept.lines, &kept, now)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.State(), l.State()) {
			t.Fatalf("read again:\n%+v\nwas:\n%+v", again.State(), l.State())
		}
	})
}

func TestUndoTakesEachKindBack(t *testing.T) {
	l := begun(t, &memory{})
	edit := func(id, kind string, data any) {
		t.Helper()
		if _, err := l.Edit(id, kind, data); err != nil {
			t.Fatal(err)
		}
	}
	edit("1", record.Wish, wishes.Wishes{Age: 30})
	edit("2", record.Correct, record.Corrections{Scale: map[string]record.Ruler{"front": {A: [2]float64{0, 0}, B: [2]float64{100, 0}, MM: 40}}})
	edit("3", record.AddPhoto, record.Photo{Slot: "front", File: "front.jpg"})
	edit("4", record.Undo, nil)
	s := l.State()
	if s.Corrections.Scale != nil || s.Wishes.Age != 30 || len(s.Photos) != 1 {
		t.Errorf("undo took back more or less than the correction: %+v", s)
	}
}

func TestTheSameEditCountsOnce(t *testing.T) {
	l := begun(t, &memory{})
	for range 3 {
		if _, err := l.Edit("same", record.Wish, wishes.Wishes{Age: 40}); err != nil {
			t.Fatal(err)
		}
	}
	if s := l.State(); s.N != 2 || s.Undo != 1 {
		t.Errorf("sent three times it counts %d times", s.N-1)
	}
}

func TestRefused(t *testing.T) {
	for name, e := range map[string]struct {
		kind string
		data any
	}{
		"age":        {record.Wish, wishes.Wishes{Age: 7}},
		"no kind":    {"paint", nil},
		"twice":      {record.Create, record.Created{Code: "B", Seed: 1}},
		"slot":       {record.AddPhoto, record.Photo{Slot: "../front", File: "../front.jpg"}},
		"file":       {record.AddPhoto, record.Photo{Slot: "front", File: "front./../../x"}},
		"ruler":      {record.Correct, record.Corrections{Scale: map[string]record.Ruler{"front": {MM: 40}}}},
		"brush":      {record.Correct, record.Corrections{Brush: map[string][]record.Stroke{"front": {{Radius: -1, Points: [][2]float64{{1, 1}}}}}}},
		"brush slot": {record.Correct, record.Corrections{Brush: map[string][]record.Stroke{"x": nil}}},
		"design":     {record.Keep, record.Kept{Name: "c"}},
		"answers":    {record.Answers, map[string]string{"schema": "other"}},
		"redo":       {record.Redo, nil},
	} {
		t.Run(name, func(t *testing.T) {
			l := begun(t, &memory{})
			before := l.State()
			if _, err := l.Edit("x", e.kind, e.data); err == nil {
				t.Fatal("taken")
			}
			if !reflect.DeepEqual(before, l.State()) {
				t.Errorf("refused, it changed the state: %+v", l.State())
			}
		})
	}
}

// TestNotKeptDoesNotCount: an edit that cannot be kept changes nothing, and can be
// sent again.
func TestNotKeptDoesNotCount(t *testing.T) {
	var kept memory
	l := begun(t, &kept)
	before := l.State()
	kept.full = true
	then := func() error { t.Error("called though nothing was kept"); return nil }
	if _, err := l.EditWith("1", record.Wish, wishes.Wishes{Age: 50}, record.With{Then: then}); !errors.Is(err, record.ErrNotKept) || !strings.Contains(err.Error(), "the disk is full") {
		t.Errorf("%v", err)
	}
	if !reflect.DeepEqual(before, l.State()) {
		t.Errorf("%+v", l.State())
	}
	kept.full = false
	if s, err := l.Edit("1", record.Wish, wishes.Wishes{Age: 50}); err != nil || s.Wishes.Age != 50 || len(kept.lines) != 2 {
		t.Errorf("%+v, %v", s, err)
	}
}

// TestFilesGoWithTheirEdit: what a photo brings is kept with it, and what it takes the
// place of is named.
func TestFilesGoWithTheirEdit(t *testing.T) {
	var kept memory
	l := begun(t, &kept)
	photo := func(id, slot, hash string) {
		t.Helper()
		there := false
		with := record.With{Files: []record.File{{Kind: "photo", Name: slot + ".jpg", Content: []byte(hash)}}, Then: func() error {
			there = len(l.State().Photos) > 0 && l.State().Photos[0].SHA256 == hash
			return nil
		}}
		if _, err := l.EditWith(id, record.AddPhoto, record.Photo{Slot: slot, File: slot + ".jpg", SHA256: hash}, with); err != nil {
			t.Fatal(err)
		}
		if there {
			t.Error("seen before its files were in their places")
		}
	}
	photo("1", "front", "one")
	if kept.last.Gone != nil || len(kept.last.Add) != 1 || kept.last.Kind != record.AddPhoto {
		t.Errorf("%+v", kept.last)
	}
	photo("2", "front", "two")
	if g := kept.last.Gone; g == nil || g.SHA256 != "one" {
		t.Errorf("%+v", kept.last)
	}
	if _, err := l.Edit("3", record.Drop, "front"); err != nil || kept.last.Gone == nil || kept.last.Gone.SHA256 != "two" {
		t.Errorf("%+v, %v", kept.last, err)
	}
}

func TestDamageNamesTheLine(t *testing.T) {
	var kept memory
	begun(t, &kept)
	if _, err := record.Open(append(kept.lines, []byte(`{"n": 2, "kind": 7}`)), &kept, now); err == nil || !strings.Contains(err.Error(), "line 2 of the journal") {
		t.Errorf("got %v", err)
	}
}

func TestIDs(t *testing.T) {
	seen := map[string]bool{}
	for range 200 {
		id := record.NewID()
		if seen[id] || len(id) != 24 {
			t.Fatalf("%q", id)
		}
		seen[id] = true
	}
}

// TestCodes: the studio takes the codes that the record takes.
func TestCodes(t *testing.T) {
	for code, ok := range map[string]bool{
		"A-17": true, "Ļ 3": true, "": false, " a": false, "a/b": false, `a\b`: false, "<b>": false, ".x": false, "a\nb": false, strings.Repeat("x", 40): true, strings.Repeat("x", 41): false,
	} {
		l, err := record.Open(nil, &memory{}, now)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := l.Edit("1", record.Create, record.Created{Code: code, Seed: 1}); (err == nil) != ok || (records.CheckCode(code) == nil) != ok {
			t.Errorf("%q: %v", code, err)
		}
	}
}

// FuzzLog: whatever stands in the file, reading it neither panics nor lets anything
// in that a state cannot hold.
func FuzzLog(f *testing.F) {
	f.Add([]byte(`{"n":1,"id":"a","at":"2026-11-27T10:00:00Z","kind":"create","data":{"code":"A","seed":1}}` + "\n"))
	f.Add([]byte(`{"n":1,"id":"a","at":"2026-11-27T10:00:00Z","kind":"create","data":{"code":"A","seed":1}}` + "\n" + `{"n":2,"id":"b","kind":"undo"}` + "\n"))
	f.Add([]byte("{}\n{"))
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := record.Open(bytes.Split(bytes.TrimSuffix(data, []byte("\n")), []byte("\n")), &memory{}, now)
		if err != nil {
			return
		}
		s := l.State()
		if err := s.Wishes.Validate(); err != nil {
			t.Fatalf("wishes that cannot be: %v", err)
		}
		if _, err := json.Marshal(s); err != nil {
			t.Fatal(err)
		}
	})
}
