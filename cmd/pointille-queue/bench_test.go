package main_test

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

// BenchmarkQueue12MP surveys photos of 12 megapixels with a queue in the process
// and without. own-s/photo is processor time of the batch's own process, without
// those that do the steps: what the queue adds to it is what it costs. share-% is
// that of all processor time, with the queue's in it; own-MB the memory of the
// batch's own process. POINTILLE_PHOTOS changes how many photos there are.
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
	for _, how := range [][]string{{"plain"}, {"embedded", "--queue", "embedded"}} {
		b.Run(how[0], func(b *testing.B) {
			var own, all time.Duration
			peak := 0.0
			for b.Loop() {
				args := append([]string{"batch", "--do", "survey", "--jobs", "2", "--out", b.TempDir(), dir}, how[1:]...)
				o, a, mb := costs(b, program, args...)
				own, all, peak = own+o, all+a, max(peak, mb)
			}
			photos := float64(b.N * n)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(own.Seconds()/photos, "own-s/photo")
			b.ReportMetric(all.Seconds()/photos, "cpu-s/photo")
			b.ReportMetric(100*own.Seconds()/all.Seconds(), "share-%")
			b.ReportMetric(peak, "own-MB")
		})
	}
}

// costs runs a program and returns its own processor time, that with all processes
// it waited for, and its largest memory.
func costs(b *testing.B, name string, args ...string) (own, all time.Duration, mb float64) {
	b.Helper()
	c := exec.Command(name, args...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- c.Wait() }()
	for {
		select {
		case err := <-ended:
			if err != nil {
				b.Fatalf("%v\n%s", err, said.Bytes())
			}
			// Of the end, less than the pause between two looks is missed.
			return own, c.ProcessState.UserTime() + c.ProcessState.SystemTime(), mb
		case <-time.After(20 * time.Millisecond):
			if t := times(c.Process.Pid); t > 0 {
				own = t
			}
			mb = max(mb, highWater(c.Process.Pid))
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
