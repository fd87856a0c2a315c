package headframe

import "math"

// CameraParams is the number of parameters by which solvers move a camera.
const CameraParams = 8

// Step returns the camera moved by d: a rotation vector about its own axes
// (radians), a shift in its own axes (mm), the logarithm of the focal length,
// and the logarithm of FY/FX at the same mean focal length.
func (c Camera) Step(d [CameraParams]float64) Camera {
	c = c.Moved(Vec{d[0], d[1], d[2]}, Vec{d[3], d[4], d[5]}, d[6])
	c.FX *= math.Exp(-d[7] / 2)
	c.FY *= math.Exp(d[7] / 2)
	return c
}

// ProjectStep returns the pixel of p and how it changes with each parameter of
// Step; ok is false behind the camera.
func (c Camera) ProjectStep(p Vec) (x, y float64, dx, dy [CameraParams]float64, ok bool) {
	q := c.ToCamera(p)
	if q[2] <= 1e-6 {
		return 0, 0, dx, dy, false
	}
	u, v := c.FX*q[0]/q[2], c.FY*q[1]/q[2]
	turned := q.Sub(c.T)
	gx, gy := Vec{c.FX / q[2], 0, -u / q[2]}, Vec{0, c.FY / q[2], -v / q[2]}
	rx, ry := turned.Cross(gx), turned.Cross(gy)
	dx = [CameraParams]float64{rx[0], rx[1], rx[2], gx[0], gx[1], gx[2], u, -u / 2}
	dy = [CameraParams]float64{ry[0], ry[1], ry[2], gy[0], gy[1], gy[2], v, v / 2}
	return u + c.CX, v + c.CY, dx, dy, true
}

// HeightStep returns the height of the surface s along the view ray at p, a
// point of that ray, and how it changes when the camera moves while the pixel
// stays: the ray sweeps over the surface.
func (c Camera) HeightStep(s Surface, p Vec) (h, slope float64, d [CameraParams]float64) {
	h, g := s.Height(p)
	q := c.ToCamera(p)
	r := c.R
	k := Vec{
		r[0]*g[0] + r[1]*g[1] + r[2]*g[2],
		r[3]*g[0] + r[4]*g[1] + r[5]*g[2],
		r[6]*g[0] + r[7]*g[1] + r[8]*g[2],
	}
	turn := q.Sub(c.T).Cross(k).Mul(-1)
	fx, fy := -k[0]*q[0], -k[1]*q[1]
	return h, g.Norm(), [CameraParams]float64{turn[0], turn[1], turn[2], -k[0], -k[1], -k[2], fx + fy, (fy - fx) / 2}
}
