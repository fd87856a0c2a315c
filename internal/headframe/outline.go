package headframe

import "math"

// Outline is where a photo shows the head ending against something else:
// pixels on the border of scalp and forehead.
type Outline [][2]float64

const (
	// FewestOutline is the number of points below which an outline says nothing.
	FewestOutline = 20
	// sigma of one point, mm: hair has thickness, borders are 2-4 px wide
	edgeSigma = 3.0
	// neighbouring points err together: this many are independent
	outlineFree = 40
	// where a point starts to count as an outlier, sigmas
	huberAt = 2.0
)

// Gap is how far the ray through pixel q passes the surface, mm: negative where
// it enters the head. dir is the direction from the centre to the nearest place.
func (s Surface) Gap(cam Camera, q [2]float64) (mm float64, dir Vec) {
	p := s.passes(cam, q)
	e := p.Sub(s.centre)
	dir = s.direction(p)
	return e.Norm() - s.Radius(dir), dir
}

// GapSlope is Gap and how it changes with the camera. The place where the ray is
// nearest moves along the ray, where the height is level: so only the move of
// the ray itself counts.
func (s Surface) GapSlope(cam Camera, q [2]float64) (mm float64, slope Slope) {
	p := s.passes(cam, q)
	mm, up := s.Height(p)
	up, arm := cam.turned(up), cam.turned(p)
	at, turn := arm.Add(cam.T), up.Cross(arm)
	return mm, Slope{turn[0], turn[1], turn[2], -up[0], -up[1], -up[2], -up[0]*at[0] - up[1]*at[1]}
}

// passes is where the ray through pixel q is nearest to the surface.
func (s Surface) passes(cam Camera, q [2]float64) Vec {
	eye, ray := cam.Eye(), cam.Ray(q[0], q[1])
	from := eye.Sub(s.centre)
	height := func(t float64) float64 {
		e := from.Add(ray.Mul(t))
		n := e.Norm()
		return n - s.Radius(e.Mul(1/max(n, 1e-9)))
	}
	// The height along the ray is nearly a parabola about its lowest place; a
	// millimetre along the ray changes it by hundredths.
	t := -from.Dot(ray)
	for _, step := range [3]float64{40, 15, 5} {
		t = lowest(height, t, step*s.Shape[0])
	}
	return eye.Add(ray.Mul(t))
}

// lowest is where the parabola through f at t and step to either side is lowest,
// at most twice the step away.
func lowest(f func(float64) float64, t, step float64) float64 {
	a, b, c := f(t-step), f(t), f(t+step)
	bend := a - 2*b + c
	if bend <= 0 {
		if a < c {
			return t - step
		}
		return t + step
	}
	return t + step*max(-2, min(2, (a-c)/(2*bend)))
}

// Weight is how much one of the outline's points counts, per mm², given its gap.
func (o Outline) Weight(gap float64) float64 {
	r := math.Abs(gap) / edgeSigma
	return o.share() * min(1, huberAt/max(r, 1e-9))
}

func (o Outline) share() float64 {
	return min(1, float64(outlineFree)/float64(max(len(o), 1))) / (edgeSigma * edgeSigma)
}

// loss is Huber's, whose second derivative at 0 is that of mm²/2.
func loss(mm float64) float64 {
	if r := math.Abs(mm) / edgeSigma; r > huberAt {
		return huberAt * edgeSigma * (math.Abs(mm) - huberAt*edgeSigma/2)
	}
	return mm * mm / 2
}

// RMS is the root mean square gap, mm; 0 for an empty outline.
func (o Outline) RMS(s Surface, cam Camera) float64 {
	sum := 0.0
	for _, q := range o {
		r, _ := s.Gap(cam, q)
		sum += r * r
	}
	return math.Sqrt(sum / float64(max(len(o), 1)))
}

// Cost is how badly a camera meets the outline and the evidence, in half squares
// of standard deviations. Costs of different cameras can be compared.
func (o Outline) Cost(s Surface, cam Camera, more ...Evidence) float64 {
	sum := 0.0
	if len(o) >= FewestOutline {
		for _, q := range o {
			gap, _ := s.Gap(cam, q)
			sum += loss(gap) * o.share()
		}
	}
	for _, evidence := range more {
		for _, r := range evidence.Of(cam) {
			sum += r * r / 2
		}
	}
	return sum
}
