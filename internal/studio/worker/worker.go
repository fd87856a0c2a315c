// Package worker decodes and surveys photos in a process of its own, so that a
// photo that brings image code down takes no server and no edit with it.
//
// Serve is the process: it reads tasks from its input, one JSON object a line,
// and answers each with one. Pool starts the process, starts it again when it
// dies, and ends it when a task takes too long. Pixels are those of the upright
// photo; a screen copy has at most two million of them.
package worker

import (
	"bufio"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/disintegration/imaging"

	"pointille/internal/atomicfile"
	"pointille/internal/cvx"
	"pointille/internal/job"
	"pointille/internal/report"
	"pointille/vision"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// Task is one photo to measure.
type Task struct {
	Photo     string `json:"photo"`
	View      string `json:"view"`
	Out       string `json:"out"`  // folder, which is there
	Name      string `json:"name"` // begins the names of the files
	Generator string `json:"generator"`
}

// Done answers a task.
type Done struct {
	Error string `json:"error,omitempty"`
	Kind  string `json:"kind,omitempty"` // of the error: photo | head | failed
}

// Kinds of errors.
const (
	NoPhoto = "photo"  // the file is none, is damaged or too large
	NoHead  = "head"   // no head is in it
	Failed  = "failed" // something else went wrong
)

// longestTask is more than any task's line.
const longestTask = 1 << 20

// Serve does tasks until the input ends.
func Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var s *vision.Surveyor
	defer func() {
		if s != nil {
			s.Close()
		}
	}()
	lines := bufio.NewScanner(in)
	lines.Buffer(make([]byte, 4096), longestTask)
	answers := json.NewEncoder(out)
	for lines.Scan() {
		var t Task
		if err := json.Unmarshal(lines.Bytes(), &t); err != nil {
			return fmt.Errorf("a task that is none: %w", err)
		}
		if s == nil { // late, so that a studio without photos starts at once
			var err error
			if s, err = vision.NewSurveyor(); err != nil {
				return err
			}
		}
		if err := answers.Encode(answer(t, do(ctx, s, t))); err != nil {
			return fmt.Errorf("answering a task: %w", err)
		}
	}
	return lines.Err()
}

// answer tells what went wrong without the machine's folders.
func answer(t Task, err error) Done {
	switch {
	case err == nil:
		return Done{}
	case errors.Is(err, photo.ErrNotPhoto), errors.Is(err, photo.ErrDamaged), errors.Is(err, photo.ErrTooLarge), errors.Is(err, photo.ErrTooSmall):
		return Done{Error: plain(t, err), Kind: NoPhoto}
	case errors.Is(err, vision.ErrNoHead):
		return Done{Error: plain(t, err), Kind: NoHead}
	}
	return Done{Error: plain(t, err), Kind: Failed}
}

func do(ctx context.Context, s *vision.Surveyor, t Task) error {
	p, r, err := job.SurveyOne(ctx, s, t.Photo, vision.Options{View: t.View, Generator: t.Generator})
	if err != nil {
		return err
	}
	if err := writeScreen(p, r, t); err != nil {
		return err
	}
	return job.WriteMaps(ctx, r, t.Name, t.Out) // last, and the survey last of all: its presence says that all is there
}

// Suffixes of the files that a task writes beside the survey's own.
const (
	ScreenSuffix  = ".screen.jpg"
	ThumbSuffix   = ".thumb.jpg"
	RegionsSuffix = ".screen.regions.png"
	HairSuffix    = ".screen.hair.png"
	HeatSuffix    = ".heat.png"
	ZonesSuffix   = ".zones.png"
)

// ReadDone reads the survey that a task left, with the rounded numbers of its file:
// plans from it are those of the command line.
func ReadDone(dir, name string) (*survey.Survey, error) {
	return survey.Read(filepath.Join(dir, name+job.SurveySuffix))
}

// Limits of the copies.
const (
	screenPixels  = 2_000_000
	thumbSide     = 480
	screenQuality = 90
	thumbQuality  = 82
)

func writeScreen(p *photo.Photo, r *vision.Result, t Task) error {
	w, h := ScreenSize(p.Width, p.Height)
	screen, err := cvx.Resize(p.Image, w, h, cvx.Area)
	if err != nil {
		return fmt.Errorf("making the screen copy: %w", err)
	}
	part := screen
	if r.Regions != nil {
		part = imaging.Crop(screen, report.Frame(nearest(r.Regions, w, h)))
	}
	k := float64(thumbSide) / float64(max(part.Rect.Dx(), part.Rect.Dy()))
	thumb, err := cvx.Resize(part, max(1, int(float64(part.Rect.Dx())*k)), max(1, int(float64(part.Rect.Dy())*k)), cvx.Area)
	if err != nil {
		return fmt.Errorf("making the small copy: %w", err)
	}
	var set atomicfile.Set
	defer set.Discard()
	put := func(suffix string, data []byte, err error) error {
		if err != nil {
			return fmt.Errorf("%s: %w", suffix, err)
		}
		return set.WriteBytes(filepath.Join(t.Out, t.Name+suffix), data)
	}
	data, err := cvx.EncodeJPEG(screen, screenQuality)
	if err := put(ScreenSuffix, data, err); err != nil {
		return err
	}
	data, err = cvx.EncodeJPEG(thumb, thumbQuality)
	if err := put(ThumbSuffix, data, err); err != nil {
		return err
	}
	if r.Regions != nil {
		if err := writeLayers(r, w, h, put); err != nil {
			return err
		}
	}
	return set.Commit(context.Background())
}
