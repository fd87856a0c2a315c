package swatch_test

import (
	"errors"
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pointille/internal/colour"
	"pointille/internal/cvx"
	"pointille/internal/headframe"
	"pointille/internal/swatch"
	"pointille/vision/visiontest"
)

// table is a page with a card and spots on it, and how it is photographed.
type table struct {
	mass        [3]float64 // reflectance of the opaque spot
	thin, black [3]float64 // densities
	white       [3]float64 // light
	turn        float64    // of the camera, radians
	noise       float64
	streaks     float64 // of the spots
}

func usual() table {
	return table{
		mass: [3]float64{0.05, 0.034, 0.02}, thin: [3]float64{0.3, 0.52, 0.9}, black: [3]float64{0.62, 0.7, 0.83},
		white: [3]float64{0.9, 0.84, 0.74}, turn: 0.15, noise: 0.01,
	}
}

const w, h = 1200, 900

// photo renders the page as a phone would.
func (b table) photo(t testing.TB) *image.NRGBA {
	cam := visiontest.Look(headframe.Vec{60 + 420*math.Sin(b.turn), -10, 420 * math.Cos(b.turn)}, headframe.Vec{40, -5, 0}, 1500, w, h)
	sheet := visiontest.Sheet{Right: headframe.Vec{1, 0, 0}, Down: headframe.Vec{0, -1, 0}}
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	rng := rand.New(rand.NewPCG(1, 2))
	eye := cam.Eye()
	for y := range h {
		for x := range w {
			ray := cam.Ray(float64(x), float64(y))
			p := eye.Add(ray.Mul(-eye[2] / ray[2]))
			light := b.on(p[0]+38, 38-p[1]) // the marker's middle is 38 mm right and down of the card's corner
			fall := 1 - 0.0006*(p[0]+p[1])
			for c := range light {
				light[c] *= b.white[c] * fall * (1 + b.noise*rng.NormFloat64())
			}
			r, g, bl := colour.Bytes(light)
			copy(img.Pix[img.PixOffset(x, y):], []uint8{r, g, bl, 255})
		}
	}
	visiontest.DrawCard(t, img, cam, sheet, 7, b.white)
	data, err := cvx.EncodeJPEG(img, 90)
	if err != nil {
		t.Fatal(err)
	}
	back, err := cvx.Decode(data, cvx.DecodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return back
}

// on is the reflectance of the page at a place in the card's coordinates.
func (b table) on(x, y float64) colour.RGB {
	const paper = 0.82
	l := swatch.Beside()
	inside := func(p swatch.Place) bool { return math.Hypot(x-p.X, y-p.Y) < 5.5 }
	out := colour.RGB{paper, paper, paper}
	switch {
	case inside(l.Mass):
		return b.mass
	case inside(l.Thin):
		for c := range out {
			out[c] *= math.Exp(-b.thin[c] * (1 + b.streaks*math.Sin(5*x)))
		}
	case inside(l.Black):
		for c := range out {
			out[c] *= math.Exp(-b.black[c] * (1 + b.streaks*math.Cos(5*x)))
		}
	}
	return out
}

func TestRead(t *testing.T) {
	cold, flat := usual(), usual()
	cold.white = [3]float64{0.6, 0.7, 0.9}
	flat.turn, flat.streaks = 0, 0.1
	for name, b := range map[string]table{"warm light": usual(), "cold light": cold, "from above, a little uneven": flat} {
		t.Run(name, func(t *testing.T) {
			got, err := swatch.Read(b.photo(t), swatch.Beside())
			if err != nil {
				t.Fatal(err)
			}
			for c := range b.thin {
				// What a plan uses is the ratio; 5 % of it is less than skins differ.
				ratio, want := got.Thin.Density[c]/got.Black.Density[c], b.thin[c]/b.black[c]
				if math.Abs(ratio/want-1) > 0.05 {
					t.Errorf("channel %d: %.3f of the black, want %.3f", c, ratio, want)
				}
				if math.Abs(got.Thin.Density[c]-b.thin[c]) > 0.04 {
					t.Errorf("channel %d: density %.3f, want %.3f", c, got.Thin.Density[c], b.thin[c])
				}
			}
			if d := colour.DeltaE00(colour.ToLab(got.Mass.Reflectance), colour.ToLab(b.mass)); d > 2 {
				t.Errorf("bottle %v, want %v: ΔE00 %.1f", got.Mass.Reflectance, b.mass, d)
			}
		})
	}
}

func TestReadRefuses(t *testing.T) {
	faint, dark, streaky, bright, none := usual(), usual(), usual(), usual(), usual()
	faint.black = [3]float64{0.02, 0.02, 0.02}
	dark.thin = [3]float64{2.5, 2.6, 2.8}
	streaky.streaks = 0.6
	bright.white = [3]float64{1.3, 1.3, 1.3}
	none.mass = [3]float64{0.82, 0.82, 0.82}
	for want, b := range map[string]table{
		"the spot of thinned black takes 2 %": faint, "too much to be measured": dark, "not even": streaky,
		"burnt out": bright, "undiluted pigment takes": none,
	} {
		if _, err := swatch.Read(b.photo(t), swatch.Beside()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
	far := swatch.Beside()
	far.Black.X = 900
	if _, err := swatch.Read(usual().photo(t), far); err == nil || !strings.Contains(err.Error(), "not in the picture") {
		t.Errorf("a spot outside: %v", err)
	}
}

func ExampleRead() {
	_, err := swatch.Read(image.NewNRGBA(image.Rect(0, 0, 200, 200)), swatch.Beside())
	fmt.Println(errors.Is(err, swatch.ErrNoCard))
	// Output: true
}
