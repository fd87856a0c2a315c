package dots

import (
	"cmp"
	"math"
	"slices"

	"pointille/internal/headframe"
	"pointille/planner/craft"
)

// Human follicles stand in twos more than their pair correlation alone tells:
// their mean nearest distance (Clark-Evans 1.26-1.39) is the least that this
// correlation allows (1.385, were each close neighbour a dot's only one), and is
// reached only where each has one close neighbour and no second. So most dots are
// tied in pairs, at distances drawn from the correlation, and all others are kept
// further off. Numbers by trial, some hundred patterns, with the potential of all
// dots: fewer ties leave the mean nearest distance at 1.41 and more (one dot in ten:
// 1.51), more or shorter ones the correlation at 0.45-0.65 spacings by more than 0.15.
const (
	paired    = .9   // share of the dots that have a mate
	pairNear  = 0.80 // share of the neighbours nearer than nearGap that are mates
	pairClose = 0.93 // share of the other close ones
	nearGap   = 0.5  // spacings
	pairLong  = 1.15 // by how much longer ties are made, as others press mates together
	mateReach = 1.7  // how far apart, in spacings, mates may stand before they are tied
	kinShare  = 0.12 // of the possible pairs within one session that may become mates
	kinLeast  = 0.55 // shortest tie within a session, spacings of all dots
)

// gapBin is the width of the bins of the human table, spacings.
const gapBin = 0.1

// lengths is how long ties are, as cumulated shares of bins of gapBin.
type lengths struct {
	first float64
	cum   []float64
}

// tieLengths takes ties from the pair correlation, nearest first. What it
// leaves to other neighbours is rest, by bins from 0.
func tieLengths(gaps []craft.FollicleGap) (l lengths, rest []float64) {
	rest = make([]float64, int(gaps[0].R/gapBin))
	l.first = float64(len(rest)) * gapBin
	left, sum := paired, 0.0
	for _, q := range gaps {
		ring := 2 * math.Pi * q.R * gapBin
		share := pairClose
		if q.R < nearGap {
			share = pairNear
		}
		take := min(left, share*q.G*ring)
		left -= take
		sum += take
		rest = append(rest, q.G-take/ring)
		if take > 0 || sum == 0 {
			l.cum = append(l.cum, sum)
		}
	}
	return l, rest
}

// draw returns a length from u in [0, 1).
func (l lengths) draw(u float64) float64 {
	u *= l.cum[len(l.cum)-1]
	before := 0.0
	for k, c := range l.cum {
		if u < c {
			return l.first + gapBin*(float64(k)+(u-before)/(c-before))
		}
		before = max(before, c)
	}
	return l.first + gapBin*float64(len(l.cum))
}

type couple struct {
	i, j int32
	d    float64 // spacings
}

// marry ties movers in pairs, nearest first, and moves the homes of each pair
// to the length of its tie.
func (s *swarm) marry(l lengths) {
	for i := range s.mate {
		s.mate[i] = -1
	}
	for _, c := range s.couples() {
		if s.mate[c.i] >= 0 || s.mate[c.j] >= 0 {
			continue
		}
		s.mate[c.i], s.mate[c.j] = c.j, c.i
		u, _ := unit(random(s.t.o.Seed, 6, uint64(c.i)))
		tie := pairLong * l.draw(u)
		if s.label[c.i] == s.label[c.j] && s.several() {
			tie = max(tie, kinLeast)
		}
		i, j := int(c.i), int(c.j)
		long := 1 / math.Sqrt(s.union.inv[i]*s.union.inv[j])
		core := s.t.o.Core(1 / max(s.union.inv[i], s.union.inv[j]))
		tie = max(tie, core/long*(1.02+0.15*u))
		s.tie[i], s.tie[j] = tie, tie
		mid := s.home[i].Add(s.home[j]).Mul(0.5)
		half := s.home[i].Sub(mid).Unit().Mul(tie * long / 2)
		s.home[i], s.home[j] = mid.Add(half), mid.Sub(half)
	}
}

// couples lists who may marry, nearest first. The dots that may are drawn, a
// few more than will, as some find no one.
func (s *swarm) couples() []couple {
	may := make([]bool, s.movers)
	for i := range may {
		u, _ := unit(random(s.t.o.Seed, 8, uint64(i)))
		may[i] = u < paired+0.05
	}
	var all []couple
	several := s.several()
	for i := range s.movers {
		for _, e := range s.union.near[i/chunk].all(i % chunk) {
			j := e.j
			if int(j) <= i || int(j) >= s.movers || !may[i] || !may[j] {
				continue
			}
			if several && s.label[i] == s.label[j] {
				if u, _ := unit(random(s.t.o.Seed, 7, uint64(i)<<32|uint64(j))); u >= kinShare {
					continue
				}
			}
			d := s.pos[i].Sub(s.pos[j]).Norm() * math.Sqrt(s.union.inv[i]*s.union.inv[j])
			if d < mateReach {
				all = append(all, couple{int32(i), j, d})
			}
		}
	}
	slices.SortFunc(all, func(a, b couple) int {
		return cmp.Or(cmp.Compare(a.d, b.d), cmp.Compare(a.i, b.i), cmp.Compare(a.j, b.j))
	})
	return all
}

// several says whether dots are of more than one session.
func (s *swarm) several() bool {
	n := 0
	for _, share := range s.t.o.Shares {
		if share > 0 {
			n++
		}
	}
	return n > 1
}

// pull returns how far mover i has to go for its share of the length of its tie.
func (s *swarm) pull(i int) headframe.Vec {
	m := s.mate[i]
	if m < 0 {
		return headframe.Vec{}
	}
	d := s.pos[i].Sub(s.pos[m])
	long := d.Norm()
	want := s.tie[i] / math.Sqrt(s.union.inv[i]*s.union.inv[m])
	if long < 1e-9 {
		return headframe.Vec{}
	}
	return d.Mul((want - long) / (2 * long))
}

// leader is the mover whose noise mover i shares: mates are shaken as one.
func (s *swarm) leader(i int) int {
	if m := int(s.mate[i]); m >= 0 && m < i {
		return m
	}
	return i
}
