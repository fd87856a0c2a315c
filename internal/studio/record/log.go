// Package record keeps consultations: one folder each, with photos, what was
// measured and planned, and a log of every edit.
//
// The log is the truth: a state is what its edits come to, so that undo and redo
// outlive a restart, and the same edit sent twice counts once. Lines are flushed
// to the disk before an edit counts. A last line cut short by a power cut is
// taken off; any other damage is an error that names the line.
package record

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// LogFile is the log's name in a consultation's folder.
const LogFile = "log.jsonl"

// longestLine is more than any edit needs: brush strokes of several photos.
const longestLine = 8 << 20

// Log is an open consultation. It is safe for concurrent use.
type Log struct {
	path string
	now  func() time.Time
	mu   sync.Mutex
	fold fold
	seen map[string]bool // ids of edits
}

// Open reads the log of a consultation's folder; one that does not exist yet is
// empty.
func Open(dir string, now func() time.Time) (*Log, error) {
	l := &Log{path: filepath.Join(dir, LogFile), now: now, seen: map[string]bool{}}
	data, err := os.ReadFile(l.path)
	if errors.Is(err, fs.ErrNotExist) {
		return l, nil
	}
	if err != nil {
		return nil, fmt.Errorf("reading the log: %w", err)
	}
	whole := bytes.LastIndexByte(data, '\n') + 1
	if whole < len(data) { // the power went while it was written: it never counted
		if err := os.Truncate(l.path, int64(whole)); err != nil {
			return nil, fmt.Errorf("taking off a line cut short: %w", err)
		}
	}
	return l, l.replay(bytes.NewReader(data[:whole]))
}

func (l *Log) replay(r io.Reader) error {
	lines := bufio.NewScanner(r)
	lines.Buffer(make([]byte, 1<<16), longestLine)
	for n := 1; lines.Scan(); n++ {
		e, err := decode(lines.Bytes())
		if err == nil {
			err = l.fold.apply(e)
		}
		if err != nil {
			return fmt.Errorf("%s: line %d: %w", l.path, n, err)
		}
		l.seen[e.ID] = true
	}
	if err := lines.Err(); err != nil {
		return fmt.Errorf("%s: %w", l.path, err)
	}
	return nil
}

// decode reads one line.
func decode(line []byte) (Edit, error) {
	var e Edit
	d := json.NewDecoder(bytes.NewReader(line))
	d.DisallowUnknownFields()
	if err := d.Decode(&e); err != nil {
		return e, fmt.Errorf("no edit: %w", err)
	}
	return e, nil
}

// State returns what the edits come to so far.
func (l *Log) State() State {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.fold.state
}

// Edit adds an edit, on the disk before it returns. One whose id was seen before
// changes nothing and is no error: the tablet did not hear the answer.
func (l *Log) Edit(id, kind string, data any) (State, error) {
	raw, err := marshal(data)
	if err != nil {
		return State{}, err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if id == "" || len(id) > 80 {
		return l.fold.state, errors.New("an edit needs an id of 1 to 80 letters")
	}
	if l.seen[id] {
		return l.fold.state, nil
	}
	e := Edit{N: l.fold.state.N + 1, ID: id, At: l.now().UTC().Truncate(time.Millisecond), Kind: kind, Data: raw}
	next := l.fold.clone()
	if err := next.apply(e); err != nil {
		return l.fold.state, err
	}
	if err := l.append(e); err != nil {
		return l.fold.state, err
	}
	l.fold = next
	l.seen[id] = true
	return l.fold.state, nil
}

func marshal(data any) (json.RawMessage, error) {
	if data == nil {
		return nil, nil
	}
	raw, err := json.Marshal(data)
	if err != nil {
		return nil, fmt.Errorf("writing the edit: %w", err)
	}
	return raw, nil
}

// clone lets an edit that fails be forgotten.
func (f fold) clone() fold {
	f.done, f.undone = append([]Edit(nil), f.done...), append([]Edit(nil), f.undone...)
	return f
}

func (l *Log) append(e Edit) (err error) {
	line, err := json.Marshal(e)
	if err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	f, err := os.OpenFile(l.path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	defer func() {
		if e := f.Close(); err == nil && e != nil {
			err = fmt.Errorf("writing the log: %w", e)
		}
	}()
	was, err := f.Seek(0, io.SeekEnd)
	if err != nil {
		return fmt.Errorf("writing the log: %w", err)
	}
	if _, err = f.Write(append(line, '\n')); err == nil {
		err = f.Sync()
	}
	if err != nil {
		err = errors.Join(err, f.Truncate(was)) // half a line would spoil what follows
		return fmt.Errorf("writing the log: %w", err)
	}
	return nil
}
