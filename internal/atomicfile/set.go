package atomicfile

import (
	"context"
	"errors"
	"io"
	"os"
	"path/filepath"
	"sync"
)

// Set is several files that appear together. Write stages one file after the
// other, each of which goes to the disk while the next is made; Commit waits for the
// disk, which may refuse them only then, and renames them all; Discard removes what was staged and, after a
// Commit, does nothing, so that it can be deferred. If a rename fails, the
// files renamed before it are taken back: new ones are removed, replaced ones
// are restored where the file system has hard links. A crash in the middle of
// Commit can still leave some files new and some old, but each of them whole.
// A Set is not for use by several goroutines.
type Set struct {
	files []staged
}

type staged struct {
	temp, path string
	backup     string // a second name of the replaced file, "" where there is none
	flushed    func() error
	replaced   bool // whether a file had this name before
	renamed    bool
}

// Write stages the file at path with what fill writes.
func (s *Set) Write(ctx context.Context, path string, fill func(io.Writer) error) error {
	for _, f := range s.files {
		if filepath.Clean(f.path) == filepath.Clean(path) {
			return writing(path, errors.New("the file is written twice"))
		}
	}
	temp, flushed, err := stage(ctx, path, fill)
	if err != nil {
		return writing(path, err)
	}
	s.files = append(s.files, staged{temp: temp, path: path, flushed: sync.OnceValue(flushed)})
	return nil
}

// WriteBytes stages the file at path with data.
func (s *Set) WriteBytes(path string, data []byte) error {
	return s.Write(context.Background(), path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// Commit gives all staged files their final names, and empties the set. If ctx
// is cancelled before it starts, nothing is renamed.
func (s *Set) Commit(ctx context.Context) error {
	defer s.Discard()
	if err := ctx.Err(); err != nil {
		return err
	}
	for _, f := range s.files {
		if err := f.flushed(); err != nil {
			return writing(f.path, err)
		}
	}
	for i := range s.files {
		if err := s.files[i].rename(); err != nil {
			s.takeBack()
			return writing(s.files[i].path, err)
		}
	}
	s.settle()
	s.files = nil
	return nil
}

// Discard removes everything that is staged and not committed.
func (s *Set) Discard() {
	for _, f := range s.files {
		_ = f.flushed() // it is not wanted any more
		os.Remove(f.temp)
		if f.backup != "" {
			os.Remove(f.backup)
		}
	}
	s.files = nil
}

func (f *staged) rename() error {
	_, err := os.Lstat(f.path)
	f.replaced = err == nil
	if backup := f.temp + oldSuffix; f.replaced && os.Link(f.path, backup) == nil {
		f.backup = backup
	}
	if err := os.Rename(f.temp, f.path); err != nil {
		return err
	}
	f.renamed = true
	return nil
}

// settle makes the new names last, which are in place already.
func (s *Set) settle() {
	dirs := map[string]bool{}
	for _, f := range s.files {
		if f.backup != "" {
			os.Remove(f.backup)
		}
		dirs[filepath.Dir(f.path)] = true
	}
	for dir := range dirs {
		_ = SyncDir(dir)
	}
}

// takeBack undoes the renames done so far. A replaced file without a backup
// stays new: removing it would lose both.
func (s *Set) takeBack() {
	for i := range s.files {
		f := &s.files[i]
		if !f.renamed {
			continue
		}
		if f.backup != "" {
			_ = os.Rename(f.backup, f.path)
			f.backup = ""
		} else if !f.replaced {
			_ = os.Remove(f.path)
		}
	}
}
