package dots_test

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
)

func even(d float64) func(headframe.Vec) float64 {
	return func(headframe.Vec) float64 { return d }
}

// ramp rises fourfold along z over the given length.
func ramp(least, length float64) func(headframe.Vec) float64 {
	return func(p headframe.Vec) float64 {
		return least * (1 + 3*min(max(p[2]/length, 0), 1))
	}
}

// scatter returns n hairs at random on a square.
func scatter(n int, side float64, seed uint64) []headframe.Vec {
	r := rand.New(rand.NewPCG(seed, 7))
	out := make([]headframe.Vec, n)
	for i := range out {
		out[i] = headframe.Vec{side * r.Float64(), 0, side * r.Float64()}
	}
	return out
}

func place(t testing.TB, skin dots.Skin, f dots.Field, o dots.Options) dots.Pattern {
	t.Helper()
	p, err := dots.Place(context.Background(), skin, f, o)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

// TestRules draws fields at random and checks, by looking at every pair, what
// must always hold.
func TestRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		side := rapid.Float64Range(3, 14).Draw(rt, "side")
		least := rapid.Float64Range(0.05, 0.6).Draw(rt, "density")
		margin := rapid.Float64Range(0, 0.4).Draw(rt, "margin") * side
		o := dots.Options{
			Seed:       rapid.Uint64().Draw(rt, "seed"),
			Regularity: rapid.Float64Range(0, 1).Draw(rt, "regularity"),
			MinMM:      rapid.Float64Range(0, 0.5).Draw(rt, "least distance"),
			Threads:    1,
		}
		hairs := scatter(rapid.IntRange(0, 60).Draw(rt, "hairs"), side, o.Seed)
		ask := func(p headframe.Vec) float64 {
			if p[0] < margin || p[0] > side-margin {
				return 0
			}
			return ramp(least, side)(p)
		}
		f := dots.Field{Mesh: dotstest.Plane{}.Square(side, 3), Density: ask, Fixed: hairs}
		got, err := dots.Place(context.Background(), dotstest.Plane{}, f, o)
		if err != nil {
			rt.Fatal(err)
		}
		if len(got.Dots)+got.Dropped != got.Wanted {
			rt.Fatalf("%d dots and %d dropped of %d", len(got.Dots), got.Dropped, got.Wanted)
		}
		checkRules(rt, got.Dots, f, o)
	})
}

func checkRules(t rapid.TB, ds []dots.Dot, f dots.Field, o dots.Options) {
	for i, d := range ds {
		if f.Density(d.P) <= 0 {
			t.Fatalf("dot %d at %v is outside the planned skin", i, d.P)
		}
		if d.P[1] != 0 || d.N != (headframe.Vec{0, 1, 0}) {
			t.Fatalf("dot %d is off the skin: %v %v", i, d.P, d.N)
		}
		if !(d.Spacing > 0) || math.IsInf(d.Spacing, 0) || d.Session < 1 || d.Session > 3 {
			t.Fatalf("dot %d: spacing %v session %d", i, d.Spacing, d.Session)
		}
		for j, e := range ds[:i] {
			if gap, core := d.P.Sub(e.P).Norm(), o.Core(min(d.Spacing, e.Spacing)); gap < core {
				t.Fatalf("dots %d and %d are %v mm apart, core %v", i, j, gap, core)
			}
		}
		for j, h := range f.Fixed {
			if gap, core := d.P.Sub(h).Norm(), o.Core(d.Spacing); gap < core {
				t.Fatalf("dot %d is %v mm from hair %d, core %v", i, gap, j, core)
			}
		}
	}
}

func TestThreads(t *testing.T) {
	head := dotstest.Head()
	f := dots.Field{Mesh: head.Cap(75, 3), Density: func(p headframe.Vec) float64 { return 0.5 + (p[2]+98)/196 }}
	for v := range 40 {
		p, _ := head.Project(f.Mesh.V[v*7].Add(headframe.Vec{0.4, 0.2, 0.1}))
		f.Fixed = append(f.Fixed, p)
	}
	want := place(t, head, f, dots.Options{Seed: 5, Threads: 1})
	if len(want.Dots) < 3000 {
		t.Fatalf("only %d dots, too few to use several threads", len(want.Dots))
	}
	for _, threads := range []int{2, 8} {
		got := place(t, head, f, dots.Options{Seed: 5, Threads: threads})
		if len(got.Dots) != len(want.Dots) {
			t.Fatalf("%d threads: %d dots, one thread %d", threads, len(got.Dots), len(want.Dots))
		}
		for i := range want.Dots {
			if got.Dots[i] != want.Dots[i] {
				t.Fatalf("%d threads: dot %d is %v, one thread %v", threads, i, got.Dots[i], want.Dots[i])
			}
		}
	}
	other := place(t, head, f, dots.Options{Seed: 6})
	if other.Dots[0] == want.Dots[0] {
		t.Error("another seed gives the same first dot")
	}
}

func TestSessions(t *testing.T) {
	f := dots.Field{Mesh: dotstest.Plane{}.Square(30, 3), Density: even(1)}
	for _, tt := range []struct {
		shares []float64
		want   []int
	}{
		{nil, []int{270, 360, 270}},
		{[]float64{1}, []int{900}},
		{[]float64{1, 1}, []int{450, 450}},
		{[]float64{0, 5}, []int{0, 900}},
		{[]float64{0.02, 0.98}, []int{18, 882}},
	} {
		got := make([]int, len(tt.want))
		for _, d := range place(t, dotstest.Plane{}, f, dots.Options{Shares: tt.shares}).Dots {
			got[d.Session-1]++
		}
		for k, n := range got {
			if math.Abs(float64(n-tt.want[k])) > 1 {
				t.Errorf("shares %v: session %d has %d dots, want %d", tt.shares, k+1, n, tt.want[k])
			}
		}
	}
}

