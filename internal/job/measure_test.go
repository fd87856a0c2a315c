package job_test

import (
	"context"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pointille/internal/cvx"
	"pointille/internal/job"
	"pointille/internal/swatch/swatchtest"
	"pointille/planner/pigment"
)

func TestMeasurePigment(t *testing.T) {
	dir := t.TempDir()
	page := swatchtest.Usual()
	jpeg, err := cvx.EncodeJPEG(page.Photo(t), 90)
	if err != nil {
		t.Fatal(err)
	}
	photo, list := filepath.Join(dir, "swatches.jpg"), filepath.Join(dir, "pigments.json")
	write := func(path, text string) {
		t.Helper()
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write(photo, string(jpeg))
	for want, o := range map[string]job.MeasureOptions{
		"no pigment is called \"soot\"": {Photo: photo, Name: "Own", Black: "soot", Out: list},
		"measured against itself":       {Photo: photo, Name: "Carbon Black", Black: "carbon black", Out: list},
		"there is no such photo":        {Photo: filepath.Join(dir, "none.jpg"), Name: "Own", Black: "carbon black", Out: list},
	} {
		if _, err := job.MeasurePigment(context.Background(), o); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
		if _, err := os.Stat(list); err == nil {
			t.Fatalf("%q: a list was written", want)
		}
	}
	for _, name := range []string{"Own", "own", "Second"} {
		m, err := job.MeasurePigment(context.Background(), job.MeasureOptions{Photo: photo, Name: name, CI: []string{"77491"}, Black: "carbon black", Out: list})
		if err != nil {
			t.Fatal(err)
		}
		for c, black := range [3]float64{0.87, 1, 1.22} {
			want := black * page.Thin[c] / page.Black[c]
			if math.Abs(m.Pigment.Absorption[c]/want-1) > 0.05 {
				t.Errorf("channel %d: %.3f, want %.3f", c, m.Pigment.Absorption[c], want)
			}
		}
	}
	text := read(t, list)
	got, err := pigment.ReadCatalogue([]byte(text))
	if err != nil || len(got) != 2 || got[0].Name != "own" || got[1].Name != "Second" {
		t.Errorf("the list holds %+v, %v; want own, replaced, and Second", got, err)
	}
	write(list, "[]")
	if _, err := job.MeasurePigment(context.Background(), job.MeasureOptions{Photo: photo, Name: "Own", Black: "carbon black", Out: list}); err == nil || read(t, list) != "[]" {
		t.Errorf("an unusable list was written over: %v", err)
	}
}
