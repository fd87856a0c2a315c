package guide

import (
	"math"
	"sort"

	"pointille/internal/headframe"
)

// step is a place on a walk over the skin.
type step struct {
	p, n   headframe.Vec
	length float64 // walked so far, mm
}

// walk goes straight over the skin from p, whose normal is n, for length mm.
// The tangent is carried on by reflecting it in each chord, which is exact on
// spheres and of second order elsewhere.
func walk(s Surface, p, n, dir headframe.Vec, length, stride float64) []step {
	count := int(math.Ceil(length/stride - 1e-9))
	out := make([]step, 0, count)
	t := tangent(dir, n)
	gone := 0.0
	for range count {
		q, m := onto(s, p.Add(t.Mul(math.Min(stride, length-gone))))
		chord := q.Sub(p)
		gone += arc(chord.Norm(), n, m)
		d := chord.Unit()
		t = tangent(d.Mul(2*d.Dot(t)).Sub(t), m)
		p, n = q, m
		out = append(out, step{p, n, gone})
	}
	return out
}

// onto returns the skin point nearest to p, which is within a few millimetres
// of the skin. Surfaces may project in any direction: walking needs the
// nearest point, since a slanted projection would bend every path.
func onto(s Surface, p headframe.Vec) (q, n headframe.Vec) {
	q, n = s.Project(p)
	for range 6 {
		d := p.Sub(q)
		d = d.Sub(n.Mul(d.Dot(n)))
		if !(d.Norm() > 1e-5) {
			break
		}
		q, n = s.Project(q.Add(d))
	}
	return q, n
}

func tangent(d, n headframe.Vec) headframe.Vec { return d.Sub(n.Mul(d.Dot(n))).Unit() }

// arc returns the length over the skin of a short chord between normals a and b.
func arc(chord float64, a, b headframe.Vec) float64 {
	half := math.Asin(math.Min(1, a.Sub(b).Norm()/2))
	if half < 1e-6 {
		return chord
	}
	return chord * half / math.Sin(half)
}

// midline is the trace of the head's plane of symmetry (x = 0) over the skin.
type midline struct {
	origin headframe.Vec // where Length 0 is
	steps  []step        // ordered by length; negative in front of the origin
}

const (
	midlineStride = 2.0
	midlineBack   = 420.0 // from a hairline to below the nape, mm
)

// newMidline follows the middle of the head from a place on it: front mm
// forward and midlineBack mm backward.
func newMidline(s Surface, origin headframe.Vec, front float64) midline {
	q, n := s.Project(headframe.Vec{0, origin[1], origin[2]})
	m := midline{origin: q}
	for _, st := range walk(s, q, n, backward(n).Mul(-1), front, midlineStride) {
		st.length = -st.length
		m.steps = append(m.steps, st)
	}
	m.steps = append(m.steps, step{q, n, 0})
	m.steps = append(m.steps, walk(s, q, n, backward(n), midlineBack, midlineStride)...)
	sort.SliceStable(m.steps, func(i, j int) bool { return m.steps[i].length < m.steps[j].length })
	return m
}

// backward is the direction over the head away from the face.
func backward(n headframe.Vec) headframe.Vec { return n.Cross(headframe.Vec{1, 0, 0}) }

// place says where p lies: back mm behind the origin along the midline, then
// side mm to the client's left (negative: right) at right angles to it.
func (m midline) place(s Surface, p headframe.Vec) (back, side float64) {
	best, foot := math.Inf(1), step{}
	for _, st := range m.steps {
		if d := st.p.Sub(p).Norm(); d < best {
			best, foot = d, st
		}
	}
	side = distance(s, foot.p, p)
	if p[0] < 0 {
		side = -side
	}
	return foot.length, side
}

// distance returns the way over the skin between two places at most a quarter
// of the head apart, to a fraction of a millimetre.
func distance(s Surface, a, b headframe.Vec) float64 {
	const parts = 16
	p, n := s.Project(a)
	sum := 0.0
	for i := 1; i <= parts; i++ {
		q, m := s.Project(a.Add(b.Sub(a).Mul(float64(i) / parts)))
		sum += arc(q.Sub(p).Norm(), n, m)
		p, n = q, m
	}
	return sum
}
