package montecarlo

import (
	"math"
	"math/rand/v2"

	"pointille/internal/parallel"
)

// Field is skin full of equal columns on a square lattice.
type Field struct {
	Column     Column
	PerCM2     float64
	Tone       Tone
	Wavelength float64
}

// Left returns the share of light that the field sends back of what bare skin
// would, on average over the field, with its standard error.
func (f Field) Left(photons int, seed uint64) (share, spread float64) {
	type sum struct{ light, left, square float64 }
	sums := make([]sum, batches)
	each := (photons + batches - 1) / batches
	parallel.Each(batches, func(i int) {
		skin := f.Tone.Absorption(f.Wavelength)
		rng := rand.New(rand.NewPCG(seed, uint64(i)))
		t := tracer{Medium: Skin(f.Wavelength), reference: skin, floor: f.Column.Top + f.Column.Height, rng: rng}
		for range each {
			p := t.trace()
			x, y := rng.Float64(), rng.Float64()
			if p.boost == 0 {
				continue
			}
			w := p.weight(skin)
			taken := w * -math.Expm1(-f.Column.Absorption*f.inside(p, x, y))
			sums[i].light += w
			sums[i].left += w - taken
			sums[i].square += taken * taken
		}
	})
	var all sum
	for _, s := range sums {
		all.light, all.left, all.square = all.light+s.light, all.left+s.left, all.square+s.square
	}
	n := float64(batches * each)
	lost := (all.light - all.left) / n
	return all.left / all.light, math.Sqrt(max(0, all.square/n-lost*lost)/n) / (all.light / n)
}

// inside is the path's length within all columns, the photon entering at
// (x, y) of a cell, in its sides.
func (f Field) inside(p *path, x, y float64) float64 {
	side := 10 / math.Sqrt(f.PerCM2)
	sum, r := 0.0, f.Column.Diameter/2
	for _, s := range p.steps {
		s.x, s.y = s.x+x*side, s.y+y*side
		ex, ey := s.x+s.dx*s.length, s.y+s.dy*s.length
		for i := math.Ceil((min(s.x, ex) - r) / side); i <= (max(s.x, ex)+r)/side; i++ {
			for j := math.Ceil((min(s.y, ey) - r) / side); j <= (max(s.y, ey)+r)/side; j++ {
				if from, to, ok := s.over(i*side, j*side, r); ok {
					sum += s.between(from, to, f.Column.Top, f.Column.Top+f.Column.Height)
				}
			}
		}
	}
	return sum
}

// Reflectance returns the share of light that enters a medium straight down
// and comes back, for layers of the given absorption, with its standard error.
func Reflectance(m Medium, absorption []float64, photons int, seed uint64) (share, spread float64) {
	light, square := make([]float64, batches), make([]float64, batches)
	each := (photons + batches - 1) / batches
	parallel.Each(batches, func(i int) {
		t := tracer{Medium: m, reference: absorption, rng: rand.New(rand.NewPCG(seed, uint64(i)))}
		for range each {
			w := t.trace().weight(absorption)
			light[i], square[i] = light[i]+w, square[i]+w*w
		}
	})
	sum, squares := 0.0, 0.0
	for i, v := range light {
		sum, squares = sum+v, squares+square[i]
	}
	n := float64(batches * each)
	return sum / n, math.Sqrt(max(0, squares/n-sum*sum/n/n) / n)
}
