package dots

import (
	"context"
	"fmt"
	"math"

	"pointille/internal/headframe"
)

// swarm is the set of points while it moves: dots, then ghosts (both move),
// then dots that stay, then follicles.
type swarm struct {
	t      *tissue
	skin   Skin
	dots   int
	movers int // dots and ghosts
	pos    []headframe.Vec
	normal []headframe.Vec            // of movers
	valid  []headframe.Vec            // of movers: last place known to be on their side of the border
	home   []headframe.Vec            // of movers: where they are tied to: ghosts, or all once tied
	even   []headframe.Vec            // of movers: their place before they were stirred
	tied   bool                       // all movers have homes
	mate   []int32                    // of movers: who is tied to it; -1: no one
	tie    []float64                  // of movers: the length of that tie, spacings
	label  []uint8                    // session, from 0; follicles have none
	hairs  []float64                  // of movers: density of follicles, 1/mm²
	want   []float64                  // of movers: density of dots, 1/mm²
	move   []headframe.Vec            // of movers: next step
	at     []spot                     // where all points are, as the forces see it
	sum    []spot                     // of movers: the force on each
	middle headframe.Vec              // that spots are told from
	gone   []bool                     // of dots: dropped
	open   func(p headframe.Vec) bool // where ghosts may become dots; nil: everywhere
	loose  []float64                  // of ghosts: how far they move from their seed, spacings of their session

	union layer // all dots and follicles
	own   layer // the dots of the same session
}

// layer is one spacing that dots keep, and who keeps it.
type layer struct {
	inv  []float64 // 1 / local mean spacing, 1/mm
	in   []bool    // takes part
	near []list    // per chunk of movers
}

// maxContrast is the largest ratio of densities that the spacing follows;
// skin with less than the peak over this counts as that.
const maxContrast = 25

// newSwarm sows n dots in cells, among those that stay.
func newSwarm(t *tissue, skin Skin, cells []cell, n int, stay []Dot) *swarm {
	seeds := t.sow(cells, n, 0)
	ghosts, beyond, bare, loose := t.ghosts(skin, 2*relaxCut/math.Sqrt(t.rarest()))
	s := &swarm{t: t, skin: skin, dots: n, movers: n + len(ghosts), gone: make([]bool, n), loose: loose}
	s.allocate(len(stay) + len(t.f.Fixed))
	for i, d := range seeds {
		s.put(i, d, &cells[d.cell], true)
	}
	for i, d := range ghosts {
		s.put(n+i, d, &beyond[d.cell], bare[i])
	}
	for i, d := range stay {
		k := s.movers + i
		s.pos[k], s.label[k] = d.P, uint8(d.Session-1)
		s.union.in[k], s.own.in[k] = true, t.o.Shares[s.label[k]] > 0
		s.union.inv[k] = 1 / d.Spacing
		s.own.inv[k] = math.Sqrt(max(t.f.wish(d.P), t.peak/maxContrast) * t.o.Shares[s.label[k]])
	}
	chunks(len(t.f.Fixed), t.o.Threads, func(_, lo, hi int) {
		for i, p := range t.f.Fixed[lo:hi] {
			k := s.movers + len(stay) + lo + i
			s.pos[k], s.union.in[k] = p, true
			s.union.inv[k] = math.Sqrt(max(t.f.wish(p)+t.hairDensity(p), t.peak/maxContrast))
		}
	})
	for _, p := range s.pos {
		s.middle = s.middle.Add(p.Mul(1 / float64(len(s.pos))))
	}
	s.project(s.movers)
	copy(s.valid, s.pos)
	copy(s.home, s.pos)
	return s
}

// wish is the density where only its size matters.
func (f Field) wish(p headframe.Vec) float64 {
	if d := f.Density(p); d > 0 && !math.IsInf(d, 1) {
		return d
	}
	return 0
}

// rarest returns the smallest share of a session that ghosts are made for.
func (t *tissue) rarest() float64 {
	least := 1.0
	for _, s := range t.o.Shares {
		if s > 0 {
			least = min(least, s)
		}
	}
	return max(least, 0.15)
}

func (s *swarm) allocate(still int) {
	n := s.movers
	s.pos = make([]headframe.Vec, n+still)
	s.normal, s.valid, s.move, s.home = make([]headframe.Vec, n), make([]headframe.Vec, n), make([]headframe.Vec, n), make([]headframe.Vec, n)
	s.even, s.mate, s.tie = make([]headframe.Vec, n), make([]int32, n), make([]float64, n)
	s.at, s.sum = make([]spot, n+still), make([]spot, n)
	s.label, s.hairs, s.want = make([]uint8, n+still), make([]float64, n), make([]float64, n)
	s.union.inv, s.union.in = make([]float64, n+still), make([]bool, n+still)
	s.own.inv, s.own.in = make([]float64, n+still), make([]bool, n+still)
}

func (s *swarm) put(i int, d seed, c *cell, bare bool) {
	s.pos[i], s.label[i] = d.p, d.label
	s.hairs[i] = s.t.hairsAt(c)
	s.union.in[i], s.own.in[i] = bare, true
	s.weigh(i, c.want)
}

// weigh sets the spacings of mover i from the density of dots.
func (s *swarm) weigh(i int, want float64) {
	floor := s.t.peak / maxContrast
	s.want[i] = want
	s.union.inv[i] = math.Sqrt(max(want+s.hairs[i], floor))
	s.own.inv[i] = math.Sqrt(max(want, floor) * s.t.o.Shares[s.label[i]])
}

// project puts the first n movers back onto the skin.
func (s *swarm) project(n int) {
	chunks(n, s.t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			s.pos[i], s.normal[i] = s.skin.Project(s.pos[i])
		}
	})
}

// everyone returns the members of the union.
func (s *swarm) everyone() []int32 {
	var ids []int32
	for i := range s.pos {
		if s.union.in[i] && !(i < s.dots && s.gone[i]) {
			ids = append(ids, int32(i))
		}
	}
	return ids
}

// sessions returns the dots and ghosts of each session.
func (s *swarm) sessions() [][]int32 {
	ids := make([][]int32, len(s.t.o.Shares))
	for i, l := range s.label {
		if s.own.in[i] {
			ids[l] = append(ids[l], int32(i))
		}
	}
	return ids
}

// place moves the dots to where they may stay.
func (s *swarm) place(ctx context.Context) (Pattern, error) {
	for _, step := range []func(context.Context) error{s.relax, s.stir, s.fill, s.part, s.settle} {
		if err := step(ctx); err != nil {
			return Pattern{}, fmt.Errorf("placing %d dots: %w", s.dots, err)
		}
	}
	return s.pattern(), nil
}

// pattern returns the dots that are left.
func (s *swarm) pattern() Pattern {
	out := Pattern{Wanted: s.dots, Dots: make([]Dot, 0, s.dots)}
	for i := range s.dots {
		if s.gone[i] {
			out.Dropped++
			continue
		}
		out.Dots = append(out.Dots, Dot{P: s.pos[i], N: s.normal[i], Session: int(s.label[i]) + 1, Spacing: 1 / s.union.inv[i]})
	}
	return out
}
