package dots

import (
	"cmp"
	"math"
	"slices"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
)

// An order of the hand goes patch by patch: a patch is skin whose dots of one
// session hang together, and is finished before the next begins. Within one,
// the path starts as a Hilbert curve, so that each square centimetre is mostly
// done at once, and is then shortened by turning stretches round (2-opt with
// neighbour lists). It is closed until it is cut open where that brings the
// hand nearest to the last patch.
const (
	patchGap      = 4.0  // dots further apart than this many spacings of their session belong to different patches ..
	patchGapMM    = 10.0 // .. if they are also further apart than this, mm
	orderNear     = 8    // neighbours looked at for a shorter way
	orderWindow   = 120  // longest stretch turned round ..
	orderLong     = 4.0  // .. unless a step is longer than this many mean steps
	orderMostLong = 200  // such steps looked at in pairs
	orderMostCut  = 8    // the longest steps, between which stretches are put elsewhere
	orderPasses   = 12
	cutWorth      = 4.0 // what a step left out within a patch is worth, in steps between patches
)

// Order sorts dots as the hand takes them: session by session, within one
// patch by patch, along a path on which the next dot is near. The number of a
// dot is its index plus one. The result does not depend on the order given
// unless two dots of a session lie at the same place.
func Order(dots []Dot) {
	if len(dots) == 0 {
		return
	}
	slices.SortFunc(dots, func(a, b Dot) int {
		return cmp.Or(cmp.Compare(a.Session, b.Session), slices.Compare(a.P[:], b.P[:]))
	})
	keys := curve(dots)
	var starts []int
	for i := range dots {
		if i == 0 || dots[i].Session != dots[i-1].Session {
			starts = append(starts, i)
		}
	}
	starts = append(starts, len(dots))
	parallel.Each(len(starts)-1, func(k int) {
		from, to := starts[k], starts[k+1]
		copy(dots[from:to], orderSession(dots[from:to], keys[from:to]))
	})
}

// orderSession returns the dots of one session in the order of the hand.
func orderSession(dots []Dot, keys []uint64) []Dot {
	ids := make([]int32, len(dots))
	for i := range ids {
		ids[i] = int32(i)
	}
	slices.SortStableFunc(ids, func(a, b int32) int { return cmp.Compare(keys[a], keys[b]) })
	at := func(i int32) headframe.Vec { return dots[i].P }
	typical := typicalGap(dots)
	g := newGrid(max(typical, 1e-3), ids, at)
	rings := patches(dots, ids, g, max(patchGap*typical, patchGapMM))
	short := newShortener(dots, g, typical)
	for _, ring := range rings {
		short.shorten(ring, typical)
	}
	path := make([]Dot, 0, len(dots))
	for len(rings) > 0 {
		k, cut, turn := nextPatch(path, dots, rings)
		for i := range rings[k] {
			at := cut + i
			if turn {
				at = cut - i
			}
			n := len(rings[k])
			path = append(path, dots[rings[k][(at%n+n)%n]])
		}
		rings = slices.Delete(rings, k, k+1)
	}
	return path
}

// typicalGap estimates the spacing of dots from the median distance to the
// nearest, of a sample; as a length for grids and gaps it need not be exact.
func typicalGap(dots []Dot) float64 {
	lo, hi := dots[0].P, dots[0].P
	for _, d := range dots {
		for k := range 3 {
			lo[k], hi[k] = min(lo[k], d.P[k]), max(hi[k], d.P[k])
		}
	}
	ids := make([]int32, len(dots))
	for i := range ids {
		ids[i] = int32(i)
	}
	size := max(hi.Sub(lo).Norm()/math.Sqrt(float64(len(dots))), 1e-3)
	g := newGrid(size, ids, func(i int32) headframe.Vec { return dots[i].P })
	var gaps []float64
	step := max(len(dots)/500, 1)
	for i := 0; i < len(dots); i += step {
		best := math.Inf(1)
		for r := size; r < 64*size && math.IsInf(best, 1); r *= 2 {
			g.near(dots[i].P, r, func(j int32, d2 float64) {
				if int(j) != i {
					best = min(best, math.Sqrt(d2))
				}
			})
		}
		if !math.IsInf(best, 1) {
			gaps = append(gaps, best)
		}
	}
	if len(gaps) == 0 {
		return size
	}
	slices.Sort(gaps)
	return max(1.3*gaps[len(gaps)/2], 1e-3)
}

// patches splits ids, which come along the curve, into sets that hang together
// over gaps of at most gap; larger first.
func patches(dots []Dot, ids []int32, g *grid, gap float64) [][]int32 {
	owner := make([]int32, len(dots))
	for i := range owner {
		owner[i] = -1
	}
	var todo []int32
	count := int32(0)
	for _, i := range ids {
		if owner[i] >= 0 {
			continue
		}
		owner[i] = count
		for todo = append(todo[:0], i); len(todo) > 0; {
			j := todo[len(todo)-1]
			todo = todo[:len(todo)-1]
			g.near(dots[j].P, gap, func(k int32, _ float64) {
				if owner[k] < 0 {
					owner[k] = count
					todo = append(todo, k)
				}
			})
		}
		count++
	}
	sets := make([][]int32, count)
	for _, i := range ids {
		sets[owner[i]] = append(sets[owner[i]], i)
	}
	slices.SortStableFunc(sets, func(a, b []int32) int { return len(b) - len(a) })
	return sets
}

// nextPatch returns which ring comes next, where it is entered and whether it
// is run backwards: where the way there, less what is saved by cutting the
// ring, is shortest. A long step within a patch is worse than one between two.
func nextPatch(done, dots []Dot, rings [][]int32) (k, cut int, turn bool) {
	best := math.Inf(1)
	for r, ring := range rings {
		n := len(ring)
		for i := range ring {
			p := dots[ring[i]].P
			way := 0.0
			if len(done) > 0 {
				way = done[len(done)-1].P.Sub(p).Norm()
			}
			before := way - cutWorth*p.Sub(dots[ring[(i+n-1)%n]].P).Norm()
			after := way - cutWorth*p.Sub(dots[ring[(i+1)%n]].P).Norm()
			if before < best {
				best, k, cut, turn = before, r, i, false
			}
			if after < best {
				best, k, cut, turn = after, r, i, true
			}
		}
		if len(done) == 0 {
			break // the largest patch first
		}
	}
	return k, cut, turn
}
