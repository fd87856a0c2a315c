package schedule_test

import (
	"bytes"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/civil"
	"pointille/planner/ledger"
	"pointille/planner/plan"
	"pointille/planner/schedule"
	"pointille/planner/screening"
	"pointille/planner/settings"
	"pointille/planner/treatment"
)

func Example() {
	s, err := schedule.Make(input(2, nil))
	fmt.Println(err)
	for _, e := range s.Events {
		fmt.Println(e.Date, e.Kind, e.Number, e.Start, e.Minutes)
	}
	// Output:
	// <nil>
	// 2026-12-01 session 1 10:00 150
	// 2026-12-08 shave 1  0
	// 2026-12-12 sport 1  0
	// 2026-12-15 session 2 10:00 150
	// 2026-12-22 shave 2  0
	// 2026-12-26 sport 2  0
	// 2027-01-15 healed 0  0
	// 2028-12-15 refresher 0  0
}

// answers are plain noes, and what is given.
func answers(more map[string]string) *screening.Answers {
	a := &screening.Answers{Schema: screening.Schema, Case: "K-0417", Asked: "2026-11-27", Answers: map[string]string{}}
	for _, c := range treatment.Conditions() {
		a.Answers[c.ID] = screening.No
	}
	for id, v := range more {
		a.Answers[id] = v
	}
	return a
}

// input is a plan of n sessions for a client with answers.
func input(n int, more map[string]string) schedule.Input {
	p := &plan.Plan{Schema: plan.Schema, Case: "K-0417"}
	for i := range n {
		p.Sessions = append(p.Sessions, plan.Session{Number: i + 1, Dots: 8000, Hours: 2.4, AfterDays: 14 * i})
	}
	return schedule.Input{
		Plan: p, Answers: answers(more), First: civil.Of(2026, 12, 1), Made: civil.Of(2026, 11, 27), Generator: "pointille test",
	}
}

