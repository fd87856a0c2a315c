// Package room lets a step of a batch be done in a folder of its own, on a
// machine that has neither the photos nor the results.
//
// A step names files by their places on the machine of the batch. A room has a
// place for each of them; the step is done there, and what it made and said is
// given back as if it had been done at home: bundles carry files under names that
// are the same on both sides, and reasons name the files of the batch.
package room

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
	"pointille/internal/job"
)

// Beginnings and names of the files in bundles.
const (
	results  = "out/"
	thumbs   = "small/"
	photos   = "photo/"
	wishes   = "wishes.json"
	settings = "settings.json"
	pigments = "pigments.json"
)

// Photo is a photo as a bundle carries it.
func Photo(p job.StepPhoto) seal.File {
	return seal.File{Name: photos + p.Name + "/" + filepath.Base(p.Path), Path: p.Path}
}

// Result is a file of the results.
func Result(dir, name string) seal.File {
	return seal.File{Name: results + name, Path: filepath.Join(dir, name)}
}

// Given are the files of a task that its step reads beside photos and results.
func Given(t step.Task) (files []seal.File) {
	plans, prints := t.Step == step.Plan, t.Step == step.Guide
	for _, f := range []struct {
		name, path string
		read       bool
	}{{wishes, t.Wishes, plans || prints}, {settings, t.Settings, prints}, {pigments, t.Pigments, plans}} {
		if f.path != "" && f.read {
			files = append(files, seal.File{Name: f.name, Path: f.path})
		}
	}
	return files
}

// Home is where a file that a step made lies at home; ok is false for a name
// that no step makes.
func Home(t step.Task, name string) (path string, ok bool) {
	for begin, dir := range map[string]string{results: t.Out, thumbs: t.Thumbs} {
		if base, ok := strings.CutPrefix(name, begin); ok && base != "" && !strings.ContainsRune(base, '/') {
			return filepath.Join(dir, base), true
		}
	}
	return "", false
}

// Room is a folder in which one step is done.
type Room struct {
	dir   string
	task  step.Task
	given map[string]bool
	homes []place
}

// place is one file or folder, in the room and at home.
type place struct{ here, home string }

// New makes a room in a folder that nobody else uses.
func New(dir string, home step.Task) (*Room, error) {
	r := &Room{dir: dir, task: home, given: map[string]bool{}}
	here := func(name, home string) string {
		if home == "" {
			return ""
		}
		r.homes = append(r.homes, place{filepath.Join(dir, filepath.FromSlash(name)), home})
		return r.homes[len(r.homes)-1].here
	}
	t := &r.task
	t.Photos = slices.Clone(t.Photos)
	single := ""
	for i, p := range t.Photos {
		t.Photos[i].Path = here(Photo(p).Name, p.Path)
		t.Photos[i].Failed = strings.ReplaceAll(p.Failed, p.Path, t.Photos[i].Path) // a report tells it without the path
		if p.Path == t.Case {
			single = t.Photos[i].Path
		}
	}
	t.Out, t.Thumbs = here("out", t.Out), here("small", t.Thumbs)
	t.Wishes, t.Settings, t.Pigments = here(wishes, t.Wishes), here(settings, t.Settings), here(pigments, t.Pigments)
	if t.Case = here("case", t.Case); single != "" {
		t.Case = single
	}
	slices.SortFunc(r.homes, func(a, b place) int { return cmp.Compare(len(b.here), len(a.here)) })
	if err := os.MkdirAll(t.Out, 0o700); err != nil {
		return nil, fmt.Errorf("making room for a step: %w", err)
	}
	return r, nil
}

// Task is the step as it is to be done here.
func (r *Room) Task() step.Task { return r.task }

// Link lays a file into the room under its name in a bundle. It is not copied:
// steps replace files and never write into them.
func (r *Room) Link(f seal.File) error {
	path := filepath.Join(r.dir, filepath.FromSlash(f.Name))
	err := os.MkdirAll(filepath.Dir(path), 0o700)
	if err == nil {
		err = os.Link(f.Path, path)
	}
	if err != nil {
		return fmt.Errorf("making room for a step: %w", err)
	}
	r.given[f.Name] = true
	return nil
}

// Made are the files that the step made, in the order of their names.
func (r *Room) Made() ([]seal.File, error) {
	var made []seal.File
	for begin, dir := range map[string]string{results: r.task.Out, thumbs: r.task.Thumbs} {
		entries, err := os.ReadDir(dir)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("looking for what a step made: %w", err)
		}
		for _, e := range entries {
			if name := begin + e.Name(); !r.given[name] && e.Type().IsRegular() {
				made = append(made, seal.File{Name: name, Path: filepath.Join(dir, e.Name())})
			}
		}
	}
	slices.SortFunc(made, func(a, b seal.File) int { return strings.Compare(a.Name, b.Name) })
	return made, nil
}

// Said is what a step said, with the files of home for those of the room.
func (r *Room) Said(text string) string {
	for _, p := range r.homes {
		text = strings.ReplaceAll(text, p.here, p.home)
	}
	return text
}
