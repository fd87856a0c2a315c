package dots

import "math"

// fittedStir returns the fit to human follicles, made by
// go test ./planner/dots -run TestFit -refit.
func fittedStir() stirPlan {
	return stirPlan{
		spring: 6,
		steps:  cooling(20, 8, 0.01),
		union: []float64{
			7.373, 6.573, 5.773, 4.925, 3.783, 1.077, 0.805, -0.579, -2.436, -3.623, -4.238,
			-4.543, -4.472, -4.039, -3.590, -2.404, -2.054, -1.615, 0, 0, 0,
		},
		own: []float64{
			5.400, 4.600, 3.800, 1.564, 0.467, 0.879, 0.359, 0.103, -0.623, -1.068, -1.505,
			-1.501, -1.488, -1.257, -1.204, -0.864, -0.783, -0.632, 0, 0, 0,
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
