// Package stock holds the files of a batch's cases in the queue: those that steps
// read are stored once for all steps of a case, and what steps made is taken home
// and kept for those that follow.
//
// Errors: *seal.FileError and *DiskError are about files of this machine, others
// about the server.
package stock

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"sync"

	"pointille/internal/atomicfile"
	"pointille/internal/batch"
	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/queue/objects"
	"pointille/internal/batch/room"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
	"pointille/internal/job"
	"pointille/vision/photo"
)

// Stock is what the queue holds of a batch's cases.
type Stock struct {
	store   *objects.Store
	server  line.Insister
	uploads chan struct{}

	mu   sync.Mutex
	held map[string]map[string]*item // by case and group
}

// item is a group of files of a case in the store.
type item struct {
	mu     sync.Mutex
	object string // empty: it is not there
}

// uploadsAtOnce keeps memory and disk of the batch's machine for what it does
// beside.
const uploadsAtOnce = 4

// New makes a stock of which nothing is there yet.
func New(s *objects.Store, server line.Insister) *Stock {
	return &Stock{store: s, server: server, uploads: make(chan struct{}, uploadsAtOnce), held: map[string]map[string]*item{}}
}

// item of a case by the name of its group.
func (s *Stock) item(at, group string) *item {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.held[at] == nil {
		s.held[at] = map[string]*item{}
	}
	if s.held[at][group] == nil {
		s.held[at][group] = new(item)
	}
	return s.held[at][group]
}

// Unreadable says why a photo cannot be measured that cannot even be sent, in
// the words in which a step says it.
func Unreadable(ctx context.Context, t step.Task) string {
	if t.Step != step.Survey {
		return ""
	}
	path := t.Photos[0].Path
	info, err := os.Stat(path)
	if err == nil && info.Mode().IsRegular() && info.Size() <= photo.MostBytes {
		if f, err := os.Open(path); err == nil {
			f.Close()
			return ""
		}
	}
	if _, err := photo.Open(ctx, path, photo.Options{}); err != nil {
		return err.Error()
	}
	return ""
}

// Inputs makes sure that all a step of a case reads is in the store, and names it.
func (s *Stock) Inputs(ctx context.Context, t step.Task, at string) ([]string, error) {
	var names []string
	for _, g := range groupsOf(t) {
		name, err := s.provide(ctx, at, g)
		if err != nil {
			return nil, err
		}
		names = append(names, name)
	}
	return names, nil
}

// group is files that are stored together.
type group struct {
	name  string
	files []seal.File // those of them that are there
}

// groupsOf is all that a step reads.
func groupsOf(t step.Task) []group {
	later := t.Step == step.Pictures || t.Step == step.Report || t.Step == step.Guide
	planned := group{name: "plan", files: []seal.File{room.Result(t.Out, "plan.json"), room.Result(t.Out, "dots.csv")}}
	var all []group
	for _, p := range t.Photos {
		if p.Failed != "" {
			continue
		}
		planned.files = append(planned.files, room.Result(t.Out, p.Name+job.DotsSuffix))
		if t.Step == step.Survey || later {
			all = append(all, group{"photo " + p.Name, []seal.File{room.Photo(p)}})
		}
		if t.Step == step.Plan || later {
			all = append(all, group{"survey " + p.Name, surveyFiles(t.Out, p.Name)})
		}
	}
	if later {
		all = append(all, planned)
	}
	for _, f := range room.Given(t) {
		all = append(all, group{f.Name, []seal.File{f}})
	}
	return all
}

func surveyFiles(dir, photo string) (out []seal.File) {
	for _, name := range job.SurveyFiles(photo) {
		out = append(out, room.Result(dir, name))
	}
	return out
}

// provide stores a group of files unless it is there, and names it.
func (s *Stock) provide(ctx context.Context, at string, g group) (string, error) {
	i := s.item(at, g.name)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.object != "" {
		return i.object, nil
	}
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	files := slices.DeleteFunc(g.files, func(f seal.File) bool { _, err := os.Stat(f.Path); return err != nil })
	name := ""
	err := s.server.Insist(ctx, func() error {
		name = objects.Name(at, line.Token(g.name))
		return s.store.Put(ctx, name, files)
	})
	if err == nil {
		i.object = name
	}
	return name, err
}

// DiskError is one of this machine's files.
type DiskError struct{ Err error }

func (e *DiskError) Error() string { return e.Err.Error() }

// Unwrap gives the cause.
func (e *DiskError) Unwrap() error { return e.Err }

// Take writes what a worker made to its places, all or none, and keeps its object
// for the steps that follow.
func (s *Stock) Take(ctx context.Context, w batch.Work, at string, a line.Answer, reply *step.Reply) error {
	*reply = a.Reply
	if a.Object == "" {
		return nil
	}
	for _, dir := range []string{w.Task.Out, w.Task.Thumbs} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return &DiskError{fmt.Errorf("%s: cannot be the folder for the results: %w", dir, err)}
		}
	}
	var set atomicfile.Set
	defer set.Discard()
	size := map[string]int64{}
	err := s.store.Get(ctx, a.Object, func(name string, data io.Reader) error {
		path, ok := room.Home(w.Task, name)
		if !ok {
			return fmt.Errorf("%q is nothing that a step makes", name)
		}
		counted := &counter{r: data}
		err := set.Write(ctx, path, func(to io.Writer) error { _, err := io.Copy(to, counted); return err })
		if err != nil && counted.err == nil {
			return &DiskError{err}
		}
		size[path] = counted.n
		return err
	})
	if err != nil {
		return err
	}
	for _, f := range a.Reply.Result.Files {
		if n, ok := size[filepath.Join(w.Task.Out, f.Name)]; !ok || n != f.Size {
			return fmt.Errorf("%s is not whole", f.Name)
		}
	}
	if err := commit(ctx, &set, w.Task); err != nil {
		return &DiskError{err}
	}
	group := w.Task.Step
	if group == step.Survey {
		group = "survey " + w.Task.Photos[0].Name
	}
	i := s.item(at, group)
	i.mu.Lock()
	defer i.mu.Unlock()
	i.object = a.Object
	return nil
}

// commit gives the files their names; a plan takes away what the last one left.
func commit(ctx context.Context, set *atomicfile.Set, t step.Task) error {
	write := func() error { return set.Commit(ctx) }
	if t.Step != step.Plan {
		return write()
	}
	var names []string
	for _, p := range t.Photos {
		if p.Failed == "" {
			names = append(names, p.Name)
		}
	}
	return job.ReplacePlan(t.Out, names, write)
}

// counter counts what is read and keeps why it ended.
type counter struct {
	r   io.Reader
	n   int64
	err error
}

func (c *counter) Read(p []byte) (int, error) {
	n, err := c.r.Read(p)
	c.n += int64(n)
	if err != nil && err != io.EOF {
		c.err = err
	}
	return n, err
}

// Drop takes what a step made out of the store: it is lost.
func (s *Stock) Drop(ctx context.Context, a line.Answer) error {
	if a.Object == "" {
		return nil
	}
	return s.store.Remove(ctx, a.Object)
}

// Has reports whether anything of a case was stored or taken.
func (s *Stock) Has(at string) bool {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.held[at]) > 0
}

// Clear removes all of a case.
func (s *Stock) Clear(ctx context.Context, at string) error {
	s.mu.Lock()
	delete(s.held, at)
	s.mu.Unlock()
	return s.store.Remove(ctx, at)
}

// Delete removes all of the batch.
func (s *Stock) Delete(ctx context.Context) error { return s.store.Delete(ctx) }
