package montecarlo

import (
	"math"
	"math/rand/v2"
	"slices"

	"pointille/internal/parallel"
)

// Column is pigment as one impression leaves it: an upright cylinder that
// absorbs and does not scatter.
type Column struct {
	Diameter, Top, Height, Absorption float64
}

// Seen is how a column is seen in one light on one skin.
type Seen struct {
	Tone        string
	Wavelength  float64
	Column      Column
	Reflectance float64   // of the skin without it, light entering its surface
	Contrast    float64   // share of light lost at the centre
	FWHM        float64   // diameter at half the contrast
	Area        float64   // mm², the loss summed over the skin
	Error       float64   // standard error of Contrast
	Profile     []float64 // share lost at the distances Radii
}

// Run is how columns are measured.
type Run struct {
	Photons    int
	Seed       uint64
	Tones      []Tone
	Wavelength float64
	Columns    []Column
}

// Radii are the distances from a column's centre at which light is counted.
// None is on the rim of a column a multiple of 0.05 mm wide, where light that
// enters unscattered meets the pigment or does not.
func Radii() []float64 {
	r := []float64{0}
	for i := range 16 {
		r = append(r, 0.012+0.02*float64(i))
	}
	return append(r, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.85, 1, 1.25, 1.5, 2, 2.5, 3, 4)
}

// batches is a number of random streams that does not depend on the machine.
const batches = 64

// Measure returns every column on every tone, columns of one tone together.
func (r Run) Measure() []Seen {
	at := Radii()
	sums := make([]tally, batches)
	parallel.Each(batches, func(i int) { sums[i] = r.batch(i, at) })
	total := newTally(len(r.Tones), len(r.Columns), len(at))
	for _, s := range sums {
		total.add(s)
	}
	var out []Seen
	for t, tone := range r.Tones {
		for c, column := range r.Columns {
			lost, spread := total.profile(t, c)
			out = append(out, Seen{
				Tone: tone.Name, Wavelength: r.Wavelength, Column: column, Reflectance: total.light[t] / float64(total.photons),
				Contrast: lost[0], FWHM: width(at, lost), Area: area(at, lost), Error: spread, Profile: lost,
			})
		}
	}
	return out
}

// tally is the light of many photons: per tone what comes back, and per tone,
// column and distance what the column takes of it.
type tally struct {
	photons int
	light   []float64
	lost    [][][]float64
	square  [][]float64 // of the loss at the centre
}

func newTally(tones, columns, distances int) tally {
	t := tally{light: make([]float64, tones)}
	for range tones {
		var lost [][]float64
		for range columns {
			lost = append(lost, make([]float64, distances))
		}
		t.lost, t.square = append(t.lost, lost), append(t.square, make([]float64, columns))
	}
	return t
}

func (t *tally) add(o tally) {
	t.photons += o.photons
	for i := range t.light {
		t.light[i] += o.light[i]
		for c := range t.lost[i] {
			t.square[i][c] += o.square[i][c]
			for r, v := range o.lost[i][c] {
				t.lost[i][c][r] += v
			}
		}
	}
}

// profile returns the share lost by distance and the standard error at the centre.
func (t *tally) profile(tone, column int) (lost []float64, spread float64) {
	for _, v := range t.lost[tone][column] {
		lost = append(lost, v/t.light[tone])
	}
	n := float64(t.photons)
	mean := t.lost[tone][column][0] / n
	return lost, math.Sqrt(max(0, t.square[tone][column]/n-mean*mean)/n) / (t.light[tone] / n)
}

func (r Run) batch(i int, at []float64) tally {
	skins := absorptions(r.Tones, r.Wavelength)
	t := r.tracer(i, skins)
	sum := newTally(len(r.Tones), len(r.Columns), len(at))
	weights := make([]float64, len(skins))
	all := girths(r.Columns)
	met := make([]float64, len(r.Columns))
	for range (r.Photons + batches - 1) / batches {
		p := t.trace()
		sum.photons++
		if p.boost == 0 {
			continue
		}
		for k, s := range skins {
			weights[k] = p.weight(s)
			sum.light[k] += weights[k]
		}
		for _, g := range all {
			for j, x := range at {
				g.inside(p, x, met[:len(g.shapes)])
				r.count(g, j, met, weights, &sum)
			}
		}
	}
	return sum
}

// tracer follows the photons of a batch through skins of these absorptions.
func (r Run) tracer(batch int, skins [][]float64) tracer {
	return tracer{Medium: Skin(r.Wavelength), reference: lightest(skins), floor: deepest(r.Columns), rng: rand.New(rand.NewPCG(r.Seed, uint64(batch)))}
}

