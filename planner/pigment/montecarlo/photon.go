package montecarlo

import (
	"math"
	"math/rand/v2"
)

// step is one straight flight between two scatterings or borders.
type step struct {
	x, y, z    float64 // where it begins
	dx, dy, dz float64 // direction
	length     float64
}

// path is what one photon did. Its weight on leaving is boost times what
// absorption left over the lengths in each layer.
type path struct {
	steps   []step // those that came above floor and within reach of the origin
	lengths []float64
	boost   float64 // 0: lost
}

// tracer follows photons through one medium.
type tracer struct {
	Medium
	reference []float64 // absorption of the lightest skin asked for: photons it has all but absorbed are thinned out
	floor     float64   // steps wholly below are not kept
	rng       *rand.Rand
	path      path
}

// Below thin a photon survives once in saved times, with as many times its weight.
const (
	thin  = 0.02
	saved = 5
)

// trace follows one photon that enters straight down at the origin. The path
// is overwritten by the next call.
func (t *tracer) trace() *path {
	p := &t.path
	p.steps, p.boost = p.steps[:0], 1
	if p.lengths == nil {
		p.lengths = make([]float64, len(t.Layers))
	}
	clear(p.lengths)
	s := step{dz: 1}
	layer, depth, left := 0, 0.0, 1.0 // depth: top of the layer
	for {
		l := t.Layers[layer]
		free := t.rng.ExpFloat64() / l.Scattering
		s.length = free
		border := math.Inf(1)
		if s.dz > 0 {
			border = (depth + l.Thickness - s.z) / s.dz
		} else if s.dz < 0 {
			border = (depth - s.z) / s.dz
		}
		if s.length = min(free, border); s.length > 0 {
			if s.z < t.floor || s.z+s.dz*s.length < t.floor {
				p.steps = append(p.steps, s)
			}
			p.lengths[layer] += s.length
			left *= math.Exp(-t.reference[layer] * s.length)
		}
		s.x, s.y, s.z = s.x+s.dx*s.length, s.y+s.dy*s.length, s.z+s.dz*s.length
		switch {
		case free < border:
			s.dx, s.dy, s.dz = turn(s.dx, s.dy, s.dz, deflection(l.Anisotropy, t.rng.Float64()), 2*math.Pi*t.rng.Float64())
		case s.dz > 0:
			depth += l.Thickness
			if layer++; layer == len(t.Layers) {
				p.boost = 0
				return p
			}
			s.z = depth
		case layer > 0:
			layer--
			s.z = depth
			depth -= t.Layers[layer].Thickness
		default:
			if s.z = 0; t.rng.Float64() >= reflected(-s.dz, t.Index) {
				return p
			}
			s.dz = -s.dz
		}
		if left < thin {
			if t.rng.Float64()*saved >= 1 {
				p.boost = 0
				return p
			}
			left, p.boost = left*saved, p.boost*saved
		}
	}
}

// weight is the share of light that comes back along the path in skin of the
// given absorption.
func (p *path) weight(absorption []float64) float64 {
	sum := 0.0
	for i, l := range p.lengths {
		sum += absorption[i] * l
	}
	return p.boost * math.Exp(-sum)
}

// deflection is the cosine of the scattering angle (Henyey and Greenstein).
func deflection(g, u float64) float64 {
	if math.Abs(g) < 1e-6 {
		return 2*u - 1
	}
	f := (1 - g*g) / (1 - g + 2*g*u)
	return max(-1, min(1, (1+g*g-f*f)/(2*g)))
}

// turn returns the direction turned by an angle of the given cosine, about
// itself by phi.
func turn(x, y, z, cos, phi float64) (tx, ty, tz float64) {
	sin := math.Sqrt(1 - cos*cos)
	s, c := math.Sincos(phi)
	flat := math.Sqrt(x*x + y*y)
	if flat < 1e-6 {
		return sin * c, sin * s, math.Copysign(cos, z*cos)
	}
	tx = sin*(x*z*c-y*s)/flat + x*cos
	ty = sin*(y*z*c+x*s)/flat + y*cos
	tz = -sin*c*flat + z*cos
	n := 1 / math.Sqrt(tx*tx+ty*ty+tz*tz)
	return tx * n, ty * n, tz * n
}

// reflected is the share of light that the surface throws back into the
// medium, by the cosine of its angle inside (Fresnel, unpolarised).
func reflected(cos, index float64) float64 {
	if index == 1 {
		return 0
	}
	sin2 := index * index * (1 - cos*cos)
	if sin2 >= 1 {
		return 1
	}
	out := math.Sqrt(1 - sin2)
	s := (index*cos - out) / (index*cos + out)
	p := (cos - index*out) / (cos + index*out)
	return (s*s + p*p) / 2
}
