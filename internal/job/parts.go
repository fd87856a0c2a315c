package job

import (
	"context"
	"fmt"

	"pointille/internal/atomicfile"
	"pointille/planner"
	"pointille/vision"
	"pointille/vision/photo"
)

// SurveyOne measures one photo as Survey and Plan do, for a caller that keeps
// the surveyor and wants the result itself.
func SurveyOne(ctx context.Context, s *vision.Surveyor, path string, o vision.Options) (*photo.Photo, *vision.Result, error) {
	p, err := photo.Open(ctx, path, photo.Options{})
	if err != nil {
		return nil, nil, err
	}
	r, err := s.Survey(ctx, p, o)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", path, err)
	}
	return p, r, nil
}

// WriteMaps writes the survey's document and maps under a name: all or none. It
// draws no overlay.
func WriteMaps(ctx context.Context, r *vision.Result, name, out string) error {
	var set atomicfile.Set
	defer set.Discard()
	if err := putSurvey(ctx, &set, r, name, out); err != nil {
		return err
	}
	return set.Commit(ctx)
}

// WritePlan writes plan.json with its dots as Plan does. names says by the
// photos' hashes what the names of their files begin with.
func WritePlan(ctx context.Context, out string, made *planner.Result, names map[string]string) error {
	if err := makeFolder(out); err != nil {
		return err
	}
	nameFiles(made.Plan, names)
	return putDocuments(ctx, out, made, old(out, names))
}
