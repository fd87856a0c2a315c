package swatch_test

import (
	"errors"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"pointille/internal/colour"
	"pointille/internal/swatch"
	"pointille/internal/swatch/swatchtest"
)

func TestRead(t *testing.T) {
	cold, flat := swatchtest.Usual(), swatchtest.Usual()
	cold.White = [3]float64{0.6, 0.7, 0.9}
	flat.Turn, flat.Streaks = 0, 0.1
	for name, b := range map[string]swatchtest.Page{"warm light": swatchtest.Usual(), "cold light": cold, "from above, a little uneven": flat} {
		t.Run(name, func(t *testing.T) {
			got, err := swatch.Read(b.Photo(t), swatch.Beside())
			if err != nil {
				t.Fatal(err)
			}
			t.Logf("thin %.3f, black %.3f", got.Thin.Density, got.Black.Density)
			for c := range b.Thin {
				// What a plan uses is the ratio; 5 % of it is less than skins differ.
				ratio, want := got.Thin.Density[c]/got.Black.Density[c], b.Thin[c]/b.Black[c]
				if math.Abs(ratio/want-1) > 0.05 {
					t.Errorf("channel %d: %.3f of the black, want %.3f", c, ratio, want)
				}
				if math.Abs(got.Thin.Density[c]-b.Thin[c]) > 0.04 {
					t.Errorf("channel %d: density %.3f, want %.3f", c, got.Thin.Density[c], b.Thin[c])
				}
			}
			if d := colour.DeltaE00(colour.ToLab(got.Mass.Reflectance), colour.ToLab(b.Mass)); d > 2 {
				t.Errorf("bottle %v, want %v: ΔE00 %.1f", got.Mass.Reflectance, b.Mass, d)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	faint, dark, streaky, bright, none := swatchtest.Usual(), swatchtest.Usual(), swatchtest.Usual(), swatchtest.Usual(), swatchtest.Usual()
	faint.Black = [3]float64{0.02, 0.02, 0.02}
	dark.Thin = [3]float64{2.5, 2.6, 2.8}
	streaky.Streaks = 0.6
	bright.White = [3]float64{1.3, 1.3, 1.3}
	none.Mass = [3]float64{0.82, 0.82, 0.82}
	for want, b := range map[string]swatchtest.Page{
		"the spot of thinned black takes 2 %": faint, "too much to be measured": dark, "not even": streaky,
		"burnt out": bright, "undiluted pigment takes": none,
	} {
		if _, err := swatch.Read(b.Photo(t), swatch.Beside()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	far := swatch.Beside()
	far.Black.X = 900
	if _, err := swatch.Read(swatchtest.Usual().Photo(t), far); err == nil || !strings.Contains(err.Error(), "not in the picture") {
		t.Errorf("a spot outside: %v", err)
	}
}

func ExampleRead() {
	_, err := swatch.Read(image.NewNRGBA(image.Rect(0, 0, 200, 200)), swatch.Beside())
	fmt.Println(errors.Is(err, swatch.ErrNoCard))
	// Output: true
}
