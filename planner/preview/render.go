// Package preview shows a plan on the client's own photo: the photo itself in
// linear light, multiplied by what each planned dot lets through.
//
// Nothing is generated. The dots drawn are those of the plan, as wide and as
// dark as package pigment predicts for the stage; pores, hair, grain and
// highlights of the photo stay because light is only taken away. No pixel
// outside the mask of planned skin changes. Pixels are those of the upright
// photo, lengths on the skin millimetres. Equal input gives equal bytes,
// however many processors work on it.
package preview

import (
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"slices"

	"pointille/internal/headframe"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// Input is what a preview needs besides the photo.
type Input struct {
	Camera headframe.Camera
	Dots   []plan.Dot  // position, normal, healed diameter and shade of each dot
	Seen   []plan.Seen // where this photo shows them; others are not drawn
	Model  *pigment.Model

	// Mask is the planned skin, the size of the photo: 0 changes nothing, 255
	// shows dots fully, between them the edge is feathered.
	Mask *image.Gray
	// Coverage is the share of each pixel hidden by hair, 0..255, under which
	// dots are drawn. Nil: no hair.
	Coverage *image.Gray
	// BlurPx is the standard deviation of the photo's own blur in pixels;
	// 0: as Blur finds it.
	BlurPx float64
	// Workers is the number of threads; 0: one per processor.
	Workers int

	grids grids
}

// Render returns the photo as it would look at a stage (plan.Before to
// plan.Year5). Dots outside the picture, not visible or without a row in Seen
// are left out. Wrong sizes, unknown stages or shades and positions that are
// no numbers are errors that name them.
func Render(photo *image.NRGBA, in Input, stage string) (*image.NRGBA, error) {
	if err := in.check(photo); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", stage, err)
	}
	moment, err := pigment.At(stage)
	if err != nil {
		return nil, fmt.Errorf("rendering: %w", err)
	}
	if stage == plan.Before {
		return copyOf(photo), nil
	}
	if in.BlurPx == 0 {
		in.BlurPx = Blur(photo, in.Mask)
	}
	find := in.finder()
	in = in.gridded(in.perMM(find))
	m, err := in.marks(stage, find)
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", stage, err)
	}
	if len(m.mm2) == 0 {
		return copyOf(photo), nil
	}
	return in.draw(photo, m, moment.Redness), nil
}

func (in Input) check(photo *image.NRGBA) error {
	if photo == nil || photo.Rect.Empty() {
		return errors.New("there is no photo")
	}
	if in.Model == nil {
		return errors.New("there is no pigment model")
	}
	if in.Mask == nil {
		return errors.New("there is no mask of the planned skin")
	}
	size := photo.Rect.Size()
	if in.Mask.Rect.Size() != size {
		return fmt.Errorf("the mask is %v, the photo %v", in.Mask.Rect.Size(), size)
	}
	if in.Coverage != nil && in.Coverage.Rect.Size() != size {
		return fmt.Errorf("the hair coverage is %v, the photo %v", in.Coverage.Rect.Size(), size)
	}
	if !(in.BlurPx >= 0 && in.BlurPx <= 50) {
		return fmt.Errorf("the photo's blur is %v px, want 0 to 50", in.BlurPx)
	}
	if c := in.Camera; !(c.FX > 0 && c.FY > 0) || math.IsInf(c.FX+c.FY, 0) {
		return fmt.Errorf("the camera's focal lengths are %v and %v px", c.FX, c.FY)
	}
	return nil
}

func (in Input) workers() int {
	if in.Workers <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return in.Workers
}

// copyOf returns the photo with its corner at (0,0).
func copyOf(m *image.NRGBA) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if m.Stride == 4*w && len(m.Pix) >= 4*w*h {
		return &image.NRGBA{Pix: slices.Clone(m.Pix[:4*w*h]), Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		copy(out.Pix[y*out.Stride:], m.Pix[y*m.Stride:y*m.Stride+4*w])
	}
	return out
}

// perMM is how many pixels a millimetre has at the middle one of the dots seen.
func (in Input) perMM(find finder) float64 {
	for k := range in.Seen {
		at := (k + len(in.Seen)/2) % len(in.Seen)
		if i, ok := find(at, in.Seen[at].ID); ok && in.Seen[at].Visible {
			if mm := in.Camera.MMPerPx(in.Dots[i].P); mm > 0 {
				return 1 / mm
			}
		}
	}
	return 0
}
