// Package report writes report.html: one page that holds everything of a plan,
// pictures included, and opens from disk without a network.
//
// The page loads nothing from elsewhere (its pictures are data URIs, and its
// own policy forbids the rest) and bears no time: the same input gives the same
// bytes. Units are those of the plan. Errors are those of the template and the
// writer.
package report

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"math"
	"slices"

	"pointille/planner/plan"
	"pointille/planner/preview"
)

//go:embed report.html.tmpl
var page string

// View is one photo with its pictures, JPEG.
type View struct {
	Name    string // file name of the photo
	View    string // side of the head
	Overlay []byte // the survey's drawing; nil if there is none
	Stages  []Picture
	Lengths []Length // healed, the client's own hair shaved to each of Lengths; nil where none is shaved in the picture
	Dots    int      // visible in this photo

	MMPerPx float64 // size of a pixel of the stages' pictures on the head; 0: not known
}

// Stages beside those of the plan: healed, at both ends of what the
// prediction leaves open.
const (
	HealedLighter = "healed-lighter"
	HealedDarker  = "healed-darker"
)

// Picture is a photo at one stage.
type Picture struct {
	Stage string
	JPEG  []byte
}

// Length is a photo, healed, with the client's own hair at a length.
type Length struct {
	MM   float64
	JPEG []byte
}

// Lengths are the lengths of hair, mm, that the page offers.
func Lengths() []float64 { return []float64{0, 0.5, 1, 2, preview.LongestStubble} }

// Failure is a photo that could not be measured.
type Failure struct{ Name, Why string }

// Input is what the page shows.
type Input struct {
	Plan   *plan.Plan
	Views  []View // in any order
	Failed []Failure
	Files  []string // names beside the page, as links
}

// Write writes the page.
func Write(w io.Writer, in Input) error {
	t, err := template.New("report").Funcs(functions()).Parse(page)
	if err != nil {
		return fmt.Errorf("reading the report's template: %w", err)
	}
	if err := t.Execute(w, arrange(in)); err != nil {
		return fmt.Errorf("writing the report: %w", err)
	}
	return nil
}

// arranged is the input in the order of the page.
type arranged struct {
	Input
	Pairs     []pair       // views with a before and an after
	Idle      []View       // views in which no planned dot is seen
	Choice    []string     // stages to choose from
	First     string       // the one shown first
	Shaved    []View       // views with hair at several lengths
	Cut       []cut        // those lengths
	CutFirst  int          // the one shown first
	Far       bool         // pictures can be seen from afar: their scale is known
	Attention []remark     // what to look at, but no failure
	Checks    []plan.Check // what does not hold first
	Tally     tally
}

// pair is one view ready for the slider.
type pair struct {
	View
	Before Picture
	After  []Picture
}

// tally counts checks by result.
type tally struct{ Held, Look, Failed, Unknown int }

func arrange(in Input) arranged {
	in.Views = slices.Clone(in.Views)
	slices.SortStableFunc(in.Views, func(a, b View) int { return rank(a.View) - rank(b.View) })
	a := arranged{Input: in, Checks: byUrgency(in.Plan.Checks), Tally: count(in.Plan.Checks)}
	for _, v := range in.Views {
		if p, ok := split(v); ok {
			a.Pairs = append(a.Pairs, p)
		} else {
			a.Idle = append(a.Idle, v)
		}
	}
	for _, v := range in.Views {
		if len(v.Lengths) > 0 {
			a.Shaved = append(a.Shaved, v)
		}
	}
	a.Cut, a.CutFirst = cuts(in.Plan, a.Shaved)
	a.Choice, a.Attention = choices(a.Pairs), remarks(in.Plan)
	a.First = first(a.Choice)
	a.Far = slices.ContainsFunc(a.Pairs, func(p pair) bool { return p.MMPerPx > 0 })
	return a
}

// cut is a length of the client's own hair, and what to say of it.
type cut struct{ Name, Advice string }

