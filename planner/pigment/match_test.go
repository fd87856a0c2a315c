package pigment_test

import (
	"errors"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/colour"
	"pointille/planner/pigment"
)

func stubble(t testing.TB, skin, hair colour.Lab, perCM2 float64) colour.Lab {
	t.Helper()
	tone, err := pigment.Stubble{Skin: skin, Hair: hair, PerCM2: perCM2}.Tone()
	if err != nil {
		t.Fatal(err)
	}
	return tone
}

func TestMatchGrades(t *testing.T) {
	for _, c := range []struct {
		name       string
		skin, hair colour.Lab
		hairs      float64
		grey       float64
		sigma      float64
		grade      string
		note       string
	}{
		{"dark brown on medium skin", colour.Lab{61, 9, 18}, colour.Lab{18, 7, 7}, 150, 0, 1, pigment.Matching, ""},
		{"black on fair skin", colour.Lab{70, 9, 16}, colour.Lab{10, 1, 1}, 150, 0, 1, "", ""},
		{"blonde on fair skin", colour.Lab{68, 10, 16}, colour.Lab{66, 6, 26}, 150, 0, 1, pigment.Warn, "only darken"},
		{"black on very dark skin", colour.Lab{16, 7, 6}, colour.Lab{8, 1, 1}, 120, 0, 1, "", "hardly be seen"},
		{"grey", colour.Lab{65, 9, 16}, colour.Lab{45, 1, 2}, 120, 0.6, 1, "", "grey"},
		{"unknown skin", colour.Lab{61, 9, 18}, colour.Lab{18, 7, 7}, 150, 0, 9, pigment.Warn, "test patch"},
	} {
		w := pigment.Wish{
			Skin: c.skin, SkinSigma: c.sigma, Hair: c.hair, Grey: c.grey,
			Target: stubble(t, c.skin, c.hair, c.hairs), DotsPerCM2: 120, Dots: dots(),
		}
		got, err := pigment.Match(w)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		t.Logf("%s: target %.1f", c.name, w.Target)
		for _, r := range got {
			t.Logf("  %s ΔE %.2f ± %.1f healed %.1f %+v %s", r.Grade, r.DeltaE, r.Sigma, r.HealedLab, r.Shades, r.Note)
		}
		if len(got) != 3 {
			t.Errorf("%s: %d recipes", c.name, len(got))
		}
		if c.grade != "" && got[0].Grade != c.grade {
			t.Errorf("%s: grade %s, want %s", c.name, got[0].Grade, c.grade)
		}
		if !strings.Contains(got[0].Note, c.note) {
			t.Errorf("%s: note %q lacks %q", c.name, got[0].Note, c.note)
		}
	}
}

func TestMatchProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		skin := colour.Lab{rapid.Float64Range(20, 75).Draw(t, "L"), rapid.Float64Range(5, 14).Draw(t, "a"), rapid.Float64Range(6, 24).Draw(t, "b")}
		hair := colour.Lab{rapid.Float64Range(5, 70).Draw(t, "hair L"), rapid.Float64Range(0, 15).Draw(t, "hair a"), rapid.Float64Range(0, 25).Draw(t, "hair b")}
		tone, err := pigment.Stubble{Skin: skin, Hair: hair, PerCM2: rapid.Float64Range(0, 250).Draw(t, "hairs")}.Tone()
		if err != nil {
			t.Fatal(err)
		}
		got, err := pigment.Match(pigment.Wish{Skin: skin, Hair: hair, Target: tone, DotsPerCM2: rapid.Float64Range(5, 250).Draw(t, "dots"), Dots: dots()})
		if errors.Is(err, pigment.ErrBlue) || errors.Is(err, pigment.ErrHelmet) {
			return
		}
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got {
			if min(r.TargetLab[0], skin[0])-r.HealedLab[0] > 5.001 {
				t.Fatalf("a helmet: %v beside %v", r.HealedLab, r.TargetLab)
			}
			total := 0.0
			for _, s := range r.Shades {
				total += s.Share
				if s.Lab[0] > skin[0] || !colour.Finite(s.Lab) {
					t.Fatalf("shade %v on skin %v", s.Lab, skin)
				}
			}
			if math.Abs(total-1) > 1e-9 || len(r.Shades) < 2 || len(r.Shades) > 3 {
				t.Fatalf("shares sum to %v: %+v", total, r.Shades)
			}
			if r.HealedLab[0] > skin[0] || math.Abs(colour.DeltaE00(r.HealedLab, r.TargetLab)-r.DeltaE) > 1e-9 {
				t.Fatalf("%+v", r)
			}
			m, err := pigment.NewModel(dots(), r, nil)
			if err != nil {
				t.Fatal(err)
			}
			_ = m
		}
	})
}