func make1(t testing.TB, in schedule.Input) *schedule.Schedule {
	t.Helper()
	s, err := schedule.Make(in)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// of are the events of a kind that are not cancelled.
func of(s *schedule.Schedule, kind string) (out []schedule.Event) {
	for _, e := range s.Events {
		if e.Kind == kind && !e.Cancelled {
			out = append(out, e)
		}
	}
	return out
}

func day(t interface{ Fatal(...any) }, s string) civil.Date {
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestBlocked(t *testing.T) {
	none := input(2, nil)
	none.Answers = nil
	other := input(2, nil)
	other.Answers.Case = "K-1"
	tomorrow := input(2, nil)
	tomorrow.Answers.Asked = "2026-11-28"
	past := input(2, nil)
	past.First = civil.Of(2026, 11, 26)
	long := input(2, nil)
	long.Plan.Sessions[1].Hours = 3.2
	fast := input(2, nil)
	fast.Settings.DotsPerHour = 1900
	late := input(2, nil)
	late.Start = "16:00"
	odd := input(2, nil)
	odd.Start = "noon"
	closed := input(2, nil)
	closed.Settings.Closed = []settings.Closed{{From: "2026-11-01", To: "2027-12-31"}}
	nothing := input(0, nil)
	nothing.Plan.Nothing = "The hair is full."
	short := input(2, map[string]string{"diabetes": "yes"})
	short.Override = "ok"
	for name, c := range map[string]struct {
		in   schedule.Input
		want string
	}{
		"refused":     {input(2, map[string]string{"diabetes": "yes"}), "screening does not allow a session on 2026-12-01: no (not with diabetes"},
		"waiting":     {input(2, map[string]string{"surgery": "2026-11-20"}), "wait until 2026-12-20 (at least 1 month after surgery"},
		"certificate": {input(2, map[string]string{"visible_disease": "yes"}), "doctor's certificate needed"},
		"unknown":     {input(2, map[string]string{"hiv": "unknown"}), "not answered: counts as yes"},
		"not asked":   {none, "use pointille screen"},
		"other":       {other, `the answers are of "K-1", the plan of "K-0417"`},
		"no reason":   {short, "an override needs its reason in words"},
		"to come":     {tomorrow, "the answers are of 2026-11-28, which is still to come"},
		"past":        {past, "would lie before today"},
		"long":        {long, "session 2 takes 3.2 h for 8000 dots, and the rule is 2 to 3 h: plan more sessions"},
		"slow hand":   {fast, "session 1 takes 4.2 h"},
		"too late":    {late, "session 1 from 16:00 to 18:30 does not fit: the studio is open from 10:00 to 18:00"},
		"no time":     {odd, `"noon" is no time as in 09:30`},
		"closed":      {closed, "the studio is closed from 2026-12-01 to"},
		"nothing":     {nothing, "there is nothing to schedule: The hair is full."},
		"no sessions": {input(0, nil), "the plan has no sessions"},
	} {
		if s, err := schedule.Make(c.in); err == nil || s != nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v, want %q", name, err, c.want)
		}
	}
}

// A bottle must be fit for use on the day of every session.
func TestBottles(t *testing.T) {
	in := input(2, nil)
	in.Bottles = []ledger.Bottle{{ID: "black", Brand: "x", Batch: "1", Expires: "2026-12-15", Label: ledger.Label{Statement: true, Ingredients: true}}}
	make1(t, in)
	in.Bottles[0].Expires = "2026-12-14" // the day before session 2
	if _, err := schedule.Make(in); err == nil || !strings.Contains(err.Error(), "bottle black must not be used in session 2 on 2026-12-15: it expired on 2026-12-14 (studio rule 1") {
		t.Errorf("%v", err)
	}
	in.Bottles[0].Label.Statement = false
	if _, err := schedule.Make(in); err == nil || !strings.Contains(err.Error(), "REACH Annex XVII entry 75(7)(a)") {
		t.Errorf("%v", err)
	}
}

// The artist's reason stays in the schedule; where screening lets the client
// through there is nothing to override.
func TestOverride(t *testing.T) {
	in := input(2, map[string]string{"diabetes": "yes"})
	in.Override = "Her doctor treats it well, letter in the file"
	s := make1(t, in)
	if s.Screening.Override != in.Override || s.Screening.Outcome != "no" || len(s.Screening.Reasons) != 1 || !strings.Contains(strings.Join(s.Notes, " "), in.Override) {
		t.Errorf("%+v %q", s.Screening, s.Notes)
	}
	in = input(2, nil)
	in.Override = "not needed at all here"
	if s := make1(t, in); s.Screening.Override != "" || s.Screening.Outcome != "go" || len(s.Notes) != 1 || s.Notes[0] != "The answers are of 2026-11-27: ask again on the day of every session." {
		t.Errorf("%+v %q", s.Screening, s.Notes)
	}
}

func TestLengths(t *testing.T) {
	in := input(3, nil)
	in.Plan.Sessions[0].Hours, in.Plan.Sessions[1].Hours, in.Plan.Sessions[2].Hours = 0.4, 2.26, 1.0
	for i, want := range []int{120, 150, 60} {
		if e := of(make1(t, in), schedule.Session)[i]; e.Minutes != want {
			t.Errorf("session %d: %d minutes, want %d", i+1, e.Minutes, want)
		}
	}
	in.Settings.DotsPerHour = 3200
	in.Plan.Sessions[2].Dots = 4000
	for i, want := range []int{150, 150, 75} {
		if e := of(make1(t, in), schedule.Session)[i]; e.Minutes != want {
			t.Errorf("with the artist's pace, session %d: %d minutes, want %d", i+1, e.Minutes, want)
		}
	}
}

// A single session is followed by a correction in its weeks.
func TestCorrection(t *testing.T) {
	s := make1(t, input(1, nil))
	c := of(s, schedule.Correction)
	if len(c) != 1 || c[0].Date != "2026-12-15" || c[0].Minutes != 120 || of(s, schedule.HealedDay)[0].Date != "2027-01-15" {
		t.Errorf("%+v", s.Events)
	}
	if s := make1(t, input(2, nil)); len(of(s, schedule.Correction)) != 0 {
		t.Error("a correction beside session 2")
	}
	in := input(1, nil)
	in.Settings.Closed = []settings.Closed{{From: "2026-12-10", To: "2027-01-10"}}
	if s := make1(t, in); len(of(s, schedule.Correction)) != 0 || !strings.Contains(strings.Join(s.Notes, " "), "No correction could be set 14 to 28 days") {
		t.Errorf("%q", s.Notes)
	}
}

// Sessions keep their distance and fall on open days only, whatever is closed,
// over leap years and ends of years.
func TestDays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		in := input(rapid.IntRange(1, 5).Draw(t, "sessions"), nil)
		in.Plan.Sessions[0].Hours = 2
		for i := range in.Plan.Sessions {
			in.Plan.Sessions[i].Hours = 2.3
		}
		in.Made = civil.Of(2023, 11, 1).AddDays(rapid.IntRange(0, 2000).Draw(t, "made"))
		in.First = in.Made.AddDays(rapid.IntRange(0, 60).Draw(t, "first"))
		in.Answers.Asked = in.Made.String()
		in.Settings.OpenDays = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}), 1, 7, rapid.ID).Draw(t, "open")
		for range rapid.IntRange(0, 4).Draw(t, "holidays") {
			from := in.First.AddDays(rapid.IntRange(0, 90).Draw(t, "from"))
			in.Settings.Closed = append(in.Settings.Closed, settings.Closed{From: from.String(), To: from.AddDays(rapid.IntRange(0, 20).Draw(t, "days")).String()})
		}
		s, err := schedule.Make(in)
		if err != nil {
			t.Fatal(err)
		}
		low, high := in.Settings.Gap()
		var last civil.Date
		for i, e := range of(s, schedule.Session) {
			d := day(t, e.Date)
			if open, why := in.Settings.Open(d); !open || d.Before(in.First) {
				t.Fatalf("session %d on %s: %s", i+1, d, why)
			}
			if gap := last.DaysTo(d); !last.IsZero() && gap < low {
				t.Fatalf("session %d is %d days after the one before", i+1, gap)
			} else if !last.IsZero() && gap > high && !strings.Contains(strings.Join(s.Notes, " "), "days after the one before") {
				t.Fatalf("session %d is %d days after the one before, and nobody is told", i+1, gap)
			}
			last = d
		}
		for _, e := range s.Events {
			if d := day(t, e.Date); e.Kind == schedule.HealedDay && (last.DaysTo(d) < 28 || d.Before(last.AddMonths(1))) {
				t.Fatalf("healed on %s, %d days after the last session", d, last.DaysTo(d))
			}
		}
		if err := s.Validate(); err != nil {
			t.Fatal(err)
		}
	})
}

