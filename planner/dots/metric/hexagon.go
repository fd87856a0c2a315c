package metric

import (
	"math"

	"pointille/internal/headframe"
)

// hexagon is how many neighbours the bond order is taken over.
const hexagon = 6

// bondOrder returns how far the nearest six of near lie around p as the
// corners of a hexagon do: |mean of exp(6i·angle)|, 1 for a hexagon in any
// turn, 0.37 on average for unrelated points. Angles are those in the plane
// along the skin that fits near best. Distances do not count, so two
// neighbours on one side are two, whichever of them is nearer.
func bondOrder(points []headframe.Vec, p headframe.Vec, near []neighbour) float64 {
	if len(near) < hexagon {
		return 0
	}
	x, y := plane(points, p, near)
	re, im := 0.0, 0.0
	for _, n := range near[:hexagon] {
		d := points[n.i].Sub(p)
		s, c := math.Sincos(6 * math.Atan2(d.Dot(y), d.Dot(x)))
		re, im = re+c, im+s
	}
	return math.Hypot(re, im) / hexagon
}

// plane returns two square unit directions along the plane that fits p and its
// neighbours best: square to the direction in which they spread least.
func plane(points []headframe.Vec, p headframe.Vec, near []neighbour) (x, y headframe.Vec) {
	mean := p.Mul(1 / float64(len(near)+1))
	for _, n := range near {
		mean = mean.Add(points[n.i].Mul(1 / float64(len(near)+1)))
	}
	var m [3]headframe.Vec // covariance, by rows
	spread := func(q headframe.Vec) {
		d := q.Sub(mean)
		for k := range 3 {
			m[k] = m[k].Add(d.Mul(d[k]))
		}
	}
	spread(p)
	for _, n := range near {
		spread(points[n.i])
	}
	normal := least(m)
	x = headframe.Vec{1, 0, 0}
	if math.Abs(normal[0]) > 0.7 {
		x = headframe.Vec{0, 1, 0}
	}
	x = x.Sub(normal.Mul(normal.Dot(x))).Unit()
	return x, normal.Cross(x)
}

// least returns the direction in which the covariance m is smallest, by power
// iteration on trace - m, whose largest value it is.
func least(m [3]headframe.Vec) headframe.Vec {
	trace := m[0][0] + m[1][1] + m[2][2]
	var a [3]headframe.Vec
	for k := range 3 {
		a[k] = m[k].Mul(-1)
		a[k][k] += trace
	}
	for range 6 { // a^64, kept from overflow
		a = square(a)
	}
	var best headframe.Vec
	for _, row := range a {
		if row.Norm() > best.Norm() {
			best = row
		}
	}
	if best == (headframe.Vec{}) {
		return headframe.Vec{0, 1, 0} // all points are one
	}
	return best.Unit()
}

func square(a [3]headframe.Vec) [3]headframe.Vec {
	var b [3]headframe.Vec
	top := 0.0
	for i := range 3 {
		for j := range 3 {
			b[i][j] = a[i].Dot(headframe.Vec{a[0][j], a[1][j], a[2][j]})
			top = max(top, math.Abs(b[i][j]))
		}
	}
	if top == 0 {
		return b
	}
	for i := range 3 {
		b[i] = b[i].Mul(1 / top)
	}
	return b
}