// Every hair on every skin gets three recipes, and is matched or told why not.
// Skins are light to very dark scalps, hair as colour.HairName names it.
func TestMatchEveryHairOnEverySkin(t *testing.T) {
	skins := map[string]colour.Lab{
		"very light": {72, 8, 15}, "light": {66, 10, 17}, "medium": {58, 12, 20}, "tan": {48, 13, 20}, "brown": {37, 12, 15}, "very dark": {26, 9, 9},
	}
	hairs := map[string]colour.Lab{
		"black": {9, 1, 1}, "dark brown": {18, 7, 7}, "brown": {30, 8, 12}, "red": {35, 24, 22}, "blonde": {62, 6, 25}, "grey": {50, 1, 2}, "white": {80, 0, 3},
	}
	matched := 0
	for skinName, skin := range skins {
		for hairName, hair := range hairs {
			name := hairName + " on " + skinName
			got, err := pigment.Match(pigment.Wish{Skin: skin, SkinSigma: 2, Hair: hair, Target: stubble(t, skin, hair, 150), DotsPerCM2: 120, Dots: dots()})
			if err != nil {
				t.Errorf("%s: %v", name, err)
				continue
			}
			best := got[0]
			dark := hair[0] < skin[0]-5
			switch {
			case len(got) != 3:
				t.Errorf("%s: %d recipes", name, len(got))
			case dark && best.DeltaE > 4:
				t.Errorf("%s: darker hair is not even close: ΔE %.1f", name, best.DeltaE)
			case !dark && (best.Grade != pigment.Warn || !strings.Contains(best.Note, "only darken")):
				t.Errorf("%s: pigment cannot lighten, but the grade is %s: %q", name, best.Grade, best.Note)
			case best.Grade == pigment.Warn && best.Note == "":
				t.Errorf("%s: warned without a word", name)
			case best.SigmaWithoutCard <= best.Sigma:
				t.Errorf("%s: ± %.2f with a card, ± %.2f without", name, best.Sigma, best.SigmaWithoutCard)
			}
			if best.Grade == pigment.Matching {
				matched++
			}
			t.Logf("%-24s ΔE %.1f ± %.1f (%.1f) %s %s", name, best.DeltaE, best.Sigma, best.SigmaWithoutCard, best.Grade, best.Shades[0].Pigment)
		}
	}
	t.Logf("%d of %d match", matched, len(skins)*len(hairs))
}

