package guide

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pointille/internal/paper"
	"pointille/planner/plan"
)

const (
	swatchSide  = 30.0 // mm
	swatchCount = 4    // zones shown at most
	swatchStep  = 5.0  // mm between places tried for a swatch
)

// swatch is a square piece of a tile.
type swatch struct {
	zone   string
	tile   int
	centre paper.Point // on the tile
	dots   int
}

// gaugePage shows the plan's own pattern and true dot sizes.
func (g *guide) gaugePage() page {
	return g.portrait(g.text.GaugeTitle, func() {
		w, _ := g.doc.Reach(false)
		width := w - 2*margin - column - between
		y := g.doc.Paragraph(margin, top+4, width, body(), g.text.GaugeHow) + 1
		for i, s := range g.swatches() {
			g.swatch(s, margin+float64(i%2)*(width/2), y+float64(i/2)*(swatchSide+14))
		}
		y = g.sizes(margin, y+2*(swatchSide+14)+4, width)
		g.pitches(margin, y+4, width)
	})
}

// swatches picks, for each of the largest zones, the densest square of it.
func (g *guide) swatches() []swatch {
	zones := slices.Clone(g.Plan.Zones)
	slices.SortStableFunc(zones, func(a, b plan.Zone) int { return b.Dots - a.Dots })
	var out []swatch
	for _, z := range zones[:min(len(zones), swatchCount)] {
		best := swatch{zone: z.Name}
		for i, t := range g.tiles {
			at := g.pick(t, func(name string) bool { return name == z.Name })
			if s := densest(at); s.dots > best.dots {
				s.zone, s.tile = z.Name, i
				best = s
			}
		}
		if best.dots > 0 {
			out = append(out, best)
		}
	}
	return out
}

// pick returns where a tile's own dots of some zones lie on it.
func (g *guide) pick(t Tile, wanted func(zone string) bool) []paper.Point {
	var at []paper.Point
	for i, k := range t.Own {
		if wanted(g.Dots[k].Zone) {
			at = append(at, t.ownAt[i])
		}
	}
	return at
}

// densest tries squares on a grid and returns the one with most points.
func densest(at []paper.Point) swatch {
	best := swatch{}
	const far = 20.0
	for y := -far; y <= far; y += swatchStep {
		for x := -far; x <= far; x += swatchStep {
			n := 0
			for _, p := range at {
				if math.Abs(p.X-x) < swatchSide/2 && math.Abs(p.Y-y) < swatchSide/2 {
					n++
				}
			}
			if n > best.dots {
				best = swatch{centre: paper.Point{X: x, Y: y}, dots: n}
			}
		}
	}
	return best
}

// within returns the points inside the swatch round c, relative to it.
func within(at []paper.Point, c paper.Point) []paper.Point {
	var out []paper.Point
	for _, p := range at {
		if x, y := p.X-c.X, p.Y-c.Y; math.Abs(x) < swatchSide/2 && math.Abs(y) < swatchSide/2 {
			out = append(out, paper.Point{X: x, Y: y})
		}
	}
	return out
}

func (g *guide) swatch(s swatch, x, y float64) {
	t := g.tiles[s.tile]
	by := map[int][]paper.Point{}
	var all []paper.Point
	for i, k := range t.Own {
		for _, q := range within(t.ownAt[i:i+1], s.centre) {
			size := hundredths(g.Dots[k].Diameter)
			at := paper.Point{X: x + swatchSide/2 + g.flip()*q.X, Y: y + swatchSide/2 - q.Y}
			by[size] = append(by[size], at)
			all = append(all, at)
		}
	}
	g.doc.Rect(x, y, swatchSide, swatchSide, paper.Pen{Width: 0.15})
	g.putLayer(layer{dots: by}, paper.Point{})
	g.doc.Text(x, y+swatchSide+3.4, paper.Style{Size: 7, Bold: true}, fmt.Sprintf(g.text.GaugeSwatch, s.zone, t.Number))
	g.doc.Paragraph(x, y+swatchSide+6.4, 62, small(), fmt.Sprintf(g.text.GaugeCount, len(all), spacing(all)))
}

// spacing is the mean distance to the nearest other point, 0 for a single one.
func spacing(at []paper.Point) float64 {
	if len(at) < 2 {
		return 0
	}
	by := slices.Clone(at)
	slices.SortFunc(by, func(p, q paper.Point) int { return cmp.Or(cmp.Compare(p.X, q.X), cmp.Compare(p.Y, q.Y)) })
	sum := 0.0
	for i, p := range by {
		best := math.Inf(1)
		for j := i + 1; j < len(by) && by[j].X-p.X < best; j++ {
			best = math.Min(best, math.Hypot(by[j].X-p.X, by[j].Y-p.Y))
		}
		for j := i - 1; j >= 0 && p.X-by[j].X < best; j-- {
			best = math.Min(best, math.Hypot(by[j].X-p.X, by[j].Y-p.Y))
		}
		sum += best
	}
	return sum / float64(len(by))
}

// sizes draws rows of dots of known diameters and returns where they end.
func (g *guide) sizes(x, y, w float64) float64 {
	g.doc.Text(x, y, paper.Style{Size: 9.5, Bold: true}, g.text.GaugeDots)
	y = g.doc.Paragraph(x, y+4.5, w, body(), g.text.GaugeDotsHow) + 2
	row := func(diameter float64, note string) {
		var at []paper.Point
		for i := range 15 {
			at = append(at, paper.Point{X: x + 18 + 2*float64(i), Y: y})
		}
		g.doc.Text(x, y+0.9, small(), fmt.Sprintf("%.2f mm", diameter))
		g.doc.Discs(at, diameter, 0)
		g.doc.Text(x+52, y+0.9, small(), note)
		y += 4
	}
	for _, d := range []float64{0.10, 0.12, 0.15, 0.20, 0.25, 0.30, 0.35, 0.40} {
		row(d, "")
	}
	if d := g.Plan.Dots.HealedMM; d > 0 {
		row(d, g.text.GaugeHealed)
	}
	if d := g.Plan.Dots.FreshMM; d > 0 {
		row(d, g.text.GaugeFresh)
	}
	return y
}

// pitches draws combs of known spacing.
func (g *guide) pitches(x, y, w float64) {
	g.doc.Text(x, y, paper.Style{Size: 9.5, Bold: true}, g.text.GaugePitch)
	y = g.doc.Paragraph(x, y+4.5, w, body(), g.text.GaugePitchHow) + 2
	for _, pitch := range []float64{0.6, 0.7, 0.8, 0.9, 1.0, 1.2, 1.5} {
		for k := range int(40/pitch) + 1 {
			px := x + 42 + pitch*float64(k)
			g.doc.Line(paper.Point{X: px, Y: y - 1.5}, paper.Point{X: px, Y: y + 1.5}, paper.Pen{Width: 0.1})
		}
		perCM2 := 200 / (math.Sqrt(3) * pitch * pitch) // triangular net
		g.doc.Text(x, y+0.9, small(), fmt.Sprintf(g.text.GaugePitchRow, pitch, perCM2))
		y += 5
	}
}
