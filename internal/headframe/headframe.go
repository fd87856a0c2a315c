// Package headframe holds the coordinates every other package speaks: the head
// frame, cameras that map it to pixels, and the average human head in it.
//
// The head frame is in millimetres, right-handed: x to the client's left, y
// up, z forward (towards the nose); the origin is midway between the tragi.
// Pixels are those of the upright photo: x right, y down, (0,0) the centre of
// the top-left pixel.
package headframe

import "math"

// Vec is a point or direction of the head frame, in millimetres.
type Vec [3]float64

// Add returns a + b.
func (a Vec) Add(b Vec) Vec { return Vec{a[0] + b[0], a[1] + b[1], a[2] + b[2]} }

// Sub returns a - b.
func (a Vec) Sub(b Vec) Vec { return Vec{a[0] - b[0], a[1] - b[1], a[2] - b[2]} }

// Mul returns k times a.
func (a Vec) Mul(k float64) Vec { return Vec{k * a[0], k * a[1], k * a[2]} }

// Dot returns the scalar product.
func (a Vec) Dot(b Vec) float64 { return a[0]*b[0] + a[1]*b[1] + a[2]*b[2] }

// Cross returns the vector product.
func (a Vec) Cross(b Vec) Vec {
	return Vec{a[1]*b[2] - a[2]*b[1], a[2]*b[0] - a[0]*b[2], a[0]*b[1] - a[1]*b[0]}
}

// Norm returns the length of a.
func (a Vec) Norm() float64 { return math.Sqrt(a.Dot(a)) }

// Unit returns a at length 1, and the zero vector for a zero vector.
func (a Vec) Unit() Vec {
	n := a.Norm()
	if n == 0 {
		return Vec{}
	}
	return a.Mul(1 / n)
}

// Camera maps the head frame to pixels as OpenCV does: a point p has camera
// coordinates c = R·p + T (x right, y down, z away from the camera) and the
// pixel (FX·c.x/c.z + CX, FY·c.y/c.z + CY). FX and FY differ where a photo was
// stretched. There is no lens distortion.
type Camera struct {
	FX float64    `json:"fx"`             // focal length along x, pixels
	FY float64    `json:"fy"`             // focal length along y, pixels
	CX float64    `json:"cx"`             // principal point, pixels
	CY float64    `json:"cy"`             // principal point, pixels
	R  [9]float64 `json:"rotation"`       // head to camera, row by row
	T  Vec        `json:"translation_mm"` // head to camera, millimetres
}

// ToCamera returns p in camera coordinates, millimetres.
func (c Camera) ToCamera(p Vec) Vec {
	r := c.R
	return Vec{
		r[0]*p[0] + r[1]*p[1] + r[2]*p[2] + c.T[0],
		r[3]*p[0] + r[4]*p[1] + r[5]*p[2] + c.T[1],
		r[6]*p[0] + r[7]*p[1] + r[8]*p[2] + c.T[2],
	}
}

// Project returns the pixel of p; ok is false behind the camera.
func (c Camera) Project(p Vec) (x, y float64, ok bool) {
	q := c.ToCamera(p)
	if q[2] <= 1e-6 {
		return 0, 0, false
	}
	return c.FX*q[0]/q[2] + c.CX, c.FY*q[1]/q[2] + c.CY, true
}

// Eye returns the camera's centre in the head frame, millimetres.
func (c Camera) Eye() Vec {
	r, t := c.R, c.T
	return Vec{
		-(r[0]*t[0] + r[3]*t[1] + r[6]*t[2]),
		-(r[1]*t[0] + r[4]*t[1] + r[7]*t[2]),
		-(r[2]*t[0] + r[5]*t[1] + r[8]*t[2]),
	}
}

// Ray returns the unit direction, in the head frame, seen at pixel (x, y).
func (c Camera) Ray(x, y float64) Vec {
	d := Vec{(x - c.CX) / c.FX, (y - c.CY) / c.FY, 1}
	r := c.R
	return Vec{
		r[0]*d[0] + r[3]*d[1] + r[6]*d[2],
		r[1]*d[0] + r[4]*d[1] + r[7]*d[2],
		r[2]*d[0] + r[5]*d[1] + r[8]*d[2],
	}.Unit()
}

// MMPerPx returns the size of a pixel at p, square to the view ray, as the
// geometric mean over x and y. It is 0 behind the camera.
func (c Camera) MMPerPx(p Vec) float64 {
	z := c.ToCamera(p)[2]
	if z <= 0 {
		return 0
	}
	return z / math.Sqrt(c.FX*c.FY)
}

// Resized returns the camera of a smaller or larger copy of the picture: pixel
// centres keep their places.
func (c Camera) Resized(kx, ky float64) Camera {
	c.FX, c.FY = c.FX*kx, c.FY*ky
	c.CX, c.CY = (c.CX+0.5)*kx-0.5, (c.CY+0.5)*ky-0.5
	return c
}

// Moved returns the camera turned by a rotation vector about its own axes
// (radians), then shifted in its own axes (mm), with both focal lengths
// multiplied by exp(focal).
func (c Camera) Moved(turn, shift Vec, focal float64) Camera {
	c.R = multiply(rotation(turn), c.R)
	c.T = c.T.Add(shift)
	k := math.Exp(focal)
	c.FX, c.FY = c.FX*k, c.FY*k
	return c
}

// Difference returns the small move that turns c into d, as Moved takes it.
func (c Camera) Difference(d Camera) (turn, shift Vec, focal float64) {
	var r [9]float64 // d.R·c.Rᵀ
	for i := range 3 {
		for j := range 3 {
			for k := range 3 {
				r[3*i+j] += d.R[3*i+k] * c.R[3*j+k]
			}
		}
	}
	cos := max(-1, min(1, (r[0]+r[4]+r[8]-1)/2))
	axis := Vec{r[7] - r[5], r[2] - r[6], r[3] - r[1]}
	if n := axis.Norm(); n > 1e-12 {
		turn = axis.Mul(math.Acos(cos) / n)
	}
	return turn, d.T.Sub(c.T), math.Log(d.FX / c.FX)
}
