package preview

import "math"

// falls is a table of exp(-q/2), read between its steps: within 8e-6 of it, and
// faster than a series where a rendering needs it a million times.
type falls [fallSteps + 1]float32

// The table spans q/2 of -fallSpan to fallSpan; a dot's rows stay within.
const (
	fallSpan  = 16
	fallFine  = 128
	fallSteps = 2 * fallSpan * fallFine
)

func newFalls() *falls {
	var f falls
	for i := range f {
		f[i] = float32(math.Exp(float64(i)/fallFine - fallSpan))
	}
	return &f
}

func (f *falls) at(q float64) float32 {
	t := (fallSpan - q/2) * fallFine
	if !(t >= 0 && t < fallSteps) {
		return float32(math.Exp(-q / 2))
	}
	i := int(t)
	return f[i] + (f[i+1]-f[i])*float32(t-float64(i))
}
