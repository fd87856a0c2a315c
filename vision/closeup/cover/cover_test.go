package cover_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"testing"

	"pgregory.net/rapid"

	"pointille/vision/closeup/cover"
	"pointille/vision/closeup/stubbletest"
)

func skin(seed uint64) *image.NRGBA { return stubbletest.Field(320, 240, 40, 60, seed).Draw() }

func fill(img *image.NRGBA, r image.Rectangle, c color.NRGBA) {
	draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
}

func ExampleBoxes() {
	img := skin(1)
	fill(img, image.Rect(0, 224, 320, 240), color.NRGBA{220, 220, 220, 255})
	fmt.Println(cover.Boxes(img))
	// Output: [(0,224)-(320,240)]
}

// A box is found to within a block, whatever its colour and though it is
// written on.
func TestBoxes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		img := skin(rapid.Uint64Range(0, 20).Draw(t, "seed"))
		box := image.Rect(0, 0, rapid.IntRange(60, 150).Draw(t, "w"), rapid.IntRange(50, 90).Draw(t, "h"))
		box = box.Add(image.Pt(rapid.IntRange(0, 160).Draw(t, "x"), rapid.IntRange(0, 140).Draw(t, "y")))
		v := uint8(rapid.IntRange(0, 255).Draw(t, "grey"))
		fill(img, box, color.NRGBA{v, v, 255 - v, 255})
		line := image.Rect(box.Min.X+20, box.Min.Y+20, box.Max.X-8, box.Min.Y+30)
		for x := line.Min.X; x < line.Max.X; x += 5 { // strokes of writing
			fill(img, image.Rect(x, line.Min.Y, x+2, line.Max.Y), color.NRGBA{255 - v, 255 - v, v, 255})
		}
		got := cover.Boxes(img)
		if len(got) != 1 || !got[0].In(box) || !box.Inset(16).In(got[0]) {
			t.Fatalf("found %v, want %v", got, box)
		}
	})
}

func TestNothing(t *testing.T) {
	for name, img := range map[string]*image.NRGBA{
		"skin": skin(3), "one colour": image.NewNRGBA(image.Rect(0, 0, 100, 100)), "empty": image.NewNRGBA(image.Rectangle{}),
		"one pixel": image.NewNRGBA(image.Rect(0, 0, 1, 1)),
	} {
		if got := cover.Boxes(img); len(got) != 0 {
			t.Errorf("%s: %v", name, got)
		}
	}
}

func BenchmarkBoxes(b *testing.B) {
	img := stubbletest.Field(1280, 1024, 40, 60, 1).Draw()
	for b.Loop() {
		cover.Boxes(img)
	}
}
