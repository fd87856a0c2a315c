package headframe

import "math"

// Face unrolls a head around an axis through the forehead, so that a hairline
// is one distance from that axis per direction, however deep its recessions.
//
// Psi is the direction around the axis in radians: 0 towards the vertex,
// positive towards the client's left, about ±1.8 at the temporal points. Rho
// is the angle from the axis at the surface's centre, radians.
type Face struct {
	s              Surface
	centre         Vec
	axis, up, left Vec
}

// aboveGlabella is where the axis meets the forehead, mm from the glabella: high
// enough that temporal points lie around it, low enough that every hairline does.
const aboveGlabella = 14

// NewFace unrolls s.
func NewFace(s Surface) Face {
	f := Face{s: s, centre: s.Centre(), left: Vec{1, 0, 0}}
	axis := s.Landmark(Glabella).Add(Vec{0, aboveGlabella, -3}).Sub(f.centre)
	axis[0] = 0
	f.axis = axis.Unit()
	f.up = f.axis.Cross(f.left)
	return f
}

// Point returns the skin at (psi, rho).
func (f Face) Point(psi, rho float64) Vec {
	out := f.up.Mul(math.Cos(psi)).Add(f.left.Mul(math.Sin(psi)))
	return f.s.Point(f.axis.Mul(math.Cos(rho)).Add(out.Mul(math.Sin(rho))))
}

// Angles returns psi and rho of a point of the head.
func (f Face) Angles(p Vec) (psi, rho float64) {
	d := p.Sub(f.centre).Unit()
	return math.Atan2(d.Dot(f.left), d.Dot(f.up)), math.Acos(max(-1, min(1, d.Dot(f.axis))))
}
