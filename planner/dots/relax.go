package dots

import (
	"context"
	"math"

	"pointille/internal/headframe"
)

// Relaxation follows Gaussian blue noise (Ahmed, Ren, Wonka 2022): each dot is
// pushed by its neighbours with the gradient of a Gaussian as wide as the
// local spacing, in the union of all dots and follicles and in its own session
// at once. Its force is scaled so that the pressure is the same wherever the
// density is what is wanted.
const (
	relaxSigma  = 0.62 // width of the Gaussian, spacings
	relaxCut    = 1.85 // reach of the force, spacings
	relaxMargin = 0.35 // by how much lists reach further, spacings
	relaxStep   = 0.5  // share of the force taken as step
	relaxLeap   = 0.3  // longest step, spacings
	unionWeight = 2.0  // of the union against one session
	relaxKeep   = 0.7  // share of a step that is taken again in the next round: long waves settle in half the rounds
	evenRounds  = 24   // of an even pattern ..
	roughRounds = 12   // .. and of one that will be stirred
)

// relistAt says before which rounds neighbours are listed anew: soon again
// after dots moved far.
func relistAt(round int) bool { return round == 0 || round == 4 || round == 12 }

func (s *swarm) relax(ctx context.Context) error {
	all, own := []*table{gauss(unionWeight)}, []*table{gauss(1)}
	several := s.several()
	if !several {
		all = []*table{gauss(unionWeight + 1)}
	}
	drift := make([]headframe.Vec, s.movers)
	rounds := roughRounds + int(math.Ceil((evenRounds-roughRounds)*s.t.o.Regularity))
	for round := range rounds {
		if relistAt(round) {
			if err := s.herd(ctx); err != nil {
				return err
			}
			s.look(reach{relaxCut + relaxMargin, perSpacing(relaxCut), true}, s.crowds()...)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s.step(func(c, lo, hi int) {
			press(all, nil, &s.union.near[c], s.at, s.sum, lo)
			if several {
				press(own, nil, &s.own.near[c], s.at, s.sum, lo)
			}
			for i := lo; i < hi; i++ {
				drift[i] = limit(drift[i].Mul(relaxKeep).Add(s.sum[i].vec()), relaxLeap/s.union.inv[i])
				s.move[i] = drift[i]
			}
		})
		s.leash()
	}
	return s.herd(ctx)
}

// gauss is the force of one layer.
func gauss(weight float64) *table {
	return bell(2*relaxSigma*relaxSigma, relaxCut, weight*relaxStep/(unionWeight+1))
}

// bell is the force k exp(-r²/spread) of a Gaussian, less what would be left of it at
// the cut.
func bell(spread, cut, k float64) *table {
	f := func(r float64) float64 { return math.Exp(-r * r / spread) }
	return newTable(cut, func(r float64) float64 { return k * (f(r) - f(cut)) })
}

// step moves all movers at once, along the skin, by what f leaves as move of
// each chunk. f finds a sum of forces of nothing.
func (s *swarm) step(f func(c, lo, hi int)) {
	chunks(s.movers, s.t.o.Threads, func(c, lo, hi int) {
		clear(s.sum[lo:hi])
		f(c, lo, hi)
	})
	chunks(s.movers, s.t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			d, n := s.move[i], &s.normal[i]
			off := n[0]*d[0] + n[1]*d[1] + n[2]*d[2]
			p := &s.pos[i]
			for k := range p {
				p[k] += d[k] - off*n[k]
			}
			s.at[i] = s.spot(*p)
		}
	})
}

func (p *spot) vec() headframe.Vec {
	return headframe.Vec{float64(p[0]), float64(p[1]), float64(p[2])}
}

// leash keeps the ghosts near where they were sown: beyond them nothing
// pushes back.
func (s *swarm) leash() {
	for k, loose := range s.loose {
		i := s.dots + k
		p := s.home[i]
		s.pos[i] = p.Add(limit(s.pos[i].Sub(p), loose/s.own.inv[i]))
		s.at[i] = s.spot(s.pos[i])
	}
}

// limit shortens v to at most long.
func limit(v headframe.Vec, long float64) headframe.Vec {
	if n2 := v.Dot(v); n2 > long*long {
		return v.Mul(long / math.Sqrt(n2))
	}
	return v
}
