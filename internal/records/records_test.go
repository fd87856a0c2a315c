package records_test

import (
	"bytes"
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/records"
	"pointille/internal/records/attempts"
	"pointille/internal/records/keys"
)

const passphrase = "violet harbour nine candle"

// cheap makes a passphrase quick to try: the cost is measured elsewhere.
func cheap() keys.Cost { return keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1} }

func options() records.Options { return records.Options{Cost: cheap()} }

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// made is a new record, open, with its recovery key.
func made(t testing.TB) (s *records.Store, dir, recovery string) {
	t.Helper()
	dir = filepath.Join(t.TempDir(), "record")
	s, recovery, err := records.Create(t.Context(), dir, passphrase, options())
	check(t, err)
	t.Cleanup(func() { s.Close() })
	return s, dir, recovery
}

func opened(t testing.TB, dir string, o records.Options) *records.Store {
	t.Helper()
	s := must[*records.Store](t)(records.Open(context.Background(), dir, passphrase, o))
	t.Cleanup(func() { s.Close() })
	return s
}

func TestRoundTrip(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "A-17", "Anna Bērziņa"))
	photo := append([]byte("\xff\xd8\xff"), bytes.Repeat([]byte("pixel"), 40000)...)
	one := must[records.Item](t)(s.Add(ctx, "A-17", records.New{Name: "front.jpg", Content: photo}))
	must[records.Item](t)(s.Add(ctx, "a-17", records.New{Kind: "draft", Name: "draft.json", Content: []byte(`{"hairline": 7}`)}))
	check(t, s.Close())

	s = opened(t, dir, records.Options{ReadOnly: true})
	clients := must[[]records.Client](t)(s.Clients(ctx))
	if len(clients) != 1 || clients[0].Name != "Anna Bērziņa" || clients[0].Items != 2 || clients[0].Photos != 1 {
		t.Errorf("%+v", clients)
	}
	if got := must[[]byte](t)(s.Read(ctx, one.ID)); !bytes.Equal(got, photo) || one.Kind != records.Photo || one.Media != "image/jpeg" {
		t.Errorf("%+v", one)
	}
	if items := must[[]records.Item](t)(s.Items(ctx, "A-17")); items[1].Name != "draft.json" || items[1].Media != "application/json" {
		t.Errorf("%+v", items)
	}
	if c := must[records.Client](t)(s.ClientByID(ctx, clients[0].ID)); c != clients[0] {
		t.Errorf("%+v", c)
	}
	if _, err := s.NewClient(ctx, "B", ""); !errors.Is(err, records.ErrReadOnly) {
		t.Errorf("%v", err)
	}
	log := must[[]string](t)(actions(ctx, s))
	if got := strings.Join(log, ", "); got != "record created, client new A-17, item added photo front.jpg, item added draft draft.json" {
		t.Error(got)
	}
}

func actions(ctx context.Context, s *records.Store) (list []string, err error) {
	all, err := s.Audit(ctx, "")
	for _, e := range all {
		list = append(list, strings.TrimSpace(e.Action+" "+e.Text))
	}
	return list, err
}

// TestNewestOfAKind wants what was added last to be the newest, also where it says
// what an older one said.
func TestNewestOfAKind(t *testing.T) {
	s, _, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	for _, text := range []string{"one", "two", "one", "one"} {
		must[records.Item](t)(s.Add(ctx, "A", records.New{Kind: "note", Name: "n", Content: []byte(text)}))
	}
	items := must[[]records.Item](t)(s.Items(ctx, "A"))
	last := items[len(items)-1]
	if len(items) != 3 || string(must[[]byte](t)(s.Read(ctx, last.ID))) != "one" {
		t.Errorf("%+v", items)
	}
	check(t, s.Remove(ctx, last.ID))
	if got := must[[]byte](t)(s.Read(ctx, items[0].ID)); string(got) != "one" {
		t.Error("the content that two items share went with one of them")
	}
	check(t, s.Remove(ctx, items[0].ID))
	if _, err := s.Item(ctx, items[0].ID); !errors.Is(err, records.ErrNotFound) {
		t.Error(err)
	}
}

