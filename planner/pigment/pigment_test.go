package pigment_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/colour"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

func near(t *testing.T, what string, got, want, share float64) {
	t.Helper()
	if math.Abs(got-want) > share*want {
		t.Errorf("%s = %.3f, want %.3f within %.0f %%", what, got, want, 100*share)
	}
}

// The closed form of a kernel's area is checked against summing its profile.
func TestAreaIsIntegral(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := pigment.Column{
			Diameter: rapid.Float64Range(0.05, 0.5).Draw(t, "diameter"),
			Top:      rapid.Float64Range(0.02, 0.5).Draw(t, "top"),
			Height:   rapid.Float64Range(0.1, 0.5).Draw(t, "height"),
		}
		mu := rapid.Float64Range(0.1, 200).Draw(t, "absorption")
		skin := rapid.Float64Range(10, 80).Draw(t, "skin")
		k := pigment.See(c, [3]float64{mu, mu, mu}, skin)
		want, direct := k.Area(), pigment.Area(c, [3]float64{mu, mu, mu}, skin)
		for ch := range 3 {
			sum, step := 0.0, 0.002
			for r := step / 2; r < 5; r += step {
				sum += k.At(ch, r) * 2 * math.Pi * r * step
			}
			if math.Abs(sum-want[ch]) > 1e-3*want[ch] || math.Abs(direct[ch]-want[ch]) > 1e-3*want[ch] {
				t.Fatalf("channel %d: sum %v, area %v, direct %v", ch, sum, want[ch], direct[ch])
			}
			if p := k.At(ch, 0); !(p >= 0 && p < 1) {
				t.Fatalf("contrast %v", p)
			}
		}
	})
}

func TestDeeperIsFainterAndWider(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d := rapid.Float64Range(0.08, 0.3).Draw(t, "diameter")
		z := rapid.Float64Range(0.02, 0.4).Draw(t, "top")
		mu := [3]float64{40, 40, 40}
		p := pigment.See(pigment.Column{Diameter: d, Top: z, Height: 0.4}, mu, 60)
		q := pigment.See(pigment.Column{Diameter: d, Top: z + 0.05, Height: 0.4}, mu, 60)
		if q.Contrast()[1] > p.Contrast()[1]+1e-9 || q.Area()[1] > p.Area()[1]+1e-9 || q.FWHM() < p.FWHM() {
			t.Fatalf("%v then %v", p, q)
		}
		// Deep black reads blue: red light loses more than blue.
		if c := q.Contrast(); z > 0.1 && c[0] <= c[2] {
			t.Fatalf("contrast %v is not bluish", c)
		}
	})
}

