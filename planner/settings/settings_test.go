package settings_test

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"pointille/internal/civil"
	"pointille/planner/settings"
	"pointille/planner/treatment"
)

func ExampleDecode() {
	s, err := settings.Decode(strings.NewReader(`{"studio": "Studija", "conditions": {"laser": {"wait_months": 6, "reason": "our dermatologist's advice of 2026"}}}`))
	fmt.Println(err)
	for _, line := range s.Explain() {
		fmt.Println(line)
	}
	// Output:
	// <nil>
	// Studio: Studija; clock of Europe/Riga; open mon tue wed thu fri, 10:00 to 18:00.
	// Sessions: 14 to 21 days apart; refresher after 24 months.
	// Differs: laser: wait 6 months, usually wait 12 months: our dermatologist's advice of 2026
}

func decode(t testing.TB, text string) settings.Settings {
	t.Helper()
	s, err := settings.Decode(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"tudio": "x"}`:                                                             `tudio: unknown member; did you mean "studio"?`,
		`{"time_zone": "Riga"}`:                                                      `time_zone: "Riga" is no time zone`,
		`{"time_zone": "Local"}`:                                                     `time_zone: "Local" is no time zone`,
		`{"schema": "pointille.plan/1"}`:                                             `schema: "pointille.plan/1" where`,
		`{"language": "de"}`:                                                         `language: "de"`,
		`{"open_days": ["monday"]}`:                                                  `open_days[0]: "monday"`,
		`{"open_days": ["mon", "mon"]}`:                                              `open_days[1]: "mon" stands twice`,
		`{"opens": "9"}`:                                                             `opens: "9" is no time as in 09:30`,
		`{"opens": "18:00", "closes": "09:00"}`:                                      `closes: the studio closes before it opens`,
		`{"closed": [{"from": "2026-02-30"}]}`:                                       `closed[0].from: "2026-02-30" is no date`,
		`{"closed": [{"from": "2026-02-03", "to": "2026-02-02"}]}`:                   `closed[0].to: 2026-02-02 lies before 2026-02-03`,
		`{"dots_per_hour": 5}`:                                                       `dots_per_hour: 5 is outside 100 to 20000`,
		`{"price": {"currency": "euro", "per_hour": 10}}`:                            `price.currency: "euro"; three capital letters`,
		`{"price": {"currency": "EUR"}}`:                                             `price: says neither per_session nor per_hour`,
		`{"price": {"currency": "EUR", "per_session": -1}}`:                          `price.per_session: -1 is outside`,
		`{"session_gap_days": [14]}`:                                                 `session_gap_days: 1 numbers`,
		`{"session_gap_days": [3, 9], "session_gap_reason": "as asked"}`:             `session_gap_days[0]: 3 is outside 7`,
		`{"session_gap_days": [10, 20]}`:                                             `session_gap_reason: a rule that differs needs its reason`,
		`{"conditions": {"diabetis": {"rule": "go", "reason": "because of it"}}}`:    `conditions: "diabetis" is unknown; did you mean "diabetes"?`,
		`{"conditions": {"diabetes": {"rule": "go"}}}`:                               `conditions.diabetes.reason: a rule that differs needs its reason`,
		`{"conditions": {"diabetes": {"rule": "maybe", "reason": "because of it"}}}`: `conditions.diabetes.rule: "maybe"`,
		`{"conditions": {"diabetes": {"rule": "wait", "wait_months": 1, "reason": "for so long"}}}`: `conditions.diabetes.rule: there is no day to wait from`,
		`{"conditions": {"laser": {"rule": "no", "wait_months": 1, "reason": "never after it"}}}`:   `conditions.laser: a length of time for a rule that does not wait`,
		`{"conditions": {"laser": {"wait_months": -1, "reason": "never after it"}}}`:                `conditions.laser.wait_months: -1 is outside`,
		`{"care": {"dry": {"to_day": -2, "reason": "dries by itself"}}}`:                            `care.dry: ends on day -2 before it begins on day 0`,
		`{"care": {"drie": {"to_day": 2, "reason": "dries by itself"}}}`:                            `care: "drie"`,
		`{"studio": "a\u0000b"}`: `studio: holds a line break`,
		`[]`:                     `a list where an object {...} is expected`,
	} {
		if _, err := settings.Decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestRead(t *testing.T) {
	if s, err := settings.Read(""); err != nil || s.Zone().String() != "Europe/Riga" {
		t.Errorf("no settings: %v, %v", s, err)
	}
	dir := t.TempDir()
	file := filepath.Join(dir, "settings.json")
	if err := os.WriteFile(file, []byte(`{"opens": "nine"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := settings.Read(file); err == nil || !strings.HasPrefix(err.Error(), file+": opens: ") {
		t.Errorf("%v", err)
	}
	if _, err := settings.Read(filepath.Join(dir, "none")); err == nil || !strings.Contains(err.Error(), "none") {
		t.Errorf("%v", err)
	}
}

func TestOpen(t *testing.T) {
	s := decode(t, `{"open_days": ["tue", "sat"], "closed": [{"from": "2026-12-24", "to": "2027-01-02", "why": "holidays"}, {"from": "2027-01-05"}]}`)
	for day, want := range map[string]string{
		"2026-12-22": "", "2026-12-23": "closed on Wednesdays", "2026-12-24": "holidays", "2026-12-26": "holidays", "2027-01-02": "holidays",
		"2027-01-09": "", "2027-01-05": "closed", "2027-01-12": "",
	} {
		d, err := civil.Parse(day)
		if err != nil {
			t.Fatal(err)
		}
		if open, why := s.Open(d); why != want || open != (want == "") {
			t.Errorf("%s: open %v, %q, want %q", day, open, why, want)
		}
	}
}

func TestDefaults(t *testing.T) {
	s := settings.Settings{}
	low, high := s.Gap()
	opens, closes := s.Hours()
	if low != 14 || high != 21 || opens != 600 || closes != 1080 || s.Refresher() != 24 {
		t.Errorf("gap %d to %d, open %d to %d, refresher %d", low, high, opens, closes, s.Refresher())
	}
	if s.Zone() == time.UTC {
		t.Error("no clock of Riga")
	}
	if got, want := fmt.Sprint(s.Rules()), fmt.Sprint(treatment.Conditions()); got != want {
		t.Error("rules differ without settings")
	}
}

// What differs is used, says whose rule it is, and leaves the usual rules alone.
func TestOverrides(t *testing.T) {
	s := decode(t, `{
		"conditions": {
			"laser": {"wait_months": 6, "reason": "dermatologist's advice"},
			"diabetes": {"rule": "certificate", "reason": "well treated clients"},
			"surgery": {"rule": "no", "reason": "never after surgery"}
		},
		"care": {"no_sweat": {"to_day": 7, "reason": "our summers"}},
		"session_gap_days": [10, 20], "session_gap_reason": "our clients travel",
		"closed": [{"from": "2026-12-24"}]
	}`)
	rules := s.Rules()
	laser, _ := treatment.With(rules, "laser")
	diabetes, _ := treatment.With(rules, "diabetes")
	surgery, _ := treatment.With(rules, "surgery")
	if laser.Wait != (treatment.Span{Months: 6}) || diabetes.Rule != treatment.Certificate || surgery.Rule != treatment.Refuse {
		t.Errorf("%+v %+v %+v", laser, diabetes, surgery)
	}
	if laser.Source != "the studio's settings: dermatologist's advice" || !strings.Contains(laser.Reason.EN, "6 months") || strings.Contains(laser.Reason.EN, "1 year") {
		t.Errorf("laser is told as %q from %q", laser.Reason.EN, laser.Source)
	}
	if fever, _ := treatment.With(rules, "fever"); fever.Source == laser.Source {
		t.Error("a rule that does not differ says that it does")
	}
	for _, c := range s.AfterRules() {
		if c.ID == "no_sweat" && (c.To != 7 || c.From != 0 || c.Source != "the studio's settings: our summers") {
			t.Errorf("%+v", c)
		}
	}
	text := strings.Join(s.Explain(), "\n")
	for _, want := range []string{
		"diabetes: only with a doctor's certificate, usually no: well treated clients", "no_sweat: day 0 to 7, usually day 0 to 4: our summers",
		"sessions 10 to 20 days apart, usually 14 to 21: our clients travel", "Closed 2026-12-24 to 2026-12-24",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("not explained: %q in\n%s", want, text)
		}
	}
}

