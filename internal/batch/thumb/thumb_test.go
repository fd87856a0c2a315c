package thumb_test

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"testing"

	"pointille/internal/batch/thumb"
)

func ExampleCut() {
	small := thumb.Cut(image.NewNRGBA(image.Rect(0, 0, 900, 900)), image.Rect(100, 100, 500, 600))
	fmt.Println(small.Bounds().Size())
	// Output: (256,320)
}

// TestCut wants the part that was asked for, whatever its shape, and all of
// the picture where the part lies outside.
func TestCut(t *testing.T) {
	m := image.NewNRGBA(image.Rect(0, 0, 400, 200))
	for y := range 200 {
		for x := range 400 {
			m.SetNRGBA(x, y, color.NRGBA{uint8(x / 2), uint8(y), 0, 255})
		}
	}
	for _, tt := range []struct {
		part image.Rectangle
		x, y int // the middle of what is seen
	}{
		{image.Rect(0, 0, 100, 125), 50, 62}, {image.Rect(300, 100, 400, 200), 350, 150}, {image.Rect(500, 500, 600, 600), 200, 100}, {image.Rectangle{}, 200, 100},
	} {
		got := thumb.Cut(m, tt.part)
		c := color.NRGBAModel.Convert(got.At(thumb.Width/2, thumb.Height/2)).(color.NRGBA)
		if got.Bounds().Dx() != thumb.Width || got.Bounds().Dy() != thumb.Height || near(int(c.R), tt.x/2) || near(int(c.G), tt.y) {
			t.Errorf("%v: %v, its middle is %v, want the pixel %d,%d", tt.part, got.Bounds(), c, tt.x, tt.y)
		}
	}
}

func near(a, b int) bool { return max(a-b, b-a) > 2 }

func TestWriteAndRead(t *testing.T) {
	path := filepath.Join(t.TempDir(), "a", "b.jpg")
	if err := thumb.Write(path, thumb.Cut(image.NewNRGBA(image.Rect(0, 0, 9, 9)), image.Rectangle{})); err != nil {
		t.Fatal(err)
	}
	if m, err := thumb.Read(path); err != nil || m.Bounds().Dx() != thumb.Width {
		t.Errorf("read %v, %v", m, err)
	}
	if err := os.WriteFile(path, []byte("no picture"), 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := thumb.Read(path); err == nil {
		t.Error("what is no picture was read")
	}
}
