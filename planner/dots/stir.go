package dots

import (
	"context"
	"math"

	"pointille/internal/headframe"
)

// Stirring makes an even pattern natural: the dots move as particles do that
// are shaken, repel and attract each other, are tied in pairs, and are each held
// near their even place by a spring. The pair potentials are tuned on the way
// until pairs, of all dots and within each session, are as frequent as among
// human follicles. The springs are weak; what keeps large areas as quiet as they
// were is that blocks of dots may not drift as one.
const (
	stirCut    = 1.9  // reach of the pair potential, spacings
	stirMargin = 0.35 // by how much lists reach further, spacings
	stirRelist = 8    // rounds between two listings
	stirLeap   = 0.25 // longest step, spacings
)

// stirPlan holds what was fitted.
type stirPlan struct {
	spring  float64   // of the ties to the even places, per squared spacing
	steps   []float64 // mobility of each round, squared spacings
	rate    float64   // of tuning for all dots
	ownRate float64   // of tuning within sessions
	union   []float64 // pair potential at 0, 0.1, 0.2, .. spacings, to begin with
	own     []float64 // the same within a session, in its own spacings
}

// stirring is the state of one stir.
type stirring struct {
	plan  stirPlan
	all   *tuner
	own   []*tuner // per session
	tally []tally  // per chunk of movers
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
	copy(s.even, s.pos[:s.movers])
	copy(s.home, s.pos[:s.movers])
	s.tied = true
	x := s.begin(plan)
	for round, tau := range plan.steps {
		if round%stirRelist == 0 {
			if err := s.herd(ctx); err != nil {
				return err
			}
			s.look(reach{stirCut + stirMargin, perSpacing(stirCut), true}, s.crowds()...)
			if round == 0 {
				ties, _ := tieLengths(aimedGaps())
				s.marry(ties)
			}
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		s.stirOnce(x, round, tau)
	}
	if o.plan != nil {
		x.report(o.plan)
	}
	s.calm()
	return s.herd(ctx)
}

// begin sets up the potentials.
func (s *swarm) begin(plan stirPlan) *stirring {
	x := &stirring{plan: plan, tally: make([]tally, (s.movers+chunk-1)/chunk)}
	gaps := aimedGaps()
	_, others := tieLengths(gaps)
	n := make([]int, len(s.t.o.Shares))
	for _, l := range s.label[:s.dots] {
		n[l]++
	}
	lack := fittedKin
	for c, share := range s.t.o.Shares {
		weight := ownWeight(share)
		lack -= weight * share * share
		x.own = append(x.own, newTuner(scaled(plan.own, weight), humanGaps(seenGaps()), n[c], weight*plan.ownRate))
	}
	union := append([]float64(nil), plan.union...)
	for k, u := range union {
		if u < 0 {
			union[k] *= 1 - min(max(kinPull*lack, -kinPush*lack), kinMost)
		}
	}
	x.all = newTuner(union, others, s.dots, plan.rate)
	for c := range x.tally {
		x.tally[c] = make(tally, len(n)+1)
	}
	return x
}

// fittedKin is the share of pairs that are of one session in what was fitted
// (0.3, 0.4, 0.3). The fit let all dots attract each other to make up for
// sessions whose own repel. With less of that they attract less, by kinPull and
// kinMost at most; with more of it too, by kinPush. Found by trial.
const (
	fittedKin = 0.34
	kinPull   = 1.95
	kinPush   = 0.8
	kinMost   = 0.5
)

// ownWeight is how much of its own potential a session gets: none if it is all
// there is, as that of all dots is then its own.
func ownWeight(share float64) float64 { return min(1, 2*(1-share)) }

func scaled(u []float64, k float64) []float64 {
	out := make([]float64, len(u))
	for i, v := range u {
		out[i] = k * v
	}
	return out
}

// report notes in plan what the potentials were tuned to, sessions as a mean.
func (x *stirring) report(plan *stirPlan) {
	plan.union = x.all.u
	plan.own = make([]float64, len(x.own[0].u))
	for _, own := range x.own {
		for k, u := range own.u {
			plan.own[k] += u / float64(len(x.own))
		}
	}
}

// stirOnce moves all movers one step and tunes the potentials.
func (s *swarm) stirOnce(x *stirring, round int, tau float64) {
	several := s.several()
	forces := make([]*table, len(x.own))
	for c, own := range x.own {
		forces[c] = own.force
	}
	s.step(func(c, lo, hi int) {
		press([]*table{x.all.force}, nil, &s.union.near[c], s.at, s.sum, lo)
		if several {
			press(forces, s.label, &s.own.near[c], s.at, s.sum, lo)
		}
		s.count(x, c, lo, hi, round)
		for i := lo; i < hi; i++ {
			s.move[i] = s.wander(x, i, round, tau)
		}
		s.steady(lo, hi, round)
	})
	sum := make(tally, len(x.own)+1)
	for _, t := range x.tally {
		for c := range sum {
			sum[c].add(&t[c])
		}
	}
	x.all.learn(sum[0])
	for c, own := range x.own {
		if several {
			own.learn(sum[c+1])
		}
	}
}

// count tallies the neighbours of the dots of chunk c, lo..hi. Where there are
// many chunks each has its turn: the pairs of some 8,000 dots tell enough.
func (s *swarm) count(x *stirring, c, lo, hi, round int) {
	t := x.tally[c]
	clear(t)
	if turns := min(max(len(x.tally)/8, 1), 4); (c+round)%turns != 0 {
		return
	}
	x.all.force.count(nil, &s.union.near[c], s.at, lo, s.dots-lo, t[:1])
	if s.several() {
		x.all.force.count(s.label, &s.own.near[c], s.at, lo, s.dots-lo, t[1:])
	}
	for i := lo; i < min(hi, s.dots); i++ {
		if m := s.mate[i]; m >= 0 {
			t[0].near[x.all.force.bin[s.pair(i, m).gap(s.at[i], s.at)]]-- // mates are no neighbours
		}
	}
}

func (s *swarm) pair(i int, j int32) pair {
	return pair{j, float32(s.union.inv[i] * s.union.inv[j] * perSpacing(stirCut))}
}

// A chunk is a stretch of the curve the dots were sown along, so any few in a
// row are a block of skin.
const (
	steadyBlock = 12  // dots
	steadyShare = 0.7 // of what a block has drifted, taken back each round
)

// steady takes back what blocks of the chunk lo..hi drift as one, so that large
// areas stay as quiet as they were however far single dots go. Blocks begin
// elsewhere in each round, lest their borders show.
func (s *swarm) steady(lo, hi, round int) {
	first := lo
	last := lo + 1 + int(random(s.t.o.Seed, 9, uint64(round))%steadyBlock)
	for ; first < hi; first, last = last, last+steadyBlock {
		last = min(last, hi)
		var drift headframe.Vec
		for i := first; i < last; i++ {
			drift = drift.Add(s.pos[i]).Add(s.move[i]).Sub(s.home[i])
		}
		drift = drift.Mul(steadyShare / max(float64(last-first), steadyBlock))
		for i := first; i < last; i++ {
			s.move[i] = s.move[i].Sub(drift)
		}
	}
}

// wander is the next move of mover i, of which the forces are summed. Its mate
// is no neighbour: what it pushed is taken back.
func (s *swarm) wander(x *stirring, i, round int, tau float64) headframe.Vec {
	f := s.sum[i].vec()
	if m := s.mate[i]; m >= 0 {
		gap := s.pair(i, m).gap(s.at[i], s.at)
		f = f.Sub(s.pos[i].Sub(s.pos[m]).Mul(float64(x.all.force.f[gap])))
	}
	f = f.Sub(s.pos[i].Sub(s.home[i]).Mul(x.plan.spring)).Mul(tau)
	long := 1 / s.union.inv[i]
	noise := shake(random(s.t.o.Seed, 16+uint64(round), uint64(s.leader(i)))).Mul(math.Sqrt(2*tau) * long)
	return limit(f, stirLeap*long).Add(noise).Add(s.pull(i).Mul(0.5))
}

// calm takes back a share of the stirring.
func (s *swarm) calm() {
	keep := 1 - s.t.o.Regularity
	for i, h := range s.even {
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
