package areas_test

import (
	"image"
	"math"
	"testing"

	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/areas"
	"pointille/vision/headmap"
	"pointille/vision/survey"
	"pointille/vision/visiontest"
)

const full = 180 // hairs per cm²

// drawn is the average head with all its scalp, seen by cam, with hair as
// dense as density says.
func drawn(cam headframe.Camera, density func(p headframe.Vec) float64) areas.Input {
	s, scalp := headframe.Mean(), visiontest.Scalp()
	d := visiontest.Seen(cam, -1, func(p headframe.Vec) float32 {
		if !scalp(p) {
			return -2
		}
		return float32(density(p))
	})
	regions := image.NewGray(image.Rect(0, 0, d.W, d.H))
	for i, v := range d.Pix {
		switch {
		case v >= 0:
			regions.Pix[i] = survey.Scalp
		case v == -2:
			regions.Pix[i] = survey.Skin
		}
		d.Pix[i] = max(0, v)
	}
	return areas.Input{
		Map: headmap.New(cam, s, d.W, d.H, 2), Surface: s, Regions: regions, Density: d,
		Scale: 1, Factor: 1, Sigma: 0.01, Full: full,
	}
}

// patch is an ellipse of a×b mm about the middle of the top, in the plane that
// touches it there.
func patch(a, b float64) func(p headframe.Vec) bool {
	s := headframe.Mean()
	middle := s.Landmark(headframe.VertexPoint)
	return func(p headframe.Vec) bool {
		e := p.Sub(middle)
		return e[0]*e[0]/a/a+e[2]*e[2]/b/b < 1
	}
}

// skinOf is the skin of a patch, cm², by triangles.
func skinOf(inside func(p headframe.Vec) bool) (cm2 float64) {
	m := headframe.Mean().Mesh(3)
	for i, p := range m.V {
		if p[1] > 60 && inside(p) {
			cm2 += m.Area[i] / 100
		}
	}
	return cm2
}

func TestBaldPatch(t *testing.T) {
	for name, cam := range map[string]headframe.Camera{
		"above": visiontest.Above(),
		"aside": visiontest.Look(headframe.Vec{300, 520, 60}, headframe.Mean().Centre(), 560, visiontest.Width, visiontest.Height),
	} {
		for _, size := range [][2]float64{{30, 30}, {42, 26}, {18, 25}} {
			inside := patch(size[0], size[1])
			in := drawn(cam, func(p headframe.Vec) float64 {
				if inside(p) {
					return 5
				}
				return full
			})
			got, err := areas.Bald(in)
			if err != nil || len(got) != 1 {
				t.Fatalf("%s, %v mm: %d areas, %v", name, size, len(got), err)
			}
			want := skinOf(inside)
			t.Logf("%s, %v mm: %.1f ± %.1f cm², true %.1f", name, size, got[0].AreaCM2, got[0].SigmaCM2, want)
			if math.Abs(got[0].AreaCM2-want) > 0.05*want {
				t.Errorf("%s, %v mm: %.1f cm², want %.1f", name, size, got[0].AreaCM2, want)
			}
			if got[0].SigmaCM2 < 0.05*want || got[0].SigmaCM2 > 0.3*want {
				t.Errorf("%s, %v mm: sigma %.1f cm² of %.1f", name, size, got[0].SigmaCM2, want)
			}
			wantPolygon(t, cam, inside, got[0].Polygon)
		}
	}
}

// wantPolygon wants each corner on the patch's border, to two pixels.
func wantPolygon(t *testing.T, cam headframe.Camera, inside func(p headframe.Vec) bool, polygon [][2]float64) {
	t.Helper()
	s := headframe.Mean()
	at := func(x, y float64) bool {
		p, ok := s.Intersect(cam.Eye(), cam.Ray(x, y))
		return ok && inside(p)
	}
	for _, q := range polygon {
		in := 0
		for _, d := range [8][2]float64{{2, 0}, {-2, 0}, {0, 2}, {0, -2}, {1.5, 1.5}, {-1.5, 1.5}, {1.5, -1.5}, {-1.5, -1.5}} {
			if at(q[0]+d[0], q[1]+d[1]) {
				in++
			}
		}
		if in == 0 || in == 8 {
			t.Errorf("%.0f,%.0f lies off the border", q[0], q[1])
		}
	}
}

