package job

import (
	"cmp"
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"

	"pointille/internal/atomicfile"
	"pointille/internal/headframe"
	"pointille/planner/care"
	"pointille/planner/guide"
	"pointille/planner/plan"
	"pointille/planner/schedule"
	"pointille/planner/settings"
)

// writeGuide writes guide.pdf with the healed picture of each view.
func writeGuide(ctx context.Context, o PlanOptions, made *documents, shown []shownView) error {
	progressed(o.Progress, "guide", filepath.Join(o.Out, "guide.pdf"), 0, 1)
	var pictures []guide.Picture
	for _, s := range shown {
		if s.small != nil && s.photo.Used {
			pictures = append(pictures, guide.Picture{View: s.photo.View, Image: s.small, Camera: s.photo.Camera, Width: s.photo.Width})
		}
	}
	surface, err := headframe.NewSurface(made.Plan.Head.Shape)
	if err != nil {
		return fmt.Errorf("drawing the guide: %w", err)
	}
	in := guide.Input{
		Plan: *made.Plan, Dots: made.Dots, Surface: surface, Landmarks: guide.LandmarksOf(surface), Pictures: pictures, Version: o.Generator,
	}
	own, err := settings.Read(o.Settings)
	if err != nil {
		return err
	}
	in.Care = careClient(own)
	return atomicfile.WriteContext(ctx, filepath.Join(o.Out, "guide.pdf"), func(w io.Writer) error {
		return guide.Write(w, in, guide.Options{Paper: o.Paper})
	})
}

// GuideOptions are for Guide.
type GuideOptions struct {
	Plan       string  // plan.json
	Photos     string  // folder with the photos, for the overview; empty: beside the plan, else none
	Paper      string  // a4 | letter
	MeasuredMM float64 // what the 50 mm square of the last print measured; 50: true
	Mirror     bool
	Lang       string // en | lv; empty: en
	Date       string // to print on the overview; empty: a line to write it on
	Tile       int    // only this tile, from 1; 0: the whole guide
	Schedule   string // schedule.json with the days of the sessions; empty: beside the plan, else none
	Settings   string // the studio's; empty: none
	Template   bool   // only the hairline template
	Format     string // of a tile or template: pdf | svg | dxf | png; empty: pdf
	Out        string // file; empty: guide.pdf, guide-tile-N.FORMAT or guide-template.FORMAT beside the plan
	Generator  string
}

// nominalMM is the side of the test square on every page.
const nominalMM = 50

// Guide writes the guide from the documents and returns its name.
func Guide(ctx context.Context, o GuideOptions) (string, error) {
	dir := filepath.Dir(o.Plan)
	p, err := readPlan(o.Plan)
	if err != nil {
		return "", err
	}
	in := guide.Input{Plan: *p, Version: o.Generator}
	if p.Nothing == "" {
		if in.Dots, err = readDots(o.Plan, p); err != nil {
			return "", err
		}
	}
	surface, err := headframe.NewSurface(p.Head.Shape)
	if err != nil {
		return "", fmt.Errorf("%s: head.shape: %w", o.Plan, err)
	}
	in.Surface, in.Landmarks = surface, guide.LandmarksOf(surface)
	if o.Tile == 0 && !o.Template { // only the overview shows photos
		if in.Pictures, err = overviewPictures(ctx, o, p, dir); err != nil {
			return "", err
		}
	}
	if in.Care, err = o.care(dir, p.Case); err != nil {
		return "", err
	}
	out := o.out(dir)
	err = atomicfile.WriteContext(ctx, out, func(w io.Writer) error { return o.write(w, in) })
	return out, err
}

// care is whom the care sheets are for.
func (o GuideOptions) care(dir, code string) (care.Client, error) {
	own, err := settings.Read(o.Settings)
	if err != nil {
		return care.Client{}, err
	}
	c := careClient(own)
	file := cmp.Or(o.Schedule, filepath.Join(dir, ScheduleFile))
	s, err := schedule.Read(file)
	switch {
	case err == nil && s.Case == code:
		c.Days, err = sessionDays(file, s)
		return c, err
	case o.Schedule == "":
		return c, nil // there is none of this case
	case err != nil:
		return care.Client{}, err
	}
	return care.Client{}, fmt.Errorf("%s: case: a schedule of %q, the plan is of %q", file, s.Case, code)
}

// out is the file to write.
func (o GuideOptions) out(dir string) string {
	switch {
	case o.Out != "":
		return o.Out
	case o.Template:
		return filepath.Join(dir, "guide-template."+o.format())
	case o.Tile == 0:
		return filepath.Join(dir, "guide.pdf")
	}
	return filepath.Join(dir, fmt.Sprintf("guide-tile-%d.%s", o.Tile, o.format()))
}

func (o GuideOptions) format() string {
	if o.Format == "" {
		return "pdf"
	}
	return o.Format
}

func (o GuideOptions) write(w io.Writer, in guide.Input) error {
	print := guide.Options{Paper: o.Paper, Mirror: o.Mirror, PrinterScale: o.MeasuredMM / nominalMM, Lang: o.Lang, Date: o.Date}
	if o.Template {
		return guide.WriteTemplate(w, in, o.format(), print)
	}
	if o.Tile != 0 {
		return guide.WriteTile(w, in, o.Tile, o.format(), print)
	}
	return guide.Write(w, in, print)
}

// overviewPictures are the photos that can be found; a guide works without.
func overviewPictures(ctx context.Context, o GuideOptions, p *plan.Plan, dir string) ([]guide.Picture, error) {
	var out []guide.Picture
	for _, ph := range p.Photos {
		if !ph.Used {
			continue
		}
		path, err := findPhoto(o.Photos, dir, ph)
		if err != nil {
			if o.Photos != "" {
				return nil, err
			}
			continue
		}
		small, err := smallPhoto(ctx, ph, path)
		if err != nil {
			return nil, err
		}
		out = append(out, guide.Picture{View: ph.View, Image: small, Camera: ph.Camera, Width: ph.Width})
	}
	return out, nil
}

// smallPhoto reads a planned photo at report size.
func smallPhoto(ctx context.Context, p plan.Photo, path string) (*image.NRGBA, error) {
	img, err := viewJob{ctx: ctx, photo: p, path: path}.open()
	if err != nil {
		return nil, err
	}
	return shrink(img, reportSide)
}
