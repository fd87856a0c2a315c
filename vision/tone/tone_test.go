package tone_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"pointille/internal/colour"
	"pointille/internal/raster"
	"pointille/vision/survey"
	"pointille/vision/tone"
)

const side = 40

// painted is a scene in which f gives the class, the coverage and the colour
// of a white-lit surface at each pixel; light falls on all of it, shade(i) of
// it on pixel i.
func painted(light tone.Light, shade func(i int) float64, f func(i int) (class uint8, hair float32, albedo colour.RGB)) tone.Scene {
	s := tone.Scene{
		Image: image.NewNRGBA(image.Rect(0, 0, side, side)), Regions: image.NewGray(image.Rect(0, 0, side, side)),
		Hair: raster.NewPlane(side, side), Light: light,
	}
	for i := range side * side {
		class, hair, c := f(i)
		s.Regions.Pix[i], s.Hair.Pix[i] = class, hair
		for k := range c {
			c[k] *= light.White[k] * shade(i)
		}
		p := s.Image.Pix[4*i:]
		p[0], p[1], p[2] = colour.Bytes(c)
		p[3] = 255
	}
	return s
}

func even(int) float64 { return 1 }

// skinOf is a skin of the given typology angle, degrees: skins lie near
// b* = 17 with less of it at both ends.
func skinOf(ita float64) colour.Lab {
	b := 17 - 0.0012*ita*ita
	return colour.Lab{50 + b*math.Tan(ita*math.Pi/180), 11, b}
}

func lights() map[string][3]float64 {
	return map[string][3]float64{
		"daylight": {0.95, 0.95, 0.95}, "dim": {0.45, 0.45, 0.45}, "lamp": {0.95, 0.75, 0.5},
		"shade": {0.7, 0.8, 0.95}, "fluorescent": {0.75, 0.9, 0.7},
	}
}

// TestSkin goes over skins and lights: with the light known the error must be
// the same small one for all of them.
func TestSkin(t *testing.T) {
	for name, white := range lights() {
		for ita := -60.0; ita <= 60; ita += 15 {
			want := skinOf(ita)
			s := painted(tone.CardLight(white), even, func(int) (uint8, float32, colour.RGB) {
				return survey.Skin, 0, colour.FromLab(want)
			})
			got := tone.Skin(s)
			if got == nil {
				t.Errorf("%s, ITA %g: no skin", name, ita)
				continue
			}
			// Dark skin in dim light has few 8-bit levels.
			if d := colour.DeltaE00(got.Lab, want); d > 1.5 {
				t.Errorf("%s, ITA %g: %.1f, want %.1f: ΔE %.2f", name, ita, got.Lab, want, d)
			}
			if math.Abs(got.ITA-ita) > 4 {
				t.Errorf("%s: ITA %.1f, want %g", name, got.ITA, ita)
			}
			if got.Sigma < 3 || got.Sigma > 4 {
				t.Errorf("sigma %g with a card", got.Sigma)
			}
		}
	}
}

// TestSkinInShade wants the error of a shaded head within two sigmas, and no
// skin told from glare or from under hair.
func TestSkinInShade(t *testing.T) {
	for ita := -45.0; ita <= 60; ita += 15 {
		want := skinOf(ita)
		shade := func(i int) float64 { return 1 - 0.6*float64(i%side)/side }
		s := painted(tone.CardLight([3]float64{0.9, 0.9, 0.9}), shade, func(i int) (uint8, float32, colour.RGB) {
			switch {
			case i%25 == 0:
				return survey.Skin, 0, colour.RGB{1, 1, 1} // glare
			case i%3 == 0:
				return survey.Scalp, 0.5, colour.RGB{0.01, 0.01, 0.01}
			}
			return survey.Scalp, 0, colour.FromLab(want)
		})
		got := tone.Skin(s)
		if got == nil {
			t.Fatalf("ITA %g: no skin", ita)
		}
		if d := colour.DeltaE00(got.Lab, want); d > 2*got.Sigma {
			t.Errorf("ITA %g: %.1f, want %.1f: ΔE %.2f with sigma %.1f", ita, got.Lab, want, d, got.Sigma)
		}
	}
}

func TestUnknownLight(t *testing.T) {
	known, assumed := tone.CardLight([3]float64{0.9, 0.9, 0.9}), tone.AssumedLight()
	if assumed.Known || !known.Known || assumed.Sigma < 1.5*known.Sigma {
		t.Errorf("%+v and %+v", known, assumed)
	}
	s := painted(assumed, even, func(int) (uint8, float32, colour.RGB) { return survey.Skin, 0, colour.FromLab(skinOf(30)) })
	if got := tone.Skin(s); got == nil || got.Sigma < assumed.Sigma {
		t.Errorf("%+v, want a sigma of at least %g", got, assumed.Sigma)
	}
}

// TestBurntOut wants a colour on the scale even of skin brighter than white.
func TestBurntOut(t *testing.T) {
	s := painted(tone.CardLight([3]float64{1, 1, 1}), even, func(i int) (uint8, float32, colour.RGB) {
		return survey.Scalp, float32(i % 2), colour.RGB{1, 1, 1}
	})
	skin, hair := tone.Skin(s), tone.Hair(s)
	if skin == nil || hair == nil || skin.Lab[0] > 100 || hair.Lab[0] > 100 {
		t.Errorf("%+v and %+v", skin, hair)
	}
}

