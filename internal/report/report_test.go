package report_test

import (
	"bytes"
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"

	"pointille/internal/report"
	"pointille/planner/plan"
)

// whole is a plan with everything in it.
func whole() report.Input {
	p := &plan.Plan{
		Generator: "pointille test", Case: "c-17", Seed: 7, Look: plan.Shaved,
		Head:     plan.Head{Scaled: true, ScaleSource: "card", ScaleSigma: 0.012},
		Photos:   []plan.Photo{{Name: "back.jpg", View: "back", Used: true}, {Name: "front.jpg", View: "front", Used: true}},
		Hairline: &plan.Hairline{HeightMM: 79.6, Source: "proposed"},
		Zones: []plan.Zone{
			{Name: "mid_scalp", AreaCM2: 40, SigmaCM2: 3, ExistingPerCM2: 36.6, Dots: 4000},
			{Name: "temporal_left", AreaCM2: 10, SigmaCM2: 1, Dots: 9345},
		},
		Dots: plan.Dots{Count: 13345, HealedMM: 0.15},
		Pigment: &plan.Recipe{
			Shades:    []plan.Shade{{Pigment: "carbon black", Dilution: 5, Share: 1, Lab: [3]float64{45, 4, 5}}},
			TargetLab: [3]float64{66, 8, 15}, HealedLab: [3]float64{67, 8, 14}, DeltaE: 0.68, Sigma: 3, Grade: "match",
			SigmaWithoutCard: 4.04, HairMM: 1.7,
			Steps: []plan.Variant{{Direction: "warmer", Shades: []plan.Shade{{Pigment: "warm brown", Dilution: 2, Share: 1}}, DeltaE: 1.2, Grade: "match"}},
		},
		Sessions: []plan.Session{
			{Number: 1, Dots: 6000, Hours: 1.2, Purpose: "lays the ground"},
			{Number: 2, Dots: 7345, Hours: 1.5, AfterDays: 14, Purpose: "adds density"},
		},
		Stages: []plan.Stage{{Name: plan.Before}, {Name: plan.Healed, DiameterMM: 0.19, Contrast: 0.64}},
		Checks: []plan.Check{
			{ID: "height", Name: "Hairline height", Value: 79.6, Unit: "mm", Limit: "at least 70 mm", Result: "ok", Source: "a book"},
			{ID: "screening", Name: "Client screened", Limit: "asked", Result: "unknown", Note: "Ask first."},
		},
	}
	return report.Input{Plan: p, Views: []report.View{view("back"), view("front")}, Files: []string{"plan.json", "guide.pdf"}}
}

func view(name string) report.View {
	v := report.View{Name: name + ".jpg", View: name, Overlay: []byte(name + " found"), Dots: 1234}
	for _, s := range []string{plan.Before, plan.Fresh, plan.Healed, plan.Year1, plan.Year3, plan.Year5} {
		v.Stages = append(v.Stages, report.Picture{Stage: s, JPEG: []byte(name + s)})
	}
	return v
}

