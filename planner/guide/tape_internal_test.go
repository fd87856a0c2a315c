package guide

import (
	"math"
	"testing"

	"pointille/internal/headframe"
)

// relaxed is the shortest way over the head, by evening out a chain of places.
func relaxed(s headframe.Surface, a, b headframe.Vec) float64 {
	const n = 24
	var chain [n + 1]headframe.Vec
	for i := range chain {
		chain[i], _ = s.Project(a.Add(b.Sub(a).Mul(float64(i) / n)))
	}
	for range 300 {
		for i := 1; i < n; i++ {
			chain[i], _ = s.Nearest(chain[i-1].Add(chain[i+1]).Mul(0.5))
		}
	}
	sum := 0.0
	for i := range n {
		sum += chain[i+1].Sub(chain[i]).Norm()
	}
	return sum
}

// A tape laid from a tile's middle to a landmark takes the shortest way; the
// length written on the tile must agree with it to a few millimetres.
func TestTapeLengths(t *testing.T) {
	s := headframe.Mean()
	l := LandmarksOf(s)
	worst := 0.0
	for _, mark := range []headframe.Vec{l.Glabella, l.EarLeft, l.EarRight, l.Occiput} {
		for theta := 0.1; theta < 1.2; theta += 0.3 {
			for phi := -3.0; phi < 3; phi += 1.5 {
				d := headframe.Vec{math.Sin(theta) * math.Sin(phi), math.Cos(theta), math.Sin(theta) * math.Cos(phi)}
				p, _ := s.Project(headframe.Vec{0, 25, 0}.Add(d.Mul(90)))
				q, _ := s.Project(mark)
				if !tapes(p, q) {
					continue
				}
				if e := distance(s, p, q) - relaxed(s, p, q); math.Abs(e) > math.Abs(worst) {
					worst = e
				}
			}
		}
	}
	t.Logf("lengths are off by %.1f mm at most", worst)
	if math.Abs(worst) > 4 {
		t.Errorf("a length is off by %.1f mm", worst)
	}
}
