package dots

import (
	"context"
	"math"

	"pointille/internal/headframe"
)

// Stirring makes an even pattern natural: the dots move as particles do that
// are shaken, repel and attract each other, and are each tied to their even
// place by a spring. The pair potential was fitted (fit_test.go) until the
// pair correlation was that of human follicles; the springs keep large areas
// as quiet as they were.
const (
	stirCut    = 2.0  // reach of the pair potential, spacings
	stirMargin = 0.35 // by how much lists reach further, spacings
	stirRelist = 6    // rounds between two listings
	stirLeap   = 0.25 // longest step, spacings
)

// stirPlan holds what was fitted.
type stirPlan struct {
	spring float64   // of the ties, per squared spacing
	steps  []float64 // mobility of each round, squared spacings
	union  []float64 // pair potential at 0, 0.1, 0.2, .. spacings
	own    []float64 // the same within a session, in its own spacings
}

func (s *swarm) stir(ctx context.Context) error {
	o := s.t.o
	if o.Regularity == 1 {
		return nil
	}
	plan := fittedStir()
	if o.plan != nil {
		plan = *o.plan
	}
	s.project(s.movers)
	copy(s.home, s.pos[:s.movers])
	s.tied = true
	union, own := potential(plan.union), potential(plan.own)
	sessions, everyone := s.sessions(), s.everyone()
	for round, tau := range plan.steps {
		if round%stirRelist == 0 {
			if err := s.herd(ctx); err != nil {
				return err
			}
			s.look(&s.union, stirCut+stirMargin, everyone)
			s.look(&s.own, stirCut+stirMargin, sessions)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s.step(func(i int) headframe.Vec {
			f := union.force(s.pos, s.union.inv, i, s.union.neighbours(i)).
				Add(own.force(s.pos, s.own.inv, i, s.own.neighbours(i))).
				Sub(s.pos[i].Sub(s.home[i]).Mul(plan.spring)).Mul(tau)
			long := 1 / s.union.inv[i]
			noise := shake(random(o.Seed, 16+uint64(round), uint64(i))).Mul(math.Sqrt(2*tau) * long)
			return limit(f, stirLeap*long).Add(noise)
		})
	}
	s.calm()
	return s.herd(ctx)
}

// calm takes back a share of the stirring.
func (s *swarm) calm() {
	keep := 1 - s.t.o.Regularity
	for i, h := range s.home {
		s.pos[i] = h.Add(s.pos[i].Sub(h).Mul(keep))
	}
}

// shake returns a random vector whose components have variance 1.
func shake(r uint64) headframe.Vec {
	const per = 2 * 1.7320508075688772 / (1 << 21)
	const mask = 1<<21 - 1
	part := func(b uint64) float64 { return (float64(b&mask)+0.5)*per - 1.7320508075688772 }
	return headframe.Vec{part(r), part(r >> 21), part(r >> 42)}
}

// potential tabulates the force of a pair potential given at steps of 0.1
// spacings: its slope, taken between the given values and drawn as a line.
func potential(u []float64) *table {
	slope := func(k int) float64 { // at (k+0.5)/10
		if k < 0 || k >= len(u)-1 {
			return 0
		}
		return (u[k+1] - u[k]) * 10
	}
	return newTable(stirCut, func(r float64) float64 {
		x := r*10 - 0.5
		k := int(math.Floor(x))
		w := x - float64(k)
		if k < 0 {
			return -slope(0) / max(r, 0.02)
		}
		return -(slope(k)*(1-w) + slope(k+1)*w) / r
	})
}
