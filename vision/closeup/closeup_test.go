package closeup_test

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"

	"pointille/vision/closeup"
	"pointille/vision/closeup/stubbletest"
	"pointille/vision/survey"
)

func measure(tb testing.TB, img *image.NRGBA, perMM float64) *survey.Survey {
	tb.Helper()
	doc := new(survey.Survey)
	if err := closeup.Measure(img, 1/perMM, doc); err != nil {
		tb.Fatal(err)
	}
	return doc
}

func count(tb testing.TB, img *image.NRGBA, perMM float64) *survey.Count {
	tb.Helper()
	doc := measure(tb, img, perMM)
	if doc.Count == nil {
		tb.Fatalf("nothing counted: %+v", doc.Warnings)
	}
	return doc.Count
}

// rooted are the roots of a scene inside a frame.
func rooted(s stubbletest.Scene, frame [][2]float64) [][2]float64 {
	var in [][2]float64
	for _, h := range s.Hairs {
		if h.Root[0] >= frame[0][0] && h.Root[1] >= frame[0][1] && h.Root[0] <= frame[1][0] && h.Root[1] <= frame[1][1] {
			in = append(in, h.Root)
		}
	}
	return in
}

// agree is the share of points that have a partner of their own within reach
// in the other set: the F1 score.
func agree(a, b [][2]float64, reach float64) float64 {
	used, n := make([]bool, len(b)), 0
	for _, p := range a {
		best, at := reach, -1
		for j, q := range b {
			if d := math.Hypot(p[0]-q[0], p[1]-q[1]); !used[j] && d <= best {
				best, at = d, j
			}
		}
		if at >= 0 {
			used[at] = true
			n++
		}
	}
	return 2 * float64(n) / float64(max(1, len(a)+len(b)))
}

func ExampleMeasure() {
	photo := stubbletest.Field(400, 300, 40, 60, 5).Draw() // 10 x 7.5 mm of shaved skin, 40 pixels to the mm
	var doc survey.Survey
	if err := closeup.Measure(photo, 1.0/40, &doc); err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(doc.Count.Units > 25, doc.Count.Hairs > doc.Count.Units, doc.Count.AreaMM2)
	// Output: true true 66.5
}

// Stumps drawn side by side, cut straight: cruder than any the network learned
// from, so it may be off by more than on photos.
func TestCountsDrawnFields(t *testing.T) {
	for i, perCM2 := range []float64{20, 50, 80} {
		s := stubbletest.Field(640, 480, 40, perCM2, uint64(i))
		c := count(t, s.Draw(), 40)
		want := rooted(s, c.Frame)
		if d := math.Abs(float64(c.Hairs-len(want))) / float64(len(want)); d > 0.2 {
			t.Errorf("%.0f units/cm²: %d hairs, want %d", perCM2, c.Hairs, len(want))
		}
		if f := agree(want, c.Points, 0.2*40); f < 0.85 {
			t.Errorf("%.0f units/cm²: F1 of the roots is %.2f", perCM2, f)
		}
	}
}

func TestShaftsOfDrawnFields(t *testing.T) {
	s := stubbletest.Field(640, 480, 40, 40, 9)
	c := count(t, s.Draw(), 40)
	var width, length, turn []float64
	for i, p := range c.Points {
		h := nearest(s.Hairs, p)
		f := c.Shafts[i]
		if f.Direction == nil || f.Cut || math.Hypot(h.Root[0]-p[0], h.Root[1]-p[1]) > 4 {
			continue
		}
		length = append(length, math.Abs(f.LengthMM-h.Length))
		turn = append(turn, math.Abs(math.Remainder(*f.Direction-h.Angle*180/math.Pi, 360)))
		if f.WidthMM > 0 {
			width = append(width, math.Abs(f.WidthMM-h.Width))
		}
	}
	if len(turn) < len(c.Points)/2 {
		t.Fatalf("only %d of %d hairs were followed", len(turn), len(c.Points))
	}
	for _, x := range []struct {
		name  string
		v     []float64
		limit float64
	}{{"length, mm", length, 0.12}, {"width, mm", width, 0.012}, {"direction, degrees", turn, 6}} {
		slices.Sort(x.v)
		if m := x.v[len(x.v)/2]; m > x.limit {
			t.Errorf("%s: median error %.3f, want at most %.3f", x.name, m, x.limit)
		}
	}
}

