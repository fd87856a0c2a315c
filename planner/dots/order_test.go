package dots_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
)

// islands wants dots on two discs 60 mm apart and a horseshoe round one.
func islands(p headframe.Vec) float64 {
	a := math.Hypot(p[0]-25, p[2]-50)
	switch {
	case a < 10, math.Hypot(p[0]-85, p[2]-50) < 12:
		return 1.2
	case a > 22 && a < 30 && p[0] < 35:
		return 0.7
	}
	return 0
}

func placed(t testing.TB, density func(headframe.Vec) float64, side float64) []dots.Dot {
	f := dots.Field{Mesh: dotstest.Plane{}.Square(side, 3), Density: density}
	return place(t, dotstest.Plane{}, f, dots.Options{Seed: 3}).Dots
}

// walk describes the path of the hand through one session.
type walk struct {
	dots    int
	long    float64 // whole length over dots times spacing
	jumps   int     // steps of more than 10 mm
	longest float64 // of the other steps, spacings
	spread  float64 // how far 60 dots in a row lie from their middle, RMS, spacings: a disc 3.1, a line 17
}

func walked(ds []dots.Dot, session int, spacing float64) walk {
	var w walk
	var last dots.Dot
	var row []headframe.Vec
	for _, d := range ds {
		if d.Session != session {
			continue
		}
		if w.dots > 0 {
			step := d.P.Sub(last.P).Norm()
			w.long += step
			if step > 10 {
				w.jumps++
			} else {
				w.longest = max(w.longest, step/spacing)
			}
		}
		row = append(row, d.P)
		w.dots, last = w.dots+1, d
	}
	w.long /= float64(w.dots) * spacing
	rows := slices.Collect(slices.Chunk(row, 60))
	for k := range len(row) / 60 {
		w.spread += spread(rows[k]) / spacing / float64(len(row)/60)
	}
	return w
}

func spread(row []headframe.Vec) float64 {
	var mid headframe.Vec
	for _, p := range row {
		mid = mid.Add(p.Mul(1 / float64(len(row))))
	}
	sum := 0.0
	for _, p := range row {
		d := p.Sub(mid).Norm()
		sum += d * d
	}
	return math.Sqrt(sum / float64(len(row)))
}

// The hand takes short steps, finishes what it is at, and goes from patch to
// patch as seldom as can be. A shortest path through unrelated points has 0.71
// spacings a dot, one through a lattice of hexagons 1.07. Half the width of the
// narrow horseshoe is done on the way back.
func TestOrderIsLocal(t *testing.T) {
	for _, tt := range []struct {
		name    string
		density func(headframe.Vec) float64
		mean    float64
		jumps   int
		long    float64
		spread  float64
	}{
		{"square", even(1.2), 1.2, 0, 1.05, 4.4},
		{"islands", islands, 1, 2, 1.2, 8.5},
		{"ramp", ramp(0.5, 110), 1.25, 0, 1.05, 4.4},
	} {
		ds := placed(t, tt.density, 110)
		dots.Order(ds)
		for session, share := range []float64{0.3, 0.4, 0.3} {
			w := walked(ds, session+1, 1/math.Sqrt(tt.mean*share))
			if w.jumps != tt.jumps {
				t.Errorf("%s, session %d: %d jumps, want %d", tt.name, session+1, w.jumps, tt.jumps)
			}
			if w.long > tt.long || w.longest > 5 || w.spread > tt.spread {
				t.Errorf("%s, session %d: %+v", tt.name, session+1, w)
			}
		}
	}
}

// What comes out are the dots that went in, sessions in turn, and the same
// whatever order they went in.
func TestOrderKeepsDots(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		n := rapid.IntRange(0, 80).Draw(rt, "dots")
		r := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 1))
		ds := make([]dots.Dot, n)
		for i := range ds {
			ds[i] = dots.Dot{P: headframe.Vec{30 * r.Float64(), r.Float64(), 90 * r.Float64()}, N: headframe.Vec{0, 1, 0}, Session: 1 + r.IntN(3), Spacing: 1}
		}
		a, b := slices.Clone(ds), slices.Clone(ds)
		r.Shuffle(n, func(i, j int) { b[i], b[j] = b[j], b[i] })
		dots.Order(a)
		dots.Order(b)
		if !slices.Equal(a, b) {
			rt.Fatal("the order depends on the order given")
		}
		left := map[dots.Dot]int{}
		for _, d := range ds {
			left[d]++
		}
		for i, d := range a {
			left[d]--
			if left[d] < 0 {
				rt.Fatalf("dot %d was not given", i)
			}
			if i > 0 && d.Session < a[i-1].Session {
				rt.Fatalf("dot %d of session %d follows session %d", i, d.Session, a[i-1].Session)
			}
		}
	})
}

func TestOrderOfFew(t *testing.T) {
	for _, ds := range [][]dots.Dot{
		nil,
		{{Session: 1}},
		{{Session: 2}, {Session: 1}},
		{{Session: 1}, {Session: 1}, {Session: 1}, {Session: 1}, {Session: 1}}, // all at one place
		{{Session: 1, P: headframe.Vec{1e6, 0, 0}}, {Session: 1}, {Session: 1, P: headframe.Vec{5, 0, 0}}},
	} {
		n := len(ds)
		dots.Order(ds)
		if len(ds) != n || n > 1 && ds[0].Session > ds[1].Session {
			t.Errorf("ordered %v", ds)
		}
	}
}
