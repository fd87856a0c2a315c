package checks_test

import (
	"strings"
	"testing"

	"pointille/internal/civil"
	"pointille/planner/checks"
	"pointille/planner/plan"
	"pointille/planner/screening"
	"pointille/planner/treatment"
)

// TestScreened wants the check to say what the answers allow, and why.
func TestScreened(t *testing.T) {
	for _, tt := range []struct {
		condition, answer string
		result            string
		note              string
	}{
		{"fever", screening.No, "ok", "asked on 2026-11-27: go."},
		{"warts_moles", screening.Yes, "warn", "left out"},
		{"surgery", "2026-11-20", "fail", "wait until 2026-12-20. at least 1 month after surgery"},
		{"visible_disease", screening.Yes, "fail", "doctor's certificate needed"},
		{"diabetes", screening.Yes, "fail", ": no. not with diabetes"},
		{"hiv", screening.Unknown, "fail", "not answered: counts as yes"},
	} {
		a := &screening.Answers{Schema: screening.Schema, Case: "c", Asked: "2026-11-27", Answers: map[string]string{}}
		for _, c := range treatment.Conditions() {
			a.Answers[c.ID] = screening.No
		}
		a.Answers[tt.condition] = tt.answer
		r := screening.Screen(a, treatment.Conditions(), civil.Of(2026, 11, 27))
		for _, c := range checks.All(&plan.Plan{Nothing: "Nothing is thin."}, checks.Facts{Screening: &r}) {
			if c.ID == "screening" && (c.Result != tt.result || !strings.Contains(c.Note, tt.note)) {
				t.Errorf("%s=%s: %s, %q", tt.condition, tt.answer, c.Result, c.Note)
			}
		}
	}
}
