// Package swatchtest photographs pages of swatches, for tests: every spot is
// known, so that what is read of it can be judged.
package swatchtest

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"pointille/internal/colour"
	"pointille/internal/cvx"
	"pointille/internal/headframe"
	"pointille/internal/swatch"
	"pointille/vision/visiontest"
)

// Page is a page with a card and spots on it, and how it is photographed.
type Page struct {
	Mass        [3]float64 // reflectance of the opaque spot
	Thin, Black [3]float64 // densities
	White       [3]float64 // light
	Turn        float64    // of the camera, radians
	Noise       float64    // share of each pixel's light
	Streaks     float64    // in the spots, share of their density
}

// Usual is a brown beside black, in warm light.
func Usual() Page {
	return Page{
		Mass: [3]float64{0.05, 0.034, 0.02}, Thin: [3]float64{0.3, 0.52, 0.9}, Black: [3]float64{0.62, 0.7, 0.83},
		White: [3]float64{0.9, 0.84, 0.74}, Turn: 0.15, Noise: 0.01,
	}
}

const w, h = 640, 480

// Photo renders the page as a phone would.
func (b Page) Photo(t testing.TB) *image.NRGBA {
	cam := visiontest.Look(headframe.Vec{60 + 420*math.Sin(b.Turn), -10, 420 * math.Cos(b.Turn)}, headframe.Vec{40, -5, 0}, 800, w, h)
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
				light[c] *= b.White[c] * fall * (1 + b.Noise*rng.NormFloat64())
			}
			r, g, bl := colour.Bytes(light)
			copy(img.Pix[img.PixOffset(x, y):], []uint8{r, g, bl, 255})
		}
	}
	visiontest.DrawCard(t, img, cam, sheet, 7, b.White)
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
func (b Page) on(x, y float64) colour.RGB {
	const paper = 0.82
	l := swatch.Beside()
	inside := func(p swatch.Place) bool { return math.Hypot(x-p.X, y-p.Y) < 5.5 }
	out := colour.RGB{paper, paper, paper}
	switch {
	case inside(l.Mass):
		return b.Mass
	case inside(l.Thin):
		for c := range out {
			out[c] *= math.Exp(-b.Thin[c] * (1 + b.Streaks*math.Sin(5*x)))
		}
	case inside(l.Black):
		for c := range out {
			out[c] *= math.Exp(-b.Black[c] * (1 + b.Streaks*math.Cos(5*x)))
		}
	}
	return out
}
