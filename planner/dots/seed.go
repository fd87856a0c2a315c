package dots

import (
	"math"
	"sort"

	"pointille/internal/headframe"
)

// seed is where a dot starts.
type seed struct {
	p     headframe.Vec
	cell  int32 // index into the cells it was drawn from
	label uint8 // session, from 0
}

// sow draws n seeds from cells: the cells are strung along a Hilbert curve,
// the curve is cut into n pieces of equal mass, and each piece gets one seed
// at random. So every cube of the octree holds its share to within one dot,
// and there are no clumps or gaps larger than a few spacings.
func (t *tissue) sow(cells []cell, n int, stream uint64) []seed {
	corner, side := box(len(cells), func(i int) headframe.Vec { return t.at(&cells[i], 1.0/3, 1.0/3) })
	keys := make([]uint64, len(cells))
	chunks(len(cells), t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			keys[i] = hilbert(t.at(&cells[i], 1.0/3, 1.0/3), corner, side)
		}
	})
	order := byKey(keys)
	cum := make([]float64, len(order)+1)
	for k, i := range order {
		cum[k+1] = cum[k] + cells[i].want*cells[i].area
	}
	labels := t.labels(n)
	seeds := make([]seed, n)
	chunks(n, t.o.Threads, func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			u, _ := unit(random(t.o.Seed, stream, uint64(2*k)))
			m := (float64(k) + u) / float64(n) * cum[len(order)]
			c := sort.Search(len(order)-1, func(j int) bool { return cum[j+1] > m })
			seeds[k] = seed{t.scatter(&cells[order[c]], random(t.o.Seed, stream, uint64(2*k+1)), stream != 0), order[c], labels[k]}
		}
	})
	return seeds
}

// scatterTries is how often a point is drawn before the first fitting spot of
// the cell is taken.
const scatterTries = 8

// scatter returns a random point of a cell on its side of the border: in
// planned skin, or, for ghosts, beyond it.
func (t *tissue) scatter(c *cell, r uint64, ghost bool) headframe.Vec {
	fits := func(p headframe.Vec) bool {
		return ghost && !c.part || (t.f.Density(p) > 0) != ghost
	}
	for k := range uint64(scatterTries) {
		u, v := unit(random(r, 0, k))
		if u+v > 1 {
			u, v = 1-u, 1-v
		}
		if p := t.at(c, u, v); fits(p) {
			return p
		}
	}
	for u, v := range spots {
		if p := t.at(c, u, v); fits(p) {
			return p
		}
	}
	return t.at(c, 1.0/3, 1.0/3)
}

// labels deals n dots to sessions so that every stretch of the curve has each
// session's share to within one dot.
func (t *tissue) labels(n int) []uint8 {
	labels := make([]uint8, n)
	debt := make([]float64, len(t.o.Shares))
	for k := range labels {
		best := 0
		for c, share := range t.o.Shares {
			debt[c] += share
			if debt[c] > debt[best]+1e-12 {
				best = c
			}
		}
		debt[best]--
		labels[k] = uint8(best)
	}
	return labels
}

// ghosts draws the seeds beyond the planned skin. bare says of each whether
// it takes part in the spacing of all dots, or only in that of its session.
func (t *tissue) ghosts(skin Skin, reach float64) (seeds []seed, cells []cell, bare []bool, leash []float64) {
	cells, share, loose := t.outside(skin, reach)
	mass := 0.0
	for _, c := range cells {
		mass += c.want * c.area
	}
	seeds = t.sow(cells, int(math.Round(mass)), 1)
	bare, leash = make([]bool, len(seeds)), make([]float64, len(seeds))
	for k, s := range seeds {
		u, _ := unit(random(t.o.Seed, 2, uint64(k)))
		bare[k], leash[k] = u < share[s.cell], loose[s.cell]
	}
	return seeds, cells, bare, leash
}
