package dots

import (
	"math"

	"pointille/planner/craft"
)

// fittedStir returns what the tuning of stirring starts from. The tables are
// those that tuning itself ended with (TestFit, with the build tag refit),
// smoothed by hand so that nothing gathers at 1.6 spacings.
func fittedStir() stirPlan {
	return stirPlan{
		spring:  16,
		steps:   cooling(20, 8, 0.01),
		rate:    0.03,
		ownRate: 0.2,
		union: []float64{
			7.373, 6.573, 5.773, 4.925, 3.783, 1.077, 0.605, -1.179, -2.936, -3.923, -4.638,
			-4.843, -4.772, -4.189, -3.590, -2.104, -1.454, -0.815, 0, 0, 0,
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
// cannot be had with the human table as it stands. It has so many neighbours at
// 1.0-1.4 spacings that large areas would be as uneven as 0.4 of unrelated
// points: here they are as many as even skin has room for. And the mean
// nearest distance of follicles asks for more close pairs than it lists.
func aimedGaps() []craft.FollicleGap {
	gaps := seenGaps()
	for k := range gaps {
		switch r := gaps[k].R; {
		case r > 0.4 && r < 0.8:
			gaps[k].G += env("OFFA", 0.05)
		case r > 0.8 && r < 1.2:
			gaps[k].G -= env("OFFB", 0.1)
		case r > 1.2:
			gaps[k].G -= env("OFFC", 0.05)
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
