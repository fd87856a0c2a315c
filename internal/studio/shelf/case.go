package shelf

import (
	"archive/zip"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
)

// Case is a consultation that is worked on.
type Case struct {
	Log *record.Log
	Dir string // private: work and plan lie in it, photos only while they are needed

	s    *Shelf
	code string
}

// Take lays a consultation out.
func (s *Shelf) Take(ctx context.Context, id string) (*Case, error) {
	client, err := s.client(ctx, id)
	if err != nil {
		return nil, err
	}
	log, err := s.begun(ctx, client)
	if err != nil {
		return nil, err
	}
	dir, err := os.MkdirTemp(s.work, client.ID+"-") // another may be on its way out
	if err != nil {
		return nil, fmt.Errorf("laying out %s: %w", client.Code, err)
	}
	c := &Case{Log: log, Dir: dir, s: s, code: client.Code}
	if err := c.layOut(ctx); err != nil {
		return nil, errors.Join(fmt.Errorf("laying out %s: %w", client.Code, err), c.PutAway())
	}
	return c, nil
}

// PutAway takes the folder away. The record has all of it that counts.
func (c *Case) PutAway() error { return removeAll(c.Dir) }

func (c *Case) layOut(ctx context.Context) error {
	for _, dir := range []string{c.path(desk.WorkDir), c.path(desk.PlanDir)} {
		if err := os.Mkdir(dir, 0o700); err != nil {
			return err
		}
	}
	items, err := c.s.store.Items(ctx, c.code)
	if err != nil {
		return err
	}
	state := c.Log.State()
	for _, p := range state.Photos {
		i, there := newest(items, Work, workName(p.Slot))
		if !there {
			return fmt.Errorf("the findings of %s are not in the record any more", p.Slot)
		}
		if err := c.unpack(ctx, i); err != nil {
			return err
		}
	}
	for name, kind := range map[string]string{job.ScheduleFile: records.Schedule, job.CalendarFile: records.Document} {
		if i, there := newest(items, kind, name); there && state.Scheduled != nil {
			if err := c.write(ctx, i, filepath.Join(desk.PlanDir, name)); err != nil {
				return err
			}
		}
	}
	if state.Signed == nil {
		return nil
	}
	i, there := newest(items, records.Consent, state.Signed.File)
	if !there {
		return fmt.Errorf("the consent %s is not in the record any more", state.Signed.File)
	}
	return c.write(ctx, i, state.Signed.File)
}

func (c *Case) path(names ...string) string {
	return filepath.Join(append([]string{c.Dir}, names...)...)
}

// write writes an item to a file of the folder.
func (c *Case) write(ctx context.Context, i records.Item, name string) error {
	data, err := c.s.store.Read(ctx, i.ID)
	if err != nil {
		return err
	}
	return os.WriteFile(c.path(name), data, 0o600)
}

// mostWork is more than what is made of one photo takes, bytes.
const mostWork = 256 << 20

// unpack writes what was made of a photo to the folder of work.
func (c *Case) unpack(ctx context.Context, i records.Item) error {
	files, err := c.s.packed(ctx, i)
	if err != nil {
		return err
	}
	for _, f := range files {
		if f.Name != filepath.Base(f.Name) || strings.HasPrefix(f.Name, ".") || f.UncompressedSize64 > mostWork {
			return fmt.Errorf("%s: %q is none of its files", i.Name, f.Name)
		}
		content, err := inflated(f)
		if err != nil {
			return fmt.Errorf("%s: %s: %w", i.Name, f.Name, err)
		}
		if err := os.WriteFile(c.path(desk.WorkDir, f.Name), content, 0o600); err != nil {
			return err
		}
	}
	return nil
}

// packed reads what was made of a photo.
func (s *Shelf) packed(ctx context.Context, i records.Item) ([]*zip.File, error) {
	data, err := s.store.Read(ctx, i.ID)
	if err != nil {
		return nil, err
	}
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		return nil, fmt.Errorf("%s: %w", i.Name, err)
	}
	return z.File, nil
}

func inflated(f *zip.File) ([]byte, error) {
	r, err := f.Open()
	if err != nil {
		return nil, err
	}
	defer r.Close()
	return io.ReadAll(io.LimitReader(r, mostWork))
}

// Pack makes the files that a photo brings to the record: it, its survey, and all that
// the worker wrote beside it in a folder. The photo is not read again: it is large.
func Pack(dir, slot, file string, photo []byte) ([]record.File, error) {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("keeping the photo: %w", err)
	}
	out := []record.File{{Kind: records.Photo, Name: file, Content: photo}}
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, e := range entries {
		if e.Name() == file {
			continue
		}
		data, err := os.ReadFile(filepath.Join(dir, e.Name()))
		if err != nil {
			return nil, fmt.Errorf("keeping the photo: %w", err)
		}
		if e.Name() == surveyName(slot) {
			out = append(out, record.File{Kind: records.Survey, Name: e.Name(), Content: data})
		}
		w, err := z.CreateHeader(&zip.FileHeader{Name: e.Name(), Method: zip.Store}) // pictures do not get smaller
		if err == nil {
			_, err = w.Write(data)
		}
		if err != nil {
			return nil, fmt.Errorf("keeping the photo: %w", err)
		}
	}
	if err := z.Close(); err != nil {
		return nil, fmt.Errorf("keeping the photo: %w", err)
	}
	return append(out, record.File{Kind: Work, Name: workName(slot), Content: b.Bytes()}), nil
}

// WorkFile reads one file of what was made of a photo, of a client that nobody works
// on. It is os.ErrNotExist where there is none.
func (s *Shelf) WorkFile(ctx context.Context, id, slot, suffix string) ([]byte, error) {
	client, err := s.client(ctx, id)
	if err != nil {
		return nil, err
	}
	items, err := s.store.Items(ctx, client.Code)
	if err != nil {
		return nil, err
	}
	i, there := newest(items, Work, workName(slot))
	if !there {
		return nil, fmt.Errorf("%s: %w", workName(slot), os.ErrNotExist)
	}
	files, err := s.packed(ctx, i)
	if err != nil {
		return nil, err
	}
	for _, f := range files {
		if f.Name == slot+suffix {
			return inflated(f)
		}
	}
	return nil, fmt.Errorf("%s%s: %w", slot, suffix, os.ErrNotExist)
}

// File adds documents that no edit brings, such as a plan that was printed. What is
// held already is not added again.
func (c *Case) File(ctx context.Context, files []record.File) error {
	b := records.Batch{}
	for _, f := range files {
		b.Add = append(b.Add, records.New{Kind: f.Kind, Name: f.Name, Content: f.Content})
	}
	_, err := c.s.store.Apply(ctx, c.code, b)
	return err
}

// WithPhotos lays the photos out, as a case of the command line, for as long as f
// runs.
func (c *Case) WithPhotos(ctx context.Context, f func(dir string) error) (err error) {
	dir, err := os.MkdirTemp(c.Dir, desk.PhotosDir+"-")
	if err != nil {
		return fmt.Errorf("laying out photos: %w", err)
	}
	defer func() { err = errors.Join(err, removeAll(dir)) }()
	items, err := c.s.store.Items(ctx, c.code)
	if err != nil {
		return err
	}
	for _, p := range c.Log.State().Photos {
		data, err := c.s.photo(ctx, items, p)
		if err != nil {
			return err
		}
		if err := os.WriteFile(filepath.Join(dir, p.File), data, 0o600); err != nil {
			return fmt.Errorf("laying out photos: %w", err)
		}
	}
	return f(dir)
}
