package pigment

import (
	"bytes"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"

	"pointille/internal/colour"
	"pointille/planner/craft"
)

// Pigment is one concentrate, known by what it absorbs and not by its brand.
type Pigment struct {
	Name       string     `json:"name"`
	CI         []string   `json:"ci"`         // Colour Index numbers of its ingredients
	Masstone   colour.Lab `json:"masstone"`   // CIELAB of the bottle, opaque
	Absorption [3]float64 `json:"absorption"` // of the column in skin, over carbon black in green light; red, green, blue
	Source     string     `json:"source"`
}

//go:embed catalogue.json
var catalogue []byte

// Catalogue returns the built-in, brand-free pigments. Their absorptions are
// assumptions until fitted to test patches; a studio can give its own list.
func Catalogue() ([]Pigment, error) {
	return ReadCatalogue(catalogue)
}

// ReadCatalogue reads a list of pigments from JSON and refuses the first that
// is unusable, by name and with the reason. Members it does not know are
// refused too: a misspelt one would be a missing one.
func ReadCatalogue(data []byte) ([]Pigment, error) {
	var list []entry
	d := json.NewDecoder(bytes.NewReader(data))
	d.DisallowUnknownFields()
	if err := d.Decode(&list); err != nil {
		return nil, fmt.Errorf("reading pigments: %w", err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, errors.New("reading pigments: there is more after the list")
	}
	if len(list) == 0 {
		return nil, errors.New("reading pigments: the list is empty")
	}
	var out []Pigment
	seen := map[string]bool{}
	for i, e := range list {
		p, err := e.pigment()
		if err != nil {
			return nil, fmt.Errorf("reading pigment %d (%q): %w", i+1, e.Name, err)
		}
		key := strings.ToLower(p.Name)
		if seen[key] {
			return nil, fmt.Errorf("reading pigment %d: %q is listed twice", i+1, p.Name)
		}
		seen[key] = true
		out = append(out, p)
	}
	return out, nil
}

// entry is a pigment as it is written: Go would fill a short array with zeros
// and drop what is too much.
type entry struct {
	Name       string    `json:"name"`
	CI         []string  `json:"ci,omitempty"`
	Masstone   []float64 `json:"masstone,omitempty"`
	Absorption []float64 `json:"absorption"`
	Source     string    `json:"source"`
}

func (e entry) pigment() (Pigment, error) {
	p := Pigment{Name: strings.TrimSpace(e.Name), CI: e.CI, Source: e.Source}
	if p.Name == "" {
		return p, errors.New("it has no name")
	}
	if len(e.Absorption) != 3 {
		return p, fmt.Errorf("absorption has %d values, want those in red, green and blue light", len(e.Absorption))
	}
	for i, a := range e.Absorption {
		if !(a > 0 && a <= 10) {
			return p, fmt.Errorf("absorption in %s light is %v, want above 0 up to 10", channels(i), a)
		}
	}
	if len(e.Masstone) != 0 && len(e.Masstone) != 3 {
		return p, fmt.Errorf("masstone has %d values, want L*, a* and b* or none", len(e.Masstone))
	}
	copy(p.Absorption[:], e.Absorption)
	copy(p.Masstone[:], e.Masstone)
	if p.Masstone[0] < 0 || p.Masstone[0] > 100 || colour.Chroma(p.Masstone) > 150 {
		return p, fmt.Errorf("masstone %v is no colour", p.Masstone)
	}
	for _, c := range p.CI {
		if len(c) != 5 || strings.Trim(c, "0123456789") != "" {
			return p, fmt.Errorf("%q is no Colour Index number: those have five digits", c)
		}
	}
	return p, nil
}

func channels(i int) string { return [3]string{"red", "green", "blue"}[i] }

// In returns the absorption per millimetre of the column that the pigment
// leaves when diluted with the given parts of water per part of pigment.
func (p Pigment) In(dilution float64) [3]float64 {
	k := craft.InkAbsorption().Value / (1 + max(0, dilution))
	return [3]float64{k * p.Absorption[0], k * p.Absorption[1], k * p.Absorption[2]}
}

// Ladder returns the dilutions that a studio mixes, strongest first, in parts
// of water per part of pigment.
func Ladder() []float64 {
	return []float64{0, 1, 2, 3, 5, 7, 10, 15, 20, 30}
}

// Own returns the built-in pigments with a studio's own list: of two of one name
// the studio's.
func Own(list []Pigment) ([]Pigment, error) {
	all, err := Catalogue()
	for _, p := range list {
		all = With(all, p)
	}
	return all, err
}

// builtIn reports whether p is one of the catalogue.
func builtIn(p Pigment) bool {
	list, err := Catalogue()
	if err != nil {
		return false
	}
	known, err := find(list, p.Name)
	return err == nil && known.Absorption == p.Absorption
}

func find(list []Pigment, name string) (Pigment, error) {
	for _, p := range list {
		if p.Name == name {
			return p, nil
		}
	}
	return Pigment{}, fmt.Errorf("no pigment is called %q", name)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