func TestRefuses(t *testing.T) {
	mesh := dotstest.Plane{}.Square(20, 3)
	good := dots.Field{Mesh: mesh, Density: even(1)}
	with := func(change func(*dots.Field)) dots.Field { f := good; change(&f); return f }
	for _, tt := range []struct {
		name string
		f    dots.Field
		o    dots.Options
		want string
	}{
		{"NaN density", with(func(f *dots.Field) { f.Density = even(math.NaN()) }), dots.Options{}, "density is NaN dots/mm² at"},
		{"negative density", with(func(f *dots.Field) { f.Density = even(-1) }), dots.Options{}, "density is -1"},
		{"infinite density", with(func(f *dots.Field) { f.Density = even(math.Inf(1)) }), dots.Options{}, "density is +Inf"},
		{"two million", with(func(f *dots.Field) { f.Density = even(5000) }), dots.Options{}, "field wants 2000000 dots, limit 500000"},
		{"absurd", with(func(f *dots.Field) { f.Density = even(1e300) }), dots.Options{}, "too many dots"},
		{"no mesh", with(func(f *dots.Field) { f.Mesh = nil }), dots.Options{}, "no mesh"},
		{"no density", with(func(f *dots.Field) { f.Density = nil }), dots.Options{}, "no density"},
		{"broken mesh", with(func(f *dots.Field) {
			f.Mesh = &headframe.Mesh{V: mesh.V, Tri: [][3]int32{{0, 1, 9999}}}
		}), dots.Options{}, "triangle 0 of the mesh has vertex 9999"},
		{"NaN vertex", with(func(f *dots.Field) {
			f.Mesh = &headframe.Mesh{V: []headframe.Vec{{math.NaN(), 0, 0}}}
		}), dots.Options{}, "vertex 0"},
		{"NaN hair", with(func(f *dots.Field) { f.Fixed = []headframe.Vec{{0, math.Inf(1), 0}} }), dots.Options{}, "follicle 0"},
		{"regularity", good, dots.Options{Regularity: 1.5}, "regularity 1.5"},
		{"NaN regularity", good, dots.Options{Regularity: math.NaN()}, "regularity NaN"},
		{"least distance", good, dots.Options{MinMM: -1}, "smallest distance -1"},
		{"no sessions", good, dots.Options{Shares: []float64{}}, "0 sessions"},
		{"share", good, dots.Options{Shares: []float64{1, -1}}, "session 2 has share -1"},
		{"no share", good, dots.Options{Shares: []float64{0, 0}}, "sum to 0"},
	} {
		_, err := dots.Place(context.Background(), dotstest.Plane{}, tt.f, tt.o)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

func TestLateNaN(t *testing.T) {
	ask := func(p headframe.Vec) float64 {
		if p[1] == 0 && p[0] > 10 && p[0] < 10.4 {
			return math.NaN()
		}
		return 1
	}
	f := dots.Field{Mesh: dotstest.Plane{}.Square(20, 3), Density: ask}
	if p, err := dots.Place(context.Background(), dotstest.Plane{}, f, dots.Options{}); err == nil || !strings.Contains(err.Error(), "density is NaN") {
		t.Errorf("%d dots, error %v", len(p.Dots), err)
	}
}

func TestEmpty(t *testing.T) {
	square := dotstest.Plane{}.Square(20, 3)
	var carpet []headframe.Vec
	for x := -5.0; x < 25; x += 0.5 {
		for z := -5.0; z < 25; z += 0.5 {
			carpet = append(carpet, headframe.Vec{x, 0, z})
		}
	}
	for name, f := range map[string]dots.Field{
		"nothing wanted":  {Mesh: square, Density: even(0)},
		"empty mesh":      {Mesh: &headframe.Mesh{}, Density: even(1)},
		"flat triangle":   {Mesh: &headframe.Mesh{V: make([]headframe.Vec, 3), Tri: [][3]int32{{0, 1, 2}}}, Density: even(1)},
		"taken by hair":   {Mesh: square, Density: even(1), Fixed: carpet},
		"less than a dot": {Mesh: square, Density: even(0.001)},
	} {
		p := place(t, dotstest.Plane{}, f, dots.Options{MinMM: 0.8})
		if len(p.Dots) != 0 {
			t.Errorf("%s: %d dots", name, len(p.Dots))
		}
		if p.Dropped != p.Wanted {
			t.Errorf("%s: %d dropped of %d", name, p.Dropped, p.Wanted)
		}
	}
}

func TestTinyPatch(t *testing.T) {
	for n := 1; n <= 3; n++ {
		f := dots.Field{Mesh: dotstest.Plane{}.Square(1.5, 3), Density: even(float64(n) / 2.25)}
		if got := len(place(t, dotstest.Plane{}, f, dots.Options{}).Dots); got != n {
			t.Errorf("%d dots, want %d", got, n)
		}
	}
}

func TestCancelled(t *testing.T) {
	ctx, cancel := context.WithCancel(context.Background())
	calls := 0
	f := dots.Field{Mesh: dotstest.Plane{}.Square(40, 3), Density: func(headframe.Vec) float64 {
		if calls++; calls == 8000 {
			cancel()
		}
		return 1
	}}
	if _, err := dots.Place(ctx, dotstest.Plane{}, f, dots.Options{Threads: 1}); !errors.Is(err, context.Canceled) {
		t.Errorf("error %v after %d calls", err, calls)
	}
}
