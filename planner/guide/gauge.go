package guide

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pointille/internal/paper"
	"pointille/planner/craft"
)

const (
	swatchSide = 30 // mm
	swatchRow  = 3  // side by side
	swatchStep = 5  // mm between places tried for a swatch
)

// swatch is a square piece of a tile.
type swatch struct {
	zone   int // index into the plan's zones
	tile   int
	centre paper.Point // on the tile
	dots   int
}

// densityPages show the plan's own pattern, a square for each zone, for those
// who work by eye.
func (g *guide) densityPages() []page {
	const perPage = 12
	all := g.swatches()
	var pages []page
	for from := 0; from < len(all); from += perPage {
		part := all[from:min(from+perPage, len(all))]
		pages = append(pages, g.portrait(g.text.DensityTitle, func() {
			w, _ := g.doc.Reach(false)
			width := w - 2*margin - column - between
			y := g.doc.Paragraph(margin, top+4, width, body(), g.text.GaugeHow) + 1
			for i, s := range part {
				g.swatch(s, margin+float64(i%swatchRow)*(width/swatchRow), y+float64(i/swatchRow)*(swatchSide+21), width/swatchRow-2)
			}
		}))
	}
	return pages
}

// gaugePage shows true sizes of dots, needles and spacings.
func (g *guide) gaugePage() page {
	return g.portrait(g.text.GaugeTitle, func() {
		w, _ := g.doc.Reach(false)
		width := w - 2*margin - column - between
		y := g.sizes(margin, top+4, width)
		y = g.needles(margin, y+4, width)
		g.pitches(margin, y+4, width)
	})
}

// swatches picks, for each zone, the densest square of it.
func (g *guide) swatches() []swatch {
	var out []swatch
	for n, z := range g.Plan.Zones {
		best := swatch{zone: n}
		for i, t := range g.tiles {
			at := g.pick(t, func(name string) bool { return name == z.Name })
			if s := densest(at); s.dots > best.dots {
				s.zone, s.tile = n, i
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

// densest tries squares on a grid and returns the one with most points. It
// counts the points of each mesh once and adds up meshes.
func densest(at []paper.Point) swatch {
	const reach = 4                                                             // steps from the middle that a square is tried at
	const wide, span = swatchSide / swatchStep, 2*reach + swatchSide/swatchStep // meshes: of a square, of all
	var sum [span + 1][span + 1]int                                             // points left of and below a mesh's corner
	const edge = reach*swatchStep + swatchSide/2
	for _, p := range at {
		i, j := int(math.Floor((p.X+edge)/swatchStep)), int(math.Floor((p.Y+edge)/swatchStep))
		if i >= 0 && j >= 0 && i < span && j < span {
			sum[j+1][i+1]++
		}
	}
	for j := 1; j <= span; j++ {
		for i := 1; i <= span; i++ {
			sum[j][i] += sum[j][i-1] + sum[j-1][i] - sum[j-1][i-1]
		}
	}
	best := swatch{}
	for j := 0; j+wide <= span; j++ {
		for i := 0; i+wide <= span; i++ {
			if n := sum[j+wide][i+wide] - sum[j][i+wide] - sum[j+wide][i] + sum[j][i]; n > best.dots {
				best = swatch{centre: paper.Point{X: float64(i-reach) * swatchStep, Y: float64(j-reach) * swatchStep}, dots: n}
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

func (g *guide) swatch(s swatch, x, y, width float64) {
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
	z := g.Plan.Zones[s.zone]
	words := fmt.Sprintf(g.text.GaugeSwatch, s.zone+1, known(g.text.Plan, z.Name), t.Number)
	y = g.doc.Paragraph(x, y+swatchSide+3.4, width, paper.Style{Size: 7, Bold: true}, words)
	if z.AreaCM2 > 0 {
		g.doc.Paragraph(x, y, width, small(), fmt.Sprintf(g.text.GaugeCount, float64(z.Dots)/z.AreaCM2, spacing(all)))
	}
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

// needles draws the points of usual needles and returns where they end.
func (g *guide) needles(x, y, w float64) float64 {
	g.doc.Text(x, y, paper.Style{Size: 9.5, Bold: true}, g.text.GaugeNeedles)
	y = g.doc.Paragraph(x, y+4.5, w, body(), g.text.GaugeNeedlesHow) + 2
	for _, n := range craft.Needles() {
		g.doc.Text(x, y+0.9, small(), fmt.Sprintf(g.text.GaugeNeedle, n.Code, n.Points, n.Wire.Value))
		var at []paper.Point
		for i := range 8 {
			at = append(at, tips(n, paper.Point{X: x + 42 + 4*float64(i), Y: y})...)
		}
		g.doc.Discs(at, n.Wire.Value, 0)
		y += 4
	}
	return y
}

// tips are a needle's points round c, touching each other.
func tips(n craft.Needle, c paper.Point) []paper.Point {
	if n.Points == 1 {
		return []paper.Point{c}
	}
	r := n.Wire.Value / 2 / math.Sin(math.Pi/float64(n.Points))
	var out []paper.Point
	for i := range n.Points {
		sin, cos := math.Sincos(2*math.Pi*float64(i)/float64(n.Points) - math.Pi/2)
		out = append(out, paper.Point{X: c.X + r*cos, Y: c.Y + r*sin})
	}
	return out
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
