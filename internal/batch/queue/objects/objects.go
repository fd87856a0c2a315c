// Package objects keeps the files of one batch on the queue's server: sealed
// bundles, cut into messages of a stream that is the batch's own.
//
// Names consist of three tokens: of the case, of what it is, and one that nobody
// else has, so that a bundle is never written over and half of one never taken for
// a whole. What was begun and not finished is removed with its case.
//
// Errors name the server; *seal.FileError is about a file of this machine.
package objects

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strconv"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/seal"
)

// Store is the objects of one batch.
type Store struct {
	line   *line.Line
	begin  string // of subjects
	stream jetstream.Stream
	spare  chan []byte // pieces that the server has
}

const (
	streamBegin  = "pointille-"
	subjectBegin = "pointille.object."
	last         = "Pointille-Last" // header of an object's last piece
)

// pieceBytes is the size of the messages that objects consist of: few, and well
// below what servers take (1 MB).
const pieceBytes = 512 << 10

// ahead is how many pieces may be under way that the server has not acknowledged.
const ahead = 4

// Open opens the store of a batch; with anew, it is made if it is missing.
func Open(ctx context.Context, l *line.Line, batch string, anew bool) (*Store, error) {
	s := &Store{line: l, begin: subjectBegin + batch + ".", spare: make(chan []byte, 2*ahead)}
	var err error
	if !anew {
		s.stream, err = l.JS.Stream(ctx, streamBegin+batch)
	} else {
		s.stream, err = l.Stream(ctx, jetstream.StreamConfig{
			Name: streamBegin + batch, Subjects: []string{s.begin + ">"}, Storage: jetstream.FileStorage, MaxAge: line.Keep, AllowDirect: true,
		})
	}
	if err != nil {
		return nil, fmt.Errorf("%s: the files of the batch: %w", l.Where, err)
	}
	return s, nil
}

// Name is a new name for what belongs to a case.
func Name(of, what string) string { return of + "." + what + "." + line.NewID() }

// Put stores files under a new name.
func (s *Store) Put(ctx context.Context, name string, files []seal.File) error {
	w := &writer{store: s, ctx: ctx, subject: s.begin + name}
	err := s.line.Key.Bundle(w, name, files)
	if err == nil {
		err = w.end()
	}
	if err != nil {
		return fmt.Errorf("%s: storing %s: %w", s.line.Where, name, err)
	}
	return nil
}

// writer sends what it gets in pieces.
type writer struct {
	store   *Store
	ctx     context.Context
	subject string
	n       int
	piece   []byte // the server's, once it is sent
	sent    []jetstream.PubAckFuture
}

func (w *writer) Write(p []byte) (int, error) {
	for rest := p; len(rest) > 0; {
		if w.piece == nil {
			w.piece = w.store.blank()
		}
		n := min(len(rest), pieceBytes-len(w.piece))
		w.piece, rest = append(w.piece, rest[:n]...), rest[n:]
		if len(w.piece) < pieceBytes || len(rest) == 0 {
			continue // the last piece says so
		}
		if err := w.send(nil); err != nil {
			return 0, err
		}
	}
	return len(p), nil
}

// blank is room for a piece.
func (s *Store) blank() []byte {
	select {
	case b := <-s.spare:
		return b
	default:
		return make([]byte, 0, pieceBytes)
	}
}

// send sends the piece, and waits for one of those before it if there are many.
func (w *writer) send(head nats.Header) error {
	if err := w.ctx.Err(); err != nil {
		return err
	}
	f, err := w.store.line.JS.PublishMsgAsync(&nats.Msg{Subject: w.subject + "." + strconv.Itoa(w.n), Data: w.piece, Header: head})
	if err != nil {
		return err
	}
	w.n, w.piece, w.sent = w.n+1, nil, append(w.sent, f)
	if len(w.sent) < ahead {
		return nil
	}
	return w.acknowledged()
}

// acknowledged waits for the oldest piece under way.
func (w *writer) acknowledged() error {
	f := w.sent[0]
	w.sent = w.sent[1:]
	select {
	case <-f.Ok():
		select {
		case w.store.spare <- f.Msg().Data[:0]:
		default:
		}
		return nil
	case err := <-f.Err():
		return err
	case <-w.ctx.Done():
		return w.ctx.Err()
	}
}

func (w *writer) end() error {
	err := w.send(nats.Header{last: {"yes"}})
	for err == nil && len(w.sent) > 0 {
		err = w.acknowledged()
	}
	return err
}

// Get hands each file of a name to put.
func (s *Store) Get(ctx context.Context, name string, put func(name string, data io.Reader) error) error {
	r := &reader{store: s, ctx: ctx, subject: s.begin + name}
	err := s.line.Key.Unbundle(r, name, put)
	if r.err != nil {
		err = r.err // what was made of it says less
	}
	if err != nil {
		return fmt.Errorf("%s: fetching %s: %w", s.line.Where, name, err)
	}
	return nil
}

// reader fetches one piece after the other.
type reader struct {
	store   *Store
	ctx     context.Context
	subject string
	n       int
	piece   []byte
	last    bool
	err     error
}

func (r *reader) Read(p []byte) (int, error) {
	for len(r.piece) == 0 {
		if r.last {
			return 0, io.EOF
		}
		if r.err == nil {
			r.err = r.fetch()
		}
		if r.err != nil {
			return 0, r.err
		}
	}
	n := copy(p, r.piece)
	r.piece = r.piece[n:]
	return n, nil
}

func (r *reader) fetch() error {
	ctx, stop := context.WithTimeout(r.ctx, line.Stall)
	defer stop()
	m, err := r.store.stream.GetLastMsgForSubject(ctx, r.subject+"."+strconv.Itoa(r.n))
	if err != nil {
		return err
	}
	if len(m.Data) == 0 && m.Header.Get(last) == "" {
		return errors.New("a piece is empty")
	}
	r.n, r.piece, r.last = r.n+1, m.Data, m.Header.Get(last) != ""
	return nil
}

// Remove takes away one object, or all of a case, with all that says it was there.
func (s *Store) Remove(ctx context.Context, name string) error {
	if err := s.stream.Purge(ctx, jetstream.WithPurgeSubject(s.begin+name+".>")); err != nil {
		return fmt.Errorf("%s: removing %s: %w", s.line.Where, name, err)
	}
	return nil
}

// Delete takes the store away.
func (s *Store) Delete(ctx context.Context) error {
	if err := s.line.JS.DeleteStream(ctx, s.stream.CachedInfo().Config.Name); err != nil {
		return fmt.Errorf("%s: removing the files of the batch: %w", s.line.Where, err)
	}
	return nil
}
