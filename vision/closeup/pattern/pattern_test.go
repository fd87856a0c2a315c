package pattern_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"pointille/vision/closeup/pattern"
)

func lattice(n int) ([][2]float64, pattern.Rect) {
	var p [][2]float64
	for y := range n {
		for x := range n {
			p = append(p, [2]float64{float64(x) + 0.5, float64(y) + 0.5})
		}
	}
	return p, pattern.Rect{X1: float64(n), Y1: float64(n)}
}

func ExampleOf() {
	points, field := lattice(12) // a square lattice, 1 mm apart
	s, ok := pattern.Of(points, field)
	fmt.Printf("%v R %.2f CV %.2f spacing %.2f\n", ok, s.R, s.CV, s.Spacing)
	// Output: true R 2.00 CV 0.00 spacing 1.00
}

// brute is the definition, pair by pair.
func brute(p [][2]float64, r pattern.Rect) (g []float64, ratio, cv float64) {
	w, h := r.X1-r.X0, r.Y1-r.Y0
	s := math.Sqrt(w * h / float64(len(p)))
	g = make([]float64, 18)
	var nn []float64
	for i := range p {
		nearest := math.Inf(1)
		for j := range p {
			if i == j {
				continue
			}
			dx, dy := math.Abs(p[i][0]-p[j][0]), math.Abs(p[i][1]-p[j][1])
			d := math.Hypot(dx, dy)
			nearest = min(nearest, d)
			if k := int(d / (0.1 * s)); k < len(g) {
				ring := math.Pi * 0.01 * s * s * float64(2*k+1)
				g[k] += w * h / ((w - dx) * (h - dy)) * w * h / (float64(len(p)) * float64(len(p)-1) * ring)
			}
		}
		if min(p[i][0]-r.X0, r.X1-p[i][0], p[i][1]-r.Y0, r.Y1-p[i][1]) >= 1.7*s {
			nn = append(nn, min(nearest, 1.7*s))
		}
	}
	mean, dev := 0.0, 0.0
	for _, d := range nn {
		mean += d / float64(len(nn))
	}
	for _, d := range nn {
		dev += (d - mean) * (d - mean) / float64(len(nn))
	}
	return g, 2 * mean / s, math.Sqrt(dev) / mean
}

func TestOfAgainstPairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := pattern.Rect{X0: rapid.Float64Range(-5, 5).Draw(t, "x"), Y0: rapid.Float64Range(-5, 5).Draw(t, "y")}
		r.X1, r.Y1 = r.X0+rapid.Float64Range(8, 20).Draw(t, "w"), r.Y0+rapid.Float64Range(8, 20).Draw(t, "h")
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		p := make([][2]float64, rapid.IntRange(130, 300).Draw(t, "n"))
		for i := range p {
			p[i] = [2]float64{r.X0 + rng.Float64()*(r.X1-r.X0), r.Y0 + rng.Float64()*(r.Y1-r.Y0)}
		}
		got, ok := pattern.Of(append(p, [2]float64{r.X1 + 1, r.Y0}), r)
		if !ok {
			t.Fatal("130 points are enough")
		}
		g, ratio, cv := brute(p, r)
		if math.Abs(got.R-ratio) > 1e-9 || math.Abs(got.CV-cv) > 1e-9 || got.Points != len(p) {
			t.Fatalf("R %v CV %v of %d points, want %v %v of %d", got.R, got.CV, got.Points, ratio, cv, len(p))
		}
		for k := range g {
			if math.Abs(got.G[k]-g[k]) > 1e-9 {
				t.Fatalf("g[%d] is %v, want %v", k, got.G[k], g[k])
			}
		}
	})
}

// Points thrown without regard to each other: everything is about as theory
// says, right to the rim.
func TestUnrelatedPoints(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 2))
	var g [18]float64
	var ratio, cv float64
	const rounds = 40
	for range rounds {
		p := make([][2]float64, 400)
		for i := range p {
			p[i] = [2]float64{20 * rng.Float64(), 20 * rng.Float64()}
		}
		s, ok := pattern.Of(p, pattern.Rect{X1: 20, Y1: 20})
		if !ok {
			t.Fatal("400 points are enough")
		}
		ratio, cv = ratio+s.R/rounds, cv+s.CV/rounds
		for k := range g {
			g[k] += s.G[k] / rounds
		}
	}
	if math.Abs(ratio-1) > 0.02 || math.Abs(cv-0.523) > 0.02 {
		t.Errorf("R %.3f CV %.3f, want 1 and 0.52", ratio, cv)
	}
	for k, v := range g {
		if math.Abs(v-1) > 0.12 {
			t.Errorf("g[%d] is %.2f, want 1", k, v)
		}
	}
}

func TestTooFew(t *testing.T) {
	p, r := lattice(6)
	if _, ok := pattern.Of(p, r); ok {
		t.Error("36 points told a pattern")
	}
	if _, ok := pattern.Of(nil, pattern.Rect{}); ok {
		t.Error("nothing told a pattern")
	}
	if _, ok := pattern.Of(make([][2]float64, 100), pattern.Rect{X1: 9, Y1: 9}); ok {
		t.Error("points on one corner told a pattern")
	}
}

func BenchmarkOf(b *testing.B) {
	p, r := lattice(40)
	for b.Loop() {
		pattern.Of(p, r)
	}
}
