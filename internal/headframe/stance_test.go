package headframe_test

import (
	"fmt"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
)

func ExampleStanceOf() {
	// an eye before the nose, level with the ears
	s := headframe.Stance{}
	ahead := headframe.Camera{R: s.Rotation(), T: headframe.Vec{0, 0, 500}}
	fmt.Printf("%.0f\n", ahead.Eye()[2])
	// the same, moved to the client's left
	s.Azimuth = math.Pi / 2
	left := headframe.Camera{R: s.Rotation(), T: headframe.Vec{0, 0, 500}}
	fmt.Printf("%.0f %.0f\n", left.Eye()[0], 180/math.Pi*headframe.StanceOf(left).Azimuth)
	// Output:
	// 500
	// 500 90
}

// stances are below the pole, where azimuth and roll are the same turn.
func stances(t *rapid.T) headframe.Stance {
	return headframe.Stance{
		Azimuth:   rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "azimuth"),
		Elevation: rapid.Float64Range(-1.5, 1.5).Draw(t, "elevation"),
		Roll:      rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "roll"),
	}
}

func apart(a, b float64) float64 { return math.Abs(math.Remainder(a-b, 2*math.Pi)) }

func TestStanceRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := stances(t)
		got := headframe.StanceOf(headframe.Camera{R: s.Rotation()})
		if apart(got.Azimuth, s.Azimuth) > 1e-9 || apart(got.Elevation, s.Elevation) > 1e-9 || apart(got.Roll, s.Roll) > 1e-9 {
			t.Errorf("%+v came back as %+v", s, got)
		}
	})
}

// TestRotationIsOne wants rows of length 1, square to each other, right-handed.
func TestRotationIsOne(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := stances(t).Rotation()
		x, y, z := headframe.Vec(r[0:3]), headframe.Vec(r[3:6]), headframe.Vec(r[6:9])
		for _, v := range []headframe.Vec{x, y, z} {
			if math.Abs(v.Norm()-1) > 1e-12 {
				t.Errorf("row %v has length %g", v, v.Norm())
			}
		}
		if d := x.Cross(y).Sub(z).Norm(); d > 1e-12 {
			t.Errorf("not right-handed by %g: %v", d, r)
		}
	})
}

// TestStanceIsWhereTheEyeStands places cameras that look at the middle of the
// head by where they stand.
func TestStanceIsWhereTheEyeStands(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := stances(t)
		c := headframe.Camera{R: s.Rotation(), T: headframe.Vec{0, 0, rapid.Float64Range(200, 2000).Draw(t, "distance")}}
		eye := c.Eye().Unit()
		if elevation := math.Asin(eye[1]); apart(elevation, s.Elevation) > 1e-7 {
			t.Errorf("stands %g above, believed %g", elevation, s.Elevation)
		}
		if azimuth := math.Atan2(eye[0], eye[2]); apart(azimuth, s.Azimuth) > 1e-7 {
			t.Errorf("stands %g around, believed %g", azimuth, s.Azimuth)
		}
	})
}

func TestStanceEvidence(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := stances(t), stances(t)
		s.AzimuthSpread, s.ElevationSpread, s.RollSpread = 0.2, 0.1, 0
		r := s.Evidence()(headframe.Camera{R: c.Rotation()})
		if len(r) != 3 {
			t.Fatalf("%d residuals", len(r))
		}
		want := [3]float64{apart(c.Azimuth, s.Azimuth) / 0.2, apart(c.Elevation, s.Elevation) / 0.1, 0}
		for k := range want {
			if math.Abs(math.Abs(r[k])-want[k]) > 1e-6 {
				t.Errorf("residual %d is %g, want ±%g", k, r[k], want[k])
			}
		}
	})
}

// TestMovedAndDifference wants the move that a camera made back.
func TestMovedAndDifference(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := headframe.Camera{FX: 900, FY: 950, CX: 300, CY: 400, R: stances(t).Rotation(), T: headframe.Vec{3, -20, 500}}
		small := func(name string, limit float64) headframe.Vec {
			return headframe.Vec{
				rapid.Float64Range(-limit, limit).Draw(t, name+" x"), rapid.Float64Range(-limit, limit).Draw(t, name+" y"),
				rapid.Float64Range(-limit, limit).Draw(t, name+" z"),
			}
		}
		turn, shift, focal := small("turn", 1.5), small("shift", 80), rapid.Float64Range(-0.5, 0.5).Draw(t, "focal")
		d := c.Moved(turn, shift, focal)
		gotTurn, gotShift, gotFocal := c.Difference(d)
		if gotTurn.Sub(turn).Norm() > 1e-6 || gotShift.Sub(shift).Norm() > 1e-9 || math.Abs(gotFocal-focal) > 1e-12 {
			t.Errorf("moved by %v, %v, %g; found %v, %v, %g", turn, shift, focal, gotTurn, gotShift, gotFocal)
		}
		if math.Abs(d.FY/d.FX-c.FY/c.FX) > 1e-12 {
			t.Errorf("stretch of %g became %g", c.FY/c.FX, d.FY/d.FX)
		}
	})
}

// TestProjectRay wants the ray of a pixel to meet what the pixel shows.
func TestProjectRay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := headframe.Camera{FX: 900, FY: 800, CX: 300, CY: 400, R: stances(t).Rotation(), T: headframe.Vec{3, -20, 500}}
		x, y := rapid.Float64Range(0, 600).Draw(t, "x"), rapid.Float64Range(0, 800).Draw(t, "y")
		p := c.Eye().Add(c.Ray(x, y).Mul(rapid.Float64Range(1, 1000).Draw(t, "way")))
		u, v, ok := c.Project(p)
		if !ok || math.Hypot(u-x, v-y) > 1e-6 {
			t.Errorf("(%g,%g) shows %v, which is seen at (%g,%g), %v", x, y, p, u, v, ok)
		}
		behind := c.Eye().Add(c.Ray(x, y).Mul(-10))
		if _, _, ok := c.Project(behind); ok || c.MMPerPx(behind) != 0 {
			t.Errorf("%v lies behind the camera and is seen", behind)
		}
	})
}
