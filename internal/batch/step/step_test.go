package step_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/disintegration/imaging"

	"pointille/internal/batch/step"
	"pointille/internal/batch/thumb"
	"pointille/internal/casefolder"
	"pointille/internal/job"
)

func ExampleDoer_Do() {
	d := step.Doer{Generator: "pointille 1"}
	defer d.Close()
	r := d.Do(context.Background(), []byte(`{"step": "dance"}`)).(step.Reply)
	fmt.Println(r.Failed)
	// Output: "dance" is no step
}

// TestSteps does a case as workers do, and wants of each step what a table and
// the next step need.
func TestSteps(t *testing.T) {
	dir := t.TempDir()
	img, err := imaging.Open("../../../testdata/demo/crown.jpg")
	if err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(dir, "crown.jpg")
	if err := imaging.Save(imaging.Fit(img, 240, 240, imaging.Box), path); err != nil {
		t.Fatal(err)
	}
	task := step.Task{
		Case: dir, Code: "A-17", Out: filepath.Join(dir, "out"), Thumbs: filepath.Join(dir, "small"), Seed: 1,
		Photos: []job.StepPhoto{{Photo: casefolder.Photo{Path: path, Name: "crown", View: "crown"}}},
	}
	d := &step.Doer{Generator: "test"}
	defer d.Close()
	s := do(t, d, task, step.Survey)
	if s.Photo == nil || s.Photo.View != "crown" || len(s.Photo.SHA256) != 64 || s.Photo.Skin == nil || len(s.Photo.Zones) == 0 {
		t.Fatalf("survey %+v", s.Photo)
	}
	whole(t, task.Out, s.Files, 5)
	p := do(t, d, task, step.Plan)
	if p.Plan == nil || p.Plan.Dots == 0 || p.Plan.AreaCM2 == 0 || p.Plan.Hours == 0 || len(p.Plan.Zones) == 0 || len(p.Plan.Warnings) == 0 {
		t.Fatalf("plan %+v", p.Plan)
	}
	whole(t, task.Out, p.Files, 3)
	r := do(t, d, task, step.Report)
	if r.Shown != "crown" {
		t.Errorf("shown %q", r.Shown)
	}
	whole(t, task.Out, r.Files, 7)
	for _, end := range []string{thumb.Found, thumb.Healed} {
		if _, err := thumb.Read(filepath.Join(task.Thumbs, "crown"+end)); err != nil {
			t.Error(err)
		}
	}
	task.Photos[0].Path = filepath.Join(dir, "nobody.jpg")
	if r := reply(t, d, task, step.Survey); !strings.HasPrefix(r.Failed, task.Photos[0].Path+": ") || r.Stop {
		t.Errorf("reply %+v", r)
	}
}

func reply(t *testing.T, d *step.Doer, task step.Task, kind string) step.Reply {
	t.Helper()
	task.Step = kind
	line, err := json.Marshal(task)
	if err != nil {
		t.Fatal(err)
	}
	return d.Do(context.Background(), line).(step.Reply)
}

func do(t *testing.T, d *step.Doer, task step.Task, kind string) step.Result {
	t.Helper()
	r := reply(t, d, task, kind)
	if r.Failed != "" {
		t.Fatalf("%s: %s", kind, r.Failed)
	}
	return r.Result
}

func whole(t *testing.T, dir string, files []step.File, n int) {
	t.Helper()
	if len(files) != n {
		t.Errorf("files %v, want %d", files, n)
	}
	for _, f := range files {
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err != nil || info.Size() != f.Size {
			t.Errorf("%s: %v, %v", f.Name, info, err)
		}
	}
}
