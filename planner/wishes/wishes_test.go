package wishes_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/headframe"
	"pointille/planner/wishes"
)

// full wishes everything once.
const full = `{
 "schema": "pointille.wishes/1",
 "look": "shaved",
 "sex": "male",
 "age": 43,
 "hairline": {
  "alternative": "natural",
  "height_mm": 80,
  "edge": "soft",
  "drawn": [
   {
    "photo": "front.jpg",
    "points": [
     [420,380],
     [600.5,352],
     [781,377]
    ]
   }
  ]
 },
 "density_per_cm2": {
  "frontal": 120,
  "vertex": 0
 },
 "regularity": 0.25,
 "dot": {
  "healed_mm": 0.3,
  "fresh_mm": 0.35,
  "depth_mm": 0.7
 },
 "sessions": {
  "count": 3,
  "shares": [0.4,0.4,0.2],
  "dots_per_hour": 1800,
  "first_date": "2026-03-31"
 },
 "pigment": {
  "name": "Graphite",
  "dilution": 12
 },
 "shave": {
  "existing": true,
  "length_mm": 0.5
 },
 "head": {
  "circumference_mm": 575,
  "length_mm": 197,
  "breadth_mm": 155,
  "glabella_to_vertex_mm": 190
 },
 "paper": "letter"
}
`

func ExampleDecode() {
	_, err := wishes.Decode(strings.NewReader(`{"hairline": {"hight_mm": 80}}`))
	fmt.Println(err)
	// Output:
	// hairline.hight_mm: unknown member; did you mean "height_mm"?
}

func TestFullFile(t *testing.T) {
	path := filepath.Join(t.TempDir(), "wishes.json")
	check(t, os.WriteFile(path, []byte(full), 0o600))
	w, err := wishes.Read(path)
	check(t, err)
	check(t, wishes.Write(context.Background(), path, w))
	again, err := os.ReadFile(path)
	check(t, err)
	if diff := cmp.Diff(full, string(again)); diff != "" {
		t.Errorf("reading and writing changes the file (-want +got):\n%s", diff)
	}
	if v, ok := w.Density.At("vertex"); v != 0 || !ok {
		t.Errorf("vertex is %v, %v", v, ok)
	}
	if _, ok := w.Density.At("occipital"); ok {
		t.Error("a density for the occipital zone was not wished")
	}
	if first := w.Sessions.First(); first.Format("2 Jan 2006") != "31 Mar 2026" {
		t.Errorf("first session is on %v", first)
	}
}

func TestLittleIsEnough(t *testing.T) {
	tests := []struct {
		text string
		want wishes.Wishes
	}{
		{"{}", wishes.Wishes{}},
		{"\ufeff{}\r\n", wishes.Wishes{}},
		{`{"$schema": "wishes-1.schema.json", "age": 30.0}`, wishes.Wishes{Age: 30}},
		{`{"density_per_cm2": 110}`, wishes.Wishes{Density: wishes.Density{Everywhere: 110}}},
		{`{"hairline": {"points": [[-60,85,70],[60,85,70]]}}`,
			wishes.Wishes{Hairline: wishes.Hairline{Points: []headframe.Vec{{-60, 85, 70}, {60, 85, 70}}}}},
	}
	for _, tt := range tests {
		got, err := wishes.Decode(strings.NewReader(tt.text))
		check(t, err)
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.text, diff)
		}
	}
}

