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
	eye, ray := cam.Eye(), cam.Ray(q[0], q[1])
	mid := s.centre.Sub(eye).Dot(ray)
	height := func(t float64) float64 {
		e := eye.Add(ray.Mul(t)).Sub(s.centre)
		return e.Norm() - s.Radius(e.Unit())
	}
	// The height along the ray is nearly a parabola about its lowest place; a
	// millimetre along the ray changes it by hundredths.
	t := mid
	for _, step := range [3]float64{40, 15, 5} {
		t = lowest(height, t, step*s.Shape[0])
	}
	return height(t), s.Direction(eye.Add(ray.Mul(t)))
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

// Evidence is what else is known of a camera: residuals in standard deviations,
// the same number for every camera.
type Evidence func(c Camera) []float64

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
	t := turner{o, s, start, slack, more}
	lambda, cost := 1e-2, t.cost(cam)
	for range 10 {
		h, g := t.normal(cam)
		damped := mat.NewSymDense(turnParams, nil)
		damped.CopySym(h)
		for k := range turnParams {
			damped.SetSym(k, k, h.At(k, k)*(1+lambda))
		}
		var chol mat.Cholesky
		var d mat.VecDense
		if !chol.Factorize(damped) || chol.SolveVecTo(&d, g) != nil {
			return cam
		}
		next := stepped(cam, d.RawVector().Data, -1)
		c := t.cost(next)
		if !(c < cost) {
			if lambda *= 10; lambda > 1e4 {
				return cam
			}
			continue
		}
		done := cost-c < 1e-4*cost
		cam, cost, lambda = next, c, lambda/5
		if done {
			break
		}
	}
	return cam
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
		for _, r := range evidence(cam) {
			sum += r * r / 2
		}
	}
	return sum
}

// turnParams: turn 3, shift 3, focal length; a picture's stretch stays.
const turnParams = 7

type turner struct {
	o     Outline
	s     Surface
	start Camera
	slack Slack
	more  []Evidence
}

func stepped(c Camera, d []float64, k float64) Camera {
	return c.Moved(Vec{k * d[0], k * d[1], k * d[2]}, Vec{k * d[3], k * d[4], k * d[5]}, k*d[6])
}

// residuals are the gaps, then the distance from the start in sigmas and what
// other evidence there is. Depth and focal length go together, so depth alone
// is held by the size of heads.
func (t turner) residuals(cam Camera) (gaps, others []float64) {
	gaps = make([]float64, len(t.o))
	for i, q := range t.o {
		gaps[i], _ = t.s.Gap(cam, q)
	}
	turn, shift, focal := t.start.Difference(cam)
	var prior [turnParams]float64
	for k := range 3 {
		prior[k] = turn[k] / t.slack.Turn
		prior[3+k] = shift[k] / t.slack.Shift
	}
	prior[5] = shift[2] / (0.3 * max(t.start.T[2], 1))
	prior[6] = focal / t.slack.Focal
	others = prior[:]
	for _, evidence := range t.more {
		others = append(others, evidence(cam)...)
	}
	return gaps, others
}

func (t turner) cost(cam Camera) float64 {
	gaps, prior := t.residuals(cam)
	sum := 0.0
	for _, g := range gaps {
		sum += loss(g) * t.o.share()
	}
	for _, p := range prior {
		sum += p * p / 2
	}
	return sum
}

// normal is the Gauss-Newton system by central differences.
func (t turner) normal(cam Camera) (*mat.SymDense, *mat.VecDense) {
	gaps, prior := t.residuals(cam)
	steps := [turnParams]float64{1e-3, 1e-3, 1e-3, 0.1, 0.1, 0.1, 1e-3}
	rows := make([][]float64, turnParams) // derivative of every residual
	for k, step := range steps {
		d := make([]float64, turnParams)
		d[k] = step
		g1, p1 := t.residuals(stepped(cam, d, 1))
		g0, p0 := t.residuals(stepped(cam, d, -1))
		for i := range g1 {
			rows[k] = append(rows[k], (g1[i]-g0[i])/(2*step))
		}
		for i := range p1 {
			rows[k] = append(rows[k], (p1[i]-p0[i])/(2*step))
		}
	}
	all, weight := append([]float64(nil), gaps...), make([]float64, 0, len(gaps)+turnParams)
	for _, g := range gaps {
		weight = append(weight, t.o.Weight(g))
	}
	for _, p := range prior {
		all, weight = append(all, p), append(weight, 1)
	}
	h, g := mat.NewSymDense(turnParams, nil), mat.NewVecDense(turnParams, nil)
	for a := range turnParams {
		for b := a; b < turnParams; b++ {
			h.SetSym(a, b, weighted(rows[a], rows[b], weight))
		}
		g.SetVec(a, weighted(rows[a], all, weight))
	}
	return h, g
}

func weighted(a, b, w []float64) (sum float64) {
	for i := range a {
		sum += a[i] * b[i] * w[i]
	}
	return sum
}