func nearest(hairs []stubbletest.Hair, p [2]float64) stubbletest.Hair {
	return slices.MinFunc(hairs, func(a, b stubbletest.Hair) int {
		d := math.Hypot(a.Root[0]-p[0], a.Root[1]-p[1]) - math.Hypot(b.Root[0]-p[0], b.Root[1]-p[1])
		return int(math.Copysign(1, d))
	})
}

// A unit counts whole, by its middle, wherever the frame cuts it.
func TestOnlyWholeUnits(t *testing.T) {
	c := count(t, stubbletest.Field(500, 400, 40, 100, 3).Draw(), 40)
	sum, n := make([][2]float64, c.Units), make([]float64, c.Units)
	for i, p := range c.Points {
		u := c.Shafts[i].Unit
		sum[u][0], sum[u][1], n[u] = sum[u][0]+p[0], sum[u][1]+p[1], n[u]+1
	}
	for u := range sum {
		x, y := sum[u][0]/n[u], sum[u][1]/n[u]
		if n[u] == 0 || x < c.Frame[0][0] || y < c.Frame[0][1] || x > c.Frame[1][0] || y > c.Frame[1][1] {
			t.Errorf("unit %d of %.0f hairs has its middle at %.1f, %.1f, outside the frame %v", u, n[u], x, y, c.Frame)
		}
	}
	sizes := 0
	for i, k := range c.UnitSizes {
		sizes += (i + 1) * k
	}
	if sizes != c.Hairs {
		t.Errorf("units of %v hold %d hairs, not %d", c.UnitSizes, sizes, c.Hairs)
	}
}

// Where the tiles of a large picture meet nothing shows: cut from the left, the
// rest of the picture is answered as before.
func TestNoSeams(t *testing.T) {
	const perMM, cut = 30, 304
	whole := stubbletest.Field(1900, 200, perMM, 90, 21).Draw()
	part := image.NewNRGBA(image.Rect(0, 0, 1900-cut, 200))
	draw.Draw(part, part.Rect, whole, image.Pt(cut, 0), draw.Src)
	far := func(x float64) bool { return x > cut+4*perMM && x < 1900-perMM }
	var a, b [][2]float64
	for _, p := range count(t, whole, perMM).Points {
		if far(p[0]) {
			a = append(a, p)
		}
	}
	for _, p := range count(t, part, perMM).Points {
		if p[0] += cut; far(p[0]) {
			b = append(b, p)
		}
	}
	if d := math.Abs(float64(len(a) - len(b))); d > 0.02*float64(len(a)) {
		t.Errorf("%d roots in the whole picture, %d in its right part", len(a), len(b))
	}
	if f := agree(a, b, 1); f < 0.98 {
		t.Errorf("only %.3f of the roots stayed where they were", f)
	}
}

// An instrument's writing is no hair, and the skin it hides was not looked at.
func TestBurnedIn(t *testing.T) {
	const perMM = 48
	s := stubbletest.Field(640, 480, perMM, 50, 8)
	bare := count(t, s.Draw(), perMM)
	img := s.Draw()
	box := image.Rect(380, 60, 600, 150)
	burn(img, box)
	c := count(t, img, perMM)
	inside := func(p [2]float64) bool {
		return image.Pt(int(p[0]), int(p[1])).In(box.Inset(4)) || p[1] < 26
	}
	var open [][2]float64
	for _, p := range bare.Points {
		if !inside(p) {
			open = append(open, p)
		}
	}
	for _, p := range c.Points {
		if inside(p) {
			t.Errorf("a root at %.0f, %.0f in the writing", p[0], p[1])
		}
	}
	if f := agree(open, c.Points, 0.1*perMM); f < 0.93 {
		t.Errorf("writing beside it changed the count: F1 %.2f, %d roots, want %d", f, c.Hairs, len(open))
	}
	hidden := float64(box.Dx()*box.Dy()+26*640) / perMM / perMM
	if lost := bare.AreaMM2 - c.AreaMM2; lost < 0.5*hidden || lost > 1.3*hidden {
		t.Errorf("the area fell by %.1f mm², the writing hides %.1f", lost, hidden)
	}
}

