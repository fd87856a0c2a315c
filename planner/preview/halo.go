package preview

import (
	"math"

	"pointille/internal/raster"
	"pointille/planner/craft"
)

// redden takes the redness around fresh impressions from the green and blue
// light of a plane of the whole picture. It is as soft as the glow, and does
// with the same grid.
func (m *marks) redden(light *plane, amplitude float64, fall *falls) {
	if amplitude == 0 || len(m.mm2) == 0 {
		return
	}
	p := raster.NewPlane(light.w, light.h)
	reach, mean, cell := craft.RednessReach().Value, 0.0, float64(light.step*light.step)
	for i, mm2 := range m.mm2 {
		if m.spots[far][i].none() {
			continue
		}
		// Each impression reddens 2π·reach² mm² of skin, spread over the pixels of that skin.
		at := &m.spots[far][i]
		deposit(p, at.x, at.y, float32(2*math.Pi*reach*reach*mm2/cell))
		mean += math.Sqrt(mm2)
	}
	mean /= float64(len(m.mm2))
	// Sharing a deposit among four cells blurs it, as straight lines between cells do.
	sigma := reach * mean / float64(light.step)
	smooth(p, math.Sqrt(max(leastOnGrid, sigma*sigma-2.0/6)))
	for i, v := range p.Pix {
		if v > 0 {
			left := 1 - float32(amplitude)*(1-fall.at(min(v, reddest)))
			light.light[i][1] *= left
			light.light[i][2] *= left
		}
	}
}

// reddest is as good as all the redness there can be, as a density of it.
const reddest = 20

// deposit adds v at (x, y), shared among the four nearest cells.
func deposit(p *raster.Plane, x, y, v float32) {
	x0, y0 := math.Floor(float64(x)), math.Floor(float64(y))
	ax, ay := x-float32(x0), y-float32(y0)
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
