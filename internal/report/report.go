// Package report writes report.html: one page that holds everything of a plan,
// pictures included, and opens from disk without a network.
//
// The page loads nothing from elsewhere; pictures are data URIs. Errors are
// those of the template and the writer.
package report

import (
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"math"
	"strings"

	"pointille/internal/colour"
	"pointille/planner/plan"
)

//go:embed report.html.tmpl
var page string

// View is one photo with its pictures, JPEG.
type View struct {
	Name    string // file name of the photo
	View    string // side of the head
	Overlay []byte // the survey's drawing; nil if there is none
	Stages  []Picture
	Dots    int // visible in this photo
}

// Picture is a photo at one stage.
type Picture struct {
	Stage string
	JPEG  []byte
}

// Input is what the page shows.
type Input struct {
	Plan  *plan.Plan
	Views []View
	Files []string // names beside the page, as links
}

// Write writes the page.
func Write(w io.Writer, in Input) error {
	t, err := template.New("report").Funcs(functions()).Parse(page)
	if err != nil {
		return fmt.Errorf("reading the report's template: %w", err)
	}
	if err := t.Execute(w, in); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

func functions() template.FuncMap {
	return template.FuncMap{
		"jpeg": func(b []byte) template.URL {
			return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b))
		},
		"swatch":   swatch,
		"readable": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
		"stage":    stageName,
		"fixed":    func(n int, v float64) string { return fmt.Sprintf("%.*f", n, v) },
		"percent":  func(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) },
		"thousand": thousand,
		"area":     area,
		"perArea":  func(z plan.Zone) float64 { return float64(z.Dots) / z.AreaCM2 },
		"hours":    hours,
		"bad":      func(p *plan.Plan) []plan.Check { return notOK(p.Checks) },
	}
}

// swatch is the CSS colour of a CIELAB colour.
func swatch(lab [3]float64) template.CSS {
	r, g, b := colour.Bytes(colour.FromLab(lab))
	return template.CSS(fmt.Sprintf("rgb(%d,%d,%d)", r, g, b))
}

func stageName(s string) string {
	names := map[string]string{
		plan.Before: "Before", plan.Fresh: "Fresh", plan.Healed: "Healed, 1 month",
		plan.Year1: "1 year", plan.Year3: "3 years", plan.Year5: "5 years",
	}
	if n, ok := names[s]; ok {
		return n
	}
	return s
}

// thousand writes an integer with thin spaces between thousands.
func thousand(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

func area(zones []plan.Zone) string {
	sum, variance := 0.0, 0.0
	for _, z := range zones {
		sum += z.AreaCM2
		variance += z.SigmaCM2 * z.SigmaCM2
	}
	return fmt.Sprintf("%.0f ± %.0f", sum, math.Sqrt(variance))
}

func hours(s []plan.Session) string {
	sum := 0.0
	for _, q := range s {
		sum += q.Hours
	}
	return fmt.Sprintf("%.1f", sum)
}

func notOK(all []plan.Check) []plan.Check {
	var out []plan.Check
	for _, c := range all {
		if c.Result != "ok" {
			out = append(out, c)
		}
	}
	return out
}
