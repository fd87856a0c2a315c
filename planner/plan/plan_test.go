package plan_test

import (
	"bytes"
	"context"
	"errors"
	"flag"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/document"
	"pointille/internal/headframe"
	"pointille/planner/plan"
)

var update = flag.Bool("update", false, "write the sample documents anew")

// sample is a plan of three dots that holds every member once.
func sample() *plan.Plan {
	return &plan.Plan{
		Schema: plan.Schema, Generator: "pointille 1.0.0", Case: "A-017", Seed: 1<<63 + 5,
		Photos: []plan.Photo{
			{Name: "front.jpg", SHA256: strings.Repeat("0f", 32), Width: 1200, Height: 1600, View: "front",
				Survey: "front.survey.json", Dots: "front.dots.csv", Error: 3.5, Used: true,
				Camera: headframe.Camera{FX: 1800.123456789, FY: 1800, CX: 599.5, CY: 799.5,
					R: [9]float64{1, 0, 0, 0, -1, 0, 0, 0, -1}, T: headframe.Vec{1.5, 20.25, 720}}},
			{Name: "back.jpg", SHA256: strings.Repeat("1e", 32), Width: 1200, Height: 1600, View: "back",
				Survey: "back.survey.json", Why: "no head was found in it"},
		},
		Head:     plan.Head{Shape: []float64{1.0123456789, 0.98}, ScaleSource: "card", ScaleSigma: 0.01, Scaled: true, ErrorMM: 2.2},
		Look:     plan.Shaved,
		Shave:    &plan.Shave{Existing: true, LengthMM: 0.5},
		Hairline: &plan.Hairline{Points: []headframe.Vec{{-60, 85.25, 70}, {0, 92, 88}, {60, 85, 70}}, HeightMM: 76, Edge: "soft", SoftMM: 12, Source: "proposed", Alternate: "natural"},
		Zones: []plan.Zone{
			{Name: "frontal", AreaCM2: 61.5, SigmaCM2: 5, ExistingPerCM2: 20, TargetPerCM2: 80, Dots: 2},
			{Name: "vertex", AreaCM2: 30, SigmaCM2: 4, ExistingPerCM2: 40, TargetPerCM2: 80, Dots: 1},
		},
		Dots:     plan.Dots{Count: 3, File: "dots.csv", FreshMM: 0.22, HealedMM: 0.3, DepthMM: 0.7, MinMM: 0.8, MeanMM: 1.1, Regularity: 0.3},
		Pigment:  sampleRecipe(),
		Sessions: []plan.Session{{Number: 1, Dots: 2, Hours: 3.5, Date: "2026-03-31", Purpose: "base"}, {Number: 2, Dots: 1, Hours: 2, AfterDays: 14, Purpose: "density"}},
		Stages:   []plan.Stage{{Name: plan.Healed, DiameterMM: 0.31, Contrast: 0.42, Lab: [3]float64{58, 12, 15}}},
		Checks:   []plan.Check{{ID: "hairline-height", Name: "Hairline height", Value: 76, Unit: "mm", Limit: "at least 70 mm", Result: "ok", Source: "hair surgery"}},
		Warnings: []plan.Warning{{Code: "back-missing", Message: "The back was not photographed; nothing is planned there."}},
	}
}

func sampleRecipe() *plan.Recipe {
	return &plan.Recipe{
		Shades:    []plan.Shade{{Pigment: "Graphite", Dilution: 12, Share: 0.75, Lab: [3]float64{40, 3, 5}}, {Pigment: "Graphite", Dilution: 20, Share: 0.25, Lab: [3]float64{48, 4, 7}}},
		TargetLab: [3]float64{57, 11, 14}, HealedLab: [3]float64{58, 12, 15}, DeltaE: 1.4, Sigma: 2, Grade: "match",
	}
}

func sampleDots() []plan.Dot {
	return []plan.Dot{
		{ID: 0, P: headframe.Vec{-20.5, 90.12345, 80}, N: headframe.Vec{0, 0.6, 0.8}, Zone: "frontal", Session: 1, Diameter: 0.3, Shade: 0},
		{ID: 1, P: headframe.Vec{20, 90, 80}, N: headframe.Vec{-0.00000001, 0.6, 0.8}, Zone: "frontal", Session: 2, Diameter: 0.31, Shade: 1},
		{ID: 7, P: headframe.Vec{1, 120, -70}, N: headframe.Vec{0, 0.8, -0.6}, Zone: "vertex", Session: 1, Diameter: 0.3, Shade: 0},
	}
}

