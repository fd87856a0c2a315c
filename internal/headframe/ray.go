package headframe

import "math"

// reachMM is a radius about the centre of an average head that holds all of
// its surface.
const reachMM = 150

// Intersect returns where the ray from eye in the unit direction dir first
// meets the skin, to within 0.01 mm; ok is false where it misses. An eye inside
// the head sees nothing.
func (s Surface) Intersect(eye, dir Vec) (p Vec, ok bool) {
	from, to, ok := throughSphere(eye.Sub(s.centre), dir, reachMM*s.Shape[0])
	if !ok {
		return Vec{}, false
	}
	at := func(t float64) Vec { return eye.Add(dir.Mul(t)) }
	last := from
	for t := from; t <= to; {
		h, g := s.Height(at(t))
		if h <= 0 {
			if t == from {
				return Vec{}, false
			}
			return s.bisect(eye, dir, last, t), true
		}
		last = t
		// The height falls at the rate of its gradient along the ray; a step
		// of 60 % of what that predicts does not pass through a bulge. A ray
		// that grazes advances by a fraction of the height.
		rate := -g.Dot(dir)
		step := 0.6 * h
		if rate > 0 {
			step = min(0.6*h/rate, 2*h)
		}
		t += max(step, 0.3)
	}
	return Vec{}, false
}

// bisect narrows a crossing between out (outside) and in (inside).
func (s Surface) bisect(eye, dir Vec, out, in float64) Vec {
	for range 10 {
		mid := (out + in) / 2
		if h, _ := s.Height(eye.Add(dir.Mul(mid))); h > 0 {
			out = mid
		} else {
			in = mid
		}
	}
	return eye.Add(dir.Mul((out + in) / 2))
}

// throughSphere returns where a ray from e (relative to the centre) enters and
// leaves a sphere, both at least 0.
func throughSphere(e, dir Vec, radius float64) (from, to float64, ok bool) {
	b, c := e.Dot(dir), e.Dot(e)-radius*radius
	d := b*b - c
	if d <= 0 || -b+math.Sqrt(d) <= 0 {
		return 0, 0, false
	}
	return max(0, -b-math.Sqrt(d)), -b + math.Sqrt(d), true
}
