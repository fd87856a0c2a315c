package pigment

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"math"

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
// is unusable, by name.
func ReadCatalogue(data []byte) ([]Pigment, error) {
	var list []Pigment
	if err := json.Unmarshal(data, &list); err != nil {
		return nil, fmt.Errorf("reading pigments: %w", err)
	}
	if len(list) == 0 {
		return nil, fmt.Errorf("reading pigments: the list is empty")
	}
	seen := map[string]bool{}
	for i, p := range list {
		if err := p.check(); err != nil {
			return nil, fmt.Errorf("reading pigment %d (%q): %w", i+1, p.Name, err)
		}
		if seen[p.Name] {
			return nil, fmt.Errorf("reading pigment %d: %q is listed twice", i+1, p.Name)
		}
		seen[p.Name] = true
	}
	return list, nil
}

func (p Pigment) check() error {
	if p.Name == "" {
		return fmt.Errorf("it has no name")
	}
	for i, a := range p.Absorption {
		if !(a > 0 && a <= 10) {
			return fmt.Errorf("absorption in %s light is %v, want above 0 up to 10", channels(i), a)
		}
	}
	return nil
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

func find(list []Pigment, name string) (Pigment, error) {
	for _, p := range list {
		if p.Name == name {
			return p, nil
		}
	}
	return Pigment{}, fmt.Errorf("no pigment is called %q", name)
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
