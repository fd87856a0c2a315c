package headframe_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
)

// The derivatives solvers use are those of finite differences.
func TestStepDerivatives(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		az := rapid.Float64Range(-3, 3).Draw(t, "azimuth")
		dir := headframe.Vec{math.Sin(az), rapid.Float64Range(0, 1).Draw(t, "up"), math.Cos(az)}.Unit()
		c := look(s.Centre().Add(dir.Mul(500)), headframe.Vec{5, 60, 3}, 1300, 1200, 1600)
		x, y := rapid.Float64Range(300, 900).Draw(t, "x"), rapid.Float64Range(400, 1200).Draw(t, "y")
		p := c.Eye().Add(c.Ray(x, y).Mul(470))
		u0, v0, dx, dy, _ := c.ProjectStep(p)
		h0, _, dh := c.HeightStep(s, p)
		depth := c.ToCamera(p)[2]
		for k := range headframe.CameraParams {
			var d [headframe.CameraParams]float64
			const e = 1e-6
			d[k] = e
			next := c.Step(d)
			u, v, _ := next.Project(p)
			ray := next.Ray(u0, v0)
			// the same pixel at the same depth
			ahead := next.ToCamera(next.Eye().Add(ray))[2]
			h, _ := s.Height(next.Eye().Add(ray.Mul(depth / ahead)))
			near := func(what string, got, want float64) {
				if math.Abs(got-want) > 1e-3*(1+math.Abs(want)) {
					t.Errorf("%s by parameter %d: %g, finite difference %g", what, k, got, want)
				}
			}
			near("x", dx[k], (u-u0)/e)
			near("y", dy[k], (v-v0)/e)
			near("height", dh[k], (h-h0)/e)
		}
	})
}

func TestClearanceAgainstSampling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		shape := []float64{rapid.Float64Range(0.9, 1.1).Draw(t, "size")}
		for range headframe.ModeCount {
			shape = append(shape, rapid.Float64Range(-2, 2).Draw(t, "mode"))
		}
		s, err := headframe.NewSurface(shape)
		if err != nil {
			t.Fatal(err)
		}
		az := rapid.Float64Range(-3, 3).Draw(t, "azimuth")
		eye := s.Centre().Add(headframe.Vec{500 * math.Sin(az), 200, 500 * math.Cos(az)})
		at := s.Centre().Add(headframe.Vec{0, rapid.Float64Range(20, 130).Draw(t, "height"), 0})
		side := at.Sub(eye).Cross(headframe.Vec{0, 1, 0}).Unit()
		ray := at.Add(side.Mul(rapid.Float64Range(-120, 120).Draw(t, "aside"))).Sub(eye).Unit()
		_, got := s.Clearance(eye, ray)
		want := math.Inf(1)
		for x := 300.0; x < 800; x++ {
			h, _ := s.Height(eye.Add(ray.Mul(x)))
			want = min(want, h)
		}
		if want > -3 && math.Abs(got-want) > 0.1 {
			t.Errorf("clearance %.3f mm, by sampling %.3f mm", got, want)
		}
		_, hit := s.Intersect(eye, ray)
		if math.Abs(want) > 0.2 && hit != (want < 0) {
			t.Errorf("least height %.2f mm, met: %v", want, hit)
		}
	})
}
