package headfit

import (
	"gonum.org/v1/gonum/mat"

	"pointille/internal/headframe"
)

// shapeBlur is how widely regions are blurred when the shape is sought.
const shapeBlur = 2

// mostModes is how far a mode of shape may go, standard deviations.
const mostModes = 3

// Reshape moves the head's shape, at its size, one step towards what all photos
// say through their cameras and heads allow: each mode has a standard
// deviation of one.
func Reshape(head headframe.Surface, photos []*Photo, cams []headframe.Camera) headframe.Surface {
	s := newShaper(head)
	for i, p := range photos {
		bare := p.bare(head, cams[i])
		s.outline(bare, cams[i], func(gap float64) (r, w float64) { return gap, bare.Weight(gap) })
		k, off := p.hairyWeight(), p.offSkin(p.hairyGaps(head, cams[i]))
		s.outline(p.Hairy, cams[i], func(gap float64) (r, w float64) {
			r = gap - off
			if r > mostOff || r < -mostOff {
				return r, 0
			}
			return r, k * k
		})
		s.regions(p, cams[i])
	}
	return s.step()
}

// ShapeCost is how unusual a shape is, in half squares of standard deviations.
func ShapeCost(head headframe.Surface) float64 {
	sum := 0.0
	for _, w := range head.Shape[1:] {
		sum += w * w / 2
	}
	return sum
}

type shaper struct {
	head headframe.Surface
	h    *mat.SymDense
	g    *mat.VecDense
}

const modes = headframe.ModeCount

func newShaper(head headframe.Surface) *shaper {
	s := &shaper{head, mat.NewSymDense(modes, nil), mat.NewVecDense(modes, nil)}
	for a := range modes {
		s.h.SetSym(a, a, 1)
		s.g.SetVec(a, head.Shape[1+a])
	}
	return s
}

// add takes in a residual r with its slopes and its weight.
func (s *shaper) add(slope [modes]float64, r, w float64) {
	for a := range modes {
		s.g.SetVec(a, s.g.AtVec(a)+w*slope[a]*r)
		for b := a; b < modes; b++ {
			s.h.SetSym(a, b, s.h.At(a, b)+w*slope[a]*slope[b])
		}
	}
}

func (s *shaper) outline(o headframe.Outline, cam headframe.Camera, weigh func(gap float64) (r, w float64)) {
	if len(o) < headframe.FewestOutline {
		return
	}
	for _, q := range o {
		gap, dir := s.head.Gap(cam, q)
		r, w := weigh(gap)
		if w > 0 {
			s.add(s.outward(dir, -1), r, w) // the gap shrinks as the head grows
		}
	}
}

// outward is how the radius grows with each mode, times k, mm.
func (s *shaper) outward(dir headframe.Vec, k float64) (out [modes]float64) {
	g := s.head.ShapeGradient(dir)
	for a := range modes {
		out[a] = k * g[1+a]
	}
	return out
}

func (s *shaper) regions(p *Photo, cam headframe.Camera) {
	const step = 1.0 // mm along the radius
	l := p.likeness(s.head, cam, shapeBlur)
	for i := range l.marks {
		m := &l.marks[i]
		r := l.per * (1 - l.fits(cam, m.p, &m.want))
		plus := l.fits(cam, m.p.Add(m.dir.Mul(step)), &m.want)
		minus := l.fits(cam, m.p.Sub(m.dir.Mul(step)), &m.want)
		if slope := -l.per * (plus - minus) / (2 * step); slope != 0 {
			s.add(s.outward(m.dir, slope), r, 1)
		}
	}
}

func (s *shaper) step() headframe.Surface {
	var chol mat.Cholesky
	var d mat.VecDense
	if !chol.Factorize(s.h) || chol.SolveVecTo(&d, s.g) != nil {
		return s.head
	}
	shape := append([]float64(nil), s.head.Shape...)
	for a := range modes {
		shape[1+a] = max(-mostModes, min(mostModes, shape[1+a]-d.AtVec(a)))
	}
	return s.head.With(shape)
}
