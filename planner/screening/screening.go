package screening

import (
	"fmt"
	"slices"
	"strings"

	"pointille/internal/civil"
	"pointille/planner/treatment"
)

// Outcome is what the studio may do.
type Outcome string

// Outcomes, from the mildest to the strictest.
const (
	Go          Outcome = "go"
	Wait        Outcome = "wait"
	Certificate Outcome = "certificate"
	Refused     Outcome = "no"
)

// Strictness orders outcomes: the higher, the stricter.
func (o Outcome) Strictness() int {
	switch o {
	case Go:
		return 0
	case Wait:
		return 1
	case Certificate:
		return 2
	}
	return 3
}

// Result is the answer to the answers.
type Result struct {
	Case       string
	Asked, On  civil.Date // the day of asking and the day it was worked out for
	Outcome    Outcome
	Until      civil.Date // first day on which every wait is over; zero: no wait
	Reasons    []Reason   // strictest first, then in the order of asking
	Unanswered int        // questions that counted as the worst they could be
}

// Reason is one answer that is not a plain no, and what follows from it.
type Reason struct {
	Condition string
	Answer    string // as it was given; unknown where there was none
	Outcome   Outcome
	LeaveOut  bool       // treated, but not at those places
	Until     civil.Date // of a wait, over or not
	Text      treatment.Text
	Source    string
}

// Screen works out what may be done on a day by the rules, which are
// treatment.Conditions or a studio's own. a must be valid.
func Screen(a *Answers, rules []treatment.Condition, on civil.Date) Result {
	asked, _ := civil.Parse(a.Asked)
	r := Result{Case: a.Case, Asked: asked, On: on, Outcome: Go}
	for _, c := range rules {
		reason, counts := judge(a, c, asked, on)
		if !counts {
			continue
		}
		if reason.Answer == Unknown {
			r.Unanswered++
		}
		if reason.Outcome.Strictness() > r.Outcome.Strictness() {
			r.Outcome = reason.Outcome
		}
		if reason.Outcome == Wait {
			r.Until = civil.Later(r.Until, reason.Until)
		}
		r.Reasons = append(r.Reasons, reason)
	}
	r.sort()
	return r
}

// judge says what follows from one answer; counts is false for a plain no.
func judge(a *Answers, c treatment.Condition, asked, on civil.Date) (r Reason, counts bool) {
	answer, given := a.Answers[c.ID]
	if !given || answer == "" {
		answer = Unknown
	}
	if answer == No {
		return Reason{}, false
	}
	r = Reason{Condition: c.ID, Answer: answer, Outcome: Go, Text: c.Reason, Source: c.Source}
	switch c.Rule {
	case treatment.Refuse:
		r.Outcome = Refused
	case treatment.Certificate:
		if a.Certificates[c.ID] == "" {
			r.Outcome = Certificate
		}
	case treatment.LeaveOut:
		r.LeaveOut = true
	case treatment.Wait:
		r.Until = over(c.Wait, answer, asked)
		if on.Before(r.Until) {
			r.Outcome = Wait
		}
	}
	return r, true
}

// over is the first day after a wait. Where the day it counts from is not known
// it is taken to be the day of asking: whatever it was, the wait is over then.
func over(w treatment.Span, answer string, asked civil.Date) civil.Date {
	from, err := civil.Parse(answer)
	if err != nil {
		from = asked
	}
	return w.After(from)
}

// sort puts the strictest first and leaves equals in the order of asking.
func (r *Result) sort() {
	slices.SortStableFunc(r.Reasons, func(a, b Reason) int { return b.Outcome.Strictness() - a.Outcome.Strictness() })
}

// Sentence says the outcome in a language.
func (r Result) Sentence(lang string) string {
	lv := lang == "lv"
	switch r.Outcome {
	case Go:
		if lv {
			return "drīkst"
		}
		return "go"
	case Wait:
		if lv {
			return "jāgaida līdz " + r.Until.String()
		}
		return "wait until " + r.Until.String()
	case Certificate:
		after := ""
		if !r.Until.IsZero() && lv {
			after = ", un ne agrāk par " + r.Until.String()
		} else if !r.Until.IsZero() {
			after = ", and not before " + r.Until.String()
		}
		if lv {
			return "vajag ārsta izziņu" + after
		}
		return "doctor's certificate needed" + after
	}
	if lv {
		return "nē"
	}
	return "no"
}

// Lines are the sentence and a line for each reason.
func (r Result) Lines(lang string) []string {
	out := []string{r.Sentence(lang)}
	for _, x := range r.Reasons {
		out = append(out, "- "+x.Sentence(lang))
	}
	return out
}

// Sentence tells one reason in a language.
func (x Reason) Sentence(lang string) string {
	s := x.Text.In(lang)
	switch {
	case x.Answer == Unknown && lang == "lv":
		s += " (nav atbildēts: skaitās kā jā)"
	case x.Answer == Unknown:
		s += " (not answered: counts as yes)"
	case !x.Until.IsZero():
		s += fmt.Sprintf(" (%s)", x.Answer)
	}
	switch {
	case x.Outcome == Wait && lang == "lv":
		s += ": līdz " + x.Until.String()
	case x.Outcome == Wait:
		s += ": until " + x.Until.String()
	case x.Outcome == Go && !x.Until.IsZero() && lang == "lv":
		s += ": pagājis kopš " + x.Until.String()
	case x.Outcome == Go && !x.Until.IsZero():
		s += ": over since " + x.Until.String()
	}
	return s
}

// Note is all reasons that count in one line, for a check or an error.
func (r Result) Note(lang string) string {
	var parts []string
	for _, x := range r.Reasons {
		if x.Outcome != Go || x.LeaveOut {
			parts = append(parts, x.Sentence(lang))
		}
	}
	return strings.Join(parts, "; ")
}
