package survey_test

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
	"pointille/vision/survey"
)

var update = flag.Bool("update", false, "write the sample documents anew")

// sample holds every member once.
func sample() *survey.Survey {
	s := &survey.Survey{
		Schema:    survey.Schema,
		Generator: "pointille 1.0.0",
		Photo:     survey.Photo{Name: "front.jpg", SHA256: strings.Repeat("0f", 32), Width: 1200, Height: 1600},
		View:      survey.View{Name: survey.Front, Confidence: 1, Source: "given"},
		Scale:     survey.Scale{MMPerPx: 0.1823456789, Sigma: 0.002, At: [2]float64{600, 412.5}, Source: "card"},
		Camera: &survey.Camera{
			Camera: headframe.Camera{FX: 1800.123456789, FY: 1800, CX: 599.5, CY: 799.5,
				R: [9]float64{1, 0, 0, 0, -1, 0, 0, 0, -1}, T: headframe.Vec{1.5, 20.25, 720}},
			SigmaPx: 2.4, Source: "surface",
		},
		Hairline: []survey.Hairline{{Points: [][2]float64{{420.25, 380}, {600, 352.125}, {781.5, 377}}, Confidence: 0.8, Kind: survey.KindFront}},
		Bald:     []survey.BaldArea{{Polygon: [][2]float64{{450, 200}, {750, 200}, {600, 340}}, AreaCM2: 42.1, SigmaCM2: 4}},
		Zones:    []survey.Zone{{Name: "frontal", AreaCM2: 61.5, HairsPerCM2: 74, Sigma: 12, Visible: 0.93}},
		Skin:     &survey.SkinTone{Lab: [3]float64{64.2, 14.1, 17.9}, Sigma: 1.5, ITA: 38.4},
		Hair:     &survey.HairTone{Lab: [3]float64{22, 3, 5}, Sigma: 3, Name: "dark brown", Grey: 0.1},
		Count:    sampleCount(),
		Stage:    survey.Stage{Scale: "norwood", Value: "3", Confidence: 0.6},
		Maps:     &survey.Maps{Regions: "front.regions.png", Hair: "front.hair.png", Density: "front.density.png"},
		Quality:  survey.Quality{Sharpness: 0.9, Exposure: 0.97, OK: true},
	}
	s.Warn("shadow", "The left side lies in shadow. Photograph it again with the lamp behind you.")
	return s
}

func sampleCount() *survey.Count {
	right := 0.0
	return &survey.Count{
		Hairs: 3, Units: 2, Points: [][2]float64{{10, 11}, {12, 13.5}, {90, 70}}, PerCM2: 120, AreaMM2: 2.5,
		Frame: [][2]float64{{5, 5}, {95, 75}}, UnitSizes: []int{1, 1},
		Shafts:  []survey.Shaft{{Unit: 0, Direction: &right, LengthMM: 0.8, WidthMM: 0.07}, {Unit: 0}, {Unit: 1, LengthMM: 0.4, Cut: true}},
		Pattern: &survey.Pattern{SpacingMM: 1.1, BinWidth: 0.1, G: []float64{0, 0.2, 1.1}, ClarkEvans: 1.3, CV: 0.24},
	}
}

func ExampleDecode() {
	_, err := survey.Decode(strings.NewReader(`{"schema": "pointille.survey/2"}`))
	fmt.Println(err)
	// Output:
	// this survey was written by a newer Pointille (schema pointille.survey/2); this one reads up to /1
}

func TestSampleFile(t *testing.T) {
	path := filepath.Join("testdata", "front.survey.json")
	if *update {
		check(t, survey.Write(context.Background(), path, sample()))
	}
	want, err := os.ReadFile(path)
	check(t, err)
	got := encode(t, sample())
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("the written form has changed (-want +got):\n%s", diff)
	}
	read, err := survey.Read(path)
	check(t, err)
	if !bytes.Equal(encode(t, read), want) {
		t.Error("reading and writing changes the file")
	}
}

func TestNumbersAreRounded(t *testing.T) {
	read, err := survey.Decode(bytes.NewReader(encode(t, sample())))
	check(t, err)
	if read.Scale.MMPerPx != 0.182346 || read.Camera.FX != 1800.123457 {
		t.Errorf("scale %v, focal length %v", read.Scale.MMPerPx, read.Camera.FX)
	}
	if before := sample(); !cmp.Equal(before, sample()) || before.Scale.MMPerPx != 0.1823456789 {
		t.Error("writing changed the document")
	}
}

