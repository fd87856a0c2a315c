package guide_test

import (
	"math"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

// twice counts the dots within clear of the line that a second tile shows too:
// what lies along a seam.
func twice(tiles []guide.Tile, dots []plan.Dot, line []headframe.Vec, clear float64) (n int) {
	for _, t := range tiles {
		for _, k := range t.Near {
			far := math.Inf(1)
			for _, q := range line {
				far = math.Min(far, dots[k].P.Sub(q).Norm())
			}
			if far <= clear {
				n++
			}
		}
	}
	return n
}

// Steered tiles are at most one more than others, still hold every dot once within the
// allowed stretch, and have less seam in the band behind the hairline.
func TestSeamsKeepOffTheHairline(t *testing.T) {
	before, after := 0, 0
	for _, c := range []struct {
		name         string
		e            ellipsoid
		front, reach float64
	}{
		{"head, full top", head(), front, 1.25},
		{"head, front only", head(), 0.6, 0.95},
		{"head, high line", head(), 0.5, 1.1},
		{"long head", ellipsoid{headframe.Vec{0, 25, 0}, headframe.Vec{68, 110, 105}}, front, 1.25},
		{"sphere", sphere(85), front, 1.2},
	} {
		dots := c.e.scatter(6000, 1.4, c.reach, c.front, 1)
		line := c.e.hairline(c.front)
		plain, err := guide.Tiles(dots, nil, c.e)
		if err != nil {
			t.Fatal(err)
		}
		steered, err := guide.Tiles(dots, line, c.e)
		if err != nil {
			t.Fatal(err)
		}
		clear := craft.SeamClear().Value
		was, is := twice(plain, dots, line, clear), twice(steered, dots, line, clear)
		t.Logf("%s: %d tiles, were %d; %d dots near the line shown again, were %d", c.name, len(steered), len(plain), is, was)
		before, after = before+was, after+is
		if len(steered) > len(plain)+1 || is > was {
			t.Errorf("%s: steering made it worse", c.name)
		}
		own := 0
		for _, tile := range steered {
			own += len(tile.Own)
			if tile.Stretch > craft.PrintStretch().Value {
				t.Errorf("%s, tile %d: stretches %.4f", c.name, tile.Number, tile.Stretch)
			}
		}
		if own != len(dots) {
			t.Errorf("%s: %d dots on tiles, want %d", c.name, own, len(dots))
		}
	}
	if float64(after) > 0.75*float64(before) {
		t.Errorf("%d dots near the line are shown again, %d without steering: it hardly helps", after, before)
	}
}
