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

// flight is a photon on its way.
type flight struct {
	step
	layer int
	depth float64 // of the layer's top
	left  float64 // share of it that the reference leaves, since it was last thinned out
}

// trace follows one photon that enters straight down at the origin. The path
// is overwritten by the next call.
func (t *tracer) trace() *path {
	p := &t.path
	p.steps, p.boost = p.steps[:0], 1
	if p.lengths == nil {
		p.lengths = make([]float64, len(t.Layers))
	}
	clear(p.lengths)
	f := flight{step: step{dz: 1}, left: 1}
	for {
		if scattered := t.fly(&f); scattered {
			f.dx, f.dy, f.dz = turn(f.dx, f.dy, f.dz, deflection(t.Layers[f.layer].Anisotropy, t.rng.Float64()), 2*math.Pi*t.rng.Float64())
		} else if done := t.cross(&f); done {
			return p
		}
		if f.left < thin {
			if t.rng.Float64()*saved >= 1 {
				p.boost = 0
				return p
			}
			f.left, p.boost = f.left*saved, p.boost*saved
		}
	}
}

// fly moves a photon to where it is scattered or to the border of its layer.
func (t *tracer) fly(f *flight) (scattered bool) {
	l := t.Layers[f.layer]
	free, border := t.rng.ExpFloat64()/l.Scattering, math.Inf(1)
	if f.dz > 0 {
		border = (f.depth + l.Thickness - f.z) / f.dz
	} else if f.dz < 0 {
		border = (f.depth - f.z) / f.dz
	}
	if f.length = min(free, border); f.length > 0 {
		if f.z < t.floor || f.z+f.dz*f.length < t.floor {
			t.path.steps = append(t.path.steps, f.step)
		}
		t.path.lengths[f.layer] += f.length
		f.left *= math.Exp(-t.reference[f.layer] * f.length)
	}
	f.x, f.y, f.z = f.x+f.dx*f.length, f.y+f.dy*f.length, f.z+f.dz*f.length
	return free < border
}

// cross takes a photon over the border it has come to; done tells that it has
// left the skin, or is lost below.
func (t *tracer) cross(f *flight) (done bool) {
	switch {
	case f.dz > 0:
		f.depth += t.Layers[f.layer].Thickness
		if f.layer++; f.layer == len(t.Layers) {
			t.path.boost = 0
			return true
		}
		f.z = f.depth
	case f.layer > 0:
		f.layer--
		f.z = f.depth
		f.depth -= t.Layers[f.layer].Thickness
	default:
		if f.z = 0; t.rng.Float64() >= reflected(-f.dz, t.Index) {
			return true
		}
		f.dz = -f.dz
	}
	return false
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