func TestEmptyListsAreNotNull(t *testing.T) {
	s := sample()
	s.Hairline, s.Bald, s.Zones, s.Warnings = nil, nil, nil, nil
	if text := string(encode(t, s)); strings.Contains(text, "null") {
		t.Errorf("null in\n%s", text)
	}
	if s.Hairline != nil {
		t.Error("writing changed the document")
	}
}

func TestVersion0(t *testing.T) {
	s, err := survey.Read(filepath.Join("testdata", "version-0.survey.json"))
	check(t, err)
	want := []survey.Hairline{{Points: [][2]float64{{100, 120}, {200, 90.5}, {300, 121}}, Kind: survey.KindFront}}
	if diff := cmp.Diff(want, s.Hairline); diff != "" {
		t.Errorf("hairline (-want +got):\n%s", diff)
	}
	if s.Schema != survey.Schema {
		t.Errorf("schema is %q", s.Schema)
	}
	encode(t, s)
}

func TestUnknownMembersAreTolerated(t *testing.T) {
	text := strings.Replace(string(encode(t, sample())), `"photo": {`, `"Skin": 3, "new": [{"a": 1}], "photo": {"lens": null, `, 1)
	s, err := survey.Decode(strings.NewReader(text))
	check(t, err)
	if s.Skin.Lab[0] != 64.2 {
		t.Errorf("skin is %v", s.Skin)
	}
}

func TestRefusedText(t *testing.T) {
	tests := []struct{ name, old, new, want string }{
		{"newer", "survey/1", "survey/2", "written by a newer Pointille (schema pointille.survey/2); this one reads up to /1"},
		{"plan", "pointille.survey/1", "pointille.plan/1", `schema: this is a "pointille.plan/1", not a survey`},
		{"no version", "survey/1", "survey/one", "names no version"},
		{"no schema", `"schema"`, `"scheme"`, "schema: missing"},
		{"text for number", `"confidence": 0.8`, `"confidence": "high"`, "hairline[0].confidence: a text where a number is expected"},
		{"null for number", `"confidence": 0.8`, `"confidence": null`, "hairline[0].confidence: null where"},
		{"fraction of a pixel", `"width": 1200`, `"width": 1200.5`, "photo.width: 1200.5 where a whole number"},
		{"short pair", "[420.25,380]", "[420.25]", "hairline[0].points[0]: 1 values where 2 are expected"},
		{"huge number", "420.25", "1e999", "hairline[0].points[0][0]: 1e999 is too large a number"},
		{"NaN", "420.25", "NaN", "no valid JSON in line"},
		{"object for list", `"bald": [`, `"bald": {}, "x": [`, "bald: an object where a list [...] is expected"},
		{"twice", `"photo": {`, `"photo": {"name": "a", `, "photo.name: stands twice"},
		{"cut off", "\"warnings\": [", "", "no valid JSON"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			text := strings.Replace(string(encode(t, sample())), tt.old, tt.new, 1)
			path := filepath.Join(t.TempDir(), "a.survey.json")
			check(t, os.WriteFile(path, []byte(text), 0o600))
			_, err := survey.Read(path)
			if err == nil || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("error is %v, want %s", err, tt.want)
			}
		})
	}
}

func TestRefusedFiles(t *testing.T) {
	deep := strings.Repeat(`{"a":`, 100) + "1" + strings.Repeat("}", 100)
	for text, want := range map[string]string{
		"":             "the file is empty",
		" \n":          "the file is empty",
		"[]":           "a list where an object {...} is expected",
		"{}{}":         "no valid JSON in line 1",
		"\xff\xd8\xff": "no valid JSON in line 1",
		deep:           "nested too deeply",
	} {
		_, err := survey.Decode(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: error is %v, want %s", text, err, want)
		}
	}
	if _, err := survey.Read("missing.json"); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing file: error is %v", err)
	}
}

