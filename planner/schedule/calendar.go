package schedule

import (
	"fmt"
	"strings"
	"time"
	_ "time/tzdata" // clocks of all zones, whatever the machine has

	"pointille/internal/civil"
	"pointille/internal/ical"
	"pointille/planner/settings"
	"pointille/planner/treatment"
)

// morning is when whole-day reminders call, after midnight.
const morning = 9 * time.Hour

// Calendar returns the schedule as a file that calendar programs import, with
// alarms that tell what to do and to leave by the rules before a session. It
// holds the case's code, no name.
func (s *Schedule) Calendar(lang string, before []treatment.Care) []byte {
	made, _ := civil.Parse(s.Made)
	c := ical.Calendar{Producer: s.Generator, Name: name(s, lang)}
	sessions := 0
	for _, e := range s.Events {
		if e.Kind == Session && !e.Cancelled {
			sessions++
		}
	}
	for _, e := range s.Events {
		c.Events = append(c.Events, s.entry(e, sessions, made, lang, before))
	}
	return ical.Encode(c)
}

func name(s *Schedule, lang string) string {
	t := treatment.Text{EN: "Case " + s.Case, LV: "Lieta " + s.Case}.In(lang)
	if s.Studio != "" {
		t = s.Studio + ": " + t
	}
	return t
}

func (s *Schedule) entry(e Event, sessions int, made civil.Date, lang string, before []treatment.Care) ical.Event {
	day, _ := civil.Parse(e.Date)
	title, text := e.words(sessions, lang)
	out := ical.Event{
		UID: e.UID, Sequence: e.Sequence, Stamp: made.At(0, 0, time.UTC), Summary: title + " · " + name(s, lang), Text: text, Cancelled: e.Cancelled,
	}
	if e.Start == "" {
		out.Day = day
		out.Alarms = []ical.Alarm{{Before: -morning, Text: title}}
		return out
	}
	zone, err := time.LoadLocation(s.TimeZone)
	if err != nil {
		zone = time.UTC // Validate has refused it
	}
	minutes, _ := settings.Minutes(e.Start)
	out.Start, out.Length = day.At(minutes/60, minutes%60, zone), time.Duration(e.Minutes)*time.Minute
	out.Alarms = alarms(day, out.Start, before, lang)
	return out
}

// alarms call in the morning of every day on which something must be done or
// left before a session, and two hours before it.
func alarms(day civil.Date, start time.Time, before []treatment.Care, lang string) []ical.Alarm {
	var out []ical.Alarm
	last := 0
	for _, c := range before {
		if c.From >= 0 {
			continue
		}
		at := start.Sub(day.AddDays(c.From).At(int(morning/time.Hour), 0, start.Location()))
		if n := len(out); n > 0 && c.From == last {
			out[n-1].Text += " " + c.Text.In(lang)
			continue
		}
		last = c.From
		if c.ID == "no_shave" { // 72 hours, not three mornings
			at = -time.Duration(c.From) * 24 * time.Hour
		}
		out = append(out, ical.Alarm{Before: at, Text: c.Text.In(lang)})
	}
	var text []string
	for _, c := range before {
		if c.From == 0 {
			text = append(text, c.Text.In(lang))
		}
	}
	return append(out, ical.Alarm{Before: 2 * time.Hour, Text: strings.Join(text, " ")})
}

// words are an event's title and what it says.
func (e Event) words(sessions int, lang string) (title, text string) {
	t := func(en, lv string) string { return treatment.Text{EN: en, LV: lv}.In(lang) }
	switch e.Kind {
	case Session:
		return fmt.Sprintf(t("Session %d of %d", "%d. seanss no %d"), e.Number, sessions), purpose(e.Number, lang)
	case Correction:
		return t("Correction", "Korekcija"), t("Belongs to the work: without it the work is not complete.", "Darba daļa: bez tās darbs nav pabeigts.")
	case Shave:
		return fmt.Sprintf(t("Shaving is allowed again (session %d)", "Atkal drīkst skūties (%d. seanss)"), e.Number), t("Earliest day.", "Agrākā diena.")
	case Sport:
		return fmt.Sprintf(t("Sport is allowed again (session %d)", "Atkal drīkst sportot (%d. seanss)"), e.Number), t("Sweat no longer matters.", "Sviedri vairs nekaitē.")
	case HealedDay:
		return t("Fully healed", "Pilnībā sadzijis"), t("Sauna, pool and sun are allowed again.", "Atkal drīkst pirtī, baseinā un saulē.")
	}
	return t("Time for a refresher?", "Vai laiks atsvaidzināt?"), t("The dots fade over the years.", "Ar gadiem punkti izbalē.")
}

func purpose(number int, lang string) string { return treatment.SittingOf(number).Purpose.In(lang) }
