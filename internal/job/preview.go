package job

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// PreviewOptions are for Preview.
type PreviewOptions struct {
	Plan      string // plan.json
	Photos    string // folder; empty: the plan's own, then the one above
	Stage     string
	Out       string // folder; empty: the plan's
	Generator string
	Progress  func(Event)
}

// Preview draws one stage from the documents and returns the files written.
func Preview(ctx context.Context, o PreviewOptions) ([]string, error) {
	dir := filepath.Dir(o.Plan)
	p, err := readPlan(o.Plan)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(pigment.Stages(), o.Stage) {
		return nil, fmt.Errorf("stage %q: want one of %v", o.Stage, pigment.Stages())
	}
	if p.Nothing != "" {
		return nil, fmt.Errorf("%s: there is nothing to preview: %s", o.Plan, p.Nothing)
	}
	dots, err := readDots(o.Plan, p)
	if err != nil {
		return nil, err
	}
	m, err := model(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Plan, err)
	}
	out := o.Out
	if out == "" {
		out = dir
	}
	if err := makeFolder(out); err != nil {
		return nil, err
	}
	return previewPhotos(ctx, o, viewJob{ctx: ctx, plan: p, dots: dots, dir: dir, out: out, model: m})
}

func previewPhotos(ctx context.Context, o PreviewOptions, base viewJob) ([]string, error) {
	var files []string
	for i, ph := range base.plan.Photos {
		if !ph.Used {
			continue
		}
		v := base
		v.photo, v.name = ph, nameOf(ph)
		var err error
		if v.path, err = findPhoto(o.Photos, base.dir, ph); err != nil {
			return files, err
		}
		if v.seen, err = readSeen(filepath.Join(base.dir, ph.Dots), len(base.dots)); err != nil {
			return files, err
		}
		img, err := v.open()
		if err != nil {
			return files, err
		}
		in, err := v.input(img)
		if err != nil {
			return files, err
		}
		if _, err := v.stage(img, in, o.Stage); err != nil {
			return files, err
		}
		files = append(files, v.file(o.Stage))
		progressed(o.Progress, "preview", v.path, i+1, len(base.plan.Photos))
	}
	return files, ctx.Err()
}

// findPhoto looks for a planned photo in the folder given, or near the plan.
func findPhoto(given, dir string, p plan.Photo) (string, error) {
	folders := []string{dir, filepath.Dir(dir)}
	if given != "" {
		folders = []string{given}
	}
	for _, f := range folders {
		path := filepath.Join(f, p.Name)
		if _, err := os.Stat(path); err == nil {
			return path, nil
		}
	}
	return "", fmt.Errorf("%s: the photo is not beside the plan; name its folder with --photos", p.Name)
}
