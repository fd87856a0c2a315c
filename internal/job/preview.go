package job

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"pointille/internal/mapfile"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// PreviewOptions are for Preview.
type PreviewOptions struct {
	Plan      string // plan.json
	Photos    string // folder; empty: the plan's own, then the one above
	Stage     string
	Variant   Variant
	Out       string // folder; empty: the plan's
	Generator string
	Progress  func(Event)
}

// Drawn is one picture of Preview.
type Drawn struct {
	File string
	Note string // what was asked for and could not be, or is better not done; mostly empty
}

// Preview draws one stage from the documents and returns the pictures written.
func Preview(ctx context.Context, o PreviewOptions) ([]Drawn, error) {
	if err := o.Variant.check(); err != nil {
		return nil, err
	}
	if o.Stage == plan.Before && (o.Variant.End != "" || o.Variant.Shaved) {
		return nil, fmt.Errorf("%s shows the photo as it is: it has no ends and is not shaved", plan.Before)
	}
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
	m, err := pigment.ModelOf(p)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Plan, err)
	}
	if m, err = o.Variant.model(p, m); err != nil {
		return nil, fmt.Errorf("%s: %w", o.Plan, err)
	}
	out := o.Out
	if out == "" {
		out = dir
	}
	if err := makeFolder(out); err != nil {
		return nil, err
	}
	return previewPhotos(ctx, o, viewJob{ctx: ctx, plan: p, dots: dots, dir: dir, out: out, model: m, variant: o.Variant})
}

// previewPhotos draws the stage on every photo. All photos are looked at before
// the first picture is written: where one is missing or another, nothing is.
func previewPhotos(ctx context.Context, o PreviewOptions, base viewJob) ([]Drawn, error) {
	var views []viewJob
	for _, ph := range base.plan.Photos {
		if !ph.Used {
			continue
		}
		v := base
		v.photo, v.name = ph, nameOf(ph)
		var err error
		if v.path, err = findPhoto(o.Photos, base.dir, ph); err != nil {
			return nil, err
		}
		if err := v.planned(); err != nil {
			return nil, err
		}
		if v.seen, err = readSeen(filepath.Join(base.dir, ph.Dots), len(base.dots)); err != nil {
			return nil, err
		}
		views = append(views, v)
	}
	var files []Drawn
	for i, v := range views {
		if err := v.one(o.Stage); err != nil {
			return files, err
		}
		files = append(files, Drawn{File: v.file(o.Stage), Note: v.note()})
		progressed(o.Progress, "preview", v.path, i+1, len(views))
	}
	return files, ctx.Err()
}

// one draws one stage.
func (v *viewJob) one(stage string) error {
	img, err := v.open()
	if err != nil {
		return err
	}
	var maps mapfile.Maps
	defer maps.Close()
	in, err := v.input(&maps, img)
	if err == nil {
		_, err = v.stage(img, in, stage)
	}
	return err
}

// planned makes sure that the photo's file is the one that was planned.
func (v viewJob) planned() error {
	data, err := os.ReadFile(v.path)
	if err != nil {
		return fmt.Errorf("reading the photo: %w", err)
	}
	if sum := sha256.Sum256(data); hex.EncodeToString(sum[:]) != v.photo.SHA256 {
		return v.changed()
	}
	return nil
}

// changed is the error of a photo that is not the one that was planned.
func (v viewJob) changed() error {
	return fmt.Errorf("%s: is not the photo that was planned (its content has changed): plan the case again", v.path)
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
