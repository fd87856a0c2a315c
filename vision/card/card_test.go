package card_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/vision/card"
	"pointille/vision/visiontest"
)

const w, h = 480, 640

// straightOn is a camera 500 mm before the origin.
func straightOn() headframe.Camera {
	return visiontest.Look(headframe.Vec{0, 0, 500}, headframe.Vec{}, 900, w, h)
}

// turned is a card about the origin turned about the vertical and then about
// the view axis, radians.
func turned(about, roll float64) visiontest.Sheet {
	right := headframe.Vec{math.Cos(about), 0, math.Sin(about)}
	down := headframe.Vec{0, -1, 0}
	c, s := math.Cos(roll), math.Sin(roll)
	return visiontest.Sheet{Middle: headframe.Vec{12, -7, 30}, Right: right.Mul(c).Add(down.Mul(s)), Down: down.Mul(c).Sub(right.Mul(s))}
}

func grey(level uint8) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range img.Pix {
		img.Pix[i] = level | uint8(255*(i%4/3))
	}
	return img
}

func ExampleFind() {
	_, ok := card.Find(grey(120))
	fmt.Println(ok)
	// Output: false
}

func TestFind(t *testing.T) {
	for _, tt := range []struct{ about, roll float64 }{{0, 0}, {0.5, 0.2}, {-0.7, 2}, {0.3, -1.4}, {1.0, 0.1}} {
		t.Run(fmt.Sprintf("turned by %g, rolled by %g", tt.about, tt.roll), func(t *testing.T) {
			cam, sheet, img := straightOn(), turned(tt.about, tt.roll), grey(110)
			white := [3]float64{0.9, 0.8, 0.65}
			visiontest.DrawCard(t, img, cam, sheet, 7, white)
			c, ok := card.Find(img)
			if !ok {
				t.Fatal("not found")
			}
			for i, want := range sheet.Corners(cam, card.SideMM) {
				if d := math.Hypot(c.Corners[i][0]-want[0], c.Corners[i][1]-want[1]); d > 0.25 {
					t.Errorf("corner %d is %.2f px off", i, d)
				}
			}
			z, tilt, ok := c.Distance(cam)
			if want := cam.ToCamera(sheet.Middle)[2]; !ok || math.Abs(z-want) > 0.01*want {
				t.Errorf("%.1f mm away, want %.1f", z, want)
			}
			if math.Abs(tilt-math.Abs(tt.about)) > 0.06 {
				t.Errorf("tilted by %.3f, want %.3f", tilt, math.Abs(tt.about))
			}
			got, ok := c.White(img, 1)
			if !ok {
				t.Fatal("no white")
			}
			if d := colour.DeltaE00(colour.ToLab(got), colour.ToLab(white)); d > 1 {
				t.Errorf("white is %.3f, want %.3f: ΔE %.2f", got, white, d)
			}
		})
	}
}

func TestWhiteOfASmallerCopy(t *testing.T) {
	cam, sheet, img := straightOn(), turned(0.2, 0), grey(110)
	visiontest.DrawCard(t, img, cam, sheet, 7, [3]float64{0.9, 0.8, 0.65})
	c, ok := card.Find(img)
	if !ok {
		t.Fatal("not found")
	}
	small := image.NewNRGBA(image.Rect(0, 0, w/2, h/2))
	for y := range h / 2 {
		for x := range w / 2 {
			small.SetNRGBA(x, y, img.NRGBAAt(2*x, 2*y))
		}
	}
	a, okA := c.White(img, 1)
	b, okB := c.White(small, 2)
	if !okA || !okB || math.Abs(a[0]-b[0]) > 0.03 {
		t.Errorf("white is %.3f %v, in the smaller copy %.3f %v", a, okA, b, okB)
	}
}

// TestEnlarged wants the card of a copy half the size to lie where it lies on
// the picture.
func TestEnlarged(t *testing.T) {
	corners := [4][2]float64{{100, 120}, {180, 118}, {184, 205}, {97, 199}}
	whole, _ := card.New(corners)
	for i, p := range corners {
		corners[i] = [2]float64{(p[0]+0.5)/2 - 0.5, (p[1]+0.5)/2 - 0.5}
	}
	half, _ := card.New(corners)
	got, ok := half.Enlarged(2)
	x, y := got.Centre()
	wantX, wantY := whole.Centre()
	if !ok || math.Hypot(x-wantX, y-wantY) > 1e-9 || got.Corners != whole.Corners {
		t.Errorf("%v, want %v", got, whole)
	}
}

func TestNoWhite(t *testing.T) {
	for name, white := range map[string][3]float64{"burnt out": {1.6, 1.6, 1.6}, "dark": {0.04, 0.04, 0.04}} {
		cam, sheet, img := straightOn(), turned(0, 0), grey(110)
		visiontest.DrawCard(t, img, cam, sheet, 7, white)
		c, ok := card.New(sheet.Corners(cam, card.SideMM))
		if !ok {
			t.Fatal("no card")
		}
		if got, ok := c.White(img, 1); ok {
			t.Errorf("%s: white is %.3f", name, got)
		}
	}
	c, _ := card.New([4][2]float64{{-900, 9}, {-800, 9}, {-800, 90}, {-900, 90}})
	if _, ok := c.White(grey(200), 1); ok {
		t.Error("a card outside the picture has a white")
	}
}

func TestOtherMarker(t *testing.T) {
	img := grey(110)
	visiontest.DrawCard(t, img, straightOn(), turned(0, 0), 3, [3]float64{0.9, 0.9, 0.9})
	if _, ok := card.Find(img); ok {
		t.Error("another marker is taken for the card")
	}
	if _, ok := card.Find(&image.NRGBA{}); ok {
		t.Error("an empty picture holds a card")
	}
}

func TestDegenerate(t *testing.T) {
	for _, c := range [][4][2]float64{{}, {{0, 0}, {1, 0}, {2, 0}, {3, 0}}, {{5, 5}, {5, 5}, {9, 9}, {1, 9}}} {
		made, ok := card.New(c)
		if !ok {
			continue
		}
		if z, _, ok := made.Distance(straightOn()); ok && !(z > 0 && z < 1e6) {
			t.Errorf("%v is %g mm away", c, z)
		}
	}
}

// TestDistance wants the exact pose back from exact corners.
func TestDistance(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		about, roll := rapid.Float64Range(-1, 1).Draw(t, "about"), rapid.Float64Range(-3, 3).Draw(t, "roll")
		away, focal := rapid.Float64Range(200, 1500).Draw(t, "away"), rapid.Float64Range(500, 4000).Draw(t, "focal")
		cam := visiontest.Look(headframe.Vec{0, 0, away}, headframe.Vec{}, focal, w, h)
		sheet := turned(about, roll)
		c, ok := card.New(sheet.Corners(cam, card.SideMM))
		if !ok {
			t.Fatal("degenerate")
		}
		z, tilt, ok := c.Distance(cam)
		if want := cam.ToCamera(sheet.Middle)[2]; !ok || math.Abs(z-want) > 1e-3*want {
			t.Errorf("%.2f mm away, want %.2f", z, want)
		}
		if math.Abs(tilt-math.Abs(about)) > 1e-3 {
			t.Errorf("tilted by %.4f, want %.4f", tilt, math.Abs(about))
		}
	})
}
