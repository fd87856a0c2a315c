package headmap_test

import (
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/vision/headmap"
)

// look is a camera at eye that sees target in the middle of a w×h photo.
func look(eye, target headframe.Vec, focal float64, w, h int) headframe.Camera {
	z := target.Sub(eye).Unit()
	x := z.Cross(headframe.Vec{0, 1, 0}).Unit()
	y := z.Cross(x)
	c := headframe.Camera{FX: focal, FY: focal, CX: float64(w-1) / 2, CY: float64(h-1) / 2,
		R: [9]float64{x[0], x[1], x[2], y[0], y[1], y[2], z[0], z[1], z[2]}}
	c.T = c.ToCamera(eye).Mul(-1)
	return c
}

// TestAreaAgainstMesh wants the skin of the cells to add up to the triangles'
// area of the same skin, and each cell's place to project into the cell.
func TestAreaAgainstMesh(t *testing.T) {
	s := headframe.Mean()
	mesh := s.Mesh(2)
	for name, eye := range map[string]headframe.Vec{
		"front": {0, 400, 400}, "left, above": {420, 300, 60}, "behind": {-60, 120, -600},
	} {
		t.Run(name, func(t *testing.T) {
			cam := look(eye, s.Centre(), 900, 600, 800)
			m := headmap.New(cam, s, 600, 800, 4)
			got, off := 0.0, 0.0
			for k, hit := range m.Hit {
				if !hit {
					continue
				}
				x, y := m.Centre(k%m.W, k/m.W)
				u, v, _ := cam.Project(m.P[k])
				off = max(off, math.Hypot(u-x, v-y))
				if m.Cos[k] > flat && counted(s, m.P[k]) {
					got += m.Area[k]
				}
			}
			want := 0.0
			for i, p := range mesh.V {
				if mesh.N[i].Dot(eye.Sub(p).Unit()) > flat && counted(s, p) && inside(cam, p, 600, 800) {
					want += mesh.Area[i]
				}
			}
			t.Logf("%.1f cm² in the cells, %.1f cm² of triangles", got/100, want/100)
			if math.Abs(got-want) > 0.01*want {
				t.Errorf("%.1f cm² in the cells, %.1f cm² of triangles", got/100, want/100)
			}
			if off > 0.01 {
				t.Errorf("a cell's place projects %.3f px from its centre", off)
			}
		})
	}
}

// flat is a cosine well above the cut, where a step of the mesh changes little.
const flat = 0.5

// counted is the scalp, which is where the mesh is.
func counted(s headframe.Surface, p headframe.Vec) bool {
	d, _ := s.NativeDistance(p)
	return d > 0
}

func inside(cam headframe.Camera, p headframe.Vec, w, h float64) bool {
	x, y, ok := cam.Project(p)
	return ok && x > 0 && y > 0 && x < w && y < h
}

func TestCells(t *testing.T) {
	s := headframe.Mean()
	m := headmap.New(look(headframe.Vec{0, 60, 520}, s.Centre(), 900, 601, 799), s, 601, 799, 5)
	if m.W != 121 || m.H != 160 {
		t.Errorf("%d×%d cells", m.W, m.H)
	}
	if x, y := m.Centre(0, 0); x != 2 || y != 2 {
		t.Errorf("the first cell is centred on %g,%g", x, y)
	}
	if m.Hit[0] || m.Area[0] != 0 {
		t.Error("the corner of the picture shows the head")
	}
	for k, hit := range m.Hit {
		if hit && (m.Cos[k] < 0.26 || m.Area[k] < m.Step*m.Step*0.1) {
			t.Fatalf("cell %d: cosine %g, %g mm²", k, m.Cos[k], m.Area[k])
		}
	}
}

// TestEveryRay casts the ray of every cell, those too that New passes over.
func TestEveryRay(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		az, el := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "azimuth"), rapid.Float64Range(-0.4, 1.4).Draw(t, "elevation")
		away, focal := rapid.Float64Range(50, 900).Draw(t, "distance"), rapid.Float64Range(60, 900).Draw(t, "focal")
		aside := headframe.Vec{rapid.Float64Range(-90, 90).Draw(t, "aside"), rapid.Float64Range(-90, 90).Draw(t, "above"), 0}
		eye := s.Centre().Add(headframe.Vec{math.Sin(az) * math.Cos(el), math.Sin(el), math.Cos(az) * math.Cos(el)}.Mul(away))
		cam := look(eye, s.Centre().Add(aside), focal, 90, 120)
		m := headmap.New(cam, s, 90, 120, 3)
		for k := range m.P {
			p, ok := s.Intersect(cam.Eye(), cam.Ray(m.Centre(k%m.W, k/m.W)))
			if ok && m.P[k] != p {
				t.Fatalf("cell %d shows %v, the map says %v", k, p, m.P[k])
			}
		}
	})
}

func BenchmarkNew(b *testing.B) {
	s := headframe.Mean()
	cam := look(headframe.Vec{0, 60, 520}, s.Centre(), 900, 600, 800)
	for b.Loop() {
		headmap.New(cam, s, 600, 800, 800.0/256)
	}
}
