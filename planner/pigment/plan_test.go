package pigment_test

import (
	"math"
	"strings"
	"testing"

	"pointille/internal/colour"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/vision/survey"
)

func wanted() pigment.Wanted {
	return pigment.Wanted{
		Skin: &survey.SkinTone{Lab: colour.Lab{61, 9, 18}, Sigma: 2}, Hair: &survey.HairTone{Lab: colour.Lab{18, 7, 7}, Sigma: 3},
		PerCM2: 120, HairsPerCM2: 150, Dots: dots(),
	}
}

func TestPlan(t *testing.T) {
	got := pigment.Plan(wanted())
	if got.Recipe == nil || got.Recipe.Grade != pigment.Matching || len(got.Others) != 2 || len(got.Stages) != 6 {
		t.Fatalf("%+v", got)
	}
	healed := got.Stages[2]
	if d := colour.DeltaE00(healed.Lab, got.Recipe.HealedLab); d > 0.01 {
		t.Errorf("the healed stage %v is not the recipe's tone %v", healed.Lab, got.Recipe.HealedLab)
	}
}

func TestPlanWishes(t *testing.T) {
	w := wanted()
	w.Pigment, w.Dilution = "Carbon Black", 8
	got := pigment.Plan(w)
	if s := got.Recipe.Shades[0]; s.Pigment != "carbon black" || s.Dilution != 8 {
		t.Errorf("wished carbon black 1:8, got %+v", got.Recipe.Shades)
	}
	w.Pigment = "Midnight 5"
	if got := pigment.Plan(w); !strings.Contains(got.Recipe.Note, `"Midnight 5"`) {
		t.Errorf("an unknown pigment went unmentioned: %q", got.Recipe.Note)
	}
}

func TestPlanRefusesDilutions(t *testing.T) {
	for _, d := range []float64{-1, 1000, math.NaN(), math.Inf(1)} {
		w := wanted()
		w.Dilution = d
		if got := pigment.Plan(w); got.Recipe != nil || !strings.Contains(got.Why, "dilution") {
			t.Errorf("dilution %v: %+v", d, got)
		}
	}
}

func TestPlanHasVariants(t *testing.T) {
	got := pigment.Plan(wanted()).Recipe
	if len(got.Alternatives) != 2 || len(got.Steps) < 3 || got.SigmaWithoutCard <= got.Sigma {
		t.Errorf("%+v", got)
	}
}

// Stubble that was measured counts for more than what is predicted.
func TestPlanMeetsMeasuredStubble(t *testing.T) {
	w := wanted()
	w.Stubble = &survey.SkinTone{Lab: colour.Lab{57.5, 8, 15.5}, Sigma: 1}
	got := pigment.Plan(w).Recipe
	if got == nil || colour.DeltaE00(got.TargetLab, w.Stubble.Lab) > 0.5 || math.Abs(got.HealedLab[0]-57.5) > 1 {
		t.Errorf("%+v", got)
	}
}

func TestPlanUnknown(t *testing.T) {
	w := wanted()
	w.Skin = nil
	if got := pigment.Plan(w); got.Recipe == nil || got.Recipe.Grade != pigment.Warn || got.Recipe.Note == "" || got.Recipe.Sigma < 5 {
		t.Errorf("unknown skin: %+v", got.Recipe)
	}
	w.PerCM2 = math.NaN()
	if got := pigment.Plan(w); got.Recipe != nil || got.Why == "" {
		t.Errorf("no density: %+v", got)
	}
}

func TestAssign(t *testing.T) {
	recipe := &plan.Recipe{Shades: []plan.Shade{{Share: 0.5}, {Share: 0.3}, {Share: 0.2}}}
	field := make([]plan.Dot, 20000)
	for i := range field {
		field[i].ID = i
	}
	pigment.Assign(field, recipe, 7)
	var count [3]float64
	for _, d := range field {
		count[d.Shade]++
	}
	for i, s := range recipe.Shades {
		if math.Abs(count[i]/20000-s.Share) > 0.015 {
			t.Errorf("shade %d got %v of the dots, want %v", i, count[i]/20000, s.Share)
		}
	}
	again := []plan.Dot{field[55]}
	again[0].Shade = 9
	pigment.Assign(again, recipe, 7)
	if again[0].Shade != field[55].Shade {
		t.Error("a dot's shade depends on its neighbours in the list")
	}
	pigment.Assign(again, nil, 7)
}

func TestLongestHair(t *testing.T) {
	own := pigment.Stubble{Skin: colour.Lab{61, 9, 18}, Hair: colour.Lab{18, 7, 7}, PerCM2: 150}
	field, err := own.Tone()
	if err != nil {
		t.Fatal(err)
	}
	got, err := own.LongestHair(field)
	if err != nil || got < 0.5 || got > 3 {
		t.Errorf("%v mm, %v; hair of 0.5 mm is the field itself", got, err)
	}
	sparse := own
	sparse.PerCM2 = 60
	if more, _ := sparse.LongestHair(field); more < got {
		t.Errorf("sparse hair reads as one up to %v mm, dense up to %v", more, got)
	}
	if none, _ := own.LongestHair(colour.Lab{95, 0, 0}); none != 0 {
		t.Errorf("%v mm of dark hair read as one with a white field", none)
	}
}
