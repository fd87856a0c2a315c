package design

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
)

// Same returns a function that reports whether two designs for one head surely
// plan the same density at a place of its skin; elsewhere they may or may not.
// It is quick, and safe for concurrent calls.
func (d *Design) Same(other *Design) func(p headframe.Vec) bool {
	if d.ground != other.ground {
		return func(headframe.Vec) bool { return false }
	}
	differs := make([]bool, len(d.vertex))
	lines := newLines(d.Hairline, other.Hairline)
	parallel.Bands(len(differs), func(from, to int) {
		for v := from; v < to; v++ {
			differs[v] = d.vertex[v] != other.vertex[v] || !lines.same(d.places[v])
		}
	})
	near := d.grid.besides(differs)
	return func(p headframe.Vec) bool { return !near.holds(p) }
}

// besides are the cells of the grid in or beside which a vertex is marked: those
// from which it is within reach.
func (n *nearest) besides(marked []bool) cells {
	out := cells{n, make([]bool, len(n.first)-1)}
	for i, v := range n.order {
		if !marked[v] {
			continue
		}
		at := n.cell(n.at[i])
		for z := max(0, at[2]-1); z <= min(n.size[2]-1, at[2]+1); z++ {
			for y := max(0, at[1]-1); y <= min(n.size[1]-1, at[1]+1); y++ {
				for x := max(0, at[0]-1); x <= min(n.size[0]-1, at[0]+1); x++ {
					out.in[n.index([3]int{x, y, z})] = true
				}
			}
		}
	}
	return out
}

// cells are some of a grid's.
type cells struct {
	grid *nearest
	in   []bool
}

// holds reports whether p lies in one of them, or off the grid, of which nothing is
// known.
func (c cells) holds(p headframe.Vec) bool {
	at := c.grid.cell(p)
	for k, i := range at {
		if i < 0 || i >= c.grid.size[k] {
			return true
		}
	}
	return c.in[c.grid.index(at)]
}

// lines compares what two hairlines do to the skin behind them.
type lines struct {
	one, none bool // the same line or none in either design; none in one of them
	at        []both
}

// both is two hairlines in the direction psiAt(i), with the stretches on either side.
type both struct {
	alike    bool
	furthest float64 // rho of the one that lies further from the face axis
	turn     float64 // how fast either changes with psi
	full     float64 // mm behind both from where dots stand as thick as they may
}

func newLines(a, b *Hairline) lines {
	switch {
	case a == nil && b == nil:
		return lines{one: true}
	case a == nil || b == nil:
		return lines{none: true}
	}
	l := lines{at: make([]both, steps)}
	for i := range l.at {
		x := both{alike: a.edge == b.edge && a.soft == b.soft, full: max(a.soft, b.soft)}
		from, to := max(0, i-1), min(steps-1, i+1)
		for j := from; j <= to; j++ {
			x.alike = x.alike && a.rho[j] == b.rho[j] && a.kept[j] == b.kept[j]
			x.furthest = max(x.furthest, a.rho[j], b.rho[j])
			if a.kept[j] > 0 || b.kept[j] > 0 {
				x.full = max(x.full, ownTo)
			}
			if j > from {
				x.turn = max(x.turn, math.Abs(a.rho[j]-a.rho[j-1])/(psiAt(1)-psiAt(0)), math.Abs(b.rho[j]-b.rho[j-1])/(psiAt(1)-psiAt(0)))
			}
		}
		l.at[i] = x
	}
	return l
}

// around is how far about a vertex a comparison holds, mm: as far as a vertex counts,
// and a little for the arcs that are taken for chords.
const around = 1.1 * reachMM

// same reports whether both lines leave the same share of the density everywhere
// around a place: they are alike in its direction, or both far before it.
func (l lines) same(at place) bool {
	if l.one || l.none {
		return l.one
	}
	from, to := at.directions()
	if from > to {
		return true
	}
	x := l.at[from]
	for _, y := range l.at[from+1 : to+1] {
		x = both{x.alike && y.alike, max(x.furthest, y.furthest), max(x.turn, y.turn), max(x.full, y.full)}
	}
	least := at.radius - around
	wide := around / least
	slope := x.turn / max(leastSin, min(math.Sin(at.rho-wide), math.Sin(at.rho+wide)))
	return x.alike || (at.rho-wide-x.furthest)*least/math.Sqrt(1+slope*slope) >= x.full
}

// directions are the first and last step of hairlines that what is around a place
// depends on; none where it lies beyond the temples.
func (at place) directions() (from, to int) {
	off := at.radius * math.Sin(at.rho) // from the face axis, mm
	if off < 2*around {
		return 0, steps - 1
	}
	wide := math.Asin(around / off)
	step := psiAt(1) - psiAt(0)
	from = int(math.Floor((at.psi - wide + psiLimit) / step))
	to = int(math.Ceil((at.psi + wide + psiLimit) / step))
	return max(from, 0), min(to, steps-1)
}
