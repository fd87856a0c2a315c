package summary_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/batch/step"
	"pointille/internal/batch/summary"
	"pointille/internal/batch/thumb"
	"pointille/planner/plan"
	"pointille/vision/survey"
)

func ExampleFailedCSV() {
	rows := rowsOf(summary.Row{Case: "A-17", Failures: []summary.Failure{{File: "photos/anna/left.jpg", Step: "survey", Why: "not a photo (text)"}}})
	if err := summary.FailedCSV(os.Stdout, rows, nil); err != nil {
		fmt.Println(err)
	}
	// Output:
	// case,file,step,reason
	// A-17,photos/anna/left.jpg,survey,not a photo (text)
}

func ExampleCount() {
	t, err := summary.Count(rowsOf(summary.Row{State: summary.Done, Count: 6, Dots: 900, Hours: 0.3}, summary.Row{State: summary.Failed, Count: 1}), 0)
	fmt.Println(t.Cases, t.Photos, t.Done, t.Failed, t.Dots, t.Hours, err)
	// Output: 2 7 1 1 900 0.3 <nil>
}

func rowsOf(rows ...summary.Row) summary.Rows {
	return func(yield func(summary.Row, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// anna is a case as two surveys and a plan make it.
func anna() summary.Row {
	r := summary.Row{Case: "anna", Results: "photos/anna", Photos: "photos/anna", State: summary.Partly, Count: 3,
		Failures: []summary.Failure{{File: "photos/anna/left.jpg", Step: "survey", Why: "an empty file"}},
		Found:    "contact-sheets/small/photos/anna/top.found.jpg", Healed: "contact-sheets/small/photos/anna/top.healed.jpg",
		Links: []summary.Link{{Text: "report", File: "photos/anna/report.html"}}}
	r.Measure([]step.Photo{
		{View: "front", Stage: survey.Stage{Scale: "norwood", Value: "3", Confidence: 0.6}, BaldCM2: 12.34,
			Skin: &survey.SkinTone{Lab: [3]float64{65, 12, 18}, Sigma: 5, ITA: 39.8}, Hair: &survey.HairTone{Lab: [3]float64{25, 3, 5}, Sigma: 4, Name: "dark brown", Grey: 0.1},
			Zones:    []survey.Zone{{Name: "vertex", HairsPerCM2: 40, Sigma: 10, Visible: 0.5}, {Name: "frontal", HairsPerCM2: 20, Sigma: 10, Visible: 1}},
			Warnings: []survey.Warning{{Message: "Go closer."}}},
		{View: "top", Stage: survey.Stage{Scale: "none"}, BaldCM2: 30.06,
			Skin:     &survey.SkinTone{Lab: [3]float64{0, 0, 0}, Sigma: 9, ITA: 0},
			Zones:    []survey.Zone{{Name: "vertex", HairsPerCM2: 60, Sigma: 10, Visible: 0.5}},
			Warnings: []survey.Warning{{Message: "Go closer."}, {Message: "It is dark."}}},
	})
	r.Plan(step.Case{Look: "shaved", Dots: 12345, AreaCM2: 180.5, Sessions: 3, Hours: 2.7, Scaled: true,
		Zones: []plan.Zone{{Name: "vertex", AreaCM2: 60.04, Dots: 5000}}, Failing: []string{"Scale known"}, Warnings: []string{"It is dark."}, Unused: []string{"back.jpg: turned"}})
	return r
}

func TestRow(t *testing.T) {
	r := anna()
	if r.Pattern != "norwood 3" || r.Sure != 0.6 || *r.ITA != 40 || r.Hair.Name != "dark brown" || r.BaldCM2 != 30.1 || r.Skin.SRGB == "#000000" {
		t.Errorf("row %+v, skin %v, hair %v, ITA %v", r, r.Skin, r.Hair, *r.ITA)
	}
	want := []summary.Zone{{Name: "frontal", HairsPerCM2: 20, Sigma: 10}, {Name: "vertex", HairsPerCM2: 50, Sigma: 7, AreaCM2: 60, Dots: 5000}}
	if fmt.Sprint(r.Zones) != fmt.Sprint(want) {
		t.Errorf("zones %v, want %v", r.Zones, want)
	}
	notes := "Left out of the plan: back.jpg: turned|Check does not hold: Scale known|It is dark.|Go closer. (2 photos)"
	if got := strings.Join(r.Warnings, "|"); got != notes {
		t.Errorf("warnings %s, want %s", got, notes)
	}
}

// TestTogether wants a zone's density between the least and the most that its
// photos say.
func TestTogether(t *testing.T) {
	rapid.Check(t, func(r *rapid.T) {
		var photos []step.Photo
		least, most := 1e9, 0.0
		for range rapid.IntRange(1, 6).Draw(r, "photos") {
			d := rapid.Float64Range(0, 250).Draw(r, "density")
			z := survey.Zone{Name: "vertex", HairsPerCM2: d, Sigma: rapid.Float64Range(0, 100).Draw(r, "sigma"), Visible: rapid.Float64Range(0, 1).Draw(r, "visible")}
			photos = append(photos, step.Photo{Zones: []survey.Zone{z}})
			least, most = min(least, d), max(most, d)
		}
		var row summary.Row
		row.Measure(photos)
		if got := row.Zones[0].HairsPerCM2; got < least-0.5 || got > most+0.5 {
			r.Errorf("%g outside %g to %g", got, least, most)
		}
	})
}

func TestCSV(t *testing.T) {
	evil := summary.Row{Case: "=HYPERLINK(1)", Results: "photos/=x", State: summary.Waiting, Count: 2, Why: "not done yet"}
	var b bytes.Buffer
	if err := summary.CSV(&b, rowsOf(anna(), evil)); err != nil {
		t.Fatal(err)
	}
	table, err := csv.NewReader(&b).ReadAll()
	if err != nil || len(table) != 3 {
		t.Fatalf("%d lines, %v", len(table), err)
	}
	cell := func(line int, column string) string {
		for i, name := range table[0] {
			if name == column {
				return table[line][i]
			}
		}
		t.Fatalf("there is no column %s", column)
		return ""
	}
	for column, want := range map[string]string{
		"case": "anna", "state": "partly", "photo_count": "3", "failed_photos": "1", "views": "front top", "pattern": "norwood 3", "hair": "dark brown",
		"area_cm2": "180.5", "dots": "12345", "hours": "2.7", "scaled": "true", "vertex_hairs_per_cm2": "50", "occipital_hairs_per_cm2": "", "grey": "0.1",
	} {
		if got := cell(1, column); got != want {
			t.Errorf("%s is %q, want %q", column, got, want)
		}
	}
	if cell(2, "case") != "'=HYPERLINK(1)" || cell(2, "dots") != "" || cell(2, "scaled") != "" {
		t.Errorf("line %q", table[2])
	}
}

func TestJSON(t *testing.T) {
	var b bytes.Buffer
	head := summary.Head{Generator: "test", Did: "plan", Totals: summary.Totals{Cases: 2}}
	if err := summary.JSON(&b, head, rowsOf(anna(), summary.Row{Case: "b"})); err != nil {
		t.Fatal(err)
	}
	var got struct {
		Totals  summary.Totals
		Skipped []summary.Skip
		Cases   []map[string]any
	}
	if err := json.Unmarshal(b.Bytes(), &got); err != nil {
		t.Fatalf("%v\n%s", err, b.Bytes())
	}
	if got.Totals.Cases != 2 || got.Skipped == nil || len(got.Cases) != 2 || got.Cases[0]["dots"] != 12345.0 || got.Cases[1]["views"] == nil {
		t.Errorf("read %+v", got)
	}
}

func TestPage(t *testing.T) {
	evil := summary.Row{Case: `<script>alert(1)</script>`, Results: `photos/a b/"x'#?%`, State: summary.Failed, Why: "<b>", Found: `contact-sheets/small/a b/"x#.jpg`,
		Links: []summary.Link{{Text: "report", File: `photos/a b/#1/report.html`}}}
	var b bytes.Buffer
	head := summary.Head{Generator: "test", Totals: summary.Totals{Cases: 2, Photos: 3, Failures: 1}, Skipped: []summary.Skip{{File: "n.txt", Why: "not a photo (text)"}}}
	if err := summary.Page(&b, head, rowsOf(anna(), evil), []string{"contact-sheets/sheet-0001.jpg"}); err != nil {
		t.Fatal(err)
	}
	page := b.String()
	for _, want := range []string{
		"2 cases, 3 photos", "12\u00a0345", "180.5", "norwood 3", "60 % sure", "3 sessions", "left.jpg</b>: an empty file", "It is dark.", "n.txt: not a photo (text)",
		"&lt;script&gt;alert(1)", `href="./photos/a%20b/%231/report.html"`, `href="./contact-sheets/sheet-0001.jpg"`, "background:#",
	} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %s", want)
		}
	}
	for _, never := range []string{"<script>alert", "http://", "https://", "ZgotmplZ"} {
		if strings.Contains(page, never) {
			t.Errorf("the page says %s", never)
		}
	}
}

func TestErrorsOfRowsEndTheTable(t *testing.T) {
	broken := errors.New("the journal cannot be read")
	rows := func(yield func(summary.Row, error) bool) { yield(summary.Row{}, broken) }
	_, counting := summary.Count(rows, 0)
	for _, err := range []error{
		counting, summary.CSV(new(bytes.Buffer), rows), summary.FailedCSV(new(bytes.Buffer), rows, nil),
		summary.JSON(new(bytes.Buffer), summary.Head{}, rows), summary.Page(new(bytes.Buffer), summary.Head{}, rows, nil),
	} {
		if !errors.Is(err, broken) {
			t.Errorf("error %v", err)
		}
	}
}

// TestSheet looks for the pictures at their places and wants another key where
// anything that is seen differs.
func TestSheet(t *testing.T) {
	dir := t.TempDir()
	r := anna()
	for file, c := range map[string]color.NRGBA{r.Found: {200, 30, 30, 255}, r.Healed: {30, 160, 30, 255}} {
		m := image.NewNRGBA(image.Rect(0, 0, thumb.Width, thumb.Height))
		for i := range m.Pix {
			m.Pix[i] = []uint8{c.R, c.G, c.B, 255}[i%4]
		}
		if err := thumb.Write(filepath.Join(dir, file), m); err != nil {
			t.Fatal(err)
		}
	}
	s, err := summary.NewSheet(dir)
	if err != nil {
		t.Fatal(err)
	}
	rows := []summary.Row{r, {Case: "b", State: summary.Waiting, Why: "not done yet"}, {Case: "c", State: summary.Failed, Why: strings.Repeat("a long reason ", 20)},
		{Case: "d", State: summary.Done, Planned: true, Nothing: "The photos show no place that needs dots."}}
	m, err := s.Draw(1, 2, rows)
	if err != nil {
		t.Fatal(err)
	}
	red, green := 0, 0
	for y := range m.Bounds().Dy() {
		for x := range m.Bounds().Dx() {
			c := color.NRGBAModel.Convert(m.At(x, y)).(color.NRGBA)
			if c.R > 180 && c.G < 60 && c.B < 60 {
				red++
			}
			if c.G > 140 && c.R < 60 && c.B < 60 {
				green++
			}
		}
	}
	if area := thumb.Width * thumb.Height; red < area*95/100 || green < area*95/100 {
		t.Errorf("%d and %d pixels of the pictures, want %d", red, green, area)
	}
	k := s.Key(1, 2, rows)
	rows[0].Dots++
	if s.Key(1, 2, rows) == k || s.Key(2, 2, rows) == s.Key(1, 2, rows) {
		t.Error("another sheet has the same key")
	}
}