// count adds what each column of a girth takes of one photon at distance j.
func (r Run) count(g girth, j int, met, weights []float64, sum *tally) {
	for k, s := range g.shapes {
		if met[k] == 0 {
			continue
		}
		for _, c := range s.columns {
			taken := -math.Expm1(-r.Columns[c].Absorption * met[k])
			for t, w := range weights {
				sum.lost[t][c][j] += w * taken
				if j == 0 {
					sum.square[t][c] += w * w * taken * taken
				}
			}
		}
	}
}

// girth is all columns of one diameter: whether a step passes through them
// seen from above need be found out only once.
type girth struct {
	radius float64
	shapes []shape
}

// shape is all columns of one girth that reach from top to bottom, by index:
// they differ in absorption only.
type shape struct {
	top, bottom float64
	columns     []int
}

func girths(columns []Column) []girth {
	var out []girth
	for i, c := range columns {
		g := slices.IndexFunc(out, func(g girth) bool { return g.radius == c.Diameter/2 })
		if g < 0 {
			g, out = len(out), append(out, girth{radius: c.Diameter / 2})
		}
		top, bottom := c.Top, c.Top+c.Height
		s := slices.IndexFunc(out[g].shapes, func(s shape) bool { return s.top == top && s.bottom == bottom })
		if s < 0 {
			s, out[g].shapes = len(out[g].shapes), append(out[g].shapes, shape{top: top, bottom: bottom})
		}
		out[g].shapes[s].columns = append(out[g].shapes[s].columns, i)
	}
	return out
}

// inside adds up the lengths of the path within each shape that stands at (x, 0).
func (g girth) inside(p *path, x float64, met []float64) {
	clear(met)
	for i := range p.steps {
		s := &p.steps[i]
		from, to, ok := s.over(x, 0, g.radius)
		if !ok {
			continue
		}
		for k := range g.shapes {
			met[k] += s.between(from, to, g.shapes[k].top, g.shapes[k].bottom)
		}
	}
}

// over returns the stretch of a step that lies above or within the endless
// upright cylinder about (x, y).
func (s *step) over(x, y, radius float64) (from, to float64, ok bool) {
	px, py, reach := s.x-x, s.y-y, radius+s.length
	if px > reach || px < -reach || py > reach || py < -reach {
		return 0, 0, false
	}
	a := s.dx*s.dx + s.dy*s.dy
	if a < 1e-12 {
		return 0, s.length, px*px+py*py < radius*radius
	}
	b := px*s.dx + py*s.dy
	d := b*b - a*(px*px+py*py-radius*radius)
	if d <= 0 {
		return 0, 0, false
	}
	root := math.Sqrt(d)
	from, to = max(0, (-b-root)/a), min(s.length, (-b+root)/a)
	return from, to, from < to
}

// between is how much of the stretch lies between two depths.
func (s *step) between(from, to, top, bottom float64) float64 {
	if s.dz == 0 {
		if s.z < top || s.z > bottom {
			return 0
		}
		return to - from
	}
	u, v := (top-s.z)/s.dz, (bottom-s.z)/s.dz
	return max(0, min(to, max(u, v))-max(from, min(u, v)))
}

func absorptions(tones []Tone, nm float64) [][]float64 {
	var out [][]float64
	for _, t := range tones {
		out = append(out, t.Absorption(nm))
	}
	return out
}

// lightest is the smallest absorption of each layer.
func lightest(skins [][]float64) []float64 {
	out := slices.Clone(skins[0])
	for _, s := range skins {
		for i, v := range s {
			out[i] = min(out[i], v)
		}
	}
	return out
}

func deepest(columns []Column) float64 {
	z := 0.0
	for _, c := range columns {
		z = max(z, c.Top+c.Height)
	}
	return z
}

// width is twice the distance at which half the contrast is left.
func width(at, lost []float64) float64 {
	half := lost[0] / 2
	for i := 1; i < len(at); i++ {
		if lost[i] <= half {
			return 2 * (at[i-1] + (at[i]-at[i-1])*(lost[i-1]-half)/(lost[i-1]-lost[i]))
		}
	}
	return 2 * at[len(at)-1]
}

// area integrates a profile over the skin, linear between the distances.
func area(at, lost []float64) float64 {
	sum := 0.0
	for i := 1; i < len(at); i++ {
		a, b := at[i-1], at[i]
		slope := (lost[i] - lost[i-1]) / (b - a)
		base := lost[i-1] - slope*a
		sum += 2 * math.Pi * (base*(b*b-a*a)/2 + slope*(b*b*b-a*a*a)/3)
	}
	return sum
}
