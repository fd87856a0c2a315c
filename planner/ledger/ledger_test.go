package ledger_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/civil"
	"pointille/planner/ledger"
)

func ExampleCheck() {
	b := good()
	b.Colorants = append(b.Colorants, ledger.Colorant{CI: "CI 74160"})
	for _, f := range ledger.Check(b, civil.Of(2026, 11, 27)) {
		fmt.Println(f)
	}
	// Output:
	// it holds Pigment Blue 15:3 (CI 74160, CAS 147-14-8), not to be used since 2023-01-04 (REACH Annex XVII entry 75(1): not placed on the market or used with a substance at or above its limit)
}

// good is a bottle with all its papers.
func good() ledger.Bottle {
	return ledger.Bottle{
		ID: "black-1", Brand: "Studio black", Shade: "graphite", Batch: "B-77 01", Expires: "2027-05-31", Country: "DE", SafetySheet: "2025-01-10",
		Colorants: []ledger.Colorant{{Name: "carbon black", CI: "77266", CAS: "1333-86-4"}},
		Label:     ledger.Label{Statement: true, Ingredients: true, Instructions: true},
		Analysis:  []ledger.Content{{Substance: "benzo[a]pyrene", MgPerKg: 0.001}, {Substance: "lead", MgPerKg: 0.1}},
	}
}

func book(b ...ledger.Bottle) *ledger.Ledger {
	return &ledger.Ledger{Schema: ledger.Schema, Bottles: b, Uses: []ledger.Use{}}
}

func TestRules(t *testing.T) {
	const today = "2026-11-27"
	for name, c := range map[string]struct {
		bend  func(*ledger.Bottle)
		on    string
		rules []string // numbers, blocking ones with !
	}{
		"good":             {func(*ledger.Bottle) {}, today, nil},
		"last day":         {func(*ledger.Bottle) {}, "2027-05-31", nil},
		"expired":          {func(*ledger.Bottle) {}, "2027-06-01", []string{"!studio rule 1"}},
		"expiry not known": {func(b *ledger.Bottle) { b.Expires = "" }, today, []string{"!studio rule 1"}},
		"no statement":     {func(b *ledger.Bottle) { b.Label.Statement = false }, today, []string{"!REACH Annex XVII entry 75(7)(a)", "!REACH Annex XVII entry 75(8)"}},
		"no batch":         {func(b *ledger.Bottle) { b.Batch = " " }, today, []string{"!REACH Annex XVII entry 75(7)(b)"}},
		"no ingredients":   {func(b *ledger.Bottle) { b.Label.Ingredients = false }, today, []string{"!REACH Annex XVII entry 75(7)(c)"}},
		"nickel unsaid": {func(b *ledger.Bottle) {
			b.Analysis = append(b.Analysis, ledger.Content{Substance: "Nickel", MgPerKg: 1})
		}, today, []string{"!REACH Annex XVII entry 75(7)(e)"}},
		"regulator unsaid": {func(b *ledger.Bottle) {
			b.Analysis = append(b.Analysis, ledger.Content{Substance: "pH regulator", MgPerKg: 500})
		}, today, []string{"!REACH Annex XVII entry 75(7)(d)"}},
		"no instructions":      {func(b *ledger.Bottle) { b.Label.Instructions = false }, today, []string{"REACH Annex XVII entry 75(7)(g)"}},
		"green by CAS":         {func(b *ledger.Bottle) { b.Colorants[0].CAS = "1328-53-6" }, today, []string{"!REACH Annex XVII entry 75(1)"}},
		"blue by name":         {func(b *ledger.Bottle) { b.Colorants[0] = ledger.Colorant{Name: "pigment blue 15:3"} }, today, []string{"!REACH Annex XVII entry 75(1)"}},
		"blue, last day":       {func(b *ledger.Bottle) { b.Colorants[0].CI = "74160" }, "2023-01-03", nil},
		"blue, first day":      {func(b *ledger.Bottle) { b.Colorants[0].CI = "74160" }, "2023-01-04", []string{"!REACH Annex XVII entry 75(1)"}},
		"before the entry":     {func(b *ledger.Bottle) { b.Label = ledger.Label{} }, "2022-01-03", nil},
		"papers missing":       {func(b *ledger.Bottle) { b.SafetySheet, b.Country = "", "" }, today, []string{"studio rule 2"}},
		"benzopyrene at limit": {func(b *ledger.Bottle) { b.Analysis[0].MgPerKg = 0.005 }, today, []string{"!REACH Annex XVII entry 75(1)"}},
	} {
		b := good()
		c.bend(&b)
		on, err := civil.Parse(c.on)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		blocked := false
		for _, f := range ledger.Check(b, on) {
			mark := ""
			if f.Blocks {
				mark, blocked = "!", true
			}
			got = append(got, mark+f.Rule.Number)
			if f.Rule.Text == "" || f.What == "" {
				t.Errorf("%s: %+v says nothing", name, f)
			}
		}
		if !slices.Equal(got, c.rules) {
			t.Errorf("%s: %q, want %q", name, got, c.rules)
		}
		err = book(b).Add(ledger.Use{Case: "K-1", Session: 1, Date: c.on, Bottle: b.ID})
		if (err != nil) != blocked || err != nil && !strings.Contains(err.Error(), strings.TrimPrefix(c.rules[0], "!")) {
			t.Errorf("%s: used all the same, or refused for nothing: %v", name, err)
		}
	}
}

