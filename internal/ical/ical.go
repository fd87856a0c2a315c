// Package ical writes calendars in the form that Apple's and Google's programs
// import (iCalendar, RFC 5545): events with alarms, timed or whole days.
//
// Times are written in UTC, so that no description of time zones is needed and
// every reader shows them on its own clock. The same calendar gives the same
// bytes. Writing cannot fail.
package ical

import (
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"pointille/internal/civil"
)

// Calendar is a file.
type Calendar struct {
	Producer string // program and version
	Name     string
	Events   []Event
}

// Event is one entry. Either Start and Length are given, or Day.
type Event struct {
	UID       string    // the same for ever; a reader replaces the event it knows under it
	Sequence  int       // rises with every change
	Stamp     time.Time // when this version was made
	Start     time.Time
	Length    time.Duration
	Day       civil.Date // of a whole-day event
	Summary   string
	Text      string
	Cancelled bool
	Alarms    []Alarm
}

// Alarm is a reminder.
type Alarm struct {
	Before time.Duration // the beginning; negative: after it
	Text   string
}

const (
	stampForm = "20060102T150405Z"
	longest   = 75 // octets of a line
)

// Encode returns the file.
func Encode(c Calendar) []byte {
	w := &writer{}
	w.line("BEGIN", "VCALENDAR")
	w.line("VERSION", "2.0")
	w.line("PRODID", "-//"+text(c.Producer)+"//EN")
	w.line("CALSCALE", "GREGORIAN")
	w.line("METHOD", "PUBLISH")
	w.line("X-WR-CALNAME", text(c.Name))
	for _, e := range c.Events {
		w.event(e)
	}
	w.line("END", "VCALENDAR")
	return w.b.Bytes()
}

type writer struct{ b bytes.Buffer }

func (w *writer) event(e Event) {
	w.line("BEGIN", "VEVENT")
	w.line("UID", text(e.UID))
	w.line("SEQUENCE", fmt.Sprint(e.Sequence))
	w.line("DTSTAMP", e.Stamp.UTC().Format(stampForm))
	if e.Day.IsZero() {
		w.line("DTSTART", e.Start.UTC().Format(stampForm))
		w.line("DTEND", e.Start.Add(e.Length).UTC().Format(stampForm))
	} else {
		w.line("DTSTART;VALUE=DATE", compact(e.Day))
		w.line("DTEND;VALUE=DATE", compact(e.Day.AddDays(1)))
		w.line("TRANSP", "TRANSPARENT") // the day stays free for others
	}
	w.line("SUMMARY", text(e.Summary))
	if e.Text != "" {
		w.line("DESCRIPTION", text(e.Text))
	}
	status := "CONFIRMED"
	if e.Cancelled {
		status = "CANCELLED"
	}
	w.line("STATUS", status)
	if !e.Cancelled {
		for _, a := range e.Alarms {
			w.alarm(a)
		}
	}
	w.line("END", "VEVENT")
}

func (w *writer) alarm(a Alarm) {
	w.line("BEGIN", "VALARM")
	w.line("ACTION", "DISPLAY")
	w.line("TRIGGER", duration(-a.Before))
	w.line("DESCRIPTION", text(a.Text))
	w.line("END", "VALARM")
}

// duration writes a length of time of whole minutes, as in -P1DT30M.
func duration(d time.Duration) string {
	sign := ""
	if d < 0 {
		sign, d = "-", -d
	}
	minutes := int(d / time.Minute)
	s := sign + "P"
	if days := minutes / (24 * 60); days > 0 {
		s += fmt.Sprintf("%dD", days)
		minutes %= 24 * 60
		if minutes == 0 {
			return s
		}
	}
	return s + fmt.Sprintf("T%dH%dM", minutes/60, minutes%60)
}

func compact(d civil.Date) string { return strings.ReplaceAll(d.String(), "-", "") }

// text escapes what has a meaning in values, and drops what cannot be printed.
func text(s string) string {
	var b strings.Builder
	for _, r := range strings.ToValidUTF8(s, "?") {
		switch {
		case r == '\\' || r == ';' || r == ',':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r < ' ' || r == 0x7f:
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// line writes a property, folded so that no line is too long; letters are not
// cut in two.
func (w *writer) line(name, value string) {
	s := name + ":" + value
	room := longest
	for len(s) > room {
		at := room
		for at > 0 && !utf8.RuneStart(s[at]) {
			at--
		}
		w.b.WriteString(s[:at] + "\r\n ")
		s, room = s[at:], longest-1
	}
	w.b.WriteString(s + "\r\n")
}
