package main_test

import (
	"debug/elf"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"

	"pointille/internal/bench"
)

// BenchmarkPlanDemo is the whole main job on the demo case of six photos, as
// its user starts it: seconds of wall and of processor time, and the peak of
// memory.
func BenchmarkPlanDemo(b *testing.B) {
	program := build(b)
	peak, used := 0.0, bench.CPU()
	for b.Loop() {
		peak = max(peak, run(b, program, "plan", "--out", b.TempDir(), "../../testdata/demo"))
	}
	b.ReportMetric(b.Elapsed().Seconds()/float64(b.N), "s")
	b.ReportMetric((bench.CPU()-used).Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(0, "ns/op")
	reportPeak(b, peak)
}

// BenchmarkSurveyCommand12MP is the survey of one photo as its user starts it:
// loading the libraries and the network, the maps and the overlay as files.
func BenchmarkSurveyCommand12MP(b *testing.B) {
	program, file := build(b), bench.Phone(b)
	photo := filepath.Join(b.TempDir(), "front.jpg")
	if err := os.WriteFile(photo, file, 0o600); err != nil {
		b.Fatal(err)
	}
	out, peak := b.TempDir(), 0.0
	bench.Ratio(b, "decode", func() { bench.Decode(b, file) }, func() {
		peak = max(peak, run(b, program, "survey", "--out", out, photo))
	})
	reportPeak(b, peak)
}

// BenchmarkVersion compares the shortest command with a program that does
// nothing but is linked to the same libraries.
func BenchmarkVersion(b *testing.B) {
	program := build(b)
	nothing := doNothing(b, program)
	bench.Ratio(b, "libraries", func() { run(b, nothing) }, func() { run(b, program, "version") })
}

func build(b *testing.B) string {
	b.Helper()
	program := filepath.Join(b.TempDir(), "pointille")
	if out, err := exec.Command("go", "build", "-o", program, ".").CombinedOutput(); err != nil {
		b.Fatalf("%v\n%s", err, out)
	}
	return program
}

// doNothing builds a C program that needs the libraries of another.
func doNothing(b *testing.B, like string) string {
	b.Helper()
	f, err := elf.Open(like)
	if err != nil {
		b.Skipf("not an ELF program: %v", err)
	}
	defer f.Close()
	libraries, err := f.ImportedLibraries()
	if err != nil {
		b.Fatal(err)
	}
	dir := b.TempDir()
	source, program := filepath.Join(dir, "nothing.c"), filepath.Join(dir, "nothing")
	if err := os.WriteFile(source, []byte("int main(void) { return 0; }\n"), 0o600); err != nil {
		b.Fatal(err)
	}
	args := []string{"-o", program, source, "-Wl,--no-as-needed"}
	for _, l := range libraries {
		args = append(args, "-l:"+l)
	}
	if out, err := exec.Command("cc", args...).CombinedOutput(); err != nil {
		b.Fatalf("cc: %v\n%s", err, out)
	}
	return program
}

// run runs a program to its end and returns the peak of its memory, MB.
func run(b *testing.B, program string, args ...string) float64 {
	b.Helper()
	c := exec.Command(program, args...)
	if out, err := c.CombinedOutput(); err != nil {
		b.Fatalf("%v: %v\n%s", c, err, out)
	}
	return peakMB(c.ProcessState.SysUsage())
}

func peakMB(usage any) float64 {
	u, ok := usage.(*syscall.Rusage)
	if !ok {
		return 0
	}
	return float64(u.Maxrss) / 1024 // kB on Linux
}

// reportPeak reports a child's peak. Until it starts its own program a child
// counts the memory of its parent, so a smaller peak than ours says nothing.
func reportPeak(b *testing.B, mb float64) {
	var own syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &own); err != nil {
		b.Fatal(err)
	}
	if mb <= peakMB(&own) {
		b.Logf("the peak of %.0f MB is that of the benchmark itself", mb)
		return
	}
	b.ReportMetric(mb, "peak-MB")
}
