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
	first []int32 // start of each cell's run in order
	order []int32 // vertices, cell by cell
}

// cellMM is the side of the lookup cells; reachMM how far a vertex counts, and
// kernelMM the deviation of its Gaussian weight: a mesh of 3 mm edges is
// smoothed just enough not to show.
const (
	cellMM   = 6.0
	reachMM  = 6.0
	kernelMM = 2.2
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
	return n
}

func (n *nearest) cell(p headframe.Vec) (c [3]int) {
	for k := range c {
		c[k] = int(math.Floor((p[k] - n.low[k]) / cellMM))
	}
	return c
}

func (n *nearest) index(c [3]int) int { return (c[2]*n.size[1]+c[1])*n.size[0] + c[0] }

// each calls f with every vertex within reach of p and its weight.
func (n *nearest) each(p headframe.Vec, f func(v int32, weight float64)) {
	var lo, hi [3]int
	for k := range 3 {
		lo[k] = max(0, int(math.Floor((p[k]-n.low[k]-reachMM)/cellMM)))
		hi[k] = min(n.size[k]-1, int(math.Floor((p[k]-n.low[k]+reachMM)/cellMM)))
	}
	for z := lo[2]; z <= hi[2]; z++ {
		for y := lo[1]; y <= hi[1]; y++ {
			from := n.index([3]int{lo[0], y, z})
			to := n.index([3]int{hi[0], y, z})
			if hi[0] < lo[0] {
				continue
			}
			for _, v := range n.order[n.first[from]:n.first[to+1]] {
				d := n.mesh.V[v].Sub(p)
				if q := d.Dot(d); q < reachMM*reachMM {
					f(v, math.Exp(-q/(2*kernelMM*kernelMM)))
				}
			}
		}
	}
}

// sample is the weighted mean of values around p; 0 where the mesh does not reach.
func (n *nearest) sample(p headframe.Vec, values []float64) float64 {
	sum, weight := 0.0, 0.0
	n.each(p, func(v int32, w float64) {
		sum += w * values[v]
		weight += w
	})
	if weight < 1e-3 {
		return 0
	}
	return sum / weight
}