// cuts are the lengths that views show, and the one nearest to what the plan's
// shaver leaves.
func cuts(p *plan.Plan, shaved []View) (out []cut, first int) {
	if len(shaved) == 0 {
		return nil, 0
	}
	wanted := 0.0
	if p.Shave != nil {
		wanted = p.Shave.LengthMM
	}
	for i, l := range shaved[0].Lengths {
		out = append(out, cut{fmt.Sprintf("%g\u00a0mm", l.MM), hairAdvice(p.Pigment, l.MM)})
		if math.Abs(l.MM-wanted) < math.Abs(shaved[0].Lengths[first].MM-wanted) {
			first = i
		}
	}
	return out, first
}

// hairAdvice says whether dots and hair of that length read as one; nothing
// where the plan does not know.
func hairAdvice(r *plan.Recipe, mm float64) string {
	if r == nil || r.HairMM <= 0 {
		return ""
	}
	if mm <= r.HairMM {
		return fmt.Sprintf("dots and hair read as one, up to %.1f\u00a0mm", r.HairMM)
	}
	return fmt.Sprintf("longer than the %.1f\u00a0mm up to which dots and hair read as one", r.HairMM)
}

// rank is the order in which a client is looked at: face first, then around.
func rank(view string) int {
	order := []string{"front", "left", "right", "top", "crown", "back", "macro"}
	if i := slices.Index(order, view); i >= 0 {
		return i
	}
	return len(order)
}

// split takes a view's pictures apart; it fails where there is nothing to
// compare.
func split(v View) (pair, bool) {
	p := pair{View: v}
	for _, s := range v.Stages {
		if s.Stage == plan.Before {
			p.Before = s
		} else {
			p.After = append(p.After, s)
		}
	}
	return p, p.Before.JPEG != nil && p.After != nil
}

// choices are the stages of all views, in their order of time.
func choices(pairs []pair) []string {
	stages := []string{plan.Fresh, plan.Healed, HealedLighter, HealedDarker, plan.Year1, plan.Year3, plan.Year5}
	return slices.DeleteFunc(stages, func(stage string) bool {
		return !slices.ContainsFunc(pairs, func(p pair) bool { return p.has(stage) })
	})
}

// first is the stage to begin with: healed, for fresh dots frighten and later
// years are a detail.
func first(stages []string) string {
	if len(stages) == 0 || slices.Contains(stages, plan.Healed) {
		return plan.Healed
	}
	return stages[0]
}

func (p pair) has(stage string) bool {
	return slices.ContainsFunc(p.After, func(s Picture) bool { return s.Stage == stage })
}

// remark is one thing to look at.
type remark struct{ Title, Text string }

// remarks are the checks to look at, the photos not used, and the warnings
// that nothing else on the page says.
func remarks(p *plan.Plan) []remark {
	var out []remark
	said := map[string]bool{"unscaled": !p.Head.Scaled}
	for _, c := range p.Checks {
		if c.Result == warn {
			out = append(out, remark{fmt.Sprintf("%s: %s (wanted: %s)", c.Name, value(c), c.Limit), c.Note})
		}
		if c.ID == "seen" && c.Result != ok {
			said["unseen"] = true
		}
	}
	for _, f := range p.Photos {
		if !f.Used {
			said["unused"] = true
			out = append(out, remark{f.Name + " is not used", f.Why})
		}
	}
	for _, w := range p.Warnings {
		if !said[w.Code] {
			out = append(out, remark{Text: w.Message})
		}
	}
	return out
}

// Results of a check, as planner/checks writes them.
const (
	ok      = "ok"
	warn    = "warn"
	fail    = "fail"
	unknown = "unknown"
)

func byUrgency(all []plan.Check) []plan.Check {
	urgency := map[string]int{fail: 0, warn: 1, unknown: 2, ok: 3}
	out := slices.Clone(all)
	slices.SortStableFunc(out, func(a, b plan.Check) int { return urgency[a.Result] - urgency[b.Result] })
	return out
}

func count(all []plan.Check) tally {
	var t tally
	for _, c := range all {
		switch c.Result {
		case ok:
			t.Held++
		case warn:
			t.Look++
		case fail:
			t.Failed++
		default:
			t.Unknown++
		}
	}
	return t
}
