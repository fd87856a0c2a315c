package worker_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"pointille/internal/batch/worker"
)

// TestMain lets this test binary be a worker that does as its tasks say.
func TestMain(m *testing.M) {
	if os.Getenv("TEST_WORKER") == "" {
		os.Exit(m.Run())
	}
	if os.Getenv("TEST_WORKER") == "dumb" {
		fmt.Fprintln(os.Stderr, "libopencv.so: cannot open shared object file")
		os.Exit(127)
	}
	err := worker.Serve(context.Background(), worker.Serving{
		In: os.Stdin, Out: os.NewFile(worker.Reply, "reply"), Version: "v1", Do: obey,
		Quit: func() { os.Exit(1) }, Grace: 100 * time.Millisecond,
	})
	if err != nil {
		os.Exit(1)
	}
	os.Exit(0)
}

type task struct{ Do, File string }
type answer struct{ Text string }

func obey(ctx context.Context, line []byte) any {
	text := string(line)
	switch {
	case strings.Contains(text, "panic"):
		panic("index out of range")
	case strings.Contains(text, "abort"):
		fmt.Fprintln(os.Stderr, "terminate called after throwing an instance of 'cv::Exception'")
		_ = syscall.Kill(os.Getpid(), syscall.SIGABRT)
		time.Sleep(time.Minute)
	case strings.Contains(text, "once"): // crashes unless the file is there
		name := text[strings.Index(text, "/") : len(text)-3]
		if _, err := os.Stat(name); err != nil {
			_ = os.WriteFile(name, nil, 0o600)
			os.Exit(9)
		}
	case strings.Contains(text, "hang"):
		for { // deaf to everything, as a library may be
			time.Sleep(time.Hour)
		}
	case strings.Contains(text, "slow"):
		<-ctx.Done()
		_ = os.WriteFile(os.Getenv("TEST_TIDY"), []byte("tidied"), 0o600)
	case strings.Contains(text, "noise"):
		fmt.Println("libpng warning: iCCP: known incorrect sRGB profile")
	}
	return answer{fmt.Sprint(os.Getpid())}
}

func pool(t *testing.T, o worker.Options) *worker.Pool {
	t.Helper()
	o.Command = []string{"/proc/self/exe"}
	if len(o.Env) == 0 {
		o.Env = []string{"TEST_WORKER=yes"}
	}
	if o.Version == "" {
		o.Version = "v1"
	}
	p := worker.New(o)
	t.Cleanup(p.Close)
	return p
}

func TestWorkersLastAndShare(t *testing.T) {
	p := pool(t, worker.Options{Jobs: 2})
	var mu sync.Mutex
	pids := map[string]int{}
	var all sync.WaitGroup
	for i := range 20 {
		all.Go(func() {
			var a answer
			do := "well"
			if i%2 == 0 {
				do = "noise"
			}
			if err := p.Do(context.Background(), task{Do: do}, &a, nil); err != nil {
				t.Error(err)
			}
			mu.Lock()
			defer mu.Unlock()
			pids[a.Text]++
		})
	}
	all.Wait()
	if len(pids) == 0 || len(pids) > 2 {
		t.Errorf("done by %v", pids)
	}
}

func TestCrash(t *testing.T) {
	p := pool(t, worker.Options{})
	for do, want := range map[string]string{
		"panic": "the program crashed on it, twice: exit status 2: panic: index out of range",
		"abort": "the program crashed on it, twice: exit status 2: terminate called after throwing an instance of 'cv::Exception'",
	} {
		var crash *worker.Crash
		err := p.Do(context.Background(), task{Do: do}, new(answer), nil)
		if !errors.As(err, &crash) || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: error %v", do, err)
		}
		if err := p.Do(context.Background(), task{Do: "well"}, new(answer), nil); err != nil {
			t.Errorf("after %s: %v", do, err)
		}
	}
	// A worker that dies once may have been the victim of others.
	if err := p.Do(context.Background(), task{Do: "once", File: t.TempDir() + "/mark"}, new(answer), nil); err != nil {
		t.Error(err)
	}
}

func TestHang(t *testing.T) {
	p := pool(t, worker.Options{Limit: 300 * time.Millisecond})
	if err := p.Do(context.Background(), task{Do: "well"}, new(answer), nil); err != nil {
		t.Fatal(err)
	}
	var long *worker.TooLong
	if err := p.Do(context.Background(), task{Do: "hang"}, new(answer), nil); !errors.As(err, &long) || !strings.Contains(err.Error(), "300ms") {
		t.Errorf("error %v", err)
	}
	if err := p.Do(context.Background(), task{Do: "well"}, new(answer), nil); err != nil {
		t.Error(err)
	}
}

// TestInterrupted wants a worker to put its things away when it is stopped,
// and one that is deaf to be ended all the same.
func TestInterrupted(t *testing.T) {
	for _, do := range []string{"slow", "hang"} {
		mark := t.TempDir() + "/tidy"
		p := pool(t, worker.Options{Grace: 2 * time.Second, Env: []string{"TEST_WORKER=yes", "TEST_TIDY=" + mark}})
		if err := p.Do(context.Background(), task{Do: "well"}, new(answer), nil); err != nil {
			t.Fatal(err)
		}
		ctx, cancel := context.WithTimeout(context.Background(), 100*time.Millisecond)
		defer cancel()
		if err := p.Do(ctx, task{Do: do}, new(answer), nil); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("%s: error %v", do, err)
		}
		if _, err := os.Stat(mark); (err == nil) != (do == "slow") {
			t.Errorf("%s: tidied: %v", do, err)
		}
	}
}

func TestNoWorker(t *testing.T) {
	for _, tt := range []struct {
		o    worker.Options
		want string
	}{
		{worker.Options{Env: []string{"TEST_WORKER=dumb"}}, "no worker process can be started: exit status 127: libopencv.so: cannot open shared object file"},
		{worker.Options{Version: "v2"}, "no worker process can be started: the program on the disk is v1 now, this is v2: start again"},
	} {
		var none *worker.NoWorker
		if err := pool(t, tt.o).Do(context.Background(), task{}, new(answer), nil); !errors.As(err, &none) || err.Error() != tt.want {
			t.Errorf("error %v", err)
		}
	}
}
