package dots

import "math"

// fittedStir returns the fit to human follicles, made by
// go test ./planner/dots -run TestFit -refit.
func fittedStir() stirPlan {
	return stirPlan{
		spring: 6,
		steps:  cooling(20, 8, 0.01),
		union: []float64{
			6.822, 6.022, 5.222, 4.422, 4.201, 2.249, 1.822, 1.042, -0.273, -1.148, -1.600,
			-1.863, -1.937, -1.835, -1.499, -1.108, -0.992, -0.637, 0, 0, 0,
		},
		own: []float64{
			5.4, 4.6, 3.8, 3, 1.8, 1.3, 1, 0.7, 0.3, 0, -0.2,
			-0.3, -0.3, -0.2, -0.1, 0, 0, 0, 0, 0, 0,
		},
	}
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
