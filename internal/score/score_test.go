package score_test

import (
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/internal/score"
	"pointille/internal/truth"
	"pointille/vision/survey"
)

const (
	width, height = 90, 120
	mmPerPx       = 3.0
)

func around(s headframe.Surface, azimuth, elevation float64) headframe.Camera {
	return headtest.Around(s, azimuth, elevation, 600, mmPerPx, width, height)
}

// shown is the truth of a photo of s: every pixel of its native scalp.
func shown(s headframe.Surface, cam headframe.Camera) *truth.View {
	v := &truth.View{Width: width, Height: height, Camera: cam, Landmarks: map[string]truth.Landmark{}}
	k := &truth.Skin{Box: image.Rect(0, 0, width, height)}
	nan := headframe.Vec{math.NaN(), math.NaN(), math.NaN()}
	for y := range height {
		for x := range width {
			p, ok := s.Intersect(cam.Eye(), cam.Ray(float64(x), float64(y)))
			d, _ := s.NativeDistance(p)
			n := s.Normal(s.Direction(p))
			if !ok || d < 0 {
				p, n = nan, nan
			}
			k.P, k.N = append(k.P, p), append(k.N, n)
		}
	}
	v.Skin = k
	for _, name := range []string{headframe.Glabella, headframe.VertexPoint} {
		p := s.Landmark(name)
		x, y, _ := cam.Project(p)
		v.Landmarks[name] = truth.Landmark{MM: p, PX: [2]float64{x, y}, Visible: true}
	}
	for _, a := range s.ZoneAreas() {
		v.ScalpCM2 += a
	}
	return v
}

// perfect is a case of which everything is found.
func perfect(s headframe.Surface) score.Case {
	c := score.Case{Surface: s}
	for name, at := range map[string][2]float64{"front": {0, 30}, "left": {70, 20}, "top": {0, 75}} {
		cam := around(s, at[0], at[1])
		c.Photos = append(c.Photos, score.Photo{Name: name, Used: true, Camera: cam, Truth: shown(s, cam)})
	}
	return c
}

