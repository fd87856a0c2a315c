package place_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/raster"
	"pointille/vision/closeup/place"
)

// blob adds a root's worth of expectation spread around (x, y).
func blob(p *raster.Plane, x, y, sigma, mass float64) {
	sum := 0.0
	weight := func(i, j int) float64 {
		dx, dy := float64(i)-x, float64(j)-y
		return math.Exp(-(dx*dx + dy*dy) / (2 * sigma * sigma))
	}
	for j := range p.H {
		for i := range p.W {
			sum += weight(i, j)
		}
	}
	for j := range p.H {
		for i := range p.W {
			p.Pix[j*p.W+i] += float32(mass * weight(i, j) / sum)
		}
	}
}

func ExamplePoints() {
	expected := raster.NewPlane(20, 20)
	expected.Set(4, 5, 0.3)
	expected.Set(5, 5, 0.4)
	expected.Set(6, 5, 0.3)
	expected.Set(15, 12, 0.9)
	for _, p := range place.Points(expected, 12) {
		fmt.Printf("%.1f %.1f\n", p[0], p[1])
	}
	// Output:
	// 15.0 12.0
	// 5.0 5.0
}

func TestPointsFindsBlobs(t *testing.T) {
	want := [][2]float64{{8.3, 9.1}, {20, 9}, {31.6, 30.2}, {10, 33}}
	p := raster.NewPlane(40, 40)
	for _, w := range want {
		blob(p, w[0], w[1], 0.8, 1)
	}
	got := place.Points(p, 12)
	if len(got) != len(want) {
		t.Fatalf("%d points, want %d", len(got), len(want))
	}
	for _, w := range want {
		near := math.Inf(1)
		for _, g := range got {
			near = min(near, math.Hypot(g[0]-w[0], g[1]-w[1]))
		}
		if near > 0.3 {
			t.Errorf("nearest point to %v is %.2f cells away", w, near)
		}
	}
}

func TestPointsTwoInOnePlace(t *testing.T) {
	p := raster.NewPlane(30, 30)
	blob(p, 14, 14, 0.8, 2)
	got := place.Points(p, 12)
	if len(got) != 2 {
		t.Fatalf("a place that expects two roots got %d", len(got))
	}
	for _, g := range got {
		if d := math.Hypot(g[0]-14, g[1]-14); d > 2 {
			t.Errorf("root %v is %.1f cells from where it was expected", g, d)
		}
	}
}

func TestPointsBadValues(t *testing.T) {
	p := raster.NewPlane(10, 10)
	for i := range p.Pix {
		p.Pix[i] = []float32{float32(math.NaN()), float32(math.Inf(1)), -1, 0}[i%4]
	}
	if got := place.Points(p, 12); len(got) != 0 {
		t.Errorf("%d points from values that mean nothing", len(got))
	}
	if got := place.Points(raster.NewPlane(0, 0), 12); len(got) != 0 {
		t.Errorf("%d points on an empty map", len(got))
	}
}

// As many points as the map expects, all of them on the map, the same each time.
func TestPointsCount(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 40).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		p, total := raster.NewPlane(w, h), 0.0
		for range rapid.IntRange(0, 25).Draw(t, "roots") {
			x, y := rapid.Float64Range(0, float64(w-1)).Draw(t, "x"), rapid.Float64Range(0, float64(h-1)).Draw(t, "y")
			blob(p, x, y, rapid.Float64Range(0.4, 1.2).Draw(t, "sigma"), 1)
		}
		for _, v := range p.Pix {
			total += float64(v)
		}
		got := place.Points(p, 12)
		if len(got) != int(math.Round(total)) {
			t.Fatalf("%d points, the map expects %.2f", len(got), total)
		}
		again := place.Points(p, 12)
		for i, g := range got {
			if g != again[i] {
				t.Fatalf("point %d is %v, then %v", i, g, again[i])
			}
			if g[0] < 0 || g[1] < 0 || g[0] > float64(w-1) || g[1] > float64(h-1) {
				t.Fatalf("point %v is off the map of %dx%d", g, w, h)
			}
		}
	})
}

// flood groups the slow and obvious way.
func flood(points [][2]float64, reach float64) ([]int, int) {
	seen, n, unit := make([]bool, len(points)), 0, make([]int, len(points))
	for i := range points {
		if seen[i] {
			continue
		}
		n++
		seen[i] = true
		for stack := []int{i}; len(stack) > 0; {
			a := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			unit[a] = n - 1
			for b := range points {
				if !seen[b] && math.Hypot(points[a][0]-points[b][0], points[a][1]-points[b][1]) < reach {
					seen[b] = true
					stack = append(stack, b)
				}
			}
		}
	}
	return unit, n
}

func TestUnitsAgainstFlood(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		points := make([][2]float64, rapid.IntRange(0, 60).Draw(t, "n"))
		for i := range points {
			points[i] = [2]float64{rapid.Float64Range(0, 20).Draw(t, "x"), rapid.Float64Range(0, 20).Draw(t, "y")}
		}
		reach := rapid.Float64Range(0, 6).Draw(t, "reach")
		unit, n := place.Units(points, reach)
		want, many := flood(points, reach)
		if n != many || !slices.Equal(unit, want) {
			t.Fatalf("%d units %v, want %d %v", n, unit, many, want)
		}
	})
}

func TestUnits(t *testing.T) {
	for name, c := range map[string]struct {
		points [][2]float64
		want   int
	}{
		"none":            {nil, 0},
		"one":             {[][2]float64{{1, 1}}, 1},
		"pair":            {[][2]float64{{1, 1}, {1.9, 1}}, 1},
		"just apart":      {[][2]float64{{1, 1}, {2, 1}}, 2},
		"chain of three":  {[][2]float64{{3, 0}, {1.4, 0}, {2.2, 0}}, 1},
		"same place":      {[][2]float64{{1, 1}, {1, 1}}, 1},
		"above, not near": {[][2]float64{{1, 1}, {1, 5}}, 2},
	} {
		if _, got := place.Units(c.points, 1); got != c.want {
			t.Errorf("%s: %d units, want %d", name, got, c.want)
		}
	}
}

func BenchmarkPoints(b *testing.B) {
	p := raster.NewPlane(400, 300)
	for i := range 3000 {
		p.Set(i*7919%400, i*104729%300, 0.9)
	}
	for b.Loop() {
		place.Points(p, 9)
	}
}
