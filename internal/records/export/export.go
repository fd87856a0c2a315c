// Package export writes everything that a record holds of a client to a plain folder
// that needs no program but a web browser: photos, documents, tables, and a page
// that shows them.
//
// Photos lose place, time, camera and serial numbers on the way (package strip); one
// that cannot be stripped is left out and named, unless Options.AsGiven asks for
// photos as they were given. The folder appears when it is complete.
package export

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/csv"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
	"unicode"

	"pointille/internal/atomicfile"
	"pointille/internal/records"
	"pointille/internal/records/audit"
	"pointille/internal/strip"
)

// Options are for Client.
type Options struct {
	AsGiven   bool // photos with all that the camera wrote into them
	Generator string
	Now       func() time.Time // default time.Now
	Progress  func(done, total int)
}

// Report says what was written.
type Report struct {
	Dir       string   `json:"dir"`
	Photos    int      `json:"photos"`
	Documents int      `json:"documents"`
	Stripped  int      `json:"stripped"` // photos without what the camera wrote into them
	LeftOut   []string `json:"left_out"` // what could not be written, and why
}

// Entry is an item as it was written.
type entry struct {
	File     string    `json:"file"`
	Name     string    `json:"name"` // as it was given
	Kind     string    `json:"kind"`
	Added    time.Time `json:"added"`
	Size     int       `json:"size"`
	Media    string    `json:"media"`
	SHA256   string    `json:"sha256"`
	Stripped bool      `json:"stripped"`
	tree     any       // of JSON, for the page
}

// Client writes what is held of a client to dir, which must not exist. That it was
// written goes into the record's log.
func Client(ctx context.Context, s *records.Store, code, dir string, o Options) (*Report, error) {
	if o.Now == nil {
		o.Now = time.Now
	}
	if _, err := os.Lstat(dir); !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("%s: is there already; name another folder", dir)
	}
	client, err := s.Client(ctx, code)
	if err != nil {
		return nil, err
	}
	temp, err := os.MkdirTemp(filepath.Dir(dir), ".pointille-export-")
	if err != nil {
		return nil, fmt.Errorf("writing %s: %w", dir, err)
	}
	defer os.RemoveAll(temp) // no-op once it has its name
	e := &exporter{s: s, o: o, client: client, dir: temp, taken: map[string]bool{}, r: &Report{Dir: dir, LeftOut: []string{}}}
	if err := e.run(ctx); err != nil {
		return nil, fmt.Errorf("writing %s: %w", dir, err)
	}
	if err := s.Exported(ctx, code, fmt.Sprintf("%d photo(s), %d document(s)", e.r.Photos, e.r.Documents)); err != nil {
		return nil, err
	}
	if err := os.Rename(temp, dir); err != nil {
		return nil, fmt.Errorf("writing %s: %w", dir, err)
	}
	return e.r, nil
}

type exporter struct {
	s       *records.Store
	o       Options
	client  records.Client
	dir     string
	taken   map[string]bool
	entries []entry
	log     []audit.Entry
	r       *Report
}

func (e *exporter) run(ctx context.Context) error {
	items, err := e.s.Items(ctx, e.client.Code)
	if err != nil {
		return err
	}
	if e.log, err = e.s.Audit(ctx, e.client.Code); err != nil {
		return err
	}
	for _, sub := range []string{"photos", "documents"} {
		if err := os.Mkdir(filepath.Join(e.dir, sub), 0o700); err != nil {
			return err
		}
	}
	for i, item := range items {
		if err := e.item(ctx, item); err != nil {
			return err
		}
		if e.o.Progress != nil {
			e.o.Progress(i+1, len(items))
		}
	}
	if err := e.journal(ctx); err != nil {
		return err
	}
	return errors.Join(e.json(), e.itemsCSV(), e.historyCSV(), e.page())
}

