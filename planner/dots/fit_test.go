package dots

import (
	"context"
	"flag"
	"fmt"
	"math"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/dots/dotstest"
	"pointille/planner/dots/metric"
)

// TestFit fits the pair potentials of stirring to human follicles by iterated
// Boltzmann inversion and prints them for fittedStir.
func TestFit(t *testing.T) {
	if !*refit {
		t.Skip("run with -refit to fit the potentials anew")
	}
	plan := fittedStir()
	if *spring > 0 {
		plan.spring = *spring
	}
	for round := range *rounds {
		union, own := gaps(t, plan, uint64(round))
		worst := adjust(plan.union, union, *rate)
		ownWorst := adjust(plan.own, own, *ownRate)
		t.Logf("round %d: gap %.3f, sessions %.3f", round, worst, ownWorst)
	}
	union, own := gaps(t, plan, 99)
	t.Logf("g union: %s", list3(union))
	t.Logf("g own:   %s", list3(own))
	t.Logf("union: %s", list3(plan.union))
	t.Logf("own: %s", list3(plan.own))
}

var (
	refit   = flag.Bool("refit", false, "fit the potentials of stirring anew")
	spring  = flag.Float64("spring", 0, "strength of the ties; 0: as fitted")
	rate    = flag.Float64("rate", 0.7, "how fast the potential of all dots is fitted")
	rounds  = flag.Int("rounds", 12, "rounds of the fit")
	ownRate = flag.Float64("own", 0, "how fast the potential within sessions is fitted")
)

func list3(x []float64) string {
	s := ""
	for _, v := range x {
		s += fmt.Sprintf("%.3f, ", v)
	}
	return s
}

// gaps returns the pair correlation of all dots and, as a mean, of sessions.
func gaps(t *testing.T, plan stirPlan, seed uint64) (union, own []float64) {
	const side, want = 100.0, 1.2
	f := Field{Mesh: dotstest.Plane{}.Square(side, 3), Density: func(headframe.Vec) float64 { return want }}
	p, err := Place(context.Background(), dotstest.Plane{}, f, Options{Seed: seed, plan: &plan, Threads: 2})
	if err != nil {
		t.Fatal(err)
	}
	sets := make([][]headframe.Vec, 4)
	flat := make([][][2]float64, 4)
	for _, d := range p.Dots {
		sets[0] = append(sets[0], d.P)
		sets[d.Session] = append(sets[d.Session], d.P)
		for _, k := range []int{0, d.Session} {
			flat[k] = append(flat[k], [2]float64{d.P[0], d.P[2]})
		}
	}
	own = make([]float64, 18)
	for k, set := range sets {
		st := metric.Measure(set)
		if k == 0 {
			union = st.G
			t.Logf("R %.3f CV %.3f blotch %.3f dropped %d", st.R, st.CV, st.Blotch, p.Dropped)
			t.Logf("power %.3f, session 1 %.3f", metric.Spectrum(flat[0], side), metric.Spectrum(flat[1], side))
			continue
		}
		for b, g := range st.G {
			own[b] += g / 3
		}
	}
	return union, own
}

// closer is what the fit asks for beyond the pair correlation. Follicles' mean
// nearest distance (Clark-Evans 1.26-1.39) is smaller than their pair
// correlation allows (1.42 at least), so the fit takes a middle way.
func closer(k int) float64 {
	return []float64{4: 0.05, 5: 0.09, 6: 0.11, 7: 0.11, 8: 0.08, 17: 0}[k]
}

// adjust raises the potential where pairs are too many.
func adjust(u, g []float64, rate float64) (worst float64) {
	du := make([]float64, len(u)+1)
	for _, want := range craft.FollicleGaps() {
		k := int(want.R * 10)
		if want.R < 1.6 {
			worst = max(worst, math.Abs(g[k]-want.G))
		}
		if k < 3 || k > 16 {
			continue
		}
		d := rate * math.Log(max(g[k], 0.02)/(want.G+closer(k)))
		du[k] += d / 2
		du[k+1] += d / 2
	}
	for k := range u {
		u[k] += du[k]
	}
	for k := 2; k >= 0; k-- { // a steep wall below what was seen
		u[k] = max(u[k], u[k+1]+0.8)
	}
	return worst
}