func TestRefused(t *testing.T) {
	s, dir, recovery := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	if _, err := s.NewClient(ctx, "a", ""); !errors.Is(err, records.ErrExists) {
		t.Errorf("twice the same client: %v", err)
	}
	for _, code := range []string{"", ".", "a/b", `a\b`, " a", "a\n", strings.Repeat("a", 41), "\xff", ".a", "a<b", `a"`} {
		if _, err := s.NewClient(ctx, code, ""); err == nil {
			t.Errorf("code %q was taken", code)
		}
	}
	if _, err := s.Add(ctx, "nobody", records.New{Content: []byte("x")}); !errors.Is(err, records.ErrNotFound) {
		t.Errorf("%v", err)
	}
	if _, err := s.Add(ctx, "A", records.New{Name: "../x", Content: []byte("x")}); err == nil {
		t.Error("a path was taken for a name")
	}
	if _, err := records.Open(ctx, dir, passphrase, options()); !errors.Is(err, records.ErrInUse) || !strings.Contains(err.Error(), "process ") {
		t.Errorf("two writers: %v", err)
	}
	check(t, s.Close())
	if _, _, err := records.Create(ctx, dir, passphrase, options()); err == nil {
		t.Error("a record was made over another")
	}
	if _, err := records.Open(ctx, t.TempDir(), passphrase, options()); err == nil || !strings.Contains(err.Error(), "there is no record here") {
		t.Errorf("%v", err)
	}
	if _, err := records.Open(ctx, dir, recovery, records.Options{Recovery: true}); err != nil {
		t.Errorf("recovery key: %v", err)
	}
}

func TestWrongPassphrase(t *testing.T) {
	s, dir, _ := made(t)
	check(t, s.Close())
	ctx, now := t.Context(), time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC)
	o := records.Options{Now: func() time.Time { return now }}
	for range 3 {
		if _, err := records.Open(ctx, dir, "violet harbour nine candlf", o); !errors.Is(err, records.ErrWrong) || err.Error() != "the passphrase does not open this record" {
			t.Fatalf("%v", err)
		}
	}
	var wait *attempts.WaitError
	if _, err := records.Open(ctx, dir, passphrase, o); !errors.As(err, &wait) {
		t.Fatalf("the right passphrase was tried while it must wait: %v", err)
	}
	now = now.Add(-time.Hour) // a clock set back gains nothing
	if _, err := records.Open(ctx, dir, passphrase, o); !errors.As(err, &wait) {
		t.Fatalf("%v", err)
	}
	now = now.Add(3 * time.Second)
	s = opened(t, dir, o)
	if log := must[[]string](t)(actions(ctx, s)); log[len(log)-1] != "wrong passphrases tried 3" || len(s.Notes()) != 1 {
		t.Errorf("%q, %q", log, s.Notes())
	}
}

func TestDeleteLeavesNothing(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "gone-17", "Zigfrīds Pēdējais"))
	must[records.Client](t)(s.NewClient(ctx, "stays", "Somebody Else"))
	item := must[records.Item](t)(s.Add(ctx, "gone-17", records.New{Name: "zigfrids.jpg", Content: []byte("\xff\xd8\xff one")}))
	kept := must[records.Item](t)(s.Add(ctx, "stays", records.New{Name: "else.jpg", Content: []byte("\xff\xd8\xff one")}))
	r, err := s.Delete(ctx, "gone-17")
	check(t, err)
	if len(r.Found) != 0 || r.Bytes < 8192 || r.Traces < 6 {
		t.Errorf("%+v", r)
	}
	if _, err := os.Stat(filepath.Join(dir, "files", item.File[:2], item.File)); err == nil {
		t.Error("the file is there")
	}
	if _, err := s.Read(ctx, kept.ID); err != nil {
		t.Error(err)
	}
	all := must[[]string](t)(actions(ctx, s))
	if got := strings.Join(all, ", "); got != "record created, client new, client new stays, item added, item added photo else.jpg, client deleted" {
		t.Error(got)
	}
}
