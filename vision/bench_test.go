package vision_test

import (
	"context"
	"image"
	"math"
	"testing"

	"pointille/internal/bench"
	"pointille/vision"
	"pointille/vision/closeup"
	"pointille/vision/photo"
	"pointille/vision/survey"
)

// BenchmarkSurvey12MP is one photo from the bytes of its file to the survey
// with its maps, the network loaded before.
func BenchmarkSurvey12MP(b *testing.B) {
	file := bench.Phone(b)
	s, err := vision.NewSurveyor()
	if err != nil {
		b.Fatal(err)
	}
	defer s.Close()
	bench.Cores(b, func(b *testing.B) {
		bench.Ratio(b, "decode", func() { bench.Decode(b, file) }, func() {
			p := decode(b, file)
			if _, err := s.Survey(context.Background(), p, vision.Options{View: survey.Front}); err != nil {
				b.Fatal(err)
			}
		})
		b.ReportMetric(float64(len(file))/1e6, "file-MB")
	})
}

// BenchmarkCloseup3MP counts a close-up of 3 megapixels: stubble of the usual
// density at 60 pixels per mm.
func BenchmarkCloseup3MP(b *testing.B) {
	file := bench.Phone(b)
	img := stubble(2000, 1500, 60)
	bench.Cores(b, func(b *testing.B) {
		bench.Ratio(b, "decode", func() { bench.Decode(b, file) }, func() {
			var doc survey.Survey
			if err := closeup.Measure(img, 1.0/60, &doc); err != nil {
				b.Fatal(err)
			}
			if doc.Count == nil || doc.Count.Hairs == 0 {
				b.Fatalf("nothing counted: %+v", doc.Warnings)
			}
		})
	})
}

func decode(tb testing.TB, file []byte) *photo.Photo {
	tb.Helper()
	p, err := photo.Decode(context.Background(), "front.jpg", file, photo.Options{})
	if err != nil {
		tb.Fatal(err)
	}
	return p
}

// stubble is skin with dark hairs 2 mm long and 0.08 mm thick, 1.2 per mm²,
// and the noise of a sensor.
func stubble(w, h int, perMM float64) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = [4]uint8{205, 165, 140, 255}[i%4]
	}
	step := perMM / math.Sqrt(1.2)
	for k := range int(float64(w) / step * float64(h) / step) {
		row := int(float64(w) / step)
		x0, y0 := (float64(k%row)+0.5+0.3*math.Sin(float64(7*k)))*step, (float64(k/row)+0.5+0.3*math.Cos(float64(5*k)))*step
		a := 0.6 + 0.3*math.Sin(float64(3*k))
		hair(img, x0, y0, a, perMM)
	}
	bench.Noise(img, 3)
	return img
}

func hair(img *image.NRGBA, x0, y0, angle, perMM float64) {
	length, half := 2*perMM, 0.04*perMM
	c, s := math.Cos(angle), math.Sin(angle)
	for along := 0.0; along < length; along += 0.5 {
		for across := -half; across <= half; across += 0.5 {
			x, y := int(x0+c*along-s*across), int(y0+s*along+c*across)
			if (image.Point{X: x, Y: y}).In(img.Rect) {
				copy(img.Pix[img.PixOffset(x, y):], []byte{60, 48, 42})
			}
		}
	}
}
