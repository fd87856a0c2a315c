package colour_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"github.com/lucasb-eyer/go-colorful"
	"pgregory.net/rapid"

	"pointille/internal/colour"
)

// The pairs are those of Sharma, Wu and Dalal (2005), table 1.
func TestDeltaE00Published(t *testing.T) {
	pairs := []struct {
		p, q colour.Lab
		want float64
	}{
		{colour.Lab{50, 2.6772, -79.7751}, colour.Lab{50, 0, -82.7485}, 2.0425},
		{colour.Lab{50, 3.1571, -77.2803}, colour.Lab{50, 0, -82.7485}, 2.8615},
		{colour.Lab{50, 2.8361, -74.0200}, colour.Lab{50, 0, -82.7485}, 3.4412},
		{colour.Lab{50, -1.3802, -84.2814}, colour.Lab{50, 0, -82.7485}, 1.0000},
		{colour.Lab{50, -1.1848, -84.8006}, colour.Lab{50, 0, -82.7485}, 1.0000},
		{colour.Lab{50, -0.9009, -85.5211}, colour.Lab{50, 0, -82.7485}, 1.0000},
		{colour.Lab{50, 0, 0}, colour.Lab{50, -1, 2}, 2.3669},
		{colour.Lab{50, -1, 2}, colour.Lab{50, 0, 0}, 2.3669},
		{colour.Lab{50, 2.49, -0.001}, colour.Lab{50, -2.49, 0.0009}, 7.1792},
		{colour.Lab{50, 2.49, -0.001}, colour.Lab{50, -2.49, 0.0011}, 7.2195},
		{colour.Lab{50, -0.001, 2.49}, colour.Lab{50, 0.0009, -2.49}, 4.8045},
		{colour.Lab{50, -0.001, 2.49}, colour.Lab{50, 0.0011, -2.49}, 4.7461},
		{colour.Lab{50, 2.5, 0}, colour.Lab{50, 0, -2.5}, 4.3065},
		{colour.Lab{50, 2.5, 0}, colour.Lab{73, 25, -18}, 27.1492},
		{colour.Lab{50, 2.5, 0}, colour.Lab{61, -5, 29}, 22.8977},
		{colour.Lab{50, 2.5, 0}, colour.Lab{56, -27, -3}, 31.9030},
		{colour.Lab{50, 2.5, 0}, colour.Lab{58, 24, 15}, 19.4535},
		{colour.Lab{50, 2.5, 0}, colour.Lab{50, 3.1736, 0.5854}, 1.0000},
		{colour.Lab{60.2574, -34.0099, 36.2677}, colour.Lab{60.4626, -34.1751, 39.4387}, 1.2644},
		{colour.Lab{63.0109, -31.0961, -5.8663}, colour.Lab{62.8187, -29.7946, -4.0864}, 1.2630},
		{colour.Lab{35.0831, -44.1164, 3.7933}, colour.Lab{35.0232, -40.0716, 1.5901}, 1.8645},
		{colour.Lab{22.7233, 20.0904, -46.6940}, colour.Lab{23.0331, 14.9730, -42.5619}, 2.0373},
		{colour.Lab{36.4612, 47.8580, 18.3852}, colour.Lab{36.2715, 50.5065, 21.2231}, 1.4146},
		{colour.Lab{90.8027, -2.0831, 1.4410}, colour.Lab{91.1528, -1.6435, 0.0447}, 1.4441},
		{colour.Lab{6.7747, -0.2908, -2.4247}, colour.Lab{5.8714, -0.0985, -2.2286}, 0.6377},
		{colour.Lab{2.0776, 0.0795, -1.1350}, colour.Lab{0.9033, -0.0636, -0.5514}, 0.9082},
	}
	for _, p := range pairs {
		if got := colour.DeltaE00(p.p, p.q); math.Abs(got-p.want) > 5e-5 {
			t.Errorf("DeltaE00(%v, %v) = %.4f, want %.4f", p.p, p.q, got, p.want)
		}
	}
}

func labs(t *rapid.T, label string) colour.Lab {
	return colour.Lab{
		rapid.Float64Range(0, 100).Draw(t, label+" L"),
		rapid.Float64Range(-90, 90).Draw(t, label+" a"),
		rapid.Float64Range(-90, 90).Draw(t, label+" b"),
	}
}

func TestDeltaE00Properties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p, q := labs(t, "p"), labs(t, "q")
		d := colour.DeltaE00(p, q)
		if !(d >= 0) || math.IsInf(d, 0) {
			t.Fatalf("DeltaE00 = %v", d)
		}
		if back := colour.DeltaE00(q, p); math.Abs(back-d) > 1e-9*max(1, d) {
			t.Fatalf("not symmetric: %v and %v", d, back)
		}
		if colour.DeltaE00(p, p) != 0 {
			t.Fatal("a colour differs from itself")
		}
	})
}

