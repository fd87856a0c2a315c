package headframe_test

import (
	"errors"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
)

// look is a camera at eye that sees target in the middle of a w×h picture.
func look(eye, target headframe.Vec, focal float64, w, h int) headframe.Camera {
	z := target.Sub(eye).Unit()
	up := headframe.Vec{0, 1, 0}
	if math.Abs(z[1]) > 0.98 {
		up = headframe.Vec{0, 0, 1}
	}
	x := z.Cross(up).Unit()
	y := z.Cross(x)
	c := headframe.Camera{FX: focal, FY: focal, CX: float64(w-1) / 2, CY: float64(h-1) / 2,
		R: [9]float64{x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]}}
	e := c.ToCamera(eye)
	c.T = e.Mul(-1)
	return c
}

func TestFitCameraRecoversTheCamera(t *testing.T) {
	surface := headframe.Mean()
	mesh := surface.Mesh(8)
	rapid.Check(t, func(t *rapid.T) {
		az := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "azimuth")
		el := rapid.Float64Range(0, 1.4).Draw(t, "elevation")
		dist := rapid.Float64Range(350, 1200).Draw(t, "distance")
		noise := rapid.Float64Range(0, 3).Draw(t, "noise")
		seed := rapid.Uint64().Draw(t, "seed")
		r := rand.New(rand.NewPCG(seed, 1))
		dir := headframe.Vec{math.Sin(az) * math.Cos(el), math.Sin(el), math.Cos(az) * math.Cos(el)}
		truth := look(surface.Centre().Add(dir.Mul(dist)), surface.Centre(), 1250*dist/500, 1200, 1600)
		var points []headframe.Vec
		var px [][2]float64
		for i, p := range mesh.V {
			if mesh.N[i].Dot(truth.Eye().Sub(p).Unit()) < 0.15 {
				continue
			}
			x, y, _ := truth.Project(p)
			if r.Float64() < 0.2 {
				x, y = r.Float64()*1200, r.Float64()*1600
			}
			points = append(points, p)
			px = append(px, [2]float64{x + noise*r.NormFloat64(), y + noise*r.NormFloat64()})
		}
		if len(points) < 60 {
			t.Fatalf("only %d points of the scalp in view", len(points))
		}
		got, rms, err := headframe.FitCamera(points, px, nil, 1200, 1600, headframe.CameraPrior{Focal35: 36 * truth.FX / 1600})
		if err != nil {
			t.Fatal(err)
		}
		if rms > 2*noise+0.5 {
			t.Errorf("rms %.2f px with noise %.2f", rms, noise)
		}
		worst := 0.0
		for i, p := range points {
			x, y, _ := got.Project(p)
			u, v, _ := truth.Project(p)
			worst = max(worst, math.Hypot(x-u, y-v))
			_ = i
		}
		if limit := 0.3 + 1.2*noise; worst > limit {
			t.Errorf("a point lands %.2f px from the truth, limit %.2f (noise %.2f)", worst, limit, noise)
		}
	})
}

func TestFitCameraRefuses(t *testing.T) {
	line := make([]headframe.Vec, 50)
	px := make([][2]float64, 50)
	for i := range line {
		line[i] = headframe.Vec{float64(i), float64(i), float64(i)}
		px[i] = [2]float64{float64(i), 3}
	}
	if _, _, err := headframe.FitCamera(line, px, nil, 100, 100, headframe.CameraPrior{}); !errors.Is(err, headframe.ErrDegenerate) {
		t.Errorf("points on a line: error %v", err)
	}
	if _, _, err := headframe.FitCamera(line[:4], px[:4], nil, 100, 100, headframe.CameraPrior{}); !errors.Is(err, headframe.ErrDegenerate) {
		t.Errorf("four points: error %v", err)
	}
	if _, _, err := headframe.FitCamera(line, px[:4], nil, 100, 100, headframe.CameraPrior{}); err == nil {
		t.Error("50 points and 4 pixels: no error")
	}
}

func TestIntersectAgainstMesh(t *testing.T) {
	s := headframe.Mean()
	mesh := s.Mesh(10)
	eye := headframe.Vec{100, 200, 500}
	hits := 0
	for i, p := range mesh.V {
		ray := p.Sub(eye).Unit()
		facing := -mesh.N[i].Dot(ray)
		q, ok := s.Intersect(eye, ray)
		switch {
		case facing > 0.2:
			hits++
			if !ok || q.Sub(p).Norm() > 0.1 {
				t.Errorf("vertex %d faces the eye and is met at %v, lies at %v", i, q, p)
			}
		case facing < -0.05 && ok && q.Sub(eye).Norm() > p.Sub(eye).Norm()+0.1:
			t.Errorf("vertex %d faces away but is seen through the head", i)
		}
	}
	if hits < 100 {
		t.Fatalf("only %d vertices face the eye", hits)
	}
	if _, ok := s.Intersect(eye, headframe.Vec{0, 1, 0}); ok {
		t.Error("a ray past the head meets it")
	}
}

func TestMeshAreaIsThatOfTheScalp(t *testing.T) {
	s := headframe.Mean()
	area := func(edge float64) (scalp float64) {
		m := s.Mesh(edge)
		for i, p := range m.V {
			scalp += m.Area[i] * s.NativeScalp(p) / 100
		}
		return scalp
	}
	fine, coarse := area(3), area(6)
	if math.Abs(fine-coarse) > 0.02*fine {
		t.Errorf("scalp area depends on the edge: %.1f and %.1f cm²", fine, coarse)
	}
	t.Logf("scalp of the average head: %.0f cm² (tape, n = 25: 492 ± 31)", fine)
	if fine < 400 || fine > 650 {
		t.Errorf("scalp area %.0f cm²", fine)
	}
}
