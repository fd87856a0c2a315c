package design_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/design"
	"pointille/planner/plan"
)

// again is d.Again, which must plan what a design from the head alone plans.
func again(t rapid.TB, d *design.Design, o design.Options) *design.Design {
	t.Helper()
	out, err := d.Again(o)
	if err != nil {
		t.Fatal(err)
	}
	whole, err := design.New(d.Model(), o)
	if err != nil {
		t.Fatal(err)
	}
	for v, want := range whole.AtVertices() {
		if got := out.AtVertices()[v]; got != want {
			t.Fatalf("at vertex %d %v dots/mm² are planned again, %v at once", v, got, want)
		}
	}
	return out
}

// wishing draws wishes that change a line a little, or more than that.
func wishing(t *rapid.T, line []headframe.Vec) design.Options {
	o := design.Options{Edge: rapid.SampledFrom([]string{"hard", "medium", "soft"}).Draw(t, "edge")}
	switch rapid.SampledFrom([]string{"handle", "handle", "density", "kept", "zone"}).Draw(t, "wish") {
	case "handle":
		moved := rapid.IntRange(1, 8).Draw(t, "handle")
		by := rapid.Float64Range(-6, 6).Draw(t, "mm")
		for k := 1; k < 10; k++ {
			p := line[k*len(line)/10]
			if k == moved {
				p = p.Add(headframe.Vec{0, 0.5, -0.9}.Mul(by))
			}
			o.Points = append(o.Points, p)
		}
	case "density":
		o.PerCM2 = rapid.Float64Range(60, 140).Draw(t, "density")
	case "kept":
		o.Alternative = rapid.SampledFrom([]string{"high", "low"}).Draw(t, "alternative")
	case "zone":
		o.ZonePerCM2 = map[string]float64{headframe.VertexZone: rapid.Float64Range(60, 140).Draw(t, "vertex")}
	}
	return o
}

// TestSame wants places that are called the same to be so, whatever was wished, and
// most of the skin behind a handle that was moved to be called so.
func TestSame(t *testing.T) {
	t.Parallel()
	heads := map[string]*design.Design{}
	for name, f := range map[string]fullness{"bald": fringe(headframe.Mean()), "thin": everywhere(0.25)} {
		heads[name] = designed(t, coarse(f), design.Options{})
	}
	rapid.Check(t, func(t *rapid.T) {
		plain := heads[rapid.SampledFrom([]string{"bald", "thin"}).Draw(t, "head")]
		line := plain.Hairline.Plan().Points
		a, err := plain.Again(wishing(t, line))
		if err != nil {
			t.Fatal(err)
		}
		b, err := plain.Again(wishing(t, line))
		if err != nil {
			t.Fatal(err)
		}
		same, aside := b.Same(a), rapid.Float64Range(0, 4).Draw(t, "aside")
		for v, p := range plain.Model().Mesh.V {
			q := p.Add(plain.Model().Mesh.V[(v*7+1)%len(plain.Model().Mesh.V)].Sub(p).Unit().Mul(aside))
			for _, p := range []headframe.Vec{p, q} {
				if is, was := b.Dots(p), a.Dots(p); same(p) && math.Abs(is-was) > 1e-12 {
					t.Fatalf("at %v %v dots/mm² are planned and %v were, called the same", p, is, was)
				}
			}
		}
	})
	for _, d := range heads {
		again(t, d, design.Options{Edge: "soft"})
		again(t, d, design.Options{Look: plan.Density, ZonePerCM2: map[string]float64{headframe.Frontal: 90}})
	}
	bald := heads["bald"]
	a, b := handles(t, bald, 0), handles(t, bald, 5)
	area, alike := 0.0, 0.0
	same := b.Same(a)
	for v, p := range bald.Model().Mesh.V {
		if b.Dots(p) > 0 {
			area += bald.Model().Mesh.Area[v]
			if same(p) {
				alike += bald.Model().Mesh.Area[v]
			}
		}
	}
	if alike < area/2 {
		t.Errorf("of %.0f cm² behind a line of which one handle was moved only %.0f are known to be the same", area/100, alike/100)
	}
	if other := designed(t, coarse(fringe(headframe.Mean())), design.Options{}); other.Same(bald)(headframe.Vec{0, 120, 0}) {
		t.Error("designs for two models are called the same")
	}
}

// handles designs with handles on the line, the fifth drawn back by so many mm.
func handles(t testing.TB, d *design.Design, mm float64) *design.Design {
	t.Helper()
	line := d.Hairline.Plan().Points
	o := design.Options{PerCM2: craft.DotDensity().Value}
	for k := 1; k < 12; k++ {
		p := line[k*len(line)/12]
		if k == 5 {
			p = p.Add(headframe.Vec{0, 0.5, -0.9}.Mul(mm))
		}
		o.Points = append(o.Points, p)
	}
	return again(t, d, o)
}
