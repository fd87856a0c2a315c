package job_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"

	"pointille/internal/casefolder"
	"pointille/internal/job"
	"pointille/vision"
)

// TestSteps wants a case done step by step to be the one done at once, to the
// byte, though one of its photos is bad and its pigment the studio's own.
func TestSteps(t *testing.T) {
	t.Parallel()
	own := fill(t, t.TempDir(), map[string]string{
		"wishes.json":   `{"schema": "pointille.wishes/1", "pigment": {"name": "House"}}`,
		"pigments.json": `[{"name": "House", "ci": ["77266"], "absorption": [0.9, 1, 1.1], "source": "a test"}]`,
	})
	dir := fill(t, filepath.Join(t.TempDir(), "anna"), map[string]string{"left.jpg": "no photo"})
	demo(t, "crown.jpg", filepath.Join(dir, "crown.jpg"))
	o := job.PlanOptions{
		Case: dir, Seed: 3, Generator: "test", Out: filepath.Join(t.TempDir(), "once"),
		Wishes: filepath.Join(own, "wishes.json"), Pigments: filepath.Join(own, "pigments.json"),
	}
	var some *job.SomeFailed
	if _, err := job.Plan(context.Background(), o); !errors.As(err, &some) {
		t.Fatalf("error %v", err)
	}
	once := o.Out
	o.Out = filepath.Join(t.TempDir(), "stepwise")
	stepwise(t, o)
	want := names(t, once)
	got := names(t, o.Out)
	if len(got) != len(want) {
		t.Errorf("files %v, want %v", got, want)
	}
	for _, name := range want {
		if read(t, once, name) != read(t, o.Out, name) {
			t.Errorf("%s differs", name)
		}
	}
}

func stepwise(t *testing.T, o job.PlanOptions) {
	t.Helper()
	ctx := context.Background()
	found, err := casefolder.Open(o.Case)
	if err != nil {
		t.Fatal(err)
	}
	by, err := vision.NewSurveyor()
	if err != nil {
		t.Fatal(err)
	}
	defer by.Close()
	s := job.Steps{PlanOptions: o, Code: found.Code}
	for _, p := range found.Photos {
		m, err := s.Survey(ctx, by, p)
		failed := ""
		if err != nil {
			failed = err.Error()
		} else if m.Frame.Empty() || m.Drawing.Bounds().Empty() || m.Survey.View.Name != p.View {
			t.Errorf("%s: measured %v in %v, view %s", p.Name, m.Frame, m.Drawing.Bounds(), m.Survey.View.Name)
		}
		s.Photos = append(s.Photos, job.StepPhoto{Photo: p, Failed: failed})
	}
	r, made, err := s.Documents(ctx)
	if err != nil || r.Dots == 0 || r.Failed != 1 || made.Seed != 3 {
		t.Fatalf("documents: %+v, %v", r, err)
	}
	if err := s.Guide(ctx); err != nil {
		t.Fatal(err)
	}
	shown, err := s.Pictures(ctx, true)
	if err != nil || len(shown) != 1 || shown[0].Dots == 0 || len(shown[0].Healed) == 0 {
		t.Fatalf("pictures: %v, %v", shown, err)
	}
}
