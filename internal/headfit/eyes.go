package headfit

import (
	"pointille/internal/raster"
	"pointille/vision/survey"
)

// eyes look at a photo's regions and hair, a little blurred.
type eyes struct {
	class  [Classes]*raster.Plane
	growth *raster.Plane // nil: not known
}

func (p *Photo) eyes() eyes {
	k := p.knowing()
	e := eyes{class: k.blurred(p, fine)}
	if p.Growth != nil {
		e.growth = k.blurredGrowth(p)
	}
	return e
}

// at is what the head's share of the grid shows at (u, v), and how that changes
// along both. head is that share, 0..1: what lies beside the head is passed over.
func (e eyes) at(u, v float64) (is, du, dv looks, head float64) {
	var sum, sumU, sumV float64
	for k := survey.Skin; k < Classes; k++ {
		is[k], du[k], dv[k] = sample(e.class[k], u, v)
		sum, sumU, sumV = sum+is[k], sumU+du[k], sumV+dv[k]
	}
	if e.growth != nil {
		is[Classes], du[Classes], dv[Classes] = sample(e.growth, u, v)
	}
	s := max(sum, leastHead)
	for k := range is {
		is[k] /= s
		if sum > leastHead {
			du[k] -= is[k] * sumU
			dv[k] -= is[k] * sumV
		}
		du[k], dv[k] = du[k]/s, dv[k]/s
	}
	return is, du, dv, sum
}

// leastHead is the share of head in a cell from which it is looked at.
const leastHead = 0.5

func sample(p *raster.Plane, u, v float64) (is, du, dv float64) {
	a, b, c := p.SampleSlope(u, v)
	return float64(a), float64(b), float64(c)
}

// within reports whether (u, v) lies on the grid.
func (e eyes) within(u, v float64) bool { return onGrid(e.class[0], u, v) }

func onGrid(p *raster.Plane, u, v float64) bool {
	return u >= -0.5 && v >= -0.5 && u <= float64(p.W)-0.5 && v <= float64(p.H)-0.5
}
