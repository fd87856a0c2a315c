// Package schedule sets the sessions of a plan on days: when each may be, how
// long it is, when what follows is due, and a calendar of it all.
//
// Days follow each other by the rules of planner/treatment or the studio's own
// settings and never fall on days on which the studio is closed. Nothing is set
// for a client whom screening does not let through, unless the artist overrides
// it with a written reason, which stays in the schedule. Errors say which rule
// stands in the way. The same input gives the same schedule.
package schedule

import (
	"errors"
	"fmt"
	"strings"

	"pointille/internal/civil"
	"pointille/internal/document"
	"pointille/planner/ledger"
	"pointille/planner/plan"
	"pointille/planner/screening"
	"pointille/planner/settings"
)

// Schema is the version that this program reads and writes.
const Schema = "pointille.schedule/1"

// Kinds of events.
const (
	Session    = "session"
	Correction = "correction" // where no session falls in its weeks
	Shave      = "shave"      // earliest day
	Sport      = "sport"      // sweat no longer matters
	HealedDay  = "healed"
	Refresher  = "refresher"
)

// Schedule is the document: the appointments of one case.
type Schedule struct {
	Schema    string    `json:"schema"`
	Generator string    `json:"generator,omitempty"`
	Case      string    `json:"case"` // the case's code, never a name
	Made      string    `json:"made"` // day of this version, YYYY-MM-DD
	Studio    string    `json:"studio,omitempty"`
	TimeZone  string    `json:"time_zone"`
	Screening Screening `json:"screening"`
	Events    []Event   `json:"events"` // by day; cancelled ones stay, so that calendars take them out
	Notes     []string  `json:"notes"`  // what the artist must know
}

// Screening is what let the client through.
type Screening struct {
	Outcome  string   `json:"outcome"` // go | wait | certificate | no | none: nothing was asked
	Asked    string   `json:"asked,omitempty"`
	Reasons  []string `json:"reasons"`
	Override string   `json:"override,omitempty"` // the artist's reason to treat all the same
}

// Event is one appointment or day to remember.
type Event struct {
	UID       string `json:"uid"` // the same for ever
	Sequence  int    `json:"sequence"`
	Kind      string `json:"kind"`
	Number    int    `json:"number"`            // of the session it belongs to
	Date      string `json:"date"`              // YYYY-MM-DD
	Start     string `json:"start,omitempty"`   // of an appointment, as 10:00 on the studio's clock
	Minutes   int    `json:"minutes,omitempty"` // of an appointment
	Cancelled bool   `json:"cancelled,omitempty"`
}

// Input is what a schedule is made of.
type Input struct {
	Plan      *plan.Plan
	Answers   *screening.Answers // nil: not asked
	Settings  settings.Settings
	First     civil.Date      // the first session: this day or the next open one
	Start     string          // time of every session, as 10:00; empty: when the studio opens
	Made      civil.Date      // today
	Override  string          // the artist's reason to treat in spite of screening
	Bottles   []ledger.Bottle // that will be used; nil: not said
	Generator string
	Last      *Schedule // the schedule that this one replaces; nil: none
}

// shortestReason is what a reason in words needs at least, in letters.
const shortestReason = 10

// Make sets the days.
func Make(in Input) (*Schedule, error) {
	if in.Plan.Nothing != "" {
		return nil, fmt.Errorf("there is nothing to schedule: %s", in.Plan.Nothing)
	}
	if len(in.Plan.Sessions) == 0 {
		return nil, errors.New("the plan has no sessions")
	}
	if in.First.Before(in.Made) {
		return nil, fmt.Errorf("the first session on %s would lie before today, %s", in.First, in.Made)
	}
	m := maker{in: in}
	s := &Schedule{
		Schema: Schema, Generator: in.Generator, Case: in.Plan.Case, Made: in.Made.String(), Studio: in.Settings.Studio,
		TimeZone: in.Settings.Zone().String(), Notes: []string{},
	}
	first, err := m.open(in.First, in.First.AddDays(furthest))
	if err != nil {
		return nil, err
	}
	if s.Screening, err = m.screened(first); err != nil {
		return nil, err
	}
	if err := m.sessions(first); err != nil {
		return nil, err
	}
	if err := m.pigments(); err != nil {
		return nil, err
	}
	if err := m.after(); err != nil {
		return nil, err
	}
	s.Events, s.Notes = updated(in.Last, m.events), append(s.Notes, m.notes...)
	return s, s.Validate()
}

