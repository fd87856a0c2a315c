package pigment

import (
	"fmt"
	"math"

	"pointille/internal/colour"
	"pointille/planner/craft"
)

// Stubble is shaved hair whose tone a field of dots should have.
type Stubble struct {
	Skin     colour.Lab
	Hair     colour.Lab // of the fibre as seen
	PerCM2   float64    // hairs per cm² of skin
	LengthMM float64    // 0: freshly shaved
	WidthMM  float64    // thickness of a hair; 0: that of an average one
}

// Tone returns the mean colour of skin with stubble. Each hair darkens the
// area that its stub and its shadow hide, plus that of the root under the
// skin, which is seen like a column of pigment; hair lighter than the skin
// brightens it.
func (s Stubble) Tone() (colour.Lab, error) {
	if !colour.Finite(s.Skin) || !colour.Finite(s.Hair) {
		return colour.Lab{}, fmt.Errorf("tone of stubble: skin %v or hair %v is no colour", s.Skin, s.Hair)
	}
	if !(s.PerCM2 >= 0 && s.PerCM2 <= 2000) || !(s.LengthMM >= 0 && s.LengthMM <= 50) || !(s.WidthMM >= 0 && s.WidthMM <= 1) {
		return colour.Lab{}, fmt.Errorf("tone of stubble: %v hairs per cm², %v mm long, %v mm thick", s.PerCM2, s.LengthMM, s.WidthMM)
	}
	width, length := s.WidthMM, s.LengthMM
	if width == 0 {
		width = craft.StubbleWidth().Value
	}
	if length == 0 {
		length = craft.StubbleLength().Value
	}
	stub := width * length * meanProjection * craft.StubbleGain().Value
	root := Area(Column{Diameter: width, Height: craft.InkColumn().Value}, [3]float64{opaque, opaque, opaque})
	skin, hair := colour.FromLab(s.Skin), colour.FromLab(s.Hair)
	var out colour.RGB
	for c := range out {
		rest := max(0, hair[c])
		out[c] = rest + (skin[c]-rest)*math.Exp(-s.PerCM2/100*(stub+root[c]))
	}
	return colour.ToLab(out), nil
}

// meanProjection is the share of a stub's length that is seen from above where
// hair leaves the skin at 50°.
const meanProjection = 0.64

// opaque is an absorption per mm through which nothing is seen.
const opaque = 1e3
