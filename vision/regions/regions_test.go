package regions_test

import (
	"image"
	"math"
	"testing"

	"pointille/internal/raster"
	"pointille/vision/net"
	"pointille/vision/regions"
	"pointille/vision/survey"
)

const w, h, cell = 480, 640, 20

// disc is a bald head: a circle in photo pixels.
type disc struct{ x, y, r float64 }

func (d disc) gap(x, y float64) float64 { return math.Hypot(x-d.x, y-d.y) - d.r }

// photo shows discs on a wall, with soft shade over both.
func photo(discs ...disc) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for i := range w * h {
		x, y := float64(i%w), float64(i/w)
		c := [3]float64{70, 80, 95}
		for _, d := range discs {
			t := min(1, max(0, 0.5-d.gap(x, y)/2))
			for k, v := range [3]float64{205, 160, 140} {
				c[k] += t * (v - c[k])
			}
		}
		shade := 0.85 + 0.15*x/w
		copy(img.Pix[4*i:], []byte{uint8(c[0] * shade), uint8(c[1] * shade), uint8(c[2] * shade), 255})
	}
	return img
}

// coarse is a network's answer: discs of scalp, with borders too soft and
// moved by off pixels.
func coarse(off float64, discs ...disc) *net.Prediction {
	const gw, gh = w / cell, h / cell
	p := &net.Prediction{PhotoW: w, PhotoH: h, Crop: image.Rect(0, 0, w, h), Hair: raster.NewPlane(gw, gh), Density: raster.NewPlane(gw, gh), Grown: raster.NewPlane(gw, gh)}
	for c := range p.Class {
		p.Class[c] = raster.NewPlane(gw, gh)
	}
	for c := range p.Pos {
		p.Pos[c] = raster.NewPlane(gw, gh)
	}
	for i := range gw * gh {
		x, y := p.ToPhoto(float64(i%gw), float64(i/gw))
		in := 0.0
		for _, d := range discs {
			in = max(in, 1/(1+math.Exp((d.gap(x, y)-off)/(cell/2.0))))
		}
		p.Class[survey.Scalp].Pix[i], p.Class[survey.Background].Pix[i] = float32(in), float32(1-in)
		p.Hair.Pix[i], p.Density.Pix[i] = float32(0.4*in), float32(100*in)
		p.Grown.Pix[i] = float32(0.7 * in)
	}
	return p
}

