// Package civil is the calendar without clocks: days as people name them, the
// same in every time zone.
//
// A Date is a day of the Gregorian calendar, written 2026-03-31. The zero Date
// is no day and comes before all others. Parsing is the only source of errors.
package civil

import (
	"fmt"
	"time"
)

// Date is a day.
type Date struct {
	year  int
	month time.Month
	day   int
}

// Of returns the day; days beyond the month run on into the next.
func Of(year int, month time.Month, day int) Date {
	return from(time.Date(year, month, day, 0, 0, 0, 0, time.UTC))
}

// On returns the day that t shows on its own clock.
func On(t time.Time) Date { return from(t) }

func from(t time.Time) Date {
	y, m, d := t.Date()
	return Date{y, m, d}
}

// First and last year that Parse takes: what a treatment can have to do with.
const (
	firstYear = 1900
	lastYear  = 2200
)

// Parse reads a day written as in 2026-03-31.
func Parse(s string) (Date, error) {
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return Date{}, fmt.Errorf("%q is no date as in 2026-03-31", s)
	}
	if y := t.Year(); y < firstYear || y > lastYear {
		return Date{}, fmt.Errorf("%q is no date between %d and %d", s, firstYear, lastYear)
	}
	return from(t), nil
}

// String writes the day as Parse reads it; the zero Date is empty.
func (d Date) String() string {
	if d.IsZero() {
		return ""
	}
	return d.midnight().Format(time.DateOnly)
}

// IsZero reports whether d is no day.
func (d Date) IsZero() bool { return d == Date{} }

// Before reports whether d is earlier than e.
func (d Date) Before(e Date) bool { return d.compare(e) < 0 }

func (d Date) compare(e Date) int {
	switch {
	case d.year != e.year:
		return d.year - e.year
	case d.month != e.month:
		return int(d.month - e.month)
	}
	return d.day - e.day
}

// Later returns the later of two days.
func Later(d, e Date) Date {
	if d.Before(e) {
		return e
	}
	return d
}

// AddDays returns the day n days on, or back where n is negative.
func (d Date) AddDays(n int) Date { return Of(d.year, d.month, d.day+n) }

// AddMonths returns the same day of the month n months on, or that month's last
// day where it has no such day: 31 January and a month is 28 or 29 February.
// So are periods counted in law (Regulation (EEC) 1182/71, article 3).
func (d Date) AddMonths(n int) Date {
	first := Of(d.year, d.month+time.Month(n), 1)
	last := Of(first.year, first.month+1, 0).day
	return Of(first.year, first.month, min(d.day, last))
}

// DaysTo returns how many days e lies after d.
func (d Date) DaysTo(e Date) int {
	return int(e.midnight().Sub(d.midnight()) / (24 * time.Hour))
}

// Weekday returns the day of the week.
func (d Date) Weekday() time.Weekday { return d.midnight().Weekday() }

// At returns the moment of the day at a time of a zone's clock. Where the clock
// skips that time it is the one after the gap, as the time package has it.
func (d Date) At(hour, minute int, zone *time.Location) time.Time {
	return time.Date(d.year, d.month, d.day, hour, minute, 0, 0, zone)
}

// midnight is the day's beginning where days are all 24 hours long.
func (d Date) midnight() time.Time {
	return time.Date(d.year, d.month, d.day, 0, 0, 0, 0, time.UTC)
}
