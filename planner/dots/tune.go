package dots

import (
	"math"

	"pointille/planner/craft"
)

// bins is how many bins of gapBin pairs are counted in.
const bins = 25

// tally counts pairs by distance for one chunk of movers: those of all dots
// that are no mates, then those within each session.
type tally [][bins]uint32

// tuner is a pair potential that is adjusted while dots move, until the pairs
// it acts on are as frequent as wanted (iterated Boltzmann inversion). What is
// right depends on the shares, on hairs and on gradients, so no table fits all.
type tuner struct {
	u      []float64 // potential at 0, 0.1, 0.2, .. spacings
	wanted []float64 // pair correlation by bins of gapBin
	n      float64   // dots that count
	rate   float64
	force  *table
}

const (
	tuneSoft  = 300  // sets of fewer dots are tuned less: their counts are chance
	tuneFloor = 0.03 // added to pair correlations, so that none is nothing
	tuneLeast = -9.0 // bounds of a potential: what cannot be reached is not pressed for
	tuneMost  = 9.0
	tuneWall  = 3 // what is nearer than this many bins is not counted but kept off
)

func newTuner(u, wanted []float64, n int, rate float64) *tuner {
	x := &tuner{u: append([]float64(nil), u...), wanted: wanted, n: float64(n)}
	x.rate = rate * x.n / (x.n + tuneSoft)
	x.force = potential(x.u)
	return x
}

// learn adjusts the potential to what was counted.
func (x *tuner) learn(count [bins]uint32) {
	if x.n == 0 {
		return
	}
	du := make([]float64, len(x.u))
	for k, w := range x.wanted {
		ring := 2 * math.Pi * (float64(k) + 0.5) * gapBin * gapBin
		expect := x.n * ring
		g := float64(count[k]) / expect
		if w == 0 || k < tuneWall {
			continue
		}
		d := math.Log((g + tuneFloor) / (w + tuneFloor))
		if env("LIN", 0) > 0 {
			d = g - w
		}
		d = x.rate * min(max(d, -1), 1)
		du[k] += d / 2
		du[k+1] += d / 2
	}
	for k := range x.u {
		x.u[k] = min(max(x.u[k]+du[k], tuneLeast), tuneMost)
	}
	for k := tuneWall - 1; k >= 0; k-- {
		x.u[k] = max(x.u[k], x.u[k+1]+env("WALL", 0.8))
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
