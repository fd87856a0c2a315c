package queue_test

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/nats-io/nats-server/v2/server"
	"github.com/nats-io/nats.go"
	"github.com/nats-io/nats.go/jetstream"

	"pointille/internal/batch"
	"pointille/internal/batch/queue"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
	"pointille/internal/batch/summary"
	"pointille/internal/batch/thumb"
	"pointille/internal/batch/worker"
	"pointille/internal/treetest"
	"pointille/vision/survey"
)

// TestMain lets this test binary be three more programs: a process that does
// steps, which measures nothing but obeys what a photo's content says; a worker
// of a queue; and a batch. What real steps write is tested with the real program.
func TestMain(m *testing.M) {
	switch os.Args[len(os.Args)-1] {
	case "worker":
		end(queue.Queue{}.Work(context.Background(), workOptions(os.Getenv("TEST_SERVER"), os.Getenv("TEST_KEY"), os.Getenv("TEST_ROOMS"))))
	case "batch":
		o := options(os.Getenv("TEST_ROOMS"), "out")
		o.Hands = queue.Queue{}.Hands(queueOptions(os.Getenv("TEST_SERVER"), os.Getenv("TEST_KEY")))
		_, err := batch.Run(context.Background(), o)
		end(err)
	case "steps":
		end(worker.Serve(context.Background(), worker.Serving{
			In: os.Stdin, Out: os.NewFile(worker.Reply, "reply"), Version: "test 1", Do: pretend, Quit: func() { os.Exit(1) }, Grace: time.Second,
		}))
	}
	os.Exit(m.Run())
}

func end(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	os.Exit(0)
}

// pretend does a step: what it writes depends on what it was given.
func pretend(ctx context.Context, text []byte) any {
	var t step.Task
	if err := json.Unmarshal(text, &t); err != nil {
		return step.Reply{Failed: err.Error(), Stop: true}
	}
	var r step.Reply
	name, content := map[string]string{step.Plan: "plan.json", step.Report: "report.html", step.Guide: "guide.pdf"}[t.Step], t.Step
	if t.Step == step.Survey {
		p := t.Photos[0]
		data, err := os.ReadFile(p.Path)
		if err != nil {
			return step.Reply{Failed: p.Path + ": " + err.Error()}
		}
		if reply, over := obey(string(data[4:]), p.Path); over {
			return reply
		}
		name, content = p.Name+".survey.json", string(data)
		r.Result.Photo = &step.Photo{SHA256: fmt.Sprintf("%x", sha256.Sum256(data)), View: p.View, Stage: survey.Stage{Scale: "none"}}
		os.MkdirAll(t.Thumbs, 0o755)
		os.WriteFile(filepath.Join(t.Thumbs, p.Name+thumb.Found), nil, 0o600)
	}
	for _, p := range t.Photos { // each later step needs what was made before
		if t.Step == step.Survey || p.Failed != "" {
			continue
		}
		data, err := os.ReadFile(filepath.Join(t.Out, p.Name+".survey.json"))
		if err == nil && t.Step != step.Plan {
			_, err = os.ReadFile(filepath.Join(t.Out, "plan.json"))
		}
		if err != nil {
			return step.Reply{Failed: t.Case + ": " + err.Error()}
		}
		content += string(data)
	}
	if t.Step == step.Plan {
		r.Result.Plan = &step.Case{Dots: 100 * len(t.Photos)}
	}
	os.MkdirAll(t.Out, 0o755)
	os.WriteFile(filepath.Join(t.Out, name), []byte(content), 0o600)
	r.Result.Files = []step.File{{Name: name, Size: int64(len(content))}}
	return r
}

