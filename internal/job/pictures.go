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
}

type stagePicture struct {
	stage string
	jpeg  []byte
}

// previews draws every stage of every photo, writes NAME.STAGE.jpg, and
// returns small copies for the report.
func previews(ctx context.Context, o PlanOptions, made *documents, tasks map[string]task) ([]shownView, error) {
	model, err := Model(made.Plan)
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
		count.step(t.path, errs[i])
	})
	return out, worst(errs)
}

// Model is the pigment of a plan on this client's skin; nil where no dot is planned.
func Model(p *plan.Plan) (*pigment.Model, error) {
	if p.Nothing != "" || p.Pigment == nil {
		return nil, nil
	}
	list, err := pigment.Catalogue()
	if err != nil {
		return nil, err
	}
	m, err := pigment.NewModel(p.Dots, *p.Pigment, list)
	if err != nil || len(p.Stages) == 0 {
		return m, err
	}
	return m.On(p.Stages[0].Lab), nil // the skin before
}