// Every limit holds at its value and not a thousandth below it; more of a
// substance never makes a bottle better.
func TestLimits(t *testing.T) {
	on := civil.Of(2026, 11, 27)
	breaks := func(substance string, v float64) bool {
		b := good()
		b.Label.Nickel, b.Label.Chromium, b.Label.PHRegulator = true, true, true
		b.Analysis = []ledger.Content{{Substance: substance, MgPerKg: v}}
		return slices.ContainsFunc(ledger.Check(b, on), func(f ledger.Finding) bool { return f.Blocks })
	}
	want := map[string]float64{
		"carcinogen or mutagen": 0.5, "toxic to reproduction": 10, "skin sensitiser": 10, "corrosive or irritant": 100, "ph regulator": 1000,
		"cosmetics annex ii or iv": 0.5, "pah": 0.5, "benzo[a]pyrene": 0.005, "nickel": 5, "lead": 0.7, "cadmium": 0.5, "cobalt": 0.5, "chromium(vi)": 0.5, "mercury": 0.5,
	}
	if len(ledger.Limits()) != len(want) {
		t.Errorf("%d limits, want %d", len(ledger.Limits()), len(want))
	}
	for s, v := range want {
		if !breaks(s, v) || !breaks(strings.ToUpper(s), 2*v) || breaks(s, 0.999*v) {
			t.Errorf("%s: the limit is not %g mg/kg", s, v)
		}
	}
}

// What the entry names with a day, number and limit must say where that is from.
func TestLawIsSourced(t *testing.T) {
	for _, l := range ledger.Limits() {
		if !strings.Contains(l.Source, "2020/2081") {
			t.Errorf("%s: source %q", l.Substance, l.Source)
		}
	}
	got := ""
	for _, r := range ledger.RestrictedColorants() {
		got += fmt.Sprintf("%s, CI %s, CAS %s, from %s\n", r.Name, r.CI, r.CAS, r.From)
		if !strings.Contains(r.Source, "2020/2081") {
			t.Errorf("%s: source %q", r.Name, r.Source)
		}
	}
	want := "Pigment Blue 15:3, CI 74160, CAS 147-14-8, from 2023-01-04\nPigment Green 7, CI 74260, CAS 1328-53-6, from 2023-01-04\n"
	if got != want || ledger.InForce().String() != "2022-01-04" {
		t.Errorf("got %q, want %q; in force from %s", got, want, ledger.InForce())
	}
}

func TestRecall(t *testing.T) {
	other := good()
	other.ID, other.Batch = "black-2", "B-78"
	l := book(good(), other)
	for _, u := range []ledger.Use{
		{Case: "K-1", Session: 1, Date: "2026-11-01", Bottle: "black-1"}, {Case: "K-2", Session: 1, Date: "2026-11-02", Bottle: "black-2"},
		{Case: "K-3", Session: 2, Date: "2026-11-03", Bottle: "black-1", NeedleLot: "N9"},
	} {
		if err := l.Add(u); err != nil {
			t.Fatal(err)
		}
	}
	got := l.Recall("b-7701")
	if len(got) != 2 || got[0].Case != "K-1" || got[1].Case != "K-3" {
		t.Errorf("%+v", got)
	}
	if len(l.Recall("B-9")) != 0 {
		t.Error("a batch that was never used is recalled")
	}
	if err := l.Add(ledger.Use{Case: "K-1", Session: 1, Date: "2026-11-01", Bottle: "red"}); err == nil || len(l.Uses) != 3 {
		t.Errorf("%v", err)
	}
	if err := l.Add(ledger.Use{Session: 1, Date: "2026-11-01", Bottle: "black-1"}); err == nil || len(l.Uses) != 3 {
		t.Errorf("%v", err)
	}
}

