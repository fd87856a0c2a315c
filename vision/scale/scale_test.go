package scale_test

import (
	"image"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/vision/card"
	"pointille/vision/scale"
	"pointille/vision/visiontest"
)

// onForehead is a card lying flat on the forehead above the brows, of a head
// that is size times the average one. The camera speaks of the average head,
// in whose millimetres a card on a larger head is smaller.
func onForehead(size float64) (visiontest.Sheet, float64) {
	s := headframe.Mean()
	p, n := s.Project(headframe.NewFace(s).Point(0, 0.35))
	right := headframe.Vec{-1, 0, 0}
	return visiontest.Sheet{Middle: p, Right: right, Down: n.Cross(right).Mul(-1).Unit()}, card.SideMM / size
}

// TestCardOnTheSkin wants the size of the head, whatever it is, from a card on
// it, with a sigma that covers the error.
func TestCardOnTheSkin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Float64Range(0.85, 1.15).Draw(t, "size")
		cam := visiontest.Look(headframe.Vec{rapid.Float64Range(-200, 200).Draw(t, "aside"), 180, rapid.Float64Range(350, 900).Draw(t, "away")},
			headframe.Mean().Centre(), 2500, 3000, 4000)
		sheet, side := onForehead(size)
		c, ok := card.New(sheet.Corners(cam, side))
		if !ok {
			t.Fatal("degenerate")
		}
		f, ok := scale.FromCard(cam, headframe.Mean(), c)
		if !ok || f.Source != "card" {
			t.Fatalf("%+v %v", f, ok)
		}
		if off := math.Abs(f.Value/size - 1); off > f.Sigma || f.Sigma > 0.02 {
			t.Errorf("a head of size %.3f measures %.3f with sigma %.3f", size, f.Value, f.Sigma)
		}
		at := scale.At(cam, headframe.Mean(), sheet.Middle, f)
		if want := cam.MMPerPx(sheet.Middle) * size; math.Abs(at.MMPerPx-want) > at.Sigma || at.Source != "card" {
			t.Errorf("%.4f ± %.4f mm per px, want %.4f", at.MMPerPx, at.Sigma, want)
		}
	})
}

// TestCardInThePicture goes the way from pixels to millimetres.
func TestCardInThePicture(t *testing.T) {
	cam := visiontest.Look(headframe.Vec{40, 180, 520}, headframe.Mean().Centre(), 900, 600, 800)
	sheet, _ := onForehead(1)
	img := image.NewNRGBA(image.Rect(0, 0, 600, 800))
	for i := range img.Pix {
		img.Pix[i] = [4]uint8{170, 130, 110, 255}[i%4]
	}
	visiontest.DrawCard(t, img, cam, sheet, 7, [3]float64{0.9, 0.9, 0.9})
	c, ok := card.Find(img)
	if !ok {
		t.Fatal("the card is not found")
	}
	f, ok := scale.FromCard(cam, headframe.Mean(), c)
	if !ok || math.Abs(f.Value-1) > 0.01 {
		t.Errorf("%+v %v, want a factor of 1", f, ok)
	}
}

// TestCardBeside is a card held at an unknown depth: from nearby the usual size of
// heads says more, from afar the card does.
func TestCardBeside(t *testing.T) {
	for _, tt := range []struct {
		away, depth float64 // of the camera, and of the card before the ears, mm
		source      string
	}{{450, 35, "head"}, {450, 80, "head"}, {600, 0, "head"}, {1200, 35, "card"}, {1200, -20, "card"}} {
		eye := headframe.Vec{0, 100, tt.away}
		cam := visiontest.Look(eye, headframe.Vec{0, 100, 0}, 1.5*tt.away, 600, 800)
		sheet := visiontest.Sheet{Middle: headframe.Vec{150, 100, tt.depth}, Right: headframe.Vec{-1, 0, 0}, Down: headframe.Vec{0, -1, 0}}
		c, ok := card.New(sheet.Corners(cam, card.SideMM))
		if !ok {
			t.Fatal("degenerate")
		}
		f, ok := scale.FromCard(cam, headframe.Mean(), c)
		if !ok || f.Source != tt.source || f.Sigma >= scale.FromHead().Sigma || math.Abs(f.Value-1) > 2*f.Sigma {
			t.Errorf("%g mm away, %g mm before the ears: %+v %v", tt.away, tt.depth, f, ok)
		}
	}
}

func TestCardTurnedAway(t *testing.T) {
	cam := visiontest.Look(headframe.Vec{0, 100, 600}, headframe.Mean().Centre(), 900, 600, 800)
	for _, tt := range []struct {
		degrees float64
		ok      bool
	}{{0, true}, {60, true}, {75, false}, {85, false}} {
		a := tt.degrees * math.Pi / 180
		sheet := visiontest.Sheet{Middle: headframe.Vec{0, 100, 95}, Right: headframe.Vec{-math.Cos(a), 0, math.Sin(a)}, Down: headframe.Vec{0, -1, 0}}
		c, _ := card.New(sheet.Corners(cam, card.SideMM))
		if _, ok := scale.FromCard(cam, headframe.Mean(), c); ok != tt.ok {
			t.Errorf("turned by %g°: believed %v", tt.degrees, ok)
		}
	}
}

func TestGivenAndHead(t *testing.T) {
	cam := visiontest.Front()
	p := headframe.Mean().Landmark(headframe.Trichion)
	given := scale.FromGiven(cam, p, 0.83)
	if at := scale.At(cam, headframe.Mean(), p, given); math.Abs(at.MMPerPx-0.83) > 1e-12 || at.Source != "given" || !at.Measured() {
		t.Errorf("given 0.83 mm per px, stated %+v", at)
	}
	head := scale.At(cam, headframe.Mean(), p, scale.FromHead())
	if head.Measured() || !head.Known() || math.Abs(head.MMPerPx-cam.MMPerPx(p)) > 1e-12 {
		t.Errorf("of the average head: %+v", head)
	}
	if behind := scale.FromGiven(cam, cam.Eye().Mul(3), 0.83); behind != scale.FromHead() {
		t.Errorf("a length at a place behind the camera gives %+v", behind)
	}
	if behind := scale.At(cam, headframe.Mean(), cam.Eye().Mul(3), given); behind.Known() {
		t.Errorf("a place behind the camera has a scale: %+v", behind)
	}
}

// TestBestFirst wants sources in the order in which they are to be preferred.
func TestBestFirst(t *testing.T) {
	cam := visiontest.Look(headframe.Vec{0, 180, 500}, headframe.Mean().Centre(), 900, 600, 800)
	sheet, side := onForehead(1)
	c, _ := card.New(sheet.Corners(cam, side))
	fromCard, ok := scale.FromCard(cam, headframe.Mean(), c)
	given, head := scale.FromGiven(cam, sheet.Middle, 0.5), scale.FromHead()
	if !ok || !(fromCard.Sigma < given.Sigma && given.Sigma < head.Sigma) {
		t.Errorf("sigmas are %g, %g and %g", fromCard.Sigma, given.Sigma, head.Sigma)
	}
}
