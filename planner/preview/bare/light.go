package bare

import (
	"math"
	"slices"

	"pointille/internal/colour"
)

// grid is light per cell, read between cells.
type grid struct{ v []colour.RGB }

func (g *grid) at(s *scene, x, y int) colour.RGB {
	return s.among(x, y).colour(g.v)
}

// field is one number per cell, read between cells.
type field []float64

func (f field) at(s *scene, x, y int) float64 {
	p := s.among(x, y)
	return p.mean(f[p.cells[0]], f[p.cells[1]], f[p.cells[2]], f[p.cells[3]])
}

// among is where a pixel lies among the cells.
func (s *scene) among(x, y int) place {
	return between(s.cw, s.ch, (float64(x)+0.5)/float64(s.step)-0.5, (float64(y)+0.5)/float64(s.step)-0.5)
}

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
	s.hold(base)
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

// shade is how bright skin is by its normal: nine numbers, the spherical harmonics
// up to the second order, which hold 98 % of what diffuse skin does with any light
// (Ramamoorthi and Hanrahan 2001). They are fitted to brightness alone: fitted to each
// colour they run apart where no skin is seen, and skin turns white or red there.
type shade struct {
	k        [9]float64
	low, top float64    // no skin is taken to be outside these
	hue      colour.RGB // light of bare skin in each colour over its brightness
}

func harmonics(n vec3) [9]float64 {
	x, y, z := n[0], n[1], n[2]
	return [9]float64{1, x, y, z, x * y, y * z, z * x, x*x - y*y, 3*z*z - 1}
}

func (f shade) at(n vec3) colour.RGB {
	v := 0.0
	for i, h := range harmonics(n) {
		v += f.k[i] * h
	}
	v = min(f.top, max(f.low, v))
	return colour.RGB{v * f.hue[0], v * f.hue[1], v * f.hue[2]}
}

// enough is the least number of cells with bare skin.
const enough = 40

// shading fits bare skin, in three rounds in which what is far from the fit
// (eyes, lips, glare) counts less and less.
func (s *scene) shading() (shade, error) {
	var at []int
	for i := range s.normal {
		if s.tells(i) && s.normal[i] != (vec3{}) {
			at = append(at, i)
		}
	}
	if len(at) < enough {
		return shade{}, ErrNoSkin
	}
	var f shade
	seen, trust := make([]float64, len(at)), make([]float64, len(at))
	for j, i := range at {
		seen[j], trust[j] = colour.Luminance(s.head.light[i]), 1
	}
	for c := range f.hue {
		share := make([]float64, len(at))
		for j, i := range at {
			share[j] = s.head.light[i][c] / max(seen[j], 1e-6)
		}
		slices.Sort(share)
		f.hue[c] = share[len(share)/2]
	}
	sorted := slices.Sorted(slices.Values(seen))
	f.low, f.top = 0.4*sorted[len(sorted)/10], sorted[len(sorted)*95/100]
	for range 3 {
		f.k = s.solve(at, seen, trust)
		s.doubt(at, seen, trust, f.k)
	}
	return f, nil
}

// tells reports whether a cell shows bare skin whose light is known: not burnt out.
func (s *scene) tells(i int) bool {
	v := s.head.light[i]
	return s.head.weight[i] > 0.8 && max(v[0], v[1], v[2]) < burnt
}

// burnt is linear light near the most that a photo can hold.
const burnt = 0.7

// solve is ridge regression: light from the side of the head that shows no
// skin is unknown, and higher orders there must not run away.
func (s *scene) solve(at []int, seen, trust []float64) [9]float64 {
	var a [9][10]float64
	for j, i := range at {
		h := harmonics(s.normal[i])
		for p := range h {
			for q := range h {
				a[p][q] += trust[j] * h[p] * h[q]
			}
			a[p][9] += trust[j] * h[p] * seen[j]
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
func (s *scene) doubt(at []int, seen, trust []float64, k [9]float64) {
	off, sizes := make([]float64, len(at)), make([]float64, len(at))
	for j, i := range at {
		h, v := harmonics(s.normal[i]), 0.0
		for p := range h {
			v += k[p] * h[p]
		}
		off[j] = seen[j] - v
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
			u := between(cw, ch, (float64(x)-0.5)/2, (float64(y)-0.5)/2).colour(coarse)
			k := min(1, weight[i])
			for c := range out[i] {
				out[i][c] = v[i][c]*k + u[c]*(1-k)
			}
		}
	}
	return out
}

// place is a place among four cells: their indices, and how far it is from the
// first to the second and from the first to the third.
type place struct {
	cells  [4]int
	ax, ay float64
}

// between is the place (x, y) among w by h cells, held at their edge.
func between(w, h int, x, y float64) place {
	x0, y0 := int(math.Floor(x)), int(math.Floor(y))
	ax, ay := x-float64(x0), y-float64(y0)
	xa, xb := min(max(x0, 0), w-1), min(max(x0+1, 0), w-1)
	ya, yb := min(max(y0, 0), h-1)*w, min(max(y0+1, 0), h-1)*w
	return place{[4]int{ya + xa, ya + xb, yb + xa, yb + xb}, ax, ay}
}

func (p place) mean(a, b, c, d float64) float64 {
	return (a*(1-p.ax)+b*p.ax)*(1-p.ay) + (c*(1-p.ax)+d*p.ax)*p.ay
}

func (p place) colour(v []colour.RGB) colour.RGB {
	a, b, c, d := v[p.cells[0]], v[p.cells[1]], v[p.cells[2]], v[p.cells[3]]
	var out colour.RGB
	for k := range out {
		out[k] = p.mean(a[k], b[k], c[k], d[k])
	}
	return out
}
