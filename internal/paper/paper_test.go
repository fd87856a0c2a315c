package paper_test

import (
	"bytes"
	"cmp"
	"fmt"
	"image"
	"math"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"pgregory.net/rapid"

	"pointille/internal/paper"
	"pointille/internal/paper/papertest"
)

func a4(t testing.TB, scale float64) *paper.Doc {
	t.Helper()
	size, err := paper.Named("a4")
	if err != nil {
		t.Fatal(err)
	}
	d, err := paper.New(size, paper.Options{Title: "test", Creator: "Pointille", Scale: scale})
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func finish(t testing.TB, d *paper.Doc) []byte {
	t.Helper()
	b, err := d.Bytes()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func ExampleNew() {
	size, _ := paper.Named("a4")
	d, _ := paper.New(size, paper.Options{Title: "One square", Creator: "example"})
	d.AddPage(false)
	d.Rect(80, 100, 50, 50, paper.Pen{Width: 0.2})
	b, err := d.Bytes()
	fmt.Println(string(b[:8]), err)
	// Output: %PDF-1.7 <nil>
}

func TestNamed(t *testing.T) {
	for _, name := range []string{"a4", "letter"} {
		if s, err := paper.Named(name); err != nil || s.W >= s.H {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	if _, err := paper.Named("a5"); err == nil || !strings.Contains(err.Error(), "a5") {
		t.Errorf("a5: error %v does not name it", err)
	}
}

func TestScaleOutOfRange(t *testing.T) {
	size, _ := paper.Named("a4")
	for _, k := range []float64{-1, 0.89, 1.11, math.NaN(), math.Inf(1)} {
		if _, err := paper.New(size, paper.Options{Scale: k}); err == nil {
			t.Errorf("scale %g was accepted", k)
		}
	}
}

// The printed square must be the wanted size after the printer's own error.
func TestSquareIsTrue(t *testing.T) {
	for _, c := range []struct {
		scale     float64
		landscape bool
	}{{0, false}, {0.95, false}, {1.04, true}} {
		d := a4(t, c.scale)
		d.AddPage(c.landscape)
		w, h := d.Reach(c.landscape)
		d.CheckSquares(paper.Point{X: 20, Y: 20}, "50 mm", paper.Point{X: 100, Y: 20}, "2 in")
		const dpi = 600
		g := papertest.Raster(t, finish(t, d), 1, dpi)
		mm := dpi / 25.4 / cmp.Or(c.scale, 1)
		px := func(x, y float64) image.Point {
			return image.Pt(g.Rect.Dx()/2+int((x-w/2)*mm), g.Rect.Dy()/2+int((y-h/2)*mm))
		}
		for name, got := range map[string]float64{
			"width":  between(g, px(17, 45), image.Pt(1, 0)),
			"height": between(g, px(23, 17), image.Pt(0, 1)),
		} {
			if want := 50 * mm; math.Abs(got-want) > 1 {
				t.Errorf("scale %g landscape %v: %s %.1f px, want %.1f", c.scale, c.landscape, name, got, want)
			}
		}
	}
}

// between returns the distance of the middles of the next two dark runs.
func between(g *image.Gray, p, step image.Point) float64 {
	middle := func() float64 {
		for p.In(g.Rect) && g.GrayAt(p.X, p.Y).Y >= 128 {
			p = p.Add(step)
		}
		from := p
		for p.In(g.Rect) && g.GrayAt(p.X, p.Y).Y < 128 {
			p = p.Add(step)
		}
		return float64(from.X+from.Y+p.X+p.Y) / 2
	}
	a := middle()
	return middle() - a
}

func TestFileIsSound(t *testing.T) {
	d := a4(t, 0)
	l := d.AddLayer("Session 1")
	d.AddPage(false)
	d.Text(20, 20, paper.Style{Size: 10}, "Rēzekne āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ")
	d.InLayer(l, func() { d.Discs([]paper.Point{{X: 100, Y: 100}}, 0.2, 0) })
	b := finish(t, d)
	papertest.Offsets(t, b)
	info := papertest.Info(t, b)
	if info["PDF version"] != "1.7" || info["Pages"] != "1" {
		t.Errorf("pdfinfo: %v", info)
	}
	for _, want := range []string{"/PrintScaling /None", "/Type /OCG"} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("the file lacks %s", want)
		}
	}
	for _, f := range papertest.Fonts(t, b) {
		if !f.Embedded || !f.Subset {
			t.Errorf("font %+v is not an embedded subset", f)
		}
	}
	if text := papertest.Text(t, b, 1); !strings.Contains(text, "Rēzekne āčēģīķļņšūž ĀČĒĢĪĶĻŅŠŪŽ") {
		t.Errorf("the text reads %q", text)
	}
}

func TestFontsKnowLatvian(t *testing.T) {
	for name, ttf := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF} {
		font, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		var buf sfnt.Buffer
		for _, r := range "āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ²·±ΔµÅé" {
			if i, err := font.GlyphIndex(&buf, r); err != nil || i == 0 {
				t.Errorf("%s lacks %c", name, r)
			}
		}
	}
}

func TestUnknownLettersBecomeQuestionMarks(t *testing.T) {
	d := a4(t, 0)
	d.AddPage(false)
	d.Text(20, 20, paper.Style{Size: 10}, "a漢\U0001F600b\nc")
	if text := papertest.Text(t, finish(t, d), 1); !strings.Contains(text, "a??b?c") {
		t.Errorf("the text reads %q", text)
	}
}

func TestWrap(t *testing.T) {
	d := a4(t, 0)
	st := paper.Style{Size: 9}
	rapid.Check(t, func(t *rapid.T) {
		s := strings.Join(rapid.SliceOfN(rapid.StringMatching(`[a-zē]{1,30}`), 0, 40).Draw(t, "words"), " ")
		w := rapid.Float64Range(5, 120).Draw(t, "width")
		lines := d.Wrap(w, st, s)
		for _, line := range lines {
			if d.TextWidth(st, line) > w+1e-6 {
				t.Fatalf("line %q is wider than %g", line, w)
			}
		}
		got := strings.ReplaceAll(strings.Join(lines, ""), " ", "")
		if want := strings.ReplaceAll(s, " ", ""); got != want {
			t.Fatalf("letters changed: %q, want %q", got, want)
		}
	})
}

// Dots read back from the file must be where they were put.
func TestDiscsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		coordinate := rapid.Float64Range(1, 200)
		n := rapid.IntRange(1, 20).Draw(t, "n")
		at := make([]paper.Point, n)
		for i := range at {
			at[i] = paper.Point{X: coordinate.Draw(t, "x"), Y: coordinate.Draw(t, "y")}
		}
		size, _ := paper.Named("a4")
		d, err := paper.New(size, paper.Options{})
		if err != nil {
			t.Fatal(err)
		}
		d.AddPage(false)
		d.Origin(paper.Point{X: coordinate.Draw(t, "ox"), Y: coordinate.Draw(t, "oy")})
		d.Discs(at, 0.13, 0)
		b, err := d.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		strokes := papertest.Strokes(t, papertest.Pages(t, b)[0], size.H)
		if len(strokes) != 1 || !strokes[0].Round || math.Abs(strokes[0].Width-0.13) > 1e-4 {
			t.Fatalf("strokes: %v", strokes)
		}
		for i, l := range strokes[0].Lines {
			if math.Hypot(l[0]-at[i].X, l[1]-at[i].Y) > 0.01 || l[0] != l[2] || l[1] != l[3] {
				t.Fatalf("dot %d at %v, want %v", i, l, at[i])
			}
		}
	})
}

