package dots_test

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"sync/atomic"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
	"pointille/planner/dots/metric"
)

// shore is skin planned behind a line across it that bulges at one place by
// bulge mm, as a hairline does of which one handle was moved.
func shore(density, bulge float64) dots.Field {
	return patch(func(p headframe.Vec) float64 {
		x := (p[0] - 45) / 10
		if p[2] > 70.1+bulge*math.Exp(-x*x) {
			return 0
		}
		return density
	})
}

func redo(t testing.TB, skin dots.Skin, was, f dots.Field, p dots.Pattern, o dots.Options) dots.Pattern {
	t.Helper()
	got, err := dots.Redo(context.Background(), skin, was, f, p, o)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// Of a hairline that moved at one place only the dots there are new; the
// number is right, the rules hold, and the new part looks like the old.
func TestRedo(t *testing.T) {
	for _, bulge := range []float64{-6, 5} {
		for _, regularity := range []float64{0, 1} {
			was, f := shore(1.2, 0), shore(1.2, bulge)
			o := dots.Options{Seed: 3, Regularity: regularity}
			before := place(t, dotstest.Plane{}, was, o)
			kept := slices.Clone(before.Dots)
			got := redo(t, dotstest.Plane{}, was, f, before, o)
			if !slices.Equal(before.Dots, kept) {
				t.Fatal("the pattern given was changed")
			}
			checkRules(t, got.Dots, f, o)
			if len(got.Dots)+got.Dropped != got.Wanted || got.Dropped > 3 {
				t.Errorf("%d dots and %d dropped of %d", len(got.Dots), got.Dropped, got.Wanted)
			}
			if want := place(t, dotstest.Plane{}, f, o).Wanted; math.Abs(float64(got.Wanted-want)) > 2 {
				t.Errorf("bulge %v: %d dots, placed at once %d", bulge, got.Wanted, want)
			}
			stayed := checkStayed(t, before.Dots, got.Dots, func(p headframe.Vec) bool {
				return p[2] < 55 || math.Abs(p[0]-45) > 32
			})
			if stayed < len(before.Dots)*7/10 {
				t.Errorf("only %d of %d dots stayed", stayed, len(before.Dots))
			}
			st := metric.Measure(points(got.Dots[stayed-200:]))
			t.Logf("bulge %v regularity %v: %d of %d stayed, new R %.3f CV %.3f", bulge, regularity, stayed, len(got.Dots), st.R, st.CV)
			if lo, hi := 1.22+0.28*regularity, 1.45+0.3*regularity; st.R < lo || st.R > hi {
				t.Errorf("new dots have R %.3f, want %.2f to %.2f", st.R, lo, hi)
			}
		}
	}
}

// checkStayed wants all dots that must stay to be there as they were, and
// returns how many dots at the front of got are old ones.
func checkStayed(t rapid.TB, old, got []dots.Dot, must func(headframe.Vec) bool) int {
	t.Helper()
	have := map[dots.Dot]bool{}
	for _, d := range old {
		have[d] = true
	}
	there := map[dots.Dot]bool{}
	stayed := 0
	for i, d := range got {
		there[d] = true
		if have[d] && i == stayed {
			stayed++
		}
	}
	for _, d := range old {
		if must(d.P) && !there[d] {
			t.Fatalf("dot %v, far from the change, is gone", d)
		}
	}
	return stayed
}

// The seam between old and new dots is no line: bands along the changed zone
// hold what they should.
func TestRedoSeam(t *testing.T) {
	const seeds, bands, band = 6, 8, 1.5
	was, f := shore(1, 0), shore(1, 6)
	var found [bands]float64
	for seed := range uint64(seeds) {
		o := dots.Options{Seed: seed}
		for _, d := range redo(t, dotstest.Plane{}, was, f, place(t, dotstest.Plane{}, was, o), o).Dots {
			if k := int((d.P[2] - 60) / band); math.Abs(d.P[0]-45) < 12 && d.P[2] > 60 && k < bands {
				found[k]++
			}
		}
	}
	for k := range found {
		found[k] /= seeds * band * 24
		if z := 60 + band*(float64(k)+0.5); z < 69 && math.Abs(found[k]-1) > 0.15 {
			t.Errorf("at %.1f mm there are %.3f of the dots wanted", z, found[k])
		}
	}
	t.Logf("%.3f", found)
}

// Nothing changed, or all of it; a follicle more; nothing left.
func TestRedoEnds(t *testing.T) {
	was := shore(1, 0)
	before := place(t, dotstest.Plane{}, was, dots.Options{})
	if got := redo(t, dotstest.Plane{}, was, was, before, dots.Options{}); !slices.Equal(got.Dots, before.Dots) || got.Wanted != before.Wanted {
		t.Error("the same field gives other dots")
	}
	slight := shore(1.01, 0)
	if got := redo(t, dotstest.Plane{}, was, slight, before, dots.Options{}); !slices.Equal(got.Dots, before.Dots) {
		t.Error("1 % more moves dots")
	}
	for name, f := range map[string]dots.Field{"half as many": shore(0.5, 0), "twice as many": shore(2, 0)} {
		got, want := redo(t, dotstest.Plane{}, was, f, before, dots.Options{}), place(t, dotstest.Plane{}, f, dots.Options{})
		checkRules(t, got.Dots, f, dots.Options{})
		if math.Abs(float64(len(got.Dots)-len(want.Dots))) > 3 {
			t.Errorf("%s: %d dots, placed at once %d", name, len(got.Dots), len(want.Dots))
		}
	}
	if got := redo(t, dotstest.Plane{}, was, patch(even(0)), before, dots.Options{}); len(got.Dots) != 0 || got.Wanted != 0 {
		t.Errorf("%d dots of %d where nothing is wanted", len(got.Dots), got.Wanted)
	}
	nothing := dots.Pattern{}
	if got := redo(t, dotstest.Plane{}, patch(even(0)), was, nothing, dots.Options{}); math.Abs(float64(len(got.Dots)-len(before.Dots))) > 3 {
		t.Errorf("from nothing %d dots, placed at once %d", len(got.Dots), len(before.Dots))
	}
	hairy := was
	hairy.Fixed = []headframe.Vec{before.Dots[len(before.Dots)/2].P}
	got := redo(t, dotstest.Plane{}, was, hairy, before, dots.Options{})
	checkRules(t, got.Dots, hairy, dots.Options{})
	if len(got.Dots) != len(before.Dots) {
		t.Errorf("a follicle more: %d dots, before %d", len(got.Dots), len(before.Dots))
	}
}

// TestRedoRules draws fields and changes at random; chunks that threads take
// turns at give the same dots.
func TestRedoRules(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		side := rapid.Float64Range(5, 14).Draw(rt, "side")
		least := rapid.Float64Range(0.05, 0.6).Draw(rt, "density")
		o := dots.Options{
			Seed:       rapid.Uint64().Draw(rt, "seed"),
			Regularity: rapid.Float64Range(0, 1).Draw(rt, "regularity"),
			MinMM:      rapid.Float64Range(0, 0.5).Draw(rt, "least distance"),
			Threads:    1,
		}
		field := func(name string) dots.Field {
			x, z := rapid.Float64Range(0, side).Draw(rt, name+" x"), rapid.Float64Range(0, side).Draw(rt, name+" z")
			r, more := rapid.Float64Range(0, 10).Draw(rt, name+" r"), rapid.Float64Range(0, 2).Draw(rt, name+" more")
			return dots.Field{Mesh: dotstest.Plane{}.Square(side, 3), Density: func(p headframe.Vec) float64 {
				if min(p[0], p[2]) < 0 || max(p[0], p[2]) > side {
					return 0
				}
				d := ramp(least, side)(p)
				if math.Hypot(p[0]-x, p[2]-z) < r {
					d *= more
				}
				return d
			}}
		}
		was, f := field("before"), field("after")
		was.Fixed = scatter(rapid.IntRange(0, 40).Draw(rt, "hairs"), side, o.Seed)
		f.Fixed = was.Fixed[:len(was.Fixed)*3/4]
		before, err := dots.Place(context.Background(), dotstest.Plane{}, was, o)
		if err != nil {
			rt.Fatal(err)
		}
		got, err := dots.Redo(context.Background(), dotstest.Plane{}, was, f, before, o)
		if err != nil {
			rt.Fatal(err)
		}
		checkRules(rt, got.Dots, f, o)
		checkStayed(rt, before.Dots, got.Dots, func(headframe.Vec) bool { return false })
		o.Threads = 8
		again, err := dots.Redo(context.Background(), dotstest.Plane{}, was, f, before, o)
		if err != nil || !slices.Equal(again.Dots, got.Dots) {
			rt.Fatalf("eight threads give other dots than one: %v", err)
		}
	})
}

