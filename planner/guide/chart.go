package guide

import (
	"errors"
	"math"

	"gonum.org/v1/gonum/mat"

	"pointille/internal/headframe"
)

// A chart maps a plane to the skin round a seed: the plane point (x, y) is
// reached by walking straight over the skin from the seed, hypot(x, y) mm in
// that direction (an azimuthal equidistant map). Of all flat maps of a round
// cap on a sphere this one distorts least. The walks are sampled and the map
// kept as a polynomial, which also evens out facets of a triangulated surface.
type chart struct {
	seed                headframe.Vec
	east, north, normal headframe.Vec     // east × north = normal
	reach               float64           // mm, how far the samples go
	coef                [3][terms]float64 // per axis, in the order in which at takes them
	residual            float64           // mm, largest distance of a sample from the polynomial
}

const (
	degree = 7
	terms  = (degree + 1) * (degree + 2) / 2
	rays   = 24 // more than twice the degree, so that every angular order is seen
	rings  = 13
)

// newChart samples s round seed. north is made square to the normal.
func newChart(s Surface, seed, north headframe.Vec, reach float64) (*chart, error) {
	q, n := s.Project(seed)
	c := &chart{seed: q, normal: n.Unit(), reach: reach}
	c.north = north.Sub(c.normal.Mul(north.Dot(c.normal))).Unit()
	c.east = c.north.Cross(c.normal)
	if c.normal.Norm() == 0 || c.north.Norm() == 0 {
		return nil, errors.New("the surface has no direction there")
	}
	var xy [][2]float64
	var on []headframe.Vec
	for i := range rays {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / rays)
		dir := c.east.Mul(cos).Add(c.north.Mul(sin))
		length := 0.0
		for _, st := range walk(s, c.seed, c.normal, dir, reach, reach/rings) {
			length = st.length
			xy = append(xy, [2]float64{length * cos / reach, length * sin / reach})
			on = append(on, c.local(st.p))
		}
	}
	return c, c.fit(xy, on)
}

// local returns p in the chart's frame: east, north, normal of the seed.
func (c *chart) local(p headframe.Vec) headframe.Vec {
	d := p.Sub(c.seed)
	return headframe.Vec{d.Dot(c.east), d.Dot(c.north), d.Dot(c.normal)}
}

func (c *chart) fit(xy [][2]float64, on []headframe.Vec) error {
	var left [terms * terms]float64
	var right [terms * 3]float64
	var m [terms]float64
	for k, u := range xy {
		monomials(u[0], u[1], &m)
		for i, v := range m {
			row := left[i*terms:][:terms]
			for j := i; j < terms; j++ {
				row[j] += v * m[j]
			}
			for a := range 3 {
				right[3*i+a] += v * on[k][a]
			}
		}
	}
	ata, atb := mat.NewSymDense(terms, left[:]), mat.NewDense(terms, 3, right[:])
	var chol mat.Cholesky
	var x mat.Dense
	if !chol.Factorize(ata) {
		return errors.New("the surface could not be followed")
	}
	if err := chol.SolveTo(&x, atb); err != nil {
		return errors.New("the surface could not be followed")
	}
	k := 0
	for j := degree; j >= 0; j-- {
		for i := degree - j; i >= 0; i-- {
			n := i + j
			for a := range 3 {
				c.coef[a][k] = x.At(n*(n+1)/2+j, a)
			}
			k++
		}
	}
	for k, u := range xy {
		p, _, _ := c.at(u[0]*c.reach, u[1]*c.reach)
		c.residual = math.Max(c.residual, p.Sub(on[k]).Norm())
	}
	if math.IsNaN(c.residual) {
		return errors.New("the surface is not finite")
	}
	return nil
}

// at returns the skin at (x, y) in the chart's frame and its derivatives. Every
// dot asks several times, so the polynomial is taken by Horner's rule: over x
// for each power of y, then over y, from the highest powers down.
func (c *chart) at(x, y float64) (p, px, py headframe.Vec) {
	u, v := x/c.reach, y/c.reach
	for a := range c.coef {
		coef := &c.coef[a]
		var f, fu, fv float64
		k := 0
		for j := degree; j >= 0; j-- {
			var g, gu float64
			for range degree - j + 1 {
				gu = gu*u + g
				g = g*u + coef[k]
				k++
			}
			fv = fv*v + f
			f = f*v + g
			fu = fu*v + gu
		}
		p[a], px[a], py[a] = f, fu/c.reach, fv/c.reach
	}
	return p, px, py
}

// skin returns the skin at (x, y) in the head frame.
func (c *chart) skin(x, y float64) headframe.Vec {
	p, _, _ := c.at(x, y)
	return c.seed.Add(c.east.Mul(p[0])).Add(c.north.Mul(p[1])).Add(c.normal.Mul(p[2]))
}

// found is a skin point seen on the plane.
type found struct {
	x, y     float64
	off      float64 // distance from the skin, mm
	low, top float64 // least and largest mm of skin per mm of plane there
}

// atSeed is a distance, mm, that a direction cannot be read off: dividing by
// less may give infinity.
const atSeed = 1e-9

// find inverts the chart: the plane point whose skin is nearest to p.
func (c *chart) find(p headframe.Vec) found {
	d := c.local(p)
	var f found
	if r := math.Hypot(d[0], d[1]); r > atSeed {
		k := math.Min(d.Norm(), c.reach) / r
		f.x, f.y = d[0]*k, d[1]*k
	}
	for range 8 {
		q, px, py := c.at(f.x, f.y)
		e := d.Sub(q)
		a, b, g := px.Dot(px), px.Dot(py), py.Dot(py)
		u, v := px.Dot(e), py.Dot(e)
		det := a*g - b*b
		f.off = e.Norm()
		f.low, f.top = singular(a, b, g)
		if det < 1e-9 {
			break
		}
		sx, sy := (u*g-v*b)/det, (v*a-u*b)/det
		f.x, f.y = f.x+sx, f.y+sy
		if math.Abs(sx)+math.Abs(sy) < 1e-4 {
			break
		}
	}
	return f
}

// singular returns the singular values of a map whose metric is (a b; b g).
func singular(a, b, g float64) (low, top float64) {
	mean, half := (a+g)/2, math.Hypot((a-g)/2, b)
	return math.Sqrt(math.Max(0, mean-half)), math.Sqrt(mean + half)
}

// monomials fills in x^i y^j with i+j up to degree, by rising i+j, then j.
func monomials(x, y float64, m *[terms]float64) {
	var xs, ys [degree + 1]float64
	xs[0], ys[0] = 1, 1
	for i := range degree {
		xs[i+1], ys[i+1] = xs[i]*x, ys[i]*y
	}
	k := 0
	for n := range degree + 1 {
		for j := range n + 1 {
			m[k] = xs[n-j] * ys[j]
			k++
		}
	}
}
