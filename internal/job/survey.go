package job

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"io"
	"path/filepath"
	"runtime"
	"sync"

	"pointille/internal/atomicfile"
	"pointille/internal/casefolder"
	"pointille/internal/cvx"
	"pointille/internal/headframe"
	"pointille/internal/mapfile"
	"pointille/vision"
	"pointille/vision/headmap"
	"pointille/vision/overlay"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// SurveyOptions are for Survey.
type SurveyOptions struct {
	Photos    []string
	View      string  // for all photos; empty: by file name, then by picture
	MMPerPx   float64 // for all photos; 0: measure
	Out       string  // folder; made if missing
	Generator string
	Progress  func(Event)
}

// Survey measures photos and writes their files into a folder. It returns how
// many were measured. One bad photo does not stop the others.
func Survey(ctx context.Context, o SurveyOptions) (int, error) {
	if o.MMPerPx < 0 {
		return 0, fmt.Errorf("%g mm per pixel: must be positive", o.MMPerPx)
	}
	if err := makeFolder(o.Out); err != nil {
		return 0, err
	}
	names := casefolder.Names(o.Photos)
	tasks := make([]task, len(o.Photos))
	for i, path := range o.Photos {
		view := o.View
		if view == "" {
			view = casefolder.View(path)
		}
		tasks[i] = task{path: path, name: names[i], options: vision.Options{View: view, MMPerPx: o.MMPerPx, Generator: o.Generator}}
	}
	results := surveyAll(ctx, tasks, o.Out, nil, o.Progress)
	return tally(ctx, results)
}

// task is one photo to measure.
type task struct {
	path    string
	name    string // of its files, without extension
	options vision.Options
}

// surveyed is the outcome of one task.
type surveyed struct {
	task
	result  *vision.Result
	drawing *image.RGBA // the overlay; only of one that was just measured
	err     error
}

func tally(ctx context.Context, results []surveyed) (int, error) {
	var bad []error
	for _, r := range results {
		if r.err != nil {
			bad = append(bad, r.err)
		}
	}
	good := len(results) - len(bad)
	switch {
	case ctx.Err() != nil:
		return good, ctx.Err()
	case len(bad) == 0:
		return good, nil
	case len(results) == 1:
		return good, bad[0]
	case good == 0:
		return 0, fmt.Errorf("none of %d photos could be surveyed: %w", len(results), bad[0])
	}
	return good, &SomeFailed{Failed: len(bad), Of: len(results)}
}

// surveyAll measures photos on all processors, one network and one OpenCV
// thread each, and writes their files. Their maps are kept in maps; nil: nowhere.
func surveyAll(ctx context.Context, tasks []task, out string, maps *mapfile.Maps, progress func(Event)) []surveyed {
	results := make([]surveyed, len(tasks))
	next := make(chan int)
	var wg sync.WaitGroup
	count := counter{stage: "survey", total: len(tasks), progress: progress}
	workers := min(runtime.GOMAXPROCS(0), len(tasks))
	if workers > 1 {
		cvx.SetThreads(1)
		defer cvx.SetThreads(runtime.GOMAXPROCS(0))
	}
	for range workers {
		wg.Add(1)
		go func() {
			defer wg.Done()
			s, err := vision.NewSurveyor()
			if s != nil {
				defer s.Close()
			}
			for i := range next {
				results[i] = surveyed{task: tasks[i], err: err}
				if err == nil {
					results[i] = surveyOne(ctx, s, tasks[i], out)
					results[i].drawing = nil // it is on the disk
				}
				if results[i].err == nil {
					results[i].err = keepMaps(maps, results[i].result)
				}
				count.step(tasks[i].path, results[i].err)
			}
		}()
	}
	for i := range tasks {
		next <- i
	}
	close(next)
	wg.Wait()
	return results
}

func surveyOne(ctx context.Context, s *vision.Surveyor, t task, out string) surveyed {
	done := surveyed{task: t}
	if done.err = ctx.Err(); done.err != nil {
		return done
	}
	p, r, err := SurveyOne(ctx, s, t.path, t.options)
	if err != nil {
		done.err = err
		return done
	}
	done.result = r
	if done.drawing, err = draw(p, r); err != nil {
		done.err = fmt.Errorf("%s: drawing the overlay: %w", p.Path, err)
		return done
	}
	if done.err = writeSurvey(ctx, done, out); done.err == nil {
		r.Survey, done.err = asWritten(r.Survey)
	}
	return done
}

// asWritten gives a survey the numbers that its file holds, which are rounded:
// a plan made at once and one made later from the files are the same.
func asWritten(s *survey.Survey) (*survey.Survey, error) {
	var b bytes.Buffer
	if err := survey.Encode(&b, s); err != nil {
		return nil, fmt.Errorf("rounding the survey of %s: %w", s.Photo.Name, err)
	}
	out, err := survey.Decode(&b)
	if err != nil {
		return nil, fmt.Errorf("rounding the survey of %s: %w", s.Photo.Name, err)
	}
	return out, nil
}

// writeSurvey writes the document, its maps and the drawing: all or none.
func writeSurvey(ctx context.Context, done surveyed, out string) error {
	if err := makeFolder(out); err != nil {
		return err
	}
	var set atomicfile.Set
	defer set.Discard()
	if err := set.Write(ctx, filepath.Join(out, done.name+OverlaySuffix), writeMap(done.drawing)); err != nil {
		return err
	}
	if err := putSurvey(ctx, &set, done.result, done.name, out); err != nil {
		return err
	}
	return set.Commit(ctx)
}

// putSurvey stages the document and its maps.
func putSurvey(ctx context.Context, set *atomicfile.Set, r *vision.Result, name, out string) error {
	if r.Regions != nil {
		m := mapsOf(name)
		r.Survey.Maps = m
		for _, q := range []struct {
			file  string
			write func(io.Writer) error
		}{{m.Regions, writeMap(r.Regions)}, {m.Hair, writeMap(r.Hair)}, {m.Density, writeMap(r.Density)}} {
			if err := set.Write(ctx, filepath.Join(out, q.file), q.write); err != nil {
				return err
			}
		}
	}
	return set.Write(ctx, filepath.Join(out, name+SurveySuffix), func(w io.Writer) error { return survey.Encode(w, r.Survey) })
}

func draw(p *photo.Photo, r *vision.Result) (*image.RGBA, error) {
	in := overlay.Input{Photo: p.Image, Survey: r.Survey, Regions: r.Regions, Density: r.Density}
	if c := r.Survey.Camera; c != nil && r.Regions != nil {
		surface := headframe.Mean()
		in.Zones = headmap.New(c.Camera, surface, p.Width, p.Height, float64(max(p.Width, p.Height))/220)
		zones := in.Zones
		in.ZoneOf = func(k int) string { return surface.Zone(zones.P[k]) }
	}
	return overlay.Draw(in)
}
