package headframe

import (
	"fmt"
	"math"
)

// Surface is the skin of a head as a radius about a centre, in every
// direction: the average head plus its usual deformations.
//
// It describes scalp, forehead and temples. Nose, ears and neck are smoothed
// away, because a radius cannot describe them; below the brows it is a rough
// guide only. A Surface is immutable and safe for concurrent use; the zero
// Surface is not usable, see Mean and NewSurface.
type Surface struct {
	Shape []float64 // relative size, then the weight of each mode in standard deviations

	centre Vec
	skin   *sphere // size included
	base   *base
}

// base is what all shapes share.
type base struct {
	mean    [terms]float64
	modes   [modeCount][terms]float64
	plain   *sphere
	outline []border
	marks   []mark
	ears    []mark
}

// ModeCount is the number of shape modes: Shape has one entry more.
const ModeCount = modeCount

// Mean returns the average adult head: two men for each woman, all origins.
func Mean() Surface {
	s, _ := NewSurface(nil)
	return s
}

// NewSurface returns the head of the given shape: relative size (1 is the
// average), then mode weights in standard deviations; missing weights are 0,
// and an empty shape is the average head. It fails on a size that is not
// between 0.5 and 2, on weights beyond ±6, and on too many weights.
func NewSurface(shape []float64) (Surface, error) {
	if len(shape) > modeCount+1 {
		return Surface{}, fmt.Errorf("head shape has %d parameters, at most %d are known", len(shape), modeCount+1)
	}
	full := make([]float64, modeCount+1)
	full[0] = 1
	copy(full, shape)
	if !(full[0] >= 0.5 && full[0] <= 2) {
		return Surface{}, fmt.Errorf("head size %g is outside 0.5 to 2 times the average", full[0])
	}
	for i, w := range full[1:] {
		if !(math.Abs(w) <= 6) {
			return Surface{}, fmt.Errorf("head shape mode %d has weight %g, beyond 6 standard deviations", i+1, w)
		}
	}
	b := &base{mean: meanCoefficients(), modes: modeCoefficients(), plain: newSphere()}
	average := Surface{base: b}.deform(append([]float64{1}, make([]float64, modeCount)...))
	b.outline, b.marks, b.ears = newOutline(), newMarks(average), newEars(average)
	return average.deform(full), nil
}

// With returns the head with another full shape (ModeCount+1 entries). It is
// much cheaper than NewSurface and takes the values unchecked: it is meant for
// solvers.
func (s Surface) With(shape []float64) Surface { return s.deform(shape) }

func (s Surface) deform(shape []float64) Surface {
	c := s.base.mean
	for k, w := range shape[1:] {
		if w == 0 {
			continue
		}
		for i, m := range s.base.modes[k] {
			c[i] += w * m
		}
	}
	for i := range c {
		c[i] *= shape[0]
	}
	return Surface{
		Shape:  append([]float64(nil), shape...),
		centre: Vec{0, centreY * shape[0], 0},
		skin:   s.base.plain.with(&c),
		base:   s.base,
	}
}

// Centre returns the point about which the radius is measured.
func (s Surface) Centre() Vec { return s.centre }

// Radius returns the distance, mm, from the centre to the skin in the
// direction dir, which must have length 1.
func (s Surface) Radius(dir Vec) float64 {
	return s.skin.radius(dir)
}

// Point returns the skin in the direction dir (length 1) from the centre.
func (s Surface) Point(dir Vec) Vec { return s.centre.Add(dir.Mul(s.Radius(dir))) }

// Normal returns the outward unit normal of the skin in the direction dir.
func (s Surface) Normal(dir Vec) Vec {
	r, g := s.skin.gradient(dir)
	return dir.Mul(r).Sub(g).Unit()
}

// Project moves p along the line through the centre onto the skin and returns
// the point and the outward unit normal there. Within a few millimetres of the
// skin that is the nearest point to within a fifth of the distance.
func (s Surface) Project(p Vec) (q, n Vec) {
	dir := s.direction(p)
	r, g := s.skin.gradient(dir)
	return s.centre.Add(dir.Mul(r)), dir.Mul(r).Sub(g).Unit()
}

// Nearest returns the point of the skin closest to p, and its normal. It is
// meant for points within a centimetre of the skin.
func (s Surface) Nearest(p Vec) (q, n Vec) {
	q, n = s.Project(p)
	for range 8 {
		tangent := p.Sub(q)
		tangent = tangent.Sub(n.Mul(tangent.Dot(n)))
		if tangent.Norm() < 1e-7 {
			break
		}
		q, n = s.Project(q.Add(tangent))
	}
	return q, n
}

// Height returns how far p lies outside the skin, mm, measured along the line
// from the centre, with the gradient of that height at p.
func (s Surface) Height(p Vec) (h float64, gradient Vec) {
	e := p.Sub(s.centre)
	n := e.Norm()
	dir := s.direction(p)
	r, g := s.skin.gradient(dir)
	return n - r, dir.Sub(g.Mul(1 / max(n, 1e-9)))
}

// ShapeGradient returns how the radius in the direction dir (length 1) changes
// with each entry of Shape, mm, the centre held fixed.
func (s Surface) ShapeGradient(dir Vec) [ModeCount + 1]float64 {
	b := s.base.plain.basis(dir)
	var out [ModeCount + 1]float64
	for k := range modeCount {
		sum := 0.0
		for i, v := range b {
			sum += s.base.modes[k][i] * v
		}
		out[k+1] = sum * s.Shape[0]
	}
	out[0] = s.Radius(dir) / s.Shape[0]
	return out
}

// Direction returns the unit direction from the centre to p.
func (s Surface) Direction(p Vec) Vec { return s.direction(p) }

func (s Surface) direction(p Vec) Vec {
	d := p.Sub(s.centre).Unit()
	if d == (Vec{}) {
		return Vec{0, 1, 0}
	}
	return d
}