func write(t *testing.T, in report.Input) string {
	t.Helper()
	var b bytes.Buffer
	if err := report.Write(&b, in); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

// body is the page without style and script, white space joined.
func body(page string) string {
	page = regexp.MustCompile(`(?s)<style>.*?</style>|<script>.*?</script>`).ReplaceAllString(page, "")
	return regexp.MustCompile(`[ \n]+`).ReplaceAllString(page, " ")
}

func ExampleWrite() {
	p := &plan.Plan{Case: "c-17", Look: plan.Shaved, Nothing: "The hair is full.", Head: plan.Head{Scaled: true}}
	var b strings.Builder
	if err := report.Write(&b, report.Input{Plan: p}); err != nil {
		fmt.Println(err)
	}
	for line := range strings.Lines(b.String()) {
		if strings.HasPrefix(line, "<h1>") || strings.HasPrefix(line, `<p class="note`) {
			fmt.Print(line)
		}
	}
	// Output:
	// <h1>Nothing to do: case c-17</h1>
	// <p class="note big">The hair is full.</p>
}

func TestWhatThePageSays(t *testing.T) {
	tests := []struct {
		name        string
		change      func(*report.Input)
		want, never []string
	}{
		{"whole", func(*report.Input) {}, []string{
			"<h1>Plan: case c-17</h1>", "13\u202f345", "50 <small>± 4 cm²", "2.7 hours in all", "80 <small>mm", ">Mid scalp<", "40.0 ± 3.0", ">Match<",
			"14 days after the first", "1 not known</b>, 1 holds.", "the card in the picture, ± 2\u00a0%", `<a href="guide.pdf">`,
			"? not known", "✓ holds", "seed 7", `data-of="Dots per cm²">100<`, `data-of="Dots per cm²">934<`, `data-of="Dots per cm²">267<`,
		}, []string{"average head", "Nothing to do", "attention", "No planned dot", "✗"}},
		{"nothing to do", func(in *report.Input) {
			in.Plan.Nothing, in.Plan.Zones, in.Plan.Sessions, in.Plan.Pigment, in.Plan.Hairline, in.Plan.Dots = "Full hair.", nil, nil, nil, nil, plan.Dots{}
			in.Views = []report.View{{Name: "front.jpg", View: "front", Overlay: []byte("x")}}
		}, []string{"<h1>Nothing to do: case c-17</h1>", "Full hair.", "What was found in the photos", ">Checks<"},
			[]string{"Before and after", "<dl class=\"facts\"", ">Sessions<", ">Zones<", "Over the years", "No planned dot", `type="range"`}},
		{"no scale", func(in *report.Input) {
			in.Plan.Head = plan.Head{ScaleSource: "none", ScaleSigma: 0.04}
			in.Plan.Warnings = []plan.Warning{{Code: "unscaled", Message: "said twice"}}
		}, []string{"<b>No scale.</b>", "of skin planned, average head", "proposed, average head", "cm² of an average head", "an average head, ± 4\u00a0%"}, []string{"said twice"}},
		{"checks", func(in *report.Input) {
			in.Plan.Checks = append(in.Plan.Checks,
				plan.Check{ID: "tone", Name: "Tone", Value: 4.26, Unit: "ΔE00", Limit: "at most 4", Result: "warn", Note: "Make a test patch."},
				plan.Check{ID: "spacing", Name: "Spacing", Value: 1.5, Limit: "at least 2", Result: "fail", Note: "Dots will merge."},
				plan.Check{ID: "seen", Name: "Unseen skin", Value: 82.4, Unit: "cm²", Limit: "at most 10 cm²", Result: "warn"})
			in.Plan.Warnings = []plan.Warning{{Code: "unseen", Message: "said twice"}, {Code: "other", Message: "A word of its own."}}
			in.Plan.Pigment.Grade = "warn"
		}, []string{
			`<p class="note fail"><b>Spacing: 1.5</b> (wanted: at least 2). Dots will merge.`, "3 points to look at", "<b>Tone: 4.3\u00a0ΔE00 (wanted: at most 4).</b> Make a test patch.",
			"82\u00a0cm²", "A word of its own.", "1 fails</b>", "2 to look at</b>", "✗ fails", "! look at it", ">Test first<",
		}, []string{"said twice"}},
		{"beside the recipe", func(*report.Input) {}, []string{
			"one step warmer: warm brown", "± 4.0 without a card", "up to a hair length of about 1.7 mm",
		}, []string{"instead:"}},
		{"photos left out", func(in *report.Input) {
			in.Plan.Photos[0].Used, in.Plan.Photos[0].Why = false, "it could not be placed on the head"
			in.Plan.Warnings = []plan.Warning{{Code: "unused", Message: "said twice"}}
			in.Views[0].Stages = nil
			in.Failed = []report.Failure{{Name: "left.heic", Why: "cut short"}}
		}, []string{"<b>back.jpg is not used.</b> it could not be placed on the head", "1 point to look at", "<b>left.heic could not be measured:</b> cut short", "No planned dot is seen in back.jpg."}, []string{"said twice"}},
		{"one view", func(in *report.Input) { in.Views = in.Views[:1] }, []string{"Back view, before", "Back view, predicted: 5 years"}, []string{"Front view"}},
		{"no pictures", func(in *report.Input) { in.Views, in.Files = nil, nil }, []string{">Zones<"}, []string{"Before and after", "What was found", "beside this page"}},
		{"dilutions", func(in *report.Input) {
			in.Plan.Pigment.Shades = []plan.Shade{{Pigment: "a", Dilution: 0}, {Pigment: "b", Dilution: 1.5}, {Pigment: "c", Dilution: 10}}
		}, []string{">undiluted<", ">1.5 : 1<", ">10 : 1<"}, []string{">0 : 1<"}},
		{"dates", func(in *report.Input) { in.Plan.Sessions[1].Date = "2031-02-03" }, []string{"2031-02-03"}, []string{"14 days after"}},
		{"no skin in a zone", func(in *report.Input) { in.Plan.Zones[1].AreaCM2 = 0 }, []string{`data-of="Dots per cm²">–<`}, []string{"Inf", "NaN"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in := whole()
			tt.change(&in)
			got := body(write(t, in))
			for _, w := range tt.want {
				if !strings.Contains(got, w) {
					t.Errorf("the page lacks %q", w)
				}
			}
			for _, n := range tt.never {
				if strings.Contains(got, n) {
					t.Errorf("the page has %q", n)
				}
			}
		})
	}
}

// inOrder fails unless the words stand in the page in this order.
func inOrder(t *testing.T, page string, words ...string) {
	t.Helper()
	at := 0
	for _, w := range words {
		i := strings.Index(page[at:], w)
		if i < 0 {
			t.Fatalf("%q is missing or too early", w)
		}
		at += i + len(w)
	}
}

func TestOrder(t *testing.T) {
	in := whole()
	in.Plan.Checks = append(in.Plan.Checks, plan.Check{ID: "a", Name: "Worst", Result: "fail"}, plan.Check{ID: "b", Name: "Doubtful", Result: "warn"})
	page := body(write(t, in))
	inOrder(t, page, "<h1>", "of skin planned", "Before and after", "Front view, before", "Back view, before", ">Look at this", ">Sessions<", ">Pigment<", ">Zones<", ">Checks<", "What was found")
	inOrder(t, page[strings.Index(page, ">Checks<"):], "Worst", "Doubtful", "Client screened", "Hairline height")
	if in.Views[0].View != "back" || in.Plan.Checks[0].ID != "height" {
		t.Error("writing has changed its input")
	}
}

// The stage shown first is marked in both places; all others are hidden.
func TestOneStageIsShown(t *testing.T) {
	tests := []struct {
		stages []string
		first  string
	}{
		{[]string{plan.Before, plan.Fresh, plan.Healed, plan.Year1}, plan.Healed},
		{[]string{plan.Healed, plan.Before}, plan.Healed},
		{[]string{plan.Before, plan.Year5, plan.Year3}, plan.Year3},
	}
	for _, tt := range tests {
		in := whole()
		v := report.View{Name: "top.jpg", View: "top"}
		for _, s := range tt.stages {
			v.Stages = append(v.Stages, report.Picture{Stage: s, JPEG: []byte(s)})
		}
		in.Views = []report.View{v}
		page := write(t, in)
		checked := regexp.MustCompile(`value="(\w+)" data-name="[^"]*" checked`).FindAllStringSubmatch(page, -1)
		shown := regexp.MustCompile(`data-stage="(\w+)" src`).FindAllStringSubmatch(page, -1)
		if len(checked) != 1 || checked[0][1] != tt.first || len(shown) != 1 || shown[0][1] != tt.first {
			t.Errorf("%v: checked %v, shown %v, want %s", tt.stages, checked, shown, tt.first)
		}
	}
}

// Both ends and distances can be chosen where there is something to show of them.
func TestEndsAndDistances(t *testing.T) {
	in := whole()
	if page := write(t, in); strings.Contains(page, `name="far"`) || strings.Contains(page, "lighter end") {
		t.Error("ends or distances of pictures that have none")
	}
	in.Views[1].MMPerPx = 0.4
	in.Views[1].Stages = append(in.Views[1].Stages, report.Picture{Stage: report.HealedLighter, JPEG: []byte("light")}, report.Picture{Stage: report.HealedDarker, JPEG: []byte("dark")})
	page := write(t, in)
	for _, want := range []string{`value="healed-lighter"`, `value="healed-darker"`, "30\u00a0cm", "1\u00a0m", "3\u00a0m", `data-mm="0.4" data-far="far0"`, `<filter id="far0"`} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n := strings.Count(page, `name="far"`); n != 3 {
		t.Errorf("%d distances, want 3", n)
	}
}

// Hair at other lengths can be chosen where some was shaved, with what to say of
// each length; the plan's own comes first.
func TestLengthsOfHair(t *testing.T) {
	in := whole()
	if page := write(t, in); strings.Contains(page, `id="length"`) {
		t.Error("lengths of hair that nobody shaved")
	}
	in.Plan.Shave = &plan.Shave{Existing: true, LengthMM: 0.8, Shown: true}
	for _, mm := range report.Lengths() {
		in.Views[1].Lengths = append(in.Views[1].Lengths, report.Length{MM: mm, JPEG: []byte("hair")})
	}
	page := write(t, in)
	for _, want := range []string{
		`id="length" min="0" max="4" step="1" value="2"`, `aria-valuetext="1` + "\u00a0" + `mm: dots and hair read as one, up to 1.7`,
		`data-advice="longer than the 1.7` + "\u00a0" + `mm up to which`, "Front view, healed, hair shaved to 0.5 mm by simulation", "<b>Simulated:</b>",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("%q is missing", want)
		}
	}
	if n, hidden := strings.Count(page, "<img data-length="), regexp.MustCompile(`data-length="\d" hidden`).FindAllString(page, -1); n != 5 || len(hidden) != 4 {
		t.Errorf("%d pictures of lengths, %d of them hidden; want 5 and 4", n, len(hidden))
	}
	in.Plan.Pigment.HairMM = 0
	if page := write(t, in); strings.Contains(page, "read as one") {
		t.Error("advice that the plan does not give")
	}
}

