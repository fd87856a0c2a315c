package scale_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/vision/card"
	"pointille/vision/scale"
	"pointille/vision/visiontest"
)

// believed is a camera as it is found from one photo: turned about the head by the
// usual error, which is 6 degrees in the median, and too far away or too near.
func believed(cam headframe.Camera, r *rand.Rand) headframe.Camera {
	const each = 6.0 / 1.54 * math.Pi / 180 // about each of three axes
	middle := headframe.Mean().Centre()
	out := cam.Moved(headframe.Vec{each * r.NormFloat64(), each * r.NormFloat64(), each * r.NormFloat64()}, headframe.Vec{}, 0)
	out.T = out.T.Add(cam.ToCamera(middle).Sub(out.ToCamera(middle)))
	out.T = out.T.Mul(math.Exp(0.045 * r.NormFloat64()))
	return out
}

// TestSigma wants two thirds of errors inside the stated sigma, for heads of usual
// sizes under cameras found from one photo, with a card on the forehead and without.
func TestSigma(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	r := rand.New(rand.NewPCG(1, 2))
	for _, carded := range []bool{true, false} {
		inside, n := 0, 0
		for range 400 {
			size := math.Exp(0.04 * r.NormFloat64())
			cam := headtest.Around(s, 20*r.NormFloat64(), 15+10*r.NormFloat64(), 500, 0.3, 1200, 1600)
			found := believed(cam, r)
			f := scale.FromHead()
			if carded {
				sheet, side := onForehead(size)
				c, ok := card.New(sheet.Corners(cam, side))
				if !ok {
					continue
				}
				if f, ok = scale.FromCard(found, s, c); !ok || f.Source != "card" {
					continue
				}
			}
			at := scale.At(found, s, s.Landmark(headframe.Trichion), f)
			p := s.Landmark(headframe.Trichion)
			n++
			if math.Abs(at.MMPerPx-size*cam.MMPerPx(p)) < at.Sigma {
				inside++
			}
		}
		if share := float64(inside) / float64(n); n < 300 || share < 0.6 || share > 0.9 {
			t.Errorf("with a card %v: %.0f %% of %d errors lie inside the sigma", carded, 100*share, n)
		}
	}
}

// TestSteep wants less certainty where the skin falls away from the camera.
func TestSteep(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	cam := visiontest.Look(headframe.Vec{0, 60, 500}, s.Centre(), 900, 600, 800)
	relative := func(p headframe.Vec, f scale.Factor) float64 {
		at := scale.At(cam, s, p, f)
		return at.Sigma / at.MMPerPx
	}
	low, high := s.Landmark(headframe.Glabella), s.Landmark(headframe.Trichion)
	head := scale.FromHead()
	if a, b := relative(low, head), relative(high, head); !(a >= head.Sigma && b > a && b < 0.25) {
		t.Errorf("sigma %.3f on the forehead, %.3f at the hairline, of the head %.3f", a, b, head.Sigma)
	}
	if behind := relative(s.Landmark(headframe.Occiput), head); !(behind < 0.25) {
		t.Errorf("sigma %.3f behind the head", behind)
	}
}