// TestPartOfOneCase wants nothing of others in it, and all of its own.
func TestPartOfOneCase(t *testing.T) {
	other := good()
	other.ID, other.Batch = "black-2", "B-78"
	l := book(good(), other)
	for i, code := range []string{"K-1", "K-2", "k-1"} {
		if err := l.Add(ledger.Use{Case: code, Session: i + 1, Date: "2026-11-01", Bottle: []string{"black-1", "black-2", "black-1"}[i]}); err != nil {
			t.Fatal(err)
		}
	}
	part := l.Of("K-1")
	if err := part.Validate(); err != nil || len(part.Uses) != 2 || len(part.Bottles) != 1 || part.Bottles[0].ID != "black-1" {
		t.Errorf("%+v, %v", part, err)
	}
	if none := l.Of("K-3"); len(none.Uses)+len(none.Bottles) != 0 || none.Validate() != nil {
		t.Errorf("%+v", none)
	}
}

// Every use of a batch is found again, and no other.
func TestRecallIsComplete(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		l := book()
		for i := range 4 {
			b := good()
			b.ID, b.Batch = fmt.Sprint("bottle-", i), rapid.SampledFrom([]string{"A 1", "a1", "A2", "B"}).Draw(t, "batch")
			l.Bottles = append(l.Bottles, b)
		}
		want := 0
		for i := range rapid.IntRange(0, 20).Draw(t, "uses") {
			b := rapid.SampledFrom(l.Bottles).Draw(t, "bottle")
			if err := l.Add(ledger.Use{Case: fmt.Sprint(i), Session: 1, Date: "2026-11-01", Bottle: b.ID}); err != nil {
				t.Fatal(err)
			}
			if b.Batch == "A 1" || b.Batch == "a1" {
				want++
			}
		}
		if got := len(l.Recall(" a1 ")); got != want {
			t.Fatalf("%d uses found, want %d", got, want)
		}
	})
}

func TestRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"schema": "pointille.plan/1"}`:                                                                                                 `schema: "pointille.plan/1"`,
		`{"schema": "pointille.ledger/1", "bottles": [{"id": "", "brand": "x"}]}`:                                                        `bottles[0].id: "" is missing`,
		`{"schema": "pointille.ledger/1", "bottles": [{"id": "a", "brand": ""}]}`:                                                        `bottles[0].brand: missing`,
		`{"schema": "pointille.ledger/1", "bottles": [{"id": "a", "brand": "x", "expires": "05/2027"}]}`:                                 `bottles[0].expires: "05/2027" is no date`,
		`{"schema": "pointille.ledger/1", "bottles": [{"id": "a", "brand": "x", "colorants": [{}]}]}`:                                    `bottles[0].colorants[0]: neither name nor number`,
		`{"schema": "pointille.ledger/1", "bottles": [{"id": "a", "brand": "x", "analysis": [{"substance": "nikel", "mg_per_kg": 1}]}]}`: `did you mean "nickel"?`,
		`{"schema": "pointille.ledger/1", "bottles": [{"id": "a", "brand": "x", "expiry": "2027-01-01"}]}`:                               `bottles[0].expiry: unknown member`,
		`{"schema": "pointille.ledger/1", "bottles": [], "uses": [{"case": "K", "session": 1, "date": "2026-11-01", "bottle": "a"}]}`:    `uses[0].bottle: no bottle is called "a"`,
	} {
		if _, err := ledger.Decode(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", text, err, want)
		}
	}
}

func TestWrittenIsRead(t *testing.T) {
	file := filepath.Join(t.TempDir(), "ledger.json")
	l := book(good())
	if err := l.Add(ledger.Use{Case: "K-1", Session: 1, Date: "2026-11-01", Bottle: "black-1", Dilution: 12}); err != nil {
		t.Fatal(err)
	}
	if err := ledger.Write(context.Background(), file, l); err != nil {
		t.Fatal(err)
	}
	if r, err := ledger.Read(file); err != nil || fmt.Sprint(*r) != fmt.Sprint(*l) {
		t.Errorf("%+v, %v", r, err)
	}
}

func FuzzDecode(f *testing.F) {
	data, err := json.Marshal(book(good()))
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		l, err := ledger.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		for _, b := range l.Bottles {
			ledger.Check(b, civil.Of(2026, 11, 27))
			l.Recall(b.Batch)
		}
	})
}
