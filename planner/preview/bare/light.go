package bare

import (
	"math"
	"slices"

	"pointille/internal/colour"
)

// grid is light per cell, read between cells.
type grid struct{ v []colour.RGB }

func (g *grid) at(s *scene, x, y int) colour.RGB {
	fx := (float64(x)+0.5)/float64(s.step) - 0.5
	fy := (float64(y)+0.5)/float64(s.step) - 0.5
	x0, y0 := int(math.Floor(fx)), int(math.Floor(fy))
	ax, ay := fx-float64(x0), fy-float64(y0)
	xa, xb := min(max(x0, 0), s.cw-1), min(x0+1, s.cw-1)
	ya, yb := min(max(y0, 0), s.ch-1)*s.cw, min(y0+1, s.ch-1)*s.cw
	var out colour.RGB
	for c := range out {
		out[c] = (g.v[ya+xa][c]*(1-ax)+g.v[ya+xb][c]*ax)*(1-ay) + (g.v[yb+xa][c]*(1-ax)+g.v[yb+xb][c]*ax)*ay
	}
	return out
}

func (g *grid) at1(s *scene, x, y int) float64 { return g.at(s, x, y)[0] }

// light is the skin's light in every cell: seen, or from the shape of the head
// and the bare skin around.
func (s *scene) light() (*grid, error) {
	fit, err := s.shading()
	if err != nil {
		return nil, err
	}
	base, ratio := make([]colour.RGB, s.cw*s.ch), make([]colour.RGB, s.cw*s.ch)
	weight, placed := make([]float64, s.cw*s.ch), make([]float64, s.cw*s.ch)
	for i, n := range s.normal {
		if n == (vec3{}) {
			continue // beside the fitted head: as lit as the nearest skin
		}
		base[i], placed[i] = fit.at(n), 1
		if w := s.head.weight[i]; w > 0.3 {
			weight[i] = w * w
			for c := range base[i] {
				ratio[i][c] = math.Log(min(2, max(0.5, s.head.light[i][c]/base[i][c])))
			}
		}
	}
	base = spread(base, placed, s.cw, s.ch, 1)
	near := spread(ratio, weight, s.cw, s.ch, 0.6)
	for i := range base {
		for c := range base[i] {
			base[i][c] *= math.Exp(near[i][c])
		}
	}
	return &grid{base}, nil
}

// continued is what lies beside the head, carried on behind the hair.
func (s *scene) continued(l layer) *grid {
	weight := make([]float64, len(l.weight))
	for i, w := range l.weight {
		if w > 0.9 {
			weight[i] = 1
		}
	}
	return &grid{spread(l.light, weight, s.cw, s.ch, 1)}
}

// shade is how bright skin is by its normal: nine numbers a channel, the
// spherical harmonics up to the second order, which hold 98 % of what diffuse
// skin does with any light (Ramamoorthi and Hanrahan 2001).
type shade struct {
	k        [3][9]float64
	low, top [3]float64 // no skin is taken to be outside these
}

func harmonics(n vec3) [9]float64 {
	x, y, z := n[0], n[1], n[2]
	return [9]float64{1, x, y, z, x * y, y * z, z * x, x*x - y*y, 3*z*z - 1}
}

func (f shade) at(n vec3) colour.RGB {
	h := harmonics(n)
	var out colour.RGB
	for c := range out {
		v := 0.0
		for i, k := range f.k[c] {
			v += k * h[i]
		}
		out[c] = min(f.top[c], max(f.low[c], v))
	}
	return out
}

// enough is the least number of cells with bare skin.
const enough = 40

// shading fits bare skin, in three rounds in which what is far from the fit
// (eyes, lips, glare) counts less and less.
func (s *scene) shading() (shade, error) {
	var at []int
	for i, w := range s.head.weight {
		if w > 0.8 && s.normal[i] != (vec3{}) {
			at = append(at, i)
		}
	}
	if len(at) < enough {
		return shade{}, ErrNoSkin
	}
	var f shade
	for c := range 3 {
		var seen []float64
		for _, i := range at {
			seen = append(seen, s.head.light[i][c])
		}
		slices.Sort(seen)
		f.low[c], f.top[c] = 0.4*seen[len(seen)/10], seen[len(seen)*95/100]
		trust := make([]float64, len(at))
		for i := range trust {
			trust[i] = 1
		}
		for range 3 {
			f.k[c] = s.solve(at, trust, c)
			s.doubt(at, trust, c, f.k[c])
		}
	}
	return f, nil
}

