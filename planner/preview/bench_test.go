package preview_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"pointille/internal/bench"
	"pointille/internal/cvx"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

// crowd is a photo whose middle is full of so many dots, about as near to each
// other as a whole head's in such a photo.
func crowd(b *testing.B, w, h, dots int, workers int) (*image.NRGBA, preview.Input) {
	photo := grainy(w, h)
	in := scene(b, w, h, 3*float64(w)/1600)
	in.Workers = workers
	side := int(math.Ceil(math.Sqrt(float64(dots))))
	step := 0.75 * float64(h) / float64(side)
	for i := range dots {
		place(&in, float64(w)/2+(float64(i%side)-float64(side)/2)*step, float64(h)/2+(float64(i/side)-float64(side)/2)*step)
	}
	in.BlurPx = preview.Blur(photo, in.Mask) // commands look once a photo, not once a stage
	return photo, in
}

// BenchmarkBlur finds out how sharp photos are.
func BenchmarkBlur(b *testing.B) {
	file := bench.Phone(b)
	for _, size := range []image.Point{{1600, 1200}, {4032, 3024}} {
		photo, mask := grainy(size.X, size.Y), full(size.X, size.Y)
		b.Run(fmt.Sprintf("%dx%d", size.X, size.Y), func(b *testing.B) {
			timed(b, file, func() error {
				preview.Blur(photo, mask)
				return nil
			})
		})
	}
}

// BenchmarkRender draws previews as a client is shown them: 1600x1200 with
// 40,000 dots on one core, with and without writing a JPEG, and 12 megapixels
// with 100,000 dots on two.
func BenchmarkRender(b *testing.B) {
	file := bench.Phone(b)
	for _, size := range []struct{ w, h, dots, workers int }{{1600, 1200, 40_000, 1}, {4032, 3024, 100_000, 2}} {
		photo, in := crowd(b, size.w, size.h, size.dots, size.workers)
		for _, stage := range []string{plan.Fresh, plan.Healed, plan.Year5} {
			b.Run(fmt.Sprintf("%dx%d/%d-dots/%s", size.w, size.h, size.dots, stage), func(b *testing.B) {
				timed(b, file, func() error {
					_, err := preview.Render(photo, in, stage)
					return err
				})
			})
		}
	}
}

func BenchmarkRenderJPEG(b *testing.B) {
	file := bench.Phone(b)
	photo, in := crowd(b, 1600, 1200, 40_000, 1)
	timed(b, file, func() error {
		out, err := preview.Render(photo, in, plan.Healed)
		if err != nil {
			return err
		}
		_, err = cvx.EncodeJPEG(out, 92)
		return err
	})
}

// timed reports the work as a multiple of the decode of a 12 megapixel photo.
func timed(b *testing.B, file []byte, work func() error) {
	bench.Ratio(b, "decode", func() { bench.Decode(b, file) }, func() {
		if err := work(); err != nil {
			b.Fatal(err)
		}
	})
}
