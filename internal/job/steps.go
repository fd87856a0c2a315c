package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"image"
	"path/filepath"

	"pointille/internal/casefolder"
	"pointille/internal/mapfile"
	"pointille/internal/report"
	"pointille/planner"
	"pointille/planner/plan"
	"pointille/vision"
	"pointille/vision/survey"
)

// Steps does a case one step at a time, each step from the files that those
// before it wrote: Survey once for each photo, then Documents, then Pictures and
// Guide. Together they write what Plan writes, to the byte, so that work can be
// stopped after any of them and gone on with by another process.
type Steps struct {
	PlanOptions // Answers are not asked
	Code        string
	Photos      []StepPhoto // of the case, in its order; Survey needs none
}

// StepPhoto is a photo of the case after its survey.
type StepPhoto struct {
	casefolder.Photo
	Failed string // why it has no survey; empty: it has one in the folder
}

// Measured is what Survey returns of one photo.
type Measured struct {
	Survey  *survey.Survey
	Drawing image.Image     // the overlay; the photo begins at (0,0)
	Frame   image.Rectangle // the head in the photo, pixels; empty where there is none
}

// Survey measures one photo and writes its files.
func (s Steps) Survey(ctx context.Context, by *vision.Surveyor, p casefolder.Photo) (*Measured, error) {
	done := surveyOne(ctx, by, s.task(p), s.Out)
	if done.err != nil {
		return nil, done.err
	}
	m := &Measured{Survey: done.result.Survey, Drawing: done.drawing}
	if done.result.Regions != nil {
		m.Frame = report.Frame(done.result.Regions)
	}
	return m, nil
}

// Documents makes the plan from the surveys and writes it with its dots.
func (s Steps) Documents(ctx context.Context) (*Outcome, *plan.Plan, error) {
	wanted, err := readWishes(s.Wishes)
	if err != nil {
		return nil, nil, err
	}
	pigments, err := ownPigments(s.Pigments)
	if err != nil {
		return nil, nil, err
	}
	var maps mapfile.Maps
	defer maps.Close()
	results, err := s.surveyed(&maps)
	if err != nil {
		return nil, nil, err
	}
	made, err := planner.Make(ctx, planner.Case{Code: s.Code, Photos: planPhotos(results)}, planner.Options{
		Wishes: wanted, Seed: s.Seed, Generator: s.Generator, Pigments: pigments,
	})
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", s.Case, err)
	}
	if err := writeDocuments(ctx, s.Out, made, results); err != nil {
		return nil, nil, err
	}
	return outcome(s.PlanOptions, made, len(results), len(results)-len(planPhotos(results))), made.Plan, nil
}

// Pictured is a photo with its pictures at report size.
type Pictured struct {
	Name   string // of its files
	Dots   int    // visible in it
	Healed []byte // JPEG of the head as healed; nil where no dot is seen
}

// Pictures draws the photos at every stage and, where asked, the report.
func (s Steps) Pictures(ctx context.Context, withReport bool) ([]Pictured, error) {
	results, err := s.surveyed(nil)
	if err != nil {
		return nil, err
	}
	written, err := reread(s.Out)
	if err != nil {
		return nil, err
	}
	shown, err := previews(ctx, s.PlanOptions, written, namesOf(results), shownView.alone)
	if err != nil {
		return nil, err
	}
	if withReport {
		if err := writeReport(ctx, s.PlanOptions, written, shown, results); err != nil {
			return nil, err
		}
	}
	out := make([]Pictured, len(shown))
	for i, v := range shown {
		out[i] = Pictured{Name: v.name, Dots: v.dots}
		for _, p := range v.stages {
			if p.stage == plan.Healed {
				out[i].Healed = p.jpeg
			}
		}
	}
	return out, nil
}

// Guide writes guide.pdf.
func (s Steps) Guide(ctx context.Context) error {
	wanted, err := readWishes(s.Wishes)
	if err != nil {
		return err
	}
	s.Paper = cmp.Or(s.Paper, wanted.Paper, "a4")
	results, err := s.surveyed(nil)
	if err != nil {
		return err
	}
	written, err := reread(s.Out)
	if err != nil {
		return err
	}
	files := namesOf(results)
	var shown []shownView
	for _, p := range written.Plan.Photos {
		if !p.Used {
			continue
		}
		small, err := smallPhoto(ctx, p, files[p.SHA256].path)
		if err != nil {
			return err
		}
		shown = append(shown, shownView{photo: p, small: small})
	}
	return writeGuide(ctx, s.PlanOptions, written, shown)
}

// surveyed reads the surveys of the case; nil: without their maps.
func (s Steps) surveyed(maps *mapfile.Maps) ([]surveyed, error) {
	out := make([]surveyed, len(s.Photos))
	for i, p := range s.Photos {
		out[i] = surveyed{task: s.task(p.Photo)}
		if p.Failed != "" {
			out[i].err = errors.New(p.Failed)
			continue
		}
		read, err := survey.Read(filepath.Join(s.Out, p.Name+SurveySuffix))
		if err != nil {
			return nil, err
		}
		out[i].result = &vision.Result{Survey: read}
		if maps == nil {
			continue
		}
		if out[i].result, err = readMaps(maps, s.Out, read); err != nil {
			return nil, err
		}
	}
	return out, nil
}
