package consent_test

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"pointille/internal/civil"
	"pointille/planner/consent"
	"pointille/planner/ledger"
	"pointille/planner/plan"
	"pointille/planner/treatment"
)

func Example() {
	text := consent.Text(sample(), "en")
	c, err := consent.Sign("K-0417", text, signature())
	fmt.Println(err, c.Allows(consent.Treat, noon()), c.Allows(consent.Show, noon()))
	// Output: <nil> true false
}

func noon() time.Time { return time.Date(2026, 11, 27, 12, 0, 0, 0, time.UTC) }

func signature() consent.Signature {
	return consent.Signature{Name: "Anna Bērziņa", At: noon(), How: consent.Paper, Purposes: map[string]bool{consent.Treat: true, consent.Keep: true, consent.Show: false}}
}

func sample() consent.Case {
	return consent.Case{
		Plan: &plan.Plan{
			Case: "K-0417", Look: plan.Shaved, Zones: []plan.Zone{{Name: "vertex", AreaCM2: 53.2, SigmaCM2: 4.1, Dots: 5282}},
			Dots: plan.Dots{Count: 5282, FreshMM: 0.25, HealedMM: 0.15}, Sessions: []plan.Session{{Number: 1}, {Number: 2}},
		},
		Studio: "Studija Rīga", Days: []civil.Date{civil.Of(2026, 12, 1)},
		Bottles: []ledger.Bottle{{Brand: "Studio black", Shade: "graphite", Batch: "B-77", Expires: "2027-05-31", Colorants: []ledger.Colorant{{Name: "carbon black", CI: "77266"}}, Label: ledger.Label{Statement: true, Nickel: true}}},
		Reasons: []string{"warts, moles and new vessels are left out: no dots there"},
	}
}

// The text names what this client agrees to, in both languages.
func TestText(t *testing.T) {
	for lang, want := range map[string][]string{
		"en": {"case K-0417, text version 1", "vertex: 53 cm² (± 4), 5282 dots", "0.25 mm wide when fresh, about 0.15 mm when healed", "session 1, 2 to 4 hours: lays the ground, 2026-12-01",
			"session 2, 2 to 3 hours", "batch B-77, to be used until 2027-05-31; colorants: carbon black CI 77266.", "Mixture for use in tattoos", "Contains nickel", "left out", "not guaranteed", "SHOW", "Fully healed", "freshly shaved"},
		"lv": {"lieta K-0417, teksta versija 1", "galvas virsa: 53 cm²", "1. seanss, 2 līdz 4 stundas: ieliek pamatu, 2026-12-01", "Satur niķeli", "nav garantēts", "GLABĀT"},
	} {
		text := consent.Text(sample(), lang)
		for _, w := range want {
			if !strings.Contains(text, w) {
				t.Errorf("%s: no %q in\n%s", lang, w, text)
			}
		}
		if text != consent.Text(sample(), lang) {
			t.Errorf("%s: the text is not the same twice", lang)
		}
		for _, look := range []string{plan.Shaved, plan.Density, plan.Patch, plan.Scar} {
			c := sample()
			c.Plan.Look = look
			if strings.Contains(consent.Text(c, lang), "\n- \n") {
				t.Errorf("%s: %s is not described", lang, look)
			}
		}
		for _, x := range treatment.TimeCourse() {
			if !strings.Contains(text, x.Text.In(lang)) {
				t.Errorf("%s: %s is missing", lang, x.ID)
			}
		}
		if strings.Contains(strings.ToLower(text), "diagnos") {
			t.Errorf("%s: it speaks of diagnosis", lang)
		}
	}
}

func TestSignRefuses(t *testing.T) {
	text := consent.Text(sample(), "en")
	for want, bend := range map[string]func(*consent.Signature){
		"whether photos may be used to show": func(s *consent.Signature) { delete(s.Purposes, consent.Show) },
		`name: " " is no name`:               func(s *consent.Signature) { s.Name = " " },
		`how: "voice"`:                       func(s *consent.Signature) { s.How = "voice" },
		"strokes: 0 strokes":                 func(s *consent.Signature) { s.How = consent.Tablet },
		"purposes: holds others":             func(s *consent.Signature) { s.Purposes["sell"] = true },
	} {
		s := signature()
		bend(&s)
		if _, err := consent.Sign("K-0417", text, s); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
	if _, err := consent.Sign("K-0417", " ", signature()); err == nil {
		t.Error("an empty text was signed")
	}
}

// A consent whose text, or hash, was changed by a letter is refused when read.
func TestChangedTextIsRefused(t *testing.T) {
	file := filepath.Join(t.TempDir(), "consent.json")
	c, err := consent.Sign("K-0417", consent.Text(sample(), "lv"), signature())
	if err != nil {
		t.Fatal(err)
	}
	if err := consent.Write(context.Background(), file, c); err != nil {
		t.Fatal(err)
	}
	r, err := consent.Read(file)
	if err != nil || r.Text != c.Text || fmt.Sprint(*r) != fmt.Sprint(*c) {
		t.Fatalf("%v", err)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := bytes.Replace(data, []byte("nav garantēts"), []byte("ir garantēts"), 1)
	if err := os.WriteFile(file, changed, 0o600); err != nil || bytes.Equal(changed, data) {
		t.Fatal("nothing was changed")
	}
	if _, err := consent.Read(file); err == nil || !strings.Contains(err.Error(), "changed after signing") {
		t.Errorf("%v", err)
	}
}

// A use is allowed from signing until it is taken back, each on its own.
func TestRevoke(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := signature()
		for _, p := range consent.Purposes() {
			s.Purposes[p] = rapid.Bool().Draw(t, p)
		}
		c, err := consent.Sign("K-1", "text", s)
		if err != nil {
			t.Fatal(err)
		}
		back := map[string]time.Time{}
		for range rapid.IntRange(0, 4).Draw(t, "revocations") {
			p := rapid.SampledFrom(consent.Purposes()).Draw(t, "purpose")
			at := noon().Add(time.Duration(rapid.IntRange(-5, 100).Draw(t, "hours")) * time.Hour)
			allowed := c.Allows(p, at)
			if err := c.Revoke(p, at); (err == nil) != allowed {
				t.Fatalf("%s at %v: allowed %v, revoked %v", p, at, allowed, err)
			} else if first, ok := back[p]; err == nil && (!ok || at.Before(first)) {
				back[p] = at
			}
		}
		at := noon().Add(time.Duration(rapid.IntRange(-10, 120).Draw(t, "when")) * time.Hour)
		for _, p := range consent.Purposes() {
			from, revoked := back[p]
			want := s.Purposes[p] && !at.Before(noon()) && (!revoked || at.Before(from))
			if c.Allows(p, at) != want {
				t.Fatalf("%s at %v: %v, want %v", p, at, !want, want)
			}
		}
	})
}

func FuzzDecode(f *testing.F) {
	c, err := consent.Sign("K-1", "text", signature())
	if err != nil {
		f.Fatal(err)
	}
	data, err := json.Marshal(c)
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := consent.Decode(bytes.NewReader(data))
		if err != nil {
			return
		}
		if c.SHA256 != consent.Hash(c.Text) {
			t.Error("a text under another's hash")
		}
		for _, p := range consent.Purposes() {
			c.Allows(p, noon())
		}
	})
}
