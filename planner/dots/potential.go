package dots

import (
	"math"

	"pointille/planner/craft"
)

// fittedStir returns what the tuning of stirring starts from. The potential of
// all dots came from weighted least squares on the pair correlations that small
// changes of it gave, against the largest difference from follicles, and was
// then adjusted by hand. That of a session is what tuning itself ended with
// (TestFit, with the build tag refit).
func fittedStir() stirPlan {
	return stirPlan{
		spring:  6,
		steps:   cooling(16, 6, 0.01),
		rate:    0.03,
		ownRate: 0.22,
		union: []float64{
			12.800, 11.300, 9.800, 8.300, 7.600, 2.650, -0.300,
			-1.800, -4.250, -5.800, -6.450, -6.880, -6.680, -6.000,
			-4.800, -3.400, -2.000, -0.850, 0.290, 0, 0,
		},
		own: []float64{
			5.400, 4.600, 3.800, 1.564, 0.467, 0.879, 0.359, 0.103, -0.623, -1.068, -1.505,
			-1.501, -1.488, -1.257, -1.204, -0.864, -0.783, -0.632, 0, 0, 0,
		},
	}
}

// seenGaps is the pair correlation of follicles as far as fields of 10 mm² tell
// it well.
func seenGaps() []craft.FollicleGap { return craft.FollicleGaps()[:14] }

// aimedGaps is the pair correlation that all dots are tuned to. Two things
// cannot be had with the human table as it stands. It has more neighbours at
// 0.8-1.6 spacings than springs and stirring bring about on even skin: here all of
// them are a tenth fewer. And the mean nearest distance of
// follicles asks for more close pairs than it lists.
func aimedGaps() []craft.FollicleGap {
	gaps := seenGaps()
	for k := range gaps {
		switch r := gaps[k].R; {
		case r > 0.8:
			gaps[k].G -= 0.09
		case r > 0.4:
			gaps[k].G += 0.05
		}
	}
	return gaps
}

// cooling returns the mobilities of hot rounds, then of rounds that come to rest.
func cooling(hot, rest int, tau float64) []float64 {
	steps := make([]float64, hot+rest)
	for i := range steps {
		steps[i] = tau
		if i >= hot {
			steps[i] = tau * math.Pow(0.75, float64(i-hot+1))
		}
	}
	return steps
}
