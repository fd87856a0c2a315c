package queue

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/atomicfile"
	"pointille/internal/batch"
	"pointille/internal/batch/room"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
	"pointille/internal/job"
	"pointille/vision/photo"
)

// item is a group of files of a case in the store.
type item struct {
	mu     sync.Mutex
	object string // empty: it is not there
}

// item of a case by the name of its group.
func (h *hands) item(at, group string) *item {
	h.mu.Lock()
	defer h.mu.Unlock()
	if h.held[at] == nil {
		h.held[at] = map[string]*item{}
	}
	if h.held[at][group] == nil {
		h.held[at][group] = new(item)
	}
	return h.held[at][group]
}

// unreadable says why a photo cannot be measured that cannot even be sent, in
// the words in which a step says it.
func unreadable(ctx context.Context, t step.Task) string {
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

// inputs makes sure that all a step reads is in the store, and names it.
func (h *hands) inputs(ctx context.Context, t step.Task, at string) ([]string, error) {
	var names []string
	add := func(group string, files ...seal.File) error {
		files = slices.DeleteFunc(files, func(f seal.File) bool { _, err := os.Stat(f.Path); return err != nil })
		name, err := h.provide(ctx, at, group, files)
		names = append(names, name)
		return err
	}
	later := t.Step == step.Pictures || t.Step == step.Report || t.Step == step.Guide
	var dots []string
	for _, p := range t.Photos {
		if p.Failed != "" {
			continue
		}
		dots = append(dots, p.Name+job.DotsSuffix)
		if t.Step == step.Survey || later {
			if err := add("photo "+p.Name, room.Photo(p)); err != nil {
				return nil, err
			}
		}
		if t.Step == step.Plan || later {
			if err := add("survey "+p.Name, surveyFiles(t.Out, p.Name)...); err != nil {
				return nil, err
			}
		}
	}
	if later {
		var files []seal.File
		for _, name := range append([]string{"plan.json", "dots.csv"}, dots...) {
			files = append(files, room.Result(t.Out, name))
		}
		if err := add("plan", files...); err != nil {
			return nil, err
		}
	}
	if t.Wishes != "" && (t.Step == step.Plan || t.Step == step.Guide) {
		if err := add("wishes", room.Wishes(t)); err != nil {
			return nil, err
		}
	}
	if t.Settings != "" && t.Step == step.Guide {
		if err := add("settings", room.Settings(t)); err != nil {
			return nil, err
		}
	}
	return names, nil
}

func surveyFiles(dir, photo string) (out []seal.File) {
	for _, name := range job.SurveyFiles(photo) {
		out = append(out, room.Result(dir, name))
	}
	return out
}

// provide stores a group of files unless it is there, and names it.
func (h *hands) provide(ctx context.Context, at, group string, files []seal.File) (string, error) {
	i := h.item(at, group)
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.object != "" {
		return i.object, nil
	}
	select {
	case h.uploads <- struct{}{}:
		defer func() { <-h.uploads }()
	case <-ctx.Done():
		return "", ctx.Err()
	}
	name := at + "/" + token(group)
	err := h.insist(ctx, func() error { return h.put(ctx, name, files) })
	if err == nil {
		i.object = name
	}
	return name, err
}

// insist does something until the server lets it: the connection may be lost.
func (h *hands) insist(ctx context.Context, do func() error) error {
	for n := 1; ; n++ {
		err := do()
		if err == nil || fileError(err) {
			return err
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if n == 3 {
			h.crew.Note(oneLine(err) + "; trying again until it can be done")
		}
		select {
		case <-time.After(backOff(n)):
		case <-ctx.Done():
			return ctx.Err()
		case <-h.over():
			return h.local.err
		}
	}
}

func fileError(err error) bool {
	var file *seal.FileError
	return errors.As(err, &file)
}

// send puts a step into the queue; one that is there already stays.
func (h *hands) send(ctx context.Context, subject string, o order, before bool) error {
	headers := nats.Header{}
	if before {
		headers.Set(again, "yes")
	}
	return h.insist(ctx, func() error {
		_, err := h.publish(ctx, subject, o, headers)
		return err
	})
}

// diskError is one of this machine's files.
type diskError struct{ err error }

func (e *diskError) Error() string { return e.err.Error() }

// Unwrap gives the cause.
func (e *diskError) Unwrap() error { return e.err }

// take writes what a worker made to its places, all or none, and keeps its object
// for the steps that follow.
func (h *hands) take(ctx context.Context, w batch.Work, at string, a answer, reply *step.Reply) error {
	*reply = a.Reply
	if a.Object == "" {
		return nil
	}
	for _, dir := range []string{w.Task.Out, w.Task.Thumbs} {
		if err := os.MkdirAll(dir, 0o755); err != nil {
			return &diskError{fmt.Errorf("%s: cannot be the folder for the results: %w", dir, err)}
		}
	}
	var set atomicfile.Set
	defer set.Discard()
	size := map[string]int64{}
	err := h.get(ctx, a.Object, func(name string, data io.Reader) error {
		path, ok := room.Home(w.Task, name)
		if !ok {
			return fmt.Errorf("%q is nothing that a step makes", name)
		}
		counted := &counter{r: data}
		err := set.Write(ctx, path, func(to io.Writer) error { _, err := io.Copy(to, counted); return err })
		if err != nil && counted.err == nil {
			return &diskError{err}
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
		return &diskError{err}
	}
	group := w.Task.Step
	if group == step.Survey {
		group = "survey " + w.Task.Photos[0].Name
	}
	i := h.item(at, group)
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

// drop takes an answer back whose files are lost.
func (h *hands) drop(ctx context.Context, id string, a answer) error {
	return h.insist(ctx, func() error {
		if err := h.answers.Purge(ctx, jetstream.WithPurgeSubject(answerBegin+h.batch+"."+id)); err != nil {
			return err
		}
		return h.remove(ctx, a.Object)
	})
}

// clearLimit is how long clearing away may take: what is left then is removed
// by the server after a week.
const clearLimit = 20 * time.Second

// Finished removes what the queue holds of a case.
func (h *hands) Finished(place string) {
	at := token(place)
	h.mu.Lock()
	items := h.held[at]
	delete(h.held, at)
	for id := range h.early {
		if strings.HasPrefix(id, at+".") {
			delete(h.early, id)
		}
	}
	h.mu.Unlock()
	if len(items) == 0 {
		return
	}
	ctx, stop := context.WithTimeout(context.Background(), clearLimit)
	defer stop()
	if err := h.clear(ctx, at, items); err != nil {
		h.crew.Note("clearing away after " + place + ": " + oneLine(err))
	}
}

func (h *hands) clear(ctx context.Context, at string, items map[string]*item) error {
	if err := h.steps.Purge(ctx, jetstream.WithPurgeSubject(stepSubject+h.channel()+"."+h.batch+"."+at+".*")); err != nil {
		return err
	}
	for _, subject := range []string{answerBegin + h.batch + "." + at + ".*", begunBegin + h.batch + "." + at + ".>"} {
		if err := h.answers.Purge(ctx, jetstream.WithPurgeSubject(subject)); err != nil {
			return err
		}
	}
	for _, i := range items {
		if i.object == "" {
			continue
		}
		if err := h.remove(ctx, i.object); err != nil {
			return err
		}
	}
	return nil
}

// withdraw takes all messages of the batch out of the queue: workers stop what
// they are doing of it.
func (h *hands) withdraw(ctx context.Context) error {
	err := h.steps.Purge(ctx, jetstream.WithPurgeSubject(stepSubject+h.channel()+"."+h.batch+".>"))
	for _, begin := range []string{answerBegin, begunBegin} {
		if err == nil {
			err = h.answers.Purge(ctx, jetstream.WithPurgeSubject(begin+h.batch+".>"))
		}
	}
	if err != nil {
		return fmt.Errorf("%s: withdrawing the batch: %w", h.where, err)
	}
	return nil
}

// Close takes the batch out of the queue.
func (h *hands) Close() {
	if h.local != nil {
		h.local.stop()
		<-h.local.ended
	}
	ctx, stop := context.WithTimeout(context.Background(), clearLimit)
	defer stop()
	h.roll.close()
	h.consumer.Stop()
	err := h.withdraw(ctx)
	if err == nil {
		err = h.js.DeleteObjectStore(ctx, h.bucket)
	}
	if err != nil {
		h.crew.Note(oneLine(err) + "; the server removes what is left after a week")
	}
	h.conn.Close()
	if h.local != nil {
		h.local.close()
	}
}