// screened asks screening for the day of the first session.
func (m *maker) screened(first civil.Date) (Screening, error) {
	s := Screening{Outcome: "none", Reasons: []string{}, Override: strings.TrimSpace(m.in.Override)}
	why := "nobody asked the client what speaks against it: use pointille screen"
	if a := m.in.Answers; a != nil {
		if a.Case != m.in.Plan.Case {
			return s, fmt.Errorf("the answers are of %q, the plan of %q", a.Case, m.in.Plan.Case)
		}
		r := screening.Screen(a, m.in.Settings.Rules(), first)
		if m.in.Made.Before(r.Asked) {
			return s, fmt.Errorf("the answers are of %s, which is still to come", r.Asked)
		}
		if r.Asked.Before(first) { // fever or antibiotics are a matter of the day
			m.note("The answers are of %s: ask again on the day of every session.", r.Asked)
		}
		s.Outcome, s.Asked = string(r.Outcome), a.Asked
		for _, x := range r.Reasons {
			s.Reasons = append(s.Reasons, x.Sentence("en"))
		}
		if r.Outcome == screening.Go {
			s.Override = "" // there was nothing to override
			return s, nil
		}
		why = r.Sentence("en") + " (" + r.Note("en") + ")"
	}
	switch n := len([]rune(s.Override)); {
	case n == 0:
		return s, fmt.Errorf("screening does not allow a session on %s: %s", first, why)
	case n < shortestReason:
		return s, fmt.Errorf("an override needs its reason in words, not %q", s.Override)
	}
	m.note("Screening was overridden: %s. The artist's reason: %s", why, s.Override)
	return s, nil
}

// updated gives events their sequence: what the last schedule had and has not
// changed keeps it, what changed goes up, what is no more is cancelled.
func updated(last *Schedule, events []Event) []Event {
	if last == nil {
		return events
	}
	known := map[string]Event{}
	for _, e := range last.Events {
		known[e.UID] = e
	}
	for i, e := range events {
		old, ok := known[e.UID]
		if !ok {
			continue
		}
		events[i].Sequence = old.Sequence
		if events[i] != old {
			events[i].Sequence++
		}
		delete(known, e.UID)
	}
	for _, old := range last.Events {
		if _, gone := known[old.UID]; !gone {
			continue
		}
		if !old.Cancelled {
			old.Cancelled = true
			old.Sequence++
		}
		events = append(events, old)
	}
	return events
}

// Validate returns a *document.Error for the first member that cannot be.
func (s *Schedule) Validate() error {
	var c document.Check
	if s.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", s.Schema, Schema)
	}
	if strings.TrimSpace(s.Case) == "" {
		c.Failf("case", "missing")
	}
	c.Day("made", s.Made)
	if err := (settings.Settings{TimeZone: s.TimeZone}).Validate(); err != nil {
		c.Failf("time_zone", "%q is no time zone", s.TimeZone)
	}
	c.OneOf("screening.outcome", s.Screening.Outcome, "go", "wait", "certificate", "no", "none")
	seen := map[string]bool{}
	for i, e := range s.Events {
		at := document.At("events", i)
		if e.UID == "" || seen[e.UID] {
			c.Failf(at+".uid", "%q is missing or stands twice", e.UID)
		}
		seen[e.UID] = true
		e.check(&c, at)
	}
	return c.Err()
}

func (e Event) check(c *document.Check, at string) {
	c.OneOf(at+".kind", e.Kind, Session, Correction, Shave, Sport, HealedDay, Refresher)
	c.Day(at+".date", e.Date)
	c.Within(at+".sequence", float64(e.Sequence), 0, 1e6, "")
	c.Within(at+".number", float64(e.Number), 0, 100, "")
	if appointment := e.Kind == Session || e.Kind == Correction; appointment || e.Start != "" || e.Minutes != 0 {
		if _, err := settings.Minutes(e.Start); err != nil {
			c.Failf(at+".start", "%v", err)
		}
		c.Within(at+".minutes", float64(e.Minutes), 1, 24*60, "minutes")
	}
}
