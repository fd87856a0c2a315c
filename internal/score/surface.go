package score

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"pointille/internal/headframe"
)

// apart is the grid on which places of the true scalp are taken, mm, so that what
// many photos show from nearby counts no more than the rest.
const apart = 5

// places are those of the true scalp that any photo shows, with their normals.
func places(c Case) (p, n []headframe.Vec) {
	taken := map[[3]int]bool{}
	for _, photo := range c.Photos {
		skin := photo.Truth.Skin
		if skin == nil {
			continue
		}
		for i, q := range skin.P {
			if math.IsNaN(q[0]) {
				continue
			}
			key := [3]int{int(math.Floor(q[0] / apart)), int(math.Floor(q[1] / apart)), int(math.Floor(q[2] / apart))}
			if !taken[key] {
				taken[key] = true
				p, n = append(p, q), append(n, skin.N[i])
			}
		}
	}
	return p, n
}

// fewest places from which a surface is judged.
const fewest = 20

func surface(c Case) *Surface {
	p, n := places(c)
	if len(p) < fewest {
		return nil
	}
	out := &Surface{Points: len(p), Sigma: c.ScaleSigma}
	out.AsIs = *spread(still().distances(c.Surface, p))
	rigid := align(c.Surface, p, false)
	out.Aligned, out.Normal = *spread(rigid.distances(c.Surface, p)), *spread(rigid.bends(c.Surface, p, n))
	out.MovedMM = rigid.to(c.Surface.Centre()).Sub(c.Surface.Centre()).Norm()
	out.TurnedDeg = rigid.angle()
	sized := align(c.Surface, p, true)
	laid := *spread(sized.distances(c.Surface, p))
	out.Shape, out.Size = Spread{laid.Median / sized.size, laid.P95 / sized.size}, sized.size-1
	return out
}

// pose takes the true head's frame to the plan's.
type pose struct {
	r    [9]float64
	t    headframe.Vec
	size float64
}

func still() pose { return pose{r: [9]float64{0: 1, 4: 1, 8: 1}, size: 1} }

func (a pose) turn(p headframe.Vec) headframe.Vec {
	r := a.r
	return headframe.Vec{
		r[0]*p[0] + r[1]*p[1] + r[2]*p[2], r[3]*p[0] + r[4]*p[1] + r[5]*p[2], r[6]*p[0] + r[7]*p[1] + r[8]*p[2],
	}
}

func (a pose) to(p headframe.Vec) headframe.Vec { return a.turn(p).Mul(a.size).Add(a.t) }

// angle is how far the pose turns, degrees.
func (a pose) angle() float64 {
	return math.Acos(max(-1, min(1, (a.r[0]+a.r[4]+a.r[8]-1)/2))) * 180 / math.Pi
}

// distances are those of places from the surface, mm of the plan.
func (a pose) distances(s headframe.Surface, p []headframe.Vec) []float64 {
	out := make([]float64, len(p))
	for i, q := range p {
		q = a.to(q)
		on, _ := s.Nearest(q)
		out[i] = q.Sub(on).Norm()
	}
	return out
}

// bends are the angles between true normals and the surface's, degrees.
func (a pose) bends(s headframe.Surface, p, n []headframe.Vec) []float64 {
	out := make([]float64, len(p))
	for i, q := range p {
		_, is := s.Nearest(a.to(q))
		out[i] = math.Acos(max(-1, min(1, is.Dot(a.turn(n[i]))))) * 180 / math.Pi
	}
	return out
}

// At most so many rounds of alignment, or until a step moves nothing by this much,
// mm: along the skin a round head lies by its last bumps only.
const (
	rounds   = 25
	settled  = 1e-3
	headSize = 100
)

// align lays places on the surface by least squares of their heights: moved and
// turned, and scaled too if sized.
func align(s headframe.Surface, p []headframe.Vec, sized bool) pose {
	a, columns := still(), 6
	if sized {
		columns = 7
	}
	for range rounds {
		rows, h := mat.NewDense(len(p), columns, nil), mat.NewVecDense(len(p), nil)
		for i, q := range p {
			q = a.to(q)
			height, slope := s.Height(q)
			arm := q.Sub(s.Centre())
			turn := arm.Cross(slope)
			rows.SetRow(i, []float64{slope[0], slope[1], slope[2], turn[0], turn[1], turn[2], arm.Dot(slope)}[:columns])
			h.SetVec(i, -height)
		}
		var d mat.VecDense
		if d.SolveVec(rows, h) != nil {
			return a
		}
		a = a.moved(s.Centre(), d.RawVector().Data)
		step := d.RawVector().Data
		if mat.Norm(d.SliceVec(0, 3), 2)+headSize*mat.Norm(d.SliceVec(3, len(step)), 2) < settled {
			break
		}
	}
	return a
}

// moved is a, then shifted, turned about the middle and scaled by so much.
func (a pose) moved(middle headframe.Vec, d []float64) pose {
	grow := 1.0
	if len(d) > 6 {
		grow = math.Exp(d[6])
	}
	spin := headframe.Camera{R: [9]float64{0: 1, 4: 1, 8: 1}}.Moved(headframe.Vec{d[3], d[4], d[5]}, headframe.Vec{}, 0).R
	then := pose{r: spin}
	column := func(j int) headframe.Vec { return then.turn(headframe.Vec{a.r[j], a.r[3+j], a.r[6+j]}) }
	x, y, z := column(0), column(1), column(2)
	out := pose{size: a.size * grow, r: [9]float64{x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]}}
	out.t = then.turn(a.t.Sub(middle)).Mul(grow).Add(middle).Add(headframe.Vec{d[0], d[1], d[2]})
	return out
}
