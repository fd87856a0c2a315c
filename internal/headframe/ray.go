package headframe

import "math"

// reach bounds the radius of any usable head at size 1, mm.
const reach = 190

// touching is the height at which a ray counts as having met the skin, mm.
const touching = 1e-4

// Intersect returns the nearest point of the skin on the ray from eye along
// dir (length 1); ok is false where the ray passes the head by, points away
// from it, or starts inside.
func (s Surface) Intersect(eye, dir Vec) (p Vec, ok bool) {
	low, high, ok := s.span(eye, dir)
	if !ok {
		return Vec{}, false
	}
	t := low
	inside := math.Inf(1)
	for i := range 60 {
		p = eye.Add(dir.Mul(t))
		h, g := s.Height(p)
		slope := g.Dot(dir)
		if math.Abs(h) < touching {
			return p, true
		}
		switch {
		case h < 0 && i == 0:
			return Vec{}, false
		case h < 0:
			inside = t
		case slope >= 0 && math.IsInf(inside, 1):
			return Vec{}, false
		default:
			low = t
		}
		t -= h / slope
		if !(t > low && t < inside) {
			t = (low + min(inside, high)) / 2
		}
		if t >= high-1e-9 {
			return Vec{}, false
		}
	}
	return p, !math.IsInf(inside, 1)
}

// Clearance returns the point of the ray from eye along dir (length 1) that is
// least outside, or deepest inside, the skin, and its height: positive where
// the ray passes the head by, negative where it goes through. Rays with height
// 0 draw the silhouette.
func (s Surface) Clearance(eye, dir Vec) (p Vec, height float64) {
	middle := s.centre.Sub(eye).Dot(dir)
	low, high := middle-60*s.Shape[0], middle+60*s.Shape[0]
	slope := func(t float64) float64 {
		_, g := s.Height(eye.Add(dir.Mul(t)))
		return g.Dot(dir)
	}
	fl, fh := slope(low), slope(high)
	t := middle
	for range 20 {
		if fh-fl < 1e-12 {
			break
		}
		next := low - fl*(high-low)/(fh-fl)
		if math.Abs(next-t) < 0.05 {
			t = next
			break
		}
		t = next
		f := slope(t)
		if f < 0 {
			low, fl, fh = t, f, fh/2
		} else {
			high, fh, fl = t, f, fl/2
		}
	}
	t = max(t, 0)
	p = eye.Add(dir.Mul(t))
	height, _ = s.Height(p)
	return p, height
}

// span returns where the ray runs inside the ball that holds the head.
func (s Surface) span(eye, dir Vec) (near, far float64, ok bool) {
	r := reach * s.Shape[0]
	e := s.centre.Sub(eye)
	middle := e.Dot(dir)
	gap := e.Dot(e) - middle*middle
	if gap > r*r {
		return 0, 0, false
	}
	half := math.Sqrt(r*r - gap)
	return max(0, middle-half), middle + half, middle+half > 0
}