func TestRedoThreads(t *testing.T) {
	skin, was := headField(t, 12_000, true)
	f := was
	f.Density = func(p headframe.Vec) float64 {
		if p[2] > 60 {
			return 0
		}
		return was.Density(p)
	}
	before := place(t, skin, was, dots.Options{Seed: 2})
	var first []dots.Dot
	for _, threads := range []int{1, 2, 8} {
		got := redo(t, skin, was, f, before, dots.Options{Seed: 2, Threads: threads})
		if first == nil {
			first = got.Dots
		}
		if !slices.Equal(got.Dots, first) {
			t.Errorf("%d threads give other dots than one", threads)
		}
	}
}

func TestRedoRefuses(t *testing.T) {
	was := shore(1, 0)
	before := place(t, dotstest.Plane{}, was, dots.Options{})
	bad := before
	bad.Dots = append(slices.Clone(before.Dots), dots.Dot{Session: 4, Spacing: 1})
	other := shore(1, 0)
	other.Mesh = dotstest.Plane{}.Square(50, 3)
	for _, tt := range []struct {
		name   string
		was, f dots.Field
		p      dots.Pattern
		o      dots.Options
		want   string
	}{
		{"another mesh", was, other, before, dots.Options{}, "different meshes"},
		{"no density before", dots.Field{Mesh: was.Mesh}, was, before, dots.Options{}, "the field before: field has no density"},
		{"NaN before", dots.Field{Mesh: was.Mesh, Density: even(math.NaN())}, was, before, dots.Options{}, "the field before: density is NaN"},
		{"NaN now", was, dots.Field{Mesh: was.Mesh, Density: even(math.NaN())}, before, dots.Options{}, "density is NaN"},
		{"session", was, was, bad, dots.Options{}, "session 4 of 3"},
		{"too many", was, shore(9, 0), before, dots.Options{MaxDots: 10_000}, "too many dots"},
		{"shares", was, was, before, dots.Options{Shares: []float64{-1}}, "share -1"},
	} {
		_, err := dots.Redo(context.Background(), dotstest.Plane{}, tt.was, tt.f, tt.p, tt.o)
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}

// BenchmarkRedo moves a hairline by 4 mm at one place, on a head of 40,000
// dots.
func BenchmarkRedo(b *testing.B) {
	skin, whole := headField(b, 44_000, false)
	line := func(bulge float64) dots.Field {
		f := whole
		f.Density = func(p headframe.Vec) float64 {
			x := (p[0] - 20) / 12
			if p[2] > 70+bulge*math.Exp(-x*x) {
				return 0
			}
			return whole.Density(p)
		}
		return f
	}
	was, f := line(0), line(4)
	before := place(b, skin, was, dots.Options{})
	for _, threads := range []int{1, 2} {
		b.Run(fmt.Sprintf("threads=%d", threads), func(b *testing.B) {
			for b.Loop() {
				got := redo(b, skin, was, f, before, dots.Options{Threads: threads})
				b.ReportMetric(float64(len(got.Dots)), "dots")
			}
		})
	}
}

// TestRedoSame: what is known not to have changed need not be asked, and changes nothing.
func TestRedoSame(t *testing.T) {
	t.Parallel()
	was, f := shore(1.2, 0), shore(1.2, 5)
	o := dots.Options{Seed: 3}
	before := place(t, dotstest.Plane{}, was, o)
	want := redo(t, dotstest.Plane{}, was, f, before, o)
	asked := func(f *dots.Field) func() int64 {
		var n atomic.Int64
		ask := f.Density
		f.Density = func(p headframe.Vec) float64 { n.Add(1); return ask(p) }
		return n.Load
	}
	whole := asked(&was)
	redo(t, dotstest.Plane{}, was, f, before, o)
	all := whole()
	f.Same = func(p headframe.Vec) bool { return p[2] < 68 || math.Abs(p[0]-45) > 60 }
	f.Vertices = make([]float64, len(f.Mesh.V))
	for v, p := range f.Mesh.V {
		f.Vertices[v] = f.Density(p)
	}
	if got := redo(t, dotstest.Plane{}, was, f, before, o); !slices.Equal(got.Dots, want.Dots) {
		t.Error("there are other dots")
	}
	if less := whole() - all; less > all*3/4 {
		t.Errorf("the field before was asked %d times, %d where nothing was known", less, all)
	}
	f.Vertices = f.Vertices[1:]
	if _, err := dots.Redo(t.Context(), dotstest.Plane{}, was, f, before, o); err == nil {
		t.Error("a field with a vertex too few was taken")
	}
}
