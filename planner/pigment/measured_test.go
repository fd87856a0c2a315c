package pigment_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"pointille/internal/colour"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// graphite is a pigment read beside carbon black at a density of 0.6 of green light.
func graphite() pigment.Measured {
	list, _ := pigment.Catalogue()
	return pigment.Measured{
		Name: "Graphite", CI: []string{"77266"}, Mass: [3]float64{0.02, 0.02, 0.022},
		Thin: [3]float64{0.3, 0.36, 0.44}, Black: [3]float64{0.522, 0.6, 0.732}, Known: list[0], Source: "a test",
	}
}

func TestFromSwatch(t *testing.T) {
	p, err := pigment.FromSwatch(graphite())
	if err != nil {
		t.Fatal(err)
	}
	for c, want := range [3]float64{0.5, 0.6, 0.733} {
		if math.Abs(p.Absorption[c]-want) > 0.001 {
			t.Errorf("channel %d: %v, want %v", c, p.Absorption[c], want)
		}
	}
	data, err := pigment.WriteCatalogue([]pigment.Pigment{p})
	if err != nil {
		t.Fatal(err)
	}
	back, err := pigment.ReadCatalogue(data)
	if err != nil || len(back) != 1 || fmt.Sprint(back[0]) != fmt.Sprint(p) {
		t.Errorf("written and read: %+v, %v; want %+v", back, err, p)
	}
	for want, change := range map[string]func(m *pigment.Measured){
		"it has no name":      func(m *pigment.Measured) { m.Name = " " },
		"Colour Index number": func(m *pigment.Measured) { m.CI = []string{"black"} },
		"above 0 up to 10":    func(m *pigment.Measured) { m.Thin[0] = 9 },
		"densities":           func(m *pigment.Measured) { m.Black[1] = 0 },
	} {
		m := graphite()
		change(&m)
		if _, err := pigment.FromSwatch(m); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// A plan with a studio's own pigment says itself what it absorbs, so that its
// previews need no list.
func TestOwnPigmentIsInThePlan(t *testing.T) {
	own, err := pigment.FromSwatch(graphite())
	if err != nil {
		t.Fatal(err)
	}
	list, err := pigment.Own([]pigment.Pigment{own})
	if err != nil {
		t.Fatal(err)
	}
	dots := plan.Dots{FreshMM: 0.25, HealedMM: 0.15, DepthMM: 0.5}
	got := pigment.Plan(pigment.Wanted{PerCM2: 110, HairsPerCM2: 150, LengthMM: 0.5, Dots: dots, Pigment: "graphite", Pigments: list})
	if got.Recipe == nil {
		t.Fatal(got.Why)
	}
	for _, s := range got.Recipe.Shades {
		if s.Pigment != "Graphite" || s.Absorption == nil || *s.Absorption != own.Absorption {
			t.Errorf("shade %+v, want Graphite with %v", s, own.Absorption)
		}
	}
	m, err := pigment.NewModel(dots, *got.Recipe, nil)
	if err != nil {
		t.Fatal(err)
	}
	skin := colour.Lab{58, 10, 17}
	s, err := m.Stage(plan.Healed, skin, 110)
	if err != nil || colour.DeltaE00(s.Lab, got.Recipe.HealedLab) > 0.3 {
		t.Errorf("healed %v, %v; the recipe says %v", s.Lab, err, got.Recipe.HealedLab)
	}
	built := pigment.Plan(pigment.Wanted{PerCM2: 110, HairsPerCM2: 150, LengthMM: 0.5, Dots: dots})
	for _, s := range built.Recipe.Shades {
		if s.Absorption != nil {
			t.Errorf("a built-in pigment is written out: %+v", s)
		}
	}
}
