package job

import (
	"context"
	"image"

	"pointille/internal/parallel"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// shownView is one photo with its pictures at report size.
type shownView struct {
	photo   plan.Photo
	name    string
	dots    int // visible
	small   *image.NRGBA
	overlay []byte
	stages  []stagePicture
	lengths []lengthPicture
	mmPerPx float64 // size of a pixel of the stages' pictures on the planned skin
}

type stagePicture struct {
	stage string
	jpeg  []byte
}

// alone is the view for a report without a guide: the small photo is in its stages
// already.
func (s shownView) alone() shownView {
	if len(s.stages) > 0 && s.stages[0].stage == plan.Before {
		s.small = nil
	}
	return s
}

// previews draws every stage of every photo, writes NAME.STAGE.jpg, and returns small
// copies for the report, less what lean leaves out; nil: nothing.
func previews(ctx context.Context, o PlanOptions, made *documents, tasks map[string]task, lean func(shownView) shownView) ([]shownView, error) {
	model, err := pigment.ModelOf(made.Plan)
	if err != nil {
		return nil, err
	}
	out := make([]shownView, len(made.Plan.Photos))
	errs := make([]error, len(out))
	count := counter{stage: "preview", total: len(out), progress: o.Progress}
	parallel.Each(len(out), func(i int) {
		p := made.Plan.Photos[i]
		t := tasks[p.SHA256]
		v := viewJob{ctx: ctx, plan: made.Plan, dots: made.Dots, seen: made.Seen[i], photo: p, path: t.path, name: t.name, dir: o.Out, out: o.Out, model: model}
		out[i], errs[i] = v.all()
		if lean != nil {
			out[i] = lean(out[i])
		}
		count.step(t.path, errs[i])
	})
	return out, worst(errs)
}