// item writes one item. What cannot be read or stripped is left out and said.
func (e *exporter) item(ctx context.Context, item records.Item) error {
	data, err := e.s.Read(ctx, item.ID)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	name := item.Name
	if name == "" {
		name = item.Kind + "-" + item.ID
	}
	if err != nil {
		e.r.LeftOut = append(e.r.LeftOut, err.Error())
		return nil
	}
	out := entry{Name: item.Name, Kind: item.Kind, Added: item.Added, Media: item.Media}
	sub := "documents"
	if strings.HasPrefix(item.Media, "image/") {
		sub = "photos"
		if !e.o.AsGiven {
			if data, err = strip.Photo(data); err != nil {
				e.r.LeftOut = append(e.r.LeftOut, fmt.Sprintf("%s: %v", name, err))
				return nil
			}
			out.Stripped = true
			e.r.Stripped++
		}
		e.r.Photos++
	} else {
		e.r.Documents++
	}
	out.File = sub + "/" + e.free(sub, name)
	out.Size = len(data)
	sum := sha256.Sum256(data)
	out.SHA256 = hex.EncodeToString(sum[:])
	if item.Media == "application/json" {
		_ = json.Unmarshal(data, &out.tree) // the page shows what it can; the file is there
	}
	e.entries = append(e.entries, out)
	return atomicfile.WriteBytes(filepath.Join(e.dir, filepath.FromSlash(out.File)), data)
}

// journal writes what was done in consultations, one JSON object a line, where there
// were any.
func (e *exporter) journal(ctx context.Context) error {
	lines, err := e.s.Lines(ctx, e.client.Code)
	if err != nil || len(lines) == 0 {
		return err
	}
	data := append(bytes.Join(lines, []byte("\n")), '\n')
	sum := sha256.Sum256(data)
	name := e.free("documents", "journal.jsonl")
	e.entries = append(e.entries, entry{
		File: "documents/" + name, Name: "journal.jsonl", Kind: "journal", Added: e.client.Created, Size: len(data), Media: "application/jsonl",
		SHA256: hex.EncodeToString(sum[:]),
	})
	e.r.Documents++
	return atomicfile.WriteBytes(filepath.Join(e.dir, "documents", name), data)
}

// free returns a name for a file that no other has, also where capitals do not count.
func (e *exporter) free(sub, name string) string {
	plain := strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) || strings.ContainsRune(`/\:*?"<>|`, r) {
			return '_'
		}
		return r
	}, name)
	plain = strings.TrimLeft(strings.TrimRight(plain, ". "), ".")
	if plain == "" {
		plain = "file"
	}
	ext := filepath.Ext(plain)
	stem := strings.TrimSuffix(plain, ext)
	for n := 2; e.taken[sub+"/"+strings.ToLower(plain)]; n++ {
		plain = fmt.Sprintf("%s-%d%s", stem, n, ext)
	}
	e.taken[sub+"/"+strings.ToLower(plain)] = true
	return plain
}

// json writes everything about the client as one document.
func (e *exporter) json() error {
	data, err := json.MarshalIndent(struct {
		Client  records.Client `json:"client"`
		Items   []entry        `json:"items"`
		History []audit.Entry  `json:"history"`
	}{e.client, append([]entry{}, e.entries...), e.log}, "", "  ")
	if err != nil {
		return err
	}
	return atomicfile.WriteBytes(filepath.Join(e.dir, "client.json"), append(data, '\n'))
}

func (e *exporter) itemsCSV() error {
	rows := [][]string{{"file", "name", "kind", "added", "bytes", "media", "sha256", "camera data removed"}}
	for _, i := range e.entries {
		rows = append(rows, []string{i.File, i.Name, i.Kind, i.Added.Format(time.RFC3339), fmt.Sprint(i.Size), i.Media, i.SHA256, yes(i.Stripped)})
	}
	return e.csv("items.csv", rows)
}

func (e *exporter) historyCSV() error {
	rows := [][]string{{"entry", "time", "what", "detail"}}
	for _, h := range e.log {
		rows = append(rows, []string{fmt.Sprint(h.Seq), h.At, h.Action, h.Text})
	}
	return e.csv("history.csv", rows)
}

func (e *exporter) csv(name string, rows [][]string) error {
	var b bytes.Buffer
	w := csv.NewWriter(&b)
	for _, row := range rows {
		for i, field := range row {
			row[i] = harmless(field)
		}
		if err := w.Write(row); err != nil {
			return err
		}
	}
	w.Flush()
	if err := w.Error(); err != nil {
		return err
	}
	return atomicfile.WriteBytes(filepath.Join(e.dir, name), b.Bytes())
}

// harmless keeps spreadsheets from taking a word for a formula.
func harmless(s string) string {
	if s != "" && strings.ContainsRune("=+-@\t\r", rune(s[0])) {
		return "'" + s
	}
	return s
}

func yes(b bool) string {
	if b {
		return "yes"
	}
	return "no"
}

// page writes index.html.
func (e *exporter) page() error {
	t, err := page()
	if err != nil {
		return err
	}
	return atomicfile.Write(filepath.Join(e.dir, "index.html"), func(w io.Writer) error {
		return t.Execute(w, view(e))
	})
}
