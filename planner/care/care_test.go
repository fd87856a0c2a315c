package care_test

import (
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"pgregory.net/rapid"

	"pointille/internal/civil"
	"pointille/planner/care"
	"pointille/planner/treatment"
)

func ExampleClient_BeforeSheet() {
	c := care.Client{Days: []civil.Date{civil.Of(2028, 3, 1)}}
	fmt.Print(c.BeforeSheet("en").Text())
	// Output:
	// Before your sessions
	// ====================
	//
	// Session 1, Wed 1 Mar 2028
	// - Sun 27 Feb 2028 to Wed 1 Mar 2028: Do not shave your head (72 hours): the
	//   artist must see where hair still grows. The look then follows the hair
	//   length agreed for daily life.
	// - Tue 29 Feb 2028: No tanning bed and no sunburn.
	// - Tue 29 Feb 2028: Wash your hair. From then on no gel, oil or spray.
	// - Wed 1 Mar 2028: Eat before you come (up to 4 hours of work) and bring
	//   something sweet to keep energy.
	// - Wed 1 Mar 2028: No caffeine on the day.
	//
	// This sheet is the studio's rule, not medical advice. If anything worries you:
	// ask the studio or a doctor.
}

// The sheet after names the day of healing, and each session's own days.
func TestAfter(t *testing.T) {
	c := care.Client{Days: []civil.Date{civil.Of(2026, 12, 1), civil.Of(2026, 12, 31)}, Contact: "studija@example.lv"}
	for lang, want := range map[string][]string{
		"en": {
			"From Tue 1 Dec 2026 to Sun 31 Jan 2027, when the skin has healed", "Session 2, Thu 31 Dec 2026",
			"Tue 1 Dec 2026 to Sat 5 Dec 2026: Keep the scalp dry", "Tue 8 Dec 2026: Earliest day to shave",
			"Thu 31 Dec 2026 to Sun 10 Jan 2027: Sweat as little as possible", "see a doctor", "studija@example.lv",
		},
		"lv": {"No Ot 01.12.2026. līdz Sv 31.01.2027., kad āda ir sadzijusi", "2. seanss, Ce 31.12.2026.", "Ot 08.12.2026.: Agrākā diena, kad drīkst skūties", "studija@example.lv"},
	} {
		text := c.AfterSheet(lang).Text()
		flat := strings.Join(strings.Fields(text), " ")
		for _, w := range want {
			if !strings.Contains(flat, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, text)
			}
		}
	}
	en := c.AfterSheet("en").Text()
	if n := strings.Count(en, "Correction:"); n != 1 {
		t.Errorf("the correction stands %d times:\n%s", n, en)
	}
}

// Without days every rule is there, counted from the session.
func TestRelative(t *testing.T) {
	for _, lang := range []string{"en", "lv"} {
		all := care.Client{}.BeforeSheet(lang).Text() + care.Client{}.AfterSheet(lang).Text()
		flat := strings.Join(strings.Fields(all), " ")
		for _, r := range append(treatment.Before(), treatment.After()...) {
			if !strings.Contains(flat, r.Text.In(lang)) {
				t.Errorf("%s: %s is missing", lang, r.ID)
			}
		}
	}
	if text := (care.Client{}).AfterSheet("en").Text(); !strings.Contains(text, "Days 0 to 4: Keep the scalp dry") || !strings.Contains(text, "Day 7: Earliest day") {
		t.Errorf("%s", text)
	}
}

// Own rules take the place of the usual.
func TestOwnRules(t *testing.T) {
	c := care.Client{Days: []civil.Date{civil.Of(2026, 12, 1)}, After: []treatment.Care{{ID: "dry", From: 0, To: 2, Text: treatment.Text{EN: "Keep dry.", LV: "Sausu."}}}}
	text := c.AfterSheet("en").Text()
	if !strings.Contains(text, "Tue 1 Dec 2026 to Thu 3 Dec 2026: Keep dry.") || strings.Contains(text, "Sweat") {
		t.Errorf("%s", text)
	}
}

// Healing is a month after the last session, whatever the order of days.
func TestHealed(t *testing.T) {
	if d := care.Healed([]civil.Date{civil.Of(2027, 1, 31), civil.Of(2026, 12, 1)}); d != civil.Of(2027, 2, 28) {
		t.Errorf("healed on %s", d)
	}
	rapid.Check(t, func(t *rapid.T) {
		d := civil.Of(2024, 1, 1).AddDays(rapid.IntRange(0, 3000).Draw(t, "day"))
		c := care.Client{Days: []civil.Date{d}}
		for _, lang := range []string{"en", "lv"} {
			for line := range strings.Lines(c.BeforeSheet(lang).Text() + c.AfterSheet(lang).Text()) {
				if utf8.RuneCountInString(line) > 79 {
					t.Fatalf("a line of %d letters: %q", utf8.RuneCountInString(line), line)
				}
			}
		}
		if n := d.DaysTo(care.Healed(c.Days)); n < 28 || n > 31 {
			t.Fatalf("healed after %d days", n)
		}
	})
}
