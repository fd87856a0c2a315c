package headframe

import "math"

// Real spherical harmonics about the y axis. With c + is = (z + ix)^m the
// symmetric terms are Q[l,m](y)·c and the asymmetric ones Q[l,m](y)·s, of mean
// square 1 over the sphere. In the coefficient tables symmetric terms come
// first, l major. The recurrence is the usual one of fully normalised Legendre
// functions divided by sin^m: Q[l,m] = a·y·Q[l-1,m] - b·Q[l-2,m].

// step is one term pair of the sum, in the order of evaluation (m major).
type step struct {
	a, b     float64 // of the recurrence
	sym, asy float64 // coefficients, mm
}

// sphere is a radius over all directions, laid out for fast evaluation.
type sphere struct {
	start [degree + 1]float64 // Q[m,m]
	steps [symmetric]step
	sided bool // some asymmetric term is not 0
}

// symmetricIndex is the place of term (l, m) among the coefficients.
func symmetricIndex(l, m int) int { return l*(l+1)/2 + m }

// asymmetricIndex is the place of the asymmetric term (l, m > 0).
func asymmetricIndex(l, m int) int { return symmetric + l*(l-1)/2 + m - 1 }

func recurrence(l, m int) (a, b float64) {
	fl, fm := float64(l), float64(m)
	a = math.Sqrt((4*fl*fl - 1) / (fl*fl - fm*fm))
	b = math.Sqrt(((fl-1)*(fl-1) - fm*fm) / (4*(fl-1)*(fl-1) - 1))
	return a, a * b
}

func newSphere() *sphere {
	var s sphere
	s.start[0] = 1
	i := 0
	for m := range degree + 1 {
		if m > 0 {
			s.start[m] = s.start[m-1] * math.Sqrt(float64(2*m+1)/float64(2*m))
		}
		if m == 1 {
			s.start[1] *= math.Sqrt2
		}
		for l := m; l <= degree; l++ {
			if l > m {
				s.steps[i].a, s.steps[i].b = recurrence(l, m)
			}
			i++
		}
	}
	return &s
}

// with returns the same sphere with other coefficients.
func (s *sphere) with(c *[terms]float64) *sphere {
	out := *s
	out.sided = false
	i := 0
	for m := range degree + 1 {
		for l := m; l <= degree; l++ {
			out.steps[i].sym = c[symmetricIndex(l, m)]
			if m > 0 {
				out.steps[i].asy = c[asymmetricIndex(l, m)]
				out.sided = out.sided || out.steps[i].asy != 0
			}
			i++
		}
	}
	return &out
}

// basis returns every term at the unit direction d, in coefficient order.
func (s *sphere) basis(d Vec) [terms]float64 {
	var out [terms]float64
	c, sn := 1.0, 0.0
	i := 0
	for m := range degree + 1 {
		q, before := s.start[m], 0.0
		for l := m; l <= degree; l++ {
			if l > m {
				q, before = s.steps[i].a*d[1]*q-s.steps[i].b*before, q
			}
			out[symmetricIndex(l, m)] = q * c
			if m > 0 {
				out[asymmetricIndex(l, m)] = q * sn
			}
			i++
		}
		c, sn = c*d[2]-sn*d[0], sn*d[2]+c*d[0]
	}
	return out
}

// radius returns the sum at the unit direction d.
func (s *sphere) radius(d Vec) float64 {
	if !s.sided {
		return s.evenRadius(d)
	}
	sum, c, sn := 0.0, 1.0, 0.0
	i := 0
	for m := range degree + 1 {
		q, before := s.start[m], 0.0
		sy, as := s.steps[i].sym*q, s.steps[i].asy*q
		i++
		for range degree - m {
			t := &s.steps[i]
			q, before = t.a*d[1]*q-t.b*before, q
			sy += t.sym * q
			as += t.asy * q
			i++
		}
		sum += sy*c + as*sn
		c, sn = c*d[2]-sn*d[0], sn*d[2]+c*d[0]
	}
	return sum
}

// evenRadius is radius where left and right are alike, which takes two thirds of
// the time.
func (s *sphere) evenRadius(d Vec) float64 {
	sum, c, sn := 0.0, 1.0, 0.0
	steps := s.steps[:]
	for m := range degree + 1 {
		q, before := s.start[m], 0.0
		sy := steps[0].sym * q
		for i := 1; i <= degree-m; i++ {
			t := &steps[i]
			q, before = t.a*d[1]*q-t.b*before, q
			sy += t.sym * q
		}
		steps = steps[degree-m+1:]
		sum += sy * c
		c, sn = c*d[2]-sn*d[0], sn*d[2]+c*d[0]
	}
	return sum
}

// gradient returns the sum at the unit direction d and its tangential
// derivative, per radian.
func (s *sphere) gradient(d Vec) (r float64, g Vec) {
	if !s.sided {
		return s.evenGradient(d)
	}
	y := d[1]
	c, sn, c1, s1 := 1.0, 0.0, 0.0, 0.0 // powers m and m-1
	i := 0
	for m := range degree + 1 {
		q, before, dq, dbefore := s.start[m], 0.0, 0.0, 0.0
		sy, as := s.steps[i].sym*q, s.steps[i].asy*q
		dsy, das := 0.0, 0.0
		i++
		for range degree - m {
			t := &s.steps[i]
			q, before, dq, dbefore = t.a*y*q-t.b*before, q, t.a*q+t.a*y*dq-t.b*dbefore, dq
			sy += t.sym * q
			as += t.asy * q
			dsy += t.sym * dq
			das += t.asy * dq
			i++
		}
		fm := float64(m)
		r += sy*c + as*sn
		g[0] += fm * (as*c1 - sy*s1)
		g[1] += dsy*c + das*sn
		g[2] += fm * (sy*c1 + as*s1)
		c1, s1 = c, sn
		c, sn = c*d[2]-sn*d[0], sn*d[2]+c*d[0]
	}
	return r, g.Sub(d.Mul(g.Dot(d)))
}

// evenGradient is gradient where left and right are alike.
func (s *sphere) evenGradient(d Vec) (r float64, g Vec) {
	y := d[1]
	c, sn, c1, s1 := 1.0, 0.0, 0.0, 0.0 // powers m and m-1
	steps := s.steps[:]
	for m := range degree + 1 {
		q, before, dq, dbefore := s.start[m], 0.0, 0.0, 0.0
		sy, dsy := steps[0].sym*q, 0.0
		for i := 1; i <= degree-m; i++ {
			t := &steps[i]
			q, before, dq, dbefore = t.a*y*q-t.b*before, q, t.a*q+t.a*y*dq-t.b*dbefore, dq
			sy += t.sym * q
			dsy += t.sym * dq
		}
		steps = steps[degree-m+1:]
		fm := float64(m)
		r += sy * c
		g[0] -= fm * sy * s1
		g[1] += dsy * c
		g[2] += fm * sy * c1
		c1, s1 = c, sn
		c, sn = c*d[2]-sn*d[0], sn*d[2]+c*d[0]
	}
	return r, g.Sub(d.Mul(g.Dot(d)))
}
