package pigment_test

import (
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
		if err != nil {
			t.Fatal(err)
		}
		for _, r := range got {
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
