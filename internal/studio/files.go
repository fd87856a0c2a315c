package studio

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"pointille/internal/filekind"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/internal/studio/shelf"
	"pointille/internal/studio/worker"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/vision/survey"
)

// mostBytes of a photo: a 48 megapixel JPEG has 15 to 25 MB.
const mostBytes = 64 << 20

var errNoPhoto = errors.New("not a photo")

// upload takes one photo as the body of a request, measures it and answers with
// its survey. Once it is here it is measured, whoever still waits.
func (s *Server) upload(w http.ResponseWriter, r *http.Request) {
	id, slot := r.PathValue("id"), r.PathValue("slot")
	if !slices.Contains(record.Slots(), slot) {
		problem(w, http.StatusNotFound, fmt.Sprintf("%q is no place for a photo", slot))
		return
	}
	o, err := s.open(id)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	o.receiving.Add(1)
	defer func() {
		if o.receiving.Add(-1) == 0 {
			o.desk.Update()
		}
	}()
	select {
	case s.uploads <- struct{}{}:
		defer func() { <-s.uploads }()
	case <-r.Context().Done():
		return
	}
	data, err := io.ReadAll(r.Body) // at most mostBytes
	if err != nil {
		s.fail(w, r, fmt.Errorf("receiving the photo: %w", err))
		return
	}
	kind := filekind.Of(data[:min(len(data), filekind.HeadBytes)])
	if !kind.Photo() {
		s.fail(w, r, fmt.Errorf("%w (%s): JPEG, HEIC, PNG or WebP is expected", errNoPhoto, kind))
		return
	}
	if err := s.accept(context.WithoutCancel(r.Context()), o, slot, kind, data); err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := o.desk.View(slot, nil)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, s.toldView(v))
}

// extension of a photo's file: what it is, not what it was called.
func extension(k filekind.Kind) string {
	return map[filekind.Kind]string{filekind.JPEG: ".jpg", filekind.PNG: ".png", filekind.WebP: ".webp", filekind.HEIC: ".heic"}[k]
}

// accept measures a photo beside the one of its slot and lets it take that one's
// place only when it is one.
func (s *Server) accept(ctx context.Context, o *open, slot string, kind filekind.Kind, data []byte) error {
	file := slot + extension(kind)
	incoming, err := os.MkdirTemp(filepath.Join(o.desk.Dir(), desk.WorkDir), ".incoming-")
	if err != nil {
		return fmt.Errorf("receiving the photo: %w", err)
	}
	defer os.RemoveAll(incoming)
	path := filepath.Join(incoming, file)
	if err := os.WriteFile(path, data, 0o600); err != nil {
		return fmt.Errorf("receiving the photo: %w", err)
	}
	view := slot
	if strings.HasPrefix(slot, survey.Macro) {
		view = survey.Macro
	}
	if err := s.pool.Do(ctx, worker.Task{Photo: path, View: view, Out: incoming, Name: slot, Generator: s.o.Generator}); err != nil {
		return err
	}
	found, err := worker.ReadDone(incoming, slot)
	if err != nil {
		return err
	}
	for _, p := range o.log.State().Photos {
		if p.SHA256 == found.Photo.SHA256 && p.Slot != slot {
			return fmt.Errorf("this very photo is there already, as %s", p.Slot)
		}
	}
	files, err := shelf.Pack(incoming, slot, file, data)
	if err != nil {
		return err
	}
	o.docs.Lock()
	defer o.docs.Unlock()
	photo := record.Photo{Slot: slot, File: file, SHA256: found.Photo.SHA256}
	_, err = s.edit(o, record.NewID(), record.AddPhoto, photo, record.With{Files: files, Then: func() error { return o.place(incoming, file) }})
	return err
}

// place moves what was made of a photo to where work on it is done. The photo itself
// goes: the record has it.
func (o *open) place(incoming, file string) error {
	entries, err := os.ReadDir(incoming)
	if err != nil {
		return fmt.Errorf("keeping the photo: %w", err)
	}
	for _, e := range entries {
		if e.Name() == file {
			continue
		}
		if err := os.Rename(filepath.Join(incoming, e.Name()), filepath.Join(o.held.Dir, desk.WorkDir, e.Name())); err != nil {
			return fmt.Errorf("keeping the photo: %w", err)
		}
	}
	return nil
}

