package guide

import (
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/paper"
)

// Writing beside a mark must keep off the mark itself, and off a line, other
// writing and dots wherever one of the eight places is free of them.
func TestWritingKeepsClear(t *testing.T) {
	size, err := paper.Named("a4")
	if err != nil {
		t.Fatal(err)
	}
	doc, err := paper.New(size, paper.Options{})
	if err != nil {
		t.Fatal(err)
	}
	black := paper.Pen{Width: 0.25}
	c := paper.Point{X: 20, Y: 30}
	for name, r := range map[string]*room{
		"line above":       {lines: []stroke{segment(0, 28.5, 40, 28.5, black)}},
		"line to the left": {lines: []stroke{segment(18, 0, 18, 60, black)}},
		"corner":           {lines: []stroke{{pts: []paper.Point{{X: 22, Y: 10}, {X: 22, Y: 28}, {X: 40, Y: 28}}, pen: black}}},
		"writing":          {taken: []box{{left: 21, up: 25, right: 26, down: 29}}},
		"dots":             {dots: []paper.Point{{X: 21.8, Y: 28}, {X: 22.5, Y: 28.4}}},
	} {
		r.doc = doc
		before := len(r.taken)
		r.put(c, registerSize, registerArm, "AB", registerStyle())
		b := r.taken[before].wider(-0.3)
		for i := range before {
			if o := r.taken[i]; b.left < o.right && o.left < b.right && b.up < o.down && o.up < b.down {
				t.Errorf("%s: writing on writing", name)
			}
		}
		for _, l := range append(r.lines, register(c)...) {
			for i := 1; i < len(l.pts); i++ {
				if b.crossed(l.pts[i-1], l.pts[i]) > 0 {
					t.Errorf("%s: writing on a line", name)
				}
			}
		}
		if b.holds(r.dots) > 0 {
			t.Errorf("%s: writing on dots", name)
		}
	}
}

// A way crosses a box where one of many points on it lies inside.
func TestCrossed(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := func(name string) float64 { return float64(rapid.IntRange(-20, 20).Draw(t, name)) / 4 }
		b := box{left: -2.1, up: -1.1, right: 2.1, down: 1.1} // no drawn point lies on its rim
		p, q := paper.Point{X: v("px"), Y: v("py")}, paper.Point{X: v("qx"), Y: v("qy")}
		const parts = 4000
		var on []paper.Point
		for i := range parts + 1 {
			f := float64(i) / parts
			on = append(on, paper.Point{X: p.X + f*(q.X-p.X), Y: p.Y + f*(q.Y-p.Y)})
		}
		sure := box{left: -2.11, up: -1.11, right: 2.11, down: 1.11}
		if b.holds(on) > 0 && b.crossed(p, q) == 0 {
			t.Fatalf("%v to %v leads through, crossed says no", p, q)
		}
		if sure.holds(on) == 0 && b.crossed(p, q) == 1 {
			t.Fatalf("%v to %v stays outside, crossed says it does not", p, q)
		}
	})
}
