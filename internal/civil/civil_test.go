package civil_test

import (
	"fmt"
	"testing"
	"time"
	_ "time/tzdata" // not every machine has time zones

	"pgregory.net/rapid"

	"pointille/internal/civil"
)

func ExampleDate_AddMonths() {
	fmt.Println(civil.Of(2026, time.January, 31).AddMonths(1))
	fmt.Println(civil.Of(2028, time.January, 31).AddMonths(1))
	fmt.Println(civil.Of(2028, time.February, 29).AddMonths(12))
	// Output:
	// 2026-02-28
	// 2028-02-29
	// 2029-02-28
}

func TestParse(t *testing.T) {
	for _, s := range []string{"2026-03-31", "2028-02-29", "1900-01-01", "2200-12-31"} {
		if d, err := civil.Parse(s); err != nil || d.String() != s {
			t.Errorf("%s: %v, %v", s, d, err)
		}
	}
	for _, s := range []string{"", "2026-02-29", "31.3.2026", "2026-3-1", "1899-12-31", "2201-01-01", "2026-13-01", "2026-01-01T00:00", "٢٠٢٦-٠١-٠١"} {
		if d, err := civil.Parse(s); err == nil {
			t.Errorf("%q is taken as %v", s, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	f.Add("2028-02-29")
	f.Add("0000-00-00")
	f.Fuzz(func(t *testing.T, s string) {
		if d, err := civil.Parse(s); err == nil && d.String() != s {
			t.Errorf("%q is read as %v", s, d)
		}
	})
}

func day(t *rapid.T, name string) civil.Date {
	return civil.Of(1900, time.January, 1).AddDays(rapid.IntRange(0, 109_000).Draw(t, name))
}

// Days and months must count as a calendar does, over leap years and whatever
// the clocks of a zone do.
func TestCounting(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := day(t, "d")
		n := rapid.IntRange(-1000, 1000).Draw(t, "n")
		e := d.AddDays(n)
		if d.DaysTo(e) != n || e.AddDays(-n) != d || e.Before(d) != (n < 0) {
			t.Fatalf("%v and %d days is %v", d, n, e)
		}
		if w := (int(d.Weekday()) + n%7 + 7) % 7; int(e.Weekday()) != w {
			t.Fatalf("%v is a %v, %v a %v", d, d.Weekday(), e, e.Weekday())
		}
		months := rapid.IntRange(0, 48).Draw(t, "months")
		m := d.AddMonths(months)
		if gap := d.DaysTo(m); gap < months*30-2*(months+11)/12-1 || gap > months*31 {
			t.Fatalf("%v and %d months is %v, %d days on", d, months, m, gap)
		}
		if later := d.AddDays(1).AddMonths(months); later.Before(m) {
			t.Fatalf("a day later %d months end earlier", months)
		}
		if back, err := civil.Parse(d.String()); err != nil || back != d {
			t.Fatalf("%v is read back as %v: %v", d, back, err)
		}
	})
}

// The day of a moment is that of its own zone's clock.
func TestZones(t *testing.T) {
	zones := []string{"Europe/Riga", "America/New_York", "Pacific/Auckland", "UTC"}
	rapid.Check(t, func(t *rapid.T) {
		zone, err := time.LoadLocation(rapid.SampledFrom(zones).Draw(t, "zone"))
		if err != nil {
			t.Fatal(err)
		}
		d, hour := day(t, "d"), rapid.IntRange(4, 23).Draw(t, "hour") // before that clocks are changed
		at := d.At(hour, 30, zone)
		if civil.On(at) != d || at.Hour() != hour {
			t.Fatalf("%v at %d is %v", d, hour, at)
		}
	})
}
