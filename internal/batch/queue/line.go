package queue

import (
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/batch/seal"
)

// line is a connection to the queue.
type line struct {
	where   string // the server, for messages
	conn    *nats.Conn
	js      jetstream.JetStream
	steps   jetstream.Stream
	answers jetstream.Stream
	identity
}

// ready opens the streams and makes those that are missing. One that is there
// stays as it is: whoever runs a cluster may have made it with replicas.
func (l *line) ready(ctx context.Context) error {
	var err error
	if l.js, err = jetstream.New(l.conn); err != nil {
		return fmt.Errorf("%s: %w", l.where, err)
	}
	limit := jetstream.StreamConfig{
		Storage: jetstream.FileStorage, MaxAge: keep, MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
	}
	work := limit
	work.Name, work.Subjects, work.Retention = stepStream, []string{stepSubject + ">"}, jetstream.WorkQueuePolicy
	if l.steps, err = l.stream(ctx, work); err != nil {
		return err
	}
	done := limit
	done.Name, done.Subjects = answerStream, []string{answerBegin + ">", begunBegin + ">"}
	l.answers, err = l.stream(ctx, done)
	return err
}

func (l *line) stream(ctx context.Context, c jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := l.js.Stream(ctx, c.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = l.js.CreateStream(ctx, c)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another was faster
			s, err = l.js.Stream(ctx, c.Name)
		}
	}
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders):
		return nil, fmt.Errorf("%s: the server has no JetStream: start it with -js", l.where)
	case err != nil:
		return nil, fmt.Errorf("%s: the stream %s cannot be had: %w", l.where, c.Name, err)
	}
	return s, nil
}

// publish puts a sealed message into a stream. taken is false where one of its
// subject is there already.
func (l *line) publish(ctx context.Context, subject string, value any, headers nats.Header) (taken bool, err error) {
	data, err := l.key.Message(subject, value)
	if err != nil {
		return false, err
	}
	_, err = l.js.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data, Header: headers})
	var refused *jetstream.APIError
	if errors.As(err, &refused) && strings.Contains(refused.Description, "maximum messages per subject") {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", l.where, err)
	}
	return true, nil
}

// there reports whether a stream holds a message of a subject.
func (l *line) there(ctx context.Context, s jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	m, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.where, err)
	}
	return m, nil
}

// store is the objects of one batch.
type store struct {
	*line
	bucket  string
	objects jetstream.ObjectStore
	stream  jetstream.Stream
}

// pieceBytes is the size of the messages that objects consist of: few, and well
// below what servers take (1 MB).
const pieceBytes = 512 << 10

// openStore opens the store of a batch; with make, it is made if it is missing.
func (l *line) openStore(ctx context.Context, batch string, make bool) (*store, error) {
	s := &store{line: l, bucket: bucketBegin + batch}
	var err error
	if s.objects, err = l.js.ObjectStore(ctx, s.bucket); make && errors.Is(err, jetstream.ErrBucketNotFound) {
		s.objects, err = l.js.CreateObjectStore(ctx, jetstream.ObjectStoreConfig{Bucket: s.bucket, TTL: keep, Storage: jetstream.FileStorage})
	}
	if err == nil {
		s.stream, err = l.js.Stream(ctx, "OBJ_"+s.bucket)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: the object store of the batch: %w", l.where, err)
	}
	return s, nil
}

// put stores files under a name.
func (s *store) put(ctx context.Context, name string, files []seal.File) error {
	data := s.key.Bundle(name, files)
	defer data.Close()
	ctx, flow := flowing(ctx, data)
	defer flow.stop()
	if _, err := s.objects.Put(ctx, jetstream.ObjectMeta{Name: name, Opts: &jetstream.ObjectMetaOptions{ChunkSize: pieceBytes}}, flow); err != nil {
		return fmt.Errorf("%s: storing %s: %w", s.where, name, err)
	}
	return nil
}

// flow is a transfer that is ended when nothing moves any more: a server that went
// away and came back does not go on with it.
type flow struct {
	r     io.Reader
	timer *time.Timer
	stop  context.CancelFunc
}

// stallLimit is how long nothing may move: a disk or a network that is slow moves a
// little now and then.
const stallLimit = 15 * time.Second

func flowing(ctx context.Context, r io.Reader) (context.Context, *flow) {
	ctx, stop := context.WithCancel(ctx)
	f := &flow{r: r, timer: time.AfterFunc(stallLimit, stop)}
	f.stop = func() { f.timer.Stop(); stop() }
	return ctx, f
}

func (f *flow) Read(p []byte) (int, error) {
	n, err := f.r.Read(p)
	if n > 0 {
		f.timer.Reset(stallLimit)
	}
	if n == 0 && err == nil && len(p) > 0 {
		return 0, fmt.Errorf("nothing has come for %v", stallLimit)
	}
	return n, err
}

// rolling is a context whose deadline is always as far away as nothing may move. The
// object store takes the deadline for each read from it, and would set one of five
// seconds for the whole object where there is none.
type rolling struct{ context.Context }

func (rolling) Deadline() (time.Time, bool) { return time.Now().Add(stallLimit), true }

// get hands each file of a name to put.
func (s *store) get(ctx context.Context, name string, put func(name string, data io.Reader) error) error {
	ctx, flow := flowing(ctx, nil)
	defer flow.stop()
	data, err := s.objects.Get(rolling{ctx}, name)
	if err != nil {
		return fmt.Errorf("%s: fetching %s: %w", s.where, name, err)
	}
	defer data.Close()
	flow.r = data
	return s.key.Unbundle(flow, name, put)
}

// remove takes an object away, with all that says it was there.
func (s *store) remove(ctx context.Context, name string) error {
	err := s.objects.Delete(ctx, name)
	if errors.Is(err, jetstream.ErrObjectNotFound) {
		return nil
	}
	if err == nil {
		err = s.stream.Purge(ctx, jetstream.WithPurgeSubject("$O."+s.bucket+".M."+base64.URLEncoding.EncodeToString([]byte(name))))
	}
	if err != nil {
		return fmt.Errorf("%s: removing %s: %w", s.where, name, err)
	}
	return nil
}

// gone reports whether an error says that a thing is not there any more: its
// case is finished, or its batch has ended.
func gone(err error) bool {
	return errors.Is(err, jetstream.ErrObjectNotFound) || errors.Is(err, jetstream.ErrBucketNotFound) || errors.Is(err, jetstream.ErrStreamNotFound)
}

// oneLine makes an error of a library fit into a sentence.
func oneLine(err error) string {
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}
