package preview

import (
	"errors"
	"fmt"
	"image"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/planner/pigment"
	"pointille/planner/preview/bare"
	"pointille/vision/survey"
)

// Shave is a virtual shave: the client's hair is taken off the photo and grows
// again as stubble of its own density and colour. It is a simulation and must
// be called one wherever it is shown.
type Shave struct {
	Surface headframe.Surface
	Regions *image.Gray   // classes as in a survey
	Density *image.Gray16 // hundredths of hairs per cm²
	Skin    colour.Lab    // of the client, light removed; the hair's colour is the photo's
	// LengthMM is what the clipper leaves, 0 to LongestStubble; 0: shaved with
	// a foil, so that only what every shaver leaves is seen.
	LengthMM float64
	WidthMM  float64 // of a hair; 0: an average one
}

// LongestStubble is the longest hair, mm, that a Shave can show: what is longer
// lies down and has a style of its own.
const LongestStubble = 3.0

// Shaved is a photo after a virtual shave.
type Shaved struct {
	Picture  *image.NRGBA
	Replaced *image.Gray // share of each pixel that is simulated, 0..255
	// Input draws dots on Picture: the given one without the hair that is gone.
	Input Input
}

// Grown reports whether a photo shows hair so long that it hides the skin
// between its roots, and so much of it that a shave would be seen. Stubble of
// full density hides 0.1 to 0.5 of the skin, hair of a centimetre 0.7 and more.
func Grown(regions, coverage *image.Gray) bool {
	if regions == nil || coverage == nil || coverage.Rect.Size() != regions.Rect.Size() {
		return false
	}
	scalp, hidden := 0, 0
	for y := range regions.Rect.Dy() {
		for x := range regions.Rect.Dx() {
			if regions.Pix[y*regions.Stride+x] != survey.Scalp {
				continue
			}
			scalp++
			if coverage.Pix[y*coverage.Stride+x] > hides {
				hidden++
			}
		}
	}
	return float64(hidden) > grownShare*float64(scalp)
}

// hides is a coverage, 0..255, that stubble does not reach; grownShare is how
// much of the scalp must have it.
const (
	hides      = 166
	grownShare = 0.05
)

// ErrLongHair is returned where much hair hangs beside the head: nobody can
// tell what is behind it.
var ErrLongHair = errors.New("the hair is too long to be shaved in the picture: photograph it tied back or cut shorter")

// mostBeside is the share of the hair's pixels that may hang beside the head.
const mostBeside = 0.4

// Apply shaves the photo. The mask of in does not matter; all hair goes.
func (s Shave) Apply(photo *image.NRGBA, in Input) (Shaved, error) {
	if err := s.check(photo, in); err != nil {
		return Shaved{}, fmt.Errorf("shaving: %w", err)
	}
	b, err := s.Bare(photo, in)
	if err != nil {
		return Shaved{}, err
	}
	return b.Grown(s.LengthMM)
}

// Bald is a photo without its hair, on which stubble of any length can grow.
type Bald struct {
	shave Shave
	head  bare.Head
	after Input // draws on the shaved photo
	onto  Input // draws stubble
	skin  patches
}

// Bare takes the hair off the photo; the shave's length does not matter.
func (s Shave) Bare(photo *image.NRGBA, in Input) (*Bald, error) {
	if err := s.check(photo, in); err != nil {
		return nil, fmt.Errorf("shaving: %w", err)
	}
	if in.BlurPx == 0 {
		in.BlurPx = Blur(photo, in.Mask)
	}
	head, err := bare.Shave(photo, bare.Input{Camera: in.Camera, Surface: s.Surface, Regions: s.Regions, Hair: in.Coverage, Growth: s.Density})
	if err != nil {
		return nil, fmt.Errorf("shaving: %w", err)
	}
	if head.Beyond > mostBeside {
		return nil, fmt.Errorf("shaving: %w", ErrLongHair)
	}
	b := &Bald{shave: s, head: head, after: in, onto: in}
	b.after.Coverage, b.onto.Coverage = nil, nil
	b.onto.Mask = head.Replaced
	b.onto = b.onto.gridded(s.perMM(b.onto))
	b.skin = s.patches(b.onto)
	return b, nil
}

// Grown is the photo with stubble of the given length, as Shave.LengthMM.
func (b *Bald) Grown(lengthMM float64) (Shaved, error) {
	s := b.shave
	s.LengthMM = lengthMM
	if err := s.checkLength(); err != nil {
		return Shaved{}, fmt.Errorf("shaving: %w", err)
	}
	hair, err := s.strand(b.head.Fibre)
	if err != nil {
		return Shaved{}, fmt.Errorf("shaving: %w", err)
	}
	picture := b.onto.draw(b.head.Picture, s.stubs(b.onto, b.skin, hair), 0)
	return Shaved{Picture: picture, Replaced: b.head.Replaced, Input: b.after}, nil
}

func (s Shave) check(photo *image.NRGBA, in Input) error {
	if err := in.check(photo); err != nil {
		return err
	}
	if in.Coverage == nil {
		return errors.New("there is no map of the hair")
	}
	size := photo.Rect.Size()
	if s.Regions == nil || s.Density == nil {
		return errors.New("there is no map of regions or of the hair's density")
	}
	if s.Regions.Rect.Size() != size || s.Density.Rect.Size() != size {
		return fmt.Errorf("the maps are %v and %v, the photo %v", s.Regions.Rect.Size(), s.Density.Rect.Size(), size)
	}
	return s.checkLength()
}

func (s Shave) checkLength() error {
	if !(s.LengthMM >= 0 && s.LengthMM <= LongestStubble) {
		return fmt.Errorf("hair of %v mm: stubble is 0 to %v mm long", s.LengthMM, LongestStubble)
	}
	return nil
}

// foilMM is the length that even the closest shaver leaves (craft.StubbleLength).
const foilMM = 0.1

func (s Shave) strand(fibre [3]float64) (pigment.Strand, error) {
	look := colour.FromLab(s.Skin)
	for c := range look {
		look[c] *= fibre[c]
	}
	hair, err := pigment.Stubble{Skin: s.Skin, Hair: colour.ToLab(look), LengthMM: max(s.LengthMM, foilMM), WidthMM: s.WidthMM}.Strand()
	for c := range fibre {
		hair.Lost[c] = 1 - fibre[c]
	}
	return hair, err
}

// perMM is how many pixels a millimetre has at the whorl.
func (s Shave) perMM(in Input) float64 {
	if mm := in.Camera.MMPerPx(s.Surface.Landmark(headframe.Whorl)); mm > 0 {
		return 1 / mm
	}
	return 0
}
