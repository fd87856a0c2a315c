package shelf_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"pointille/internal/records"
	"pointille/internal/records/keys"
	"pointille/internal/studio/record"
	"pointille/internal/studio/shelf"
	"pointille/planner/wishes"
)

const passphrase = "violet harbour nine candle"

func made(dir string) (*records.Store, error) {
	s, _, err := records.Create(context.Background(), dir, passphrase, records.Options{Cost: keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	return s, err
}

func Example() {
	dir, err := os.MkdirTemp("", "shelf")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	store, err := made(filepath.Join(dir, "record"))
	if err != nil {
		fmt.Println(err)
		return
	}
	ctx := context.Background()
	s, err := shelf.Open(store, shelf.Options{Work: dir})
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	id, _ := s.Create(ctx, "A-17")
	c, err := s.Take(ctx, id)
	if err != nil {
		fmt.Println(err)
		return
	}
	state, err := c.Log.Edit("1", record.Wish, wishes.Wishes{Age: 40})
	fmt.Println(state.Code, state.Wishes.Age, state.Undo, err)
	fmt.Println(c.PutAway())
	// Output:
	// A-17 40 1 <nil>
	// <nil>
}

// bench is a shelf over a record.
type bench struct {
	*testing.T
	dir string
	s   *shelf.Shelf
}

func newBench(t *testing.T) *bench {
	b := &bench{T: t, dir: t.TempDir()}
	store, err := made(filepath.Join(b.dir, "record"))
	b.check(err)
	b.over(store)
	return b
}

func (b *bench) check(err error) {
	b.Helper()
	if err != nil {
		b.Fatal(err)
	}
}

func (b *bench) over(store *records.Store) {
	b.Helper()
	var err error
	b.s, err = shelf.Open(store, shelf.Options{Work: b.dir})
	b.check(err)
	b.Cleanup(func() { b.s.Close() })
}

// again closes everything and opens it as another start does.
func (b *bench) again() {
	b.Helper()
	b.check(b.s.Close())
	store, err := records.Open(b.Context(), filepath.Join(b.dir, "record"), passphrase, records.Options{})
	b.check(err)
	b.over(store)
}

func (b *bench) take(id string) *shelf.Case {
	b.Helper()
	c, err := b.s.Take(b.Context(), id)
	b.check(err)
	return c
}

// photo adds a photo as the studio does, of made-up content.
func (b *bench) photo(c *shelf.Case, slot, content string) {
	b.Helper()
	dir := b.TempDir()
	for name, text := range map[string]string{slot + ".jpg": content, slot + ".thumb.jpg": "thumb of " + content, slot + ".screen.hair.png": "hair of " + content} {
		b.check(os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600))
	}
	files, err := shelf.Pack(dir, slot, slot+".jpg", []byte(content))
	b.check(err)
	p := record.Photo{Slot: slot, File: slot + ".jpg", SHA256: shelf.HashOf([]byte(content))}
	_, err = c.Log.EditWith(record.NewID(), record.AddPhoto, p, record.With{Files: files})
	b.check(err)
}

// held are the names of what the record has of a client.
func (b *bench) held(code string) (names []string) {
	items, err := b.s.Record().Items(b.Context(), code)
	b.check(err)
	for _, i := range items {
		names = append(names, i.Kind+" "+i.Name)
	}
	return names
}

// TestFoundAgain: another start lays out what was there.
func TestFoundAgain(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	id, err := b.s.Create(ctx, "A-17")
	b.check(err)
	c := b.take(id)
	b.photo(c, "front", "one")
	b.photo(c, "top", "two")
	for i, f := range []record.File{{Kind: records.Schedule, Name: "schedule.json", Content: []byte("{}")}, {Kind: records.Document, Name: "schedule.ics", Content: []byte("BEGIN")}, {Kind: records.Consent, Name: "consent-1.json", Content: []byte(`{"a":1}`)}} {
		kind, data := record.Schedule, any(record.Days{First: "2030-01-01"})
		if f.Kind == records.Consent {
			kind, data = record.Sign, record.Signed{File: f.Name}
		}
		_, err := c.Log.EditWith(fmt.Sprint("e", i), kind, data, record.With{Files: []record.File{f}})
		b.check(err)
	}
	state := c.Log.State()
	b.again()
	c = b.take(id)
	if got := c.Log.State(); !reflect.DeepEqual(got, state) {
		t.Errorf("%+v\nwas %+v", got, state)
	}
	for name, want := range map[string]string{"work/front.thumb.jpg": "thumb of one", "work/top.screen.hair.png": "hair of two", "plan/schedule.json": "{}", "plan/schedule.ics": "BEGIN", "consent-1.json": `{"a":1}`} {
		if data, err := os.ReadFile(filepath.Join(c.Dir, name)); err != nil || string(data) != want {
			t.Errorf("%s: %q, %v", name, data, err)
		}
	}
	b.check(c.WithPhotos(ctx, func(dir string) error {
		if data, err := os.ReadFile(filepath.Join(dir, "front.jpg")); err != nil || string(data) != "one" {
			t.Errorf("%q, %v", data, err)
		}
		return nil
	}))
	if info, err := os.Stat(c.Dir); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("others can read it: %v, %v", info, err)
	}
	if photos, err := filepath.Glob(filepath.Join(c.Dir, "photos*")); err != nil || len(photos) > 0 {
		t.Errorf("photos lie there when nobody needs them: %v, %v", photos, err)
	}
	b.check(c.PutAway())
	if data, err := b.s.WorkFile(ctx, id, "front", ".thumb.jpg"); err != nil || string(data) != "thumb of one" {
		t.Errorf("%q, %v", data, err)
	}
	if _, err := b.s.WorkFile(ctx, id, "back", ".thumb.jpg"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("%v", err)
	}
	b.check(b.s.Close())
	if _, err := os.Stat(b.s.Work()); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("the private folder is there after the end: %v", err)
	}
}

