package planner_test

import (
	"testing"

	"pointille/internal/colour"
	"pointille/planner"
	"pointille/vision/survey"
)

// TestMeasuredStubble wants the tone of dots drawn to that of the client's own stubble
// as photos show it, whatever light each of them was in, and more so the more tell it.
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
	predicted, skin := recipe()
	one, _ := recipe(0.7)
	two, _ := recipe(0.7, 0.7)
	if told := dimmed(skin, 0.7)[0]; !(predicted[0] > one[0] && one[0] > two[0] && two[0] > told) {
		t.Errorf("lightness wanted without a measure %.1f, with one %.1f, with two %.1f of %.1f", predicted[0], one[0], two[0], told)
	}
	if between, _ := recipe(0.7, 0.8); !(between[0] > two[0] && between[0] < predicted[0]) {
		t.Errorf("two photos disagree: lightness wanted %.1f, where they agree on the darker %.1f", between[0], two[0])
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
