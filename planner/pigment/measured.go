package pigment

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"pointille/internal/colour"
)

// Measured is what was read of a pigment's swatches on white paper.
type Measured struct {
	Name   string
	CI     []string
	Mass   [3]float64 // reflectance of the pigment undiluted and opaque, red first
	Thin   [3]float64 // optical density, -ln, of the pigment thinned
	Black  [3]float64 // that of the reference, thinned and laid on alike
	Known  Pigment    // the reference
	Source string
}

// FromSwatch returns the pigment that was measured. On paper as in skin, light
// that meets so much pigment is lost by its absorption; what the paper and the
// layer do is the same for the pigment and the reference beside it and cancels.
func FromSwatch(m Measured) (Pigment, error) {
	e := entry{Name: m.Name, CI: m.CI, Source: m.Source}
	for c := range m.Thin {
		if !(m.Black[c] > 0 && m.Known.Absorption[c] > 0 && finite(m.Thin[c])) {
			return Pigment{}, fmt.Errorf("measuring %q: densities %v against %v of %s", m.Name, m.Thin, m.Black, m.Known.Name)
		}
		e.Absorption = append(e.Absorption, rounded(max(leastMeasured, m.Known.Absorption[c]*m.Thin[c]/m.Black[c]), 3))
	}
	for _, v := range colour.ToLab(m.Mass) {
		e.Masstone = append(e.Masstone, rounded(v, 1))
	}
	p, err := e.pigment()
	if err != nil {
		return p, fmt.Errorf("measuring %q: %w", m.Name, err)
	}
	return p, nil
}

// leastMeasured is the absorption below which paper and light do not tell.
const leastMeasured = 0.01

func rounded(v float64, digits int) float64 {
	k := math.Pow(10, float64(digits))
	return math.Round(v*k) / k
}

// WriteCatalogue returns a list of pigments as JSON that ReadCatalogue reads.
func WriteCatalogue(list []Pigment) ([]byte, error) {
	entries := make([]entry, len(list))
	for i, p := range list {
		entries[i] = entry{Name: p.Name, CI: p.CI, Absorption: p.Absorption[:], Source: p.Source}
		if p.Masstone != (colour.Lab{}) {
			entries[i].Masstone = p.Masstone[:]
		}
	}
	data, err := json.MarshalIndent(entries, "", " ")
	if err != nil {
		return nil, fmt.Errorf("writing pigments: %w", err)
	}
	data = append(data, '\n')
	if _, err := ReadCatalogue(data); err != nil {
		return nil, fmt.Errorf("writing pigments: %w", err)
	}
	return data, nil
}

// With returns the list with p in it, in place of one of the same name.
func With(list []Pigment, p Pigment) []Pigment {
	out := make([]Pigment, 0, len(list)+1)
	for _, q := range list {
		if !strings.EqualFold(q.Name, p.Name) {
			out = append(out, q)
		}
	}
	return append(out, p)
}