// burn writes a header, a text box, a measuring circle and a scale bar.
func burn(img *image.NRGBA, box image.Rectangle) {
	fill := func(r image.Rectangle, c color.NRGBA) {
		draw.Draw(img, r, image.NewUniform(c), image.Point{}, draw.Src)
	}
	write := func(x, y int, s string, c color.NRGBA) {
		(&font.Drawer{Dst: img, Src: image.NewUniform(c), Face: basicfont.Face7x13, Dot: fixed.P(x, y)}).DrawString(s)
	}
	dark, white, red := color.NRGBA{40, 40, 40, 255}, color.NRGBA{255, 255, 255, 255}, color.NRGBA{230, 30, 30, 255}
	fill(image.Rect(0, 0, 640, 26), dark)
	write(8, 18, "A711  1280x1024  2024/03/17 09:05:22  unit: mm  70x", white)
	fill(box, color.NRGBA{200, 200, 205, 255})
	for i, line := range []string{"RC0", "C=15.848 mm", "A=19.988 mm^2", "r=2.522 mm"} {
		write(box.Min.X+8, box.Min.Y+20+20*i, line, color.NRGBA{0, 0, 200, 255})
	}
	for a := 0.0; a < 2*math.Pi; a += 0.002 {
		img.SetNRGBA(int(250+200*math.Cos(a)), int(270+200*math.Sin(a)), red)
	}
	fill(image.Rect(40, 440, 40+48, 441), dark)
	fill(image.Rect(40, 440-48, 41, 440), dark)
}

func TestRefusesLongHair(t *testing.T) {
	s := stubbletest.Field(640, 480, 30, 80, 2)
	rng := rand.New(rand.NewPCG(1, 1))
	for i := range s.Hairs {
		s.Hairs[i].Length = 15 + 10*rng.Float64()
		s.Hairs[i].Angle += 0.3 * rng.NormFloat64()
	}
	doc := measure(t, s.Draw(), 30)
	if doc.Count != nil || !warned(doc, "long") {
		t.Errorf("long hair was counted: %+v, warnings %v", doc.Count, doc.Warnings)
	}
}

func TestResolution(t *testing.T) {
	for _, c := range []struct {
		perMM  float64
		counts bool
		warns  bool
	}{{8, false, true}, {11.9, false, true}, {12.5, true, true}, {23, true, true}, {24.5, true, false}, {60, true, false}} {
		doc := measure(t, stubbletest.Field(int(8*c.perMM), int(6*c.perMM), c.perMM, 60, 4).Draw(), c.perMM)
		if (doc.Count != nil) != c.counts || warned(doc, "coarse") != c.warns {
			t.Errorf("%.1f px/mm: counted %v, warnings %v", c.perMM, doc.Count != nil, doc.Warnings)
		}
	}
}

func TestRefusals(t *testing.T) {
	img := stubbletest.Field(300, 200, 40, 60, 4).Draw()
	for name, c := range map[string]struct {
		img     *image.NRGBA
		mmPerPx float64
		code    string
	}{
		"no scale":     {img, 0, "unscaled"},
		"scale is NaN": {img, math.NaN(), "unscaled"},
		"negative":     {img, -1, "unscaled"},
		"infinite":     {img, math.Inf(1), "unscaled"},
		"too small":    {image.NewNRGBA(image.Rect(0, 0, 30, 30)), 1.0 / 40, "small"},
	} {
		doc := new(survey.Survey)
		if err := closeup.Measure(c.img, c.mmPerPx, doc); err != nil || doc.Count != nil || !warned(doc, c.code) {
			t.Errorf("%s: error %v, count %v, warnings %v", name, err, doc.Count, doc.Warnings)
		}
	}
}

// Pictures without hair have next to none.
func TestNoHair(t *testing.T) {
	skin := stubbletest.Scene{W: 500, H: 400, PerMM: 40, Skin: [3]float64{190, 150, 130}, Noise: 3}.Draw()
	black := image.NewNRGBA(image.Rect(0, 0, 500, 400))
	noise := image.NewNRGBA(image.Rect(0, 0, 500, 400))
	rng := rand.New(rand.NewPCG(3, 3))
	for i := range noise.Pix {
		noise.Pix[i] = uint8(rng.IntN(256))
	}
	for name, img := range map[string]*image.NRGBA{"bare skin": skin, "black": black, "noise": noise} {
		doc := measure(t, img, 40)
		if doc.Count != nil && doc.Count.PerCM2 > 6 {
			t.Errorf("%s: %.1f hairs/cm²", name, doc.Count.PerCM2)
		}
	}
}

func warned(doc *survey.Survey, code string) bool {
	return slices.ContainsFunc(doc.Warnings, func(w survey.Warning) bool { return w.Code == code })
}
