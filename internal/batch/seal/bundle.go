package seal

import (
	"archive/tar"
	"errors"
	"fmt"
	"io"
	"os"
	"path"
	"path/filepath"
	"strings"
)

// File is one of a bundle.
type File struct {
	Name string // in the bundle: slashes, below nothing
	Path string // on the disk
}

// FileError is about a file that was to be sealed: it cannot be read, or was
// changed meanwhile.
type FileError struct {
	Path string
	Err  error
}

func (e *FileError) Error() string { return "sealing " + e.Path + ": " + e.Err.Error() }

// Unwrap gives the cause.
func (e *FileError) Unwrap() error { return e.Err }

// Bundle seals files into w, in their order.
func (k *Key) Bundle(w io.Writer, purpose string, files []File) error {
	sealed, err := k.seal(w, purpose)
	if err != nil {
		return err
	}
	out := tar.NewWriter(sealed)
	for _, f := range files {
		if err := add(out, f); err != nil {
			return err
		}
	}
	if err := errors.Join(out.Close(), sealed.Close()); err != nil {
		return fmt.Errorf("sealing %s: %w", purpose, err)
	}
	return nil
}

// add tells the faults of a file from those of where it goes.
func add(out *tar.Writer, file File) error {
	f, err := os.Open(file.Path)
	if err != nil {
		return &FileError{file.Path, err}
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return &FileError{file.Path, err}
	}
	if err := out.WriteHeader(&tar.Header{Name: file.Name, Size: info.Size(), Mode: 0o600, Format: tar.FormatPAX}); err != nil {
		return err
	}
	from := &source{r: f}
	_, err = io.CopyN(out, from, info.Size())
	if from.err != nil || err == io.EOF {
		return &FileError{file.Path, err}
	}
	return err
}

// source keeps why reading failed.
type source struct {
	r   io.Reader
	err error
}

func (s *source) Read(p []byte) (int, error) {
	n, err := s.r.Read(p)
	if err != nil && err != io.EOF {
		s.err = err
	}
	return n, err
}

// Unbundle opens a bundle and hands each file to put, which reads it. The bundle
// is only known to be whole when Unbundle has returned nil.
func (k *Key) Unbundle(r io.Reader, purpose string, put func(name string, data io.Reader) error) error {
	plain, err := k.open(r, purpose)
	if err != nil {
		return err
	}
	in := tar.NewReader(plain)
	for {
		h, err := in.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return fmt.Errorf("opening %s: %w", purpose, err)
		}
		if !proper(h) {
			return fmt.Errorf("opening %s: %q is no file of a bundle", purpose, h.Name)
		}
		if err := put(h.Name, in); err != nil {
			return err
		}
	}
	if _, err := io.Copy(io.Discard, plain); err != nil {
		return fmt.Errorf("opening %s: %w", purpose, err)
	}
	return nil
}

// proper reports whether an entry is a plain file that stays below the folder
// it is laid into.
func proper(h *tar.Header) bool {
	return h.Typeflag == tar.TypeReg && h.Name != "." && path.Clean(h.Name) == h.Name && filepath.IsLocal(h.Name) && !strings.ContainsRune(h.Name, '\\')
}
