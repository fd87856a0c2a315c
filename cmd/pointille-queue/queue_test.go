package main

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/disintegration/imaging"
	"github.com/nats-io/nats-server/v2/server"
	"github.com/rogpeppe/go-internal/testscript"

	"pointille/internal/treetest"
)

// TestMain lets this test binary be the program.
func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pointille-queue": main})
}

// program is this test binary as pointille-queue.
func program(args ...string) *exec.Cmd {
	c := exec.Command("/proc/self/exe", args...)
	c.Args[0] = "pointille-queue"
	return c
}

func does(t *testing.T, args ...string) {
	t.Helper()
	if out, err := program(args...).CombinedOutput(); err != nil {
		t.Fatalf("%q: %v\n%s", args, err, out)
	}
}

// TestDefaultProgramHasNoQueue wants the libraries of the queue in this program
// and in no other.
func TestDefaultProgramHasNoQueue(t *testing.T) {
	for name, want := range map[string]bool{"pointille": false, "pointille-queue": true} {
		out, err := exec.Command("go", "list", "-deps", "pointille/cmd/"+name).CombinedOutput()
		if err != nil {
			t.Fatalf("%v\n%s", err, out)
		}
		if got := bytes.Contains(out, []byte("github.com/nats-io/")); got != want || !bytes.Contains(out, []byte("pointille/internal/batch\n")) {
			t.Errorf("%s has the queue: %v", name, got)
		}
	}
}

// TestEmbedded wants all that is made of a case to be, to the byte, what it is
// without a queue.
func TestEmbedded(t *testing.T) {
	dir := t.TempDir()
	many(t, filepath.Join(dir, "photos"), 1)
	if err := os.WriteFile(filepath.Join(dir, "photos", "client-000", "left.jpg"), []byte("\xff\xd8\xff\xe0 cut short"), 0o600); err != nil {
		t.Fatal(err)
	}
	t.Chdir(dir)
	var said [2]string
	for i, args := range [][]string{{"plain"}, {"queued", "--queue", "embedded"}} {
		out, err := program(append([]string{"batch", "photos", "--jobs", "1", "--out"}, args...)...).CombinedOutput()
		if err == nil {
			t.Errorf("%s: a broken photo is no failure", args[0])
		}
		said[i] = strings.ReplaceAll(string(out), args[0], "OUT")
	}
	if said[0] != said[1] {
		t.Errorf("said %q, want %q", said[1], said[0])
	}
	if _, err := treetest.Same("plain", "queued"); err != nil {
		t.Error(err)
	}
	if _, err := os.Stat("queued/photos/client-000/report.html"); err != nil {
		t.Error(err)
	}
}

// TestWorkers has workers on "other machines" do a batch while some are killed and
// some are cut off in the middle of their work. It ends as on one machine.
// POINTILLE_PHOTOS, POINTILLE_KILLS and POINTILLE_DO make it larger: see "make
// queues".
func TestWorkers(t *testing.T) {
	count, kills, do := setting(t, "POINTILLE_PHOTOS", 4), setting(t, "POINTILLE_KILLS", 1), os.Getenv("POINTILLE_DO")
	if do == "" {
		do = "survey"
	}
	dir := t.TempDir()
	many(t, filepath.Join(dir, "photos"), count)
	t.Chdir(dir)
	does(t, "batch", "--jobs", "2", "--do", do, "--out", "plain", "photos")
	does(t, "queue-key", "key")
	url := serverOf(t)
	ctx, stop := context.WithCancel(context.Background())
	ended := make(chan int)
	go func() { ended <- disturb(ctx, t, url, kills) }()
	does(t, "batch", "--do", do, "--queue", url, "--queue-key", "key", "--queue-patience", "1s", "--queue-tries", "1000", "--out", "queued", "photos")
	stop()
	if n := <-ended; n < kills {
		t.Errorf("only %d workers were killed at work", n)
	}
	if _, err := treetest.Same("plain", "queued"); err != nil {
		t.Error(err)
	}
}

// disturb keeps three workers, kills one at work and cuts another off, again and
// again, and returns how many it killed.
func disturb(ctx context.Context, t *testing.T, url string, kills int) (killed int) {
	workers := make([]*exec.Cmd, 3)
	start := func(i int) {
		room := fmt.Sprintf("room-%d", i)
		workers[i] = program("worker", "--queue", url, "--queue-key", "key", "--jobs", "1", "--work", room)
		if err := workers[i].Start(); err != nil {
			t.Error(err)
		}
	}
	for i := range workers {
		start(i)
	}
	defer func() {
		for _, w := range workers {
			_ = w.Process.Kill()
			_ = w.Wait()
		}
	}()
	random := rand.New(rand.NewPCG(1, 1))
	for ctx.Err() == nil {
		i := random.IntN(len(workers))
		if killed >= kills || !atWork(i) {
			time.Sleep(10 * time.Millisecond)
			continue
		}
		_ = workers[i].Process.Kill()
		_ = workers[i].Wait()
		killed++
		cut := (i + 1) % len(workers)
		_ = workers[cut].Process.Signal(syscall.SIGSTOP)
		time.Sleep(time.Duration(1100+random.IntN(400)) * time.Millisecond) // longer than the patience
		_ = workers[cut].Process.Signal(syscall.SIGCONT)
		start(i)
	}
	return killed
}

func atWork(worker int) bool {
	rooms, _ := filepath.Glob(fmt.Sprintf("room-%d/*/step-*/photo/*/*", worker))
	return len(rooms) > 0
}

func serverOf(t testing.TB) string {
	t.Helper()
	s, err := server.NewServer(&server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true})
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(20 * time.Second) {
		t.Fatal("the server is not ready")
	}
	return s.ClientURL()
}

func setting(t *testing.T, name string, otherwise int) int {
	t.Helper()
	v := os.Getenv(name)
	if v == "" {
		return otherwise
	}
	n, err := strconv.Atoi(v)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// many makes a tree of small photos, three of each client, no two the same.
func many(t *testing.T, dir string, photos int) {
	t.Helper()
	views := []string{"crown", "top", "front"}
	for i := range photos {
		img, err := imaging.Open("../../testdata/demo/" + views[i%3] + ".jpg")
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, fmt.Sprintf("client-%03d", i/3), views[i%3]+".jpg")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		side := 220 + i/3%40
		if err := imaging.Save(imaging.Fit(img, side, side, imaging.Box), path, imaging.JPEGQuality(80+i/120)); err != nil {
			t.Fatal(err)
		}
	}
}
