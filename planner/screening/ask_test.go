package screening_test

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"pointille/planner/screening"
	"pointille/planner/treatment"
)

func asking(t testing.TB, lang string) screening.Asking {
	return screening.Asking{Case: "K-1", Asked: date(t, "2026-11-27"), Lang: lang, Rules: treatment.Conditions()}
}

// Every question is put once, in the order of the list; what cannot be
// understood is asked again.
func TestAsk(t *testing.T) {
	for lang, yes := range map[string]string{"en": "y", "lv": "jā"} {
		var typed strings.Builder
		for _, c := range treatment.Conditions() {
			switch c.ID {
			case "laser":
				typed.WriteString("last year\n2026-11-28\n2026-01-31\n")
			case "surgery":
				typed.WriteString("?\n")
			case "visible_disease":
				typed.WriteString(strings.ToUpper(yes) + "\n2026-11-01\n")
			case "allergy":
				typed.WriteString(yes + "\nn\n")
			case "fever":
				typed.WriteString("\nperhaps\n N \n")
			default:
				typed.WriteString("n\n")
			}
		}
		var said bytes.Buffer
		a, err := screening.Ask(strings.NewReader(typed.String()), &said, asking(t, lang))
		if err != nil {
			t.Fatal(err)
		}
		for id, want := range map[string]string{"laser": "2026-01-31", "surgery": "unknown", "visible_disease": "yes", "allergy": "yes", "fever": "no", "hiv": "no"} {
			if a.Answers[id] != want {
				t.Errorf("%s, %s: %q, want %q", lang, id, a.Answers[id], want)
			}
		}
		if len(a.Certificates) != 1 || a.Certificates["visible_disease"] != "2026-11-01" {
			t.Errorf("certificates %v", a.Certificates)
		}
		if len(a.Answers) != len(treatment.Conditions()) {
			t.Errorf("%d answers", len(a.Answers))
		}
		for _, c := range treatment.Conditions() {
			if !strings.Contains(said.String(), c.Question.In(lang)) {
				t.Errorf("%s: %s was not asked", lang, c.ID)
			}
		}
	}
}

// Answers that end too early are no answers.
func TestAskUnfinished(t *testing.T) {
	for _, typed := range []string{"", "n\n", strings.Repeat("n\n", len(treatment.Conditions())-1), "what\n"} {
		var said bytes.Buffer
		if a, err := screening.Ask(strings.NewReader(typed), &said, asking(t, "en")); !errors.Is(err, screening.ErrUnfinished) || a != nil {
			t.Errorf("%q: %v, %v", typed, a, err)
		}
	}
}

func FuzzAsk(f *testing.F) {
	f.Add(strings.Repeat("n\n", 30))
	f.Add("y\n?\n2026-01-01\n")
	f.Fuzz(func(t *testing.T, typed string) {
		var said bytes.Buffer
		a, err := screening.Ask(strings.NewReader(typed), &said, asking(t, "en"))
		if err == nil && len(a.Answers) != len(treatment.Conditions()) {
			t.Errorf("%d answers", len(a.Answers))
		}
	})
}
