package dots

import (
	"math"
	"slices"

	"pointille/internal/headframe"
)

// curve returns the place of each dot along a plane Hilbert curve over all.
func curve(dots []Dot) []uint64 {
	keys := make([]uint64, len(dots))
	for i, p := range flatten(dots) {
		keys[i] = hilbert2(p)
	}
	return keys
}

// flatten maps the dots into the unit square by Lambert's equal-area map of
// the directions from a point below them.
func flatten(dots []Dot) [][2]float64 {
	var up, middle headframe.Vec
	pts := make([]headframe.Vec, len(dots))
	for i, d := range dots {
		pts[i] = d.P
	}
	// Sums in sorted order, so that the order given does not matter.
	slices.SortFunc(pts, func(a, b headframe.Vec) int { return slices.Compare(a[:], b[:]) })
	for _, p := range pts {
		middle = middle.Add(p.Mul(1 / float64(len(dots))))
	}
	normals := make([]headframe.Vec, len(dots))
	for i, d := range dots {
		normals[i] = d.N
	}
	slices.SortFunc(normals, func(a, b headframe.Vec) int { return slices.Compare(a[:], b[:]) })
	for _, n := range normals {
		up = up.Add(n)
	}
	up = up.Unit()
	if up == (headframe.Vec{}) {
		up = headframe.Vec{0, 1, 0}
	}
	reach := 0.0
	for _, p := range pts {
		reach = max(reach, p.Sub(middle).Norm())
	}
	centre := middle.Sub(up.Mul(reach + 1e-9))
	x, y := across(up)
	flat := make([][2]float64, len(dots))
	for i, d := range dots {
		v := d.P.Sub(centre).Unit()
		k := math.Sqrt(1/max(1+v.Dot(up), 1e-9)) / math.Sqrt2
		flat[i] = [2]float64{0.5 + 0.5*k*v.Dot(x), 0.5 + 0.5*k*v.Dot(y)}
	}
	return flat
}

// across returns two unit directions square to up and to each other.
func across(up headframe.Vec) (x, y headframe.Vec) {
	a := headframe.Vec{1, 0, 0}
	if math.Abs(up[0]) > 0.9 {
		a = headframe.Vec{0, 0, 1}
	}
	x = a.Sub(up.Mul(a.Dot(up))).Unit()
	return x, up.Cross(x)
}

// hilbert2 returns the place of a point of the unit square along a plane
// Hilbert curve of 2^16 steps per side.
func hilbert2(p [2]float64) uint64 {
	const n = 1 << 16
	x := uint64(min(max(p[0], 0), 1) * (n - 1))
	y := uint64(min(max(p[1], 0), 1) * (n - 1))
	var d uint64
	for s := uint64(n / 2); s > 0; s /= 2 {
		rx, ry := min(x&s, 1), min(y&s, 1)
		d += s * s * (3*rx ^ ry)
		if ry == 0 {
			if rx == 1 {
				x, y = n-1-x, n-1-y
			}
			x, y = y, x
		}
	}
	return d
}