func TestValidateNamesTheMember(t *testing.T) {
	tests := []struct {
		path string
		edit func(*survey.Survey)
	}{
		{"schema", func(s *survey.Survey) { s.Schema = "" }},
		{"photo.name", func(s *survey.Survey) { s.Photo.Name = "../front.jpg" }},
		{"photo.sha256", func(s *survey.Survey) { s.Photo.SHA256 = "abc" }},
		{"photo.width", func(s *survey.Survey) { s.Photo.Width = 0 }},
		{"photo.height", func(s *survey.Survey) { s.Photo.Height = -1 }},
		{"view.name", func(s *survey.Survey) { s.View.Name = "frontal" }},
		{"view.confidence", func(s *survey.Survey) { s.View.Confidence = 1.01 }},
		{"view.source", func(s *survey.Survey) { s.View.Source = "guessed" }},
		{"scale.source", func(s *survey.Survey) { s.Scale.Source = "ruler" }},
		{"scale.mm_per_px", func(s *survey.Survey) { s.Scale.MMPerPx = 0 }},
		{"scale.mm_per_px", func(s *survey.Survey) { s.Scale.Source = "none" }},
		{"scale.at[1]", func(s *survey.Survey) { s.Scale.At[1] = math.Inf(1) }},
		{"scale.sigma", func(s *survey.Survey) { s.Scale.Sigma = -1 }},
		{"camera.fx", func(s *survey.Survey) { s.Camera.FX = 0 }},
		{"camera.rotation", func(s *survey.Survey) { s.Camera.R[8] = 1 }},
		{"camera.translation_mm[2]", func(s *survey.Survey) { s.Camera.T[2] = math.NaN() }},
		{"hairline[0].points", func(s *survey.Survey) { s.Hairline[0].Points = s.Hairline[0].Points[:1] }},
		{"hairline[0].points[1]", func(s *survey.Survey) { s.Hairline[0].Points[1][0] = 1e6 }},
		{"hairline[0].points[1][0]", func(s *survey.Survey) { s.Hairline[0].Points[1][0] = math.NaN() }},
		{"hairline[0].kind", func(s *survey.Survey) { s.Hairline[0].Kind = "" }},
		{"bald[0].polygon", func(s *survey.Survey) { s.Bald[0].Polygon = s.Bald[0].Polygon[:2] }},
		{"bald[0].area_cm2", func(s *survey.Survey) { s.Bald[0].AreaCM2 = -1 }},
		{"zones[0].name", func(s *survey.Survey) { s.Zones[0].Name = "forehead" }},
		{"zones[1].name", func(s *survey.Survey) { s.Zones = append(s.Zones, s.Zones[0]) }},
		{"zones[0].hairs_per_cm2", func(s *survey.Survey) { s.Zones[0].HairsPerCM2 = -0.1 }},
		{"zones[0].visible", func(s *survey.Survey) { s.Zones[0].Visible = 2 }},
		{"skin.lab[0]", func(s *survey.Survey) { s.Skin.Lab[0] = 101 }},
		{"hair.lab[2]", func(s *survey.Survey) { s.Hair.Lab[2] = -129 }},
		{"hair.name", func(s *survey.Survey) { s.Hair.Name = "blond" }},
		{"count.hairs", func(s *survey.Survey) { s.Count.Hairs = 4 }},
		{"count.units", func(s *survey.Survey) { s.Count.Units = 4 }},
		{"count.unit_sizes", func(s *survey.Survey) { s.Count.UnitSizes[0] = 2 }},
		{"count.frame[1]", func(s *survey.Survey) { s.Count.Frame[1][0] = 1e4 }},
		{"count.shafts", func(s *survey.Survey) { s.Count.Shafts = s.Count.Shafts[:2] }},
		{"count.shafts[2].unit", func(s *survey.Survey) { s.Count.Shafts[2].Unit = 2 }},
		{"count.shafts[0].width_mm", func(s *survey.Survey) { s.Count.Shafts[0].WidthMM = -1 }},
		{"count.pattern.g[1]", func(s *survey.Survey) { s.Count.Pattern.G[1] = math.NaN() }},
		{"stage.scale", func(s *survey.Survey) { s.Stage.Scale = "hamilton" }},
		{"maps.hair", func(s *survey.Survey) { s.Maps.Hair = "/etc/passwd" }},
		{"quality.exposure", func(s *survey.Survey) { s.Quality.Exposure = math.NaN() }},
		{"warnings[0]", func(s *survey.Survey) { s.Warnings[0].Message = "" }},
	}
	check(t, sample().Validate())
	for _, tt := range tests {
		s := sample()
		tt.edit(s)
		var e *document.Error
		if err := s.Validate(); !errors.As(err, &e) || e.Path != tt.path {
			t.Errorf("error is %v, want it at %s", err, tt.path)
		}
		if err := survey.Encode(&bytes.Buffer{}, s); err == nil {
			t.Errorf("%s: an impossible survey was written", tt.path)
		}
	}
}

func FuzzDecode(f *testing.F) {
	for _, name := range []string{"front", "version-0"} {
		data, err := os.ReadFile(filepath.Join("testdata", name+".survey.json"))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := survey.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		first := encode(t, s)
		again, err := survey.Decode(bytes.NewReader(first))
		check(t, err)
		if !bytes.Equal(encode(t, again), first) {
			t.Error("decoding and encoding twice gives other bytes")
		}
	})
}

func encode(t *testing.T, s *survey.Survey) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, survey.Encode(&b, s))
	return b.Bytes()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
