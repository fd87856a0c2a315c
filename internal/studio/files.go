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

	"pointille/internal/atomicfile"
	"pointille/internal/filekind"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/internal/studio/worker"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/vision/survey"
)

// begin makes a client's folder and writes the first line of its log.
func (s *Server) begin(id, code string) error {
	if err := s.o.Keeper.Create(id); err != nil {
		return err
	}
	dir, err := s.o.Keeper.Folder(id)
	if err != nil {
		return err
	}
	for _, sub := range []string{desk.PhotosDir, desk.WorkDir, desk.PlanDir} {
		if err := os.Mkdir(filepath.Join(dir, sub), 0o700); err != nil {
			return fmt.Errorf("making the client's folder: %w", err)
		}
	}
	// the folder of photos is a case for the command line too
	if err := atomicfile.WriteBytes(filepath.Join(dir, desk.PhotosDir, "case.json"), fmt.Appendf(nil, "{\n \"case\": %q\n}\n", code)); err != nil {
		return err
	}
	l, err := record.Open(dir, s.o.Now)
	if err != nil {
		return err
	}
	if _, err := l.Edit(record.NewID(), record.Create, record.Created{Code: code, Seed: planSeed}); err != nil {
		return err
	}
	return s.o.Keeper.Saved(id)
}

// mostBytes of a photo: a 48 megapixel JPEG has 15 to 25 MB.
const mostBytes = 64 << 20

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
		problem(w, http.StatusUnsupportedMediaType, fmt.Sprintf("not a photo (%s): JPEG, HEIC, PNG or WebP is expected", kind))
		return
	}
	if err := s.accept(context.WithoutCancel(r.Context()), id, o, slot, kind, data); err != nil {
		s.fail(w, r, err)
		return
	}
	v, err := o.desk.View(slot, nil)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	writeJSON(w, v)
}

// extension of a photo's file: what it is, not what it was called.
func extension(k filekind.Kind) string {
	return map[filekind.Kind]string{filekind.JPEG: ".jpg", filekind.PNG: ".png", filekind.WebP: ".webp", filekind.HEIC: ".heic"}[k]
}

// accept measures a photo beside the one of its slot and lets it take that one's
// place only when it is one.
func (s *Server) accept(ctx context.Context, id string, o *open, slot string, kind filekind.Kind, data []byte) error {
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
	if err := s.replace(o, slot, incoming, file); err != nil {
		return err
	}
	_, err = s.edit(id, o, record.NewID(), record.AddPhoto, record.Photo{Slot: slot, File: file, SHA256: found.Photo.SHA256})
	return err
}

// replace moves a photo and its survey into their places.
func (s *Server) replace(o *open, slot, incoming, file string) error {
	o.docs.Lock()
	defer o.docs.Unlock()
	photos, work := filepath.Join(o.desk.Dir(), desk.PhotosDir), filepath.Join(o.desk.Dir(), desk.WorkDir)
	entries, err := os.ReadDir(incoming)
	if err != nil {
		return fmt.Errorf("keeping the photo: %w", err)
	}
	old, err := filepath.Glob(filepath.Join(photos, slot+".*"))
	if err != nil {
		return fmt.Errorf("keeping the photo: %w", err)
	}
	for _, e := range entries {
		to := filepath.Join(work, e.Name())
		if e.Name() == file {
			to = filepath.Join(photos, file)
		}
		if err := os.Rename(filepath.Join(incoming, e.Name()), to); err != nil {
			return fmt.Errorf("keeping the photo: %w", err)
		}
	}
	for _, path := range old {
		if filepath.Base(path) != file {
			if err := os.Remove(path); err != nil {
				return fmt.Errorf("removing the photo that was there: %w", err)
			}
		}
	}
	return nil
}

// workFile sends one of the files that a survey left.
func (s *Server) workFile(suffix, kind string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		slot := r.PathValue("slot")
		o, err := s.open(r.PathValue("id"))
		if err != nil {
			s.fail(w, r, err)
			return
		}
		if !slices.ContainsFunc(o.log.State().Photos, func(p record.Photo) bool { return p.Slot == slot }) {
			problem(w, http.StatusNotFound, "there is no such photo")
			return
		}
		data, err := os.ReadFile(filepath.Join(o.desk.Dir(), desk.WorkDir, slot+suffix))
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
