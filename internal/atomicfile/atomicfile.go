// Package atomicfile writes files that are either whole or absent.
//
// A file is filled under a hidden name in its own folder, flushed to the disk
// and renamed to its final name; whoever looks sees the old file or the new
// one, never a half of it. On an error, a cancelled context or a panic in the
// filling function the hidden file is removed and the old one stays as it was.
// Every error names the file that was to be written.
package atomicfile

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
)

// Write fills the file at path with what fill writes. A new file gets the
// permissions 0666 less the umask, a replaced one keeps its own.
func Write(path string, fill func(io.Writer) error) error {
	return WriteContext(context.Background(), path, fill)
}

// WriteBytes writes data to path.
func WriteBytes(path string, data []byte) error {
	return Write(path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// WriteContext is Write that gives up when ctx is cancelled: the writer handed
// to fill then fails with the context's error, and nothing is left behind.
func WriteContext(ctx context.Context, path string, fill func(io.Writer) error) error {
	temp, flushed, err := stage(ctx, path, fill)
	if err == nil {
		if err = flushed(); err != nil {
			os.Remove(temp)
		}
	}
	if err != nil {
		return writing(path, err)
	}
	if err := os.Rename(temp, path); err != nil {
		os.Remove(temp)
		return writing(path, err)
	}
	_ = SyncDir(filepath.Dir(path)) // the new name is in place already
	return nil
}

// stage writes the hidden file beside path and returns its name. It is on its way to
// the disk then, and there when flushed returns nil; flushed must be called once.
func stage(ctx context.Context, path string, fill func(io.Writer) error) (temp string, flushed func() error, err error) {
	if err := ctx.Err(); err != nil {
		return "", nil, err
	}
	perm, err := permissions(path)
	if err != nil {
		return "", nil, err
	}
	f, err := create(filepath.Dir(path), perm)
	if err != nil {
		return "", nil, err
	}
	done := false
	defer func() {
		if !done { // also when fill panics
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if err := filled(ctx, f, fill); err != nil {
		return "", nil, err
	}
	done = true
	ended := make(chan error, 1)
	go func() { ended <- errors.Join(f.Sync(), f.Close()) }()
	return f.Name(), func() error { return <-ended }, nil
}

func filled(ctx context.Context, f *os.File, fill func(io.Writer) error) error {
	w := bufio.NewWriterSize(f, 1<<16)
	if err := fill(cancellable{ctx, w}); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return w.Flush()
}

// permissions returns those of the file to be replaced, or of a new one.
func permissions(path string) (fs.FileMode, error) {
	info, err := os.Lstat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return 0o666, nil
	case err != nil:
		return 0, err
	case info.IsDir():
		return 0, errors.New("a folder has this name")
	case info.Mode().IsRegular():
		return info.Mode().Perm(), nil
	}
	const device = fs.ModeDevice | fs.ModeCharDevice | fs.ModeNamedPipe | fs.ModeSocket
	if to, err := os.Stat(path); err == nil && to.Mode()&device != 0 { // as /dev/stdout leads to
		return 0, errors.New("a device or pipe has this name: it would be replaced by a file")
	}
	return 0o666, nil
}

// Hidden files are named prefix, a random number, suffix; oldSuffix stands behind that
// where a Set keeps what it replaces.
const (
	prefix    = ".pointille-"
	suffix    = ".tmp"
	oldSuffix = ".old"
)

// create makes a hidden file of a name that nobody has.
func create(dir string, perm fs.FileMode) (*os.File, error) {
	for {
		name := filepath.Join(dir, fmt.Sprintf("%s%016x%s", prefix, rand.Uint64(), suffix))
		f, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, perm)
		if errors.Is(err, fs.ErrExist) {
			continue
		}
		return f, err
	}
}

// cancellable is a writer that fails once its context is cancelled.
type cancellable struct {
	ctx context.Context
	w   io.Writer
}

func (c cancellable) Write(p []byte) (int, error) {
	if err := c.ctx.Err(); err != nil {
		return 0, err
	}
	return c.w.Write(p)
}

// SyncDir makes renames and removals in a folder last. A folder that is gone has
// nothing to make last, and that some file systems cannot do it is no failure.
func SyncDir(dir string) error {
	d, err := os.Open(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	defer d.Close()
	_ = d.Sync()
	return nil
}

// Unfinished reports whether a file's name is one of those under which files are
// filled, or kept until a Set is committed: nobody needs it once its writer is gone.
func Unfinished(name string) bool {
	return strings.HasPrefix(name, prefix) && (strings.HasSuffix(name, suffix) || strings.HasSuffix(name, suffix+oldSuffix))
}

// writing puts the final name in front of err and takes out the hidden one,
// which tells a reader nothing.
func writing(path string, err error) error {
	var p *fs.PathError
	var l *os.LinkError
	switch {
	case errors.As(err, &l):
		err = l.Err
	case errors.As(err, &p) && filepath.Dir(p.Path) == filepath.Dir(path):
		err = p.Err
	}
	return fmt.Errorf("writing %s: %w", path, err)
}
