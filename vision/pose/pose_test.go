package pose_test

import (
	"image"
	"math"
	"math/rand/v2"
	"testing"

	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/net"
	"pointille/vision/pose"
	"pointille/vision/survey"
	"pointille/vision/visiontest"
)

// at is a camera 600 mm from the head, in degrees from the nose to the
// client's left and above the ears.
func at(azimuth, elevation float64) headframe.Camera {
	az, el := azimuth*math.Pi/180, elevation*math.Pi/180
	c := headframe.Mean().Centre()
	eye := c.Add(headframe.Vec{math.Sin(az) * math.Cos(el), math.Sin(el), math.Cos(az) * math.Cos(el)}.Mul(600))
	return visiontest.Look(eye, c, 560, visiontest.Width, visiontest.Height)
}

func TestView(t *testing.T) {
	for _, tt := range []struct {
		azimuth, elevation float64
		name               string
		sure               bool
	}{
		{0, 0, survey.Front, true}, {20, 15, survey.Front, true}, {-30, 30, survey.Front, true},
		{90, 0, survey.Left, true}, {-90, 10, survey.Right, true}, {60, 5, survey.Left, true}, {-120, 5, survey.Right, true},
		{180, 0, survey.Back, true}, {-165, 5, survey.Back, true},
		{180, 37, survey.Crown, true}, {160, 40, survey.Crown, true},
		{0, 80, survey.Top, true}, {180, 85, survey.Top, true}, {90, 70, survey.Top, true},
		{44, 0, survey.Front, false}, {46, 0, survey.Left, false}, {180, 23, survey.Crown, false}, {0, 53, survey.Top, false},
	} {
		v := pose.View(at(tt.azimuth, tt.elevation), headframe.Mean().Centre())
		if v.Name != tt.name || v.Source != "detected" || v.Confidence > 1 || v.Confidence < 0.5 {
			t.Errorf("from %g°, %g° above: %+v, want %s", tt.azimuth, tt.elevation, v, tt.name)
		}
		if tt.sure != (v.Confidence > 0.75) {
			t.Errorf("from %g°, %g° above: confidence %.2f, sure should be %v", tt.azimuth, tt.elevation, v.Confidence, tt.sure)
		}
	}
}

func TestRoll(t *testing.T) {
	for _, want := range []float64{0, 10, -35, 90, 170, -90} {
		cam := at(0, 5).Moved(headframe.Vec{0, 0, -want * math.Pi / 180}, headframe.Vec{}, 0)
		// The camera's own axes turn about its eye; T turns with them.
		cam.T = turned(at(0, 5).T, -want)
		if got := pose.Roll(cam); math.Abs(got-want) > 0.5 {
			t.Errorf("turned by %g°: %g°", want, got)
		}
	}
}

func turned(v headframe.Vec, degrees float64) headframe.Vec {
	c, s := math.Cos(degrees*math.Pi/180), math.Sin(degrees*math.Pi/180)
	return headframe.Vec{c*v[0] - s*v[1], s*v[0] + c*v[1], v[2]}
}

// cells is the grid of a prediction, k photo pixels each.
const k = 4

// predicted is what a network sees whose places are off by noise mm.
func predicted(cam headframe.Camera, noise float64) *net.Prediction {
	const w, h = visiontest.Width / k, visiontest.Height / k
	p := &net.Prediction{PhotoW: visiontest.Width, PhotoH: visiontest.Height, Crop: image.Rect(0, 0, visiontest.Width, visiontest.Height),
		Hair: raster.NewPlane(w, h), Density: raster.NewPlane(w, h), Grown: raster.NewPlane(w, h)}
	for c := range p.Class {
		p.Class[c] = raster.NewPlane(w, h)
	}
	for c := range p.Pos {
		p.Pos[c] = raster.NewPlane(w, h)
	}
	s, rng := headframe.Mean(), rand.New(rand.NewPCG(1, 1))
	for i := range w * h {
		u, v := p.ToPhoto(float64(i%w), float64(i/w))
		q, ok := s.Intersect(cam.Eye(), cam.Ray(u, v))
		if !ok {
			p.Class[survey.Background].Pix[i] = 1
			continue
		}
		class := survey.Skin
		if s.NativeScalp(q) > 0.5 {
			class = survey.Scalp
		}
		p.Class[class].Pix[i] = 1
		for c := range p.Pos {
			p.Pos[c].Pix[i] = float32(q[c] + noise*rng.NormFloat64())
		}
	}
	return p
}

// TestCamera wants places of the scalp to fall where the true camera sees them.
func TestCamera(t *testing.T) {
	s := headframe.Mean()
	scalp := visiontest.Scalp()
	for view, truth := range map[string]headframe.Camera{survey.Front: at(-15, 40), survey.Top: visiontest.Above(), survey.Left: at(80, 12), survey.Crown: at(170, 35)} {
		t.Run(view, func(t *testing.T) {
			class := visiontest.Seen(truth, float32(survey.Background), func(p headframe.Vec) float32 {
				if scalp(p) {
					return float32(survey.Scalp)
				}
				return float32(survey.Skin)
			})
			outline := survey.Outline(class.Gray(1))
			// A pixel is about 1 mm. Regions come in cells of 4 mm and places count
			// little, because a real network's are drawn to the middle of all heads.
			for _, noise := range []float64{0, 3} {
				got, shown, err := pose.Camera(pose.Input{Seen: predicted(truth, noise), Outline: outline, View: view})
				if err != nil {
					t.Fatal(err)
				}
				off := apart(s, truth, got.Camera)
				t.Logf("places %g mm off: %.2f px RMS", noise, off)
				if off > 5.5 || got.Source != "surface" || got.SigmaPx > 2+2*noise || shown < 0.7 {
					t.Errorf("places %g mm off: %.2f px RMS, %.2f of the head shown, %+v", noise, off, shown, got)
				}
			}
		})
	}
}

// apart is how far the places of the scalp that truth sees fall from where got
// sees them, pixels RMS.
func apart(s headframe.Surface, truth, got headframe.Camera) float64 {
	sum, n, mesh := 0.0, 0, s.Mesh(12)
	for i, p := range mesh.V {
		if mesh.N[i].Dot(truth.Eye().Sub(p).Unit()) < 0.2 {
			continue
		}
		x, y, _ := truth.Project(p)
		u, v, _ := got.Project(p)
		sum, n = sum+(x-u)*(x-u)+(y-v)*(y-v), n+1
	}
	return math.Sqrt(sum / float64(n))
}

func TestTooLittle(t *testing.T) {
	p := predicted(visiontest.Front(), 0)
	for i := range p.Class[survey.Scalp].Pix {
		if i%40 != 0 {
			p.Class[survey.Scalp].Pix[i], p.Class[survey.Background].Pix[i] = 0, 1
		}
	}
	if _, _, err := pose.Camera(pose.Input{Seen: p}); err == nil {
		t.Error("no error for a handful of cells")
	}
}
