package dots

import (
	"context"
	"math"

	"pointille/internal/headframe"
)

// Stirring leaves holes here and there, four spacings wide, which pair
// frequencies hardly tell of and eyes see at once: healed fields looked blotched. So
// dots around holes are drawn into them by the pressure of all dots within a few
// spacings; where it is nearly even they stay. It costs a little of what was fitted to
// follicles (docs/dots.md), so that it is done no further than the largest holes ask
// for.
const (
	fillSigma  = 1.1  // width of the pressure's Gaussian, spacings
	fillCut    = 3.0  // its reach, spacings
	fillMargin = 0.35 // by how much lists reach further, spacings
	fillRounds = 4
	fillStep   = 0.5  // share of a wave of density that a round would take back
	fillLeast  = 0.10 // pressure that is no hole's, as a step in spacings
	fillLeap   = 0.2  // longest step, spacings
)

func (s *swarm) fill(ctx context.Context) error {
	if s.t.o.Regularity == 1 {
		return nil
	}
	pressure := []*table{swell()}
	if err := s.herd(ctx); err != nil {
		return err
	}
	s.look(reach{fillCut + fillMargin, perSpacing(fillCut), true}, s.all())
	for range fillRounds {
		if err := ctx.Err(); err != nil {
			return err
		}
		s.step(func(c, lo, hi int) {
			press(pressure, nil, &s.union.near[c], s.at, s.sum, lo)
			for i := lo; i < hi; i++ {
				s.move[i] = beyond(s.sum[i].vec(), fillLeast/s.union.inv[i], fillLeap/s.union.inv[i])
			}
		})
		s.leash()
	}
	return s.herd(ctx)
}

// swell is the force of a wide Gaussian. On an even field of one dot a squared
// spacing moving all dots along a wave of density by its force takes back as much of
// it as 2π sigma⁴ times that.
func swell() *table {
	const k = fillStep / (2 * math.Pi * fillSigma * fillSigma * fillSigma * fillSigma)
	return bell(2*fillSigma*fillSigma, fillCut, k)
}

// beyond is what of v is longer than least, and at most as long as most.
func beyond(v headframe.Vec, least, most float64) headframe.Vec {
	long := v.Norm()
	if long <= least {
		return headframe.Vec{}
	}
	return limit(v.Mul(1-least/long), most)
}
