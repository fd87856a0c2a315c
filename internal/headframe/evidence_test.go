package headframe_test

import (
	"math"
	"testing"

	"pointille/internal/headframe"
)

// difference is the slope of f by central differences.
func difference(cam headframe.Camera, f func(headframe.Camera) float64) headframe.Slope {
	_, slopes := headframe.Residuals(func(c headframe.Camera) []float64 { return []float64{f(c)} }).Slopes(cam)
	return slopes[0]
}

func agree(a, b headframe.Slope, limit float64) bool {
	for i := range a {
		if !(math.Abs(a[i]-b[i]) <= limit*(1+math.Abs(b[i]))) {
			return false
		}
	}
	return true
}

// TestGapSlope compares with differences, and the gap with Gap. Where a ray
// grazes two places the nearest is found a millimetre off, and the slopes are
// those of where it was found: that must stay rare.
func TestGapSlope(t *testing.T) {
	s := headframe.Mean()
	n, far := 0, 0
	for _, azimuth := range []float64{-120, 0, 50, 180} {
		cam := around(azimuth, 25, 600)
		for _, q := range outlined(s, cam, 24) {
			gap, slope := s.GapSlope(cam, q)
			if want, _ := s.Gap(cam, q); math.Abs(gap-want) > 1e-9 {
				t.Errorf("gap %g at %v, want %g", gap, q, want)
			}
			want := difference(cam, func(c headframe.Camera) float64 { mm, _ := s.Gap(c, q); return mm })
			n++
			if !agree(slope, want, 0.05) {
				far++
			}
		}
	}
	if n < 40 || 8*far > n {
		t.Errorf("%d of %d slopes are off", far, n)
	}
}

func TestProjectSlopes(t *testing.T) {
	cam := around(40, 20, 500)
	for _, p := range []headframe.Vec{{0, 100, 0}, {60, 20, -30}, {-20, 70, 90}} {
		x, y, sx, sy, ok := cam.ProjectSlopes(p)
		wantX, wantY, _ := cam.Project(p)
		if !ok || math.Hypot(x-wantX, y-wantY) > 1e-9 {
			t.Errorf("%v is seen at %g, %g, want %g, %g", p, x, y, wantX, wantY)
		}
		dx := difference(cam, func(c headframe.Camera) float64 { x, _, _ := c.Project(p); return x })
		dy := difference(cam, func(c headframe.Camera) float64 { _, y, _ := c.Project(p); return y })
		if !agree(sx, dx, 1e-4) || !agree(sy, dy, 1e-4) {
			t.Errorf("%v: slopes %v and %v, differences give %v and %v", p, sx, sy, dx, dy)
		}
		mm, slope := cam.MMPerPxSlope(p)
		if want := difference(cam, func(c headframe.Camera) float64 { return c.MMPerPx(p) }); math.Abs(mm-cam.MMPerPx(p)) > 1e-12 || !agree(slope, want, 1e-5) {
			t.Errorf("%v: %g mm a pixel with slope %v, differences give %v", p, mm, slope, want)
		}
	}
	if _, _, _, _, ok := cam.ProjectSlopes(cam.Eye().Mul(2)); ok {
		t.Error("a point behind the camera is seen")
	}
}
