// Package settings is the file in which a studio says how it works: its name
// and clock, when it is open, how fast the artist is, and where its rules differ
// from those of planner/treatment.
//
// Everything in it is optional. Because it is written by hand, reading refuses
// members it does not know and names the nearest one it knows; every error says
// which member is at fault and why. A rule that differs needs a reason: it is
// printed wherever the rule is used.
package settings

import (
	"fmt"
	"io"
	"math"
	"slices"
	"time"
	_ "time/tzdata" // clocks of all zones, whatever the machine has

	"pointille/internal/civil"
	"pointille/internal/document"
	"pointille/planner/treatment"
)

// Schema is the version that this program reads. The file need not name it.
const Schema = "pointille.settings/1"

// Settings is the document. The zero value works by planner/treatment.
type Settings struct {
	Schema           string               `json:"schema,omitempty"`             // pointille.settings/1, may be left out
	Studio           string               `json:"studio,omitempty"`             // its name, for calendars and consent
	Contact          string               `json:"contact,omitempty"`            // how clients reach it
	TimeZone         string               `json:"time_zone,omitempty"`          // as in Europe/Riga (default)
	Language         string               `json:"language,omitempty"`           // en (default) | lv
	OpenDays         []string             `json:"open_days,omitempty"`          // mon .. sun; default: mon to fri
	Opens            string               `json:"opens,omitempty"`              // 10:00 (default)
	Closes           string               `json:"closes,omitempty"`             // 18:00 (default)
	Closed           []Closed             `json:"closed,omitempty"`             // holidays
	DotsPerHour      float64              `json:"dots_per_hour,omitempty"`      // the artist's own pace; default: that of the plan
	Price            *Price               `json:"price,omitempty"`              // what a treatment costs; default: nothing is said of it
	RefresherMonths  int                  `json:"refresher_months,omitempty"`   // after the last session; default: 24
	Conditions       map[string]Condition `json:"conditions,omitempty"`         // rules of screening that differ, by name
	Care             map[string]Care      `json:"care,omitempty"`               // days of care that differ, by name
	SessionGapDays   []int                `json:"session_gap_days,omitempty"`   // [fewest, most] between sessions; default: [14, 21]
	SessionGapReason string               `json:"session_gap_reason,omitempty"` // why the gap differs
}

// Closed are days on which nobody is treated.
type Closed struct {
	From string `json:"from"`         // YYYY-MM-DD
	To   string `json:"to,omitempty"` // last day; default: the same
	Why  string `json:"why,omitempty"`
}

// Price is what a treatment costs: so much for each session, and for each hour of work.
type Price struct {
	Currency   string  `json:"currency"` // as EUR
	PerSession float64 `json:"per_session,omitempty"`
	PerHour    float64 `json:"per_hour,omitempty"`
}

// Of is the price of so many sessions and hours, in whole units of the currency.
func (p Price) Of(sessions int, hours float64) float64 {
	return math.Round(float64(sessions)*p.PerSession + hours*p.PerHour)
}

// Condition is a rule of screening that differs.
type Condition struct {
	Rule       string `json:"rule,omitempty"`        // go | leave_out | wait | certificate | no
	WaitMonths int    `json:"wait_months,omitempty"` // of a rule that waits
	WaitDays   int    `json:"wait_days,omitempty"`
	Reason     string `json:"reason"` // why the studio works otherwise
}

// Care are days of care that differ.
type Care struct {
	FromDay *int   `json:"from_day,omitempty"`
	ToDay   *int   `json:"to_day,omitempty"`
	Reason  string `json:"reason"`
}

// Read reads the settings at path. The error names the file, the member at
// fault and the cause. An empty path gives the zero Settings.
func Read(path string) (Settings, error) {
	if path == "" {
		return Settings{}, nil
	}
	return document.ReadFile(path, "settings", Decode)
}

// Decode reads settings. "$schema", which editors use, is passed over.
func Decode(r io.Reader) (Settings, error) {
	var s Settings
	if _, err := document.DecodeByHand(r, &s); err != nil {
		return Settings{}, err
	}
	return s, s.Validate()
}

// Zone returns the studio's clock.
func (s Settings) Zone() *time.Location {
	zone, err := time.LoadLocation(s.zone())
	if err != nil {
		return time.UTC // Validate has refused it
	}
	return zone
}

func (s Settings) zone() string {
	if s.TimeZone == "" {
		return "Europe/Riga" // the founding studio is there
	}
	return s.TimeZone
}

// Gap returns the fewest and the most days between two sessions.
func (s Settings) Gap() (low, high int) {
	if len(s.SessionGapDays) == 2 {
		return s.SessionGapDays[0], s.SessionGapDays[1]
	}
	second := treatment.SittingOf(treatment.LeastSessions)
	return second.Low, second.High
}

// Refresher returns the months after which a client is asked back.
func (s Settings) Refresher() int {
	if s.RefresherMonths > 0 {
		return s.RefresherMonths
	}
	for _, c := range treatment.TimeCourse() {
		if c.ID == "years" {
			return c.After.Months
		}
	}
	return 0
}

// Hours returns when the studio opens and closes, in minutes of the day.
func (s Settings) Hours() (opens, closes int) {
	opens, _ = clock(s.Opens, "10:00")
	closes, _ = clock(s.Closes, "18:00")
	return opens, closes
}

func clock(text, usual string) (minutes int, err error) {
	if text == "" {
		text = usual
	}
	return Minutes(text)
}

// Minutes reads a time of the day, as in 09:30, as minutes since midnight.
func Minutes(clock string) (int, error) {
	t, err := time.Parse("15:04", clock)
	if err != nil {
		return 0, fmt.Errorf("%q is no time as in 09:30", clock)
	}
	return t.Hour()*60 + t.Minute(), nil
}

// Clock writes minutes since midnight as Minutes reads them.
func Clock(minutes int) string { return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60) }

// Open reports whether the studio works on a day, and why not.
func (s Settings) Open(d civil.Date) (open bool, why string) {
	for _, c := range s.Closed {
		from, to := c.days()
		if !d.Before(from) && !to.Before(d) {
			if c.Why == "" {
				return false, "closed"
			}
			return false, c.Why
		}
	}
	if slices.Contains(s.openDays(), weekdays()[d.Weekday()]) {
		return true, ""
	}
	return false, "closed on " + d.Weekday().String() + "s"
}

func (s Settings) openDays() []string {
	if len(s.OpenDays) == 0 {
		return []string{"mon", "tue", "wed", "thu", "fri"}
	}
	return s.OpenDays
}

// weekdays are the names of days from Sunday on, as the time package counts.
func weekdays() []string { return []string{"sun", "mon", "tue", "wed", "thu", "fri", "sat"} }

func (c Closed) days() (from, to civil.Date) {
	from, _ = civil.Parse(c.From)
	if c.To == "" {
		return from, from
	}
	to, _ = civil.Parse(c.To)
	return from, to
}
