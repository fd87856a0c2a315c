package headframe

import "math"

// moves is in how many ways Turn moves a camera: turn 3, shift 3, focal length;
// a picture's stretch stays.
const moves = 7

// Slope is how a number changes with a small move of the camera, as Moved takes
// it: per radian about each axis, per mm along each, per logarithm of the focal
// length.
type Slope [moves]float64

// Add returns a + k times b.
func (a Slope) Add(b Slope, k float64) Slope {
	for i := range a {
		a[i] += k * b[i]
	}
	return a
}

// Mul returns k times a.
func (a Slope) Mul(k float64) Slope { return Slope{}.Add(a, k) }

// Evidence is what else is known of a camera: residuals in standard deviations,
// the same number for every camera, and their slopes.
type Evidence interface {
	Of(c Camera) []float64
	Slopes(c Camera) (residuals []float64, slopes []Slope)
}

// Residuals are evidence whose slopes are found by central differences, which
// takes fourteen evaluations: meant for what is quickly reckoned.
type Residuals func(c Camera) []float64

// Of returns the residuals of a camera.
func (f Residuals) Of(c Camera) []float64 { return f(c) }

// Slopes returns the residuals of a camera and their slopes.
func (f Residuals) Slopes(c Camera) ([]float64, []Slope) {
	at := f(c)
	slopes := make([]Slope, len(at))
	for k, step := range [moves]float64{1e-3, 1e-3, 1e-3, 0.1, 0.1, 0.1, 1e-3} {
		var d [moves]float64
		d[k] = step
		plus, minus := f(c.moves(d, 1)), f(c.moves(d, -1))
		for i := range slopes {
			slopes[i][k] = (plus[i] - minus[i]) / (2 * step)
		}
	}
	return at, slopes
}

// moves moves the camera by k times d.
func (c Camera) moves(d [moves]float64, k float64) Camera {
	return c.Moved(Vec{k * d[0], k * d[1], k * d[2]}, Vec{k * d[3], k * d[4], k * d[5]}, k*d[6])
}

// ProjectSlopes is Project with the slopes of both coordinates.
func (c Camera) ProjectSlopes(p Vec) (x, y float64, sx, sy Slope, ok bool) {
	arm := c.turned(p)
	q := arm.Add(c.T)
	if q[2] <= 1e-6 {
		return 0, 0, sx, sy, false
	}
	kx, ky := c.FX/q[2], c.FY/q[2]
	u, v := kx*q[0], ky*q[1]
	ux, vy := u/q[2], v/q[2] // how a point farther away moves inwards
	sx = Slope{-ux * arm[1], kx*arm[2] + ux*arm[0], -kx * arm[1], kx, 0, -ux, u}
	sy = Slope{-ky*arm[2] - vy*arm[1], vy * arm[0], ky * arm[0], 0, ky, -vy, v}
	return u + c.CX, v + c.CY, sx, sy, true
}

// MMPerPxSlope is MMPerPx with its slope.
func (c Camera) MMPerPxSlope(p Vec) (mm float64, slope Slope) {
	arm := c.turned(p)
	z := arm[2] + c.T[2]
	if z <= 0 {
		return 0, slope
	}
	k := 1 / math.Sqrt(c.FX*c.FY)
	return k * z, Slope{k * arm[1], -k * arm[0], 0, 0, 0, k, -k * z}
}

// turned is v along the camera's axes.
func (c Camera) turned(v Vec) Vec {
	r := c.R
	return Vec{
		r[0]*v[0] + r[1]*v[1] + r[2]*v[2],
		r[3]*v[0] + r[4]*v[1] + r[5]*v[2],
		r[6]*v[0] + r[7]*v[1] + r[8]*v[2],
	}
}
