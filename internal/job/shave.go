package job

import (
	"cmp"
	"errors"
	"fmt"
	"image"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/preview"
	"pointille/planner/preview/bare"
)

// shave takes the photo's hair off where it will be shaved and is not stubble
// already: a photo of stubble is better than any simulation. Where the photo
// does not allow it, its hair stays.
func (v *viewJob) shave(img *image.NRGBA, in preview.Input, regions *image.Gray, density *image.Gray16) error {
	if v.plan.Shave == nil || !v.plan.Shave.Shown || !preview.Grown(regions, in.Coverage) {
		return nil
	}
	surface, err := headframe.NewSurface(v.plan.Head.Shape)
	if err != nil {
		return fmt.Errorf("the plan's head: %w", err)
	}
	s := preview.Shave{
		Surface: surface, Regions: regions, Density: density, Skin: v.skin(),
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

// skin is the client's colour before anything was done.
func (v viewJob) skin() colour.Lab {
	for _, s := range v.plan.Stages {
		if s.Name == plan.Before {
			return s.Lab
		}
	}
	return colour.Lab{craft.InkGainLight().Value, 0, 0} // only how light it is matters
}
