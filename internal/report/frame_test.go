package report_test

import (
	"image"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/report"
	"pointille/vision/survey"
)

func fill(m *image.Gray, r image.Rectangle, class uint8) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			m.Pix[m.PixOffset(x, y)] = class
		}
	}
}

func TestFrame(t *testing.T) {
	tests := []struct {
		name       string
		head, skin image.Rectangle
		want       image.Rectangle
	}{
		{"no head", image.Rectangle{}, image.Rectangle{}, image.Rect(0, 0, 600, 800)},
		{"from behind", image.Rect(250, 200, 350, 300), image.Rectangle{}, image.Rect(236, 170, 364, 330)},
		{"with a face", image.Rect(250, 200, 350, 300), image.Rect(250, 300, 350, 380), image.Rect(224, 186, 375, 375)},
		{"at the edge", image.Rect(0, 0, 100, 100), image.Rectangle{}, image.Rect(0, 0, 128, 160)},
		{"fills the picture", image.Rect(10, 10, 590, 790), image.Rectangle{}, image.Rect(0, 0, 600, 800)},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m := image.NewGray(image.Rect(0, 0, 600, 800))
			fill(m, tt.head, survey.Scalp)
			fill(m, tt.skin, survey.Skin)
			fill(m, image.Rect(595, 795, 597, 797), survey.Ear*uint8(min(1, tt.head.Dx()))) // strays
			got := report.Frame(m)
			for i, d := range []int{got.Min.X - tt.want.Min.X, got.Min.Y - tt.want.Min.Y, got.Max.X - tt.want.Max.X, got.Max.Y - tt.want.Max.Y} {
				if max(d, -d) > 4 {
					t.Fatalf("frame is %v, want about %v (side %d)", got, tt.want, i)
				}
			}
		})
	}
}

// A frame lies in the picture, holds the head, and has the shape of the page
// unless the picture itself is too narrow for it.
func TestFrameHoldsTheHead(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 90).Draw(t, "w"), rapid.IntRange(1, 90).Draw(t, "h")
		x, y := rapid.IntRange(0, w-1).Draw(t, "x"), rapid.IntRange(0, h-1).Draw(t, "y")
		head := image.Rect(x, y, rapid.IntRange(x+1, w).Draw(t, "x1"), rapid.IntRange(y+1, h).Draw(t, "y1"))
		m := image.NewGray(image.Rect(0, 0, w, h))
		fill(m, head, survey.Scalp)
		got := report.Frame(m)
		if got.Empty() || !got.In(m.Rect) || !head.Inset(1).In(got) {
			t.Fatalf("frame %v of head %v in %v", got, head, m.Rect)
		}
		if got.Dx() < w && got.Dy() < h && math.Abs(float64(got.Dx())-0.8*float64(got.Dy())) > 1.01 {
			t.Fatalf("frame %v is not 4 to 5", got)
		}
	})
}
