package job

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pointille/planner/plan"
	"pointille/planner/wishes"
)

const planFile = "plan.json"

// Ends of the names of a photo's files.
const (
	SurveySuffix  = ".survey.json"
	OverlaySuffix = ".overlay.png"
	regionsSuffix = ".regions.png"
	hairSuffix    = ".hair.png"
	densitySuffix = ".density.png"
	DotsSuffix    = ".dots.csv"
)

// nameOf is the name of a planned photo's files.
func nameOf(p plan.Photo) string { return strings.TrimSuffix(p.Survey, SurveySuffix) }

// readPlan reads a plan for a command that starts from it.
func readPlan(path string) (*plan.Plan, error) {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return nil, fmt.Errorf("%s: there is no such plan", path)
	case err == nil && info.IsDir():
		return nil, fmt.Errorf("%s: a folder; name the plan.json in it", path)
	}
	p, err := plan.Read(path)
	if err != nil {
		return nil, err
	}
	for i, ph := range p.Photos {
		if !strings.HasSuffix(ph.Survey, SurveySuffix) {
			return nil, fmt.Errorf("%s: photos[%d].survey: %q does not end in %s", path, i, ph.Survey, SurveySuffix)
		}
	}
	return p, nil
}

// documents are a plan as its files hold it.
type documents struct {
	Plan *plan.Plan
	Dots []plan.Dot
	Seen [][]plan.Seen // per photo, nil for one that is not used
}

// reread reads the plan that was just written into a folder.
func reread(out string) (*documents, error) {
	path := filepath.Join(out, planFile)
	p, err := readPlan(path)
	if err != nil {
		return nil, err
	}
	d := &documents{Plan: p, Seen: make([][]plan.Seen, len(p.Photos))}
	if d.Dots, err = readDots(path, p); err != nil {
		return nil, err
	}
	for i, ph := range p.Photos {
		if ph.Dots == "" {
			continue
		}
		if d.Seen[i], err = readSeen(filepath.Join(out, ph.Dots), len(d.Dots)); err != nil {
			return nil, err
		}
	}
	return d, nil
}

// readWishes reads wishes; without a file there are none.
func readWishes(path string) (wishes.Wishes, error) {
	if path == "" {
		return wishes.Wishes{}, nil
	}
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return wishes.Wishes{}, fmt.Errorf("%s: there are no such wishes", path)
	}
	return wishes.Read(path)
}

// readDots reads the dots of a plan and makes sure that they are all there.
func readDots(path string, p *plan.Plan) ([]plan.Dot, error) {
	file := filepath.Join(filepath.Dir(path), p.Dots.File)
	dots, err := plan.ReadDots(file)
	if err != nil {
		return nil, err
	}
	if len(dots) != p.Dots.Count {
		return nil, fmt.Errorf("%s: holds %d dots where %s counts %d", file, len(dots), filepath.Base(path), p.Dots.Count)
	}
	return dots, nil
}

// readSeen reads where the dots lie in a photo: one line for each dot.
func readSeen(file string, dots int) ([]plan.Seen, error) {
	seen, err := plan.ReadSeen(file)
	if err != nil {
		return nil, err
	}
	if len(seen) != dots {
		return nil, fmt.Errorf("%s: holds %d dots where the plan has %d", file, len(seen), dots)
	}
	return seen, nil
}

// worst is the first error that is not merely the interrupt.
func worst(errs []error) error {
	var stopped error
	for _, err := range errs {
		if err != nil && !errors.Is(err, context.Canceled) {
			return err
		}
		if err != nil {
			stopped = err
		}
	}
	return stopped
}