// workFile sends one of the files that a survey left.
func (s *Server) workFile(suffix, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		data, err := s.workOf(r.Context(), r.PathValue("id"), r.PathValue("slot"), suffix)
		if errors.Is(err, os.ErrNotExist) {
			problem(w, http.StatusNotFound, "this photo has no such picture")
			return
		}
		if err != nil {
			s.fail(w, r, err)
			return
		}
		sendPicture(w, kind, data)
	}
}

// workOf reads a file that a survey left. A client whom nobody works on stays closed:
// the list shows a picture of each.
func (s *Server) workOf(ctx context.Context, id, slot, suffix string) ([]byte, error) {
	if !slices.Contains(record.Slots(), slot) {
		return nil, fmt.Errorf("%q: %w", slot, os.ErrNotExist)
	}
	s.mu.Lock()
	o := s.desks[id]
	s.mu.Unlock()
	if o == nil {
		return s.sh.WorkFile(ctx, id, slot, suffix)
	}
	if !slices.ContainsFunc(o.log.State().Photos, func(p record.Photo) bool { return p.Slot == slot }) {
		return nil, fmt.Errorf("%s: %w", slot, os.ErrNotExist)
	}
	return os.ReadFile(filepath.Join(o.held.Dir, desk.WorkDir, slot+suffix))
}

// sendPicture sends a picture of a client, which no browser may store.
func sendPicture(w http.ResponseWriter, kind string, data []byte) {
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(data)))
	io.Copy(w, bytes.NewReader(data)) // who hung up needs no answer
}

// made finds the plan that a request is about; a number that is no longer the
// present one is stale.
func (s *Server) made(r *http.Request, o *open) (*desk.Made, error) {
	design := r.URL.Query().Get("design")
	m, err := o.design(r.Context(), design)
	if err != nil {
		return nil, err
	}
	if m == nil {
		return nil, fmt.Errorf("%w: there is no plan yet", desk.ErrStale)
	}
	if rev := r.URL.Query().Get("rev"); rev != "" && rev != strconv.Itoa(m.Rev) {
		return nil, desk.ErrStale
	}
	return m, nil
}

// binary sends what is made of the plan that a request is about.
func (s *Server) binary(of func(d *desk.Desk, m *desk.Made, slot string) ([]byte, error)) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		o, err := s.open(r.PathValue("id"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		m, err := s.made(r, o)
		if err != nil {
			s.fail(w, r, err)
			return
		}
		data, err := of(o.desk, m, r.PathValue("slot"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		w.Header().Set("Content-Type", "application/octet-stream")
		w.Write(data)
	}
}

func dots(d *desk.Desk, m *desk.Made, slot string) ([]byte, error) {
	return m.Dots(d.ViewIndex(slot, m)), nil
}

func head(d *desk.Desk, m *desk.Made, _ string) ([]byte, error) { return d.Head(m) }

// preview draws. Who hangs up while it waits for its turn takes none.
func (s *Server) preview(w http.ResponseWriter, r *http.Request) {
	o, err := s.open(r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	q := r.URL.Query()
	stage, metres := q.Get("stage"), 0.0
	if !slices.Contains(append(pigment.Stages(), plan.Before), stage) {
		problem(w, http.StatusBadRequest, fmt.Sprintf("%q is no stage", stage))
		return
	}
	if from := q.Get("from"); from != "" {
		if metres, err = strconv.ParseFloat(from, 64); err != nil || !slices.Contains(preview.Distances(), metres) {
			problem(w, http.StatusBadRequest, "from is one of 0.3, 1 and 3")
			return
		}
	}
	m, err := s.made(r, o)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	data, err := o.desk.Preview(r.Context(), m, r.PathValue("slot"), stage, metres)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	sendPicture(w, "image/jpeg", data)
}