func TestSameBytes(t *testing.T) {
	make := func() []byte {
		d := a4(t, 1.02)
		for range 3 {
			d.AddPage(false)
			d.Text(20, 20, paper.Style{Size: 10, Bold: true}, "Same")
			d.Text(20, 30, paper.Style{Size: 10}, "bytes")
			if _, _, _, _, err := d.Picture("p", image.NewGray(image.Rect(0, 0, 30, 20)), 20, 40, 50, 50); err != nil {
				t.Fatal(err)
			}
		}
		return finish(t, d)
	}
	if !bytes.Equal(make(), make()) {
		t.Error("two documents differ")
	}
}

// TestSameBytesOfManyPictures draws pictures of one size and different content
// often enough for the order of a map to show.
func TestSameBytesOfManyPictures(t *testing.T) {
	make := func() []byte {
		d := a4(t, 1)
		d.AddPage(false)
		for i := range 6 {
			im := image.NewGray(image.Rect(0, 0, 30, 20))
			im.Pix[0] = uint8(40 * i)
			if _, _, _, _, err := d.Picture(string(rune('a'+i)), im, 20, 40*float64(i), 30, 30); err != nil {
				t.Fatal(err)
			}
		}
		return finish(t, d)
	}
	first := make()
	for range 20 {
		if !bytes.Equal(first, make()) {
			t.Fatal("two documents differ")
		}
	}
}

func TestEmptyPicture(t *testing.T) {
	d := a4(t, 0)
	d.AddPage(false)
	if _, _, _, _, err := d.Picture("p", image.NewGray(image.Rectangle{}), 0, 0, 10, 10); err == nil {
		t.Error("an empty picture was drawn")
	}
}
