// Package pattern says how follicular units are spaced in one close-up: pair
// correlation, Clark-Evans ratio and the variation of nearest distances.
//
// Points lie in a rectangle; their unit of length is the caller's (a close-up
// gives millimetres). Lengths "in spacings" are in units of s = 1/sqrt(points
// per area) of the same rectangle. Functions never fail: where there are too
// few points to say anything, they report false.
package pattern

import "math"

// BinWidth is the width of a bin of Stats.G, spacings.
const BinWidth = 0.1

// Bins of Stats.G: up to 1.8 spacings, as far as fields of a few square
// millimetres tell anything.
const bins = 18

// guard keeps points from the rim, spacings: nearly every nearest neighbour is
// nearer than that, so none is missed for lying outside. The nearest distance
// of unrelated points exceeds it once in ten thousand times.
const guard = 1.7

// Fewer points than these say nothing: with 25 the Clark-Evans ratio is known
// to about 0.1.
const (
	leastPoints  = 40
	leastCentres = 25
)

// Rect is where points were looked for.
type Rect struct{ X0, Y0, X1, Y1 float64 }

func (r Rect) area() float64 { return (r.X1 - r.X0) * (r.Y1 - r.Y0) }

// rim is the distance of p from the border, negative outside.
func (r Rect) rim(p [2]float64) float64 {
	return min(p[0]-r.X0, r.X1-p[0], p[1]-r.Y0, r.Y1-p[1])
}

// Stats describes a pattern.
type Stats struct {
	Points  int       // points inside the rectangle
	Spacing float64   // s
	G       []float64 // pair correlation in bins of BinWidth from 0, translation corrected; 1: unrelated
	R       float64   // Clark-Evans ratio: 1 unrelated, 2.15 hexagonal
	CV      float64   // standard deviation over mean of the nearest distance: 0.52 unrelated, 0 a lattice
	Centres int       // points that R and CV are taken over
}

// Of returns the statistics of the points inside r; false where there are too
// few.
func Of(points [][2]float64, r Rect) (Stats, bool) {
	in := inside(points, r)
	if len(in) < leastPoints || !(r.area() > 0) {
		return Stats{}, false
	}
	st := Stats{Points: len(in), Spacing: math.Sqrt(r.area() / float64(len(in)))}
	st.G = correlation(in, r, st.Spacing)
	var ok bool
	st.R, st.CV, st.Centres, ok = regularity(in, r, st.Spacing)
	return st, ok
}

func inside(points [][2]float64, r Rect) [][2]float64 {
	var in [][2]float64
	for _, p := range points {
		if r.rim(p) >= 0 {
			in = append(in, p)
		}
	}
	return in
}

// correlation counts pairs by distance. A pair (dx, dy) apart is seen only
// where both ends fall inside, so it is weighted by the share of the rectangle
// that it leaves out.
func correlation(p [][2]float64, r Rect, s float64) []float64 {
	g := make([]float64, bins)
	g2 := newGrid(p, r, bins*BinWidth*s)
	for i := range p {
		g2.near(i, func(j int) {
			dx, dy := math.Abs(p[i][0]-p[j][0]), math.Abs(p[i][1]-p[j][1])
			k := int(math.Hypot(dx, dy) / (BinWidth * s))
			if k < bins && dx < r.X1-r.X0 && dy < r.Y1-r.Y0 {
				g[k] += 1 / ((r.X1 - r.X0 - dx) * (r.Y1 - r.Y0 - dy))
			}
		})
	}
	per := float64(len(p)) * float64(len(p)-1) / (r.area() * r.area())
	for k := range g {
		lo, hi := float64(k)*BinWidth*s, float64(k+1)*BinWidth*s
		g[k] /= per * math.Pi * (hi*hi - lo*lo)
	}
	return g
}

func regularity(p [][2]float64, r Rect, s float64) (ratio, cv float64, centres int, ok bool) {
	var sum, squares float64
	g := newGrid(p, r, guard*s)
	for i, c := range p {
		if r.rim(c) < guard*s {
			continue
		}
		d := guard * s // as far as is surely seen; hardly any is farther
		g.near(i, func(j int) { d = min(d, math.Hypot(c[0]-p[j][0], c[1]-p[j][1])) })
		sum, squares, centres = sum+d, squares+d*d, centres+1
	}
	if centres < leastCentres || sum == 0 {
		return 0, 0, centres, false
	}
	mean := sum / float64(centres)
	dev := math.Sqrt(max(0, squares/float64(centres)-mean*mean))
	return 2 * mean / s, dev / mean, centres, true
}

// grid finds neighbours by square cells.
type grid struct {
	points [][2]float64
	r      Rect
	size   float64
	w, h   int
	cells  [][]int
}

func newGrid(p [][2]float64, r Rect, reach float64) *grid {
	g := &grid{points: p, r: r, size: reach}
	g.w, g.h = int((r.X1-r.X0)/reach)+1, int((r.Y1-r.Y0)/reach)+1
	g.cells = make([][]int, g.w*g.h)
	for i, q := range p {
		x, y := g.cell(q)
		g.cells[y*g.w+x] = append(g.cells[y*g.w+x], i)
	}
	return g
}

func (g *grid) cell(p [2]float64) (x, y int) {
	return int((p[0] - g.r.X0) / g.size), int((p[1] - g.r.Y0) / g.size)
}

// near calls f for all others within reach of point i, and some beyond.
func (g *grid) near(i int, f func(j int)) {
	cx, cy := g.cell(g.points[i])
	for y := max(cy-1, 0); y <= min(cy+1, g.h-1); y++ {
		for x := max(cx-1, 0); x <= min(cx+1, g.w-1); x++ {
			for _, j := range g.cells[y*g.w+x] {
				if j != i {
					f(j)
				}
			}
		}
	}
}
