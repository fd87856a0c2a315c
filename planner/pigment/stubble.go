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

// Strand is one hair of stubble as light meets it.
type Strand struct {
	Lost     [3]float64 // share of the skin's light that is lost where hair hides it; below 0 for hair lighter than the skin
	StubMM2  float64    // skin that the stub and its shadow hide
	RootMM2  [3]float64 // skin darkened by the root under it, per channel
	RootFar  [3]float64 // share of that which lies far from the root
	WidthMM  float64    // of the shaft
	LengthMM float64    // of the stub as seen from above
}

// Strand returns one hair.
func (s Stubble) Strand() (Strand, error) {
	if err := s.check(); err != nil {
		return Strand{}, err
	}
	width, length := s.WidthMM, s.LengthMM
	if width == 0 {
		width = craft.StubbleWidth().Value
	}
	if length == 0 {
		length = craft.StubbleLength().Value
	}
	root := Area(Column{Diameter: width, Height: craft.InkColumn().Value}, craft.HairAbsorption(s.Hair[0]).Values(), s.Skin[0])
	out := Strand{StubMM2: width * length * meanProjection * craft.StubbleGain().Value, RootMM2: root, RootFar: Wandered(0, s.Skin[0]), WidthMM: width, LengthMM: length * meanProjection}
	skin, hair := colour.FromLab(s.Skin), colour.FromLab(s.Hair)
	for c := range skin {
		out.Lost[c] = 1 - max(0, hair[c])/max(skin[c], 1e-4)
	}
	return out, nil
}

func (s Stubble) check() error {
	if !colour.Finite(s.Skin) || !colour.Finite(s.Hair) {
		return fmt.Errorf("tone of stubble: skin %v or hair %v is no colour", s.Skin, s.Hair)
	}
	if !(s.PerCM2 >= 0 && s.PerCM2 <= 2000) || !(s.LengthMM >= 0 && s.LengthMM <= 50) || !(s.WidthMM >= 0 && s.WidthMM <= 1) {
		return fmt.Errorf("tone of stubble: %v hairs per cm², %v mm long, %v mm thick", s.PerCM2, s.LengthMM, s.WidthMM)
	}
	return nil
}

// Tone returns the mean colour of skin with stubble. Each hair darkens the
// area that its stub and its shadow hide, plus that of the root under the
// skin, which is seen like a column of pigment; hair lighter than the skin
// brightens it.
func (s Stubble) Tone() (colour.Lab, error) {
	hair, err := s.Strand()
	if err != nil {
		return colour.Lab{}, err
	}
	out := colour.FromLab(s.Skin)
	for c := range out {
		hidden := -math.Expm1(-s.PerCM2 / 100 * (hair.StubMM2 + hair.RootMM2[c]))
		out[c] *= 1 - hair.Lost[c]*hidden
	}
	return colour.ToLab(out), nil
}

// meanProjection is the share of a stub's length that is seen from above where
// hair leaves the skin at 50°.
const meanProjection = 0.64

// LongestHair is the length, mm, up to which the client's own hair beside a
// field of the given tone still reads as one with it, that is, as stubble whose
// tone is at most as far off as passes for close. It is 0 where no length is
// near, and never more than craft.StubbleLongest: beyond that hair is seen as
// strokes, whatever its tone. The hair's own LengthMM does not matter.
func (s Stubble) LongestHair(field colour.Lab) (float64, error) {
	if !colour.Finite(field) {
		return 0, fmt.Errorf("longest hair: the field's tone %v is no colour", field)
	}
	longest := 0.0
	for i := 1; float64(i)/10 <= craft.StubbleLongest().Value; i++ {
		s.LengthMM = float64(i) / 10
		tone, err := s.Tone()
		if err != nil {
			return 0, err
		}
		if colour.DeltaE00(tone, field) <= craft.ShadeClose().Value {
			longest = s.LengthMM
		}
	}
	return longest, nil
}