func TestNothingToMeasure(t *testing.T) {
	for name, f := range map[string]func(i int) (uint8, float32, colour.RGB){
		"no head": func(int) (uint8, float32, colour.RGB) { return survey.Background, 0, colour.RGB{0.5, 0.4, 0.3} },
		"clothes": func(int) (uint8, float32, colour.RGB) { return survey.Clothes, 0, colour.RGB{0.5, 0.4, 0.3} },
		"a speck": func(i int) (uint8, float32, colour.RGB) {
			return uint8(i / 100 % 2 * (1 - min(1, i/300)) * 2), 0, colour.RGB{0.5, 0.4, 0.3}
		},
		"all hair": func(int) (uint8, float32, colour.RGB) { return survey.Scalp, 1, colour.RGB{0.02, 0.02, 0.02} },
	} {
		s := painted(tone.AssumedLight(), even, f)
		if got := tone.Skin(s); got != nil {
			t.Errorf("%s: skin %.1f", name, got.Lab)
		}
		if name != "all hair" {
			if got := tone.Hair(s); got != nil {
				t.Errorf("%s: hair %.1f", name, got.Lab)
			}
		}
	}
}

func TestHair(t *testing.T) {
	for _, tt := range []struct {
		lab  colour.Lab
		name string
		grey float64
	}{
		{colour.Lab{8, 0, 1}, "black", 0}, {colour.Lab{26, 7, 11}, "", 0}, {colour.Lab{62, 6, 24}, "blonde", 0}, {colour.Lab{68, 0, 2}, "", 1},
	} {
		for name, white := range lights() {
			s := painted(tone.CardLight(white), even, func(i int) (uint8, float32, colour.RGB) {
				if i%2 == 0 {
					return survey.Scalp, 1, colour.FromLab(tt.lab)
				}
				return survey.Skin, 0, colour.FromLab(skinOf(40))
			})
			got := tone.Hair(s)
			if got == nil {
				t.Fatalf("%.0f in %s: no hair", tt.lab, name)
			}
			if d := colour.DeltaE00(got.Lab, tt.lab); d > 2.5 {
				t.Errorf("%.0f in %s: %.1f, ΔE %.2f", tt.lab, name, got.Lab, d)
			}
			if got.Grey != tt.grey || tt.name != "" && got.Name != tt.name {
				t.Errorf("%.0f in %s: %q, grey %g", tt.lab, name, got.Name, got.Grey)
			}
		}
	}
}

// TestStubble is hair that hides at most a third of any pixel, on a light and
// on a dark skin: its colour is that of no pixel.
func TestStubble(t *testing.T) {
	hair := colour.Lab{22, 4, 6}
	for _, ita := range []float64{50, 20, -10} {
		skin, fibre := colour.FromLab(skinOf(ita)), colour.FromLab(hair)
		s := painted(tone.CardLight([3]float64{0.9, 0.9, 0.9}), even, func(i int) (uint8, float32, colour.RGB) {
			c := 0.33 * float64(i%side) / side
			var mix colour.RGB
			for k := range mix { // stubble in a pixel dims as a filter does
				mix[k] = math.Pow(skin[k], 1-c) * math.Pow(fibre[k], c)
			}
			return survey.Scalp, float32(c), mix
		})
		got := tone.Hair(s)
		if got == nil {
			t.Fatalf("ITA %g: no hair", ita)
		}
		if d := colour.DeltaE00(got.Lab, hair); d > got.Sigma {
			t.Errorf("ITA %g: %.1f, want %.1f: ΔE %.2f with sigma %.1f", ita, got.Lab, hair, d, got.Sigma)
		}
	}
}

// TestTint wants the tint of an unknown light mostly taken off, and lightness left
// as it is.
func TestTint(t *testing.T) {
	for name, white := range lights() {
		want := skinOf(35)
		paint := func(l tone.Light) colour.Lab {
			s := painted(tone.CardLight(white), even, func(int) (uint8, float32, colour.RGB) { return survey.Skin, 0, colour.FromLab(want) })
			s.Light = l
			return tone.Skin(s).Lab
		}
		trusting := tone.AssumedLight()
		trusting.Tint = [2]float64{}
		raw, got := paint(trusting), paint(tone.AssumedLight())
		off := func(c colour.Lab) float64 { return math.Hypot(c[1]-want[1], c[2]-want[2]) }
		if off(raw) > 3 && off(got) > 0.6*off(raw) {
			t.Errorf("%s: hue off by %.1f, as seen by %.1f", name, off(got), off(raw))
		}
		if got[0] != raw[0] {
			t.Errorf("%s: lightness %g became %g", name, raw[0], got[0])
		}
	}
}

func ExampleSkin() {
	s := painted(tone.CardLight([3]float64{0.9, 0.7, 0.5}), even, func(int) (uint8, float32, colour.RGB) {
		return survey.Skin, 0, colour.FromLab(colour.Lab{62, 12, 17})
	})
	fmt.Printf("%.0f\n", tone.Skin(s).Lab)
	// Output: [62 12 17]
}
