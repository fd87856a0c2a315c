package dots

import (
	"math"

	"pointille/planner/craft"
)

// fittedStir returns what the tuning of stirring starts from. The potential of
// all dots is what tuning ended with over four patterns (TestFit, with the build tag
// refit), a little deeper at 1.2-1.4 spacings, by hand. That of a session is what
// tuning ended with before most dots had mates.
func fittedStir() stirPlan {
	return stirPlan{
		spring:  2,
		steps:   cooling(16, 6, 0.01),
		rate:    0.045,
		ownRate: 0.22,
		union: []float64{
			12.000, 10.500, 9.000, 7.430, 5.570, 3.600, 1.810,
			-1.800, -5.240, -7.670, -8.070, -8.236, -7.940, -6.870,
			-5.296, -3.720, -2.134, -0.850, 0.290, 0, 0,
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

// aimedGaps is the pair correlation that all dots are tuned to: the human table with
// more close pairs, which the mean nearest distance of follicles asks for, as not all
// close neighbours can be the only ones; and with a few more from 0.8 spacings on, as
// springs and stirring always fall a tenth short there.
func aimedGaps() []craft.FollicleGap {
	gaps := seenGaps()
	for k := range gaps {
		switch r := gaps[k].R; {
		case r > 0.8:
			gaps[k].G += 0.08
		case r > 0.4:
			gaps[k].G += 0.10
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
