package treatment

import (
	"pointille/internal/civil"
	"pointille/planner/craft"
)

// Sitting is a session as the studio holds it.
type Sitting struct {
	Number         int     // from 1; the last one stands for all that follow
	LowH, HighH    float64 // usual length, hours
	Low, High      int     // days after the session before; 0 for the first
	Optional       bool
	Purpose        Text
	CorrectionLow  int // days after the first session within which a correction is always scheduled
	CorrectionHigh int
	Source         string
}

// Sittings returns the rows of sessions. Their lengths and distances are the
// craft's numbers, which planning works by too.
func Sittings() []Sitting {
	gap := craft.SessionGap()
	row := func(n int, optional bool, purpose Text) Sitting {
		hours := craft.SessionHours(n)
		s := Sitting{
			Number: n, LowH: hours.Low, HighH: hours.High, Optional: optional, Purpose: purpose,
			CorrectionLow: 14, CorrectionHigh: 28, Source: sessionRows,
		}
		if n > 1 {
			s.Low, s.High = int(gap.Low), int(gap.High)
		}
		return s
	}
	return []Sitting{
		row(1, false, Text{"lays the ground", "ieliek pamatu"}),
		row(2, false, Text{"corrects hairline and colour after healing", "pēc sadzīšanas labo matu līniju un krāsu"}),
		row(3, true, Text{"completes", "pabeidz"}),
	}
}

// LeastSessions is how many every package has.
const LeastSessions = 2

// SittingOf returns the row of session n, from 1.
func SittingOf(n int) Sitting {
	rows := Sittings()
	return rows[max(0, min(n, len(rows))-1)]
}

// Course is what is seen at a time after a session.
type Course struct {
	ID     string
	After  Span // from the session it names
	Last   bool // counted from the last session
	Text   Text
	Source string
}

// TimeCourse returns the rows of the time course.
func TimeCourse() []Course {
	return []Course{
		{"at_once", Span{}, false, Text{"The result shows at once; dots are darker than they will be. Redness for 2 to 10 hours, depending on the skin.",
			"Rezultāts redzams uzreiz; punkti ir tumšāki, nekā būs. Apsārtums 2 līdz 10 stundas, atkarībā no ādas."}, courseRows},
		{"next_day", Span{Days: 1}, false, Text{"Next day: normal life and work.", "Nākamajā dienā: parasta dzīve un darbs."}, courseRows},
		{"surface", Span{Days: 7}, false, Text{"Up to 7 days: the surface heals.", "Līdz 7 dienām: dzīst virsma."}, courseRows},
		{"true_colour", Span{Days: 21}, false, Text{"True colour, after 2 to 3 weeks.", "Īstā krāsa, pēc 2 līdz 3 nedēļām."}, courseRows},
		{"healed", Span{Months: 1}, true, Text{"Fully healed, 1 month after the last session.", "Pilnībā sadzijis, 1 mēnesi pēc pēdējā seansa."}, courseRows},
		{"years", Span{Months: 24}, true, Text{"The dots fade over the years; care slows it. A refresher follows after months or years.",
			"Ar gadiem punkti izbalē; kopšana to palēnina. Pēc mēnešiem vai gadiem seko atsvaidzināšana."}, courseRows + "; two years until the reminder: assumption"},
	}
}

// CourseLines returns the sentences of the time course in a language.
func CourseLines(lang string) []string {
	var out []string
	for _, c := range TimeCourse() {
		out = append(out, c.Text.In(lang))
	}
	return out
}

// HealedOn is when the skin has healed after the last session.
func HealedOn(last civil.Date) civil.Date {
	for _, c := range TimeCourse() {
		if c.ID == "healed" {
			return c.After.After(last)
		}
	}
	return last
}
