package screening_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/civil"
	"pointille/planner/screening"
	"pointille/planner/settings"
	"pointille/planner/treatment"
)

func ExampleScreen() {
	a := healthy()
	a.Answers["surgery"] = "2026-11-20"
	asked, _ := civil.Parse(a.Asked)
	for _, line := range screening.Screen(a, treatment.Conditions(), asked).Lines("en") {
		fmt.Println(line)
	}
	// Output:
	// wait until 2026-12-20
	// - at least 1 month after surgery (2026-11-20): until 2026-12-20
}

// healthy answers no to everything.
func healthy() *screening.Answers {
	a := &screening.Answers{Schema: screening.Schema, Case: "K-0417", Asked: "2026-11-27", Answers: map[string]string{}, Certificates: map[string]string{}}
	for _, c := range treatment.Conditions() {
		a.Answers[c.ID] = screening.No
	}
	return a
}

func date(t testing.TB, s string) civil.Date {
	t.Helper()
	d, err := civil.Parse(s)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		answers string // id=answer, certificates as +id=day
		on      string
		want    string
	}{
		{"", "2026-11-27", "go"},
		{"pregnancy=yes", "2026-11-27", "no"},
		{"diabetes=yes", "2026-11-27", "no"},
		{"hiv=unknown", "2026-11-27", "no"},
		{"surgery=2026-10-27", "2026-11-27", "go"},
		{"surgery=2026-10-28", "2026-11-27", "wait until 2026-11-28"},
		{"surgery=2026-10-28", "2026-11-28", "go"},
		{"surgery=unknown", "2026-11-27", "wait until 2026-12-27"},
		{"surgery=yes", "2026-11-27", "wait until 2026-12-27"},
		{"tattoo_remover=2026-10-31", "2026-11-27", "wait until 2027-02-28"},
		{"laser=2026-02-28", "2026-11-27", "wait until 2027-02-28"},
		{"laser=2025-11-27", "2026-11-27", "go"},
		{"last_shave=2026-11-27", "2026-11-27", "wait until 2026-12-01"},
		{"last_tan=2026-11-26", "2026-11-27", "wait until 2026-11-28"},
		{"warts_moles=yes", "2026-11-27", "go"},
		{"visible_disease=yes", "2026-11-27", "doctor's certificate needed"},
		{"visible_disease=yes +visible_disease=2026-11-20", "2026-11-27", "go"},
		{"visible_disease=yes +allergy=2026-11-20", "2026-11-27", "doctor's certificate needed"},
		{"visible_disease=yes surgery=2026-11-20", "2026-11-27", "doctor's certificate needed, and not before 2026-12-20"},
		{"surgery=2026-11-20 laser=2026-11-01", "2026-11-27", "wait until 2027-11-01"},
		{"surgery=2026-11-20 fever=yes visible_disease=yes", "2026-11-27", "no"},
	} {
		a := healthy()
		for _, f := range strings.Fields(c.answers) {
			id, v, _ := strings.Cut(f, "=")
			if cert, ok := strings.CutPrefix(id, "+"); ok {
				a.Certificates[cert] = v
				continue
			}
			a.Answers[id] = v
		}
		if err := a.Validate(); err != nil {
			t.Fatal(err)
		}
		r := screening.Screen(a, treatment.Conditions(), date(t, c.on))
		if got := r.Sentence("en"); got != c.want {
			t.Errorf("%s on %s: %q, want %q", c.answers, c.on, got, c.want)
		}
		if answered := strings.Count(c.answers, "=") - strings.Count(c.answers, "+"); len(r.Reasons) != answered {
			t.Errorf("%s: %d reasons, want %d", c.answers, len(r.Reasons), answered)
		}
	}
}

// A question that is not answered never passes in silence, whichever it is.
func TestUnknownNeverPasses(t *testing.T) {
	for _, c := range treatment.Conditions() {
		for _, answer := range []string{screening.Unknown, ""} {
			a := healthy()
			if a.Answers[c.ID] = answer; answer == "" {
				delete(a.Answers, c.ID)
			}
			r := screening.Screen(a, treatment.Conditions(), date(t, a.Asked))
			if r.Unanswered != 1 || len(r.Reasons) != 1 || !strings.Contains(r.Reasons[0].Sentence("en"), "not answered") {
				t.Errorf("%s: %+v", c.ID, r)
			}
			if r.Outcome == screening.Go && !r.Reasons[0].LeaveOut {
				t.Errorf("%s passes without an answer", c.ID)
			}
		}
	}
}

// strengthened makes one answer worse: no, then an ever later day or a yes, then unknown.
func strengthened(t *rapid.T, a *screening.Answers, asked civil.Date) *screening.Answers {
	b := *a
	b.Answers = map[string]string{}
	for id, v := range a.Answers {
		b.Answers[id] = v
	}
	c := rapid.SampledFrom(treatment.Conditions()).Draw(t, "worse")
	was := b.Answers[c.ID]
	switch d, err := civil.Parse(was); {
	case err == nil: // a later day
		b.Answers[c.ID] = d.AddDays(rapid.IntRange(0, d.DaysTo(asked)).Draw(t, "later")).String()
	case was == screening.No && c.Dated:
		b.Answers[c.ID] = asked.AddDays(-rapid.IntRange(0, 800).Draw(t, "ago")).String()
	case was == screening.No:
		b.Answers[c.ID] = screening.Yes
	default:
		delete(b.Answers, c.ID)
	}
	return &b
}

