package document_test

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	reflector "github.com/invopop/jsonschema"
	"github.com/santhosh-tekuri/jsonschema/v6"

	"pointille/internal/headframe"
	"pointille/planner/consent"
	"pointille/planner/ledger"
	"pointille/planner/plan"
	"pointille/planner/schedule"
	"pointille/planner/screening"
	"pointille/planner/settings"
	"pointille/planner/wishes"
	"pointille/vision/survey"
)

var update = flag.Bool("update", false, "write the schemas anew")

const formats = "../../docs/formats"

// described is a document with a published schema.
type described struct {
	name   string
	doc    any
	strict bool                // unknown members are refused
	words  map[string][]string // members that are one of some words
}

func documents() []described {
	views := survey.Views()
	scale := []string{"card", "given", "face", "head", "none"}
	return []described{
		{"survey-1", &survey.Survey{}, false, map[string][]string{
			"schema": {survey.Schema}, "view.name": views, "view.source": {"given", "detected"}, "scale.source": scale,
			"hairline.kind": {survey.KindFront, survey.KindFringe}, "zones.name": headframe.Zones(), "hair.name": survey.HairNames(),
			"stage.scale": {"norwood", "ludwig", "areata", "none"},
		}},
		{"plan-1", &plan.Plan{}, false, map[string][]string{
			"schema": {plan.Schema}, "photos.view": views, "head.scale_source": scale,
			"look": {plan.Shaved, plan.Density, plan.Patch, plan.Scar}, "hairline.edge": {"hard", "medium", "soft", "broken"},
			"hairline.source": {"kept", "proposed", "wished"}, "pigment.grade": {"match", "close", "warn"},
			"pigment.steps.grade": {"match", "close", "warn"}, "pigment.alternatives.grade": {"match", "close", "warn"},
			"pigment.steps.direction": {"lighter", "darker", "warmer", "cooler"},
			"stages.name":             {plan.Before, plan.Fresh, plan.Healed, plan.Year1, plan.Year3, plan.Year5},
			"checks.result":           {"ok", "warn", "fail", "unknown"},
		}},
		{"wishes-1", &wishes.Wishes{}, true, map[string][]string{
			"schema": {wishes.Schema}, "look": {"shaved", "density", "patch", "scar"}, "sex": {"male", "female"},
			"hairline.alternative": {"high", "natural", "low", "keep"}, "hairline.edge": {"hard", "medium", "soft", "broken"},
			"paper": {"a4", "letter"},
		}},
		{"settings-1", &settings.Settings{}, true, map[string][]string{
			"schema": {settings.Schema}, "language": {"en", "lv"}, "open_days": {"mon", "tue", "wed", "thu", "fri", "sat", "sun"},
		}},
		{"answers-1", &screening.Answers{}, true, map[string][]string{"schema": {screening.Schema}}},
		{"schedule-1", &schedule.Schedule{}, false, map[string][]string{
			"schema": {schedule.Schema}, "screening.outcome": {"go", "wait", "certificate", "no", "none"},
			"events.kind": {schedule.Session, schedule.Correction, schedule.Shave, schedule.Sport, schedule.HealedDay, schedule.Refresher},
		}},
		{"ledger-1", &ledger.Ledger{}, true, map[string][]string{"schema": {ledger.Schema}}},
		{"consent-1", &consent.Consent{}, false, map[string][]string{"schema": {consent.Schema}, "how": {consent.Paper, consent.Tablet}}},
	}
}

func TestSchemasAreThoseOfTheStructs(t *testing.T) {
	for _, d := range documents() {
		path := filepath.Join(formats, d.name+".schema.json")
		got := generate(t, d)
		if *update {
			check(t, os.WriteFile(path, got, 0o644))
		}
		want, err := os.ReadFile(path)
		check(t, err)
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s does not describe the struct (-file +struct; write with -update):\n%s", path, diff)
		}
	}
}

func TestDocumentsFollowTheirSchemas(t *testing.T) {
	example := manualExample(t, "wishes.md")
	tests := []struct{ schema, name, text string }{
		{"settings-1", "example of the manual", manualExample(t, "settings.md")},
		{"answers-1", "example of the manual", manualExample(t, "answers.md")},
		{"ledger-1", "example of the manual", manualExample(t, "ledger.md")},
		{"survey-1", "sample", file(t, "../../vision/survey/testdata/front.survey.json")},
		{"plan-1", "sample", file(t, "../../planner/plan/testdata/plan.json")},
		{"wishes-1", "nothing", "{}"},
		{"wishes-1", "example of the manual", example},
		{"wishes-1", "one density", `{"density_per_cm2": 120}`},
	}
	for _, tt := range tests {
		if err := compile(t, tt.schema).Validate(parse(t, tt.text)); err != nil {
			t.Errorf("%s (%s): %v", tt.schema, tt.name, err)
		}
	}
	if _, err := wishes.Decode(strings.NewReader(example)); err != nil {
		t.Errorf("the example of the manual: %v", err)
	}
	if _, err := settings.Decode(strings.NewReader(manualExample(t, "settings.md"))); err != nil {
		t.Errorf("settings.md: %v", err)
	}
	if _, err := screening.Decode(strings.NewReader(manualExample(t, "answers.md"))); err != nil {
		t.Errorf("answers.md: %v", err)
	}
	if _, err := ledger.Decode(strings.NewReader(manualExample(t, "ledger.md"))); err != nil {
		t.Errorf("ledger.md: %v", err)
	}
}

