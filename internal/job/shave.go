package job

import (
	"cmp"
	"errors"
	"fmt"
	"image"
	"path/filepath"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/planner/preview/bare"
	"pointille/vision/survey"
)

// shave takes the photo's hair off where it will be shaved and is not stubble
// already: a photo of stubble is better than any simulation. Where the photo
// does not allow it, its hair stays.
func (v *viewJob) shave(img *image.NRGBA, in preview.Input, regions *image.Gray, density *image.Gray16) error {
	if v.plan.Shave == nil || !preview.Grown(regions, in.Coverage) {
		return nil
	}
	surface, err := headframe.NewSurface(v.plan.Head.Shape)
	if err != nil {
		return fmt.Errorf("the plan's head: %w", err)
	}
	skin, hair := v.tones()
	if skin == nil || hair == nil {
		return nil
	}
	s := preview.Shave{
		Surface: surface, Regions: regions, Density: density, Skin: skin.Lab, Hair: hair.Lab,
		LengthMM: min(cmp.Or(v.plan.Shave.LengthMM, craft.StubbleLength().Value), preview.LongestStubble),
	}
	done, err := s.Apply(img, in)
	if errors.Is(err, bare.ErrNoSkin) || errors.Is(err, preview.ErrLongHair) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("%s: %w", v.path, err)
	}
	v.shaved = &done
	return nil
}

// render draws a stage, on the shaved head if there is one.
func (v viewJob) render(img *image.NRGBA, in preview.Input, stage string) (*image.NRGBA, error) {
	if v.shaved == nil || stage == plan.Before {
		return preview.Render(img, in, stage)
	}
	return preview.Render(v.shaved.Picture, v.shaved.Input, stage)
}

// label says on the picture of a shaved head that it is a simulation.
func (v viewJob) label(m *image.NRGBA, stage string) (*image.NRGBA, error) {
	if v.shaved == nil || stage == plan.Before {
		return m, nil
	}
	return preview.Label(m, "hair shaved by simulation")
}

// tones are the skin and hair colours of the photo that measured each best.
func (v viewJob) tones() (skin *survey.SkinTone, hair *survey.HairTone) {
	for _, p := range v.plan.Photos {
		s, err := survey.Read(filepath.Join(v.dir, p.Survey))
		if err != nil {
			continue
		}
		if c := s.Skin; c != nil && (skin == nil || c.Sigma < skin.Sigma) {
			skin = c
		}
		if c := s.Hair; c != nil && (hair == nil || c.Sigma < hair.Sigma) {
			hair = c
		}
	}
	return skin, hair
}
