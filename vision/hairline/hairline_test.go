package hairline_test

import (
	"math"
	"testing"

	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/hairline"
	"pointille/vision/survey"
	"pointille/vision/visiontest"
)

const degree = math.Pi / 180

// full is hair of fullness 1 beyond a border given as rho of psi, radians, and
// none before it. It rises over softMM, half of it on either side.
func full(border func(psi float64) float64) func(psi, rho float64) float64 {
	const softMM, radiusMM = 5, 95
	return func(psi, rho float64) float64 {
		return min(1, max(0, 0.5+(rho-border(psi))*radiusMM/softMM))
	}
}

func straight(float64) float64 { return 45 * degree }

// receded is a line with two bays of 16° at the sides.
func receded(psi float64) float64 {
	bay := math.Exp(-math.Pow((math.Abs(psi)-50*degree)/(14*degree), 2))
	return (42 + 16*bay) * degree
}

// scene is the average head from the front with hair drawn on it.
func scene(hair func(psi, rho float64) float64) (hairline.Input, headframe.Face) {
	return sceneFrom(visiontest.Front(), hair)
}

func sceneFrom(cam headframe.Camera, hair func(psi, rho float64) float64) (hairline.Input, headframe.Face) {
	s := headframe.Mean()
	face := headframe.NewFace(s)
	grown := visiontest.Seen(cam, -1, func(p headframe.Vec) float32 {
		return float32(hair(face.Angles(p)))
	})
	return input(cam, s, grown), face
}

func input(cam headframe.Camera, s headframe.Surface, grown *raster.Plane) hairline.Input {
	return hairline.Input{
		Camera: cam, Surface: s, Width: grown.W, Height: grown.H,
		Fullness: func(x, y float64) float64 { return max(0, float64(grown.Sample(x, y))) },
		Head:     func(x, y float64) bool { return grown.At(int(x+0.5), int(y+0.5)) >= 0 },
	}
}

// errors returns how far each point lies from the drawn border of the same
// direction, pixels.
func errors(in hairline.Input, face headframe.Face, border func(psi float64) float64, lines []survey.Hairline) (px []float64) {
	for _, l := range lines {
		for _, q := range l.Points {
			p, _ := in.Surface.Intersect(in.Camera.Eye(), in.Camera.Ray(q[0], q[1]))
			psi, _ := face.Angles(p)
			x, y, _ := in.Camera.Project(face.Point(psi, border(psi)))
			px = append(px, math.Hypot(x-q[0], y-q[1]))
		}
	}
	return px
}

func TestDrawnLines(t *testing.T) {
	tests := []struct {
		name   string
		cam    headframe.Camera
		border func(psi float64) float64
		kind   string
	}{
		{"straight", visiontest.Front(), straight, "front"},
		{"receded", visiontest.Front(), receded, "front"},
		{"low", visiontest.Front(), func(float64) float64 { return 35 * degree }, "front"},
		{"asymmetric", visiontest.Front(), func(psi float64) float64 { return (45 + 6*math.Sin(psi)) * degree }, "front"},
		{"from above", visiontest.Above(), receded, "front"},
		{"far back", visiontest.Above(), func(float64) float64 { return 84 * degree }, "fringe"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			in, face := sceneFrom(tt.cam, full(tt.border))
			lines := hairline.Find(in)
			if len(lines) == 0 {
				t.Fatal("no line found")
			}
			sum, worst, px := 0.0, 0.0, errors(in, face, tt.border, lines)
			for _, e := range px {
				sum, worst = sum+e*e, max(worst, e)
			}
			rms := math.Sqrt(sum / float64(len(px)))
			t.Logf("%d line(s), %d points: %.2f px RMS, %.2f px at worst", len(lines), len(px), rms, worst)
			// The worst are those at the very rim, where a pixel holds millimetres of skin.
			if rms > 0.5 || worst > 2.5 {
				t.Errorf("%.2f px RMS, %.2f px at worst, want 0.5 and 2.5", rms, worst)
			}
			if lines[0].Kind != tt.kind {
				t.Errorf("kind %q, want %q", lines[0].Kind, tt.kind)
			}
			wantOrder(t, lines)
		})
	}
}

