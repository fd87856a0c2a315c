// Package metric measures point patterns. It sees points only, knows nothing
// of how they were made, and serves to compare any two makers.
//
// Points lie on skin, in millimetres. Lengths "in spacings" are in units of
// s = 1/sqrt(density) where they are measured.
package metric

import (
	"math"
	"slices"

	"pointille/internal/headframe"
)

// BinWidth is the width of a bin of Stats.G, spacings.
const BinWidth = 0.1

// Stats describes a pattern on curved skin of any density. Every dot is seen
// against the density of its own 40 nearest; dots near the rim of the set are
// no centres.
type Stats struct {
	Centres int       // dots the figures are taken over; with 0 the others are 0
	G       []float64 // pair correlation in bins of BinWidth up to 1.8 spacings; 1: unrelated
	R       float64   // Clark-Evans ratio: 1 unrelated, 2.15 hexagonal
	CV      float64   // standard deviation over mean of the nearest distance
	Psi6    float64   // mean bond order over 6 neighbours: 1 hexagonal, 0.37 unrelated
	MinMM   float64   // smallest distance of all, mm
	Blotch  float64   // variance over mean of the number of dots within 3 spacings
}

const (
	neighbours = 40
	reach      = 1.8  // of G, spacings
	rimShift   = 0.17 // mean of a centre's neighbours further off, over the distance of the last: rim
)

// Measure returns the statistics of a pattern; of fewer than 200 points only MinMM.
func Measure(points []headframe.Vec) Stats {
	st := Stats{MinMM: math.Inf(1), G: make([]float64, int(math.Round(reach/BinWidth)))}
	if len(points) < 2 {
		return Stats{}
	}
	idx := newIndex(points)
	if len(points) < 200 {
		for i := range points {
			st.MinMM = min(st.MinMM, idx.nearest(i, 1)[0].d)
		}
		return Stats{MinMM: st.MinMM}
	}
	var nn []float64
	var counts []float64
	for i, p := range points {
		near := idx.nearest(i, neighbours)
		st.MinMM = min(st.MinMM, near[0].d)
		far := near[neighbours-1].d
		if far == 0 || shift(points, p, near)/far > rimShift {
			continue
		}
		inv := math.Sqrt((neighbours - 1) / (math.Pi * far * far))
		nn = append(nn, near[0].d*inv)
		st.Psi6 += bondOrder(points, p, near)
		inside := 1.0
		for _, n := range near {
			if k := int(n.d * inv / BinWidth); k < len(st.G) {
				st.G[k]++
			}
			if n.d*inv <= 3 {
				inside++
			}
		}
		counts = append(counts, inside)
	}
	if len(nn) == 0 {
		return st
	}
	st.Centres = len(nn)
	st.Psi6 /= float64(len(nn))
	for k := range st.G {
		lo, hi := float64(k)*BinWidth, float64(k+1)*BinWidth
		st.G[k] /= float64(len(nn)) * math.Pi * (hi*hi - lo*lo)
	}
	mean, dev := moments(nn)
	st.R, st.CV = 2*mean, dev/mean
	m, d := moments(counts)
	st.Blotch = d * d / m
	return st
}

func shift(points []headframe.Vec, p headframe.Vec, near []neighbour) float64 {
	var sum headframe.Vec
	for _, n := range near {
		sum = sum.Add(points[n.i].Sub(p))
	}
	return sum.Norm() / float64(len(near))
}

func moments(x []float64) (mean, dev float64) {
	for _, v := range x {
		mean += v / float64(len(x))
	}
	for _, v := range x {
		dev += (v - mean) * (v - mean) / float64(len(x))
	}
	return mean, math.Sqrt(dev)
}

// Gap returns the largest difference of a pair correlation from a wanted one,
// given as distances (spacings) and values, and where it is.
func (s Stats) Gap(r, g []float64) (gap, at float64) {
	for k, x := range r {
		bin := int(x / BinWidth)
		if bin >= len(s.G) {
			continue
		}
		if d := math.Abs(s.G[bin] - g[k]); d > gap {
			gap, at = d, x
		}
	}
	return gap, at
}

// DensityError returns the root mean square of found/wanted - 1 over cells,
// each weighted by what is wanted there.
func DensityError(found, wanted []float64) float64 {
	sum, weight := 0.0, 0.0
	for k, w := range wanted {
		if w > 0 {
			d := found[k]/w - 1
			sum += w * d * d
			weight += w
		}
	}
	if weight == 0 {
		return 0
	}
	return math.Sqrt(sum / weight)
}

type neighbour struct {
	i int
	d float64
}

// index finds nearest points by cubic cells.
type index struct {
	points []headframe.Vec
	cells  map[[3]int32][]int32
	size   float64
	extent float64
}

func newIndex(points []headframe.Vec) *index {
	lo, hi := points[0], points[0]
	for _, p := range points {
		for k := range 3 {
			lo[k], hi[k] = min(lo[k], p[k]), max(hi[k], p[k])
		}
	}
	d := hi.Sub(lo)
	x := &index{points: points, cells: map[[3]int32][]int32{}, extent: d.Norm() + 1e-9}
	area := max(d[0]*d[1], d[1]*d[2], d[0]*d[2], 1e-12)
	x.size = max(3*math.Sqrt(area/float64(len(points))), x.extent/1e6)
	for i, p := range points {
		c := x.cell(p)
		x.cells[c] = append(x.cells[c], int32(i))
	}
	return x
}

func (x *index) cell(p headframe.Vec) [3]int32 {
	return [3]int32{int32(math.Floor(p[0] / x.size)), int32(math.Floor(p[1] / x.size)), int32(math.Floor(p[2] / x.size))}
}

// nearest returns the k points nearest to point i, nearest first; fewer where
// there are no more.
func (x *index) nearest(i, k int) []neighbour {
	k = min(k, len(x.points)-1)
	p := x.points[i]
	c := x.cell(p)
	var found []neighbour
	for ring := int32(1); ; ring *= 2 {
		found = found[:0]
		for dz := -ring; dz <= ring; dz++ {
			for dy := -ring; dy <= ring; dy++ {
				for dx := -ring; dx <= ring; dx++ {
					for _, j := range x.cells[[3]int32{c[0] + dx, c[1] + dy, c[2] + dz}] {
						if int(j) != i {
							found = append(found, neighbour{int(j), x.points[j].Sub(p).Norm()})
						}
					}
				}
			}
		}
		slices.SortFunc(found, func(a, b neighbour) int {
			if a.d != b.d {
				if a.d < b.d {
					return -1
				}
				return 1
			}
			return a.i - b.i
		})
		if len(found) >= k && (found[k-1].d <= float64(ring)*x.size || float64(ring)*x.size > x.extent) {
			return found[:k]
		}
	}
}