func ExampleDecode() {
	_, err := plan.Decode(strings.NewReader(`{"schema": "pointille.plan/1", "case": "A-017", "look": "buzz"}`))
	fmt.Println(err)
	// Output:
	// look: "buzz" is none of shaved, density, patch, scar
}

func TestSampleFile(t *testing.T) {
	path := filepath.Join("testdata", "plan.json")
	if *update {
		check(t, plan.Write(context.Background(), path, sample()))
	}
	want, err := os.ReadFile(path)
	check(t, err)
	if diff := cmp.Diff(string(want), string(encode(t, sample()))); diff != "" {
		t.Errorf("the written form has changed (-want +got):\n%s", diff)
	}
	read, err := plan.Read(path)
	check(t, err)
	if !bytes.Equal(encode(t, read), want) {
		t.Error("reading and writing changes the file")
	}
	if read.Seed != sample().Seed || read.Photos[0].Camera.FX != 1800.123457 || read.Head.Shape[0] != 1.012345679 {
		t.Errorf("seed %v, camera %v, shape %v", read.Seed, read.Photos[0].Camera, read.Head.Shape)
	}
}

func TestVersion0(t *testing.T) {
	p, err := plan.Read(filepath.Join("testdata", "version-0.plan.json"))
	check(t, err)
	want := &plan.Hairline{Points: []headframe.Vec{{-60, 85, 70}, {0, 92, 88}, {60, 85, 70}}, Edge: "soft", Source: "proposed", Alternate: "natural"}
	if diff := cmp.Diff(want, p.Hairline); diff != "" {
		t.Errorf("hairline (-want +got):\n%s", diff)
	}
	encode(t, p)
}

func TestRefusedText(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"newer", "plan/1", "plan/3", "this plan was written by a newer Pointille (schema pointille.plan/3); this one reads up to /1"},
		{"survey", "pointille.plan/1", "pointille.survey/1", `schema: this is a "pointille.survey/1", not a plan`},
		{"negative seed", "9223372036854775813", "-1", "seed: -1 where a whole number"},
		{"flat point", "[-60,85.25,70]", "[-60,85.25]", "hairline.points[0]: 2 values where 3"},
		{"list for object", `"dots": {`, `"dots": [], "x": {`, "dots: a list where an object"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			_, err := plan.Decode(strings.NewReader(strings.Replace(string(encode(t, sample())), tt.old, tt.new, 1)))
			if err == nil || !strings.Contains(err.Error(), tt.want) {
				t.Errorf("error is %v, want %s", err, tt.want)
			}
		})
	}
}

