// Package flock holds a file for one process at a time. The kernel lets go of it
// when that process, and every other that the open file was handed to, has ended,
// however it ended.
//
// Take does not wait: where another holds the file the error is a *Held, with the
// note that the holder left for people.
package flock

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"strings"
	"time"

	"golang.org/x/sys/unix"
)

// Held is the error of a file that another holds.
type Held struct {
	Path string
	Note string // what the holder wrote; empty: nothing
}

func (h *Held) Error() string {
	if h.Note == "" {
		return h.Path + ": another process holds it"
	}
	return fmt.Sprintf("%s: another process holds it (%s)", h.Path, h.Note)
}

// Lock is a held file.
type Lock struct {
	f     *os.File
	noted bool
}

// Note says who holds a file, for Take: what, as "pointille studio" or nothing, before
// the process's number and the time.
func Note(what string) string {
	return strings.TrimPrefix(fmt.Sprintf("%s, process %d since %s", what, os.Getpid(), time.Now().Format(time.TimeOnly)), ", ")
}

// longestNote is more than a holder writes, bytes.
const longestNote = 200

// Take makes the file where it is missing, with the permissions, and holds it. The
// note, see Note, is for whoever comes second; without one the file is not changed.
func Take(path string, perm fs.FileMode, note string) (*Lock, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, perm)
	if err != nil {
		return nil, err
	}
	if err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB); err != nil {
		defer f.Close()
		if errors.Is(err, unix.EWOULDBLOCK) {
			return nil, &Held{path, noteIn(f)}
		}
		return nil, fmt.Errorf("locking %s: %w", path, err)
	}
	if note == "" {
		return &Lock{f: f}, nil
	}
	if _, err := f.WriteAt([]byte(note+"\n"), 0); err == nil { // only a help for people: a full disk is no reason to stop
		_ = f.Truncate(int64(len(note) + 1))
	}
	return &Lock{f, true}, nil
}

// noteIn is the note of a file, where it reads like one.
func noteIn(f *os.File) string {
	data, err := io.ReadAll(io.LimitReader(f, longestNote))
	line, _, whole := strings.Cut(string(data), "\n")
	if err != nil || !whole || !strings.Contains(line, "process ") {
		return ""
	}
	return line
}

// File is the open file, to be handed to processes that hold it too. Nil for none.
func (l *Lock) File() *os.File {
	if l == nil {
		return nil
	}
	return l.f
}

// Release takes the note away and lets go, unless a process that the file was handed
// to still holds it. It does nothing for nil.
func (l *Lock) Release() error {
	if l == nil {
		return nil
	}
	if l.noted {
		_ = l.f.Truncate(0)
	}
	return l.f.Close()
}
