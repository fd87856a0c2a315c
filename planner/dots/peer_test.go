package dots_test

import (
	"math"
	"slices"
	"syscall"
	"testing"
	"time"

	"github.com/fogleman/poissondisc"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
	"pointille/planner/dots/metric"
)

const (
	peerSide = 300.0 // mm
	peerGap  = 0.80  // least distance of the other's points, mm; fills the square with about 100,000
)

// BenchmarkPeerPoissonDisc fills a square with one class of 100,000 points,
// with Bridson's sampling of fogleman/poissondisc and with ours, in turn. Power
// is that below 0.5 cycles per spacing: unrelated points have 1, and less is
// better. x-peer is the median of five pairs by the clock, x-peer-cpu by
// processor time: ours uses two processors, the other's one.
func BenchmarkPeerPoissonDisc(b *testing.B) {
	for b.Loop() {
		var ratios, cpuRatios, ours, theirs []float64
		var got dots.Pattern
		var pts []poissondisc.Point
		for seed := range uint64(5) {
			peer, peerCPU := spent(func() { pts = poissondisc.Sample(0, 0, peerSide, peerSide, peerGap, 30, nil) })
			own, ownCPU := spent(func() {
				got = place(b, dotstest.Plane{}, peerField(len(pts)), dots.Options{Seed: seed, Regularity: 1, Shares: []float64{1}, Threads: 2})
			})
			theirs, ours = append(theirs, float64(len(pts))/peer), append(ours, float64(len(got.Dots))/own)
			ratios, cpuRatios = append(ratios, peer/own), append(cpuRatios, peerCPU/ownCPU)
		}
		power, peerPower := peerPowers(got.Dots, pts)
		b.ReportMetric(median(ratios), "x-peer")
		b.ReportMetric(median(cpuRatios), "x-peer-cpu")
		b.ReportMetric(median(ours), "points/s")
		b.ReportMetric(median(theirs), "peer-points/s")
		b.ReportMetric(power, "power")
		b.ReportMetric(peerPower, "peer-power")
	}
	b.ReportMetric(0, "ns/op")
}

// spent returns the seconds that f takes by the clock and of processor time.
func spent(f func()) (wall, cpu float64) {
	used := func() float64 {
		var u syscall.Rusage
		if syscall.Getrusage(syscall.RUSAGE_SELF, &u) != nil {
			return math.NaN()
		}
		return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
	}
	start, before := time.Now(), used()
	f()
	return time.Since(start).Seconds(), used() - before
}

func peerField(n int) dots.Field {
	return dots.Field{Mesh: dotstest.Plane{}.Square(peerSide, 3), Density: func(p headframe.Vec) float64 {
		if min(p[0], p[2]) < 0 || max(p[0], p[2]) > peerSide {
			return 0
		}
		return float64(n) / (peerSide * peerSide)
	}}
}

func peerPowers(ds []dots.Dot, pts []poissondisc.Point) (ours, theirs float64) {
	var a, b [][2]float64
	for _, d := range ds {
		a = append(a, [2]float64{d.P[0], d.P[2]})
	}
	for _, p := range pts {
		b = append(b, [2]float64{p.X, p.Y})
	}
	return metric.Spectrum(a, peerSide).Wide, metric.Spectrum(b, peerSide).Wide
}

func median(x []float64) float64 {
	x = slices.Sorted(slices.Values(x))
	return x[len(x)/2]
}
