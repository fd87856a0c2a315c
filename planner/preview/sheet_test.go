package preview_test

import (
	"flag"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"testing"

	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

var update = flag.Bool("update", false, "write the golden pictures anew")

// golden compares a picture with the one kept, allowing for the last digit of
// floating point on other machines.
func golden(t *testing.T, name string, got *image.NRGBA) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		f, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		if err := png.Encode(f, got); err != nil {
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
	if want.Bounds() != got.Bounds() {
		t.Fatalf("%s is %v, want %v", name, got.Bounds(), want.Bounds())
	}
	bad := 0
	for y := range got.Rect.Dy() {
		for x := range got.Rect.Dx() {
			w := color.NRGBAModel.Convert(want.At(x, y)).(color.NRGBA)
			g := got.NRGBAAt(x, y)
			if apart(w.R, g.R) > 2 || apart(w.G, g.G) > 2 || apart(w.B, g.B) > 2 {
				bad++
			}
		}
	}
	if bad > got.Rect.Dx()*got.Rect.Dy()/1000 {
		t.Errorf("%s: %d pixels differ by more than 2 levels; look at it, then -update", name, bad)
	}
}

func apart(a, b uint8) int { return max(int(a)-int(b), int(b)-int(a)) }

// shaded is plain skin lit from above left.
func shaded(w, h int) *image.NRGBA {
	m := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			k := 1.05 - 0.3*float64(x)/float64(w) - 0.2*float64(y)/float64(h)
			m.SetNRGBA(x, y, color.NRGBA{uint8(174 * k), uint8(140 * k), uint8(115 * k), 255})
		}
	}
	return m
}

func TestGoldenStrip(t *testing.T) {
	const w, h = 120, 100
	photo := shaded(w, h)
	in := scene(t, w, h, 6)
	grid(&in, w, h, 6, 120)
	for i := range in.Mask.Pix {
		in.Mask.Pix[i] = uint8(min(255, max(0, 4*(i%w-25))))
	}
	row := preview.Row{Name: "patch"}
	for _, stage := range pigment.Stages() {
		row.Pictures = append(row.Pictures, preview.Picture{Image: render(t, photo, in, stage), Caption: preview.Caption(stage)})
	}
	got, err := preview.Sheet{Title: "Stages", Rows: []preview.Row{row}, Note: "Drawn from the planned dots.", CellPx: 120}.Draw()
	if err != nil {
		t.Fatal(err)
	}
	golden(t, "strip.png", got)
}

func TestSheetRefuses(t *testing.T) {
	photo := shaded(30, 30)
	for name, s := range map[string]preview.Sheet{
		"nothing":       {},
		"empty row":     {Rows: []preview.Row{{Name: "top"}}},
		"no picture":    {Rows: []preview.Row{{Pictures: []preview.Picture{{}}}}},
		"tiny cells":    {Rows: []preview.Row{{Pictures: []preview.Picture{{Image: photo}}}}, CellPx: 3},
		"gigantic":      {Rows: []preview.Row{{Pictures: []preview.Picture{{Image: photo}}}}, CellPx: 1 << 20},
		"empty picture": {Rows: []preview.Row{{Pictures: []preview.Picture{{Image: image.NewNRGBA(image.Rectangle{})}}}}},
	} {
		if _, err := s.Draw(); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestFrame(t *testing.T) {
	m := image.NewGray(image.Rect(0, 0, 100, 80))
	if got := preview.Frame(m); got != m.Rect {
		t.Errorf("empty mask: %v", got)
	}
	for y := 30; y < 50; y++ {
		for x := 10; x < 50; x++ {
			m.Pix[y*m.Stride+x] = 1
		}
	}
	if got, want := preview.Frame(m), image.Rect(0, 20, 60, 60); got != want {
		t.Errorf("%v, want %v", got, want)
	}
}

func ExamplePair() {
	before := image.NewNRGBA(image.Rect(0, 0, 300, 400))
	sheet, err := preview.Pair(before, before, plan.Healed).Draw()
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(sheet.Rect.Size())
	// Output: (636,469)
}
