package export_test

import (
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"image"
	"image/jpeg"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/records"
	"pointille/internal/records/export"
	"pointille/internal/records/keys"
)

func made(dir string) (*records.Store, error) {
	s, _, err := records.Create(context.Background(), dir, "violet harbour nine candle", records.Options{Cost: keys.Cost{MemoryKiB: 64, Passes: 1, Lanes: 1}})
	if err != nil {
		return nil, err
	}
	_, err = s.NewClient(context.Background(), "A-17", "Anna <b>Bold</b>")
	return s, err
}

// photo is a JPEG that says where it was taken.
func photo() []byte {
	var b bytes.Buffer
	_ = jpeg.Encode(&b, image.NewGray(image.Rect(0, 0, 8, 8)), nil)
	return append([]byte("\xff\xd8\xff\xfe\x00\x0cRiga, Teika"[:16]), b.Bytes()[2:]...)
}

func Example() {
	dir, err := os.MkdirTemp("", "export")
	if err != nil {
		fmt.Println(err)
		return
	}
	defer os.RemoveAll(dir)
	s, err := made(filepath.Join(dir, "record"))
	if err != nil {
		fmt.Println(err)
		return
	}
	defer s.Close()
	_, _ = s.Add(context.Background(), "A-17", records.New{Name: "front.jpg", Content: photo()})
	r, err := export.Client(context.Background(), s, "A-17", filepath.Join(dir, "anna"), export.Options{})
	fmt.Println(r.Photos, r.Stripped, err)
	// Output: 1 1 <nil>
}

func read(t *testing.T, path ...string) string {
	data, err := os.ReadFile(filepath.Join(path...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

func TestEverythingHeld(t *testing.T) {
	dir := t.TempDir()
	s, err := made(filepath.Join(dir, "record"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	ctx := t.Context()
	add := func(name, content string) {
		if _, err := s.Add(ctx, "A-17", records.New{Name: name, Content: []byte(content)}); err != nil {
			t.Fatal(err)
		}
	}
	add("front.jpg", string(photo()))
	add("broken.jpg", "\xff\xd8\xff no picture behind this")
	add("=1+1.txt", "a formula as a name")
	add("answers.json", `{"schema":"pointille.answers/1","case":"A-17","answers":{"keloid":"no"},"long":[{"a":1},{"a":2},{"a":3},{"a":4},{"a":5},{"a":6},{"a":7},{"a":8},{"a":9},{"a":10},{"a":11},{"a":12},{"a":13}]}`)
	add("answers.json", `{"schema":"pointille.answers/1","case":"A-17","answers":{"keloid":"yes"},"text":"two\nlines <script>"}`)
	if _, err := s.Apply(ctx, "A-17", records.Batch{Line: []byte(`{"n":1,"kind":"answers"}`), Said: "answers"}); err != nil {
		t.Fatal(err)
	}
	add("CON/..\\"[:3]+".txt", "a name")
	out := filepath.Join(dir, "out")
	r, err := export.Client(ctx, s, "a-17", out, export.Options{Generator: "pointille 9.9", Now: func() time.Time { return time.Unix(0, 0).UTC() }})
	if err != nil {
		t.Fatal(err)
	}
	if r.Photos != 1 || r.Documents != 5 || len(r.LeftOut) != 1 || !strings.HasPrefix(r.LeftOut[0], "broken.jpg: the file is broken") {
		t.Errorf("%+v", r)
	}
	if strings.Contains(read(t, out, "photos", "front.jpg"), "Riga") {
		t.Error("the photo says where it was taken")
	}
	if !strings.Contains(read(t, out, "documents", "answers-2.json"), `"yes"`) {
		t.Error("the second answers are not there")
	}
	if got := read(t, out, "documents", "journal.jsonl"); got != "{\"n\":1,\"kind\":\"answers\"}\n" {
		t.Errorf("journal: %q", got)
	}
	page := read(t, out, "index.html")
	for _, want := range []string{"Anna &lt;b&gt;Bold&lt;/b&gt;", "<pre>two\nlines &lt;script&gt;</pre>", "keloid", "and 1 more: see the file", "broken.jpg", "1 January 1970", "item added: answers answers.json", "Place, time, camera and serial numbers"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	rows, err := csv.NewReader(strings.NewReader(read(t, out, "items.csv"))).ReadAll()
	if err != nil || len(rows) != 7 || rows[2][1] != "'=1+1.txt" {
		t.Errorf("%q, %v", rows, err)
	}
	var all struct {
		Client  records.Client
		Items   []map[string]any
		History []map[string]any
	}
	if err := json.Unmarshal([]byte(read(t, out, "client.json")), &all); err != nil || all.Client.Code != "A-17" || len(all.Items) != 6 || len(all.History) != 8 {
		t.Errorf("%+v, %v", all, err)
	}
	log, err := s.Audit(ctx, "A-17")
	if err != nil || log[len(log)-1].Action != "client exported" || log[len(log)-1].Text != "1 photo(s), 5 document(s)" {
		t.Errorf("%+v, %v", log, err)
	}
	if _, err := export.Client(ctx, s, "A-17", out, export.Options{}); err == nil {
		t.Error("a folder was written over")
	}
	given := filepath.Join(dir, "given")
	if r, err = export.Client(ctx, s, "A-17", given, export.Options{AsGiven: true}); err != nil || r.Photos != 2 || !strings.Contains(read(t, given, "photos", "front.jpg"), "Riga") {
		t.Errorf("%+v, %v", r, err)
	}
	if !strings.Contains(read(t, given, "index.html"), "The photos are as they were given") {
		t.Error("the page does not say so")
	}
}

// TestInterrupted wants no half of a folder.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	s, err := made(filepath.Join(dir, "record"))
	if err != nil {
		t.Fatal(err)
	}
	defer s.Close()
	if _, err := s.Add(t.Context(), "A-17", records.New{Content: photo()}); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(t.Context())
	_, err = export.Client(ctx, s, "A-17", filepath.Join(dir, "out"), export.Options{Progress: func(int, int) { cancel() }})
	left, globErr := filepath.Glob(filepath.Join(dir, "*"))
	if err == nil || globErr != nil || len(left) != 1 {
		t.Errorf("%v; left: %q", err, left)
	}
	if hidden, _ := filepath.Glob(filepath.Join(dir, ".pointille-*")); len(hidden) != 0 {
		t.Errorf("%q", hidden)
	}
}
