package queue_test

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"

	"pointille/internal/batch"
	"pointille/internal/batch/queue"
)

// inRooms are the rooms in which workers are at work.
func inRooms(dir string) []string {
	rooms, _ := filepath.Glob(filepath.Join(dir, "*", "step-*", "photo", "*", "*"))
	return rooms
}

// program starts this test binary as another program.
func program(t *testing.T, what, url, key, rooms string) *exec.Cmd {
	t.Helper()
	c := exec.Command("/proc/self/exe", what)
	c.Env = append(os.Environ(), "TEST_SERVER="+url, "TEST_KEY="+key, "TEST_ROOMS="+rooms)
	c.Stderr = os.Stderr
	if err := c.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = c.Process.Kill(); _ = c.Wait() })
	return c
}

// TestLostWorkers has three workers do a batch, of which one is killed and one is
// cut off in the middle of a step, and comes back when its step was done by
// another. Everything is written once, as without them.
func TestLostWorkers(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	says := map[string]string{}
	for i := range 12 {
		says[fmt.Sprintf("case-%d/front.jpg", i)] = "slow"
	}
	photos(t, dir, says)
	plain, err := run(t, options(dir, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	url, key, rooms := serverOf(t, nil), newKey(t), []string{t.TempDir(), t.TempDir(), t.TempDir()}
	workers := make([]*exec.Cmd, len(rooms))
	for i, room := range rooms {
		workers[i] = program(t, "worker", url, key, room)
	}
	var all sync.WaitGroup
	all.Go(func() {
		waits(t, func() bool { return len(inRooms(rooms[0])) > 0 })
		_ = workers[0].Process.Kill()
	})
	all.Go(func() {
		waits(t, func() bool { return len(inRooms(rooms[1])) > 0 })
		_ = workers[1].Process.Signal(syscall.SIGSTOP)
		time.Sleep(1200 * time.Millisecond) // twice the patience
		_ = workers[1].Process.Signal(syscall.SIGCONT)
	})
	o := options(dir, "out")
	o.Jobs, o.Hands = 6, queue.Queue{}.Hands(queueOptions(url, key))
	queued, err := run(t, o)
	all.Wait()
	if err != nil || queued != plain {
		t.Errorf("%+v, %v, want %+v", queued, err, plain)
	}
	same(t, dir+"/plain", dir+"/out")
	onceEach(t, dir+"/out", 4*len(says))
	empty(t, url)
	// A worker that starts where one was killed takes away the photos that it left.
	if len(inRooms(rooms[0])) == 0 {
		t.Error("the killed worker left nothing: it was not killed at work")
	}
	program(t, "worker", url, key, rooms[0])
	waits(t, func() bool { return len(inRooms(rooms[0])) == 0 })
}

// onceEach wants every step to stand in the journal once.
func onceEach(t *testing.T, out string, steps int) {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(out, ".pointille", "journal"))
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for s := bufio.NewScanner(bytes.NewReader(data)); s.Scan(); {
		var r struct{ Name, Key string }
		if json.Unmarshal(s.Bytes(), &r) != nil || r.Key == "" || strings.HasPrefix(r.Name, "file") || strings.HasPrefix(r.Name, "case") {
			continue
		}
		if seen[r.Name] {
			t.Errorf("%q was done twice", r.Name)
		}
		seen[r.Name] = true
	}
	if len(seen) != steps {
		t.Errorf("%d steps in the journal, want %d", len(seen), steps)
	}
}

// TestDeadLetter wants a photo that costs every worker its life to be given up
// and named, and the rest done.
func TestDeadLetter(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	photos(t, dir, map[string]string{"a/front.jpg": "", "b/front.jpg": "kill", "b/left.jpg": "", "c/front.jpg": ""})
	url, key, rooms := serverOf(t, nil), newKey(t), t.TempDir()
	stop := make(chan struct{})
	var all sync.WaitGroup
	lost := 0
	all.Go(func() { // somebody starts a worker again whenever one has died
		for {
			c := program(t, "worker", url, key, rooms)
			died := make(chan struct{})
			go func() { _ = c.Wait(); close(died) }()
			select {
			case <-died:
				lost++
			case <-stop:
				_ = c.Process.Kill()
				<-died
				return
			}
		}
	})
	o := options(dir, "out")
	o.Hands = queue.Queue{}.Hands(queueOptions(url, key))
	totals, err := run(t, o)
	close(stop)
	all.Wait()
	var some *batch.Some
	if !errors.As(err, &some) || totals.Done != 2 || totals.Partly != 1 || lost != 2 {
		t.Errorf("%+v, %v; %d workers lost", totals, err, lost)
	}
	data, err := os.ReadFile(dir + "/out/failed.csv")
	if want := "given up: a worker that did nothing else was lost at it once"; err != nil || !strings.Contains(string(data), want) || !strings.Contains(string(data), "front.jpg") {
		t.Errorf("failed.csv %q, %v, want %q in it", data, err, want)
	}
	empty(t, url)
}

// TestLostServer ends the server in the middle of a batch and starts it again: both
// sides wait for it, say so, and everything is done.
func TestLostServer(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	says := map[string]string{}
	for i := range 6 {
		says[fmt.Sprintf("case-%d/front.jpg", i)] = "slow"
	}
	photos(t, dir, says)
	plain, err := run(t, options(dir, "plain"))
	if err != nil {
		t.Fatal(err)
	}
	o := &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true}
	first := started(t, o)
	url, key, rooms := first.ClientURL(), newKey(t), t.TempDir()
	program(t, "worker", url, key, rooms)
	var all sync.WaitGroup
	all.Go(func() {
		waits(t, func() bool { return len(inRooms(rooms)) > 0 })
		o.Port = first.Addr().(*net.TCPAddr).Port
		first.Shutdown()
		first.WaitForShutdown()
		started(t, o)
	})
	var told notes
	b := options(dir, "out")
	b.Tell.Note, b.Hands = told.add, queue.Queue{}.Hands(queueOptions(url, key))
	queued, err := run(t, b)
	all.Wait()
	if err != nil || queued != plain {
		t.Errorf("%+v, %v, want %+v", queued, err, plain)
	}
	if !told.has("the connection is lost") || !told.has("connected again") {
		t.Errorf("told %q", told.lines)
	}
	same(t, dir+"/plain", dir+"/out")
	onceEach(t, dir+"/out", 4*len(says))
	empty(t, url)
}

// TestKilledBatch kills the batch itself while its workers work, and starts it
// again: what they did meanwhile is used, and it ends as if undisturbed.
func TestKilledBatch(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	says := map[string]string{}
	for i := range 6 {
		says[fmt.Sprintf("case-%d/front.jpg", i)] = "slow"
	}
	photos(t, dir, says)
	if _, err := run(t, options(dir, "plain")); err != nil {
		t.Fatal(err)
	}
	url, key, rooms := serverOf(t, nil), newKey(t), t.TempDir()
	program(t, "worker", url, key, rooms)
	for range 3 {
		c := program(t, "batch", url, key, dir)
		waits(t, func() bool { return len(inRooms(rooms)) > 0 })
		_ = c.Process.Kill()
		_ = c.Wait()
	}
	last := program(t, "batch", url, key, dir)
	if err := last.Wait(); err != nil {
		t.Fatal(err)
	}
	same(t, dir+"/plain", dir+"/out")
	onceEach(t, dir+"/out", 4*len(says))
	empty(t, url)
}
