//go:build refit

package dots

import (
	"context"
	"flag"
	"fmt"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/dots/dotstest"
	"pointille/planner/dots/metric"
)

var (
	fits   = flag.Int("fits", 12, "patterns that are tuned one after the other")
	spring = flag.Float64("spring", 0, "strength of the springs; 0: as fitted")
)

// TestFit tunes the potential of all dots over several patterns, each from
// where the last ended, and prints it for fittedStir. Tuning for long presses
// for what cannot be had and must be stopped before the core gives way: look
// at the first bins. It proves nothing, so that only the build tag refit brings
// it in: go test -tags 'nodynamic refit' -run TestFit -v ./planner/dots
func TestFit(t *testing.T) {
	const side, want = 100.0, 1.2
	f := Field{Mesh: dotstest.Plane{}.Square(side, 3), Density: func(headframe.Vec) float64 { return want }}
	plan := fittedStir()
	if *spring > 0 {
		plan.spring = *spring
	}
	for seed := range *fits {
		plan.own = fittedStir().own
		p, err := Place(context.Background(), dotstest.Plane{}, f, Options{Seed: uint64(seed), plan: &plan})
		if err != nil {
			t.Fatal(err)
		}
		var all []headframe.Vec
		var flat [][2]float64
		for _, d := range p.Dots {
			all = append(all, d.P)
			flat = append(flat, [2]float64{d.P[0], d.P[2]})
		}
		st := metric.Measure(all)
		t.Logf("R %.3f CV %.3f power %.3f g %s", st.R, st.CV, metric.Spectrum(flat, side), list3(st.G))
	}
	t.Logf("union: %s", list3(plan.union))
	t.Logf("own: %s", list3(plan.own))
}

func list3(x []float64) string {
	s := ""
	for _, v := range x {
		s += fmt.Sprintf("%.3f, ", v)
	}
	return s
}
