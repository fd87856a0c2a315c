// Package line is the connection of a batch, or of a worker, to the queue between
// them, and what they say to each other over it.
//
// Messages are sealed with the key that both sides have and bound to their
// subjects. Errors name the server and what is wrong with it.
package line

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"
)

// Line is a connection to the queue.
type Line struct {
	Where   string // the server, for messages
	Conn    *nats.Conn
	JS      jetstream.JetStream
	Steps   jetstream.Stream
	Answers jetstream.Stream
	Identity
}

// Stall is how long nothing may move: a disk or a network that is slow moves a
// little now and then, and a server that went away and came back does not go on
// with what it was doing.
const Stall = 15 * time.Second

// Ready opens the streams and makes those that are missing. One that is there
// stays as it is: whoever runs a cluster may have made it with replicas.
func (l *Line) Ready(ctx context.Context) error {
	var err error
	if l.JS, err = jetstream.New(l.Conn, jetstream.WithPublishAsyncTimeout(Stall)); err != nil {
		return fmt.Errorf("%s: %w", l.Where, err)
	}
	limit := jetstream.StreamConfig{
		Storage: jetstream.FileStorage, MaxAge: Keep, MaxMsgsPerSubject: 1, Discard: jetstream.DiscardNew, DiscardNewPerSubject: true,
	}
	work := limit
	work.Name, work.Subjects, work.Retention = stepStream, []string{StepSubject + ">"}, jetstream.WorkQueuePolicy
	if l.Steps, err = l.Stream(ctx, work); err != nil {
		return err
	}
	done := limit
	done.Name, done.Subjects = AnswerStream, []string{AnswerBegin + ">", BegunBegin + ">"}
	l.Answers, err = l.Stream(ctx, done)
	return err
}

// Stream opens a stream and makes it if it is missing.
func (l *Line) Stream(ctx context.Context, c jetstream.StreamConfig) (jetstream.Stream, error) {
	s, err := l.JS.Stream(ctx, c.Name)
	if errors.Is(err, jetstream.ErrStreamNotFound) {
		s, err = l.JS.CreateStream(ctx, c)
		if errors.Is(err, jetstream.ErrStreamNameAlreadyInUse) { // another was faster
			s, err = l.JS.Stream(ctx, c.Name)
		}
	}
	switch {
	case errors.Is(err, jetstream.ErrJetStreamNotEnabled), errors.Is(err, jetstream.ErrJetStreamNotEnabledForAccount), errors.Is(err, nats.ErrNoResponders):
		return nil, fmt.Errorf("%s: the server has no JetStream: start it with -js", l.Where)
	case err != nil:
		return nil, fmt.Errorf("%s: the stream %s cannot be had: %w", l.Where, c.Name, err)
	}
	return s, nil
}

// Publish puts a sealed message into a stream. taken is false where one of its
// subject is there already.
func (l *Line) Publish(ctx context.Context, subject string, value any, headers nats.Header) (taken bool, err error) {
	data, err := l.Key.Message(subject, value)
	if err != nil {
		return false, err
	}
	_, err = l.JS.PublishMsg(ctx, &nats.Msg{Subject: subject, Data: data, Header: headers})
	var refused *jetstream.APIError
	if errors.As(err, &refused) && strings.Contains(refused.Description, "maximum messages per subject") {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("%s: %w", l.Where, err)
	}
	return true, nil
}

// There reports whether a stream holds a message of a subject.
func (l *Line) There(ctx context.Context, s jetstream.Stream, subject string) (*jetstream.RawStreamMsg, error) {
	m, err := s.GetLastMsgForSubject(ctx, subject)
	if errors.Is(err, jetstream.ErrMsgNotFound) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", l.Where, err)
	}
	return m, nil
}

// Gone reports whether an error says that a thing is not there any more: its
// case is finished, or its batch has ended.
func Gone(err error) bool {
	return errors.Is(err, jetstream.ErrMsgNotFound) || errors.Is(err, jetstream.ErrStreamNotFound)
}

// OneLine makes an error of a library fit into a sentence.
func OneLine(err error) string {
	return strings.ReplaceAll(err.Error(), "\n", "; ")
}