func TestValidateNamesTheMember(t *testing.T) {
	tests := []struct {
		path string
		edit func(*plan.Plan)
	}{
		{"schema", func(p *plan.Plan) { p.Schema = "" }},
		{"case", func(p *plan.Plan) { p.Case = " " }},
		{"photos[1].name", func(p *plan.Plan) { p.Photos[1].Name = "front.jpg" }},
		{"photos[0].width", func(p *plan.Plan) { p.Photos[0].Width = 0 }},
		{"photos[0].view", func(p *plan.Plan) { p.Photos[0].View = "" }},
		{"photos[0].survey", func(p *plan.Plan) { p.Photos[0].Survey = "../a" }},
		{"photos[0].dots", func(p *plan.Plan) { p.Photos[0].Dots = "" }},
		{"photos[0].camera.rotation", func(p *plan.Plan) { p.Photos[0].Camera.R = [9]float64{} }},
		{"photos[1].unused", func(p *plan.Plan) { p.Photos[1].Why = "" }},
		{"head.scale_source", func(p *plan.Plan) { p.Head.ScaleSource = "guess" }},
		{"head.shape[1]", func(p *plan.Plan) { p.Head.Shape[1] = math.NaN() }},
		{"look", func(p *plan.Plan) { p.Look = "wet" }},
		{"shave.length_mm", func(p *plan.Plan) { p.Shave = &plan.Shave{LengthMM: -1} }},
		{"pigment.sigma_without_card", func(p *plan.Plan) { p.Pigment.SigmaWithoutCard = -2 }},
		{"pigment.hair_up_to_mm", func(p *plan.Plan) { p.Pigment.HairMM = -1 }},
		{"pigment.steps[0].direction", func(p *plan.Plan) { p.Pigment.Steps = []plan.Variant{variant("sideways")} }},
		{"pigment.steps[0].shades", func(p *plan.Plan) { p.Pigment.Steps = []plan.Variant{{Direction: "lighter", Grade: "match"}} }},
		{"pigment.alternatives[1].grade", func(p *plan.Plan) {
			p.Pigment.Alternatives = []plan.Variant{variant(""), variant("")}
			p.Pigment.Alternatives[1].Grade = "good"
		}},
		{"hairline.points", func(p *plan.Plan) { p.Hairline.Points = nil }},
		{"hairline.points[2]", func(p *plan.Plan) { p.Hairline.Points[2][1] = 5000 }},
		{"hairline.edge", func(p *plan.Plan) { p.Hairline.Edge = "blurred" }},
		{"zones[0].name", func(p *plan.Plan) { p.Zones[0].Name = "a,b" }},
		{"zones[1].name", func(p *plan.Plan) { p.Zones[1].Name = "frontal" }},
		{"zones[1].target_per_cm2", func(p *plan.Plan) { p.Zones[1].TargetPerCM2 = -1 }},
		{"zones[1].dots", func(p *plan.Plan) { p.Zones[1].Dots = -1 }},
		{"dots.count", func(p *plan.Plan) { p.Dots.Count = 4 }},
		{"dots.count", func(p *plan.Plan) { p.Sessions[0].Dots = 3 }},
		{"dots.healed_mm", func(p *plan.Plan) { p.Dots.HealedMM = 0 }},
		{"dots.regularity", func(p *plan.Plan) { p.Dots.Regularity = 1.5 }},
		{"nothing_to_do", func(p *plan.Plan) { p.Nothing = "full hair" }},
		{"nothing_to_do", func(p *plan.Plan) { p.Dots.Count = 0 }},
		{"pigment.shades", func(p *plan.Plan) { p.Pigment.Shades[0].Share = 0.5 }},
		{"pigment.shades[1].lab[0]", func(p *plan.Plan) { p.Pigment.Shades[1].Lab[0] = -1 }},
		{"pigment.grade", func(p *plan.Plan) { p.Pigment.Grade = "A" }},
		{"sessions[1].number", func(p *plan.Plan) { p.Sessions[1].Number = 3 }},
		{"sessions[1].after_days", func(p *plan.Plan) { p.Sessions[1].AfterDays = -1 }},
		{"sessions[0].date", func(p *plan.Plan) { p.Sessions[0].Date = "31.03.2026" }},
		{"stages[0].name", func(p *plan.Plan) { p.Stages[0].Name = "2y" }},
		{"checks[0].result", func(p *plan.Plan) { p.Checks[0].Result = "good" }},
		{"warnings[0]", func(p *plan.Plan) { p.Warnings[0].Code = "" }},
	}
	check(t, sample().Validate())
	for _, tt := range tests {
		p := sample()
		tt.edit(p)
		var e *document.Error
		if err := p.Validate(); !errors.As(err, &e) || e.Path != tt.path {
			t.Errorf("error is %v, want it at %s", err, tt.path)
		}
		if err := plan.Encode(&bytes.Buffer{}, p); err == nil {
			t.Errorf("%s: an impossible plan was written", tt.path)
		}
	}
}

func variant(direction string) plan.Variant {
	return plan.Variant{Direction: direction, Shades: []plan.Shade{{Pigment: "iron black", Share: 1}}, Grade: "close"}
}

func TestCheckDots(t *testing.T) {
	tests := []struct {
		want string
		edit func([]plan.Dot) []plan.Dot
	}{
		{"", func(d []plan.Dot) []plan.Dot { return d }},
		{"has 3 dots, its file holds 2", func(d []plan.Dot) []plan.Dot { return d[1:] }},
		{"zone frontal has 2 dots", func(d []plan.Dot) []plan.Dot { d[0].Zone = "vertex"; return d }},
		{"session 1 has 2 dots", func(d []plan.Dot) []plan.Dot { d[0].Session = 2; return d }},
		{"session 3 of 2", func(d []plan.Dot) []plan.Dot { d[0].Session = 3; return d }},
		{"has shade 2", func(d []plan.Dot) []plan.Dot { d[0].Shade = 2; return d }},
	}
	for _, tt := range tests {
		err := sample().CheckDots(tt.edit(sampleDots()))
		if (err == nil) != (tt.want == "") || err != nil && !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error is %v, want %q", err, tt.want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"plan.json", "version-0.plan.json"} {
		data, err := os.ReadFile(filepath.Join("testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := plan.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		first := encode(t, p)
		again, err := plan.Decode(bytes.NewReader(first))
		check(t, err)
		if !bytes.Equal(encode(t, again), first) {
			t.Error("decoding and encoding twice gives other bytes")
		}
	})
}

func encode(t *testing.T, p *plan.Plan) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, plan.Encode(&b, p))
	return b.Bytes()
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