// Adding a condition never makes the answer milder, whatever the rules of the
// studio, over leap years and ends of months.
func TestMonotone(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := civil.Of(2020, 1, 1).AddDays(rapid.IntRange(0, 4000).Draw(t, "asked"))
		on := asked.AddDays(rapid.IntRange(0, 500).Draw(t, "on"))
		rules := treatment.Conditions()
		for i := range rules {
			if rapid.IntRange(0, 9).Draw(t, "own") == 0 {
				s := settings.Settings{Conditions: map[string]settings.Condition{rules[i].ID: {Rule: string(rapid.SampledFrom(treatment.Rules()).Draw(t, "rule")), Reason: "as drawn"}}}
				if s.Validate() == nil {
					rules[i] = s.Rules()[i]
				}
			}
		}
		a := healthy()
		a.Asked = asked.String()
		before := screening.Screen(a, rules, on)
		for range rapid.IntRange(1, 12).Draw(t, "steps") {
			b := strengthened(t, a, asked)
			after := screening.Screen(b, rules, on)
			if after.Outcome.Strictness() < before.Outcome.Strictness() || after.Until.Before(before.Until) {
				t.Fatalf("%v gives %s, worse %v gives %s", a.Answers, before.Sentence("en"), b.Answers, after.Sentence("en"))
			}
			a, before = b, after
		}
	})
}

// Time alone never makes the answer stricter, and on the day named it is no
// longer to wait.
func TestWaitsEnd(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		asked := civil.Of(2023, 12, 1).AddDays(rapid.IntRange(0, 500).Draw(t, "asked"))
		a := healthy()
		a.Asked = asked.String()
		for _, c := range treatment.Conditions() {
			if c.Dated {
				a.Answers[c.ID] = asked.AddDays(-rapid.IntRange(0, 400).Draw(t, c.ID)).String()
			}
		}
		r := screening.Screen(a, treatment.Conditions(), asked)
		if r.Outcome == screening.Go {
			return
		}
		if early := screening.Screen(a, treatment.Conditions(), r.Until.AddDays(-1)); early.Outcome != screening.Wait || early.Until != r.Until {
			t.Fatalf("the day before: %s, then %s", r.Sentence("en"), early.Sentence("en"))
		}
		if late := screening.Screen(a, treatment.Conditions(), r.Until); late.Outcome != screening.Go {
			t.Fatalf("on the day: %s", late.Sentence("en"))
		}
	})
}

func TestRefusedAnswers(t *testing.T) {
	const head = `{"schema": "pointille.answers/1", "case": "K-1", "asked": "2026-11-27", "answers": `
	for text, want := range map[string]string{
		`{}`:                                        `schema: "" where "pointille.answers/1"`,
		head + `{"pregnant": "no"}}`:                `answers: "pregnant"`,
		head + `{"diabetis": "no"}}`:                `answers: "diabetis" is unknown; did you mean "diabetes"?`,
		head + `{"fever": "maybe"}}`:                `answers.fever: "maybe" where yes, no or unknown is expected`,
		head + `{"fever": "2026-11-01"}}`:           `answers.fever: "2026-11-01" where yes, no or unknown`,
		head + `{"laser": "2026-02-30"}}`:           `answers.laser: "2026-02-30" is no date`,
		head + `{"laser": "2026-11-28"}}`:           `answers.laser: 2026-11-28 lies after the day of asking`,
		head + `{"fever": true}}`:                   `answers.fever: true where a text is expected`,
		head + `{}, "certificates": {"fever": ""}}`: `certificates.fever: "" is no date`,
		head + `{}, "ethnicity": "x"}`:              `ethnicity: unknown member`,
		`{"schema": "pointille.answers/1", "case": "", "asked": "2026-11-27", "answers": {}}`: `case: a code`,
		`{"schema": "pointille.answers/1", "case": "K-1", "asked": "today", "answers": {}}`:   `asked: "today" is no date`,
	} {
		if _, err := screening.Decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestWrittenAnswersAreRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "answers.json")
	a := healthy()
	a.Answers["laser"] = "2025-01-31"
	if err := screening.Write(context.Background(), file, a); err != nil {
		t.Fatal(err)
	}
	b, err := screening.Read(file)
	if err != nil || fmt.Sprint(b.Answers) != fmt.Sprint(a.Answers) || b.Asked != a.Asked {
		t.Errorf("%v, %v", b, err)
	}
	if err := os.WriteFile(file, []byte("{"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := screening.Read(file); err == nil || !strings.HasPrefix(err.Error(), file+": ") {
		t.Errorf("%v", err)
	}
}

// Every sentence is there in both languages, and none names what a client has
// or where a client comes from.
func TestWords(t *testing.T) {
	a := healthy()
	for _, c := range treatment.Conditions() {
		delete(a.Answers, c.ID)
	}
	r := screening.Screen(a, treatment.Conditions(), date(t, a.Asked))
	en, lv := r.Lines("en"), r.Lines("lv")
	for i := range en {
		if en[i] == lv[i] || lv[i] == "" {
			t.Errorf("not in Latvian: %q", en[i])
		}
		for _, word := range []string{"diagnos", "you have", "ethnic", "race", "suffer"} {
			if strings.Contains(strings.ToLower(en[i]), word) {
				t.Errorf("%q holds %q", en[i], word)
			}
		}
	}
	if r.Note("en") == "" || r.Outcome != screening.Refused {
		t.Errorf("nothing answered: %s", r.Sentence("en"))
	}
}

func FuzzDecode(f *testing.F) {
	data, err := json.Marshal(healthy())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte(`{"schema": "pointille.answers/1", "case": "K-1", "asked": "2024-02-29", "answers": {"laser": "2024-02-29"}}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := screening.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		asked, err := civil.Parse(a.Asked)
		if err != nil {
			t.Fatal(err)
		}
		r := screening.Screen(a, treatment.Conditions(), asked)
		if r.Outcome == screening.Go && r.Unanswered > 1 { // one may be where to leave out
			t.Errorf("go with %d questions unanswered", r.Unanswered)
		}
	})
}
