package ical_test

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"pointille/internal/civil"
	"pointille/internal/ical"
)

func ExampleEncode() {
	c := ical.Calendar{Producer: "Pointille 1", Name: "Case K-1", Events: []ical.Event{{
		UID: "a@pointille", Stamp: time.Date(2026, 11, 27, 0, 0, 0, 0, time.UTC), Day: civil.Of(2027, 2, 28), Summary: "Healed; at last",
		Alarms: []ical.Alarm{{Before: -9 * time.Hour, Text: "Healed"}},
	}}}
	fmt.Print(strings.ReplaceAll(string(ical.Encode(c)), "\r\n", "\n"))
	// Output:
	// BEGIN:VCALENDAR
	// VERSION:2.0
	// PRODID:-//Pointille 1//EN
	// CALSCALE:GREGORIAN
	// METHOD:PUBLISH
	// X-WR-CALNAME:Case K-1
	// BEGIN:VEVENT
	// UID:a@pointille
	// SEQUENCE:0
	// DTSTAMP:20261127T000000Z
	// DTSTART;VALUE=DATE:20270228
	// DTEND;VALUE=DATE:20270301
	// TRANSP:TRANSPARENT
	// SUMMARY:Healed\; at last
	// STATUS:CONFIRMED
	// BEGIN:VALARM
	// ACTION:DISPLAY
	// TRIGGER:PT9H0M
	// DESCRIPTION:Healed
	// END:VALARM
	// END:VEVENT
	// END:VCALENDAR
}

func one(e ical.Event) string { return string(ical.Encode(ical.Calendar{Events: []ical.Event{e}})) }

func TestTimes(t *testing.T) {
	zone := time.FixedZone("east", 3*3600)
	out := one(ical.Event{Start: time.Date(2026, 12, 31, 1, 30, 0, 0, zone), Length: 90 * time.Minute, Alarms: []ical.Alarm{
		{Before: 72 * time.Hour}, {Before: 25*time.Hour + 15*time.Minute}, {Before: 0},
	}})
	for _, want := range []string{"DTSTART:20261230T223000Z", "DTEND:20261231T000000Z", "TRIGGER:-P3D\r", "TRIGGER:-P1DT1H15M\r", "TRIGGER:PT0H0M\r"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %s in\n%s", want, out)
		}
	}
	if out := one(ical.Event{Cancelled: true, Alarms: []ical.Alarm{{}}}); !strings.Contains(out, "STATUS:CANCELLED") || strings.Contains(out, "VALARM") {
		t.Error("a cancelled event still calls")
	}
}

// Whatever stands in a text, lines stay short and whole, and unfolding and
// unescaping gives the text back.
func FuzzEncode(f *testing.F) {
	f.Add("Sesija 1, ķirurģija; \\ \n" + strings.Repeat("ā", 100))
	f.Add("END:VEVENT\r\nBEGIN:VEVENT")
	f.Fuzz(func(t *testing.T, s string) {
		out := ical.Encode(ical.Calendar{Events: []ical.Event{{Text: "x" + s}}})
		for line := range bytes.SplitSeq(out, []byte("\r\n")) {
			if len(line) > 75 || bytes.ContainsAny(line, "\r\n") || !utf8.Valid(line) {
				t.Fatalf("a line of %d octets: %q", len(line), line)
			}
		}
		if n := bytes.Count(out, []byte("\r\nBEGIN:VEVENT\r\n")); n != 1 {
			t.Fatalf("%d events", n)
		}
		whole := strings.ReplaceAll(string(out), "\r\n ", "")
		_, rest, _ := strings.Cut(whole, "\r\nDESCRIPTION:")
		got, _, _ := strings.Cut(rest, "\r\n")
		got = strings.NewReplacer(`\\`, `\`, `\;`, ";", `\,`, ",", `\n`, "\n").Replace(got)
		want := strings.Map(func(r rune) rune {
			if r < ' ' && r != '\n' || r == 0x7f {
				return -1
			}
			return r
		}, strings.ToValidUTF8("x"+s, "?"))
		if got != want {
			t.Fatalf("%q is read back as %q", want, got)
		}
	})
}
