package headframe

import (
	"errors"
	"fmt"
	"math"
	"sort"

	"gonum.org/v1/gonum/mat"
)

// CameraPrior is what is known of a camera before fitting.
type CameraPrior struct {
	Focal35 float64 // focal length as 35 mm equivalent, from the photo; 0: unknown
	Stance  Stance  // how the camera stands, from the name of the view; the zero Stance: unknown
}

// Focal lengths of phone cameras are 24-28 mm equivalent; pictures cropped to a
// square or taken with 2x zoom look longer. The sigma is of the logarithm.
const (
	usualFocal35 = 30.0
	usualSigma   = 0.35
	givenSigma   = 0.03 // of a focal length the photo states: rounded to a millimetre of 26, and for the frame's diagonal or its side, 4 % apart
	aspectSigma  = 0.08 // log of FY/FX: pictures are sometimes squared by stretching
	wholeSigma   = 0.01 // the same for a picture that still states its focal length: it is as the camera took it
	frame35      = 36.0 // long side of the 35 mm frame, mm
)

// Errors of neighbouring correspondences go together, so that thousands of
// them weigh no more than this many independent ones against the prior. With
// more, a network's shrinkage towards the mean bends focal length and aspect.
const independent = 15

// most correspondences used; more cost time and add nothing.
const mostPoints = 2500

// ErrDegenerate is wrapped by the error for points from which no camera follows.
var ErrDegenerate = errors.New("points do not determine a camera")

// FitCamera finds the camera that sees the points (head frame, mm) at the
// pixels px of a w×h photo. Weights may be nil. Up to a third of the points may
// be far off. The principal point is the middle of the photo. rms is the root
// mean square distance, in pixels, of the points that were believed.
func FitCamera(points []Vec, px [][2]float64, weights []float64, w, h int, prior CameraPrior) (cam Camera, rms float64, err error) {
	if len(points) != len(px) || (weights != nil && len(weights) != len(points)) {
		return Camera{}, 0, fmt.Errorf("fitting a camera: %d points, %d pixels, %d weights", len(points), len(px), len(weights))
	}
	f := newFit(points, px, weights, w, h, prior)
	if len(f.p) < 12 {
		return Camera{}, 0, fmt.Errorf("fitting a camera to %d points: %w", len(f.p), ErrDegenerate)
	}
	if err := f.start(); err != nil {
		return Camera{}, 0, fmt.Errorf("fitting a camera: %w", err)
	}
	if err := f.refine(); err != nil {
		return Camera{}, 0, fmt.Errorf("fitting a camera: %w", err)
	}
	return f.cam, f.spread(), nil
}

// FocalBelief is the focal length to expect, as a share of the picture's long
// side, and the spread of its logarithm. focal35 is what the photo states, as
// 35 mm equivalent, 0 if it does not.
func FocalBelief(focal35 float64) (share, spread float64) {
	if focal35 > 8 && focal35 < 400 {
		return focal35 / frame35, givenSigma
	}
	return usualFocal35 / frame35, usualSigma
}

type fit struct {
	p      []Vec
	q      [][2]float64
	wt     []float64
	side   float64 // long side of the photo, pixels
	logF   float64 // prior of log(FX/side)
	sigmaF float64
	sigmaA float64
	stance Stance
	cam    Camera
	scale  float64   // robust sigma of the residuals, pixels
	res    []float64 // distance per point, pixels
}

func newFit(points []Vec, px [][2]float64, weights []float64, w, h int, prior CameraPrior) *fit {
	k, spread := FocalBelief(prior.Focal35)
	f := &fit{side: float64(max(w, h)), logF: math.Log(k), sigmaF: spread, sigmaA: aspectSigma, stance: prior.Stance}
	if spread == givenSigma {
		f.sigmaA = wholeSigma
	}
	f.cam.CX, f.cam.CY = float64(w-1)/2, float64(h-1)/2
	step := max(1, len(points)/mostPoints)
	for i := 0; i < len(points); i += step {
		wt := 1.0
		if weights != nil {
			wt = weights[i]
		}
		sum := points[i][0] + points[i][1] + points[i][2] + px[i][0] + px[i][1] + wt
		if wt > 0 && !math.IsNaN(sum) && !math.IsInf(sum, 0) {
			f.p, f.q, f.wt = append(f.p, points[i]), append(f.q, px[i]), append(f.wt, wt)
		}
	}
	f.res = make([]float64, len(f.p))
	return f
}

