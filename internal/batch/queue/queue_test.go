package queue_test

import (
	"context"
	"errors"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"pointille/internal/batch"
	"pointille/internal/batch/queue"
	"pointille/internal/batch/summary"
)

// TestEmbedded wants a batch over a queue in its process to be the one without,
// to the byte: good photos, bad ones, crashes and hangs, failed cases.
func TestEmbedded(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	photos(t, dir, map[string]string{
		"a/front.jpg": "", "a/left.jpg": "bad", "a/top.jpg": "crash", "b/front.jpg": "", "b/back.jpg": "", "c/front.jpg": "bad", "d/front.jpg": "hang",
	})
	o := options(dir, "plain")
	o.TimeLimit = 700 * time.Millisecond
	plain, err := run(t, o)
	var some *batch.Some
	if !errors.As(err, &some) {
		t.Fatal(err)
	}
	o.Out, o.Hands = dir+"/queued", queue.Queue{}.Hands(batch.QueueOptions{Server: batch.Embedded})
	queued, err := run(t, o)
	if !errors.As(err, &some) || queued != plain {
		t.Errorf("%+v, %v, want %+v", queued, err, plain)
	}
	same(t, dir+"/plain", dir+"/queued")
	if left, err := os.ReadDir(dir + "/queued/.pointille"); err != nil || len(left) != 3 {
		t.Errorf("left behind: %v, %v", left, err)
	}
	// Other wishes leave surveys alone, so that the queue is given those of the disk.
	if err := os.WriteFile(dir+"/wishes.json", []byte(`{"schema": "pointille.wishes/1"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	o.Wishes = dir + "/wishes.json"
	if again, err := run(t, o); !errors.As(err, &some) || again != plain {
		t.Errorf("%+v, %v, want %+v", again, err, plain)
	}
}

// TestFullDisk wants a fault that every photo would meet to end a batch whose
// workers are its own, and what it says to be what happened.
func TestFullDisk(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	photos(t, dir, map[string]string{"a/front.jpg": "full", "b/front.jpg": "slow"})
	o := options(dir, "out")
	o.Hands = queue.Queue{}.Hands(batch.QueueOptions{Server: batch.Embedded})
	if _, err := run(t, o); err == nil || err.Error() != "writing x: no space left on device" {
		t.Errorf("error %v", err)
	}
}

// notes keeps what is told.
type notes struct {
	mu    sync.Mutex
	lines []string
}

func (n *notes) add(text string) {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.lines = append(n.lines, text)
}

func (n *notes) has(part string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	return strings.Contains(strings.Join(n.lines, "\n"), part)
}

// TestRefused wants workers of another version, build or key to be told why they
// get nothing, and the batch to be told of them; one that fits then does the work.
func TestRefused(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	photos(t, dir, map[string]string{"a/front.jpg": "", "b/front.jpg": ""})
	url, key := serverOf(t, nil), newKey(t)
	var told notes
	o := options(dir, "out")
	o.Tell.Note, o.Hands = told.add, queue.Queue{}.Hands(queueOptions(url, key))
	var totals summary.Totals
	var all sync.WaitGroup
	all.Go(func() { totals, _ = run(t, o) })
	var refused sync.WaitGroup
	for why, change := range map[string]func(*batch.WorkOptions){
		"the batch is of test 1, this worker of test 0": func(o *batch.WorkOptions) { o.Generator = "test 0" },
		"different builds of test 1":                    func(o *batch.WorkOptions) { o.Build = "abc" },
		"its --queue-key is not the batch's":            func(o *batch.WorkOptions) { o.Queue.Secret = newKey(t) },
	} {
		w := workOptions(url, key, t.TempDir())
		change(&w)
		refused.Go(func() {
			err := queue.Queue{}.Work(context.Background(), w)
			if err == nil || !strings.Contains(err.Error(), "refused: ") || !strings.Contains(err.Error(), why) {
				t.Errorf("error %v, want %q in it", err, why)
			}
			if !told.has(why) {
				t.Errorf("the batch was not told that %s: %q", why, told.lines)
			}
		})
	}
	refused.Wait()
	ctx, stop := context.WithCancel(context.Background())
	var ended error
	all.Go(func() { ended = queue.Queue{}.Work(ctx, workOptions(url, key, t.TempDir())) })
	waits(t, func() bool { _, err := os.Stat(dir + "/out/index.html"); return err == nil })
	stop()
	all.Wait()
	if totals.Done != 2 || ended != nil {
		t.Errorf("%+v; the worker ended with %v", totals, ended)
	}
	empty(t, url)
}

func waits(t *testing.T, until func() bool) {
	t.Helper()
	for end := time.Now().Add(30 * time.Second); !until(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatal("it does not come")
		}
	}
}

// TestInterrupted wants a batch that is stopped to leave nothing in the queue, and
// its worker to stop what it was doing.
func TestInterrupted(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	photos(t, dir, map[string]string{"a/front.jpg": "hang"})
	url, key := serverOf(t, nil), newKey(t)
	ctx, stop := context.WithCancel(context.Background())
	working, quit := context.WithCancel(context.Background())
	var all sync.WaitGroup
	rooms := t.TempDir()
	all.Go(func() {
		if err := (queue.Queue{}).Work(working, workOptions(url, key, rooms)); err != nil {
			t.Error(err)
		}
	})
	all.Go(func() {
		o := options(dir, "out")
		o.TimeLimit, o.Hands = time.Hour, queue.Queue{}.Hands(queueOptions(url, key))
		if _, err := batch.Run(ctx, o); !errors.Is(err, context.Canceled) {
			t.Errorf("error %v", err)
		}
	})
	busy := func() bool { return len(inRooms(rooms)) > 0 }
	waits(t, busy)
	stop()
	waits(t, func() bool { return !busy() })
	quit()
	all.Wait()
	empty(t, url)
}
