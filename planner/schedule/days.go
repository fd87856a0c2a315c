package schedule

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pointille/internal/civil"
	"pointille/planner/ledger"
	"pointille/planner/plan"
	"pointille/planner/settings"
	"pointille/planner/treatment"
)

const (
	furthest = 120 // days within which a studio must be open once
	quarter  = 15  // minutes to which appointments are rounded up
)

// maker sets days one after the other.
type maker struct {
	in     Input
	days   []civil.Date // of the sessions
	events []Event
	notes  []string
}

func (m *maker) note(format string, args ...any) {
	m.notes = append(m.notes, fmt.Sprintf(format, args...))
}

// open returns the first open day from one to another.
func (m *maker) open(from, to civil.Date) (civil.Date, error) {
	for d := from; !to.Before(d); d = d.AddDays(1) {
		if open, _ := m.in.Settings.Open(d); open {
			return d, nil
		}
	}
	return civil.Date{}, fmt.Errorf("the studio is closed from %s to %s: see open_days and closed in its settings", from, to)
}

// sessions sets every session, the first on a day that is open.
func (m *maker) sessions(first civil.Date) error {
	if first != m.in.First {
		_, why := m.in.Settings.Open(m.in.First)
		m.note("The studio is %s on %s: the first session is on %s.", why, m.in.First, first)
	}
	low, high := m.in.Settings.Gap()
	day := first
	for i, s := range m.in.Plan.Sessions {
		if i > 0 {
			last := day
			var err error
			if day, err = m.open(last.AddDays(low), last.AddDays(high+furthest)); err != nil {
				return err
			}
			if gap := last.DaysTo(day); gap > high {
				m.note("Session %d is %d days after the one before; the rule is %d to %d: the studio is closed then.", i+1, gap, low, high)
			}
		}
		length, err := m.length(s)
		if err != nil {
			return err
		}
		m.days = append(m.days, day)
		if err := m.appointment(Session, i+1, day, length); err != nil {
			return err
		}
	}
	return m.correction()
}

// length is how long a session is booked, minutes: as long as its dots take,
// within what the studio's table has.
func (m *maker) length(s plan.Session) (int, error) {
	row := treatment.SittingOf(s.Number)
	hours := s.Hours
	if rate := m.in.Settings.DotsPerHour; rate > 0 {
		hours = float64(s.Dots) / rate
	}
	if hours > row.HighH {
		return 0, fmt.Errorf("session %d takes %.1f h for %d dots, and the rule is %g to %g h: plan more sessions (wishes: sessions.count)",
			s.Number, hours, s.Dots, row.LowH, row.HighH)
	}
	minutes := math.Max(row.LowH, hours) * 60
	return quarter * int(math.Ceil(minutes/quarter-1e-9)), nil
}

func (m *maker) appointment(kind string, number int, day civil.Date, length int) error {
	opens, closes := m.in.Settings.Hours()
	start := opens
	if m.in.Start != "" {
		var err error
		if start, err = settings.Minutes(m.in.Start); err != nil {
			return err
		}
	}
	if start < opens || start+length > closes {
		return fmt.Errorf("session %d from %s to %s does not fit: the studio is open from %s to %s", number, settings.Clock(start), settings.Clock(start+length), settings.Clock(opens), settings.Clock(closes))
	}
	m.add(Event{Kind: kind, Number: number, Date: day.String(), Start: settings.Clock(start), Minutes: length})
	return nil
}

// correction makes sure that one session falls in the weeks of correction after
// the first; else it sets an appointment there.
func (m *maker) correction() error {
	row := treatment.SittingOf(1)
	from, to := m.days[0].AddDays(row.CorrectionLow), m.days[0].AddDays(row.CorrectionHigh)
	for _, d := range m.days[1:] {
		if !d.Before(from) && !to.Before(d) {
			return nil
		}
	}
	if len(m.days) > 1 {
		m.note("No session lies %d to %d days after the first (%s to %s), when hairline and colour are corrected.", row.CorrectionLow, row.CorrectionHigh, from, to)
		return nil
	}
	day, err := m.open(from, to)
	if err != nil {
		m.note("No correction could be set %d to %d days after the session: %v.", row.CorrectionLow, row.CorrectionHigh, err)
		return nil
	}
	second := treatment.SittingOf(treatment.LeastSessions)
	return m.appointment(Correction, 1, day, int(second.LowH*60))
}

// pigments refuses a bottle that breaks a rule on the day of a session.
func (m *maker) pigments() error {
	for _, b := range m.in.Bottles {
		for i, d := range m.days {
			for _, f := range ledger.Check(b, d) {
				if f.Blocks {
					return fmt.Errorf("bottle %s must not be used in session %d on %s: %s", b.ID, i+1, d, f)
				}
			}
		}
	}
	return nil
}

// after sets the days that follow sessions.
func (m *maker) after() error {
	rules := map[string]treatment.Care{}
	for _, c := range m.in.Settings.AfterRules() {
		rules[c.ID] = c
	}
	for i, d := range m.days {
		m.add(Event{Kind: Shave, Number: i + 1, Date: d.AddDays(rules["shave"].From).String()})
		m.add(Event{Kind: Sport, Number: i + 1, Date: d.AddDays(rules["little_sweat"].To + 1).String()})
	}
	last := m.days[len(m.days)-1]
	for _, e := range m.events {
		if d, err := civil.Parse(e.Date); err == nil && e.Kind == Correction {
			last = civil.Later(last, d)
		}
	}
	m.add(Event{Kind: HealedDay, Date: treatment.HealedOn(last).String()})
	back := last.AddMonths(m.in.Settings.Refresher())
	day, err := m.open(back, back.AddDays(furthest))
	if err != nil {
		return err
	}
	m.add(Event{Kind: Refresher, Date: day.String()})
	slices.SortStableFunc(m.events, func(a, b Event) int { return strings.Compare(a.Date, b.Date) })
	return nil
}

// add gives an event its name for ever: it depends on what it is, never on when.
func (m *maker) add(e Event) {
	sum := sha256.Sum256([]byte(m.in.Plan.Case + "\x00" + e.Kind + "\x00" + strconv.Itoa(e.Number)))
	e.UID = hex.EncodeToString(sum[:16]) + "@pointille"
	m.events = append(m.events, e)
}
