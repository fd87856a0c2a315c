package design

import (
	"math"

	"pointille/internal/headframe"
)

// nearest interpolates values given at the vertices of a mesh.
type nearest struct {
	mesh  *headframe.Mesh
	cells map[[3]int][]int32
}

// cellMM is the side of the lookup cells: about twice the mesh's edge.
const cellMM = 6.0

func newNearest(m *headframe.Mesh) *nearest {
	n := &nearest{mesh: m, cells: map[[3]int][]int32{}}
	for v, p := range m.V {
		c := cellOf(p)
		n.cells[c] = append(n.cells[c], int32(v))
	}
	return n
}

func cellOf(p headframe.Vec) [3]int {
	return [3]int{int(math.Floor(p[0] / cellMM)), int(math.Floor(p[1] / cellMM)), int(math.Floor(p[2] / cellMM))}
}

// sample is the mean of values around p, weighted by a Gaussian of 2.5 mm; 0
// where the mesh does not reach.
func (n *nearest) sample(p headframe.Vec, values []float64) float64 {
	c := cellOf(p)
	sum, weight := 0.0, 0.0
	for dx := -1; dx <= 1; dx++ {
		for dy := -1; dy <= 1; dy++ {
			for dz := -1; dz <= 1; dz++ {
				for _, v := range n.cells[[3]int{c[0] + dx, c[1] + dy, c[2] + dz}] {
					d := n.mesh.V[v].Sub(p)
					w := math.Exp(-d.Dot(d) / (2 * 2.5 * 2.5))
					sum += w * values[v]
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
