package preview_test

import (
	"image"
	"math"
	"testing"

	"pointille/internal/colour"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

// contrast is the spread of a picture's green light over its mean.
func spreadOf(m *image.NRGBA) (relative, average float64) {
	sum, squares, n := 0.0, 0.0, 0.0
	b := m.Rect.Inset(20)
	for y := b.Min.Y; y < b.Max.Y; y++ {
		for x := b.Min.X; x < b.Max.X; x++ {
			v := colour.Decode(float64(m.NRGBAAt(x, y).G) / 255)
			sum, squares, n = sum+v, squares+v*v, n+1
		}
	}
	mean := sum / n
	return math.Sqrt(squares/n-mean*mean) / mean, mean
}

// From further away dots melt into a tone, and the tone stays the same.
func TestFromAfar(t *testing.T) {
	in := scene(t, 240, 200, 8)
	grid(&in, 240, 200, 8, 120)
	close := render(t, uniform(240, 200, skin), in, plan.Healed)
	last, tone := spreadOf(close)
	for _, metres := range preview.Distances() {
		got, err := preview.From(close, 1.0/8, metres)
		if err != nil {
			t.Fatal(err)
		}
		now, mean := spreadOf(got)
		t.Logf("%g m: contrast %.4f, mean %.4f (close %.4f, %.4f)", metres, now, mean, last, tone)
		if now > last || metres > 0.5 && now > 0.9*last {
			t.Errorf("%g m: contrast %v after %v nearer", metres, now, last)
		}
		if math.Abs(mean/tone-1) > 0.005 {
			t.Errorf("%g m: mean %v, close by %v", metres, mean, tone)
		}
		last = now
	}
	for _, v := range [][2]float64{{0, 1}, {math.NaN(), 1}, {1, 0}, {1, math.Inf(1)}} {
		if _, err := preview.From(close, v[0], v[1]); err == nil {
			t.Errorf("%v mm a pixel from %v m: accepted", v[0], v[1])
		}
	}
}

// The pair of an uncertain tone is as far from the expected as its error says,
// in the model and in the picture.
func TestUncertaintyPair(t *testing.T) {
	in := scene(t, 240, 200, 4)
	grid(&in, 240, 200, 4, 120)
	base := colour.ToLab(colour.FromBytes(skin.R, skin.G, skin.B))
	lighter, darker, err := in.Model.Ends(base, 120, 1.5)
	if err != nil {
		t.Fatal(err)
	}
	tone := func(m preview.Input) float64 {
		return colour.ToLab(mean(render(t, uniform(240, 200, skin), m, plan.Healed), 8))[0]
	}
	expected := tone(in)
	up, down := in, in
	up.Model, down.Model = lighter, darker
	if d := tone(up) - expected; math.Abs(d-1.5) > 0.4 {
		t.Errorf("the lighter end is %.2f L* lighter, want 1.5", d)
	}
	if d := expected - tone(down); math.Abs(d-1.5) > 0.4 {
		t.Errorf("the darker end is %.2f L* darker, want 1.5", d)
	}
	if _, _, err := in.Model.Ends(base, 120, math.NaN()); err == nil {
		t.Error("no error known: accepted")
	}
}