func TestBaldTwice(t *testing.T) {
	s := headframe.Mean()
	whorl := s.Landmark(headframe.Whorl)
	inside := patch(16, 16)
	in := drawn(visiontest.Above(), func(p headframe.Vec) float64 {
		if inside(p.Sub(headframe.Vec{0, 0, 35})) || p.Sub(whorl).Norm() < 25 {
			return 0
		}
		return full
	})
	got, err := areas.Bald(in)
	if err != nil || len(got) != 2 || got[0].AreaCM2 < got[1].AreaCM2 {
		t.Fatalf("%d areas, want two, the larger first; %v", len(got), err)
	}
}

func TestNotBald(t *testing.T) {
	small := patch(5, 5)
	for name, density := range map[string]func(p headframe.Vec) float64{
		"full": func(headframe.Vec) float64 { return full },
		"thin": func(headframe.Vec) float64 { return 0.4 * full },
		"a small patch": func(p headframe.Vec) float64 {
			if small(p) {
				return 0
			}
			return full
		},
	} {
		got, err := areas.Bald(drawn(visiontest.Above(), density))
		if err != nil || got == nil || len(got) != 0 {
			t.Errorf("%s: %d areas, %v, want an empty list", name, len(got), err)
		}
	}
}

// TestSizeOfTheHead wants areas to grow with the square of the head's size and
// densities not at all.
func TestSizeOfTheHead(t *testing.T) {
	in := drawn(visiontest.Above(), func(headframe.Vec) float64 { return 10 })
	a, err := areas.Bald(in)
	za := areas.Zones(in)
	in.Factor = 1.1
	b, errB := areas.Bald(in)
	zb := areas.Zones(in)
	if err != nil || errB != nil || len(a) != 1 || len(b) != 1 || math.Abs(b[0].AreaCM2/a[0].AreaCM2-1.21) > 1e-9 {
		t.Errorf("%+v, %v", b, errB)
	}
	for i := range za {
		if math.Abs(zb[i].AreaCM2/za[i].AreaCM2-1.21) > 1e-9 || zb[i].HairsPerCM2 != za[i].HairsPerCM2 || zb[i].Visible != za[i].Visible {
			t.Errorf("%+v and %+v", za[i], zb[i])
		}
	}
}

// TestZones wants the density of each zone as drawn, and as much skin as the
// zone has where all of it is seen.
func TestZones(t *testing.T) {
	s := headframe.Mean()
	drawnAs := map[string]float64{
		headframe.FrontalHairline: 60, headframe.Frontal: 90, headframe.MidScalp: 120, headframe.VertexZone: 30,
		headframe.ParietalLeft: 150, headframe.ParietalRight: 160, headframe.TemporalLeft: 170, headframe.TemporalRight: 175, headframe.OccipitalZone: 190,
	}
	in := drawn(visiontest.Above(), func(p headframe.Vec) float64 { return drawnAs[s.Zone(p)] })
	zones, whole := areas.Zones(in), s.ZoneAreas()
	seen := map[string]survey.Zone{}
	for _, z := range zones {
		seen[z.Name] = z
		// Cells are 2 px wide, so neighbouring zones bleed into small ones.
		if want := drawnAs[z.Name]; z.Visible > 0.3 && math.Abs(z.HairsPerCM2-want) > 3 {
			t.Errorf("%s: %.1f hairs/cm², want %g", z.Name, z.HairsPerCM2, want)
		}
		if z.Sigma < 8 || z.Visible <= 0 || z.Visible > 1 {
			t.Errorf("%s: sigma %g, visible %g", z.Name, z.Sigma, z.Visible)
		}
	}
	for _, name := range []string{headframe.Frontal, headframe.MidScalp} {
		if z := seen[name]; math.Abs(z.AreaCM2-whole[name]) > 0.06*whole[name] || z.Visible < 0.94 {
			t.Errorf("%s: %.1f cm², visible %.2f, whole %.1f cm²", name, z.AreaCM2, z.Visible, whole[name])
		}
	}
}

func TestZonesNotSeen(t *testing.T) {
	cam := visiontest.Look(headframe.Vec{0, 60, -600}, headframe.Mean().Centre(), 560, visiontest.Width, visiontest.Height)
	for _, z := range areas.Zones(drawn(cam, func(headframe.Vec) float64 { return full })) {
		if z.Name == headframe.FrontalHairline || z.Name == headframe.Frontal {
			t.Errorf("from behind %s is seen: %+v", z.Name, z)
		}
	}
	empty := drawn(cam, func(headframe.Vec) float64 { return full })
	empty.Regions, empty.Density = image.NewGray(empty.Regions.Rect), raster.NewPlane(visiontest.Width, visiontest.Height)
	if z := areas.Zones(empty); z == nil || len(z) != 0 {
		t.Errorf("no scalp: %v, want an empty list", z)
	}
}
