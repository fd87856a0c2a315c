package line_test

import (
	"context"
	"errors"
	"io/fs"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/batch/queue/line"
	"pointille/internal/batch/seal"
)

func newKey(t *testing.T) *seal.Key {
	t.Helper()
	k, err := seal.New()
	if err != nil {
		t.Fatal(err)
	}
	return k
}

// TestIdentity wants those who would make other results, or can read nothing, told
// apart by their channel, and told why they are refused.
func TestIdentity(t *testing.T) {
	t.Parallel()
	one := line.Identity{Program: "pointille 1", Build: "a", Key: newKey(t)}
	if why := one.Refuses(one.Greeting("host", 2)); why != "" {
		t.Errorf("its own is refused: %s", why)
	}
	for want, other := range map[string]line.Identity{
		"install the same version":            {Program: "pointille 2", Build: "a", Key: one.Key},
		"copy the batch's program":            {Program: "pointille 1", Build: "b", Key: one.Key},
		"its --queue-key is not the batch's:": {Program: "pointille 1", Build: "a", Key: newKey(t)},
	} {
		if why := one.Refuses(other.Greeting("host", 2)); !strings.Contains(why, want) || other.Channel() == one.Channel() {
			t.Errorf("%q, want %q; channels %s and %s", why, want, one.Channel(), other.Channel())
		}
	}
	if id, next := line.NewID(), line.NewID(); line.Token("a", "b") == line.Token("ab") || id == next {
		t.Error("names do not tell things apart")
	}
}

// TestOneEach wants a message whose like is there to be refused without an error, and
// read back as it was.
func TestOneEach(t *testing.T) {
	t.Parallel()
	s, err := line.Embed(filepath.Join(t.TempDir(), "store"))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	l, err := line.Within(s, line.Identity{Program: "test", Key: newKey(t)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(l.Close)
	ctx, subject := context.Background(), line.AnswerBegin+"b.c.1"
	if err := l.Ready(ctx); err != nil {
		t.Fatal(err)
	}
	if m, err := l.There(ctx, l.Answers, subject); m != nil || err != nil {
		t.Errorf("before: %v, %v", m, err)
	}
	for i, want := range []bool{true, false} {
		if taken, err := l.Publish(ctx, subject, line.Answer{Dead: i + 1}, nil); taken != want || err != nil {
			t.Errorf("message %d: taken %v, %v", i, taken, err)
		}
	}
	m, err := l.There(ctx, l.Answers, subject)
	if err != nil || m == nil {
		t.Fatalf("after: %v, %v", m, err)
	}
	var a line.Answer
	if err := l.Key.Open(m.Data, subject, &a); err != nil || a.Dead != 1 {
		t.Errorf("%+v, %v", a, err)
	}
	if err := l.Key.Open(m.Data, subject+"2", &a); err == nil {
		t.Error("it can be read as another")
	}
}

// TestInsist wants the faults of the server outlasted, and no others.
func TestInsist(t *testing.T) {
	t.Parallel()
	tries := 0
	i := line.Insister{Note: func(string) {}}
	if err := i.Insist(context.Background(), func() error {
		if tries++; tries == 1 {
			return errors.New("no route")
		}
		return nil
	}); err != nil || tries != 2 {
		t.Errorf("%d tries, %v", tries, err)
	}
	file := &seal.FileError{Path: "a", Err: fs.ErrNotExist}
	if err := i.Insist(context.Background(), func() error { return file }); !errors.Is(err, file) {
		t.Errorf("a file: %v", err)
	}
	ended := make(chan struct{})
	close(ended)
	over := errors.New("the workers have ended")
	i = line.Insister{Note: i.Note, Ended: ended, Why: func() error { return over }}
	if err := i.Insist(context.Background(), func() error { return errors.New("no route") }); !errors.Is(err, over) {
		t.Errorf("nobody is left: %v", err)
	}
	ctx, stop := context.WithCancel(context.Background())
	stop()
	if err := i.Insist(ctx, func() error { return errors.New("no route") }); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
}