// Names stay, sequences rise with changes only, and what is no more is cancelled.
func TestUpdates(t *testing.T) {
	in := input(3, nil)
	first := make1(t, in)
	in.Last = first
	if again := make1(t, in); fmt.Sprint(again.Events) != fmt.Sprint(first.Events) {
		t.Error("nothing changed, and events differ")
	}
	in.First = civil.Of(2026, 12, 2)
	moved := make1(t, in)
	was := map[string]schedule.Event{}
	for _, e := range first.Events {
		was[e.UID] = e
	}
	for _, e := range moved.Events {
		old, ok := was[e.UID]
		if !ok || e.Sequence != old.Sequence+1 {
			t.Errorf("%s %d: %+v, was %+v", e.Kind, e.Number, e, old)
		}
	}
	in.Last = moved
	in.Plan.Sessions = in.Plan.Sessions[:2]
	fewer := make1(t, in)
	cancelled := 0
	for _, e := range fewer.Events {
		if e.Cancelled {
			cancelled++
			if e.Number != 3 || e.Sequence != 2 {
				t.Errorf("cancelled: %+v", e)
			}
		}
	}
	if cancelled != 3 { // session, shave, sport
		t.Errorf("%d events cancelled, want 3", cancelled)
	}
	in.Last = fewer
	in.Plan.Sessions = input(3, nil).Plan.Sessions
	if back := of(make1(t, in), schedule.Session); len(back) != 3 || back[2].Sequence != 3 {
		t.Errorf("session 3 again: %+v", back)
	}
}

func TestWrittenIsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "schedule.json")
	s := make1(t, input(2, nil))
	if err := schedule.Write(context.Background(), file, s); err != nil {
		t.Fatal(err)
	}
	r, err := schedule.Read(file)
	if err != nil || fmt.Sprint(*r) != fmt.Sprint(*s) {
		t.Errorf("%+v\n%+v\n%v", s, r, err)
	}
	if err := os.WriteFile(file, []byte(`{"schema": "pointille.schedule/9"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := schedule.Read(file); err == nil || !strings.Contains(err.Error(), "written by a newer Pointille") {
		t.Errorf("%v", err)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add([]byte(`{"schema": "pointille.schedule/1", "case": "K", "made": "2028-02-29", "time_zone": "Europe/Riga", "screening": {"outcome": "go"},
		"events": [{"uid": "a", "kind": "session", "number": 1, "date": "2028-02-29", "start": "10:00", "minutes": 90}, {"uid": "b", "kind": "healed", "date": "2028-03-29"}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := schedule.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		if out := s.Calendar("lv", treatment.Before()); !bytes.HasSuffix(out, []byte("END:VCALENDAR\r\n")) {
			t.Error("no calendar")
		}
		var b bytes.Buffer
		if err := schedule.Encode(&b, s); err != nil {
			t.Errorf("read but not written: %v", err)
		}
	})
}

// Appointments are at the studio's own clock, in summer and winter.
func TestClock(t *testing.T) {
	for first, want := range map[string]string{"2026-12-01": "DTSTART:20261201T080000Z", "2027-07-01": "DTSTART:20270701T070000Z"} {
		in := input(1, nil)
		in.First = day(t, first)
		if out := string(make1(t, in).Calendar("en", treatment.Before())); !strings.Contains(out, want) {
			t.Errorf("%s: no %s", first, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		in := input(1, nil)
		in.First = in.Made.AddDays(rapid.IntRange(0, 1500).Draw(t, "first"))
		in.Settings.TimeZone = rapid.SampledFrom([]string{"Europe/Riga", "America/New_York", "Asia/Kolkata", "Pacific/Auckland"}).Draw(t, "zone")
		s, err := schedule.Make(in)
		if err != nil {
			t.Fatal(err)
		}
		_, rest, _ := strings.Cut(string(s.Calendar("en", treatment.Before())), "DTSTART:")
		at, err := time.Parse("20060102T150405Z", rest[:16])
		if err != nil {
			t.Fatal(err)
		}
		if local := at.In(in.Settings.Zone()).Format("2006-01-02 15:04"); local != s.Events[0].Date+" 10:00" {
			t.Fatalf("%s shows as %s", s.Events[0].Date, local)
		}
	})
}