// wantOrder wants lines and their points from left to right in the picture.
func wantOrder(t *testing.T, lines []survey.Hairline) {
	t.Helper()
	for i, l := range lines {
		if l.Confidence <= 0 || l.Confidence > 1 {
			t.Errorf("line %d has confidence %g", i, l.Confidence)
		}
		if l.Points[0][0] > l.Points[len(l.Points)-1][0] {
			t.Errorf("line %d runs to the left", i)
		}
		if i > 0 && l.Points[0][0] < lines[i-1].Points[0][0] {
			t.Errorf("line %d starts left of the one before", i)
		}
	}
}

// TestMirrored wants the mirrored head to have the mirrored line.
func TestMirrored(t *testing.T) {
	border := func(psi float64) float64 { return (45 + 6*math.Sin(psi)) * degree }
	a, _ := scene(full(border))
	b, _ := scene(full(func(psi float64) float64 { return border(-psi) }))
	la, lb := hairline.Find(a), hairline.Find(b)
	if len(la) != 1 || len(lb) != 1 || len(la[0].Points) != len(lb[0].Points) {
		t.Fatalf("%d and %d lines", len(la), len(lb))
	}
	n := len(la[0].Points)
	for i, p := range la[0].Points {
		q := lb[0].Points[n-1-i]
		if d := math.Hypot(float64(a.Width-1)-p[0]-q[0], p[1]-q[1]); d > 1 {
			t.Errorf("point %d is %.1f px from its mirror image", i, d)
		}
	}
}

func TestGap(t *testing.T) {
	hair := full(straight)
	in, face := scene(func(psi, rho float64) float64 {
		if psi > 15*degree && psi < 45*degree {
			return 0 // bare as far as it can be seen
		}
		return hair(psi, rho)
	})
	lines := hairline.Find(in)
	if len(lines) != 2 {
		t.Fatalf("%d lines, want one on either side of the gap", len(lines))
	}
	for _, l := range lines {
		for _, q := range l.Points {
			p, _ := in.Surface.Intersect(in.Camera.Eye(), in.Camera.Ray(q[0], q[1]))
			if psi, _ := face.Angles(p); psi > 20*degree && psi < 40*degree {
				t.Errorf("a point at %.0f° lies in the gap", psi/degree)
			}
		}
	}
}

func TestNothingInvented(t *testing.T) {
	for name, hair := range map[string]func(psi, rho float64) float64{
		"bald":      func(float64, float64) float64 { return 0 },
		"all hair":  func(float64, float64) float64 { return 1 },
		"even thin": func(float64, float64) float64 { return 0.4 },
		// Hair that ends towards the vertex is no front hairline.
		"hair before, bare behind": func(psi, rho float64) float64 { return 1 - full(straight)(psi, rho) },
	} {
		in, _ := scene(hair)
		if lines := hairline.Find(in); lines == nil || len(lines) != 0 {
			t.Errorf("%s: %d line(s), want an empty list", name, len(lines))
		}
	}
	in, _ := scene(full(straight))
	in.Head = func(float64, float64) bool { return false }
	if lines := hairline.Find(in); len(lines) != 0 {
		t.Errorf("no head in the picture: %d line(s)", len(lines))
	}
}

// TestWeakLine wants less confidence for a line between thin hair and none.
func TestWeakLine(t *testing.T) {
	strong, _ := scene(full(straight))
	weak, _ := scene(func(psi, rho float64) float64 { return 0.6 * full(straight)(psi, rho) })
	a, b := hairline.Find(strong), hairline.Find(weak)
	if len(a) == 0 || len(b) == 0 {
		t.Fatalf("%d and %d lines", len(a), len(b))
	}
	if a[0].Confidence < b[0].Confidence+0.2 {
		t.Errorf("confidence %.2f of a clear line, %.2f of a weak one", a[0].Confidence, b[0].Confidence)
	}
}

func BenchmarkFind(b *testing.B) {
	in, _ := scene(full(receded))
	for b.Loop() {
		hairline.Find(in)
	}
}