// Steps go the way they are named, and only the ends of the ladder lack one.
func TestSteps(t *testing.T) {
	skin, hair := colour.Lab{61, 9, 18}, colour.Lab{18, 7, 7}
	got, err := pigment.Match(pigment.Wish{Skin: skin, Hair: hair, Target: stubble(t, skin, hair, 150), DotsPerCM2: 120, Dots: dots()})
	if err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	for _, r := range got {
		for _, s := range r.Steps {
			seen[s.Direction] = true
			was, is := r.HealedLab, s.HealedLab
			warmth := func(c [3]float64) float64 { return c[2] + c[1] }
			ok := map[string]bool{
				pigment.Lighter: is[0] > was[0], pigment.Darker: is[0] < was[0],
				pigment.Warmer: warmth(is) > warmth(was), pigment.Cooler: warmth(is) < warmth(was),
			}[s.Direction]
			if !ok {
				t.Errorf("%s from %v to %v (%s to %s)", s.Direction, was, is, r.Shades[0].Pigment, s.Shades[0].Pigment)
			}
			if math.Abs(s.DeltaE-colour.DeltaE00(is, r.TargetLab)) > 1e-9 {
				t.Errorf("%s: ΔE %v", s.Direction, s.DeltaE)
			}
		}
	}
	for _, d := range []string{pigment.Lighter, pigment.Darker, pigment.Warmer, pigment.Cooler} {
		if !seen[d] {
			t.Errorf("no recipe has a step %s", d)
		}
	}
}

// Black from a needle that goes far too deep reads blue, and full black at
// twice the density of the hair as a helmet.
func TestMatchRefusesBlueAndHelmet(t *testing.T) {
	skin, hair := colour.Lab{66, 10, 17}, colour.Lab{45, 12, 24}
	list, err := pigment.Catalogue()
	if err != nil {
		t.Fatal(err)
	}
	black := list[:1]
	deep := dots()
	deep.DepthMM, deep.HealedMM = 2.5, 0.4
	_, err = pigment.Match(pigment.Wish{Skin: skin, Hair: hair, Target: stubble(t, skin, hair, 150), DotsPerCM2: 250, Dots: deep, Pigments: black, Dilutions: []float64{0, 1}})
	if !errors.Is(err, pigment.ErrBlue) {
		t.Errorf("deep black: %v", err)
	}
	_, err = pigment.Match(pigment.Wish{Skin: skin, Hair: hair, Target: stubble(t, skin, hair, 20), DotsPerCM2: 250, Dots: dots(), Pigments: list[4:5], Dilutions: []float64{0}})
	if !errors.Is(err, pigment.ErrHelmet) {
		t.Errorf("strong and dense: %v", err)
	}
}

// A target made with a known recipe must be found again.
func TestMatchFindsItsOwn(t *testing.T) {
	skin := colour.Lab{63, 10, 17}
	stage, err := model(t, 7).Stage("healed", skin, 140)
	if err != nil {
		t.Fatal(err)
	}
	got, err := pigment.Match(pigment.Wish{Skin: skin, Target: stage.Lab, DotsPerCM2: 140, Dots: dots()})
	if err != nil {
		t.Fatal(err)
	}
	if got[0].DeltaE > 0.4 {
		t.Errorf("ΔE %.2f: %+v", got[0].DeltaE, got[0].Shades)
	}
}

func TestMatchRefuses(t *testing.T) {
	good := pigment.Wish{Skin: colour.Lab{60, 9, 18}, Target: colour.Lab{55, 8, 15}, DotsPerCM2: 100, Dots: dots()}
	for name, spoil := range map[string]func(*pigment.Wish){
		"NaN skin":     func(w *pigment.Wish) { w.Skin[0] = math.NaN() },
		"endless skin": func(w *pigment.Wish) { w.Skin[1] = math.Inf(1) },
		"NaN target":   func(w *pigment.Wish) { w.Target[2] = math.NaN() },
		"no density":   func(w *pigment.Wish) { w.DotsPerCM2 = 0 },
		"NaN sigma":    func(w *pigment.Wish) { w.SkinSigma = math.NaN() },
		"no diameter":  func(w *pigment.Wish) { w.Dots.HealedMM = 0 },
	} {
		w := good
		spoil(&w)
		if _, err := pigment.Match(w); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestStubbleRefuses(t *testing.T) {
	for _, s := range []pigment.Stubble{{Skin: colour.Lab{math.NaN(), 0, 0}}, {PerCM2: -1}, {PerCM2: 10, LengthMM: math.Inf(1)}} {
		if _, err := s.Tone(); err == nil {
			t.Errorf("%+v: accepted", s)
		}
	}
}