func measure(t interface{ Fatal(...any) }, c score.Case) *score.Report {
	r, err := score.Measure(c)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func ExampleMeasure() {
	s := headframe.Mean()
	cam := headtest.Around(s, 0, 30, 600, 3, 90, 120)
	r, err := score.Measure(score.Case{Surface: s, Photos: []score.Photo{
		{Name: "front", Used: true, Camera: cam, Truth: &truth.View{Width: 90, Height: 120, Camera: cam}},
	}})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(r.Views[0].Name, r.Views[0].TurnedDeg, r.Surface == nil)
	// Output: front 0 true
}

func TestPerfect(t *testing.T) {
	t.Parallel()
	r := measure(t, perfect(headframe.Mean()))
	s := r.Surface
	if s.AsIs.P95 > 0.01 || s.Aligned.P95 > 0.01 || s.Normal.P95 > 0.1 || math.Abs(s.Size) > 1e-4 || s.MovedMM > 0.05 || s.Points < 500 {
		t.Errorf("surface %+v", s)
	}
	if a := r.Area; math.Abs(a.Seen) > 1e-6 || math.Abs(a.Scalp) > 1e-6 || a.BaldCM2 != 0 {
		t.Errorf("area %+v", a)
	}
	if c := r.Carried; c.Marks < 200 || c.P95 > 0.01 || c.Lost != 0 || len(c.Pairs) != 6 {
		t.Errorf("carried %+v", c)
	}
	for _, v := range r.Views {
		if v.TurnedDeg > 1e-3 || math.Abs(v.Distance) > 1e-9 || v.Landmark.P95 > 1e-6 || math.Abs(*v.Seen) > 1e-6 {
			t.Errorf("view %+v", v)
		}
	}
	if text := r.Text(); !strings.Contains(text, "0.0 / 0.0 mm as it is") || !strings.Contains(text, "front") {
		t.Error(text)
	}
}

// TestLarger wants a plan that takes the head, and all with it, for larger than it
// is to say so and by how much: nothing in a photo changes.
func TestLarger(t *testing.T) {
	t.Parallel()
	const k = 1.06
	c := perfect(headframe.Mean())
	c.Surface, _ = headframe.NewSurface([]float64{k})
	for i := range c.Photos {
		c.Photos[i].Camera.T = c.Photos[i].Camera.T.Mul(k)
	}
	r := measure(t, c)
	if s := r.Surface; math.Abs(s.Size-(k-1)) > 1e-3 || s.AsIs.Median < 4 || s.Aligned.Median < 0.5 || s.Shape.P95 > 0.02 {
		t.Errorf("surface %+v", s)
	}
	if math.Abs(r.Area.Seen-(k*k-1)) > 1e-3 || math.Abs(r.Area.Scalp-(k*k-1)) > 5e-3 {
		t.Errorf("area %+v", r.Area)
	}
	if r.Carried.P95 > 0.01 || math.Abs(r.Views[0].Distance-(k-1)) > 1e-6 || r.Views[0].TurnedDeg > 1e-3 {
		t.Errorf("carried %+v, view %+v", r.Carried, r.Views[0])
	}
}

// TestMoved wants the distance between two frames told apart from that between two
// heads: whatever the frame of the truth, a perfect head lies on it once aligned, and
// how far it was moved and turned is what it was.
func TestMoved(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	base := perfect(s)
	rapid.Check(t, func(t *rapid.T) {
		small := func(name string, most float64) headframe.Vec {
			g := rapid.Float64Range(-most, most)
			return headframe.Vec{g.Draw(t, name+"x"), g.Draw(t, name+"y"), g.Draw(t, name+"z")}
		}
		turn, shift := small("turn", 0.06), small("shift", 6)
		frame := headframe.Camera{R: [9]float64{0: 1, 4: 1, 8: 1}}.Moved(turn, shift, 0)
		c := base
		c.Photos = nil
		for _, p := range base.Photos {
			known := *p.Truth
			known.Skin = &truth.Skin{Box: p.Truth.Skin.Box}
			for i, q := range p.Truth.Skin.P {
				if i%9 != 0 { // enough to lie by
					q = headframe.Vec{math.NaN()}
				}
				n := p.Truth.Skin.N[i]
				known.Skin.P = append(known.Skin.P, frame.ToCamera(q))
				known.Skin.N = append(known.Skin.N, frame.ToCamera(n).Sub(shift))
			}
			p.Truth, p.Used = &known, false // its camera is of no interest here
			c.Photos = append(c.Photos, p)
		}
		got := measure(t, c).Surface
		want := s.Centre().Sub(frame.ToCamera(s.Centre())).Norm()
		if got.Aligned.P95 > 0.05 || got.Normal.P95 > 0.5 || math.Abs(got.TurnedDeg-turn.Norm()*180/math.Pi) > 0.3 || math.Abs(got.MovedMM-want) > 0.06*want+0.3 {
			t.Fatalf("turned by %v, moved by %v (%.2f mm at the middle): %+v", turn, shift, want, got)
		}
	})
}

// TestTurned wants a camera that is turned to be found, and marks that are carried
// into its photo to be as far off as that moves the skin.
func TestTurned(t *testing.T) {
	t.Parallel()
	const turn = 0.05
	c := perfect(headframe.Mean())
	for i := range c.Photos {
		if c.Photos[i].Name == "top" {
			c.Photos[i].Camera = c.Photos[i].Camera.Moved(headframe.Vec{0, 0, turn}, headframe.Vec{}, 0)
		}
	}
	r := measure(t, c)
	for _, v := range r.Views {
		want := 0.0
		if v.Name == "top" {
			want = turn * 180 / math.Pi
		}
		if math.Abs(v.TurnedDeg-want) > 1e-3 {
			t.Errorf("%s: turned by %.3f°, want %.3f°", v.Name, v.TurnedDeg, want)
		}
	}
	for _, p := range r.Carried.Pairs {
		still := p.From != "top" && p.To != "top"
		if most := turn * 110; still && p.P95 > 0.01 || !still && (p.Median < turn*20 || p.P95 > 2*most) {
			t.Errorf("%+v", p)
		}
	}
}

// TestMissing wants what the truth does not tell to be absent, and a photo that the
// plan does not use to count only as itself.
func TestMissing(t *testing.T) {
	t.Parallel()
	c := perfect(headframe.Mean())
	for i := range c.Photos {
		c.Photos[i].Used = c.Photos[i].Name == "top"
	}
	if r := measure(t, c); r.Carried != nil || r.Surface == nil || len(r.Views) != 3 || r.Area == nil {
		t.Errorf("one photo used: %+v", r)
	}
	for i := range c.Photos {
		c.Photos[i].Truth.Skin = nil
	}
	if r := measure(t, c); r.Surface != nil || r.Area != nil || r.Views[0].Seen != nil || strings.Contains(r.Text(), "NaN") {
		t.Errorf("no geometry: %+v", r)
	}
	if _, err := score.Measure(score.Case{Surface: headframe.Mean()}); err == nil {
		t.Error("no photo: no error")
	}
}

// TestScale wants a survey's scale compared with that at the hairline.
func TestScale(t *testing.T) {
	t.Parallel()
	c := perfect(headframe.Mean())
	for i := range c.Photos {
		c.Photos[i].Truth.Hairline = &truth.Scale{MMPerPx: 2}
		c.Photos[i].Scale = survey.Scale{MMPerPx: 2.2, Sigma: 0.11, Source: "head"}
	}
	for _, v := range measure(t, c).Views {
		if v.Scale == nil || math.Abs(v.Scale.Error-0.1) > 1e-9 || math.Abs(v.Scale.Sigma-0.05) > 1e-9 {
			t.Errorf("%+v", v.Scale)
		}
	}
}

// TestBald wants the area of a bald place to be measured within its border.
func TestBald(t *testing.T) {
	t.Parallel()
	c := perfect(headframe.Mean())
	for i := range c.Photos {
		c.Photos[i].Truth.Bald = []truth.Area{{PX: [][2]float64{{40, 40}, {52, 40}, {52, 52}, {40, 52}}}}
	}
	a := measure(t, c).Area
	if math.Abs(a.Bald) > 1e-6 || a.BaldCM2 < 25 || a.BaldCM2 > 120 { // three squares of 36 mm, one of them oblique
		t.Errorf("%+v", a)
	}
}