// start fits an affine camera with weights that forget outliers, and reads
// rotation, depth and position off it.
func (f *fit) start() error {
	var a [2][4]float64
	keep := append([]float64(nil), f.wt...)
	for range 12 {
		var err error
		if a, err = f.affine(keep); err != nil {
			return err
		}
		for i := range f.p {
			f.res[i] = length(f.q[i][0]-dot4(a[0], f.p[i]), f.q[i][1]-dot4(a[1], f.p[i]))
		}
		f.scale = f.robustSigma()
		for i, r := range f.res {
			keep[i] = f.wt[i] * tukey(r/f.scale)
		}
	}
	return f.fromAffine(a)
}

func dot4(a [4]float64, p Vec) float64 { return a[0]*p[0] + a[1]*p[1] + a[2]*p[2] + a[3] }

// affine is the weighted least-squares map from the head frame to pixels.
func (f *fit) affine(weight []float64) (a [2][4]float64, err error) {
	var n [4 * 4]float64 // upper half
	var b [4 * 2]float64
	for i, p := range f.p {
		row := [4]float64{p[0] / 100, p[1] / 100, p[2] / 100, 1}
		for j := range 4 {
			w := weight[i] * row[j]
			for k := j; k < 4; k++ {
				n[4*j+k] += w * row[k]
			}
			b[2*j] += w * f.q[i][0]
			b[2*j+1] += w * f.q[i][1]
		}
	}
	var chol mat.Cholesky
	if !chol.Factorize(mat.NewSymDense(4, n[:])) || chol.Cond() > 1e9 {
		return a, ErrDegenerate
	}
	var x mat.Dense
	if err := chol.SolveTo(&x, mat.NewDense(4, 2, b[:])); err != nil {
		return a, ErrDegenerate
	}
	for c := range 2 {
		a[c] = [4]float64{x.At(0, c) / 100, x.At(1, c) / 100, x.At(2, c) / 100, x.At(3, c)}
	}
	return a, nil
}

// fromAffine reads a pinhole camera off an affine one: its rows are the first
// two rows of the rotation times focal length over depth.
func (f *fit) fromAffine(a [2][4]float64) error {
	x, y := Vec{a[0][0], a[0][1], a[0][2]}, Vec{a[1][0], a[1][1], a[1][2]}
	if x.Norm() < 1e-6 || y.Norm() < 1e-6 {
		return ErrDegenerate
	}
	r1 := x.Unit()
	r2 := y.Sub(r1.Mul(y.Dot(r1)))
	if r2.Norm() < 0.2*y.Norm() {
		return ErrDegenerate
	}
	r2 = r2.Unit()
	r3 := r1.Cross(r2)
	focal := math.Exp(f.logF) * f.side
	f.cam.FX, f.cam.FY = focal, focal
	f.cam.R = [9]float64{r1[0], r1[1], r1[2], r2[0], r2[1], r2[2], r3[0], r3[1], r3[2]}
	depth := focal / math.Sqrt(x.Norm()*y.Norm())
	var mean Vec
	for _, p := range f.p {
		mean = mean.Add(p.Mul(1 / float64(len(f.p))))
	}
	c := f.cam
	f.cam.T = Vec{}
	at := f.cam.ToCamera(mean)
	u, v := dot4(a[0], mean), dot4(a[1], mean)
	f.cam.T = Vec{(u-c.CX)*depth/focal - at[0], (v-c.CY)*depth/focal - at[1], depth - at[2]}
	return nil
}

const params = 8 // rotation 3, translation 3, log FX, log FY/FX

