package dots

import (
	"context"

	"pointille/internal/headframe"
)

const (
	partPasses = 40
	partSlack  = 1.003 // aim a little further, so that rounding and curvature leave room
	partSpread = .25
	partMargin = 0.35 // spacings
)

// part pushes dots apart until none is within the hard core of another dot or
// a follicle.
func (s *swarm) part(ctx context.Context) error {
	s.project(s.dots)
	ghosts := s.union.in[s.dots:s.movers]
	s.movers = s.dots
	clear(ghosts)
	for pass := range partPasses {
		if pass%8 == 0 {
			if err := s.herd(ctx); err != nil {
				return err
			}
			s.look(reach{cut: s.coreCut()}, s.all())
		}
		if s.push() == 0 {
			break
		}
		if err := s.herd(ctx); err != nil {
			return err
		}
	}
	if err := s.herd(ctx); err != nil {
		return err
	}
	s.project(s.dots) // last: what was led back into the field may hang over the skin
	return nil
}

// coreCut is the reach, in spacings, of lists that hold every pair that could
// get within its hard core.
func (s *swarm) coreCut() float64 {
	most := 0.0
	for i := range s.dots {
		most = max(most, s.union.inv[i])
	}
	return max(s.t.o.Core(1), s.t.o.MinMM*most) + partMargin
}

// core is the smallest distance of dot i and point j, mm.
func (s *swarm) core(i, j int) float64 {
	if j >= len(s.label)-len(s.t.f.Fixed) {
		return s.t.o.Core(1 / s.union.inv[i])
	}
	return s.t.o.Core(1 / max(s.union.inv[i], s.union.inv[j]))
}

// push moves every dot that is too near another half of the way, or all of it
// where the other cannot move; it returns how many pairs were too near.
func (s *swarm) push() int {
	parts := make([]int, s.dots/chunk+1)
	chunks(s.dots, s.t.o.Threads, func(c, lo, hi int) {
		for i := lo; i < hi; i++ {
			var n int
			s.move[i], n = s.escape(i)
			parts[c] += n
		}
	})
	total := 0
	for _, n := range parts {
		total += n
	}
	for i := range s.dots {
		s.pos[i] = s.pos[i].Add(s.move[i])
	}
	return total
}

func (s *swarm) escape(i int) (move headframe.Vec, n int) {
	for _, e := range s.union.near[i/chunk].all(i % chunk) {
		j := e.j
		d := s.pos[i].Sub(s.pos[j])
		d = d.Sub(s.normal[i].Mul(s.normal[i].Dot(d)))
		long, core := s.pos[i].Sub(s.pos[j]).Norm(), s.core(i, int(j))
		if long >= core {
			continue
		}
		n++
		share := 0.5
		if int(j) >= s.dots {
			share = 1
		}
		move = move.Add(s.away(d, i).Mul(share * (core*s.slack(i, int(j)) - long)))
	}
	return limit(move, 0.3/s.union.inv[i]), n
}

// slack is how far, in hard cores, i and j are moved apart. Between the dots of
// a natural pattern that is drawn, or many pairs would stand at exactly the
// hard core.
func (s *swarm) slack(i, j int) float64 {
	if j >= s.dots {
		return partSlack
	}
	u, _ := unit(random(s.t.o.Seed, 10, uint64(min(i, j))<<32|uint64(max(i, j))))
	return partSlack + partSpread*u*(1-s.t.o.Regularity)
}

// away is the unit direction of d along the skin; some direction where d is none.
func (s *swarm) away(d headframe.Vec, i int) headframe.Vec {
	if d.Norm() > 1e-9 {
		return d.Unit()
	}
	a, b := unit(random(s.t.o.Seed, 3, uint64(i)))
	v := headframe.Vec{a - 0.5, b - 0.5, a*b - 0.25}
	return v.Sub(s.normal[i].Mul(s.normal[i].Dot(v))).Unit()
}

// settle drops the dots that still violate the hard core: those nearest a
// follicle first, then of each pair the later dot.
func (s *swarm) settle(ctx context.Context) error {
	s.look(reach{cut: s.coreCut()}, s.all())
	for i := range s.dots {
		for _, e := range s.union.near[i/chunk].all(i % chunk) {
			j := e.j
			if int(j) < s.dots && (int(j) > i || s.gone[j]) {
				continue
			}
			if s.pos[i].Sub(s.pos[j]).Norm() < s.core(i, int(j)) {
				s.gone[i] = true
				break
			}
		}
	}
	return ctx.Err()
}
