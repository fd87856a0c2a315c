package desk

import (
	"encoding/binary"
	"math"
	"math/rand/v2"
	"slices"
	"sync"

	"pointille/internal/headframe"
	"pointille/planner/plan"
	"pointille/planner/scalp"
)

// DotFloats is how many 32-bit floats a dot has in Dots: x, y and radius in
// pixels of the photo, psi, mm behind the hairline, rank, zone (index into
// headframe.Zones), session (0: spare).
const DotFloats = 8

// spares are dots that no plan holds: a tablet shows some of them while a finger
// drags the hairline or raises a density, until the plan follows. They are never
// printed, counted or rendered.
type spares struct {
	once sync.Once
	dots []spare
}

type spare struct {
	p, n headframe.Vec
	rank float64 // shown where this share of the local density is missing
	zone int
}

// frontMM is how far in front of the line a finger can pull dots.
const frontMM = 25

// Dots are the dots a photo shows, little endian floats; nil for a photo without
// a place on the head.
func (m *Made) Dots(view int) []byte {
	if view < 0 || view >= len(m.Seen) || m.Seen[view] == nil {
		return nil
	}
	zones := headframe.Zones()
	line := m.line()
	cam := m.Model.Views[view].Camera
	r := rand.New(rand.NewPCG(m.Plan.Seed, 0x72616e6b))
	var out []byte
	add := func(v ...float64) {
		for _, x := range v {
			out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(x)))
		}
	}
	for i, d := range m.Result.Dots {
		rank := r.Float64() // drawn for every dot, so that a dot keeps its rank in all views
		s := m.Seen[view][i]
		if !s.Visible {
			continue
		}
		psi, behind := line.behind(d.P)
		add(s.X, s.Y, d.Diameter/2/cam.MMPerPx(d.P), psi, behind, rank, float64(slices.Index(zones, d.Zone)), float64(d.Session))
	}
	for _, s := range m.extra() {
		if !m.Model.Visible(view, s.p, s.n) {
			continue
		}
		x, y, _ := cam.Project(s.p)
		psi, behind := line.behind(s.p)
		add(x, y, m.Plan.Dots.HealedMM/2/cam.MMPerPx(s.p), psi, behind, s.rank, float64(s.zone), 0)
	}
	return out
}

func (m *Made) line() *front {
	if m.Plan.Hairline == nil {
		return nil
	}
	return newFront(m.Model.Surface, m.Plan.Hairline.Points)
}

// extra makes the spare dots, once for each plan.
func (m *Made) extra() []spare {
	m.spares.once.Do(func() {
		if m.Plan.Nothing != "" || len(m.Result.Dots) == 0 {
			return
		}
		s := scatter{rand: rand.New(rand.NewPCG(m.Plan.Seed, 0x73706172)), model: m.Model, line: m.line(), zones: headframe.Zones()}
		s.beside(m.Result.Dots, m.Plan.Dots.MeanMM)
		s.ahead(m.Plan)
		m.spares.dots = s.out
	})
	return m.spares.dots
}

type scatter struct {
	rand  *rand.Rand
	model *scalp.Model
	line  *front
	zones []string
	out   []spare
}

// beside puts one spare near each dot, so that any density up to twice the planned
// one can be shown.
func (s *scatter) beside(dots []plan.Dot, mean float64) {
	for _, d := range dots {
		side := d.N.Cross(headframe.Vec{0.3, 0.5, 0.8}).Unit()
		up := d.N.Cross(side)
		sin, cos := math.Sincos(2 * math.Pi * s.rand.Float64())
		far := mean * (0.45 + 0.4*s.rand.Float64())
		p, n := s.model.Surface.Project(d.P.Add(side.Mul(far * cos)).Add(up.Mul(far * sin)))
		s.out = append(s.out, spare{p, n, s.rand.Float64(), slices.Index(s.zones, d.Zone)})
	}
}

// ahead scatters spares over the skin in front of the line.
func (s *scatter) ahead(p *plan.Plan) {
	if s.line == nil {
		return
	}
	density := 1.0 // dots per mm²
	if mean := p.Dots.MeanMM; mean > 0 {
		density = 1 / (mean * mean)
	}
	mesh := s.model.Mesh
	for _, t := range mesh.Tri {
		a, b, c := mesh.V[t[0]], mesh.V[t[1]], mesh.V[t[2]]
		if _, mm := s.line.behind(a); mm > 4 || mm < -frontMM {
			continue
		}
		want := b.Sub(a).Cross(c.Sub(a)).Norm() / 2 * density
		for n := int(want + s.rand.Float64()); n > 0; n-- {
			u, v := s.rand.Float64(), s.rand.Float64()
			if u+v > 1 {
				u, v = 1-u, 1-v
			}
			q := a.Add(b.Sub(a).Mul(u)).Add(c.Sub(a).Mul(v))
			if _, mm := s.line.behind(q); mm > 0 {
				continue
			}
			at, normal := s.model.Surface.Project(q)
			s.out = append(s.out, spare{at, normal, s.rand.Float64(), slices.Index(s.zones, headframe.FrontalHairline)})
		}
	}
}
