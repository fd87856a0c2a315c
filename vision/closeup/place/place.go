// Package place turns a map of expected hair roots into points, and points
// into follicular units.
//
// Positions are those of the map given: the centre of its first cell is 0, 0.
// Functions never fail; where nothing is expected there are no points.
package place

import (
	"container/heap"
	"math"

	"pointille/internal/raster"
)

// reachMM is how far around a place its expectation is gathered: about as far
// as a person's marks of one root scatter.
const reachMM = 0.11

// Points places as many roots as the map expects in all, the surest first: a
// root takes the expectation around it away, up to one, before the next is
// placed. perMM is the number of cells per millimetre.
func Points(expected *raster.Plane, perMM float64) [][2]float64 {
	g := newGather(expected, max(1, int(math.Round(reachMM*perMM))))
	total := 0.0
	for _, v := range g.left.Pix {
		total += float64(v)
	}
	var out [][2]float64
	for want := int(math.Round(total)); len(out) < want; {
		i, ok := g.best()
		if !ok {
			break
		}
		out = append(out, g.take(i))
	}
	return out
}

// gather knows how much is left around each cell.
type gather struct {
	left  *raster.Plane
	sum   []float32
	reach int
	queue queue
}

func newGather(expected *raster.Plane, reach int) *gather {
	g := &gather{left: raster.NewPlane(expected.W, expected.H), reach: reach}
	for i, v := range expected.Pix {
		if v > 0 && !math.IsInf(float64(v), 0) {
			g.left.Pix[i] = v
		}
	}
	g.sum = make([]float32, len(g.left.Pix))
	for i := range g.sum {
		g.sum[i] = g.around(i)
		if g.sum[i] > least {
			g.queue = append(g.queue, entry{g.sum[i], i})
		}
	}
	heap.Init(&g.queue)
	return g
}

// least is the expectation around a place below which no root is put there.
const least = 0.02

// weight of a cell dx, dy away: full near the middle, falling to the rim.
func (g *gather) weight(dx, dy int) float32 {
	r2 := float64(dx*dx+dy*dy) / float64((g.reach+1)*(g.reach+1))
	return float32(max(0, 1-r2))
}

// window calls f for the cells around cell i.
func (g *gather) window(i, reach int, f func(j, dx, dy int)) {
	x, y := i%g.left.W, i/g.left.W
	for dy := max(-reach, -y); dy <= min(reach, g.left.H-1-y); dy++ {
		for dx := max(-reach, -x); dx <= min(reach, g.left.W-1-x); dx++ {
			f(i+dy*g.left.W+dx, dx, dy)
		}
	}
}

func (g *gather) around(i int) float32 {
	var s float32
	g.window(i, g.reach, func(j, dx, dy int) { s += g.left.Pix[j] * g.weight(dx, dy) })
	return s
}

// best returns the cell with the most left around it.
func (g *gather) best() (int, bool) {
	for len(g.queue) > 0 {
		top := g.queue[0]
		now := g.sum[top.cell]
		if now == top.sum {
			return top.cell, true
		}
		if now <= least {
			heap.Pop(&g.queue)
			continue
		}
		g.queue[0].sum = now
		heap.Fix(&g.queue, 0)
	}
	return 0, false
}

// take puts a root near cell i, at the middle of what is left around it, and
// takes up to one root away.
func (g *gather) take(i int) [2]float64 {
	var m, mx, my float64
	g.window(i, g.reach, func(j, dx, dy int) {
		v := float64(g.left.Pix[j] * g.weight(dx, dy))
		m, mx, my = m+v, mx+v*float64(dx), my+v*float64(dy)
	})
	keep := float32(0)
	if m > 1 {
		keep = float32(1 - 1/m)
	}
	g.window(i, g.reach, func(j, dx, dy int) { g.left.Pix[j] *= 1 - g.weight(dx, dy)*(1-keep) })
	g.window(i, 2*g.reach, func(j, _, _ int) { g.sum[j] = g.around(j) })
	return [2]float64{float64(i%g.left.W) + mx/m, float64(i/g.left.W) + my/m}
}

// entry is a cell in the queue with what was left around it when it was put
// there; the true value is never larger.
type entry struct {
	sum  float32
	cell int
}

type queue []entry

func (q queue) Len() int { return len(q) }
func (q queue) Less(i, j int) bool {
	if q[i].sum != q[j].sum {
		return q[i].sum > q[j].sum
	}
	return q[i].cell < q[j].cell
}
func (q queue) Swap(i, j int) { q[i], q[j] = q[j], q[i] }
func (q *queue) Push(x any) {
	if e, ok := x.(entry); ok {
		*q = append(*q, e)
	}
}
func (q *queue) Pop() any {
	old := *q
	e := old[len(old)-1]
	*q = old[:len(old)-1]
	return e
}
