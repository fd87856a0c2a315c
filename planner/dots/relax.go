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
	relaxCut    = 2.05 // reach of the force, spacings
	relaxMargin = 0.35 // by how much lists reach further, spacings
	relaxStep   = 0.5  // share of the force taken as step
	relaxLeap   = 0.3  // longest step, spacings
	unionWeight = 2.0  // of the union against one session
	relaxRounds = 40
)

// relistAt says before which rounds neighbours are listed anew: often while
// dots still move far.
func relistAt(round int) bool { return round == 2 || round == 5 || round%10 == 0 }

func (s *swarm) relax(ctx context.Context) error {
	push := newTable(relaxCut, func(r float64) float64 { return math.Exp(-r * r / (2 * relaxSigma * relaxSigma)) })
	sessions, everyone := s.sessions(), s.everyone()
	for round := range relaxRounds {
		if relistAt(round) {
			if err := s.herd(ctx); err != nil {
				return err
			}
			s.look(&s.union, relaxCut+relaxMargin, everyone)
			s.look(&s.own, relaxCut+relaxMargin, sessions)
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s.step(func(i int) headframe.Vec {
			a := push.force(s.pos, s.union.inv, i, s.union.neighbours(i))
			b := push.force(s.pos, s.own.inv, i, s.own.neighbours(i))
			f := a.Mul(unionWeight).Add(b).Mul(relaxStep / (unionWeight + 1))
			return limit(f, relaxLeap/s.union.inv[i])
		})
		s.leash()
	}
	return s.herd(ctx)
}

// step moves all movers at once by f, along the skin.
func (s *swarm) step(f func(i int) headframe.Vec) {
	chunks(s.movers, s.t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			d := f(i)
			n := s.normal[i]
			s.move[i] = d.Sub(n.Mul(n.Dot(d)))
		}
	})
	chunks(s.movers, s.t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			s.pos[i] = s.pos[i].Add(s.move[i])
		}
	})
}

// leash keeps the ghosts near where they were sown: beyond them nothing
// pushes back.
func (s *swarm) leash() {
	for k, loose := range s.loose {
		i := s.dots + k
		p := s.home[i]
		s.pos[i] = p.Add(limit(s.pos[i].Sub(p), loose/s.own.inv[i]))
	}
}

// limit shortens v to at most long.
func limit(v headframe.Vec, long float64) headframe.Vec {
	if n2 := v.Dot(v); n2 > long*long {
		return v.Mul(long / math.Sqrt(n2))
	}
	return v
}

// table is a central force by the squared distance in spacings.
type table struct {
	f    []float32
	bin  []uint8 // which bin of a tally the distance is in
	per  float64 // entries per unit of squared distance
	cut2 float64
}

const tableSize = 2048

// newTable tabulates f, the force over the distance, both in spacings, up to cut.
func newTable(cut float64, f func(r float64) float64) *table {
	t := &table{f: make([]float32, tableSize+1), bin: make([]uint8, tableSize), cut2: cut * cut}
	t.per = tableSize / t.cut2
	for k := range tableSize {
		r := math.Sqrt((float64(k) + 0.5) / t.per)
		t.f[k], t.bin[k] = float32(f(r)), uint8(min(r/gapBin, bins-1))
	}
	return t
}

// force sums (p_i - p_j)·f over the neighbours, where distances count in the
// geometric mean of both spacings.
func (t *table) force(pos []headframe.Vec, inv []float64, i int, ids []int32) headframe.Vec {
	p, a := pos[i], inv[i]*t.per
	var x, y, z float64
	for _, j := range ids {
		q := &pos[j]
		dx, dy, dz := p[0]-q[0], p[1]-q[1], p[2]-q[2]
		k := int((dx*dx + dy*dy + dz*dz) * a * inv[j])
		if k >= tableSize {
			continue
		}
		f := float64(t.f[k])
		x += f * dx
		y += f * dy
		z += f * dz
	}
	return headframe.Vec{x, y, z}
}

// count is force without the pull of mate, and counts the other neighbours.
func (t *table) count(pos []headframe.Vec, inv []float64, i int, mate int32, ids []int32, seen *[bins]uint32) headframe.Vec {
	if seen == nil {
		seen = new([bins]uint32)
	}
	p, a := pos[i], inv[i]*t.per
	var x, y, z float64
	for _, j := range ids {
		q := &pos[j]
		dx, dy, dz := p[0]-q[0], p[1]-q[1], p[2]-q[2]
		k := int((dx*dx + dy*dy + dz*dz) * a * inv[j])
		if k >= tableSize || j == mate {
			continue
		}
		seen[t.bin[k]]++
		f := float64(t.f[k])
		x += f * dx
		y += f * dy
		z += f * dz
	}
	return headframe.Vec{x, y, z}
}