// solve is ridge regression: light from the side of the head that shows no
// skin is unknown, and higher orders there must not run away.
func (s *scene) solve(at []int, trust []float64, c int) [9]float64 {
	var a [9][10]float64
	for j, i := range at {
		h := harmonics(s.normal[i])
		for p := range h {
			for q := range h {
				a[p][q] += trust[j] * h[p] * h[q]
			}
			a[p][9] += trust[j] * h[p] * s.head.light[i][c]
		}
	}
	n := float64(len(at))
	for p := 1; p < 9; p++ {
		a[p][p] += n * map[bool]float64{true: 0.005, false: 0.03}[p < 4]
	}
	a[0][0] += 1e-9
	return gaussElimination(a)
}

func gaussElimination(a [9][10]float64) [9]float64 {
	for p := range 9 {
		best := p
		for q := p; q < 9; q++ {
			if math.Abs(a[q][p]) > math.Abs(a[best][p]) {
				best = q
			}
		}
		a[p], a[best] = a[best], a[p]
		for q := range 9 {
			if q == p || a[p][p] == 0 {
				continue
			}
			k := a[q][p] / a[p][p]
			for r := p; r < 10; r++ {
				a[q][r] -= k * a[p][r]
			}
		}
	}
	var out [9]float64
	for p := range out {
		if a[p][p] != 0 {
			out[p] = a[p][9] / a[p][p]
		}
	}
	return out
}

// doubt lowers the trust in cells far from the fit (Cauchy's weight).
func (s *scene) doubt(at []int, trust []float64, c int, k [9]float64) {
	off, sizes := make([]float64, len(at)), make([]float64, len(at))
	for j, i := range at {
		h, v := harmonics(s.normal[i]), 0.0
		for p := range h {
			v += k[p] * h[p]
		}
		off[j] = s.head.light[i][c] - v
		sizes[j] = math.Abs(off[j])
	}
	slices.Sort(sizes)
	scale := 2*sizes[len(sizes)/2] + 1e-6
	for j, d := range off {
		trust[j] = 1 / (1 + d*d/(scale*scale))
	}
}

// spread carries values to where nothing is known, from coarser and coarser
// means (pull and push, Gortler 1996). At each coarser step a value counts only
// keep times as much.
func spread(v []colour.RGB, weight []float64, w, h int, keep float64) []colour.RGB {
	if w <= 1 && h <= 1 {
		return v
	}
	cw, ch := (w+1)/2, (h+1)/2
	coarse, cweight := make([]colour.RGB, cw*ch), make([]float64, cw*ch)
	for y := range h {
		for x := range w {
			i, j := y*w+x, y/2*cw+x/2
			for c := range v[i] {
				coarse[j][c] += v[i][c] * weight[i]
			}
			cweight[j] += weight[i]
		}
	}
	for j, n := range cweight {
		if n > 0 {
			for c := range coarse[j] {
				coarse[j][c] *= keep / n
			}
		}
		cweight[j] = min(1, n)
	}
	coarse = spread(coarse, cweight, cw, ch, keep)
	out := make([]colour.RGB, len(v))
	for y := range h {
		for x := range w {
			i := y*w + x
			u := between(coarse, cw, ch, (float64(x)-0.5)/2, (float64(y)-0.5)/2)
			k := min(1, weight[i])
			for c := range out[i] {
				out[i][c] = v[i][c]*k + u[c]*(1-k)
			}
		}
	}
	return out
}

func between(v []colour.RGB, w, h int, x, y float64) colour.RGB {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	ax, ay := x-float64(x0), y-float64(y0)
	xa, xb := min(max(x0, 0), w-1), min(max(x0+1, 0), w-1)
	ya, yb := min(max(y0, 0), h-1)*w, min(max(y0+1, 0), h-1)*w
	var out colour.RGB
	for c := range out {
		out[c] = (v[ya+xa][c]*(1-ax)+v[ya+xb][c]*ax)*(1-ay) + (v[yb+xa][c]*(1-ax)+v[yb+xb][c]*ax)*ay
	}
	return out
}