func TestDefaults(t *testing.T) {
	yes, no := true, false
	tests := []struct {
		w      wishes.Wishes
		female bool
		shaves bool
	}{
		{wishes.Wishes{}, false, true},
		{wishes.Wishes{Sex: "female", Look: "density"}, true, false},
		{wishes.Wishes{Look: "density", Shave: wishes.Shave{Existing: &yes}}, false, true},
		{wishes.Wishes{Look: "shaved", Shave: wishes.Shave{Existing: &no}}, false, false},
	}
	for _, tt := range tests {
		if tt.w.Female() != tt.female || tt.w.ShavesHair() != tt.shaves {
			t.Errorf("%+v: female %v, shaves %v", tt.w, tt.w.Female(), tt.w.ShavesHair())
		}
	}
	if !(wishes.Sessions{}).First().IsZero() {
		t.Error("a date was not wished")
	}
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"density": 100}`:                              `density: unknown member; did you mean "density_per_cm2"?`,
		`{"colour": "red"}`:                             "colour: unknown member; known here: age, density_per_cm2,",
		`{"dot": {"Healed_mm": 0.3}}`:                   `dot.Healed_mm: unknown member; did you mean "healed_mm"?`,
		`{"look": "Shaved"}`:                            `look: "Shaved" is unknown; did you mean "shaved"?`,
		`{"look": 1}`:                                   "look: the number 1 where a text is expected",
		`{"sex": "x"}`:                                  `sex: "x" is none of male, female`,
		`{"age": 17}`:                                   "age: 17 is outside 18 to 110 years (only adults are treated)",
		`{"age": 0}`:                                    "age: 0 is impossible; leave the member out",
		`{"age": 40.5}`:                                 "age: 40.5 where a whole number",
		`{"hairline": {"height_mm": 8}}`:                "hairline.height_mm: 8 is outside 40 to 140 mm (it is measured along the skin",
		`{"hairline": {"edge": "sof"}}`:                 `hairline.edge: "sof" is unknown; did you mean "soft"?`,
		`{"hairline": {"points": [[1,2,3]]}}`:           "hairline.points: 1 point where at least 2",
		`{"hairline": {"points": [[1,2],[3,4]]}}`:       "hairline.points[0]: 2 values where 3 are expected",
		`{"hairline": {"points": [[1,2,3],[900,0,0]]}}`: "hairline.points[1]: lies 900 mm",
		`{"hairline": {"drawn": [{"points": []}]}}`:     `hairline.drawn[0].photo: "" is no plain file name`,
		`{"density_per_cm2": "many"}`:                   "density_per_cm2: neither a number nor an object of zones",
		`{"density_per_cm2": null}`:                     "density_per_cm2: neither a number nor",
		`{"density_per_cm2": {"vertex": "a"}}`:          "density_per_cm2.vertex: no number",
		`{"density_per_cm2": {"vertx": 90}}`:            `density_per_cm2: "vertx" is unknown; did you mean "vertex"?`,
		`{"density_per_cm2": {"vertex": -1}}`:           "density_per_cm2.vertex: -1 is outside 0 to 400",
		`{"density_per_cm2": 4000}`:                     "density_per_cm2: 4000 is outside 1 to 400 per cm² (100 to 200 is usual",
		`{"regularity": 25}`:                            "regularity: 25 is outside 0 to 1",
		`{"dot": {"healed_mm": 30}}`:                    "dot.healed_mm: 30 is outside 0.05 to 0.6 mm",
		`{"sessions": {"count": 2, "shares": [0.5]}}`:   "sessions.shares: 1 shares for 2 sessions",
		`{"sessions": {"shares": [0.5, 0.4]}}`:          "sessions.shares: they add up to 0.9, not to 1",
		`{"sessions": {"shares": [1.5, -0.5]}}`:         "sessions.shares[0]: 1.5; a share is",
		`{"sessions": {"first_date": "31.3.2026"}}`:     `sessions.first_date: "31.3.2026" is no date as in 2026-03-31`,
		`{"sessions": {"first_date": "2026-02-30"}}`:    "is no date",
		`{"pigment": {"dilution": 0}}`:                  "pigment.dilution: 0 is impossible",
		`{"head": {"circumference_mm": 57.5}}`:          "head.circumference_mm: 57.5 is outside 450 to 700 mm (adult heads measure 500 to 640; not cm, not inches)",
		`{"paper": "a3"}`:                               `paper: "a3" is unknown; did you mean "a4"?`,
		`{"schema": "pointille.wishes/2"}`:              `schema: "pointille.wishes/2" where "pointille.wishes/1" is expected`,
		`{"age": 40, "age": 41}`:                        "age: stands twice",
		"{\n \"age\": 40,\n}":                           "no valid JSON in line 3",
		`{"shave": {"existing": "yes"}}`:                "shave.existing: a text where true or false is expected",
		`{"density_per_cm2": 1e400}`:                    "density_per_cm2: ",
		`{"hairline": {"points": [[0,0,1],[0,0,2]], "drawn": [{"photo": "a.jpg", "points": [[1,2],[3,4]]}]}}`: "hairline.drawn: given together",
	} {
		_, err := wishes.Decode(strings.NewReader(text))
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, want %s", text, err, want)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(full))
	f.Add([]byte(`{"density_per_cm2": 110.123456789, "regularity": 1e-7, "hairline": {"points": [[-60,85,70],[60,85,70]]}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		w, err := wishes.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		first := encode(t, w)
		again, err := wishes.Decode(bytes.NewReader(first))
		check(t, err)
		if !bytes.Equal(encode(t, again), first) {
			t.Error("decoding and encoding twice gives other bytes")
		}
	})
}

func encode(t *testing.T, w wishes.Wishes) []byte {
	t.Helper()
	var b bytes.Buffer
	check(t, wishes.Encode(&b, w))
	return b.Bytes()
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
