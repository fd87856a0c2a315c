package job

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"strings"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/internal/report"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/planner/preview/bare"
)

// shave takes the photo's hair off where it will be shaved and is not stubble
// already: a photo of stubble is better than any simulation. Where the photo
// does not allow it, its hair stays.
func (v *viewJob) shave(img *image.NRGBA, in preview.Input, regions *image.Gray, density *image.Gray16) error {
	if !v.shaves() {
		return nil
	}
	if !preview.Grown(regions, in.Coverage) {
		v.unshaved = "no hair long enough to be shaved in the picture"
		return nil
	}
	surface, err := headframe.NewSurface(v.plan.Head.Shape)
	if err != nil {
		return fmt.Errorf("the plan's head: %w", err)
	}
	s := preview.Shave{
		Surface: surface, Regions: regions, Density: density, Skin: skinOf(v.plan),
	}
	bald, err := s.Bare(img, in)
	if errors.Is(err, bare.ErrNoSkin) || errors.Is(err, preview.ErrLongHair) {
		v.unshaved = err.Error()
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v.path, err)
	}
	done, err := bald.Grown(v.stubbleMM())
	if err != nil {
		return fmt.Errorf("%s: %w", v.path, err)
	}
	v.bald, v.shaved = bald, &done
	return nil
}

// lengthPicture is a shaved head with stubble of a length.
type lengthPicture struct {
	mm   float64
	jpeg []byte
}

// lengths are the healed head with the client's own hair at the lengths that the
// report offers, small; none where no hair was shaved.
func (v viewJob) lengths(in preview.Input) ([]lengthPicture, error) {
	if v.bald == nil {
		return nil, nil
	}
	var out []lengthPicture
	for _, mm := range report.Lengths() {
		if err := v.ctx.Err(); err != nil {
			return nil, err
		}
		done, err := v.bald.Grown(mm)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", v.path, err)
		}
		v.shaved = &done
		shown, err := v.shown(nil, in, plan.Healed)
		if err != nil {
			return nil, err
		}
		jpeg, err := v.head(shown, plan.Healed, lengthSide)
		if err != nil {
			return nil, err
		}
		out = append(out, lengthPicture{mm, jpeg})
	}
	return out, nil
}

// render draws a stage, on the shaved head if there is one.
func (v viewJob) render(img *image.NRGBA, in preview.Input, stage string) (*image.NRGBA, error) {
	if v.shaved == nil || stage == plan.Before {
		return preview.Render(img, in, stage)
	}
	on := v.shaved.Input
	on.Model = in.Model
	return preview.Render(v.shaved.Picture, on, stage)
}

// shaves reports whether grown hair is to be shaved in the picture.
func (v viewJob) shaves() bool {
	return v.variant.Shaved || v.plan.Shave != nil && v.plan.Shave.Shown
}

// stubbleMM is the length of the stubble that a shave leaves.
func (v viewJob) stubbleMM() float64 {
	if v.variant.Shaved {
		return v.variant.LengthMM
	}
	return min(cmp.Or(v.plan.Shave.LengthMM, craft.StubbleLength().Value), preview.LongestStubble)
}

// note says what was asked for and is not in the picture, or is better not done.
func (v viewJob) note() string {
	if !v.variant.Shaved {
		return ""
	}
	if v.shaved == nil {
		return "not shaved in the picture: " + v.unshaved
	}
	if p := v.plan.Pigment; p != nil && p.HairMM > 0 && v.variant.LengthMM > p.HairMM {
		return fmt.Sprintf("stubble of %g mm is longer than the %.1f mm up to which dots and hair read as one", v.variant.LengthMM, p.HairMM)
	}
	return ""
}

// label says on a picture what in it is no photo and no plain prediction.
func (v viewJob) label(m *image.NRGBA, stage string) (*image.NRGBA, error) {
	var words []string
	if v.shaved != nil && stage != plan.Before {
		words = append(words, "hair shaved by simulation")
	}
	if words = append(words, v.variant.words()...); len(words) == 0 {
		return m, nil
	}
	return preview.Label(m, strings.Join(words, " · "))
}

// skinOf is the client's colour before anything was done.
func skinOf(p *plan.Plan) colour.Lab {
	for _, s := range p.Stages {
		if s.Name == plan.Before {
			return s.Lab
		}
	}
	return colour.Lab{craft.InkGainLight().Value, 0, 0} // only how light it is matters
}
