package main_test

import (
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pointille/internal/bench"
)

// BenchmarkBatch12MP does photos of 12 megapixels with one job, with two, and with one
// that is confined to one processor, as each of two is. x-decode is the wall time of a
// photo as a multiple of its decode on one core, timed before and after, x-decode-cpu
// the same of processor time; busy is how many processors were at work on the mean;
// peak-MB the memory of the program and its workers together, shared pages counted
// once. POINTILLE_PHOTOS changes how many photos there are, and POINTILLE_DO what is
// done: surveys of cases of one photo, or anything else of cases of six.
func BenchmarkBatch12MP(b *testing.B) {
	program, do, n := build(b), "survey", 8
	if v, err := strconv.Atoi(os.Getenv("POINTILLE_PHOTOS")); err == nil {
		n = v
	}
	files := map[string][]byte{"front.jpg": bench.Phone(b)}
	if v := os.Getenv("POINTILLE_DO"); v != "" {
		do, files = v, bench.Phones(b)
		n -= n % len(files)
	}
	file, dir := files["front.jpg"], b.TempDir()
	for i := range n / len(files) {
		for name, data := range files {
			path := filepath.Join(dir, fmt.Sprintf("client-%05d", i), name)
			if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
				b.Fatal(err)
			}
			if err := os.WriteFile(path, append(bytes.Clone(data), fmt.Sprint(i)...), 0o600); err != nil {
				b.Fatal(err)
			}
		}
	}
	for name, command := range map[string][]string{
		"jobs=1": {program, "--jobs", "1"}, "jobs=2": {program, "--jobs", "2"}, "confined": {"taskset", "--cpu-list", "0", program, "--jobs", "1"},
	} {
		b.Run(name, func(b *testing.B) {
			var work, decode costs
			peak := 0.0
			for b.Loop() {
				decode.add(func() { bench.Decode(b, file) })
				args := slices.Insert(slices.Clone(command[1:]), len(command)-3, "batch", "--do", do, "--out", b.TempDir(), dir)
				work.add(func() { peak = max(peak, watched(b, command[0], args...)) })
				decode.add(func() { bench.Decode(b, file) })
			}
			photos, decodes := float64(b.N*n), float64(2*b.N)
			b.ReportMetric(0, "ns/op")
			b.ReportMetric(work.wall.Seconds()/photos/(decode.wall.Seconds()/decodes), "x-decode")
			b.ReportMetric(work.cpu.Seconds()/photos/(decode.cpu.Seconds()/decodes), "x-decode-cpu")
			b.ReportMetric(work.wall.Seconds()/photos, "s/photo")
			b.ReportMetric(work.cpu.Seconds()/photos, "cpu-s/photo")
			b.ReportMetric(work.cpu.Seconds()/work.wall.Seconds(), "busy")
			b.ReportMetric(peak, "peak-MB")
		})
	}
}

// costs are wall and processor time of this program and those it ran.
type costs struct{ wall, cpu time.Duration }

func (c *costs) add(f func()) {
	start, used := time.Now(), bench.CPU()
	f()
	c.wall += time.Since(start)
	c.cpu += bench.CPU() - used
}

// between looks at memory, each of which holds up all that is looked at: with twenty a
// second two jobs took half as long again.
const between = 400 * time.Millisecond

// watched runs a program to its end and returns the most memory that it and
// those it started had together, MB.
func watched(b *testing.B, program string, args ...string) (peak float64) {
	b.Helper()
	c := exec.Command(program, args...)
	var said bytes.Buffer
	c.Stdout, c.Stderr = &said, &said
	if err := c.Start(); err != nil {
		b.Fatal(err)
	}
	over := make(chan error, 1)
	go func() { over <- c.Wait() }()
	for {
		select {
		case err := <-over:
			if err != nil {
				b.Fatalf("%v: %v\n%s", c, err, said.Bytes())
			}
			return peak
		case <-time.After(between):
			peak = max(peak, together(c.Process.Pid))
		}
	}
}

// together is the memory of a process and its children, MB.
func together(pid int) (mb float64) {
	pids := []string{strconv.Itoa(pid)}
	// Children belong to the thread that started them.
	tasks, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/children", pid))
	for _, t := range tasks {
		if data, err := os.ReadFile(t); err == nil {
			pids = append(pids, strings.Fields(string(data))...)
		}
	}
	for _, p := range pids {
		data, err := os.ReadFile("/proc/" + p + "/smaps_rollup")
		if err != nil {
			continue
		}
		for line := range strings.Lines(string(data)) {
			if rest, ok := strings.CutPrefix(line, "Pss:"); ok {
				kb, _ := strconv.ParseFloat(strings.Fields(rest)[0], 64)
				mb += kb / 1024
			}
		}
	}
	return mb
}
