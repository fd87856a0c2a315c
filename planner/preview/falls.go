package preview

import "math"

// falls is a table of exp(-h), read between its steps: within 4e-5 of it, and
// faster than a series where a rendering needs it a million times.
type falls [fallSteps]struct{ value, more float32 }

// The table spans h of -fallFrom to 44. With the variance of a pixel's own size,
// 1/12, no spot asks for less than -17 or more than 17.
const (
	fallFrom  = 20
	fallFine  = 64
	fallSteps = 1 << 12
)

func newFalls() *falls {
	var f falls
	v := math.Exp(fallFrom)
	for i := range f {
		next := math.Exp(fallFrom - float64(i+1)/fallFine)
		f[i].value, f[i].more = float32(v), float32(next-v)
		v = next
	}
	return &f
}

func (f *falls) at(h float32) float32 {
	t := (h + fallFrom) * fallFine
	i := int32(t)
	step := &f[uint32(i)%fallSteps]
	return step.value + step.more*(t-float32(i))
}
