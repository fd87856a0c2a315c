package settings

import (
	"fmt"
	"strings"

	"pointille/planner/treatment"
)

// Rules returns the conditions of screening as this studio works by them. One
// that differs says so in its source, with the studio's reason.
func (s Settings) Rules() []treatment.Condition {
	out := treatment.Conditions()
	for i, c := range out {
		o, ok := s.Conditions[c.ID]
		if !ok {
			continue
		}
		if o.Rule != "" {
			out[i].Rule = treatment.Rule(o.Rule)
		}
		if span := (treatment.Span{Months: o.WaitMonths, Days: o.WaitDays}); span != (treatment.Span{}) {
			out[i].Wait = span
		}
		if out[i].Wait != c.Wait || out[i].Rule != c.Rule {
			out[i].Reason = o.told(c, out[i])
		}
		out[i].Source = "the studio's settings: " + o.Reason
	}
	return out
}

// told is what a client is told of a rule that differs: the usual sentence
// would give the usual rule.
func (o Condition) told(was, is treatment.Condition) treatment.Text {
	what := strings.TrimSuffix(was.Question.EN, "?")
	co := strings.TrimSuffix(was.Question.LV, "?")
	rule := is.Told()
	return treatment.Text{EN: what + ": " + rule.EN, LV: co + ": " + rule.LV}
}

// BeforeRules returns the care before sessions as this studio asks for it.
func (s Settings) BeforeRules() []treatment.Care { return s.care(treatment.Before()) }

// AfterRules returns the care after sessions as this studio asks for it.
func (s Settings) AfterRules() []treatment.Care { return s.care(treatment.After()) }

func (s Settings) care(rules []treatment.Care) []treatment.Care {
	for i, c := range rules {
		o, ok := s.Care[c.ID]
		if !ok {
			continue
		}
		if o.FromDay != nil {
			rules[i].From = *o.FromDay
		}
		if o.ToDay != nil {
			rules[i].To = *o.ToDay
		}
		rules[i].Source = "the studio's settings: " + o.Reason
	}
	return rules
}

// Explain says in sentences how the studio works, and where that differs from
// the usual: first what is as it always is, then each difference.
func (s Settings) Explain() []string {
	low, high := s.Gap()
	opens, closes := s.Hours()
	out := []string{
		fmt.Sprintf("Studio: %s; clock of %s; open %s, %s to %s.", orNone(s.Studio), s.zone(), strings.Join(s.openDays(), " "), Clock(opens), Clock(closes)),
		fmt.Sprintf("Sessions: %d to %d days apart; refresher after %d months.", low, high, s.Refresher()),
	}
	if p := s.Price; p != nil {
		out = append(out, fmt.Sprintf("Price: %.2f %s a session and %.2f %s an hour.", p.PerSession, p.Currency, p.PerHour, p.Currency))
	}
	for _, c := range s.Closed {
		from, to := c.days()
		out = append(out, fmt.Sprintf("Closed %s to %s. %s", from, to, c.Why))
	}
	if len(s.SessionGapDays) == 2 {
		few, most := Settings{}.Gap()
		out = append(out, fmt.Sprintf("Differs: sessions %d to %d days apart, usually %d to %d: %s", low, high, few, most, s.SessionGapReason))
	}
	usual := treatment.Conditions()
	for i, c := range s.Rules() {
		if o, ok := s.Conditions[c.ID]; ok {
			out = append(out, fmt.Sprintf("Differs: %s: %s, usually %s: %s", c.ID, inWords(c), inWords(usual[i]), o.Reason))
		}
	}
	out = append(out, explainCare(treatment.Before(), s.BeforeRules(), s.Care)...)
	return append(out, explainCare(treatment.After(), s.AfterRules(), s.Care)...)
}

func explainCare(usual, own []treatment.Care, differs map[string]Care) (out []string) {
	for i, c := range own {
		if o, ok := differs[c.ID]; ok {
			out = append(out, fmt.Sprintf("Differs: %s: %s, usually %s: %s", c.ID, days(c), days(usual[i]), o.Reason))
		}
	}
	return out
}

func days(c treatment.Care) string {
	if c.To == treatment.Healed {
		return fmt.Sprintf("day %d until healed", c.From)
	}
	return fmt.Sprintf("day %d to %d", c.From, c.To)
}

func inWords(c treatment.Condition) string { return c.Told().EN }

func orNone(s string) string {
	if s == "" {
		return "no name given"
	}
	return s
}
