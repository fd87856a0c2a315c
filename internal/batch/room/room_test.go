package room_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/batch/room"
	"pointille/internal/batch/seal"
	"pointille/internal/batch/step"
	"pointille/internal/casefolder"
	"pointille/internal/job"
)

func ExampleHome() {
	task := step.Task{Out: "results/anna", Thumbs: "results/small/anna"}
	fmt.Println(room.Home(task, "out/plan.json"))
	fmt.Println(room.Home(task, "small/front.found.jpg"))
	fmt.Println(room.Home(task, "wishes.json"))
	// Output:
	// results/anna/plan.json true
	// results/small/anna/front.found.jpg true
	//  false
}

func home() step.Task {
	return step.Task{
		Step: step.Report, Case: "photos/anna", Out: "out/photos/anna", Thumbs: "out/small/anna", Wishes: "out/.pointille/wishes.json",
		Photos: []job.StepPhoto{
			{Photo: casefolder.Photo{Path: "photos/anna/front.jpg", Name: "front", View: "front"}},
			{Photo: casefolder.Photo{Path: "photos/anna/a/left.jpg", Name: "left"}, Failed: "photos/anna/a/left.jpg: damaged"},
		},
	}
}

// TestRoom wants a step to find in its room what it has at home, and to be told
// of as if it were there.
func TestRoom(t *testing.T) {
	dir, task := t.TempDir(), home()
	r, err := room.New(dir, task)
	if err != nil {
		t.Fatal(err)
	}
	here := r.Task()
	for _, path := range []string{here.Case, here.Out, here.Thumbs, here.Wishes, here.Photos[0].Path, here.Photos[1].Path} {
		if !strings.HasPrefix(path, dir+"/") {
			t.Errorf("%s is not in the room", path)
		}
	}
	if here.Settings != "" || task.Photos[0].Path != "photos/anna/front.jpg" {
		t.Errorf("settings %q, at home %q", here.Settings, task.Photos[0].Path)
	}
	if got := job.Reason(here.Photos[1].Path, here.Photos[1].Failed); got != "damaged" {
		t.Errorf("a report says %q", got)
	}
	for _, f := range []seal.File{room.Photo(task.Photos[0]), {Name: "wishes.json", Path: task.Wishes}, room.Result(task.Out, "front.survey.json")} {
		kept := filepath.Join(t.TempDir(), "kept")
		if err := os.WriteFile(kept, []byte(f.Path), 0o600); err != nil {
			t.Fatal(err)
		}
		if err := r.Link(seal.File{Name: f.Name, Path: kept}); err != nil {
			t.Fatal(err)
		}
	}
	for path, want := range map[string]string{
		here.Photos[0].Path: "photos/anna/front.jpg", here.Wishes: "out/.pointille/wishes.json",
		filepath.Join(here.Out, "front.survey.json"): "out/photos/anna/front.survey.json",
	} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	made(t, r, task)
	said := fmt.Sprintf("%s: %s: laid on %s", here.Photos[1].Path, here.Case, filepath.Join(here.Out, "plan.json"))
	if got := r.Said(said); got != "photos/anna/a/left.jpg: photos/anna: laid on out/photos/anna/plan.json" {
		t.Errorf("said %q", got)
	}
}

// made wants what a step made to be found, and what it was given not.
func made(t *testing.T, r *room.Room, task step.Task) {
	t.Helper()
	here := r.Task()
	if err := os.MkdirAll(here.Thumbs, 0o755); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{here.Out + "/report.html", here.Out + "/front.healed.jpg", here.Thumbs + "/front.healed.jpg"} {
		if err := os.WriteFile(path, nil, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	files, err := r.Made()
	if err != nil || len(files) != 3 {
		t.Fatalf("made %v, %v", files, err)
	}
	for i, want := range []string{"out/photos/anna/front.healed.jpg", "out/photos/anna/report.html", "out/small/anna/front.healed.jpg"} {
		if got, ok := room.Home(task, files[i].Name); !ok || got != want {
			t.Errorf("%s goes to %s, want %s", files[i].Name, got, want)
		}
	}
}

// TestOnePhoto wants a case that is a photo to be that photo in the room, too.
func TestOnePhoto(t *testing.T) {
	r, err := room.New(t.TempDir(), step.Task{
		Case: "a.jpg", Out: "out/a", Thumbs: "out/small/a", Photos: []job.StepPhoto{{Photo: casefolder.Photo{Path: "a.jpg", Name: "a"}}},
	})
	if err != nil || r.Task().Case != r.Task().Photos[0].Path || r.Said(r.Task().Case+": bad") != "a.jpg: bad" {
		t.Errorf("%+v, %v", r, err)
	}
}

// TestNoHome wants names that no step makes to be refused.
func TestNoHome(t *testing.T) {
	for _, name := range []string{"out/", "out/a/b", "photo/front/front.jpg", "plan.json", "out", ""} {
		if path, ok := room.Home(home(), name); ok {
			t.Errorf("%q goes to %s", name, path)
		}
	}
}

// TestGiven wants each step to be given what it reads, and no more.
func TestGiven(t *testing.T) {
	task := step.Task{Wishes: "w", Settings: "s", Pigments: "p"}
	for kind, want := range map[string]string{step.Survey: "", step.Plan: "wp", step.Report: "", step.Guide: "ws"} {
		task.Step = kind
		got := ""
		for _, f := range room.Given(task) {
			got += f.Path
		}
		if got != want {
			t.Errorf("%s: %q, want %q", kind, got, want)
		}
	}
}
