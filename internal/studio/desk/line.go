package desk

import (
	"math"

	"pointille/internal/headframe"
	"pointille/planner/scalp"
)

// Knot is a place of the planned hairline in a photo. A handle moves it along the
// skin, forwards and back; what that does in the picture and on the head is told
// per millimetre, so that a tablet can follow a finger by itself. Psi and Rho unroll the
// line, so that it can also draw a part of it aside.
type Knot struct {
	Psi  float64       `json:"psi"` // direction round the face, radians: 0 the middle, positive to the client's left
	Rho  float64       `json:"rho"` // distance from the middle of the face, radians
	MM   float64       `json:"mm"`  // of skin for each radian of rho
	X    float64       `json:"x"`   // in the photo, pixels
	Y    float64       `json:"y"`
	VX   float64       `json:"vx"` // pixels for each mm back
	VY   float64       `json:"vy"`
	P    headframe.Vec `json:"p"` // on the head, mm
	B    headframe.Vec `json:"b"` // mm of the head frame for each mm back
	Seen bool          `json:"seen"`
}

// front is the hairline unrolled: one distance from the face axis a direction.
type front struct {
	face   headframe.Face
	centre headframe.Vec
	psi    []float64
	rho    []float64
}

func newFront(s headframe.Surface, points []headframe.Vec) *front {
	if len(points) < 2 {
		return nil
	}
	f := &front{face: headframe.NewFace(s), centre: s.Centre()}
	for _, p := range points {
		psi, rho := f.face.Angles(p)
		f.psi, f.rho = append(f.psi, psi), append(f.rho, rho)
	}
	return f
}

// farBehind stands for skin beyond both ends of the line.
const farBehind = 300

// behind is how far p lies behind the line, mm along the skin, as package design
// counts it.
func (f *front) behind(p headframe.Vec) (psi, mm float64) {
	if f == nil {
		return 0, farBehind
	}
	psi, rho := f.face.Angles(p)
	n := len(f.psi)
	if psi <= f.psi[0] || psi >= f.psi[n-1] {
		return psi, farBehind
	}
	t := (psi - f.psi[0]) / (f.psi[n-1] - f.psi[0]) * float64(n-1) // directions are evenly spaced
	i := max(0, min(int(t), n-2))
	k := min(1, max(0, t-float64(i)))
	line := f.rho[i]*(1-k) + f.rho[i+1]*k
	slope := (f.rho[i+1] - f.rho[i]) / (f.psi[i+1] - f.psi[i]) / max(0.2, math.Sin(rho))
	return psi, (rho - line) * p.Sub(f.centre).Norm() / math.Sqrt(1+slope*slope)
}

// knots are the line as a view shows it.
func (f *front) knots(m *scalp.Model, view int) []Knot {
	if f == nil {
		return nil
	}
	const step = 0.004 // radians, about 0.4 mm
	cam := m.Views[view].Camera
	out := make([]Knot, len(f.psi))
	for i := range f.psi {
		p := f.face.Point(f.psi[i], f.rho[i])
		q := f.face.Point(f.psi[i], f.rho[i]+step)
		mm := q.Sub(p).Norm()
		x, y, ok := cam.Project(p)
		x2, y2, ok2 := cam.Project(q)
		_, n := m.Surface.Project(p)
		out[i] = Knot{
			Psi: f.psi[i], Rho: round(f.rho[i], 5), MM: round(mm/step, 2), X: round(x, 2), Y: round(y, 2), VX: round((x2-x)/mm, 4), VY: round((y2-y)/mm, 4),
			P: rounded(p, 4), B: rounded(q.Sub(p).Mul(1/mm), 5), Seen: ok && ok2 && m.Visible(view, p, n),
		}
	}
	return out
}

func round(v float64, digits int) float64 {
	k := math.Pow10(digits)
	return math.Round(v*k) / k
}

func rounded(v headframe.Vec, digits int) headframe.Vec {
	return headframe.Vec{round(v[0], digits), round(v[1], digits), round(v[2], digits)}
}
