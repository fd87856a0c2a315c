// Package bench is what the benchmarks of several packages share: a photo as
// a phone writes it, and the timing of one piece of work beside another.
//
// On a machine whose speed changes from second to second only the ratio of two
// works timed in turn means anything, so that is what is reported: of wall
// time, and of processor time, which other programs disturb less. Only tests
// import this package; what fails stops the benchmark.
package bench

import (
	"image"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"syscall"
	"testing"
	"time"

	"pointille/internal/cvx"
)

// Phone is a photo of 12 megapixels as most phones write them.
const (
	phoneWidth, phoneHeight = 3024, 4032
	phoneQuality            = 92
	// phoneNoise in 8-bit levels gives the file about the bytes that a phone
	// writes for a picture of this size: 3 to 5 MB.
	phoneNoise = 6
)

// Phone returns the JPEG file of a 12 megapixel photo of a head: one of the
// demo case, enlarged, with the noise of a sensor.
func Phone(tb testing.TB) []byte {
	tb.Helper()
	return phone(tb, "front.jpg")
}

// Phones are all photos of the demo case like that, by name.
func Phones(tb testing.TB) map[string][]byte {
	tb.Helper()
	files := map[string][]byte{}
	for _, name := range []string{"front.jpg", "left.jpg", "right.jpg", "back.jpg", "top.jpg", "crown.jpg"} {
		files[name] = phone(tb, name)
	}
	return files
}

func phone(tb testing.TB, name string) []byte {
	tb.Helper()
	data, err := os.ReadFile(filepath.Join(root(tb), "testdata", "demo", name))
	if err != nil {
		tb.Fatal(err)
	}
	small, err := cvx.Decode(data, cvx.DecodeOptions{})
	if err != nil {
		tb.Fatal(err)
	}
	img, err := cvx.Resize(small, phoneWidth, phoneHeight, cvx.Linear)
	if err != nil {
		tb.Fatal(err)
	}
	Noise(img, phoneNoise)
	out, err := cvx.EncodeJPEG(img, phoneQuality)
	if err != nil {
		tb.Fatal(err)
	}
	return out
}

// Noise adds normal noise of the given standard deviation in levels, always
// the same.
func Noise(img *image.NRGBA, sigma float64) {
	rng := rand.New(rand.NewPCG(1, 2))
	var table [4096]int
	for i := range table {
		table[i] = int(rng.NormFloat64()*sigma + 256.5)
	}
	for i := range img.Pix {
		if i%4 != 3 {
			img.Pix[i] = uint8(min(255, max(0, int(img.Pix[i])+table[rng.Uint32()%4096]-256)))
		}
	}
}

// Decode is the unit of the ratios: libjpeg-turbo's decode of the file at full
// size to RGBA, on one core.
func Decode(tb testing.TB, file []byte) {
	tb.Helper()
	if _, err := cvx.Decode(file, cvx.DecodeOptions{}); err != nil {
		tb.Fatal(err)
	}
}

// pairs is how often each of the two works runs in one round of a benchmark.
const pairs = 5

// Ratio times work and unit in turn and reports work as a multiple of unit: of
// its wall time as x-NAME, of its processor time as x-NAME-cpu. Each time is
// the median. ms and NAME-ms are the wall times themselves.
func Ratio(b *testing.B, name string, unit, work func()) {
	b.Helper()
	var ours, theirs costs
	for b.Loop() {
		for range pairs {
			theirs.add(unit)
			ours.add(work)
		}
	}
	w, u := median(ours.wall), median(theirs.wall)
	b.ReportMetric(0, "ns/op") // of a round: no figure of anything
	b.ReportMetric(w/u, "x-"+name)
	b.ReportMetric(median(ours.cpu)/median(theirs.cpu), "x-"+name+"-cpu")
	b.ReportMetric(w, "ms")
	b.ReportMetric(u, name+"-ms")
}

// costs are milliseconds of each run.
type costs struct{ wall, cpu []float64 }

// add times f after the garbage of what ran before is gone.
func (c *costs) add(f func()) {
	runtime.GC()
	start, used := time.Now(), CPU()
	f()
	c.wall = append(c.wall, ms(time.Since(start)))
	c.cpu = append(c.cpu, ms(CPU()-used))
}

func ms(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }

// CPU is the processor time of this program and of the programs it has run to
// their end.
func CPU() (sum time.Duration) {
	for _, who := range []int{syscall.RUSAGE_SELF, syscall.RUSAGE_CHILDREN} {
		var u syscall.Rusage
		if syscall.Getrusage(who, &u) == nil {
			sum += time.Duration(u.Utime.Nano() + u.Stime.Nano())
		}
	}
	return sum
}

// Cores runs a benchmark once on each number of cores that there is.
func Cores(b *testing.B, f func(b *testing.B)) {
	for _, n := range []int{1, 2} {
		if n > runtime.NumCPU() {
			continue
		}
		b.Run([]string{"", "one core", "two cores"}[n], func(b *testing.B) {
			defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(n))
			defer cvx.SetThreads(cvx.Threads())
			cvx.SetThreads(n)
			f(b)
		})
	}
}

func median(v []float64) float64 {
	s := slices.Sorted(slices.Values(v))
	return (s[len(s)/2] + s[(len(s)-1)/2]) / 2
}

// root is the folder of the module, above that of the test.
func root(tb testing.TB) string {
	tb.Helper()
	dir, err := os.Getwd()
	for err == nil {
		if _, err := os.Stat(filepath.Join(dir, "go.mod")); err == nil {
			return dir
		}
		if filepath.Dir(dir) == dir {
			tb.Fatal("the test runs outside the module")
		}
		dir = filepath.Dir(dir)
	}
	tb.Fatal(err)
	return ""
}