func FuzzDecode(f *testing.F) {
	f.Add(`{"studio": "x", "closed": [{"from": "2026-12-24"}], "conditions": {"laser": {"wait_months": 6, "reason": "advice"}}}`)
	f.Add(`{"care": {"dry": {"from_day": 1, "to_day": 2, "reason": "because"}}, "session_gap_days": [7, 8]}`)
	f.Fuzz(func(t *testing.T, text string) {
		s, err := settings.Decode(strings.NewReader(text))
		if err != nil {
			return
		}
		if len(s.Rules()) != len(treatment.Conditions()) || len(s.Explain()) < 2 {
			t.Error("rules were lost")
		}
		if low, high := s.Gap(); low < 7 || high < low {
			t.Errorf("gap of %d to %d days", low, high)
		}
		s.Open(civil.Of(2026, time.December, 24))
	})
}

// TestPrice wants sessions and hours paid, in whole units, and the sentence that says so.
func TestPrice(t *testing.T) {
	s, err := settings.Decode(strings.NewReader(`{"price": {"currency": "EUR", "per_session": 60, "per_hour": 140}}`))
	if err != nil {
		t.Fatal(err)
	}
	if got := s.Price.Of(3, 2.26); got != 496 {
		t.Errorf("three sessions and 2.26 hours cost %v", got)
	}
	if !slices.Contains(s.Explain(), "Price: 60.00 EUR a session and 140.00 EUR an hour.") {
		t.Errorf("%q", s.Explain())
	}
}
