// Package treatment holds the rules that a studio works by around the dots: who
// must wait or be refused, how long sessions are and how far apart, what heals
// when, and what a client does before and after.
//
// Rules are data: each has a name that never changes, its words in every
// language of the program, and the source it comes from. A studio that works by
// other rules says so in its settings; what stands here is never changed. The
// package has no errors. Nothing in it says what a client has: it says what the
// studio does when a client answers a question with yes.
package treatment

import (
	"strconv"

	"pointille/internal/civil"
)

// Text is a sentence in the languages of the program.
type Text struct{ EN, LV string }

// In returns the sentence in a language; any but lv is English.
func (t Text) In(lang string) string {
	if lang == "lv" {
		return t.LV
	}
	return t.EN
}

// Span is a length of time. Months are those of the calendar.
type Span struct{ Months, Days int }

// After returns the day that lies the span after d.
func (s Span) After(d civil.Date) civil.Date { return d.AddMonths(s.Months).AddDays(s.Days) }

// Sources of the rules.
const (
	screeningRows = "the studio's treatment sheet, who must wait or be refused"
	sessionRows   = "the studio's treatment sheet, sessions"
	courseRows    = "the studio's treatment sheet, time course"
	beforeRows    = "the studio's treatment sheet, before the session"
	afterRows     = "the studio's treatment sheet, after"
	craftRows     = "contraindications of other studios (craft literature: MetaBrows, RealSelf, BestWriteIt)"
)

// Rule is what the studio does when a condition is there.
type Rule string

// Rules, from the mildest to the strictest.
const (
	Go          Rule = "go"          // treat: only a studio's own settings say so
	LeaveOut    Rule = "leave_out"   // treat, but not at those places
	Wait        Rule = "wait"        // until a length of time has passed
	Certificate Rule = "certificate" // treat if a doctor has said in writing that it may be done
	Refuse      Rule = "no"          // not as long as it is so
)

// Rules returns all rules, from the mildest to the strictest.
func Rules() []Rule { return []Rule{Go, LeaveOut, Wait, Certificate, Refuse} }

// Condition is one row of the list of who must wait or be refused.
type Condition struct {
	ID       string
	Rule     Rule
	Dated    bool // asked for the day on which it last was; else for yes or no
	Wait     Span // of Rule Wait, counted from that day
	Question Text // to the client
	Reason   Text // what the rule is, as it is told
	Source   string
}

// With returns the condition with its id, ok is false where there is none.
func With(list []Condition, id string) (c Condition, ok bool) {
	for _, c := range list {
		if c.ID == id {
			return c, true
		}
	}
	return Condition{}, false
}

// Told says in a few words what the studio does when a condition is there.
func (c Condition) Told() Text {
	switch c.Rule {
	case Go:
		return Text{"treated all the same", "tomēr apstrādā"}
	case LeaveOut:
		return Text{"left out", "neaiztiek"}
	case Wait:
		return Text{"wait " + c.Wait.english(), "jāgaida " + c.Wait.latvian()}
	case Certificate:
		return Text{"only with a doctor's certificate", "tikai ar ārsta izziņu"}
	}
	return Text{"no", "nē"}
}

func (s Span) english() string { return s.join("month", "months", "day", "days", " and ") }
func (s Span) latvian() string { return s.join("mēnesis", "mēneši", "diena", "dienas", " un ") }

func (s Span) join(month, months, day, days, and string) string {
	count := func(n int, one, many string) string {
		if n == 1 {
			return "1 " + one
		}
		return strconv.Itoa(n) + " " + many
	}
	switch {
	case s.Months == 0:
		return count(s.Days, day, days)
	case s.Days == 0:
		return count(s.Months, month, months)
	}
	return count(s.Months, month, months) + and + count(s.Days, day, days)
}
