package planner_test

import (
	"math"
	"testing"

	"pointille/internal/colour"
	"pointille/planner"
	"pointille/vision/survey"
)

// TestMeasuredStubble wants dots mixed to the client's own stubble as photos show it,
// whatever light each of them was in.
func TestMeasuredStubble(t *testing.T) {
	t.Parallel()
	recipe := func(left ...float64) (target, skin colour.Lab) {
		photos := surveyed(vertex(small), survey.Crown, survey.Back)
		for i := range photos {
			doc := *photos[i].Survey
			doc.Skin = &survey.SkinTone{Lab: colour.Lab{60 + 8*float64(i), 10, 17}, Sigma: 3 + float64(i)}
			if i < len(left) {
				doc.Stubble = &survey.SkinTone{Lab: dimmed(doc.Skin.Lab, left[i]), Sigma: 5}
			}
			photos[i].Survey = &doc
		}
		r := made(t, photos, planner.Options{})
		if r.Plan.Pigment == nil {
			t.Fatalf("no recipe: %+v", r.Plan.Warnings)
		}
		return r.Plan.Pigment.TargetLab, colour.Lab{60, 10, 17}
	}
	for _, left := range []float64{0.75, 0.85} {
		got, skin := recipe(left, left)
		want := dimmed(skin, left)
		if d := colour.DeltaE00(got, want); d > 0.1 {
			t.Errorf("%.2f of the light left: the target is %.1f, want %.1f", left, got, want)
		}
	}
	one, skin := recipe(0.8)
	if d := colour.DeltaE00(one, dimmed(skin, 0.8)); d > 0.1 {
		t.Errorf("one of two photos tells: the target is %.1f, want %.1f", one, dimmed(skin, 0.8))
	}
	between, _ := recipe(0.7, 0.8)
	if l := between[0]; !(l > dimmed(skin, 0.7)[0] && l < dimmed(skin, 0.8)[0]) {
		t.Errorf("two photos disagree: the target is %.1f", between)
	}
	if none, _ := recipe(); math.Abs(none[0]-one[0]) < 0.01 {
		t.Errorf("without a measure the target is the same, %.1f", none)
	}
}

// dimmed is a colour of which so much light is left.
func dimmed(lab colour.Lab, left float64) colour.Lab {
	lin := colour.FromLab(lab)
	for c := range lin {
		lin[c] *= left
	}
	return colour.ToLab(lin)
}
