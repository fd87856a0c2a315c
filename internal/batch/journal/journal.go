// Package journal remembers what is done, so that killed work goes on where it
// was.
//
// A journal is a file of lines, one JSON record each, to which is only ever
// appended; the last record of a name counts. A line that was cut off by a kill
// or a full disk is taken away when the journal is opened again; one that is
// damaged is passed over, so that its work is done again. Of each record only
// its place in the file is held in memory. A Journal may be used by several
// goroutines. Errors name the file.
package journal

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"sync"

	"pointille/internal/atomicfile"
)

// Journal is an open journal.
type Journal struct {
	path    string
	file    *os.File // nil: only read
	mu      sync.Mutex
	at      map[string]place
	end     int64
	damaged int
}

// place is where a record lies in the file.
type place struct {
	offset int64
	length int
}

// record is one line.
type record struct {
	Name string          `json:"name"`
	Key  string          `json:"key"`
	Data json.RawMessage `json:"data,omitempty"`
}

// Open opens the journal at path and makes it if it is missing.
func Open(path string) (*Journal, error) {
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o666)
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	j := &Journal{path: path, file: f, at: map[string]place{}}
	lines, err := j.load(f)
	if err == nil && lines > 2*len(j.at)+1000 {
		err = j.compact()
	}
	if err == nil {
		err = j.cutOff()
	}
	if err != nil {
		j.Close()
		return nil, fmt.Errorf("reading the journal %s: %w", path, err)
	}
	return j, nil
}

// Read opens the journal at path to look at it: nothing is written, and a
// missing one is empty.
func Read(path string) (*Journal, error) {
	j := &Journal{path: path, at: map[string]place{}}
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return j, nil
	}
	if err != nil {
		return nil, fmt.Errorf("opening the journal: %w", err)
	}
	defer f.Close()
	if _, err := j.load(f); err != nil {
		return nil, fmt.Errorf("reading the journal %s: %w", path, err)
	}
	return j, nil
}

// cutOff takes away a last line that is not whole.
func (j *Journal) cutOff() error {
	info, err := j.file.Stat()
	if err != nil || info.Size() == j.end {
		return err
	}
	return j.file.Truncate(j.end)
}

// load notes where records lie, up to the last line that is whole.
func (j *Journal) load(f io.Reader) (lines int, err error) {
	r := bufio.NewReaderSize(f, 1<<16)
	for {
		line, err := r.ReadBytes('\n')
		if err == io.EOF {
			return lines, nil // what is left is no whole line
		}
		if err != nil {
			return lines, err
		}
		lines++
		j.note(line)
	}
}

func (j *Journal) note(line []byte) {
	var r record
	if json.Unmarshal(line, &r) != nil || r.Name == "" {
		j.damaged++
	} else {
		j.at[r.Name] = place{j.end, len(line)}
	}
	j.end += int64(len(line))
}

// Damaged is how many lines could not be read.
func (j *Journal) Damaged() int { return j.damaged }

// Put appends a record; what was noted of the name before is forgotten. With
// last it is on the disk when Put returns, otherwise at some time soon.
func (j *Journal) Put(name, key string, data any, last bool) error {
	if j.file == nil {
		return fmt.Errorf("the journal %s is only read", j.path)
	}
	d, err := json.Marshal(data)
	if err != nil {
		return fmt.Errorf("writing the journal %s: %w", j.path, err)
	}
	line, err := json.Marshal(record{name, key, d})
	if err != nil {
		return fmt.Errorf("writing the journal %s: %w", j.path, err)
	}
	line = append(line, '\n')
	j.mu.Lock()
	defer j.mu.Unlock()
	// A write that failed half-way, on a full disk, is written over by the next.
	if _, err := j.file.WriteAt(line, j.end); err != nil {
		return fmt.Errorf("writing the journal: %w", err)
	}
	if last {
		if err := j.file.Sync(); err != nil {
			return fmt.Errorf("writing the journal: %w", err)
		}
	}
	j.note(line)
	return nil
}

// Get reads the record of a name into data, a pointer or nil, and returns its
// key; without a record ok is false.
func (j *Journal) Get(name string, data any) (key string, ok bool, err error) {
	j.mu.Lock()
	p, ok := j.at[name]
	j.mu.Unlock()
	if !ok {
		return "", false, nil
	}
	line, err := j.line(p)
	if err != nil {
		return "", false, err
	}
	var r record
	if err := json.Unmarshal(line, &r); err != nil {
		return "", false, fmt.Errorf("reading the journal %s: %w", j.path, err)
	}
	if data != nil {
		if err := json.Unmarshal(r.Data, data); err != nil {
			return "", false, nil // written by a version that noted other things
		}
	}
	return r.Key, true, nil
}

func (j *Journal) line(p place) ([]byte, error) {
	f := j.file
	if f == nil {
		var err error
		if f, err = os.Open(j.path); err != nil {
			return nil, fmt.Errorf("reading the journal: %w", err)
		}
		defer f.Close()
	}
	line := make([]byte, p.length)
	if _, err := f.ReadAt(line, p.offset); err != nil {
		return nil, fmt.Errorf("reading the journal: %w", err)
	}
	return line, nil
}

// Names calls f with the name of every record, in no order.
func (j *Journal) Names(f func(name string)) {
	j.mu.Lock()
	names := make([]string, 0, len(j.at))
	for n := range j.at {
		names = append(names, n)
	}
	j.mu.Unlock()
	for _, n := range names {
		f(n)
	}
}

// compact writes the journal anew without what no longer counts.
func (j *Journal) compact() error {
	offsets := make(map[int64]bool, len(j.at))
	for _, p := range j.at {
		offsets[p.offset] = true
	}
	if _, err := j.file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	r := bufio.NewReaderSize(io.LimitReader(j.file, j.end), 1<<16)
	err := atomicfile.Write(j.path, func(w io.Writer) error {
		for at := int64(0); ; {
			line, err := r.ReadBytes('\n')
			if err == io.EOF && len(bytes.TrimSpace(line)) == 0 {
				return nil
			}
			if err != nil {
				return err
			}
			if offsets[at] {
				if _, err := w.Write(line); err != nil {
					return err
				}
			}
			at += int64(len(line))
		}
	})
	if err != nil {
		return err
	}
	return j.reopen()
}

// reopen follows the file that now has the journal's name.
func (j *Journal) reopen() error {
	j.file.Close()
	f, err := os.OpenFile(j.path, os.O_RDWR, 0o666)
	if err != nil {
		return err
	}
	j.file, j.at, j.end, j.damaged = f, map[string]place{}, 0, 0
	_, err = j.load(f)
	return err
}

// Close closes the file.
func (j *Journal) Close() error {
	if j.file == nil {
		return nil
	}
	return j.file.Close()
}
