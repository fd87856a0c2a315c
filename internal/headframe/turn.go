package headframe

import (
	"math"

	"gonum.org/v1/gonum/mat"
)

// Slack is how far a camera may move from where it started, one standard
// deviation each.
type Slack struct {
	Turn  float64 // radians, about each axis
	Shift float64 // mm, across the view and along it
	Focal float64 // of the logarithm of the focal length
}

// Turn moves cam so that the surface's outline lies on o and the evidence is
// met, held to where the camera started by slack. An outline of too few points
// moves nothing by itself.
func (o Outline) Turn(s Surface, start, cam Camera, slack Slack, more ...Evidence) Camera {
	if len(o) < FewestOutline {
		if len(more) == 0 {
			return cam
		}
		o = nil
	}
	t := turner{o, s, append([]Evidence{slack.held(start)}, more...)}
	lambda, at := 1e-2, t.system(cam)
	for range 10 {
		d, ok := at.solve(lambda)
		if !ok {
			return cam
		}
		next := cam.moves(d, -1)
		to := t.system(next)
		if !(to.cost < at.cost) {
			if lambda *= 10; lambda > 1e4 {
				return cam
			}
			continue
		}
		done := at.cost-to.cost < 1e-4*at.cost
		cam, at, lambda = next, to, lambda/5
		if done {
			break
		}
	}
	return cam
}

// held is the distance from the start in sigmas. Depth and focal length go
// together, so depth alone is held by the size of heads.
func (s Slack) held(start Camera) Residuals {
	return func(c Camera) []float64 {
		turn, shift, focal := start.Difference(c)
		return []float64{
			turn[0] / s.Turn, turn[1] / s.Turn, turn[2] / s.Turn,
			shift[0] / s.Shift, shift[1] / s.Shift, shift[2] / (0.3 * max(start.T[2], 1)),
			focal / s.Focal,
		}
	}
}

type turner struct {
	o    Outline
	s    Surface
	more []Evidence
}

// system is the cost of a camera and its Gauss-Newton system; only the upper
// half of h is filled.
type system struct {
	cost float64
	h    [moves][moves]float64
	g    [moves]float64
}

// add takes in a residual with its slope and weight.
func (s *system) add(r float64, slope *Slope, weight float64) {
	for a := range moves {
		w := weight * slope[a]
		s.g[a] += w * r
		for b := a; b < moves; b++ {
			s.h[a][b] += w * slope[b]
		}
	}
}

func (t turner) system(cam Camera) *system {
	out := &system{}
	share := t.o.share()
	for _, q := range t.o {
		gap, slope := t.s.GapSlope(cam, q)
		out.cost += loss(gap) * share
		out.add(gap, &slope, t.o.Weight(gap))
	}
	for _, evidence := range t.more {
		r, slopes := evidence.Slopes(cam)
		for i := range r {
			out.cost += r[i] * r[i] / 2
			out.add(r[i], &slopes[i], 1)
		}
	}
	return out
}

// solve returns the damped step.
func (s *system) solve(lambda float64) (d [moves]float64, ok bool) {
	damped := mat.NewSymDense(moves, nil)
	for a := range moves {
		for b := a; b < moves; b++ {
			damped.SetSym(a, b, s.h[a][b])
		}
		damped.SetSym(a, a, s.h[a][a]*(1+lambda))
	}
	var chol mat.Cholesky
	var x mat.VecDense
	if !chol.Factorize(damped) || chol.SolveVecTo(&x, mat.NewVecDense(moves, s.g[:])) != nil {
		return d, false
	}
	copy(d[:], x.RawVector().Data)
	for _, v := range d {
		if math.IsNaN(v) {
			return d, false
		}
	}
	return d, true
}
