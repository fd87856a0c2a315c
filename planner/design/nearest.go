package design

import (
	"math"

	"pointille/internal/headframe"
)

// nearest interpolates values given at the vertices of a mesh.
type nearest struct {
	mesh  *headframe.Mesh
	low   headframe.Vec // corner of the lookup grid, mm
	size  [3]int
	first []int32         // start of each cell's run in order
	order []int32         // vertices, cell by cell
	at    []headframe.Vec // where they are, in that order
}

// cellMM is the side of the lookup cells; reachMM how far a vertex counts, its
// weight falling as (1-d²/reach²)⁴, nearly a Gaussian of 2 mm: a mesh of 3 mm
// edges is smoothed just enough not to show.
const (
	cellMM  = 6.0
	reachMM = 6.0
)

func newNearest(m *headframe.Mesh) *nearest {
	n := &nearest{mesh: m}
	high := headframe.Vec{}
	for k := range 3 {
		n.low[k], high[k] = math.Inf(1), math.Inf(-1)
		for _, p := range m.V {
			n.low[k], high[k] = min(n.low[k], p[k]), max(high[k], p[k])
		}
		n.size[k] = int((high[k]-n.low[k])/cellMM) + 1
	}
	count := make([]int32, n.size[0]*n.size[1]*n.size[2]+1)
	for _, p := range m.V {
		count[n.index(n.cell(p))+1]++
	}
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	n.first = count
	n.order = make([]int32, len(m.V))
	at := append([]int32(nil), count...)
	for v, p := range m.V {
		i := n.index(n.cell(p))
		n.order[at[i]] = int32(v)
		at[i]++
	}
	n.at = make([]headframe.Vec, len(m.V))
	for i, v := range n.order {
		n.at[i] = m.V[v]
	}
	return n
}

func (n *nearest) cell(p headframe.Vec) (c [3]int) {
	for k := range c {
		c[k] = int(math.Floor((p[k] - n.low[k]) / cellMM))
	}
	return c
}

func (n *nearest) index(c [3]int) int { return (c[2]*n.size[1]+c[1])*n.size[0] + c[0] }

// sample is the weighted mean of values around p; 0 where the mesh does not reach.
func (n *nearest) sample(p headframe.Vec, values []float64) float64 {
	var lo, hi [3]int
	for k := range 3 {
		lo[k] = max(0, int(math.Floor((p[k]-n.low[k]-reachMM)/cellMM)))
		hi[k] = min(n.size[k]-1, int(math.Floor((p[k]-n.low[k]+reachMM)/cellMM)))
	}
	if hi[0] < lo[0] {
		return 0
	}
	sum, weight := 0.0, 0.0
	for z := lo[2]; z <= hi[2]; z++ {
		for y := lo[1]; y <= hi[1]; y++ {
			row := (z*n.size[1] + y) * n.size[0]
			from, to := n.first[row+lo[0]], n.first[row+hi[0]+1]
			near := n.order[from:to]
			for i, q := range n.at[from:to] {
				x, y, z := q[0]-p[0], q[1]-p[1], q[2]-p[2]
				if t := 1 - (x*x+y*y+z*z)*(1/(reachMM*reachMM)); t > 0 {
					w := t * t * t * t
					sum += w * values[near[i]]
					weight += w
				}
			}
		}
	}
	if weight < 1e-3 {
		return 0
	}
	return sum / weight
}
