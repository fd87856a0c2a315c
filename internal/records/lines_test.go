package records_test

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/records"
)

// TestApplyIsOne wants a batch to be there as a whole or not at all.
func TestApplyIsOne(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	must[records.Client](t)(s.NewClient(ctx, "B", ""))
	other := must[records.Item](t)(s.Add(ctx, "B", records.New{Content: []byte("of another")}))
	first := must[[]records.Item](t)(s.Apply(ctx, "A", records.Batch{
		Add:  []records.New{{Kind: records.Photo, Name: "front.jpg", Content: []byte("one")}, {Kind: "work", Name: "front.zip", Content: []byte("two")}},
		Line: []byte("photo front"), Said: "photo",
	}))
	again := must[[]records.Item](t)(s.Apply(ctx, "A", records.Batch{
		Add: []records.New{{Kind: records.Photo, Name: "front.jpg", Content: []byte("three")}, {Kind: "work", Name: "front.zip", Content: []byte("two")}}, Remove: []string{first[0].ID},
		Line: []byte("another front"), Said: "photo",
	}))
	if again[1] != first[1] || again[0].ID == first[0].ID {
		t.Errorf("%+v after %+v", again, first)
	}
	if _, err := os.Stat(filepath.Join(dir, "files", first[0].File[:2], first[0].File)); err == nil {
		t.Error("the file of what was removed is there")
	}
	for name, b := range map[string]records.Batch{
		"another client's item": {Add: []records.New{{Name: "x", Content: []byte("x")}}, Remove: []string{other.ID}, Line: []byte("no")},
		"an item that is none":  {Remove: []string{"0123"}, Line: []byte("no")},
		"a path for a name":     {Add: []records.New{{Name: "../x", Content: []byte("x")}}, Line: []byte("no")},
	} {
		if _, err := s.Apply(ctx, "A", b); err == nil {
			t.Errorf("%s was taken", name)
		}
	}
	lines := must[[][]byte](t)(s.Lines(ctx, "a"))
	if fmt.Sprintf("%s", lines) != "[photo front another front]" {
		t.Errorf("%s", lines)
	}
	if items := must[[]records.Item](t)(s.Items(ctx, "A")); len(items) != 2 {
		t.Errorf("%+v", items)
	}
	if c := must[records.Client](t)(s.Client(ctx, "A")); c.Lines != 2 || c.Items != 2 || c.Photos != 1 {
		t.Errorf("%+v", c)
	}
	if waiting := must[[]os.DirEntry](t)(os.ReadDir(filepath.Join(dir, "files", "incoming"))); len(waiting) != 0 {
		t.Errorf("left behind: %v", waiting)
	}
	check(t, s.Close())
	if v := inOrder(t, dir); v.Lines != 2 || v.Items != 3 {
		t.Errorf("%+v", v)
	}
	s = opened(t, dir, records.Options{ReadOnly: true})
	if _, err := s.Apply(ctx, "A", records.Batch{Line: []byte("x")}); !errors.Is(err, records.ErrReadOnly) {
		t.Errorf("%v", err)
	}
}

// TestJournalTampered wants lines that were changed, moved or taken out to be found.
func TestJournalTampered(t *testing.T) {
	for statement, want := range map[string]string{
		`DELETE FROM line WHERE n = 2`:                                                  "is missing from the record, and the log knows of no deletion",
		`DELETE FROM line WHERE n = 3`:                                                  "is missing from the record, and the log knows of no deletion",
		`UPDATE line SET text = (SELECT text FROM line WHERE n = 1) WHERE n = 2`:        "line 2 of the journal of client A: does not open under its key",
		`UPDATE line SET text = zeroblob(60) WHERE n = 3`:                               "line 3 of the journal of client A: is not as the log says it was left",
		`INSERT INTO line SELECT client, 4, text FROM line WHERE n = 3`:                 "line 4 of the journal of client A: is in the record though the log does not say so",
		`UPDATE line SET client = (SELECT id FROM client WHERE code = 'B') WHERE n = 3`: "line 3 of the journal of client B: is in the record though the log does not say so",
	} {
		s, dir, _ := made(t)
		ctx := t.Context()
		must[records.Client](t)(s.NewClient(ctx, "A", ""))
		must[records.Client](t)(s.NewClient(ctx, "B", ""))
		for _, text := range []string{"one", "two", "three"} {
			must[any](t)(s.Apply(ctx, "A", records.Batch{Line: []byte(text), Said: "edit"}))
		}
		check(t, s.Tamper(ctx, statement))
		check(t, s.Close())
		v := must[*records.Verification](t)(records.Verify(ctx, dir, passphrase, records.VerifyOptions{}))
		if !strings.Contains(fmt.Sprint(v.Problems), want) {
			t.Errorf("%s: %v", statement, v.Problems)
		}
	}
}

// TestJournalGoesWithItsClient wants a deleted client's lines gone, the key too.
func TestJournalGoesWithItsClient(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "gone-for-good", ""))
	for i := range 45 {
		must[any](t)(s.Apply(ctx, "gone-for-good", records.Batch{Line: fmt.Appendf(nil, "line %d", i), Said: "edit"}))
	}
	r, err := s.Delete(ctx, "gone-for-good")
	check(t, err)
	if len(r.Found) > 0 || r.Traces < 20 {
		t.Errorf("%+v", r)
	}
	check(t, s.Close())
	if v := inOrder(t, dir); v.Lines != 0 || v.Deleted != 1 {
		t.Errorf("%+v", v)
	}
}

// TestLifted opens a record of the version before journals.
func TestLifted(t *testing.T) {
	s, dir, _ := made(t)
	ctx := t.Context()
	must[records.Client](t)(s.NewClient(ctx, "A", ""))
	check(t, s.Tamper(ctx, `DROP TABLE line; PRAGMA user_version = 1`))
	check(t, s.Close())
	if _, err := records.Open(ctx, dir, passphrase, records.Options{ReadOnly: true}); err == nil || !strings.Contains(err.Error(), "open it once for writing") {
		t.Errorf("%v", err)
	}
	s = opened(t, dir, options())
	must[any](t)(s.Apply(ctx, "A", records.Batch{Line: []byte("one"), Said: "edit"}))
	check(t, s.Close())
	inOrder(t, dir)
}
