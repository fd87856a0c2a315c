package dots

import (
	"context"
	"slices"
)

// Nothing marks the border of the planned skin while dots move: a wall would
// collect them. A dot that leaves becomes a ghost, and a ghost that enters a
// dot, as long as each session keeps its number; the others go back to where
// they were last on their side.

// side says what came of a mover since the last look.
type side uint8

const (
	stayed  side = iota
	crossed      // and may
	strayed      // and may not
)

// herd reads the density where the movers are and settles who is a dot.
func (s *swarm) herd(ctx context.Context) error {
	now := make([]side, s.movers)
	errs := make([]error, s.movers/chunk+1)
	chunks(s.movers, s.t.o.Threads, func(c, lo, hi int) {
		for i := lo; i < hi && errs[c] == nil; i++ {
			if s.pos[i] != s.valid[i] {
				now[i], errs[c] = s.visit(i)
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	s.trade(now)
	for i, side := range now {
		if side != stayed {
			s.pos[i] = s.valid[i]
		}
	}
	return ctx.Err()
}

// visit takes note of where mover i is.
func (s *swarm) visit(i int) (side, error) {
	d, err := s.t.density(s.pos[i])
	switch {
	case err != nil:
		return stayed, err
	case (d > 0) == (i < s.dots):
		s.valid[i] = s.pos[i]
		if i < s.dots {
			s.weigh(i, d)
		}
		return stayed, nil
	case !s.union.in[i], i >= s.dots && s.open != nil && !s.open(s.pos[i]):
		return strayed, nil
	}
	if i >= s.dots {
		s.want[i] = d
	}
	return crossed, nil
}

// trade lets dots and ghosts that crossed change places in the swarm, pair by
// pair: those of one session first, and, while all still settle, those left of
// different sessions; which of a longer row stay behind is drawn.
func (s *swarm) trade(now []side) {
	out, in := make([][]int, len(s.t.o.Shares)+1), make([][]int, len(s.t.o.Shares)+1)
	for i, side := range now {
		switch {
		case side != crossed:
		case i < s.dots:
			out[s.label[i]] = append(out[s.label[i]], i)
		default:
			in[s.label[i]] = append(in[s.label[i]], i)
		}
	}
	last := len(s.t.o.Shares)
	for c := range out {
		if c == last && s.tied {
			return
		}
		s.shuffle(out[c])
		s.shuffle(in[c])
		n := min(len(out[c]), len(in[c]))
		for k := range n {
			i, j := out[c][k], in[c][k]
			s.swap(i, j)
			now[i], now[j] = stayed, stayed
		}
		if c < last {
			out[last], in[last] = append(out[last], out[c][n:]...), append(in[last], in[c][n:]...)
		}
	}
}

func (s *swarm) shuffle(ids []int) {
	slices.SortFunc(ids, func(a, b int) int {
		if random(s.t.o.Seed, 4, uint64(a)) < random(s.t.o.Seed, 4, uint64(b)) {
			return -1
		}
		return 1
	})
}

// swap exchanges dot i and ghost j, each where it is now.
func (s *swarm) swap(i, j int) {
	s.pos[i], s.pos[j] = s.pos[j], s.pos[i]
	s.normal[i], s.normal[j] = s.normal[j], s.normal[i]
	s.hairs[i], s.hairs[j] = s.hairs[j], s.hairs[i]
	s.want[i], s.want[j] = s.want[j], s.want[i]
	s.union.inv[i], s.union.inv[j] = s.union.inv[j], s.union.inv[i]
	s.own.inv[i], s.own.inv[j] = s.own.inv[j], s.own.inv[i]
	s.home[i], s.home[j] = s.home[j], s.home[i]
	s.even[i], s.even[j] = s.even[j], s.even[i]
	s.tie[i], s.tie[j] = s.tie[j], s.tie[i]
	s.swapMates(int32(i), int32(j))
	s.valid[i], s.valid[j] = s.pos[i], s.pos[j]
	s.weigh(i, s.want[i])
	s.weigh(j, s.want[j])
	if !s.tied {
		s.home[j] = s.pos[j]
	}
}

func (s *swarm) swapMates(i, j int32) {
	a, b := s.mate[i], s.mate[j]
	if !s.tied || a == j {
		return
	}
	s.mate[i], s.mate[j] = b, a
	if a >= 0 {
		s.mate[a] = j
	}
	if b >= 0 {
		s.mate[b] = i
	}
}
