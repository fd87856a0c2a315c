package stage_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/vision/stage"
	"pointille/vision/survey"
)

const full = 200 // hairs per cm²

// zones has the given shares of full hair: hairline, frontal, mid-scalp,
// vertex and both sides, in this order.
func zones(share [5]float64, visible float64) []survey.Zone {
	var out []survey.Zone
	for i, name := range []string{headframe.FrontalHairline, headframe.Frontal, headframe.MidScalp, headframe.VertexZone, headframe.ParietalLeft, headframe.ParietalRight} {
		out = append(out, survey.Zone{Name: name, HairsPerCM2: full * share[min(i, 4)], Visible: visible})
	}
	return out
}

func TestPatterns(t *testing.T) {
	for _, tt := range []struct {
		name  string
		share [5]float64
		scale string
		value string
	}{
		{"all hair", [5]float64{1, 1, 1, 1, 1}, "norwood", "1"},
		{"more than full", [5]float64{1.5, 1.2, 1.1, 1.3, 1}, "norwood", "1"},
		{"a receded line", [5]float64{0.45, 0.72, 1, 1, 1}, "norwood", "3"},
		{"and a bald vertex", [5]float64{0.45, 0.75, 0.95, 0.45, 1}, "norwood", "3V"},
		{"front and vertex apart", [5]float64{0.25, 0.5, 0.8, 0.4, 1}, "norwood", "4"},
		{"a bald top", [5]float64{0.05, 0.08, 0.15, 0.12, 1}, "norwood", "6"},
		{"a fringe", [5]float64{0, 0, 0, 0, 0.6}, "norwood", "7"},
		{"a thin top behind a line", [5]float64{0.92, 0.45, 0.45, 0.65, 1}, "ludwig", "2"},
		{"hardly any behind a line", [5]float64{0.8, 0.2, 0.2, 0.4, 0.9}, "ludwig", "3"},
	} {
		got := stage.Match(zones(tt.share, 1), full)
		if got.Scale != tt.scale || got.Value != tt.value || got.Confidence < 0.35 || got.Confidence > 1 {
			t.Errorf("%s: %+v, want %s %s", tt.name, got, tt.scale, tt.value)
		}
	}
}

func TestAbstains(t *testing.T) {
	bald := [5]float64{0.05, 0.08, 0.15, 0.12, 1}
	for name, z := range map[string][]survey.Zone{
		"nothing seen":    nil,
		"hardly seen":     zones(bald, 0.3),
		"no frontal zone": append(zones(bald, 1)[:1:1], zones(bald, 1)[2:]...),
		"no mid-scalp":    append(zones(bald, 1)[:2:2], zones(bald, 1)[3:]...),
		"like no pattern": zones([5]float64{0, 1, 0, 1, 0}, 1),
		"bald sides":      zones([5]float64{1, 1, 1, 1, 0}, 1),
	} {
		if got := stage.Match(z, full); got.Scale != "none" || got.Value != "" || got.Confidence != 0 {
			t.Errorf("%s: %+v, want none", name, got)
		}
	}
}

// TestAnyZones wants one of the scales with a confidence, or none, of whatever
// zones there are.
func TestAnyZones(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var z []survey.Zone
		for _, name := range headframe.Zones() {
			z = append(z, survey.Zone{Name: name, HairsPerCM2: rapid.Float64Range(0, 400).Draw(t, name), Visible: rapid.Float64Range(0, 1).Draw(t, name+" seen")})
		}
		got := stage.Match(z, rapid.Float64Range(1, 400).Draw(t, "full"))
		if math.IsNaN(got.Confidence) || got.Confidence < 0 || got.Confidence > 1 || (got.Scale == "none") != (got.Value == "") {
			t.Errorf("%+v", got)
		}
	})
}
