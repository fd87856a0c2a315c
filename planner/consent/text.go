// Package consent assembles what a client agrees to from the case itself, and
// keeps what was signed: the exact text, its hash, who, when, how, and for which
// uses of photos. Each use can be taken back on its own.
//
// The text is the studio's explanation, not legal or medical advice. The same
// case gives the same text, letter by letter. Errors say what is missing.
package consent

import (
	"fmt"
	"strings"

	"pointille/internal/civil"
	"pointille/planner/ledger"
	"pointille/planner/plan"
	"pointille/planner/treatment"
)

// TextVersion rises whenever a sentence of the text changes: a signature says
// which it was given to.
const TextVersion = 1

// Purposes of photos, each agreed to or not by itself.
const (
	Treat = "treat" // to measure, plan and treat
	Keep  = "keep"  // to keep them in the record
	Show  = "show"  // to show them to others
)

// Purposes returns all purposes.
func Purposes() []string { return []string{Treat, Keep, Show} }

// Case is what the text is assembled from.
type Case struct {
	Plan    *plan.Plan
	Studio  string
	Contact string
	Days    []civil.Date    // of the sessions; nil: not set
	Bottles []ledger.Bottle // that will be used; their labels are passed on, as the law asks
	Reasons []string        // what screening told, with the studio's reason where it was overridden
}

// Text is what the client reads and signs.
func Text(c Case, lang string) string {
	w := words(lang)
	var b strings.Builder
	para := func(head string, lines ...string) {
		b.WriteString(head + "\n")
		for _, l := range lines {
			b.WriteString("- " + l + "\n")
		}
		b.WriteString("\n")
	}
	fmt.Fprintf(&b, w.title+"\n\n", c.Plan.Case, TextVersion)
	if c.Studio != "" {
		b.WriteString(c.Studio + "  " + c.Contact + "\n\n")
	}
	para(w.what, c.what(w)...)
	para(w.when, c.when(w, lang)...)
	para(w.course, treatment.CourseLines(lang)...)
	para(w.risks, w.riskLines...)
	if len(c.Reasons) > 0 {
		para(w.screening, c.Reasons...)
	}
	if len(c.Bottles) > 0 {
		para(w.pigments, c.pigments(w)...)
	}
	para(w.photos, w.purposes[:]...)
	b.WriteString(w.end + "\n")
	return b.String()
}

// what says what is done and where.
func (c Case) what(w wording) []string {
	out := []string{w.looks[c.Plan.Look]}
	for _, z := range c.Plan.Zones {
		name := strings.ReplaceAll(z.Name, "_", " ")
		if own, ok := w.zones[z.Name]; ok {
			name = own
		}
		out = append(out, fmt.Sprintf(w.zone, name, z.AreaCM2, z.SigmaCM2, z.Dots))
	}
	return append(out, fmt.Sprintf(w.dots, c.Plan.Dots.Count, c.Plan.Dots.FreshMM, c.Plan.Dots.HealedMM))
}

func (c Case) when(w wording, lang string) []string {
	var out []string
	for i, s := range c.Plan.Sessions {
		row := treatment.SittingOf(s.Number)
		line := fmt.Sprintf(w.session, s.Number, row.LowH, row.HighH, row.Purpose.In(lang))
		if i < len(c.Days) {
			line += ", " + c.Days[i].String()
		}
		out = append(out, line)
	}
	return append(out, w.correction)
}

// called names a colorant by what of its name and numbers is known.
func called(k ledger.Colorant) string {
	parts := strings.Fields(k.Name)
	if k.CI != "" {
		parts = append(parts, "CI", strings.TrimSpace(strings.TrimPrefix(k.CI, "CI")))
	}
	if k.CAS != "" {
		parts = append(parts, "CAS", k.CAS)
	}
	return strings.Join(parts, " ")
}

// pigments passes on what stands on the labels.
func (c Case) pigments(w wording) []string {
	var out []string
	for _, b := range c.Bottles {
		var of []string
		for _, k := range b.Colorants {
			of = append(of, called(k))
		}
		line := fmt.Sprintf(w.pigment, b.Brand, b.Shade, b.Batch, b.Expires, strings.Join(of, ", "))
		if b.Label.Statement {
			line += " " + w.statement
		}
		if b.Label.Nickel {
			line += " " + w.nickel
		}
		if b.Label.Chromium {
			line += " " + w.chromium
		}
		out = append(out, line)
	}
	return out
}
