package montecarlo

import (
	"math"
	"math/rand/v2"

	"pointille/internal/parallel"
)

// Field is skin full of equal columns on a square lattice, in one light.
type Field struct {
	Tone       string
	Wavelength float64
	Column     Column
	PerCM2     float64
	Left       float64 // share of the light of bare skin that it sends back on average
	Error      float64 // standard error of Left
}

// Fields returns every column at every density on every tone; all are
// measured with the same photons.
func (r Run) Fields(perCM2 []float64) []Field {
	n := len(r.Tones) * len(r.Columns) * len(perCM2)
	sums := make([]fieldTally, batches)
	parallel.Each(batches, func(i int) { sums[i] = r.fieldBatch(i, perCM2) })
	total := fieldTally{light: make([]float64, len(r.Tones)), lost: make([]float64, n), square: make([]float64, n)}
	for _, s := range sums {
		total.photons += s.photons
		addTo(total.light, s.light)
		addTo(total.lost, s.lost)
		addTo(total.square, s.square)
	}
	var out []Field
	for t, tone := range r.Tones {
		for _, c := range r.Columns {
			for _, d := range perCM2 {
				k, n, light := len(out), float64(total.photons), total.light[t]
				mean := total.lost[k] / n
				out = append(out, Field{
					Tone: tone.Name, Wavelength: r.Wavelength, Column: c, PerCM2: d, Left: 1 - total.lost[k]/light,
					Error: math.Sqrt(max(0, total.square[k]/n-mean*mean)/n) / (light / n),
				})
			}
		}
	}
	return out
}

// fieldTally is the light of many photons: per tone what comes back, per field
// what its columns take of it, in the order of Fields.
type fieldTally struct {
	photons             int
	light, lost, square []float64
}

func addTo(sum, v []float64) {
	for i := range sum {
		sum[i] += v[i]
	}
}

func (r Run) fieldBatch(i int, perCM2 []float64) fieldTally {
	skins := absorptions(r.Tones, r.Wavelength)
	per := len(r.Columns) * len(perCM2)
	t := r.tracer(i, skins)
	sum := fieldTally{light: make([]float64, len(skins)), lost: make([]float64, per*len(skins)), square: make([]float64, per*len(skins))}
	taken := make([]float64, per)
	for range (r.Photons + batches - 1) / batches {
		p := t.trace()
		x, y := t.rng.Float64(), t.rng.Float64()
		sum.photons++
		if p.boost == 0 {
			continue
		}
		for c, column := range r.Columns {
			for d, n := range perCM2 {
				taken[c*len(perCM2)+d] = -math.Expm1(-column.Absorption * column.among(p, 10/math.Sqrt(n), x, y))
			}
		}
		for k, s := range skins {
			w := p.weight(s)
			sum.light[k] += w
			for j, v := range taken {
				sum.lost[k*per+j] += w * v
				sum.square[k*per+j] += w * w * v * v
			}
		}
	}
	return sum
}

// among is the path's length within equal columns on a lattice of the given
// side, the photon entering at (x, y) of a cell, in its sides.
func (c Column) among(p *path, side, x, y float64) float64 {
	sum, r := 0.0, c.Diameter/2
	for _, s := range p.steps {
		s.x, s.y = s.x+x*side, s.y+y*side
		ex, ey := s.x+s.dx*s.length, s.y+s.dy*s.length
		for i := math.Ceil((min(s.x, ex) - r) / side); i <= (max(s.x, ex)+r)/side; i++ {
			for j := math.Ceil((min(s.y, ey) - r) / side); j <= (max(s.y, ey)+r)/side; j++ {
				if from, to, ok := s.over(i*side, j*side, r); ok {
					sum += s.between(from, to, c.Top, c.Top+c.Height)
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
