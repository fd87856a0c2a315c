package cvx_test

import (
	"bytes"
	"image"
	"image/color"
	"math"
	"testing"

	"pointille/internal/cvx"
	"pointille/internal/raster"
)

// spot is a skin-coloured disc on a blue, noisy ground.
func spot(w, h int, r float64) (*image.NRGBA, func(x, y int) bool) {
	img := randNRGBA(w, h, 30)
	in := func(x, y int) bool { return math.Hypot(float64(x-w/2), float64(y-h/2)) < r }
	for y := range h {
		for x := range w {
			k := color.NRGBA{R: 60, G: 80, B: 160, A: 255}
			if in(x, y) {
				k = color.NRGBA{R: 200, G: 150, B: 120, A: 255}
			}
			i := img.PixOffset(img.Rect.Min.X+x, img.Rect.Min.Y+y)
			n := img.Pix[i] / 16
			img.Pix[i], img.Pix[i+1], img.Pix[i+2] = k.R+n, k.G+n, k.B+n
		}
	}
	return img, in
}

func TestGrabCut(t *testing.T) {
	img, in := spot(64, 48, 10)
	start := trimap(64, 48)
	before := bytes.Clone(start.Pix)
	got := must[*image.Gray](t)(cvx.GrabCut(img, start, 3))
	if !bytes.Equal(before, start.Pix) {
		t.Error("the mask that was passed has changed")
	}
	wrong := 0
	for i, v := range got.Pix {
		want := uint8(cvx.MayBack)
		if in(i%64, i/64) {
			want = cvx.MayFront
		}
		if before[i] == cvx.SureBack {
			if v != cvx.SureBack {
				t.Fatalf("sure background turned into %d", v)
			}
		} else if v != want {
			wrong++
		}
	}
	if wrong > 15 { // of some 310 in the disc; smoothness shaves its rim
		t.Errorf("%d pixels on the wrong side", wrong)
	}
	again := must[*image.Gray](t)(cvx.GrabCut(img, start, 3))
	if !bytes.Equal(got.Pix, again.Pix) {
		t.Error("a second run differs")
	}
	five := trimap(64, 48)
	five.Pix[7] = 4
	for name, f := range map[string]func() error{
		"nil":        func() error { _, err := cvx.GrabCut(nil, start, 1); return err },
		"nil mask":   func() error { _, err := cvx.GrabCut(img, nil, 1); return err },
		"size":       func() error { _, err := cvx.GrabCut(img, trimap(9, 9), 1); return err },
		"iterations": func() error { _, err := cvx.GrabCut(img, start, 0); return err },
		"one side":   func() error { _, err := cvx.GrabCut(img, image.NewGray(image.Rect(0, 0, 64, 48)), 1); return err },
		"value":      func() error { _, err := cvx.GrabCut(img, five, 1); return err },
		"large":      func() error { _, err := cvx.GrabCut(randNRGBA(1200, 1000, 1), trimap(1200, 1000), 1); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestInpaint(t *testing.T) {
	img := smooth(50, 40)
	hole := image.NewGray(image.Rect(0, 0, 50, 40))
	scratched := must[*image.NRGBA](t)(cvx.ToNRGBA(img))
	for y := 15; y < 20; y++ {
		for x := 20; x < 26; x++ {
			hole.SetGray(x, y, color.Gray{Y: 255})
			scratched.SetNRGBA(x, y, color.NRGBA{A: 255})
		}
	}
	got := must[*image.NRGBA](t)(cvx.Inpaint(scratched, hole, 5))
	_, _, _, at := channels(img)
	compare(t, "inpaint", got, 12, at)
	for name, f := range map[string]func() error{
		"nil":    func() error { _, err := cvx.Inpaint(nil, hole, 3); return err },
		"mask":   func() error { _, err := cvx.Inpaint(img, nil, 3); return err },
		"size":   func() error { _, err := cvx.Inpaint(img, trimap(3, 3), 3); return err },
		"radius": func() error { _, err := cvx.Inpaint(img, hole, math.NaN()); return err },
		"all":    func() error { _, err := cvx.Inpaint(img, randMask(50, 40, 2, 1), 3); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestWarps checks the three warps against one oracle: a plane that is linear
// in x and y is interpolated exactly, but for 1/32 pixel steps.
func TestWarps(t *testing.T) {
	const w, h = 40, 30
	p := raster.NewPlane(w, h)
	for i := range p.Pix {
		p.Pix[i] = float32(i%w) + 100*float32(i/w)
	}
	hom := cvx.Homography{0.8, 0.1, 4, -0.05, 0.9, 3, 0.001, 0.002, 1}
	aff := cvx.Affine{0.8, 0.1, 4, -0.05, 0.9, 3}
	flat := cvx.Homography{0.8, 0.1, 4, -0.05, 0.9, 3, 0, 0, 1}
	mx, my := raster.NewPlane(25, 20), raster.NewPlane(25, 20)
	for i := range mx.Pix {
		q := project(hom, float64(i%25), float64(i/25))
		mx.Pix[i], my.Pix[i] = float32(q.X), float32(q.Y)
	}
	oracle := func(m cvx.Homography) func(c, x, y int) float64 {
		return func(_, x, y int) float64 {
			q := project(m, float64(x), float64(y))
			return q.X + 100*q.Y
		}
	}
	const tolerance = 2 * 101.0 / 32
	compare(t, "remap", must[*raster.Plane](t)(cvx.Remap(p, mx, my, cvx.WarpOptions{})), tolerance, oracle(hom))
	compare(t, "perspective", must[*raster.Plane](t)(cvx.WarpPerspective(p, hom, 25, 20, cvx.WarpOptions{})), tolerance, oracle(hom))
	compare(t, "affine", must[*raster.Plane](t)(cvx.WarpAffine(p, aff, 25, 20, cvx.WarpOptions{Cubic: true})), tolerance, oracle(flat))
	img := randNRGBA(w, h, 31)
	_, _, _, at := channels(img)
	shift := cvx.Affine{1, 0, 7, 0, 1, -5}
	compare(t, "outside", must[*image.NRGBA](t)(cvx.WarpAffine(img, shift, w, h, cvx.WarpOptions{})), 0, func(c, x, y int) float64 {
		switch {
		case c == 3:
			return 255
		case x+7 >= w || y-5 < 0:
			return 0
		}
		return at(c, x+7, y-5)
	})
	g := randGray(w, h, 32)
	_, _, _, gat := channels(g)
	compare(t, "repeat", must[*image.Gray](t)(cvx.WarpAffine(g, shift, w, h, cvx.WarpOptions{Repeat: true})), 0, func(_, x, y int) float64 {
		return gat(0, min(w-1, x+7), max(0, y-5))
	})
	nan := raster.NewPlane(25, 20)
	nan.Pix[3] = float32(math.Inf(1))
	for name, f := range map[string]func() error{
		"nil":  func() error { _, err := cvx.WarpAffine((*image.Gray)(nil), aff, 3, 3, cvx.WarpOptions{}); return err },
		"size": func() error { _, err := cvx.WarpAffine(g, aff, -3, 3, cvx.WarpOptions{}); return err },
		"matrix": func() error {
			_, err := cvx.WarpPerspective(g, cvx.Homography{math.NaN()}, 3, 3, cvx.WarpOptions{})
			return err
		},
		"map":       func() error { _, err := cvx.Remap(g, mx, nan, cvx.WarpOptions{}); return err },
		"x map":     func() error { _, err := cvx.Remap(g, nan, my, cvx.WarpOptions{}); return err },
		"map sizes": func() error { _, err := cvx.Remap(g, mx, randPlane(3, 3, 1), cvx.WarpOptions{}); return err },
		"remap nil": func() error { _, err := cvx.Remap((*image.Gray)(nil), mx, my, cvx.WarpOptions{}); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := cvx.WarpPerspective(g, cvx.Homography{}, 5, 5, cvx.WarpOptions{}); err != nil {
		t.Errorf("singular matrix: %v", err)
	}
}