func refine(t *testing.T, img *image.NRGBA, p *net.Prediction) *regions.Maps {
	t.Helper()
	small, err := regions.Shrink(img)
	if err != nil {
		t.Fatal(err)
	}
	m, err := regions.Refine(small, p)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestBordersFollowThePicture wants borders moved and blurred by half a cell
// to come back to the picture's.
func TestBordersFollowThePicture(t *testing.T) {
	head := disc{240, 300, 170}
	for _, off := range []float64{-8, 0, 8} {
		m := refine(t, photo(head), coarse(off, head))
		wrong := 0
		for i, c := range m.Regions.Pix {
			gap := head.gap(float64(i%w), float64(i/w))
			if math.Abs(gap) > 4 && (c == survey.Scalp) != (gap < 0) {
				wrong++
			}
		}
		// A ring one pixel wide has about 1070 pixels.
		if wrong > 150 {
			t.Errorf("moved by %g px: %d pixels are wrong beyond 4 px of the border", off, wrong)
		}
	}
}

// TestMapsAgree wants hair and density in their ranges, and density on scalp only.
func TestMapsAgree(t *testing.T) {
	head := disc{240, 300, 170}
	m := refine(t, photo(head), coarse(0, head))
	for i, c := range m.Regions.Pix {
		if v := m.Hair.Pix[i]; !(v >= 0 && v <= 1) {
			t.Fatalf("hair %g at %d", v, i)
		}
		if v := m.Density.Pix[i]; !(v >= 0) || v > 0 && c != survey.Scalp {
			t.Fatalf("density %g on class %d at %d", v, c, i)
		}
	}
	if v := m.Density.At(240, 300); math.Abs(float64(v)-100) > 2 {
		t.Errorf("density %g in the middle of the head", v)
	}
	if m.Heads != 1 || m.Scale != 1 {
		t.Errorf("%d heads, scale %g", m.Heads, m.Scale)
	}
	if want := image.Rect(70, 130, 411, 471); m.Head.Min.Sub(want.Min) != (image.Point{}) && !m.Head.Inset(-4).In(want.Inset(-9)) {
		t.Errorf("head at %v, want about %v", m.Head, want)
	}
}

func TestOneHeadIsKept(t *testing.T) {
	large, small, speck := disc{170, 320, 140}, disc{400, 200, 75}, disc{60, 60, 26}
	m := refine(t, photo(large, small, speck), coarse(0, large, small, speck))
	if m.Heads != 2 {
		t.Errorf("%d heads, want 2: the speck is none", m.Heads)
	}
	at := func(d disc) uint8 { return m.Regions.GrayAt(int(d.x), int(d.y)).Y }
	if at(large) != survey.Scalp || at(small) != survey.Background || at(speck) != survey.Background || m.Hair.At(400, 200) != 0 {
		t.Errorf("classes %d, %d, %d; hair %g on the smaller head", at(large), at(small), at(speck), m.Hair.At(400, 200))
	}
}

func TestNoHead(t *testing.T) {
	m := refine(t, photo(), coarse(0))
	for _, c := range m.Regions.Pix {
		if c != survey.Background {
			t.Fatalf("class %d in an empty picture", c)
		}
	}
	if line, hairy := m.Outline(); m.Heads != 0 || len(line) != 0 || len(hairy) != 0 {
		t.Errorf("%d heads, outline of %d points", m.Heads, len(line))
	}
}

// TestLargePhoto wants the maps of a photo above the working size to lie on the
// photo: same place, same values, and an outline in photo pixels.
func TestLargePhoto(t *testing.T) {
	const k = 3
	head := disc{240, 300, 170}
	img := image.NewNRGBA(image.Rect(0, 0, k*w, k*h))
	for i := range k * w * k * h {
		copy(img.Pix[4*i:4*i+4], photoAt(i%(k*w)/k, i/(k*w)/k, head))
	}
	p := coarse(0, head)
	p.PhotoW, p.PhotoH, p.Crop = k*w, k*h, img.Rect
	m := refine(t, img, p)
	if long := max(m.Small.Rect.Dx(), m.Small.Rect.Dy()); long > regions.WorkingSide {
		t.Errorf("maps of %d px, at most %d", long, regions.WorkingSide)
	}
	line, hairy := m.Outline()
	if len(hairy) != len(line) {
		t.Fatalf("%d coverages for %d points", len(hairy), len(line))
	}
	for _, q := range line {
		if gap := head.gap((q[0]+0.5)/k-0.5, (q[1]+0.5)/k-0.5); math.Abs(gap) > 6 {
			t.Fatalf("the outline runs %.1f px from the head's border at %v", gap*k, q)
		}
	}
	hair, density, classes := m.AtPhotoSize(k*w, k*h)
	for _, r := range []image.Rectangle{hair.Rect, density.Rect, classes.Rect} {
		if r != img.Rect {
			t.Errorf("map of %v, photo of %v", r, img.Rect)
		}
	}
	for y := 7; y < k*h; y += 41 {
		for x := 5; x < k*w; x += 37 {
			u, v := min(m.Regions.Rect.Dx()-1, int((float64(x)+0.5)/m.Scale)), min(m.Regions.Rect.Dy()-1, int((float64(y)+0.5)/m.Scale))
			if classes.GrayAt(x, y) != m.Regions.GrayAt(u, v) {
				t.Fatalf("class %d at %d,%d, the map says %d", classes.GrayAt(x, y).Y, x, y, m.Regions.GrayAt(u, v).Y)
			}
			if d := float64(density.Gray16At(x, y).Y) - 100*float64(m.Density.At(u, v)); math.Abs(d) > 1 {
				t.Fatalf("density off by %g hundredths at %d,%d", d, x, y)
			}
			if d := float64(hair.GrayAt(x, y).Y) - 255*float64(m.Hair.At(u, v)); math.Abs(d) > 1 {
				t.Fatalf("coverage off by %g levels at %d,%d", d, x, y)
			}
		}
	}
}

// photoAt is a pixel of a bald head on a wall.
func photoAt(x, y int, head disc) []byte {
	if head.gap(float64(x), float64(y)) < 0 {
		return []byte{205, 160, 140, 255}
	}
	return []byte{70, 80, 95, 255}
}

// TestNeck wants skin that lies below the jaw to be written as no part of the
// head, and only that: a disc of face whose lower third is neck.
func TestNeck(t *testing.T) {
	head := disc{240, 300, 170}
	p := coarse(0, head)
	p.Class[survey.Scalp], p.Class[survey.Skin] = p.Class[survey.Skin], p.Class[survey.Scalp]
	jaw := 360.0
	for i := range p.Pos[1].Pix {
		_, y := p.ToPhoto(float64(i%p.Pos[1].W), float64(i/p.Pos[1].W))
		p.Pos[1].Pix[i] = float32(-30 + (jaw - y)) // a millimetre a pixel; the jaw under the tragi
	}
	m := refine(t, photo(head), p)
	_, _, written := m.AtPhotoSize(w, h)
	for y := 140; y < 460; y += 5 {
		got, kept := written.GrayAt(240, y).Y, m.Regions.GrayAt(240, y).Y
		want := survey.Skin
		if float64(y) > jaw {
			want = survey.Clothes
		}
		if math.Abs(float64(y)-jaw) > 2 && (got != want || kept != survey.Skin) {
			t.Errorf("row %d: written as class %d, measured as %d", y, got, kept)
		}
	}
}
