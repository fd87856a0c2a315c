package worker_test

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/internal/studio/worker"
)

// TestMain lets this binary be a worker: the real one, or one that misbehaves as a
// task's name says.
func TestMain(m *testing.M) {
	if len(os.Args) < 2 || !strings.HasPrefix(os.Args[1], "be-") {
		os.Exit(m.Run())
	}
	if os.Args[1] == "be-real" {
		if err := worker.Serve(context.Background(), os.Stdin, os.Stdout); err != nil {
			os.Exit(1)
		}
		return
	}
	for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
		var t worker.Task
		if json.Unmarshal(lines.Bytes(), &t) != nil {
			os.Exit(2)
		}
		switch t.Name {
		case "crash":
			os.Exit(139)
		case "hang":
			time.Sleep(time.Hour)
		case "babble":
			fmt.Println("no JSON")
		default:
			fmt.Println("{}")
		}
	}
}

func pool(t *testing.T, how string, limit time.Duration) *worker.Pool {
	p := worker.NewPool(worker.Options{Command: []string{os.Args[0], how}, Limit: limit})
	t.Cleanup(p.Close)
	return p
}

// TestCrash: a process that dies takes its task with it and nothing else.
func TestCrash(t *testing.T) {
	p := pool(t, "be-odd", 4*time.Second)
	good := func() {
		t.Helper()
		if err := p.Do(t.Context(), worker.Task{Name: "good"}); err != nil {
			t.Fatal(err)
		}
	}
	good()
	if err := p.Do(t.Context(), worker.Task{Name: "crash"}); !errors.Is(err, worker.ErrCrashed) {
		t.Errorf("a crash: %v", err)
	}
	good()
	if err := p.Do(t.Context(), worker.Task{Name: "babble"}); !errors.Is(err, worker.ErrCrashed) {
		t.Errorf("nonsense: %v", err)
	}
	good()
	if err := p.Do(t.Context(), worker.Task{Name: "hang"}); err == nil || !strings.Contains(err.Error(), "longer than") {
		t.Errorf("a hang: %v", err)
	}
	good()
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if err := p.Do(ctx, worker.Task{Name: "hang"}); !errors.Is(err, context.Canceled) {
		t.Errorf("given up: %v", err)
	}
	good()
}

func TestNoSuchProgram(t *testing.T) {
	p := worker.NewPool(worker.Options{Command: []string{filepath.Join(t.TempDir(), "none")}})
	defer p.Close()
	for range 2 {
		if err := p.Do(t.Context(), worker.Task{}); err == nil {
			t.Error("nothing was started and nobody said so")
		}
	}
}

// TestRealWorker measures a photo and refuses what is none, in one process.
func TestRealWorker(t *testing.T) {
	p := pool(t, "be-real", time.Minute)
	dir := t.TempDir()
	text := filepath.Join(dir, "front.jpg")
	if err := os.WriteFile(text, []byte("<svg xmlns='http://www.w3.org/2000/svg'/>"), 0o600); err != nil {
		t.Fatal(err)
	}
	var refused *worker.Error
	err := p.Do(t.Context(), worker.Task{Photo: text, View: "front", Out: dir, Name: "front"})
	if !errors.As(err, &refused) || refused.Kind != worker.NoPhoto || strings.Contains(refused.Message, dir) {
		t.Errorf("a drawing: %v", err)
	}
	photo, err := filepath.Abs("../../../testdata/demo/crown.jpg")
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Do(t.Context(), worker.Task{Photo: photo, View: "crown", Out: dir, Name: "crown"}); err != nil {
		t.Fatal(err)
	}
	s, err := worker.ReadDone(dir, "crown")
	if err != nil || s.View.Name != "crown" || s.Camera == nil {
		t.Fatalf("%v, %v", s, err)
	}
	for _, suffix := range []string{worker.ScreenSuffix, worker.ThumbSuffix, worker.RegionsSuffix, worker.HairSuffix, worker.HeatSuffix, worker.ZonesSuffix, ".survey.json"} {
		if info, err := os.Stat(filepath.Join(dir, "crown"+suffix)); err != nil || info.Size() == 0 {
			t.Errorf("crown%s: %v", suffix, err)
		}
	}
}

func TestScreenSize(t *testing.T) {
	for _, c := range [][2]int{{1200, 1600}, {3024, 4032}, {6000, 8000}, {100, 20000}} {
		w, h := worker.ScreenSize(c[0], c[1])
		if w*h > 2_000_000 || w < 1 || h < 1 || w > c[0] || h > c[1] {
			t.Errorf("%v: %d×%d", c, w, h)
		}
	}
}

func ExamplePool() {
	p := worker.NewPool(worker.Options{Command: []string{os.Args[0], "be-odd"}})
	defer p.Close()
	fmt.Println(p.Do(context.Background(), worker.Task{Name: "front"}))
	// Output: <nil>
}
