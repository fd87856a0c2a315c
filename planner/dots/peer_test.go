package dots_test

import (
	"slices"
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
// better. x-peer is the median of five pairs.
func BenchmarkPeerPoissonDisc(b *testing.B) {
	for b.Loop() {
		var ratios, ours, theirs []float64
		var power, peerPower float64
		for seed := range uint64(5) {
			start := time.Now()
			pts := poissondisc.Sample(0, 0, peerSide, peerSide, peerGap, 30, nil)
			theirs = append(theirs, float64(len(pts))/time.Since(start).Seconds())
			start = time.Now()
			got := place(b, dotstest.Plane{}, peerField(len(pts)), dots.Options{Seed: seed, Regularity: 1, Shares: []float64{1}})
			ours = append(ours, float64(len(got.Dots))/time.Since(start).Seconds())
			ratios = append(ratios, ours[seed]/theirs[seed])
			power, peerPower = peerPowers(got.Dots, pts)
		}
		b.ReportMetric(median(ratios), "x-peer")
		b.ReportMetric(median(ours), "points/s")
		b.ReportMetric(median(theirs), "peer-points/s")
		b.ReportMetric(power, "power")
		b.ReportMetric(peerPower, "peer-power")
	}
	b.ReportMetric(0, "ns/op")
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
