package schedule_test

import (
	"bytes"
	"encoding/json"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/civil"
	"pointille/planner/schedule"
	"pointille/planner/treatment"
)

var update = flag.Bool("update", false, "write the calendars anew")

// calendars are the golden files: as first made, and in Latvian after the first
// session was moved and the third given up.
func calendars(t *testing.T) map[string][]byte {
	t.Helper()
	in := input(3, nil)
	in.Settings.Studio = "Studija Rīga"
	first := make1(t, in)
	in.Last, in.Made, in.First = first, civil.Of(2026, 11, 28), civil.Of(2026, 12, 5) // a Saturday
	in.Plan.Sessions = in.Plan.Sessions[:2]
	return map[string][]byte{"first.ics": first.Calendar("en", treatment.Before()), "moved.lv.ics": make1(t, in).Calendar("lv", treatment.Before())}
}

func TestGoldenCalendars(t *testing.T) {
	for name, got := range calendars(t) {
		file := filepath.Join("testdata", name)
		if *update {
			if err := os.WriteFile(file, got, 0o644); err != nil {
				t.Fatal(err)
			}
		}
		want, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(string(want), string(got)); diff != "" {
			t.Errorf("%s (-file +now; write with -update):\n%s", name, diff)
		}
	}
}

// entry is an event as Debian's python3-icalendar reads it.
type entry struct {
	UID, Start, End, Summary, Text, Status string
	Sequence                               int
	Alarms                                 []float64 // seconds from the beginning
}

const readCalendar = `
import sys, json, icalendar
c = icalendar.Calendar.from_ical(open(sys.argv[1], "rb").read())
out = []
for e in c.walk("VEVENT"):
    if e.errors: raise SystemExit(str(e.errors))
    out.append({"UID": str(e["UID"]), "Start": str(e["DTSTART"].dt), "End": str(e["DTEND"].dt), "Summary": str(e["SUMMARY"]),
        "Text": str(e.get("DESCRIPTION", "")), "Status": str(e["STATUS"]), "Sequence": int(e["SEQUENCE"]),
        "Alarms": [a["TRIGGER"].dt.total_seconds() for a in e.walk("VALARM")]})
print(json.dumps(out))
`

// A second reader must see what the schedule says.
func TestCalendarsInAnotherReader(t *testing.T) {
	const python = "/usr/bin/python3" // Debian's own: others on the PATH do not have its packages
	if err := exec.Command(python, "-c", "import icalendar").Run(); err != nil {
		t.Skip("no second reader for calendars here: apt-get install python3-icalendar")
	}
	in := input(3, nil)
	s := make1(t, in)
	in.Last, in.First, in.Plan.Sessions = s, civil.Of(2026, 12, 2), in.Plan.Sessions[:2]
	for _, s := range []*schedule.Schedule{s, make1(t, in)} {
		got := reread(t, python, s.Calendar("lv", treatment.Before()))
		if len(got) != len(s.Events) {
			t.Fatalf("%d events, want %d", len(got), len(s.Events))
		}
		for i, e := range s.Events {
			compare(t, e, got[i])
		}
	}
}

func reread(t *testing.T, python string, ics []byte) []entry {
	t.Helper()
	file := filepath.Join(t.TempDir(), "calendar.ics")
	if err := os.WriteFile(file, ics, 0o600); err != nil {
		t.Fatal(err)
	}
	var said bytes.Buffer
	c := exec.Command(python, "-c", readCalendar, file)
	c.Stderr = &said
	out, err := c.Output()
	if err != nil {
		t.Fatalf("icalendar: %v\n%s", err, said.String())
	}
	var got []entry
	if err := json.Unmarshal(out, &got); err != nil {
		t.Fatal(err)
	}
	return got
}

func compare(t *testing.T, e schedule.Event, got entry) {
	t.Helper()
	status := map[bool]string{false: "CONFIRMED", true: "CANCELLED"}[e.Cancelled]
	if got.UID != e.UID || got.Sequence != e.Sequence || got.Status != status || !strings.Contains(got.Summary, "K-0417") || got.Text == "" {
		t.Errorf("%+v is read as %+v", e, got)
	}
	alarms := 1
	if e.Start == "" {
		if got.Start != e.Date || got.End != day(t, e.Date).AddDays(1).String() {
			t.Errorf("%s %d lasts from %s to %s, want %s", e.Kind, e.Number, got.Start, got.End, e.Date)
		}
	} else {
		start, err := time.Parse("2006-01-02 15:04:05-07:00", got.Start)
		if err != nil {
			t.Fatal(err)
		}
		end, err := time.Parse("2006-01-02 15:04:05-07:00", got.End)
		if err != nil {
			t.Fatal(err)
		}
		riga := (schedule.Input{}).Settings.Zone()
		if local := start.In(riga).Format("2006-01-02 15:04"); local != e.Date+" "+e.Start || end.Sub(start) != time.Duration(e.Minutes)*time.Minute {
			t.Errorf("%s %d is read at %s for %v, want %s %s", e.Kind, e.Number, local, end.Sub(start), e.Date, e.Start)
		}
		alarms = 3 // 72 hours, the day, and two hours before
		if len(got.Alarms) == 3 && (got.Alarms[0] != -72*3600 || got.Alarms[2] != -2*3600) {
			t.Errorf("alarms at %v s", got.Alarms)
		}
	}
	if e.Cancelled {
		alarms = 0
	}
	if len(got.Alarms) != alarms {
		t.Errorf("%s %d: %d alarms, want %d", e.Kind, e.Number, len(got.Alarms), alarms)
	}
}