func TestLabAgainstColorful(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r, g, b := rapid.Byte().Draw(t, "r"), rapid.Byte().Draw(t, "g"), rapid.Byte().Draw(t, "b")
		l, a, bb := colorful.Color{R: float64(r) / 255, G: float64(g) / 255, B: float64(b) / 255}.Lab()
		got := colour.ToLab(colour.FromBytes(r, g, b))
		for i, want := range []float64{100 * l, 100 * a, 100 * bb} {
			if math.Abs(got[i]-want) > 0.05 {
				t.Fatalf("%d,%d,%d: Lab %v, want %.3f at %d", r, g, b, got, want, i)
			}
		}
		r2, g2, b2 := colour.Bytes(colour.FromLab(got))
		if r2 != r || g2 != g || b2 != b {
			t.Fatalf("%d,%d,%d came back as %d,%d,%d", r, g, b, r2, g2, b2)
		}
	})
}

func TestTablesAgainstFormula(t *testing.T) {
	tab := colour.NewTables()
	for b := range 256 {
		if got := tab.Byte(tab.Linear(uint8(b))); int(got) != b {
			t.Fatalf("byte %d came back as %d", b, got)
		}
	}
	for i := range 200001 {
		l := float64(i) / 200000
		want := colour.Encode(l) * 255
		if got := float64(tab.Byte(float32(l))); math.Abs(got-want) > 0.501 {
			t.Fatalf("Byte(%v) = %v, want near %.3f", l, got, want)
		}
	}
	odd := map[float32]uint8{float32(math.NaN()): 0, -1: 0, 7: 255, float32(math.Inf(1)): 255}
	for l, want := range odd {
		if got := tab.Byte(l); got != want {
			t.Errorf("Byte(%v) = %d, want %d", l, got, want)
		}
	}
}

func TestDither(t *testing.T) {
	tab := colour.NewTables()
	rapid.Check(t, func(t *rapid.T) {
		l := rapid.Float32Range(0, 1).Draw(t, "light")
		u := rapid.Float32Range(0, 0.999).Draw(t, "u")
		if a, b := tab.Dither(l, u), tab.Dither(min(1, l*1.01), u); b < a {
			t.Fatalf("%d falls to %d", a, b)
		}
		b := rapid.Byte().Draw(t, "byte")
		if got := tab.Dither(tab.Linear(b), u); got != b {
			t.Fatalf("byte %d became %d", b, got)
		}
		sum := 0.0
		for i := range 1000 {
			sum += float64(tab.Linear(tab.Dither(l, (float32(i)+0.5)/1000)))
		}
		if math.Abs(sum/1000-float64(l)) > 2e-5 {
			t.Fatalf("mean %v, want %v", sum/1000, l)
		}
	})
}

func TestLinearPlanesOfSubImage(t *testing.T) {
	big := image.NewNRGBA(image.Rect(0, 0, 5, 4))
	for i := range big.Pix {
		big.Pix[i] = uint8(i * 3)
	}
	sub := big.SubImage(image.Rect(1, 1, 4, 3)).(*image.NRGBA)
	tab := colour.NewTables()
	r, g, b := tab.LinearPlanes(sub)
	for y := range 2 {
		for x := range 3 {
			c := sub.NRGBAAt(1+x, 1+y)
			i := y*3 + x
			if r[i] != tab.Linear(c.R) || g[i] != tab.Linear(c.G) || b[i] != tab.Linear(c.B) {
				t.Fatalf("pixel %d,%d wrong", x, y)
			}
		}
	}
}

func TestITA(t *testing.T) {
	for _, c := range []struct {
		lab  colour.Lab
		want float64
	}{
		{colour.Lab{60.75, 9.42, 18.31}, 30.4},
		{colour.Lab{77.9, 3.5, 23.1}, 50.4},
		{colour.Lab{30.7, 11.7, 13.3}, -55.4},
		{colour.Lab{70, 0, -3}, 90},
	} {
		if got := colour.ITA(c.lab); math.Abs(got-c.want) > 0.1 {
			t.Errorf("ITA(%v) = %.2f, want %.1f", c.lab, got, c.want)
		}
	}
}

func TestHairName(t *testing.T) {
	for want, lab := range map[string]colour.Lab{
		"black": {9, 1, 1}, "dark brown": {18.6, 7.1, 7.5}, "brown": {30, 8, 12}, "light brown": {42, 8, 18},
		"blonde": {62, 6, 25}, "red": {35, 24, 22}, "grey": {50, 1, 2}, "white": {80, 0, 3},
	} {
		if got := colour.HairName(lab); got != want {
			t.Errorf("HairName(%v) = %q, want %q", lab, got, want)
		}
	}
}

func ExampleDeltaE00() {
	skin, stubble := colour.Lab{60, 9, 18}, colour.Lab{54, 8, 14}
	fmt.Printf("%.1f\n", colour.DeltaE00(skin, stubble))
	// Output: 6.0
}

func BenchmarkLinearPlanes(b *testing.B) {
	m := image.NewNRGBA(image.Rect(0, 0, 1600, 1200))
	tab := colour.NewTables()
	b.ReportAllocs()
	for b.Loop() {
		tab.LinearPlanes(m)
	}
}
