package job

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"strings"

	"pointille/internal/headframe"
	"pointille/internal/score"
	"pointille/internal/truth"
	"pointille/planner/plan"
	"pointille/vision/survey"
)

// ScoreOptions are for Score.
type ScoreOptions struct {
	Plan  string // a plan.json, with its surveys beside it
	Truth string // folder with one folder for each photo, of the photo's name; or that of the only photo
}

// Score compares a plan with what is known of its photos. Photos whose truth is
// not there are passed over.
func Score(o ScoreOptions) (*score.Report, error) {
	p, err := readPlan(o.Plan)
	if err != nil {
		return nil, err
	}
	surface, err := headframe.NewSurface(p.Head.Shape)
	if err != nil {
		return nil, fmt.Errorf("%s: head: %w", o.Plan, err)
	}
	if info, err := os.Stat(o.Truth); err != nil || !info.IsDir() {
		return nil, fmt.Errorf("%s: there is no such folder", o.Truth)
	}
	c := score.Case{Surface: surface, ScaleSigma: p.Head.ScaleSigma}
	for _, ph := range p.Photos {
		known, err := readTruth(o.Truth, nameOf(ph), len(p.Photos))
		if err != nil {
			return nil, err
		}
		if known == nil {
			continue
		}
		photo, err := besideTruth(ph, filepath.Dir(o.Plan), known)
		if err != nil {
			return nil, err
		}
		c.Photos = append(c.Photos, photo)
	}
	r, err := score.Measure(c)
	if errors.Is(err, score.ErrNothing) {
		return nil, fmt.Errorf("%s: holds no folder with a truth.json that has the name of a photo of the plan", o.Truth)
	}
	return r, err
}

// readTruth reads what is known of a photo; nil where nothing is.
func readTruth(dir, name string, photos int) (*truth.View, error) {
	v, err := truth.Read(filepath.Join(dir, name))
	if errors.Is(err, fs.ErrNotExist) && photos == 1 {
		v, err = truth.Read(dir)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	return v, err
}

// besideTruth is a photo of a plan as its truth has it: a smaller or larger copy
// of the same picture is measured at the truth's size.
func besideTruth(ph plan.Photo, dir string, known *truth.View) (score.Photo, error) {
	k := float64(known.Width) / float64(ph.Width)
	if math.Abs(k*float64(ph.Height)-float64(known.Height)) > 2+k {
		return score.Photo{}, fmt.Errorf("%s: %d x %d pixels, but its truth is of a picture of %d x %d", ph.Name, ph.Width, ph.Height, known.Width, known.Height)
	}
	s, err := survey.Read(filepath.Join(dir, ph.Survey))
	if err != nil {
		return score.Photo{}, err
	}
	out := score.Photo{Name: strings.TrimSuffix(ph.Name, filepath.Ext(ph.Name)), Used: ph.Used, Camera: ph.Camera.Resized(k, k), Scale: s.Scale, Truth: known}
	out.Scale.MMPerPx, out.Scale.Sigma = out.Scale.MMPerPx/k, out.Scale.Sigma/k
	for i, v := range out.Scale.At {
		out.Scale.At[i] = (v+0.5)*k - 0.5
	}
	return out, nil
}