// refine minimises the robust distance and the prior by Levenberg-Marquardt.
func (f *fit) refine() error {
	lambda, cost := 1e-3, f.cost(f.cam)
	for range 60 {
		h, g := f.normal()
		improved := false
		for range 8 {
			next, ok := f.step(h, g, lambda)
			if ok {
				if c := f.cost(next); c < cost {
					done := cost-c < 1e-9*cost
					f.cam, cost, improved = next, c, true
					lambda = max(lambda/4, 1e-9)
					if done {
						return nil
					}
					break
				}
			}
			lambda *= 5
		}
		if !improved {
			break
		}
		f.measure(f.cam)
		f.scale = f.robustSigma()
		cost = f.cost(f.cam)
	}
	if math.IsNaN(cost) || f.cam.FX <= 0 {
		return ErrDegenerate
	}
	f.measure(f.cam)
	return nil
}

// measure fills in the distance of each point.
func (f *fit) measure(c Camera) {
	for i, p := range f.p {
		x, y, ok := c.Project(p)
		f.res[i] = math.Inf(1)
		if ok {
			f.res[i] = length(x-f.q[i][0], y-f.q[i][1])
		}
	}
}

// cost is half the sum of squares of the scaled robust residuals and priors.
func (f *fit) cost(c Camera) float64 {
	sum, weight := 0.0, 0.0
	for i, p := range f.p {
		weight += f.wt[i]
		x, y, ok := c.Project(p)
		r := 1e9
		if ok {
			r = length(x-f.q[i][0], y-f.q[i][1])
		}
		sum += f.wt[i] * tukeyLoss(r/f.scale)
	}
	a, b := f.prior(c)
	s := f.stance.residuals(c)
	return sum*f.share(weight) + (a*a+b*b+s[0]*s[0]+s[1]*s[1]+s[2]*s[2])/2
}

// length is math.Hypot for numbers far from the ends of the scale.
func length(x, y float64) float64 { return math.Sqrt(x*x + y*y) }

// share turns the summed weight of all points into that of independent ones.
func (f *fit) share(weight float64) float64 { return min(1, independent/max(weight, 1e-9)) }

func (f *fit) prior(c Camera) (focal, aspect float64) {
	return (math.Log(c.FX/f.side) - f.logF) / f.sigmaF, math.Log(c.FY/c.FX) / f.sigmaA
}

// normal returns the Gauss-Newton matrix and gradient at the current camera.
func (f *fit) normal() (*mat.SymDense, *mat.VecDense) {
	var h [params * params]float64 // upper half
	var g [params]float64
	add := func(j [params]float64, r, w float64) {
		for a := range params {
			k := w * j[a]
			g[a] += k * r
			for b := a; b < params; b++ {
				h[params*a+b] += k * j[b]
			}
		}
	}
	weight := 0.0
	for _, w := range f.wt {
		weight += w
	}
	k := f.share(weight) / (f.scale * f.scale)
	for i, p := range f.p {
		x, y, ok := f.cam.Project(p)
		if !ok {
			continue
		}
		rx, ry := x-f.q[i][0], y-f.q[i][1]
		w := f.wt[i] * tukey(length(rx, ry)/f.scale) * k
		if w == 0 {
			continue
		}
		jx, jy := f.cam.jacobian(p)
		add(jx, rx, w)
		add(jy, ry, w)
	}
	focal, aspect := f.prior(f.cam)
	add([params]float64{6: 1 / f.sigmaF}, focal, 1)
	add([params]float64{7: 1 / f.sigmaA}, aspect, 1)
	off, slope := f.stance.residuals(f.cam), f.stance.slopes(f.cam)
	for i, r := range off {
		add([params]float64{slope[i][0], slope[i][1], slope[i][2]}, r, 1)
	}
	return mat.NewSymDense(params, h[:]), mat.NewVecDense(params, g[:])
}

