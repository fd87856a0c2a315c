package preview

import (
	"math"

	"pointille/internal/raster"
	"pointille/planner/craft"
)

// haloStep is how many pixels share one value of redness, which is soft.
const haloStep = 4

// halo is the redness around fresh impressions: the share of green and blue
// light lost, on a coarse grid.
type halo struct {
	plane *raster.Plane
}

// halo returns nil where the stage has no redness.
func (in Input) halo(marks []mark, amplitude float64) *halo {
	if amplitude == 0 || len(marks) == 0 {
		return nil
	}
	size := in.Mask.Rect.Size()
	p := raster.NewPlane(size.X/haloStep+2, size.Y/haloStep+2)
	reach, mean := craft.RednessReach().Value, 0.0
	for _, m := range marks {
		// Each impression reddens 2π·reach² mm² of skin, spread over the pixels of that skin.
		deposit(p, m.x/haloStep, m.y/haloStep, float32(2*math.Pi*reach*reach*m.mm2/(haloStep*haloStep)))
		mean += math.Sqrt(m.mm2)
	}
	mean /= float64(len(marks))
	smooth(p, reach*mean/haloStep)
	for i, v := range p.Pix {
		p.Pix[i] = float32(amplitude * -math.Expm1(-float64(v)))
	}
	return &halo{p}
}

func (h *halo) at(x, y int) float32 {
	x0, y0 := x/haloStep, y/haloStep
	ax, ay := float32(x%haloStep)/haloStep, float32(y%haloStep)/haloStep
	p := h.plane.Pix[y0*h.plane.W+x0:]
	q := p[h.plane.W:]
	return (p[0]*(1-ax)+p[1]*ax)*(1-ay) + (q[0]*(1-ax)+q[1]*ax)*ay
}

// deposit adds v at (x, y), shared among the four nearest cells.
func deposit(p *raster.Plane, x, y float64, v float32) {
	x0, y0 := math.Floor(x), math.Floor(y)
	ax, ay := float32(x-x0), float32(y-y0)
	add := func(i, j int, v float32) {
		if i >= 0 && j >= 0 && i < p.W && j < p.H {
			p.Pix[j*p.W+i] += v
		}
	}
	i, j := int(x0), int(y0)
	add(i, j, v*(1-ax)*(1-ay))
	add(i+1, j, v*ax*(1-ay))
	add(i, j+1, v*(1-ax)*ay)
	add(i+1, j+1, v*ax*ay)
}

// smooth blurs p by a Gaussian of sigma cells; beyond the edge there is nothing.
func smooth(p *raster.Plane, sigma float64) {
	n := int(math.Ceil(3 * sigma))
	if n == 0 {
		return
	}
	weights, sum := make([]float32, 2*n+1), float32(0)
	for i := range weights {
		d := float64(i - n)
		weights[i] = float32(math.Exp(-d * d / (2 * sigma * sigma)))
		sum += weights[i]
	}
	for i := range weights {
		weights[i] /= sum
	}
	row, column := make([]float32, p.W), make([]float32, p.H)
	for y := range p.H {
		copy(row, p.Pix[y*p.W:])
		for x := range p.W {
			p.Pix[y*p.W+x] = around(row, x, weights)
		}
	}
	for x := range p.W {
		for y := range p.H {
			column[y] = p.Pix[y*p.W+x]
		}
		for y := range p.H {
			p.Pix[y*p.W+x] = around(column, y, weights)
		}
	}
}

func around(line []float32, at int, weights []float32) float32 {
	n := len(weights) / 2
	var sum float32
	for i := max(0, at-n); i <= min(len(line)-1, at+n); i++ {
		sum += line[i] * weights[i-at+n]
	}
	return sum
}
