package batch

import (
	"fmt"
	"io/fs"
	"syscall"

	"pointille/internal/batch/find"
)

// look reads a file, or knows what it held last time if nothing about it has
// changed. The time of change cannot be set by a program, as that of the content
// can, so that a file of the same size and time but other content is noticed.
func (r *runner) look(path string, info fs.FileInfo) (find.Facts, error) {
	if r.Tell.Looking != nil {
		r.Tell.Looking(path)
	}
	stamp := stampOf(info)
	var facts find.Facts
	if have, ok, err := r.book.Get(fileName(path), &facts); err != nil {
		return facts, err
	} else if ok && have == stamp && stamp != "" {
		return facts, nil
	}
	facts, err := find.LookAt(path)
	if err != nil || r.disk == nil || stamp == "" {
		return facts, err
	}
	return facts, r.book.Put(fileName(path), stamp, facts, false)
}

func stampOf(info fs.FileInfo) string {
	s, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return ""
	}
	return fmt.Sprintf("%d %d %d %d %d.%d", s.Dev, s.Ino, info.Size(), info.ModTime().UnixNano(), s.Ctim.Sec, s.Ctim.Nsec)
}
