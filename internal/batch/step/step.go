// Package step is the work of a batch in pieces: one photo's survey, one case's
// plan, its pictures, its guide. Each is done by a worker process, from the
// files of the pieces before it, and says what a table of many cases needs to
// know of it.
//
// Lengths are millimetres, areas cm², densities per cm², colours CIELAB D65, as
// in the documents they are taken from. A failed piece is a Reply with a reason
// that names the file; it never ends the worker.
package step

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"syscall"

	"pointille/internal/batch/thumb"
	"pointille/internal/cvx"
	"pointille/internal/job"
	"pointille/planner/pigment"
	"pointille/vision"
)

// Steps.
const (
	Survey   = "survey"   // of one photo
	Plan     = "plan"     // the plan and its dots
	Pictures = "pictures" // each photo at each stage
	Report   = "report"   // the same and the report that shows them
	Guide    = "guide"    // the pages to print
)

// Task is one piece of work.
type Task struct {
	Step     string          `json:"step"`
	Case     string          `json:"case"` // folder or photo
	Code     string          `json:"code"`
	Photos   []job.StepPhoto `json:"photos"` // of the case; of a survey the one photo
	Out      string          `json:"out"`
	Thumbs   string          `json:"thumbs"` // folder for small pictures, NAME.found.jpg and NAME.healed.jpg
	Wishes   string          `json:"wishes,omitempty"`
	Settings string          `json:"settings,omitempty"`
	Pigments string          `json:"pigments,omitempty"`
	Seed     uint64          `json:"seed"`
	Paper    string          `json:"paper,omitempty"`
}

// Reply is what became of it.
type Reply struct {
	Failed string `json:"failed,omitempty"` // why; empty: done
	Stop   bool   `json:"stop,omitempty"`   // the fault is not the photo's and would meet every other, such as a full disk
	Result Result `json:"result"`
}

// Result is what a finished step says of itself.
type Result struct {
	Files []File `json:"files,omitempty"` // in Out
	Photo *Photo `json:"photo,omitempty"` // of a survey
	Plan  *Case  `json:"plan,omitempty"`  // of a plan
	Shown string `json:"shown,omitempty"` // of pictures: the photo in which most dots are seen, by the name of its files
}

// File is a result on the disk.
type File struct {
	Name string `json:"name"`
	Size int64  `json:"size"`
}

// Doer does tasks one after the other; it keeps the network loaded between them.
type Doer struct {
	Generator string
	surveyor  *vision.Surveyor
	alone     sync.Once
}

// Do does one task. One OpenCV thread is used: others do other tasks.
func (d *Doer) Do(ctx context.Context, line []byte) any {
	d.alone.Do(func() { cvx.SetThreads(1) })
	var t Task
	if err := json.Unmarshal(line, &t); err != nil {
		return Reply{Failed: "the task could not be read: " + err.Error(), Stop: true}
	}
	r, err := d.do(ctx, t)
	runtime.GC() // most of what it held is pictures: their memory is for the next step's
	if err != nil {
		return Reply{Failed: err.Error(), Stop: Everybodys(err)}
	}
	return Reply{Result: *r}
}

// Close frees the network.
func (d *Doer) Close() {
	if d.surveyor != nil {
		d.surveyor.Close()
	}
}

// Everybodys reports whether an error says something about the disk or the
// machine and nothing about a photo.
func Everybodys(err error) bool {
	for _, e := range []error{syscall.ENOSPC, syscall.EDQUOT, syscall.EROFS, syscall.EMFILE, syscall.ENFILE, syscall.ENOMEM} {
		if errors.Is(err, e) {
			return true
		}
	}
	return false
}

