package dots

import (
	"math"

	"pointille/internal/headframe"
)

// grid sorts points into cubic cells to find neighbours. Cells along x are
// consecutive, so that a row of them is one stretch of order.
type grid struct {
	lo    headframe.Vec
	inv   float64 // 1 / cell, 1/mm
	n     [3]int
	start []int32
	order []int32
	pos   []headframe.Vec // in the order of order
}

// maxCells bounds the memory of a grid; cells grow where it is met.
const maxCells = 1 << 22

// newGrid sorts the points ids (positions at) into cells of about the given
// size, mm.
func newGrid(cell float64, ids []int32, at func(int32) headframe.Vec) *grid {
	g := &grid{}
	if len(ids) == 0 {
		g.n, g.inv, g.start = [3]int{1, 1, 1}, 1, make([]int32, 2)
		return g
	}
	g.shape(cell, ids, at)
	where := make([]int32, len(ids))
	g.start = make([]int32, g.n[0]*g.n[1]*g.n[2]+1)
	for k, i := range ids {
		c := g.cell(at(i))
		where[k] = c
		g.start[c+1]++
	}
	for c := 1; c < len(g.start); c++ {
		g.start[c] += g.start[c-1]
	}
	g.order, g.pos = make([]int32, len(ids)), make([]headframe.Vec, len(ids))
	for k, i := range ids {
		c := where[k]
		g.order[g.start[c]], g.pos[g.start[c]] = i, at(i)
		g.start[c]++
	}
	copy(g.start[1:], g.start[:len(g.start)-1])
	g.start[0] = 0
	return g
}

func (g *grid) shape(cell float64, ids []int32, at func(int32) headframe.Vec) {
	lo, hi := at(ids[0]), at(ids[0])
	for _, i := range ids[1:] {
		p := at(i)
		for k := range 3 {
			lo[k], hi[k] = min(lo[k], p[k]), max(hi[k], p[k])
		}
	}
	g.lo = lo
	for {
		total := 1.0
		for k := range 3 {
			n := math.Floor((hi[k]-lo[k])/cell) + 1
			g.n[k] = int(min(n, maxCells))
			total *= n
		}
		if total <= maxCells {
			g.inv = 1 / cell
			return
		}
		cell *= 1.3
	}
}

func (g *grid) cell(p headframe.Vec) int32 {
	var c [3]int
	for k := range 3 {
		c[k] = min(max(int((p[k]-g.lo[k])*g.inv), 0), g.n[k]-1)
	}
	return int32((c[2]*g.n[1]+c[1])*g.n[0] + c[0])
}

// near calls f with each point within r of p and the squared distance.
func (g *grid) near(p headframe.Vec, r float64, f func(i int32, d2 float64)) {
	a, b, ok := g.around(p, r)
	if !ok {
		return
	}
	r2 := r * r
	for z := a[2]; z <= b[2]; z++ {
		for y := a[1]; y <= b[1]; y++ {
			row := (z*g.n[1] + y) * g.n[0]
			for j := g.start[row+a[0]]; j < g.start[row+b[0]+1]; j++ {
				if d2 := apart2(&g.pos[j], &p); d2 <= r2 {
					f(g.order[j], d2)
				}
			}
		}
	}
}

// covered reports whether a point lies within r of p.
func covered(g *grid, p headframe.Vec, r float64) bool {
	a, b, ok := g.around(p, r)
	if !ok {
		return false
	}
	r2 := r * r
	for z := a[2]; z <= b[2]; z++ {
		for y := a[1]; y <= b[1]; y++ {
			row := (z*g.n[1] + y) * g.n[0]
			for j := g.start[row+a[0]]; j < g.start[row+b[0]+1]; j++ {
				if apart2(&g.pos[j], &p) <= r2 {
					return true
				}
			}
		}
	}
	return false
}

// around returns the cells that may hold points within r of p, both included.
func (g *grid) around(p headframe.Vec, r float64) (a, b [3]int, ok bool) {
	for k := range 3 {
		a[k] = max(int(math.Floor((p[k]-r-g.lo[k])*g.inv)), 0)
		b[k] = min(int(math.Floor((p[k]+r-g.lo[k])*g.inv)), g.n[k]-1)
		if a[k] > b[k] {
			return a, b, false
		}
	}
	return a, b, true
}

func apart2(q, p *headframe.Vec) float64 {
	dx, dy, dz := q[0]-p[0], q[1]-p[1], q[2]-p[2]
	return dx*dx + dy*dy + dz*dz
}
