package dots

import (
	"math"

	"pointille/planner/craft"
)

// bins is how many bins of gapBin pairs are counted in.
const bins = 25

// tally counts pairs by distance for one chunk of movers: those of all dots
// that are no mates, then those within each session.
type tally []pairCount

// pairCount is how many neighbours some dots have, by bins of their distance.
type pairCount struct {
	dots uint32
	near [bins]uint32
}

func (p *pairCount) add(q *pairCount) {
	p.dots += q.dots
	for k := range bins {
		p.near[k] += q.near[k]
	}
}

// tuner is a pair potential that is adjusted while dots move, until the pairs
// it acts on are as frequent as wanted (iterated Boltzmann inversion). What is
// right depends on the shares, on hairs and on gradients, so no table fits all.
type tuner struct {
	u      []float64 // potential at 0, 0.1, 0.2, .. spacings
	wanted []float64 // pair correlation by bins of gapBin
	rate   float64
	force  *table
}

const (
	tuneSoft  = 300  // sets of fewer dots are tuned less: their counts are chance
	tuneFloor = 0.03 // added to pair correlations, so that none is nothing
	tuneLeast = -9.0 // bounds of a potential: what cannot be reached is not pressed for
	tuneMost  = 9.0
	tuneRise  = 1.5 // by how much a potential rises at least per bin there
	tuneWall  = 3   // what is nearer than this many bins is not counted but kept off
)

func newTuner(u, wanted []float64, n int, rate float64) *tuner {
	x := &tuner{u: append([]float64(nil), u...), wanted: wanted}
	x.rate = rate * float64(n) / float64(n+tuneSoft)
	x.force = potential(x.u)
	return x
}

// learn adjusts the potential to what was counted.
func (x *tuner) learn(c pairCount) {
	if c.dots == 0 {
		return
	}
	du := make([]float64, len(x.u))
	for k, w := range x.wanted {
		ring := 2 * math.Pi * (float64(k) + 0.5) * gapBin * gapBin
		g := float64(c.near[k]) / (float64(c.dots) * ring)
		if w == 0 || k < tuneWall {
			continue
		}
		d := math.Log((g + tuneFloor) / (w + tuneFloor))
		d = x.rate * min(max(d, -1), 1)
		du[k] += d / 2
		du[k+1] += d / 2
	}
	for k := range x.u {
		x.u[k] = min(max(x.u[k]+du[k], tuneLeast), tuneMost)
	}
	for k := tuneWall - 1; k >= 0; k-- {
		x.u[k] = max(x.u[k], x.u[k+1]+tuneRise)
	}
	x.force = potential(x.u)
}

// humanGaps returns the pair correlation of follicles by bins from 0.
func humanGaps(gaps []craft.FollicleGap) []float64 {
	out := make([]float64, int(gaps[0].R/gapBin))
	for _, q := range gaps {
		out = append(out, q.G)
	}
	return out
}
