package overlay_test

import (
	"flag"
	"image"
	"image/color"
	"image/png"
	"os"
	"testing"

	"pointille/internal/headframe"
	"pointille/vision/headmap"
	"pointille/vision/overlay"
	"pointille/vision/survey"
	"pointille/vision/visiontest"
)

var update = flag.Bool("update", false, "write the golden picture anew")

// drawn is a grey head on a wall with everything that an overlay shows.
func drawn() overlay.Input {
	cam, s, scalp := visiontest.Front(), headframe.Mean(), visiontest.Scalp()
	photo := image.NewNRGBA(image.Rect(0, 0, visiontest.Width, visiontest.Height))
	regions := image.NewGray(photo.Rect)
	density := image.NewGray16(photo.Rect)
	class := visiontest.Seen(cam, 0, func(p headframe.Vec) float32 {
		if scalp(p) {
			return float32(survey.Scalp)
		}
		return float32(survey.Skin)
	})
	for i, c := range class.Pix {
		regions.Pix[i] = uint8(c)
		v := uint8(70 + 40*c)
		copy(photo.Pix[4*i:], []byte{v, v, v, 255})
		if uint8(c) == survey.Scalp {
			perCM2 := 180 * float64(i%visiontest.Width) / visiontest.Width
			density.SetGray16(i%visiontest.Width, i/visiontest.Width, color.Gray16{Y: uint16(100 * perCM2)})
		}
	}
	cells := headmap.New(cam, s, visiontest.Width, visiontest.Height, 3)
	return overlay.Input{
		Photo: photo, Survey: document(cam, s), Regions: regions, Density: density,
		Zones: cells, ZoneOf: func(k int) string { return s.Zone(cells.P[k]) },
	}
}

func document(cam headframe.Camera, s headframe.Surface) *survey.Survey {
	face := headframe.NewFace(s)
	var line [][2]float64
	for psi := -1.2; psi <= 1.2; psi += 0.1 {
		x, y, _ := cam.Project(face.Point(psi, 0.8))
		line = append(line, [2]float64{x, y})
	}
	return &survey.Survey{
		Photo: survey.Photo{Name: "front.jpg"}, View: survey.View{Name: survey.Front},
		Scale:    survey.Scale{MMPerPx: 1, Sigma: 0.04, At: line[12], Source: "card"},
		Hairline: []survey.Hairline{{Points: line[:14], Confidence: 0.9, Kind: "front"}, {Points: line[15:], Confidence: 0.3, Kind: "front"}},
		Bald:     []survey.BaldArea{{Polygon: [][2]float64{{130, 130}, {170, 130}, {175, 150}, {125, 150}}, AreaCM2: 14, SigmaCM2: 3}},
		Zones:    []survey.Zone{{Name: headframe.Frontal, HairsPerCM2: 62, Sigma: 18, Visible: 0.9}, {Name: headframe.MidScalp, HairsPerCM2: 130, Sigma: 33, Visible: 0.5}},
		Skin:     &survey.SkinTone{Lab: [3]float64{62, 12, 17}, ITA: 35}, Hair: &survey.HairTone{Lab: [3]float64{24, 5, 8}, Name: "brown"},
		Stage:    survey.Stage{Scale: "norwood", Value: "3", Confidence: 0.62},
		Warnings: []survey.Warning{{Code: "blurred", Message: "The photo is blurred: hold the phone still, tap the scalp to focus, and take it again, in a room with more light than this one."}},
	}
}

func TestGolden(t *testing.T) {
	img, err := overlay.Draw(drawn())
	if err != nil {
		t.Fatal(err)
	}
	const path = "testdata/front.png"
	if *update {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, img); err != nil {
			t.Fatal(err)
		}
		return
	}
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	want, err := png.Decode(f)
	if err != nil {
		t.Fatal(err)
	}
	if want.Bounds() != img.Bounds() {
		t.Fatalf("the drawing is %v, want %v", img.Bounds(), want.Bounds())
	}
	bad := 0
	for y := range img.Bounds().Dy() {
		for x := range img.Bounds().Dx() {
			if apart(img.At(x, y), want.At(x, y)) > 3 {
				bad++
			}
		}
	}
	// The last digit of floating point moves a few pixels of text and lines.
	if bad > img.Bounds().Dx()*img.Bounds().Dy()/500 {
		t.Errorf("%d pixels differ by more than 3 levels; look at the drawing, then -update", bad)
	}
}

func apart(a, b color.Color) int {
	p, q := color.NRGBAModel.Convert(a).(color.NRGBA), color.NRGBAModel.Convert(b).(color.NRGBA)
	d := func(x, y uint8) int { return max(int(x)-int(y), int(y)-int(x)) }
	return max(d(p.R, q.R), d(p.G, q.G), d(p.B, q.B))
}

// TestPlaces wants the hairline drawn where it is, in its colour, and nothing
// drawn on the wall.
func TestPlaces(t *testing.T) {
	in := drawn()
	img, err := overlay.Draw(in)
	if err != nil {
		t.Fatal(err)
	}
	for _, q := range in.Survey.Hairline[0].Points {
		c := color.NRGBAModel.Convert(img.At(int(q[0]+0.5), int(q[1]+0.5))).(color.NRGBA)
		if c.R < 200 || c.G < 180 || c.B > 120 {
			t.Errorf("%v is %v, not of the line's yellow", q, c)
		}
	}
	for y := range 60 {
		for x := range visiontest.Width {
			if apart(img.At(x, y), in.Photo.At(x, y)) > 0 {
				t.Fatalf("the wall is drawn on at %d,%d", x, y)
			}
		}
	}
}

// TestBare draws surveys that hold next to nothing.
func TestBare(t *testing.T) {
	photo := image.NewNRGBA(image.Rect(0, 0, 40, 30))
	for name, s := range map[string]*survey.Survey{
		"empty":    {Stage: survey.Stage{Scale: "none"}, Scale: survey.Scale{Source: "none"}},
		"close-up": {Stage: survey.Stage{Scale: "none"}, Scale: survey.Scale{Source: "given", MMPerPx: 0.02}, Count: &survey.Count{Hairs: 2, Units: 1, Points: [][2]float64{{3, 4}, {39, 29}}, AreaMM2: 1}},
	} {
		img, err := overlay.Draw(overlay.Input{Photo: photo, Survey: s})
		if err != nil || img.Bounds().Dx() != 40 || img.Bounds().Dy() <= 30 {
			t.Errorf("%s: %v, %v", name, img, err)
		}
	}
}

// TestLarge wants a large photo's drawing reduced to a readable size.
func TestLarge(t *testing.T) {
	img, err := overlay.Draw(overlay.Input{Photo: image.NewNRGBA(image.Rect(0, 0, 3000, 2000)), Survey: &survey.Survey{Stage: survey.Stage{Scale: "none"}}})
	if err != nil || img.Bounds().Dx() != 1400 {
		t.Errorf("%v, %v", img.Bounds(), err)
	}
}

// BenchmarkDraw12MP draws over a photo of 12 megapixels that is all scalp.
func BenchmarkDraw12MP(b *testing.B) {
	r := image.Rect(0, 0, 3024, 4032)
	in := overlay.Input{Photo: image.NewNRGBA(r), Regions: image.NewGray(r), Density: image.NewGray16(r), Survey: &survey.Survey{Stage: survey.Stage{Scale: "none"}}}
	for i := range in.Regions.Pix {
		in.Regions.Pix[i] = survey.Scalp
	}
	for b.Loop() {
		if _, err := overlay.Draw(in); err != nil {
			b.Fatal(err)
		}
	}
}