func TestEverythingIsLabelled(t *testing.T) {
	page := write(t, whole())
	for _, tag := range regexp.MustCompile(`<(?:img|input type="range"|button)[^>]*>`).FindAllString(page, -1) {
		if !regexp.MustCompile(`(?:alt|aria-label)="[^"]{8,}"`).MatchString(tag) {
			t.Errorf("no text for %.120s", tag)
		}
	}
	if n := strings.Count(page, `type="range"`); n != 2 {
		t.Errorf("%d sliders for 2 views", n)
	}
}

func TestSelfContained(t *testing.T) {
	page := write(t, whole())
	if found := regexp.MustCompile(`(?i)(https?:)?//[a-z0-9.-]+\.[a-z]|@import|url\([^#]`).FindString(page); found != "" {
		t.Errorf("the page names another host or file: %s", found)
	}
	for _, m := range regexp.MustCompile(`\ssrc="([^"]{0,40})`).FindAllStringSubmatch(page, -1) {
		if !strings.HasPrefix(m[1], "data:image/jpeg;base64,") {
			t.Errorf("a picture from elsewhere: %s", m[1])
		}
	}
	if !strings.Contains(page, `content="default-src 'none'; img-src data:;`) {
		t.Error("the page's own policy is gone")
	}
	if strings.Contains(page, "ZgotmplZ") {
		t.Error("the template refused a value")
	}
}