func (d *Doer) do(ctx context.Context, t Task) (*Result, error) {
	s := job.Steps{
		PlanOptions: job.PlanOptions{
			Case: t.Case, Wishes: t.Wishes, Settings: t.Settings, Pigments: t.Pigments, Seed: t.Seed, Paper: t.Paper, Out: t.Out,
			Generator: d.Generator,
		},
		Code: t.Code, Photos: t.Photos,
	}
	switch t.Step {
	case Survey:
		return d.survey(ctx, s, t)
	case Plan:
		return documents(ctx, s)
	case Pictures, Report:
		return pictures(ctx, s, t)
	case Guide:
		if err := s.Guide(ctx); err != nil {
			return nil, err
		}
		return &Result{Files: sizes(t.Out, "guide.pdf")}, nil
	}
	return nil, fmt.Errorf("%q is no step", t.Step)
}

func (d *Doer) survey(ctx context.Context, s job.Steps, t Task) (*Result, error) {
	if d.surveyor == nil {
		var err error
		if d.surveyor, err = vision.NewSurveyor(); err != nil {
			return nil, err
		}
	}
	p := t.Photos[0].Photo
	m, err := s.Survey(ctx, d.surveyor, p)
	if err != nil {
		return nil, err
	}
	small := thumb.Cut(m.Drawing, onDrawing(m))
	if err := thumb.Write(filepath.Join(t.Thumbs, p.Name+thumb.Found), small); err != nil {
		return nil, err
	}
	names := []string{p.Name + job.SurveySuffix, p.Name + job.OverlaySuffix}
	if maps := m.Survey.Maps; maps != nil {
		names = append(names, maps.Regions, maps.Hair, maps.Density)
	}
	return &Result{Files: sizes(t.Out, names...), Photo: photoOf(m.Survey)}, nil
}

// onDrawing is the head on the overlay, which shows the photo at another size
// with writing below; without a head it is all of the photo.
func onDrawing(m *job.Measured) image.Rectangle {
	k := float64(m.Drawing.Bounds().Dx()) / float64(m.Survey.Photo.Width)
	at := func(v int) int { return int(float64(v) * k) }
	f := m.Frame
	if f.Empty() {
		f = image.Rect(0, 0, m.Survey.Photo.Width, m.Survey.Photo.Height)
	}
	return image.Rect(at(f.Min.X), at(f.Min.Y), at(f.Max.X), at(f.Max.Y))
}

func documents(ctx context.Context, s job.Steps) (*Result, error) {
	o, p, err := s.Documents(ctx)
	if err != nil {
		return nil, err
	}
	names := []string{"plan.json", p.Dots.File}
	for _, ph := range p.Photos {
		if ph.Dots != "" {
			names = append(names, ph.Dots)
		}
	}
	return &Result{Files: sizes(s.Out, names...), Plan: caseOf(p, o)}, nil
}

func pictures(ctx context.Context, s job.Steps, t Task) (*Result, error) {
	shown, err := s.Pictures(ctx, t.Step == Report)
	if err != nil {
		return nil, err
	}
	r, most := new(Result), 0
	var names []string
	for _, p := range shown {
		for _, stage := range pigment.Stages() {
			names = append(names, p.Name+"."+stage+".jpg")
		}
		if p.Healed == nil || p.Dots <= most {
			continue
		}
		most, r.Shown = p.Dots, p.Name
		if err := healed(filepath.Join(t.Thumbs, p.Name+thumb.Healed), p.Healed); err != nil {
			return nil, err
		}
	}
	if t.Step == Report {
		names = append(names, "report.html")
	}
	r.Files = sizes(t.Out, names...)
	return r, nil
}

// healed writes the small picture of a head as healed.
func healed(path string, jpeg []byte) error {
	img, err := cvx.Decode(jpeg, cvx.DecodeOptions{})
	if err != nil {
		return fmt.Errorf("%s: %w", path, err)
	}
	return thumb.Write(path, thumb.Cut(img, img.Rect))
}

// sizes are those of the files that are there: not every photo is drawn at
// every stage.
func sizes(dir string, names ...string) []File {
	var out []File
	for _, n := range names {
		if info, err := os.Stat(filepath.Join(dir, n)); err == nil {
			out = append(out, File{n, info.Size()})
		}
	}
	return out
}
