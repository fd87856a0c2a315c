package cvx

import (
	"image"
	"math"
)

// Tone curves, sharpening and spreading ink move every border between black
// and white by the same small amount. Seen from outside, that makes the marker
// larger or smaller; but inside it the same borders run both ways, so the
// amount can be measured there against the marker's own grid and taken out.
const (
	// spreadReach is how far profiles at inner borders reach, in cells.
	spreadReach = 0.4
	// minSpreadCell is the least cell, in pixels, whose borders do not blur
	// into each other.
	minSpreadCell = 5
	// maxSpread is the most that is believed, in cells.
	maxSpread = 0.2
	// minSpreadPoints is how many profiles the measurement needs.
	minSpreadPoints = 24
)

// unspread measures how far white grows over black at the inner borders of a
// refined marker, in pixels, and returns the marker with its edges moved back.
func unspread(v view, l *[256]float64, m Marker, pattern *image.Gray) Marker {
	n := pattern.Rect.Dx()
	cell := m.side() / float64(n)
	if cell < minSpreadCell {
		return m
	}
	reach := min(maxReach, spreadReach*cell)
	var num, den float64
	points := 0
	for _, b := range innerBorders(pattern) {
		k := 1 - b.outward*b.out
		for _, along := range []float64{0.3, 0.4, 0.5, 0.6, 0.7} {
			p, q := m.at(b.blackSide(along, n)), m.at(b.whiteSide(along, n))
			dx, dy := q.X-p.X, q.Y-p.Y
			d := math.Hypot(dx, dy)
			off, _, ok := edgeAt(v, l, (p.X+q.X)/2, (p.Y+q.Y)/2, dx/d, dy/d, reach)
			if ok && math.Abs(off) < maxSpread*cell*2 {
				num, den = num-k*off, den+k*k
				points++
			}
		}
	}
	if points < minSpreadPoints || math.Abs(num/den) > maxSpread*cell {
		return m
	}
	m.Spread = num / den
	return m.grown(m.Spread)
}

// border is one between a black and a white cell of the grid.
type border struct {
	x, y    int     // the cell left of it or above it
	right   bool    // it runs down the right side of that cell, not along its foot
	white   bool    // that cell is the white one
	out     float64 // distance from the grid's middle, 0..1 of half the side
	outward float64 // +1 where white is the outer cell, -1 where it is the inner
}

func innerBorders(pattern *image.Gray) []border {
	n := pattern.Rect.Dx()
	white := func(x, y int) bool { return pattern.Pix[y*pattern.Stride+x] > 127 }
	var out []border
	for y := range n {
		for x := range n {
			if x+1 < n && white(x, y) != white(x+1, y) {
				out = append(out, newBorder(x, y, x, n, true, white(x, y)))
			}
			if y+1 < n && white(x, y) != white(x, y+1) {
				out = append(out, newBorder(x, y, y, n, false, white(x, y)))
			}
		}
	}
	return out
}

func newBorder(x, y, i, n int, right, white bool) border {
	u := 2*float64(i+1)/float64(n) - 1
	b := border{x: x, y: y, right: right, white: white, out: math.Abs(u), outward: 1}
	if white == (u > 0) {
		b.outward = -1
	}
	return b
}

// whiteSide and blackSide are points a hair off the border, at the given share
// of its length, in shares of the marker's side.
func (b border) whiteSide(along float64, n int) Point { return b.side(along, n, b.white) }
func (b border) blackSide(along float64, n int) Point { return b.side(along, n, !b.white) }

func (b border) side(along float64, n int, near bool) Point {
	const hair = 0.05
	across := 1 + hair
	if near {
		across = 1 - hair
	}
	if b.right {
		return Point{(float64(b.x) + across) / float64(n), (float64(b.y) + along) / float64(n)}
	}
	return Point{(float64(b.x) + along) / float64(n), (float64(b.y) + across) / float64(n)}
}

// at maps a place of the printed marker, in shares of its side from the top
// left corner, to pixels: the projective map of the unit square (Heckbert
// 1989), and between the arcs of the edges what lies between them.
func (m Marker) at(s Point) Point {
	a, b, c, d := m.Corners[0], m.Corners[1], m.Corners[2], m.Corners[3]
	dx1, dx2, sx := b.X-c.X, d.X-c.X, a.X-b.X+c.X-d.X
	dy1, dy2, sy := b.Y-c.Y, d.Y-c.Y, a.Y-b.Y+c.Y-d.Y
	det := dx1*dy2 - dx2*dy1
	g, h := (sx*dy2-dx2*sy)/det, (dx1*sy-sx*dy1)/det
	w := g*s.X + h*s.Y + 1
	p := Point{
		((b.X-a.X+g*b.X)*s.X + (d.X-a.X+h*d.X)*s.Y + a.X) / w,
		((b.Y-a.Y+g*b.Y)*s.X + (d.Y-a.Y+h*d.Y)*s.Y + a.Y) / w,
	}
	along, down := 4*s.X*(1-s.X), 4*s.Y*(1-s.Y)
	for i, k := range [4]float64{along * (1 - s.Y), down * s.X, along * s.Y, down * (1 - s.X)} {
		p.X, p.Y = p.X+k*m.arcs[i].X, p.Y+k*m.arcs[i].Y
	}
	return p
}

// grown returns m with its four edges moved outwards by d pixels.
func (m Marker) grown(d float64) Marker {
	var lines [4]line
	for i, a := range m.Corners {
		b := m.Corners[(i+1)%4]
		length := math.Hypot(b.X-a.X, b.Y-a.Y)
		l := line{nx: (b.Y - a.Y) / length, ny: (a.X - b.X) / length}
		l.d = l.nx*a.X + l.ny*a.Y + d
		lines[i] = l
	}
	for i := range m.Corners {
		if c, ok := cross(lines[(i+3)%4], lines[i]); ok {
			m.Corners[i] = c
		}
	}
	return m
}
