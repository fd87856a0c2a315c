package treatment_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"pointille/planner/treatment"
)

func ExampleConditions() {
	c, _ := treatment.With(treatment.Conditions(), "laser")
	fmt.Println(c.Rule, c.Wait.Months, c.Reason.EN)
	// Output: wait 12 1 year after laser
}

// refusedOrWaiting is the studio's list as its sheet has it: condition, rule.
const refusedOrWaiting = `
pregnancy no
breast_feeding no
fever no
dermatitis no
diabetes no
surgery wait 1 month 0 days
tattoo_remover wait 4 month 0 days
laser wait 12 month 0 days
last_shave wait 0 month 4 days
last_tan wait 0 month 2 days
forming_scar no
burns no
inflammation no
antibiotics no
herpes no
warts_moles leave_out
clotting no
epilepsy no
asthma no
hiv no
keloids no
thin_skin no
visible_disease certificate
allergy certificate
sunburn no
blood_thinners no
`

func TestConditionsAreTheSheet(t *testing.T) {
	var got []string
	for _, c := range treatment.Conditions() {
		row := c.ID + " " + string(c.Rule)
		if c.Dated {
			row += fmt.Sprintf(" %d month %d days", c.Wait.Months, c.Wait.Days)
		}
		got = append(got, row)
		if c.Dated != (c.Rule == treatment.Wait) || c.Dated != (c.Wait != treatment.Span{}) {
			t.Errorf("%s: waits without a day to count from, or the other way round", c.ID)
		}
		if !strings.HasSuffix(c.Question.EN, "?") || !strings.HasSuffix(c.Question.LV, "?") || c.Reason.EN == "" || c.Reason.LV == "" || c.Source == "" {
			t.Errorf("%s: words or source are missing", c.ID)
		}
	}
	want := strings.Split(strings.TrimSpace(refusedOrWaiting), "\n")
	slices.Sort(got)
	slices.Sort(want)
	if !slices.Equal(got, want) {
		t.Errorf("the list is\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
}

func TestSittingsAreTheSheet(t *testing.T) {
	got := ""
	for _, s := range treatment.Sittings() {
		got += fmt.Sprintf("%d: %g-%g h, %d-%d days, optional %v\n", s.Number, s.LowH, s.HighH, s.Low, s.High, s.Optional)
	}
	want := "1: 2-4 h, 0-0 days, optional false\n2: 2-3 h, 14-21 days, optional false\n3: 1-2.5 h, 14-21 days, optional true\n"
	if got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
	for n, want := range map[int]int{-3: 1, 0: 1, 1: 1, 2: 2, 3: 3, 9: 3} {
		if s := treatment.SittingOf(n); s.Number != want {
			t.Errorf("session %d follows row %d, want %d", n, s.Number, want)
		}
	}
}

// careDays is the sheet: rule, from day to day; 1000 is the day of healing.
const careDays = `no_shave -3 0
no_tan -1 -1
wash -1 -1
eat 0 0
no_caffeine 0 0
dry 0 4
no_sweat 0 4
little_sweat 0 10
no_bath 0 1000
no_tanning 0 1000
no_scratching 0 1000
no_cosmetics 0 1000
shave 7 7
restart 7 10
correction 14 28
`

func TestCareIsTheSheet(t *testing.T) {
	got := ""
	for _, c := range slices.Concat(treatment.Before(), treatment.After()) {
		got += fmt.Sprintf("%s %d %d\n", c.ID, c.From, c.To)
		if c.Text.EN == "" || c.Text.LV == "" || c.Text.EN == c.Text.LV || c.Source == "" {
			t.Errorf("%s: words or source are missing", c.ID)
		}
	}
	if got != careDays {
		t.Errorf("got\n%swant\n%s", got, careDays)
	}
}

// The sheet's lengths of time that stand in sentences must stand in both languages.
func TestSheetsNumbersAreSaid(t *testing.T) {
	said := map[string]treatment.Text{}
	for _, c := range slices.Concat(treatment.Before(), treatment.After()) {
		said[c.ID] = c.Text
	}
	for _, c := range treatment.TimeCourse() {
		said[c.ID] = c.Text
	}
	for _, c := range treatment.Conditions() {
		said[c.ID] = c.Reason
	}
	for id, numbers := range map[string][]string{
		"no_shave": {"72"}, "eat": {"4"}, "restart": {"24", "72"}, "at_once": {"2", "10"}, "surface": {"7"}, "true_colour": {"2", "3"}, "healed": {"1"},
		"surgery": {"1"}, "tattoo_remover": {"4"}, "laser": {"1"}, "last_shave": {"72"},
	} {
		for _, text := range []string{said[id].EN, said[id].LV} {
			got := strings.FieldsFunc(text, func(r rune) bool { return r < '0' || r > '9' })
			if !slices.Equal(got, numbers) {
				t.Errorf("%s: %q says %v, want %v", id, text, got, numbers)
			}
		}
	}
}

func TestCourseAndServices(t *testing.T) {
	var ids []string
	for _, c := range treatment.TimeCourse() {
		ids = append(ids, c.ID)
		if c.Text.EN == "" || c.Text.LV == "" || c.Source == "" {
			t.Errorf("%s: words or source are missing", c.ID)
		}
	}
	if want := []string{"at_once", "next_day", "surface", "true_colour", "healed", "years"}; !slices.Equal(ids, want) {
		t.Errorf("%v, want %v", ids, want)
	}
	if len(treatment.Services()) != 6 {
		t.Errorf("%d services, the sheet has 6", len(treatment.Services()))
	}
	for id, s := range treatment.Services() {
		if s.EN == "" || s.LV == "" {
			t.Errorf("%s has no words", id)
		}
	}
	if treatment.Always()[0].In("lv") == treatment.Always()[0].In("de") || treatment.Always()[0].In("") != treatment.Always()[0].EN {
		t.Error("a sentence in the wrong language")
	}
}