// TestTakenAgain: a photo that another takes the place of is gone from the record, and
// one of the same name that the command line added is not.
func TestTakenAgain(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	id, err := b.s.Create(ctx, "A")
	b.check(err)
	_, err = b.s.Record().Add(ctx, "A", records.New{Kind: records.Photo, Name: "front.jpg", Content: []byte("by hand")})
	b.check(err)
	c := b.take(id)
	b.photo(c, "front", "one")
	b.photo(c, "front", "two")
	if got := strings.Join(b.held("A"), ", "); got != "photo front.jpg, photo front.jpg, work front.work.zip" {
		t.Error(got)
	}
	_, err = c.Log.Edit("drop", record.Drop, "front")
	b.check(err)
	if got := strings.Join(b.held("A"), ", "); got != "photo front.jpg" {
		t.Error(got)
	}
	items, err := b.s.Record().Items(ctx, "A")
	b.check(err)
	if data, err := b.s.Record().Read(ctx, items[0].ID); err != nil || string(data) != "by hand" {
		t.Errorf("%q, %v", data, err)
	}
}

// TestByTheCommandLine: a client that was made without the studio can be consulted, and
// a list of it changes nothing.
func TestByTheCommandLine(t *testing.T) {
	b := newBench(t)
	ctx := t.Context()
	client, err := b.s.Record().NewClient(ctx, "B-2", "Anna")
	b.check(err)
	if s, err := b.s.State(ctx, client.ID); err != nil || s.Code != "" {
		t.Errorf("%+v, %v", s, err)
	}
	if all, err := b.s.List(ctx); err != nil || len(all) != 1 || all[0].Lines != 0 || all[0].Code != "B-2" {
		t.Errorf("%+v, %v", all, err)
	}
	if s := b.take(client.ID).Log.State(); s.Code != "B-2" || s.N != 1 || s.Seed != 1 {
		t.Errorf("%+v", s)
	}
	if _, err := b.s.Create(ctx, "b-2"); !errors.Is(err, records.ErrExists) {
		t.Errorf("twice the same client: %v", err)
	}
	b.check(b.s.Remove(ctx, client.ID))
	for _, bad := range []string{client.ID, "", "..", "/etc"} {
		if _, err := b.s.Take(ctx, bad); !errors.Is(err, record.ErrUnknown) {
			t.Errorf("%q: %v", bad, err)
		}
		if err := b.s.Remove(ctx, bad); !errors.Is(err, record.ErrUnknown) {
			t.Errorf("removing %q: %v", bad, err)
		}
	}
}

// TestWorkIsPrivate: what a killed program left is taken away, and a folder that
// somebody else put there is refused.
func TestWorkIsPrivate(t *testing.T) {
	b := newBench(t)
	work := b.s.Work()
	if info, err := os.Stat(work); err != nil || info.Mode().Perm() != 0o700 {
		t.Errorf("%v, %v", info, err)
	}
	left := filepath.Join(work, "left", "front.jpg")
	b.check(os.MkdirAll(filepath.Dir(left), 0o700))
	b.check(os.WriteFile(left, []byte("of a killed program"), 0o600))
	if _, err := shelf.Open(b.s.Record(), shelf.Options{Work: b.dir}); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat(left); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("it is still there: %v", err)
	}
	b.check(os.Remove(work))
	for name, put := range map[string]func() error{
		"open to others": func() error { return errors.Join(os.Mkdir(work, 0o700), os.Chmod(work, 0o755)) },
		"a link":         func() error { return os.Symlink(b.dir, work) },
		"a file":         func() error { return os.WriteFile(work, nil, 0o700) },
	} {
		b.check(put())
		if _, err := shelf.Open(b.s.Record(), shelf.Options{Work: b.dir}); err == nil || !strings.Contains(err.Error(), "not this user's own private folder") {
			t.Errorf("%s: %v", name, err)
		}
		b.check(os.Remove(work))
	}
}

// TestMemory: without a place named, work lies on a disk in memory.
func TestMemory(t *testing.T) {
	store, err := made(filepath.Join(t.TempDir(), "record"))
	if err != nil {
		t.Fatal(err)
	}
	s, err := shelf.Open(store, shelf.Options{Now: time.Now})
	if err != nil {
		store.Close()
		if !strings.Contains(err.Error(), "no disk in memory") || !strings.Contains(err.Error(), "--work") {
			t.Fatal(err)
		}
		return // there is none here, and it says what to do
	}
	defer s.Close()
	if !shelf.InMemory(s.Work()) {
		t.Errorf("%s is no disk in memory", s.Work())
	}
}
