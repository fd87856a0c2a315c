// Package dotstest has simple skins, and meshes of them, to try patterns on.
// Lengths are millimetres.
package dotstest

import (
	"math"

	"pointille/internal/headframe"
)

// Ellipsoid is a skin by its half axes, centred on the origin.
type Ellipsoid headframe.Vec

// Head is about the size of a head above the ears.
func Head() Ellipsoid { return Ellipsoid{78, 92, 98} }

// Project returns the point nearest p and the outward normal there, by
// Newton's method on the Lagrange multiplier.
func (e Ellipsoid) Project(p headframe.Vec) (q, n headframe.Vec) {
	least := min(e[0], e[1], e[2])
	t := 0.0
	for range 12 {
		f, df := -1.0, 0.0
		for k := range 3 {
			d := e[k]*e[k] + t
			r := e[k] * p[k] / d
			f += r * r
			df -= 2 * r * r / d
		}
		if df == 0 {
			return headframe.Vec{0, e[1], 0}, headframe.Vec{0, 1, 0}
		}
		step := f / df
		t = max(t-step, -0.9*least*least)
		if math.Abs(step) < 1e-9*least*least {
			break
		}
	}
	for k := range 3 {
		q[k] = e[k] * e[k] * p[k] / (e[k]*e[k] + t)
		n[k] = q[k] / (e[k] * e[k])
	}
	return q, n.Unit()
}

// Cap returns a mesh of the part of e above height y = from, with edges of
// about the given length.
func (e Ellipsoid) Cap(from, edge float64) *headframe.Mesh {
	return e.mesh(edge, func(p headframe.Vec) bool { return p[1] >= from })
}

// mesh cuts an octahedron into small triangles on e and keeps those whose
// corners are wanted.
func (e Ellipsoid) mesh(edge float64, keep func(headframe.Vec) bool) *headframe.Mesh {
	n := max(int(math.Ceil(max(e[0], e[1], e[2])*math.Pi/2/edge)), 1)
	b := builder{m: &headframe.Mesh{}, at: map[headframe.Vec]int32{}, e: e}
	for octant := range 8 {
		var c [3]headframe.Vec
		turn := 0
		for k := range 3 {
			sign := 1.0
			if octant>>k&1 == 1 {
				sign, turn = -1, turn+1
			}
			c[k][k] = sign
		}
		if turn%2 == 1 {
			c[1], c[2] = c[2], c[1]
		}
		b.face(c, n, keep)
	}
	return finish(b.m)
}

type builder struct {
	m  *headframe.Mesh
	at map[headframe.Vec]int32
	e  Ellipsoid
}

func (b *builder) face(c [3]headframe.Vec, n int, keep func(headframe.Vec) bool) {
	point := func(i, j int) headframe.Vec {
		k := n - i - j
		d := c[0].Mul(float64(k)).Add(c[1].Mul(float64(i))).Add(c[2].Mul(float64(j))).Unit()
		return headframe.Vec{d[0] * b.e[0], d[1] * b.e[1], d[2] * b.e[2]}
	}
	for i := range n {
		for j := range n - i {
			b.triangle([3]headframe.Vec{point(i, j), point(i+1, j), point(i, j+1)}, keep)
			if i+j < n-1 {
				b.triangle([3]headframe.Vec{point(i+1, j), point(i+1, j+1), point(i, j+1)}, keep)
			}
		}
	}
}

func (b *builder) triangle(p [3]headframe.Vec, keep func(headframe.Vec) bool) {
	if !keep(p[0]) || !keep(p[1]) || !keep(p[2]) {
		return
	}
	var t [3]int32
	for k, v := range p {
		key := headframe.Vec{math.Round(v[0] * 1e6), math.Round(v[1] * 1e6), math.Round(v[2] * 1e6)}
		id, ok := b.at[key]
		if !ok {
			id = int32(len(b.m.V))
			b.at[key] = id
			b.m.V = append(b.m.V, v)
			_, n := b.e.Project(v)
			b.m.N = append(b.m.N, n)
		}
		t[k] = id
	}
	b.m.Tri = append(b.m.Tri, t)
}

func finish(m *headframe.Mesh) *headframe.Mesh {
	m.Area = make([]float64, len(m.V))
	for _, t := range m.Tri {
		a := m.V[t[1]].Sub(m.V[t[0]]).Cross(m.V[t[2]].Sub(m.V[t[0]])).Norm() / 6
		for _, v := range t {
			m.Area[v] += a
		}
	}
	return m
}

// Plane is the skin y = 0, outward normal +y.
type Plane struct{}

// Project drops p onto the plane.
func (Plane) Project(p headframe.Vec) (q, n headframe.Vec) {
	return headframe.Vec{p[0], 0, p[2]}, headframe.Vec{0, 1, 0}
}

// Square returns a mesh of the square 0..side in x and z, with edges of about
// the given length.
func (Plane) Square(side, edge float64) *headframe.Mesh {
	n := max(int(math.Ceil(side/edge)), 1)
	m := &headframe.Mesh{}
	for i := range n + 1 {
		for j := range n + 1 {
			m.V = append(m.V, headframe.Vec{side * float64(i) / float64(n), 0, side * float64(j) / float64(n)})
			m.N = append(m.N, headframe.Vec{0, 1, 0})
		}
	}
	id := func(i, j int) int32 { return int32(i*(n+1) + j) }
	for i := range n {
		for j := range n {
			m.Tri = append(m.Tri, [3]int32{id(i, j), id(i, j+1), id(i+1, j)}, [3]int32{id(i+1, j), id(i, j+1), id(i+1, j+1)})
		}
	}
	return finish(m)
}
