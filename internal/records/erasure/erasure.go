// Package erasure searches a record for what a deletion must have left none of.
//
// It looks under the encryption: every block of the database and of its copy is
// decrypted without SQLite and searched, free space and slack included; the other
// files at the root are searched as they are; and no file may bear the name of one
// that was removed. It does not open the files of other clients, which hold what
// they were given.
//
// It cannot see what the disk keeps out of a program's sight: blocks that a drive
// replaced or has not erased yet, snapshots of the file system, backups.
package erasure

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"lukechampine.com/adiantum"
	"lukechampine.com/adiantum/hbsh"

	"pointille/internal/records/blocks"
)

// MinWord is the fewest bytes of a word that is worth searching: shorter ones are
// found everywhere by chance.
const MinWord = 6

// Traces are what is searched for.
type Traces struct {
	Client string   // id, for the report
	Files  []string // names of files that must be gone
	Bytes  [][]byte // must stand nowhere
}

// Report says what was searched and found.
type Report struct {
	Client string   `json:"client"`
	Traces int      `json:"traces"` // how many different ones
	Bytes  int64    `json:"bytes"`  // searched
	Names  int      `json:"names"`  // of files, compared
	Found  []string `json:"found"`  // where something was left, in words; empty: nothing
}

// Search searches the record in dir, whose database has the key.
func Search(ctx context.Context, dir string, key []byte, t Traces) (*Report, error) {
	s := &search{ctx: ctx, t: t, r: &Report{Client: t.Client, Traces: len(t.Files) + len(t.Bytes), Found: []string{}}}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s.r.Names++
		if slices.Contains(t.Files, e.Name()) {
			s.found(path, "the file is still there")
		}
		if e.IsDir() || filepath.Dir(path) != filepath.Clean(dir) {
			return nil
		}
		return s.file(path, key)
	})
	if err != nil {
		return nil, fmt.Errorf("searching for traces: %w", err)
	}
	return s.r, nil
}

type search struct {
	ctx context.Context
	t   Traces
	r   *Report
}

func (s *search) found(path, what string) { s.r.Found = append(s.r.Found, path+": "+what) }

// file searches a file of the root: decrypted where it is the database's.
func (s *search) file(path string, key []byte) error {
	f, err := os.Open(path)
	if err != nil {
		return err
	}
	defer f.Close()
	var r io.Reader = f
	if name := filepath.Base(path); name == blocks.Data || name == blocks.Copy {
		r = Decrypt(f, key)
	}
	return s.stream(path, r)
}

// stream searches what a reader gives, in windows that overlap by the longest trace.
func (s *search) stream(path string, r io.Reader) error {
	longest := 1
	for _, b := range s.t.Bytes {
		longest = max(longest, len(b))
	}
	buf, kept := make([]byte, 1<<20), 0
	for {
		if err := s.ctx.Err(); err != nil {
			return err
		}
		n, err := io.ReadFull(r, buf[kept:])
		s.r.Bytes += int64(n)
		window := buf[:kept+n]
		for _, b := range s.t.Bytes {
			if len(b) > 0 && bytes.Contains(window, b) {
				s.found(path, "something of the client is left")
				return nil
			}
		}
		if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
			return nil
		}
		if err != nil {
			return err
		}
		kept = copy(buf, window[max(0, len(window)-longest+1):])
	}
}

// Decrypt reads the database file of a record as SQLite sees it, block by block.
func Decrypt(r io.Reader, key []byte) io.Reader { return &plain{r: r, cipher: adiantum.New(key)} }

type plain struct {
	r      io.Reader
	cipher *hbsh.HBSH
	at     uint64
	block  [blocks.Size]byte
	rest   []byte
}

func (p *plain) Read(out []byte) (int, error) {
	if len(p.rest) == 0 {
		if _, err := io.ReadFull(p.r, p.block[:]); err != nil {
			return 0, err
		}
		tweak := binary.LittleEndian.AppendUint64(nil, p.at)
		p.rest = p.cipher.Decrypt(p.block[:], tweak)
		p.at += blocks.Size
	}
	n := copy(out, p.rest)
	p.rest = p.rest[n:]
	return n, nil
}
