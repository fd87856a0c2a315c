package guide_test

import (
	"strings"
	"testing"

	"pointille/internal/civil"
	"pointille/internal/paper/papertest"
	"pointille/planner/care"
	"pointille/planner/guide"
)

// The last two pages tell the client what to do, with real days where the plan
// or the schedule has them, each on one page.
func TestCarePages(t *testing.T) {
	plain := input(60, 3)
	dated := input(60, 3)
	for i, d := range []string{"2026-12-01", "2026-12-15", "2026-12-29"} {
		dated.Plan.Sessions[i].Date = d
	}
	moved := dated
	moved.Care = care.Client{Days: []civil.Date{civil.Of(2027, 2, 1), civil.Of(2027, 2, 15), civil.Of(2027, 3, 1)}, Contact: "+371 20000000"}
	for name, c := range map[string]struct {
		in            guide.Input
		lang          string
		before, after []string
	}{
		"no days":  {plain, "en", []string{"Before your sessions", "From 3 days before: Do not shave"}, []string{"After your sessions", "Days 0 to 4: Keep the scalp dry"}},
		"plan's":   {dated, "en", []string{"Session 2, Tue 15 Dec 2026"}, []string{"From Tue 1 Dec 2026 to Fri 29 Jan 2027"}},
		"schedule": {moved, "lv", []string{"Pirms seansiem", "1. seanss, Pr 01.02.2027."}, []string{"Pēc seansiem", "No Pr 01.02.2027. līdz", "+371 20000000"}},
	} {
		texts := papertest.Texts(t, written(t, c.in, guide.Options{Lang: c.lang}))
		for i, want := range [][]string{c.before, c.after} {
			page := strings.Join(strings.Fields(texts[len(texts)-2+i]), " ")
			for _, w := range want {
				if !strings.Contains(page, w) {
					t.Errorf("%s: page %d lacks %q:\n%s", name, i, w, page)
				}
			}
		}
	}
}
