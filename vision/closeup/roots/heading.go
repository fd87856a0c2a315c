package roots

import (
	"math"

	"pointille/internal/raster"
)

// The way hair lies is pooled over poolMM, with a share of the
// whole picture's mean; where what is pooled is shorter than sure the ends do
// not agree and nothing is told.
const (
	poolMM = 2.0
	whole  = 0.3
	sure   = 0.05
)

// field is the way hair lies over a picture: unit vectors on a grid, or none.
type field struct{ x, y *raster.Plane }

// heading finds the way hair lies from what was seen at first; nil where that
// is known nowhere.
func (l *lens) heading() *field {
	expect := l.cells[rootCh]
	vx, vy := product(expect, l.cells[wayX]), product(expect, l.cells[wayY])
	total := max(sum(expect), 1e-6)
	mean := [2]float64{sum(vx) / total, sum(vy) / total}
	sigma := poolMM * l.perMM / Cell
	mass := pool(expect, sigma)
	vx, vy = pool(vx, sigma), pool(vy, sigma)
	known := false
	for i, m := range mass.Pix {
		x := float64(vx.Pix[i]/(m+1e-6)) + whole*mean[0]
		y := float64(vy.Pix[i]/(m+1e-6)) + whole*mean[1]
		n := math.Hypot(x, y)
		if !(n > sure) {
			vx.Pix[i], vy.Pix[i] = 0, 0
			continue
		}
		vx.Pix[i], vy.Pix[i] = float32(x/n), float32(y/n)
		known = true
	}
	if !known {
		return nil
	}
	return &field{vx, vy}
}

func product(a, b *raster.Plane) *raster.Plane {
	out := raster.NewPlane(a.W, a.H)
	for i, v := range a.Pix {
		out.Pix[i] = v * b.Pix[i]
	}
	return out
}

func sum(p *raster.Plane) float64 {
	s := 0.0
	for _, v := range p.Pix {
		s += float64(v)
	}
	return s
}

// pool blurs p with nothing beyond its border: sums, not means, fall off there.
func pool(p *raster.Plane, sigma float64) *raster.Plane {
	r := int(math.Ceil(3 * sigma))
	bell := make([]float32, r+1)
	for i := range bell {
		bell[i] = float32(math.Exp(-float64(i*i) / (2 * sigma * sigma)))
	}
	across := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		spread(p.Pix[y*p.W:(y+1)*p.W], across.Pix[y*p.W:(y+1)*p.W], bell)
	}
	out := raster.NewPlane(p.W, p.H)
	for y := range p.H {
		row := out.Pix[y*p.W : (y+1)*p.W]
		for k := max(-r, -y); k <= min(r, p.H-1-y); k++ {
			w := bell[max(k, -k)]
			for x, v := range across.Pix[(y+k)*p.W : (y+k+1)*p.W] {
				row[x] += w * v
			}
		}
	}
	return out
}

func spread(in, out, bell []float32) {
	r := len(bell) - 1
	for x := range out {
		var s float32
		for k := max(-r, -x); k <= min(r, len(in)-1-x); k++ {
			s += bell[max(k, -k)] * in[x+k]
		}
		out[x] = s
	}
}