// No document has a place for where a client comes from or for a diagnosis:
// skin is colour values, answers are the studio's rules.
func TestNothingToStoreThemIn(t *testing.T) {
	for _, d := range documents() {
		text := strings.ToLower(string(generate(t, d)))
		for _, line := range strings.Split(text, "\n") {
			name, _, member := strings.Cut(strings.TrimSpace(line), "\": {")
			for _, word := range []string{"ethnic", "race", "nationality", "diagnos", "fitzpatrick", "religion"} {
				if member && strings.Contains(name, word) {
					t.Errorf("%s has a member %s", d.name, name)
				}
			}
		}
	}
}

func TestSchemasRefuse(t *testing.T) {
	sample := file(t, "../../vision/survey/testdata/front.survey.json")
	tests := []struct{ schema, text string }{
		{"survey-1", "{}"},
		{"survey-1", strings.Replace(sample, `"front"`, `"frontal"`, 1)},
		{"survey-1", strings.Replace(sample, "[420.25,380]", "[420.25]", 1)},
		{"survey-1", strings.Replace(sample, "1200", `"1200"`, 1)},
		{"wishes-1", `{"hight": 80}`},
		{"wishes-1", `{"density_per_cm2": "many"}`},
	}
	for _, tt := range tests {
		if compile(t, tt.schema).Validate(parse(t, tt.text)) == nil {
			t.Errorf("%s allows %.60q", tt.schema, tt.text)
		}
	}
}

func generate(t *testing.T, d described) []byte {
	t.Helper()
	r := &reflector.Reflector{
		Anonymous: true, ExpandedStruct: true, DoNotReference: true, AllowAdditionalProperties: !d.strict,
		Mapper: density,
	}
	root, err := os.Getwd()
	check(t, err)
	t.Chdir("../..")
	for _, dir := range []string{"vision/survey", "planner/plan", "planner/wishes", "internal/headframe", "planner/settings", "planner/screening", "planner/schedule", "planner/ledger", "planner/consent"} {
		check(t, r.AddGoComments("pointille", "./"+dir))
	}
	t.Chdir(root)
	s := r.Reflect(d.doc)
	s.Title = "pointille." + strings.Replace(d.name, "-", "/", 1)
	if d.strict {
		s.Properties.Set("$schema", &reflector.Schema{Type: "string"})
	}
	for path, words := range d.words {
		m := member(t, s, path)
		if m.Items != nil { // each of a list of words
			m = m.Items
		}
		m.Enum = anys(words)
	}
	data, err := json.MarshalIndent(s, "", " ")
	check(t, err)
	return append(data, '\n')
}

// member finds a member through objects and lists.
func member(t *testing.T, s *reflector.Schema, path string) *reflector.Schema {
	t.Helper()
	for name := range strings.SplitSeq(path, ".") {
		if s.Items != nil {
			s = s.Items
		}
		next, ok := s.Properties.Get(name)
		if !ok {
			t.Fatalf("no member %s", path)
		}
		s = next
	}
	return s
}

// density describes the one type that writes itself.
func density(t reflect.Type) *reflector.Schema {
	if t != reflect.TypeFor[wishes.Density]() {
		return nil
	}
	zones := reflector.NewProperties()
	for _, z := range headframe.Zones() {
		zones.Set(z, &reflector.Schema{Type: "number", Minimum: "0"})
	}
	return &reflector.Schema{OneOf: []*reflector.Schema{
		{Type: "number", ExclusiveMinimum: "0"},
		{Type: "object", Properties: zones, AdditionalProperties: reflector.FalseSchema},
	}}
}

func manualExample(t *testing.T, name string) string {
	t.Helper()
	_, rest, ok := strings.Cut(file(t, filepath.Join(formats, name)), "```json\n")
	text, _, closed := strings.Cut(rest, "```")
	if !ok || !closed {
		t.Fatalf("%s has no example", name)
	}
	return text
}

func compile(t *testing.T, name string) *jsonschema.Schema {
	t.Helper()
	c := jsonschema.NewCompiler()
	check(t, c.AddResource(name, parse(t, file(t, filepath.Join(formats, name+".schema.json")))))
	s, err := c.Compile(name)
	check(t, err)
	return s
}

func parse(t *testing.T, text string) any {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(strings.NewReader(text))
	check(t, err)
	return v
}

func anys(words []string) []any {
	out := make([]any, len(words))
	for i, w := range words {
		out[i] = w
	}
	return out
}

func file(t *testing.T, path string) string {
	t.Helper()
	data, err := os.ReadFile(path)
	check(t, err)
	return string(data)
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
