package report

import (
	"encoding/base64"
	"fmt"
	"html/template"
	"math"
	"strings"

	"pointille/internal/colour"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

func functions() template.FuncMap {
	return template.FuncMap{
		"jpeg": func(b []byte) template.URL {
			return template.URL("data:image/jpeg;base64," + base64.StdEncoding.EncodeToString(b))
		},
		"swatch":    swatch,
		"name":      name,
		"stage":     stageName,
		"short":     short,
		"distances": distances,
		"fixed":     fixed,
		"percent":   func(v float64) string { return fixed(0, 100*v) + "\u00a0%" },
		"thousand":  thousand,
		"area":      area,
		"areaSigma": areaSigma,
		"perArea":   perArea,
		"hours":     hours,
		"day":       day,
		"verdict":   verdict,
		"value":     value,
		"scale":     scale,
		"grade":     grade,
		"dilution":  dilution,
		"last":      func(c []cut) int { return len(c) - 1 },
	}
}

func fixed(n int, v float64) string { return fmt.Sprintf("%.*f", n, v) }

// swatch is the CSS colour of a CIELAB colour.
func swatch(lab [3]float64) template.CSS {
	r, g, b := colour.Bytes(colour.FromLab(lab))
	return template.CSS(fmt.Sprintf("rgb(%d,%d,%d)", r, g, b))
}

// name is a word of the documents as people write it: Temporal left.
func name(s string) string {
	s = strings.ReplaceAll(s, "_", " ")
	if s == "" {
		return s
	}
	return strings.ToUpper(s[:1]) + s[1:]
}

func stageName(s string) string {
	names := map[string]string{
		plan.Before: "Before", plan.Fresh: "Fresh", plan.Healed: "Healed, 1 month",
		HealedLighter: "Healed, lighter end", HealedDarker: "Healed, darker end",
		plan.Year1: "1 year", plan.Year3: "3 years", plan.Year5: "5 years",
	}
	if n, ok := names[s]; ok {
		return n
	}
	return s
}

// short is a stage's name on a button.
func short(stage string) string {
	switch stage {
	case HealedLighter:
		return "lighter end"
	case HealedDarker:
		return "darker end"
	}
	s, _, _ := strings.Cut(stageName(stage), ",")
	return s
}

// distance is one from which a head is looked at, and what the eye blurs there.
type distance struct {
	Name   string
	BlurMM float64
}

func distances() []distance {
	var out []distance
	for _, m := range preview.Distances() {
		name := fmt.Sprintf("%g\u00a0m", m)
		if m < 1 {
			name = fmt.Sprintf("%g\u00a0cm", 100*m)
		}
		out = append(out, distance{name, preview.EyeBlurMM(m)})
	}
	return out
}

// thousand writes an integer with thin spaces between thousands.
func thousand(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return s
}

func area(zones []plan.Zone) float64 {
	sum := 0.0
	for _, z := range zones {
		sum += z.AreaCM2
	}
	return sum
}

// areaSigma takes the zones' errors as one: they come from the same scale and
// the same head.
func areaSigma(zones []plan.Zone) float64 {
	sum := 0.0
	for _, z := range zones {
		sum += z.SigmaCM2
	}
	return sum
}

// perArea is dots per cm², or a dash where there is no skin.
func perArea(dots int, cm2 float64) string {
	if !(cm2 > 0) {
		return "–"
	}
	return fixed(0, float64(dots)/cm2)
}

func hours(s []plan.Session) float64 {
	sum := 0.0
	for _, q := range s {
		sum += q.Hours
	}
	return sum
}

// day says when a session may be at the earliest.
func day(s plan.Session) string {
	switch {
	case s.Date != "":
		return s.Date
	case s.AfterDays == 0:
		return "first day"
	}
	return fmt.Sprintf("%d days after the first", s.AfterDays)
}

// verdict says a check's result without leaning on colour.
func verdict(result string) string {
	switch result {
	case ok:
		return "✓ holds"
	case warn:
		return "! look at it"
	case fail:
		return "✗ fails"
	}
	return "? not known"
}

// value is what a check measured, with as many decimals as mean something.
func value(c plan.Check) string {
	if c.Result == unknown {
		return "–"
	}
	decimals := 1
	if a := math.Abs(c.Value); a >= 20 || a == 0 {
		decimals = 0
	} else if a < 1 {
		decimals = 2
	}
	return strings.TrimSpace(fixed(decimals, c.Value) + "\u00a0" + c.Unit)
}

// scale says where millimetres come from.
func scale(h plan.Head) string {
	from := map[string]string{"card": "the card in the picture", "given": "the length that was given", "face": "the face", "head": "an average head", "none": "an average head"}
	s, ok := from[h.ScaleSource]
	if !ok {
		s = h.ScaleSource
	}
	return fmt.Sprintf("%s, ± %.0f\u00a0%%", s, math.Ceil(100*h.ScaleSigma))
}

// grade is how well the healed tone is expected to match, for people.
func grade(s string) string {
	if s == "warn" {
		return "test first"
	}
	return s
}

// dilution is parts of water to one of pigment.
func dilution(water float64) string {
	if water < 0.05 {
		return "undiluted"
	}
	return fmt.Sprintf("%.2g : 1", water)
}
