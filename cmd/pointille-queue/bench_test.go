package main

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"pointille/internal/bench"
)

// BenchmarkQueue12MP surveys photos of 12 megapixels without a queue, with one in
// the process, and with a worker that is a process of its own. own-s/photo is
// processor time of the batch's own process, or of the worker's, without those that
// do the steps: what the queue adds to it is what it costs. share-% is that of all
// processor time, with the queue's in it; own-MB the largest memory of that process.
// With a worker, the batch's and the server's are told beside.
// POINTILLE_PHOTOS changes how many photos there are, POINTILLE_DO what is done.
func BenchmarkQueue12MP(b *testing.B) {
	program := filepath.Join(b.TempDir(), "pointille-queue")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	n := 8
	if v, err := strconv.Atoi(os.Getenv("POINTILLE_PHOTOS")); err == nil {
		n = v
	}
	dir, file := b.TempDir(), bench.Phone(b)
	for i := range n {
		path := filepath.Join(dir, fmt.Sprintf("client-%05d", i), "front.jpg")
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			b.Fatal(err)
		}
		if err := os.WriteFile(path, append(bytes.Clone(file), fmt.Sprint(i)...), 0o600); err != nil {
			b.Fatal(err)
		}
	}
	do := os.Getenv("POINTILLE_DO")
	if do == "" {
		do = "survey"
	}
	url, key := serverOf(b), filepath.Join(b.TempDir(), "key")
	if out, err := exec.Command(program, "queue-key", key).CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	remote := []string{"--queue", url, "--queue-key", key}
	for name, how := range map[string][]string{"plain": {"--jobs", "2"}, "embedded": {"--jobs", "2", "--queue", "embedded"}, "worker": remote} {
		b.Run(name, func(b *testing.B) {
			var sum costs
			for b.Loop() {
				batch := exec.Command(program, append([]string{"batch", "--do", do, "--out", b.TempDir(), dir}, how...)...)
				if name != "worker" {
					sum.add(watch(b, batch))
					continue
				}
				worker := exec.Command(program, append([]string{"worker", "--jobs", "2"}, remote...)...)
				worked := make(chan costs)
				served := times(os.Getpid()) // the server is in this process
				go func() { worked <- watch(b, worker) }()
				led := watch(b, batch)
				_ = worker.Process.Signal(os.Interrupt)
				sum.add(<-worked)
				b.ReportMetric((times(os.Getpid())-served).Seconds()/float64(n), "server-s/photo")
				b.ReportMetric(led.own.Seconds()/float64(n), "batch-s/photo")
				b.ReportMetric(led.mb, "batch-MB")
			}
			photos := float64(b.N * n)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(sum.own.Seconds()/photos, "own-s/photo")
			b.ReportMetric(sum.all.Seconds()/photos, "cpu-s/photo")
			b.ReportMetric(100*sum.own.Seconds()/sum.all.Seconds(), "share-%")
			b.ReportMetric(sum.mb, "own-MB")
		})
	}
}

// costs are a program's own processor time, that with all processes it waited for,
// and its largest memory.
type costs struct {
	own, all time.Duration
	mb       float64
}

func (c *costs) add(other costs) {
	c.own, c.all, c.mb = c.own+other.own, c.all+other.all, max(c.mb, other.mb)
}

// watch runs a program to its end. Of its end, less than the pause between two
// looks is missed.
func watch(b *testing.B, c *exec.Cmd) (sum costs) {
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		b.Error(err)
		return sum
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Errorf("%v\n%s", err, said.Bytes())
			}
			sum.all = c.ProcessState.UserTime() + c.ProcessState.SystemTime()
			return sum
		case <-time.After(50 * time.Millisecond):
			if t := times(c.Process.Pid); t > 0 {
				sum.own = t
			}
			sum.mb = max(sum.mb, highWater(c.Process.Pid))
		}
	}
}

// times is the processor time of one process.
func times(pid int) time.Duration {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return 0
	}
	fields := strings.Fields(string(data[bytes.LastIndexByte(data, ')')+1:]))
	if len(fields) < 13 {
		return 0
	}
	user, _ := strconv.Atoi(fields[11])
	system, _ := strconv.Atoi(fields[12])
	return time.Duration(user+system) * 10 * time.Millisecond
}

// highWater is the largest memory of one process, MB.
func highWater(pid int) float64 {
	data, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	_, rest, ok := strings.Cut(string(data), "VmHWM:")
	if fields := strings.Fields(rest); ok && len(fields) > 0 {
		kb, _ := strconv.Atoi(fields[0])
		return float64(kb) / 1024
	}
	return 0
}
