package batch

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image/jpeg"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"sort"
	"strings"

	"pointille/internal/atomicfile"
	"pointille/internal/batch/find"
	"pointille/internal/batch/summary"
	"pointille/internal/batch/thumb"
	"pointille/internal/parallel"
)

// table is what the summary shows: the cases that were found and those that
// were done at earlier times from other folders.
type table struct {
	r       *runner
	ats     []string
	found   map[string]find.Case
	others  []summary.Failure
	skipped []find.Remark
}

func (r *runner) table(found *find.Found) *table {
	t := &table{r: r, found: map[string]find.Case{}, skipped: found.Skipped}
	for _, c := range found.Cases {
		t.found[c.At] = c
		t.ats = append(t.ats, c.At)
	}
	skipped := map[string]bool{}
	for _, s := range found.Skipped {
		skipped[filepath.Clean(s.Path)] = true
	}
	r.book.Names(func(name string) {
		at, ok := caseOf(name)
		if _, here := t.found[at]; !ok || here {
			return
		}
		var n caseNote
		if _, ok, err := r.book.Get(name, &n); err != nil || !ok || skipped[filepath.Clean(n.Path)] {
			return
		}
		if row, err := r.row(at, n); err == nil && row.State == summary.Failed && r.looksAt(n.Path) {
			return // it had no results, and is no longer there
		}
		t.ats = append(t.ats, at)
	})
	sort.Strings(t.ats)
	for _, f := range found.Failed {
		t.others = append(t.others, summary.Failure{File: f.Path, Step: "find", Why: f.Why})
	}
	return t
}

// looksAt reports whether a path lies below the roots of this run.
func (r *runner) looksAt(path string) bool {
	for _, root := range r.Roots {
		if find.Within(path, filepath.Clean(root)) {
			return true
		}
	}
	return false
}

// failures counts those of the cases that were found, and of no case.
func (t *table) failures() (int, error) {
	n := len(t.others)
	for at := range t.found {
		row, err := t.row(at)
		if err != nil {
			return n, err
		}
		n += len(row.Failures)
	}
	return n, nil
}

// rows makes one row after the other.
func (t *table) rows(yield func(summary.Row, error) bool) {
	for _, at := range t.ats {
		row, err := t.row(at)
		if !yield(row, err) || err != nil {
			return
		}
	}
}

func (t *table) row(at string) (summary.Row, error) {
	c, here := t.found[at]
	var n caseNote
	key, ok, err := t.r.book.Get(caseName(at), &n)
	if err != nil {
		return summary.Row{}, err
	}
	if !ok || here && key != t.r.caseKey(c) {
		return summary.Row{Case: c.Code, Results: at, Photos: c.Path, Count: len(c.Photos), State: summary.Waiting, Why: "not done yet"}, nil
	}
	return t.r.row(at, n)
}

// summarize writes all that is to be read in the morning.
func (r *runner) summarize(ctx context.Context, t *table) (summary.Totals, error) {
	totals, err := summary.Count(t.rows, len(t.others))
	if err != nil {
		return totals, err
	}
	head := summary.Head{Generator: r.Generator, Did: r.Do, Seed: r.Seed, Totals: totals, Others: t.others}
	for _, s := range t.skipped {
		head.Skipped = append(head.Skipped, summary.Skip{File: s.Path, Why: s.Why})
	}
	sheets, err := r.sheets(ctx, t)
	if err != nil {
		return totals, err
	}
	for name, write := range map[string]func(io.Writer) error{
		"summary.csv":  func(w io.Writer) error { return summary.CSV(w, t.rows) },
		"failed.csv":   func(w io.Writer) error { return summary.FailedCSV(w, t.rows, t.others) },
		"summary.json": func(w io.Writer) error { return summary.JSON(w, head, t.rows) },
		"index.html":   func(w io.Writer) error { return summary.Page(w, head, t.rows, sheets) },
	} {
		if err := atomicfile.WriteContext(ctx, filepath.Join(r.Out, name), write); err != nil {
			return totals, err
		}
	}
	return totals, nil
}

const sheetQuality = 88

// sheets draws the contact sheets that have changed and returns the names of
// all, from the folder of the summary.
func (r *runner) sheets(ctx context.Context, t *table) ([]string, error) {
	drawer, err := summary.NewSheet(r.Out)
	if err != nil {
		return nil, err
	}
	dir := filepath.Join(r.Out, contact)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return nil, fmt.Errorf("drawing contact sheets: %w", err)
	}
	keys := r.sheetKeys()
	now := map[string]string{}
	var names []string
	var due []func() error // as many as are drawn at once
	of := (len(t.ats) + summary.PerSheet - 1) / summary.PerSheet
	for i := range of {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		var rows []summary.Row
		for _, at := range t.ats[i*summary.PerSheet : min((i+1)*summary.PerSheet, len(t.ats))] {
			row, err := t.row(at)
			if err != nil {
				return nil, err
			}
			rows = append(rows, row)
		}
		name := fmt.Sprintf("sheet-%04d.jpg", i+1)
		names = append(names, contact+"/"+name)
		path := filepath.Join(dir, name)
		now[name] = drawer.Key(i+1, of, rows) + r.pictureSums(rows)
		if _, err := os.Stat(path); err == nil && keys[name] == now[name] {
			continue
		}
		due = append(due, func() error { return drawSheet(drawer, path, i+1, of, rows) })
		if len(due) < runtime.GOMAXPROCS(0) {
			continue
		}
		if err := atOnce(due); err != nil {
			return nil, err
		}
		due = due[:0]
	}
	if err := atOnce(due); err != nil {
		return nil, err
	}
	for name := range keys {
		if now[name] == "" {
			_ = os.Remove(filepath.Join(dir, name)) // there are fewer cases now
		}
	}
	data, err := json.Marshal(now)
	if err != nil {
		return nil, fmt.Errorf("noting contact sheets: %w", err)
	}
	return names, atomicfile.WriteBytes(filepath.Join(r.disk.own, "sheets"), data)
}

// atOnce does things beside each other.
func atOnce(things []func() error) error {
	errs := make([]error, len(things))
	parallel.Each(len(things), func(i int) { errs[i] = things[i]() })
	return errors.Join(errs...)
}

func drawSheet(drawer *summary.Sheet, path string, number, of int, rows []summary.Row) error {
	m, err := drawer.Draw(number, of, rows)
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	var b bytes.Buffer
	if err := jpeg.Encode(&b, m, &jpeg.Options{Quality: sheetQuality}); err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return atomicfile.WriteBytes(path, b.Bytes())
}

// sheetKeys are those of the sheets that are there; none where they cannot be
// read, which draws them all again.
func (r *runner) sheetKeys() map[string]string {
	keys := map[string]string{}
	data, err := os.ReadFile(filepath.Join(r.disk.own, "sheets"))
	if err != nil || json.Unmarshal(data, &keys) != nil {
		return map[string]string{}
	}
	return keys
}

// pictureSums changes when one of the small pictures of rows is written anew.
func (r *runner) pictureSums(rows []summary.Row) string {
	var parts []any
	for _, row := range rows {
		for _, f := range []string{row.Found, row.Healed} {
			if info, err := os.Stat(filepath.Join(r.Out, filepath.FromSlash(f))); f != "" && err == nil {
				parts = append(parts, info.Size(), info.ModTime().UnixNano())
			}
		}
	}
	return key(parts...)
}

// small is the name of a small picture from the folder of the summary.
func (r *runner) small(at, photo string, healed bool) string {
	end := thumb.Found
	if healed {
		end = thumb.Healed
	}
	return strings.Join([]string{contact, "small", at, photo + end}, "/")
}
