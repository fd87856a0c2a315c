package roots_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"pointille/vision/closeup/roots"
	"pointille/vision/closeup/stubbletest"
)

func look(tb testing.TB, img *image.NRGBA, perMM float64) *roots.Seen {
	tb.Helper()
	net, err := roots.Load()
	if err != nil {
		tb.Fatal(err)
	}
	defer net.Close()
	seen, err := net.Look(img, perMM)
	if err != nil {
		tb.Fatal(err)
	}
	return seen
}

func ExampleNetwork_Look() {
	net, err := roots.Load()
	if err != nil {
		fmt.Println(err)
		return
	}
	defer net.Close()
	seen, err := net.Look(stubbletest.Field(400, 320, 40, 60, 5).Draw(), 40)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(seen.Expected.W, seen.Expected.H, seen.PerMM, seen.TooLong)
	// Output: 100 80 40 false
}

func total(s *roots.Seen) float64 {
	t := 0.0
	for _, v := range s.Expected.Pix {
		t += float64(v)
	}
	return t
}

// Neither exposure nor white balance counts, nor which way up the picture is.
func TestLookIsOfTheScene(t *testing.T) {
	img := stubbletest.Field(480, 400, 36, 60, 17).Draw()
	want := total(look(t, img, 36))
	for name, change := range map[string]func(x, y int) [3]float64{
		"darker": func(x, y int) [3]float64 { return scaled(img, x, y, 0.7, 0.7, 0.7) },
		"warmer": func(x, y int) [3]float64 { return scaled(img, x, y, 1, 0.85, 0.7) },
		"turned": func(x, y int) [3]float64 { return scaled(img, 479-x, 399-y, 1, 1, 1) },
	} {
		other := image.NewNRGBA(img.Rect)
		for y := range 400 {
			for x := range 480 {
				c := change(x, y)
				i := other.PixOffset(x, y)
				for k := range c {
					other.Pix[i+k] = uint8(math.Round(c[k]))
				}
				other.Pix[i+3] = 255
			}
		}
		if got := total(look(t, other, 36)); math.Abs(got-want) > 0.12*want {
			t.Errorf("%s: %.1f roots expected, %.1f before", name, got, want)
		}
	}
}

func scaled(img *image.NRGBA, x, y int, r, g, b float64) [3]float64 {
	i := img.PixOffset(x, y)
	return [3]float64{r * float64(img.Pix[i]), g * float64(img.Pix[i+1]), b * float64(img.Pix[i+2])}
}

// Every working resolution keeps positions: the middle of the picture stays
// its middle, and corners its corners.
func TestPositions(t *testing.T) {
	for _, perMM := range []float64{12.5, 24, 48, 90, 360} {
		w, h := 403, 301
		s := look(t, stubbletest.Scene{W: w, H: h, PerMM: perMM, Skin: [3]float64{180, 150, 130}, Noise: 2}.Draw(), perMM)
		if s.PerMM < 20 || s.PerMM > 48 {
			t.Errorf("%.0f px/mm is looked at with %.1f", perMM, s.PerMM)
		}
		for _, p := range [][2]float64{{-0.5, -0.5}, {float64(w) - 0.5, float64(h) - 0.5}, {float64(w-1) / 2, float64(h-1) / 2}} {
			work := [2]float64{(p[0]+0.5)/float64(w)*float64(s.Grey.W) - 0.5, (p[1]+0.5)/float64(h)*float64(s.Grey.H) - 0.5}
			cells := [2]float64{(work[0]+0.5)/roots.Cell - 0.5, (work[1]+0.5)/roots.Cell - 0.5}
			if q := s.ToPhoto(cells); math.Hypot(p[0]-q[0], p[1]-q[1]) > 1e-6 {
				t.Errorf("%.0f px/mm: %v comes back as %v", perMM, p, q)
			}
		}
	}
}

// Large pictures are looked at more coarsely, never too coarsely for hairs.
func TestLargePictures(t *testing.T) {
	img := image.NewNRGBA(image.Rect(0, 0, 2400, 1800))
	for i := range img.Pix {
		img.Pix[i] = [4]uint8{200, 160, 140, 255}[i%4]
	}
	if s := look(t, img, 60); s.PerMM < 24 || s.Grey.W*s.Grey.H > 1_000_000 {
		t.Errorf("4 megapixels are looked at with %.1f px/mm as %d x %d", s.PerMM, s.Grey.W, s.Grey.H)
	}
}
