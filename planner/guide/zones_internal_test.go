package guide

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/plan"
)

// facing is a camera a metre in front of the face, two pixels a millimetre at
// the ears.
func facing() headframe.Camera {
	return headframe.Camera{FX: 2000, FY: 2000, CX: 400, CY: 500, R: [9]float64{1, 0, 0, 0, -1, 0, 0, 0, -1}, T: headframe.Vec{0, 0, 1000}}
}

// Only skin with dots that face the camera is tinted, each zone in its own hue,
// and the picture is cut to the head.
func TestZonesOnPhoto(t *testing.T) {
	s := headframe.Mean()
	g := &guide{Input: Input{Plan: plan.Plan{Zones: []plan.Zone{{Name: "left"}, {Name: "right"}}}}}
	for x := -40.0; x <= 40; x += 0.7 {
		for y := 70.0; y <= 100; y += 0.7 {
			for _, z := range []float64{90, -90} { // the back of the head has dots too
				q, n := s.Project(headframe.Vec{x, y, z})
				zone := "left"
				if q[0] < 0 {
					zone = "right"
				}
				g.Dots = append(g.Dots, plan.Dot{P: q, N: n, Zone: zone})
			}
		}
	}
	white := image.NewGray(image.Rect(0, 0, 800, 1000))
	draw.Draw(white, white.Bounds(), image.White, image.Point{}, draw.Src)
	im, err := g.zoned(Picture{View: "front", Image: white, Camera: facing(), Width: 800})
	if err != nil {
		t.Fatal(err)
	}
	if w, h := im.Bounds().Dx(), im.Bounds().Dy(); w != 460 || h != 600 {
		t.Errorf("the picture is %d × %d, want it cut to 230 × 300 mm of two pixels each", w, h)
	}
	seen := map[color.RGBA]int{}
	for y := range im.Bounds().Dy() {
		for x := range im.Bounds().Dx() {
			seen[color.RGBAModel.Convert(im.At(x, y)).(color.RGBA)]++
		}
	}
	inside := func(hue color.RGBA) int {
		mix := func(v uint8) uint8 { return uint8(255*(1-zoneTint) + float64(v)*zoneTint) }
		return seen[color.RGBA{mix(hue.R), mix(hue.G), mix(hue.B), 255}]
	}
	left, right := inside(hues()[0]), inside(hues()[1])
	if left < 3000 || right < 3000 || math.Abs(float64(left-right)) > 0.3*float64(left) {
		t.Errorf("%d and %d pixels are tinted, want about as many of each zone", left, right)
	}
}

// A picture whose camera is unknown or sees nothing is shown as it is.
func TestPhotoWithoutCamera(t *testing.T) {
	im := image.NewGray(image.Rect(0, 0, 30, 40))
	g := &guide{Input: Input{Plan: plan.Plan{Zones: []plan.Zone{{Name: "vertex"}}}}}
	away := facing()
	away.CX = 1e9
	nan := facing()
	nan.FX = math.NaN()
	for _, p := range []Picture{{Image: im}, {Image: im, Width: 30}, {Image: im, Width: 30, Camera: away}, {Image: im, Width: 30, Camera: nan}} {
		if got, err := g.zoned(p); err != nil || got != image.Image(im) {
			t.Errorf("%+v: not the picture itself, error %v", p.Camera, err)
		}
	}
}
