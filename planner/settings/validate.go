package settings

import (
	"maps"
	"slices"
	"strings"
	"time"

	"pointille/internal/document"
	"pointille/planner/treatment"
)

// Bounds that catch slips of the hand, not of the craft.
const (
	longestText   = 200
	longestMonths = 120
	longestDays   = 400
)

// Validate returns a *document.Error for the first setting that is impossible.
func (s Settings) Validate() error {
	if err := document.Finite(&s); err != nil {
		return err
	}
	var c document.Check
	if s.Schema != "" && s.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", s.Schema, Schema)
	}
	text(&c, "studio", s.Studio)
	text(&c, "contact", s.Contact)
	if _, err := time.LoadLocation(s.zone()); err != nil || s.TimeZone == "Local" {
		c.Failf("time_zone", "%q is no time zone as in Europe/Riga", s.TimeZone)
	}
	if s.Language != "" {
		c.OneOf("language", s.Language, "en", "lv")
	}
	s.checkHours(&c)
	s.checkNumbers(&c)
	for _, id := range slices.Sorted(maps.Keys(s.Conditions)) {
		s.Conditions[id].check(&c, id)
	}
	for _, id := range slices.Sorted(maps.Keys(s.Care)) {
		s.Care[id].check(&c, id)
	}
	return c.Err()
}

func text(c *document.Check, path, v string) {
	if len(v) > longestText {
		c.Failf(path, "longer than %d letters", longestText)
	}
	if strings.ContainsFunc(v, func(r rune) bool { return r < ' ' }) {
		c.Failf(path, "holds a line break or another sign that cannot be printed")
	}
}

func (s Settings) checkHours(c *document.Check) {
	seen := map[string]bool{}
	for i, d := range s.OpenDays {
		at := document.At("open_days", i)
		c.OneOf(at, d, weekdays()...)
		if seen[d] {
			c.Failf(at, "%q stands twice", d)
		}
		seen[d] = true
	}
	opens, err := clock(s.Opens, "10:00")
	if err != nil {
		c.Failf("opens", "%v", err)
	}
	closes, err := clock(s.Closes, "18:00")
	if err != nil {
		c.Failf("closes", "%v", err)
	}
	if closes <= opens {
		c.Failf("closes", "the studio closes before it opens")
	}
	for i, d := range s.Closed {
		at := document.At("closed", i)
		text(c, at+".why", d.Why)
		from := c.Day(at+".from", d.From)
		to := from
		if d.To != "" {
			to = c.Day(at+".to", d.To)
		}
		if to.Before(from) {
			c.Failf(at+".to", "%s lies before %s", d.To, d.From)
		}
	}
}

// mostPrice is more than an hour or a session costs anywhere, in any currency.
const mostPrice = 1e8

func (p Price) check(c *document.Check) {
	if len(p.Currency) != 3 || strings.Trim(p.Currency, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		c.Failf("price.currency", "%q; three capital letters are expected, as EUR", p.Currency)
	}
	c.Within("price.per_session", p.PerSession, 0, mostPrice, "")
	c.Within("price.per_hour", p.PerHour, 0, mostPrice, "")
	if p.PerSession == 0 && p.PerHour == 0 {
		c.Failf("price", "says neither per_session nor per_hour")
	}
}

func (s Settings) checkNumbers(c *document.Check) {
	if s.DotsPerHour != 0 {
		c.Within("dots_per_hour", s.DotsPerHour, 100, 20000, "dots")
	}
	if s.Price != nil {
		s.Price.check(c)
	}
	if s.RefresherMonths != 0 {
		c.Within("refresher_months", float64(s.RefresherMonths), 1, longestMonths, "months")
	}
	if s.SessionGapDays == nil {
		return
	}
	if len(s.SessionGapDays) != 2 {
		c.Failf("session_gap_days", "%d numbers where the fewest and the most days are expected", len(s.SessionGapDays))
		return
	}
	// craft literature: 7 to 30 days between sessions; the surface needs 7 to heal
	low, high := s.SessionGapDays[0], s.SessionGapDays[1]
	c.Within(document.At("session_gap_days", 0), float64(low), 7, longestDays, "days (the surface needs 7 to heal)")
	c.Within(document.At("session_gap_days", 1), float64(high), float64(low), longestDays, "days")
	reason(c, "session_gap_reason", s.SessionGapReason)
}

// reason wants words, not a placeholder.
func reason(c *document.Check, path, v string) {
	if len(strings.TrimSpace(v)) < 5 {
		c.Failf(path, "a rule that differs needs its reason in words")
	}
	text(c, path, v)
}

func (o Condition) check(c *document.Check, id string) {
	at := "conditions." + id
	var ids []string
	for _, k := range treatment.Conditions() {
		ids = append(ids, k.ID)
	}
	c.OneOf("conditions", id, ids...)
	known, _ := treatment.With(treatment.Conditions(), id)
	rule := known.Rule
	if o.Rule != "" {
		var words []string
		for _, r := range treatment.Rules() {
			words = append(words, string(r))
		}
		c.OneOf(at+".rule", o.Rule, words...)
		rule = treatment.Rule(o.Rule)
	}
	c.Within(at+".wait_months", float64(o.WaitMonths), 0, longestMonths, "months")
	c.Within(at+".wait_days", float64(o.WaitDays), 0, longestDays, "days")
	waits := o.WaitMonths+o.WaitDays > 0
	switch {
	case rule == treatment.Wait && !known.Dated:
		c.Failf(at+".rule", "there is no day to wait from: clients are asked yes or no")
	case rule != treatment.Wait && waits:
		c.Failf(at, "a length of time for a rule that does not wait")
	}
	reason(c, at+".reason", o.Reason)
}

func (o Care) check(c *document.Check, id string) {
	at := "care." + id
	var known treatment.Care
	var ids []string
	for _, k := range slices.Concat(treatment.Before(), treatment.After()) {
		ids = append(ids, k.ID)
		if k.ID == id {
			known = k
		}
	}
	c.OneOf("care", id, ids...)
	from, to := known.From, known.To
	if o.FromDay != nil {
		from = *o.FromDay
		c.Within(at+".from_day", float64(from), -longestDays, longestDays, "days")
	}
	if o.ToDay != nil {
		to = *o.ToDay
		c.Within(at+".to_day", float64(to), -longestDays, longestDays, "days")
	}
	if to < from && to != treatment.Healed {
		c.Failf(at, "ends on day %d before it begins on day %d", to, from)
	}
	reason(c, at+".reason", o.Reason)
}