func model(t testing.TB, dilution float64) *pigment.Model {
	t.Helper()
	m, err := pigment.NewModel(dots(), plan.Recipe{Shades: []plan.Shade{{Pigment: "carbon black", Dilution: dilution, Share: 1}}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func dots() plan.Dots { return plan.Dots{FreshMM: 0.25, HealedMM: 0.15, DepthMM: 0.5} }

func TestTimeline(t *testing.T) {
	skin := colour.Lab{62, 10, 18}
	for _, dilution := range []float64{0, 5, 20} {
		line, err := model(t, dilution).Timeline(skin, 120)
		if err != nil {
			t.Fatal(err)
		}
		if line[0].Name != plan.Before || line[0].Contrast != 0 || colour.DeltaE00(line[0].Lab, skin) > 1e-4 {
			t.Errorf("before: %+v", line[0])
		}
		for i, s := range line[2:] {
			before := line[i+1]
			if s.Contrast >= before.Contrast || s.Lab[0] <= before.Lab[0] || (i > 0 && s.DiameterMM <= before.DiameterMM) {
				t.Errorf("1:%g: %s does not fade after %s: %+v, %+v", dilution, s.Name, before.Name, s, before)
			}
		}
	}
}

func TestToneFollowsCurve(t *testing.T) {
	m := model(t, 10)
	od := func(stage string) float64 {
		f, err := m.Field(stage, 100)
		if err != nil {
			t.Fatal(err)
		}
		return -math.Log(f[1])
	}
	near(t, "healed over fresh", od(plan.Healed)/od(plan.Fresh), 0.6, 0.01)
	near(t, "one year over healed", od(plan.Year1)/od(plan.Healed), 0.53/0.6*math.Pow(0.93, 0.5), 0.01)
	near(t, "five years over healed", od(plan.Year5)/od(plan.Healed), 0.53/0.6*math.Pow(0.93, 4.5), 0.01)
	last := math.Inf(1)
	for d := 0.0; d < 4000; d += 3 {
		tone := pigment.After(d).Tone
		if tone >= last {
			t.Fatalf("tone rises on day %v", d)
		}
		last = tone
	}
}

func TestFieldMonotone(t *testing.T) {
	m := model(t, 5)
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Float64Range(0, 300).Draw(t, "density")
		stage := rapid.SampledFrom(pigment.Stages()[1:]).Draw(t, "stage")
		a, err1 := m.Field(stage, n)
		b, err2 := m.Field(stage, n+10)
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		for c := range a {
			if b[c] >= a[c] || a[c] > 1 {
				t.Fatalf("%v then %v", a, b)
			}
		}
	})
}

func TestModelRefuses(t *testing.T) {
	ok := plan.Recipe{Shades: []plan.Shade{{Pigment: "carbon black", Share: 1}}}
	nan := math.NaN()
	for name, c := range map[string]struct {
		d plan.Dots
		r plan.Recipe
	}{
		"no diameter":      {plan.Dots{FreshMM: 0.2, DepthMM: 0.5}, ok},
		"NaN diameter":     {plan.Dots{FreshMM: 0.2, HealedMM: nan, DepthMM: 0.5}, ok},
		"no shades":        {dots(), plan.Recipe{}},
		"unknown pigment":  {dots(), plan.Recipe{Shades: []plan.Shade{{Pigment: "moon dust", Share: 1}}}},
		"negative water":   {dots(), plan.Recipe{Shades: []plan.Shade{{Pigment: "carbon black", Dilution: -1, Share: 1}}}},
		"NaN share":        {dots(), plan.Recipe{Shades: []plan.Shade{{Pigment: "carbon black", Share: nan}}}},
		"depth of a blade": {plan.Dots{FreshMM: 0.2, HealedMM: 0.1, DepthMM: 50}, ok},
	} {
		if _, err := pigment.NewModel(c.d, c.r, nil); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	m := model(t, 0)
	if _, err := m.Kernel("tomorrow", 0, 0.1); err == nil {
		t.Error("unknown stage accepted")
	}
	if _, err := m.Kernel(plan.Healed, 1, 0.1); err == nil {
		t.Error("unknown shade accepted")
	}
	if _, err := m.Field(plan.Healed, nan); err == nil {
		t.Error("NaN density accepted")
	}
}

func FuzzReadCatalogue(f *testing.F) {
	f.Add([]byte(`[{"name":"a","absorption":[1,1,1]}]`))
	f.Add([]byte(`[{"name":"a","absorption":[1,0,1]}]`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		list, err := pigment.ReadCatalogue(data)
		if err == nil && len(list) == 0 {
			t.Fatal("an empty list was accepted")
		}
		for _, p := range list {
			for _, a := range p.In(3) {
				if !(a > 0) {
					t.Fatalf("absorption %v", a)
				}
			}
		}
	})
}

func ExampleModel_Timeline() {
	dots := plan.Dots{FreshMM: 0.25, HealedMM: 0.15, DepthMM: 0.5}
	recipe := plan.Recipe{Shades: []plan.Shade{{Pigment: "carbon black", Dilution: 10, Share: 1}}}
	m, err := pigment.NewModel(dots, recipe, nil)
	if err != nil {
		fmt.Println(err)
		return
	}
	line, err := m.Timeline(colour.Lab{62, 10, 18}, 120)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, s := range line {
		fmt.Printf("%-6s L* %.1f\n", s.Name, s.Lab[0])
	}
	// Output:
	// before L* 62.0
	// fresh  L* 54.2
	// healed L* 58.3
	// 1y     L* 58.9
	// 3y     L* 59.3
	// 5y     L* 59.6
}