func TestHostileNames(t *testing.T) {
	const evil = `"><script>alert(1)</script><img src=x onerror=alert(1)>`
	in := whole()
	p := in.Plan
	p.Case, p.Look, p.Generator, p.Zones[0].Name, p.Sessions[0].Purpose, p.Pigment.Grade = evil, evil, evil, evil, evil, evil
	p.Pigment.Shades[0].Pigment, p.Checks[0].Name, p.Checks[0].Result, p.Checks[1].Note = evil, evil, evil, evil
	p.Hairline.Source, p.Head.ScaleSource, p.Stages[1].Name, p.Sessions[1].Date = evil, evil, evil, evil
	p.Photos[0] = plan.Photo{Name: evil, View: evil, Why: evil}
	p.Warnings = []plan.Warning{{Code: evil, Message: evil}}
	in.Views[0].Name, in.Views[0].View, in.Views[0].Stages[1].Stage = evil, evil, evil
	in.Failed = []report.Failure{{Name: evil, Why: evil}}
	in.Files = []string{"javascript:alert(1)", evil}
	page := write(t, in)
	if n := strings.Count(page, "<script"); n != 1 {
		t.Errorf("%d scripts", n)
	}
	for _, bad := range []string{"<img src=x", `href="javascript:`} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %s", bad)
		}
	}
}

func TestSameInputSameBytes(t *testing.T) {
	first := write(t, whole())
	if second := write(t, whole()); first != second {
		t.Error("two pages of one plan differ")
	}
}

func TestWriterFails(t *testing.T) {
	f, err := os.Open(os.DevNull) // cannot be written
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if err := report.Write(f, whole()); err == nil || !strings.HasPrefix(err.Error(), "writing the report: ") {
		t.Errorf("error is %v", err)
	}
}