// jacobian is how the pixel of p moves with each parameter: a small rotation
// after the present one, the translation, log FX and log FY/FX.
func (c Camera) jacobian(p Vec) (jx, jy [params]float64) {
	q := c.ToCamera(p)
	rot := q.Sub(c.T)
	ix, iy := c.FX/q[2], c.FY/q[2]
	dx := Vec{ix, 0, -ix * q[0] / q[2]}
	dy := Vec{0, iy, -iy * q[1] / q[2]}
	for k := range 3 {
		axis := Vec{}
		axis[k] = 1
		turned := axis.Cross(rot)
		jx[k], jy[k] = dx.Dot(turned), dy.Dot(turned)
		jx[3+k], jy[3+k] = dx[k], dy[k]
	}
	jx[6], jy[6] = ix*q[0], iy*q[1]
	jy[7] = iy * q[1]
	return jx, jy
}

// step solves for the damped step and applies it.
func (f *fit) step(h *mat.SymDense, g *mat.VecDense, lambda float64) (Camera, bool) {
	damped := mat.NewSymDense(params, nil)
	damped.CopySym(h)
	for a := range params {
		damped.SetSym(a, a, h.At(a, a)*(1+lambda)+1e-12)
	}
	var chol mat.Cholesky
	if !chol.Factorize(damped) {
		return Camera{}, false
	}
	var d mat.VecDense
	if err := chol.SolveVecTo(&d, g); err != nil {
		return Camera{}, false
	}
	return f.cam.moved(d.RawVector().Data), true
}

// moved applies minus the parameter step d.
func (c Camera) moved(d []float64) Camera {
	turn := rotation(Vec{-d[0], -d[1], -d[2]})
	c.R = multiply(turn, c.R)
	c.T = c.T.Sub(Vec{d[3], d[4], d[5]})
	aspect := c.FY / c.FX * math.Exp(-d[7])
	c.FX *= math.Exp(-d[6])
	c.FY = c.FX * aspect
	return c
}

// rotation is the matrix of a rotation vector (Rodrigues' formula).
func rotation(v Vec) [9]float64 {
	angle := v.Norm()
	if angle < 1e-12 {
		return [9]float64{1, 0, 0, 0, 1, 0, 0, 0, 1}
	}
	k := v.Mul(1 / angle)
	s, c := math.Sincos(angle)
	t := 1 - c
	return [9]float64{
		c + k[0]*k[0]*t, k[0]*k[1]*t - k[2]*s, k[0]*k[2]*t + k[1]*s,
		k[1]*k[0]*t + k[2]*s, c + k[1]*k[1]*t, k[1]*k[2]*t - k[0]*s,
		k[2]*k[0]*t - k[1]*s, k[2]*k[1]*t + k[0]*s, c + k[2]*k[2]*t,
	}
}

func multiply(a, b [9]float64) (out [9]float64) {
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				out[3*i+j] += a[3*i+k] * b[3*k+j]
			}
		}
	}
	return out
}

// robustSigma is 1.48 times the median distance over √2, at least a tenth of a
// pixel: the sigma of one coordinate if distances were Gaussian.
func (f *fit) robustSigma() float64 {
	sorted := append([]float64(nil), f.res...)
	sort.Float64s(sorted)
	return max(0.1, sorted[len(sorted)/2]/1.1774)
}

// spread is the root mean square distance of the believed points.
func (f *fit) spread() float64 {
	sum, n := 0.0, 0.0
	for _, r := range f.res {
		if r < cut*f.scale {
			sum += r * r
			n++
		}
	}
	return math.Sqrt(sum / max(n, 1))
}

// cut is where Tukey's biweight stops believing, in sigmas.
const cut = 4.7

func tukey(r float64) float64 {
	if r >= cut {
		return 0
	}
	t := 1 - r*r/(cut*cut)
	return t * t
}

// tukeyLoss is the loss whose derivative over r is r·tukey(r).
func tukeyLoss(r float64) float64 {
	if r >= cut {
		return cut * cut / 6
	}
	t := 1 - r*r/(cut*cut)
	return cut * cut / 6 * (1 - t*t*t)
}
