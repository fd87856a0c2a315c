package quality_test

import (
	"image"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"pointille/internal/cvx"
	"pointille/vision/quality"
	"pointille/vision/survey"
)

const w, h = 300, 400

// head is stubble on a head in the middle of the picture, before a plain wall.
func head() quality.Input {
	in := quality.Input{
		Image: image.NewNRGBA(image.Rect(0, 0, w, h)), Regions: image.NewGray(image.Rect(0, 0, w, h)),
		Head: image.Rect(60, 60, 240, 300), Heads: 1, Scale: 2,
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range w * h {
		x, y := i%w, i/w
		dx, dy := float64(x-150)/90, float64(y-180)/120
		v := uint8(200)
		if dx*dx+dy*dy < 1 {
			in.Regions.Pix[i] = survey.Scalp
			v = uint8(120 + rng.IntN(50))
		}
		copy(in.Image.Pix[4*i:], []byte{v, v - 20, v - 30, 255})
	}
	return in
}

// tones changes every level of the picture.
func tones(in quality.Input, f func(v float64) float64) quality.Input {
	for i := range in.Image.Pix {
		if i%4 < 3 {
			in.Image.Pix[i] = uint8(min(255, max(0, f(float64(in.Image.Pix[i])))))
		}
	}
	return in
}

func blurred(t *testing.T, in quality.Input, sigma float64) quality.Input {
	t.Helper()
	img, err := cvx.Gaussian(in.Image, sigma)
	if err != nil {
		t.Fatal(err)
	}
	in.Image = img
	return in
}

// noisy adds what a sensor adds after the lens has blurred.
func noisy(in quality.Input) quality.Input {
	rng := rand.New(rand.NewPCG(2, 2))
	return tones(in, func(v float64) float64 { return math.Round(v + 1.5*rng.NormFloat64()) })
}

func judge(in quality.Input) (survey.Quality, string) {
	var s survey.Survey
	quality.Judge(in, &s)
	var codes []string
	for _, w := range s.Warnings {
		codes = append(codes, w.Code)
	}
	return s.Quality, strings.Join(codes, " ")
}

func TestVerdicts(t *testing.T) {
	far, two := head(), head()
	far.Scale, two.Heads = 1, 2
	for _, tt := range []struct {
		name  string
		in    quality.Input
		codes string
		ok    bool
	}{
		{"good", head(), "", true},
		{"a little soft", blurred(t, head(), 0.5), "", true},
		{"blurred", blurred(t, head(), 3), "blurred", false},
		{"blurred and noisy", noisy(blurred(t, head(), 3)), "blurred", false},
		{"noisy", noisy(head()), "", true},
		{"dark", tones(head(), func(v float64) float64 { return v / 16 }), "exposure", false},
		{"burnt out", tones(head(), func(v float64) float64 { return v + 110 }), "exposure", false},
		{"far", far, "far", false},
		{"two heads", two, "heads", false},
	} {
		q, codes := judge(tt.in)
		if codes != tt.codes || q.OK != tt.ok {
			t.Errorf("%s: %+v, warnings %q, want %q", tt.name, q, codes, tt.codes)
		}
		if q.Sharpness < 0 || q.Sharpness > 1 || q.Exposure < 0 || q.Exposure > 1 {
			t.Errorf("%s: %+v", tt.name, q)
		}
	}
}

// TestCropped cuts the head by the frame; what is in it is still measured.
func TestCropped(t *testing.T) {
	in := head()
	in.Image = in.Image.SubImage(image.Rect(150, 0, w, h)).(*image.NRGBA)
	part := image.NewNRGBA(image.Rect(0, 0, w-150, h))
	regions := image.NewGray(part.Rect)
	for y := range h {
		copy(part.Pix[y*part.Stride:(y+1)*part.Stride], in.Image.Pix[y*in.Image.Stride:])
		copy(regions.Pix[y*regions.Stride:(y+1)*regions.Stride], in.Regions.Pix[y*in.Regions.Stride+150:])
	}
	q, codes := judge(quality.Input{Image: part, Regions: regions, Head: image.Rect(0, 60, 90, 300), Heads: 1, Scale: 4})
	if codes != "cropped" || !q.OK {
		t.Errorf("%+v, warnings %q", q, codes)
	}
}

// TestBlurOrder wants sharpness to fall with every step of blur.
func TestBlurOrder(t *testing.T) {
	before := 2.0
	for _, sigma := range []float64{0, 0.6, 1, 1.6, 2.5, 4} {
		q, _ := judge(blurred(t, head(), sigma))
		if q.Sharpness > before {
			t.Errorf("blur of %g px: sharpness %.3f after %.3f", sigma, q.Sharpness, before)
		}
		before = q.Sharpness
	}
	if before > 0.2 {
		t.Errorf("sharpness %.3f of a picture blurred by 4 px", before)
	}
}

// TestShareOfTheHead wants exposure to be the share of the head that is not
// burnt out; the wall does not count.
func TestShareOfTheHead(t *testing.T) {
	in, bad, n := head(), 0, 0
	for i, c := range in.Regions.Pix {
		if c == survey.Background {
			copy(in.Image.Pix[4*i:], []byte{255, 255, 255})
			continue
		}
		n++
		if i%w < 120 {
			bad++
			copy(in.Image.Pix[4*i:], []byte{255, 255, 255})
		}
	}
	q, _ := judge(in)
	if want := 1 - float64(bad)/float64(n); q.Exposure != want {
		t.Errorf("exposure %g, want %g", q.Exposure, want)
	}
}

func TestNoHead(t *testing.T) {
	in := head()
	in.Regions, in.Head = image.NewGray(in.Regions.Rect), image.Rectangle{}
	if q, _ := judge(in); q.OK || q.Sharpness != 0 || q.Exposure != 0 {
		t.Errorf("%+v", q)
	}
}
