package headframe

import "math"

// reach bounds the radius of any usable head at size 1, mm.
const reach = 190

// touching is the height at which a ray counts as having met the skin, mm.
const touching = 1e-4

// nearly is the height from which one more step along a steep ray ends within
// touching, as the skin bends by less than 2 % a mm; steep is its slope.
const (
	nearly = 1e-2
	steep  = -0.2
)

// grazing is the slope, height per way, below which a ray runs along the skin.
const grazing = 0.02

// shallow is the height below which the skin is as good as convex, mm.
const shallow = 3

// Intersect returns the nearest point of the skin on the ray from eye along
// dir (length 1); ok is false where the ray passes the head by, points away
// from it, or starts inside.
func (s Surface) Intersect(eye, dir Vec) (p Vec, ok bool) {
	out, far, ok := s.span(eye, dir)
	if !ok {
		return Vec{}, false
	}
	in := math.Inf(1)
	t := out
	for i := 0; i < 100 && t < far; i++ {
		p = eye.Add(dir.Mul(t))
		h, g := s.Height(p)
		slope := g.Dot(dir)
		switch {
		case math.Abs(h) < touching:
			return p, true
		case math.Abs(h) < nearly && slope < steep:
			return eye.Add(dir.Mul(t - h/slope)), true
		case h < 0 && i == 0:
			return Vec{}, false
		case h < 0:
			in = t
		default:
			out = t
		}
		switch {
		case !math.IsInf(in, 1):
			t -= h / slope
		case slope > -grazing: // leaving the skin: on, in case it leaves only a hollow
			t += 0.6*h + 1
		case h > shallow: // a full Newton step could jump over brow or ridge
			t += min(-h/slope, 1.3*h)
		default: // near the rim the skin may bend towards the ray and away again
			t += min(-h/slope, leap*h)
		}
		if t <= out || t >= in {
			t = (out + in) / 2
		}
	}
	return p, !math.IsInf(in, 1)
}

// leap is the longest step towards the skin, heights: a ray that nears it by a
// fiftieth of its way still meets it within the steps there are.
const leap = 8

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