// obey does what a photo's content says.
func obey(says, path string) (r step.Reply, over bool) {
	switch {
	case strings.HasPrefix(says, "crash"):
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
	case strings.HasPrefix(says, "kill"): // the whole worker, as a machine that runs out of memory does
		syscall.Kill(os.Getppid(), syscall.SIGKILL)
		time.Sleep(time.Minute)
	case strings.HasPrefix(says, "slow"):
		time.Sleep(150 * time.Millisecond)
	case strings.HasPrefix(says, "hang"):
		time.Sleep(time.Hour)
	case strings.HasPrefix(says, "bad"):
		return step.Reply{Failed: path + ": damaged or cut short"}, true
	case strings.HasPrefix(says, "full"):
		return step.Reply{Failed: "writing x: no space left on device", Stop: true}, true
	}
	return r, false
}

// photos writes a tree of photos by path; each content is made its own.
func photos(t *testing.T, dir string, says map[string]string) {
	t.Helper()
	for name, s := range says {
		path := filepath.Join(dir, "photos", name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte("\xff\xd8\xff\xe0"+s+" "+name), 0o600); err != nil {
			t.Fatal(err)
		}
	}
}

func options(dir, out string) batch.Options {
	return batch.Options{
		Roots: []string{filepath.Join(dir, "photos")}, Out: filepath.Join(dir, out), Jobs: 2, Generator: "test 1", Command: []string{"/proc/self/exe", "steps"},
		TimeLimit: 10 * time.Second,
	}
}

func queueOptions(server, key string) batch.QueueOptions {
	return batch.QueueOptions{Server: server, Secret: key, Patience: 600 * time.Millisecond, Tries: 1}
}

func workOptions(server, key, rooms string) batch.WorkOptions {
	o := options("", "")
	return batch.WorkOptions{Queue: queueOptions(server, key), Rooms: rooms, Generator: o.Generator, Command: o.Command, Note: func(string) {}}
}

// serverOf starts a server on this machine.
func serverOf(t *testing.T, change func(*server.Options)) string {
	t.Helper()
	o := &server.Options{Host: "127.0.0.1", Port: -1, JetStream: true, StoreDir: t.TempDir(), NoSigs: true, NoLog: true}
	if change != nil {
		change(o)
	}
	return started(t, o).ClientURL()
}

// started starts a server, which ends with the test.
func started(t *testing.T, o *server.Options) *server.Server {
	t.Helper()
	s, err := server.NewServer(o)
	if err != nil {
		t.Fatal(err)
	}
	s.Start()
	t.Cleanup(func() { s.Shutdown(); s.WaitForShutdown() })
	if !s.ReadyForConnections(10 * time.Second) {
		t.Fatal("the server is not ready")
	}
	return s
}

func newKey(t *testing.T) string {
	t.Helper()
	k, err := seal.New()
	path := filepath.Join(t.TempDir(), "key")
	if err == nil {
		err = k.Write(path)
	}
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// run does a batch and returns its totals and its error.
func run(t *testing.T, o batch.Options) (summary.Totals, error) {
	t.Helper()
	ctx, stop := context.WithTimeout(context.Background(), time.Minute)
	defer stop()
	r, err := batch.Run(ctx, o)
	if r == nil {
		t.Fatal(err)
	}
	return r.Totals, err
}

// same wants two folders to hold the same files but for the hidden ones.
func same(t *testing.T, a, b string) {
	t.Helper()
	if n, err := treetest.Same(a, b); err != nil || n < 6 {
		t.Errorf("%d files: %v", n, err)
	}
}

// empty wants nothing of a batch to be left on a server.
func empty(t *testing.T, url string, opts ...nats.Option) {
	t.Helper()
	conn, err := nats.Connect(url, opts...)
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	js, err := jetstream.New(conn)
	if err != nil {
		t.Fatal(err)
	}
	streams, n := js.ListStreams(context.Background()), 0
	for info := range streams.Info() {
		n++
		if info.State.Msgs > 0 || strings.HasPrefix(info.Config.Name, "OBJ_") {
			t.Errorf("%s holds %d messages, %d bytes", info.Config.Name, info.State.Msgs, info.State.Bytes)
		}
	}
	if streams.Err() != nil || n != 2 {
		t.Errorf("%d streams, %v", n, streams.Err())
	}
}
