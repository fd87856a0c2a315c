package checks

import (
	"math"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

const (
	wanderMM = 30  // a line may wander in waves of up to this length: see craft.Macro
	finestMM = 1   // places along the line at which it is compared
	ruledMM  = 0.5 // RMS below which a line reads as ruled; assumption: half the smallest macro irregularity
)

// straightness is how far the middle half of the line departs from a smooth
// curve. A running mean alone would count the bend of the forehead as wandering.
func straightness(h *plan.Hairline) plan.Check {
	c := plan.Check{
		ID: "straightness", Name: "Irregular edge", Unit: "mm RMS", Limit: "at least 0.5 mm",
		Result: ok, Source: craft.Macro().Source,
	}
	line := spaced(h.Points, finestMM)
	const half = wanderMM / finestMM / 2
	rest := departures(departures(line, half), half)
	lost := max(0, len(line)/4-2*half) // the outer quarters, less what the means took
	rest = rest[min(lost, len(rest)/2) : len(rest)-min(lost, len(rest)/2)]
	if len(rest) == 0 {
		c.Result, c.Note = unknown, "The line is too short to tell."
		return c
	}
	sum := 0.0
	for _, d := range rest {
		sum += d.Dot(d)
	}
	c.Value = math.Sqrt(sum / float64(len(rest)))
	if c.Value < ruledMM {
		c.Result, c.Note = warn, "The line is ruler-straight: let it wander a little."
	}
	return c
}

// departures are the distances of points from the mean of those within half to
// both sides; points without so many neighbours have none.
func departures(p []headframe.Vec, half int) (out []headframe.Vec) {
	for i := half; i < len(p)-half; i++ {
		var sum headframe.Vec
		for _, q := range p[i-half : i+half+1] {
			sum = sum.Add(q)
		}
		out = append(out, p[i].Sub(sum.Mul(1/float64(2*half+1))))
	}
	return out
}

// spaced are places step apart along a line.
func spaced(p []headframe.Vec, step float64) (out []headframe.Vec) {
	next := 0.0 // way from p[i] to the next place
	for i := 0; i+1 < len(p); i++ {
		d := p[i+1].Sub(p[i])
		way := d.Norm()
		for ; next < way; next += step {
			out = append(out, p[i].Add(d.Mul(next/way)))
		}
		next -= way
	}
	return out
}
