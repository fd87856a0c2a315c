package record_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/studio/record"
	"pointille/planner/wishes"
)

func now() time.Time { return time.Date(2026, 11, 27, 10, 0, 0, 0, time.UTC) }

func ExampleOpen() {
	dir, err := os.MkdirTemp("", "client")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	l, err := record.Open(dir, now)
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
	fmt.Println(s.Code, s.Wishes.Look, s.Undo, s.Redo)
	// Output: A-17 shaved 1 1
}

func begun(t interface{ Fatal(...any) }, dir string) *record.Log {
	l, err := record.Open(dir, now)
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
		dir, err := os.MkdirTemp("", "log")
		if err != nil {
			t.Fatal(err)
		}
		defer os.RemoveAll(dir)
		l := begun(t, dir)
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
		again, err := record.Open(dir, now)
		if err != nil {
			t.Fatal(err)
		}
		if !reflect.DeepEqual(again.State(), l.State()) {
			t.Fatalf("read again:\n%+v\nwas:\n%+v", again.State(), l.State())
		}
	})
}

func TestUndoTakesEachKindBack(t *testing.T) {
	l := begun(t, t.TempDir())
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
	l := begun(t, t.TempDir())
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
			l := begun(t, t.TempDir())
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

func TestCutShortByAPowerCut(t *testing.T) {
	dir := t.TempDir()
	l := begun(t, dir)
	if _, err := l.Edit("1", record.Wish, wishes.Wishes{Age: 50}); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, record.LogFile)
	whole, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for cut := len(whole) - 1; cut > strings.IndexByte(string(whole), '\n'); cut -= 7 {
		if err := os.WriteFile(path, whole[:cut], 0o600); err != nil {
			t.Fatal(err)
		}
		again, err := record.Open(dir, now)
		if err != nil {
			t.Fatal(err)
		}
		if again.State().Wishes.Age != 0 {
			t.Fatal("half an edit counted")
		}
		if _, err := again.Edit("2", record.Wish, wishes.Wishes{Age: 60}); err != nil {
			t.Fatal(err)
		}
		if third, err := record.Open(dir, now); err != nil || third.State().Wishes.Age != 60 {
			t.Fatalf("after the cut at %d: %v", cut, err)
		}
	}
}

func TestDamageNamesTheLine(t *testing.T) {
	dir := t.TempDir()
	begun(t, dir)
	path := filepath.Join(dir, record.LogFile)
	data, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, append(data, "{\"n\": 2, \"kind\": 7}\n"...), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := record.Open(dir, now); err == nil || !strings.Contains(err.Error(), "line 2") {
		t.Errorf("got %v", err)
	}
}

func TestFoldersKeepEverythingOut(t *testing.T) {
	k := record.Folders{Root: filepath.Join(t.TempDir(), "clients")}
	id := record.NewID()
	if err := k.Create(id); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink("/", filepath.Join(k.Root, record.NewID())); err != nil {
		t.Fatal(err)
	}
	if ids, err := k.List(); err != nil || len(ids) != 1 || ids[0] != id {
		t.Errorf("lists %v, %v", ids, err)
	}
	for _, bad := range []string{"", ".", "..", "../" + id, id + "/..", strings.ToUpper(id), id[:20] + "/../", "/etc"} {
		if _, err := k.Folder(bad); !errors.Is(err, record.ErrUnknown) {
			t.Errorf("%q: %v", bad, err)
		}
		if err := k.Remove(bad); !errors.Is(err, record.ErrUnknown) {
			t.Errorf("removing %q: %v", bad, err)
		}
	}
	if info, err := os.Stat(filepath.Join(k.Root, id)); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others can read it: %v %v", info, err)
	}
	if err := k.Remove(id); err != nil {
		t.Fatal(err)
	}
	if _, err := k.Folder(id); !errors.Is(err, record.ErrUnknown) {
		t.Errorf("still there: %v", err)
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

func TestCodes(t *testing.T) {
	for code, ok := range map[string]bool{
		"A-17": true, "Ļ 3": true, "": false, " a": false, "a/b": false, `a\b`: false, "<b>": false, ".x": false, "a\nb": false, strings.Repeat("x", 41): false,
	} {
		if err := record.ValidCode(code); (err == nil) != ok {
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
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, record.LogFile), data, 0o600); err != nil {
			t.Fatal(err)
		}
		l, err := record.Open(dir, now)
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
