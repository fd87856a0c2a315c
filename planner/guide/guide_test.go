package guide_test

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"runtime"
	"strings"
	"syscall"
	"testing"
	"time"

	"pointille/internal/headframe"
	"pointille/internal/paper/papertest"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

func Example() {
	e := head()
	dots := e.scatter(500, 0.9, 0.6, 0.6, 2)
	in := guide.Input{Plan: document(e, dots, 2), Dots: dots, Surface: e, Version: "0.1.0"}
	var b bytes.Buffer
	err := guide.Write(&b, in, guide.Options{Paper: "a4"})
	fmt.Println(err, strings.HasPrefix(b.String(), "%PDF-1.7"))
	// Output: <nil> true
}

func written(t testing.TB, in guide.Input, o guide.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := guide.Write(&b, in, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

const a4Height = 297.0

// primaries reads the dots of a session back from the file, in file order,
// one list per tile and diameter.
func primaries(t *testing.T, pdf []byte, session int) [][][4]float64 {
	t.Helper()
	var out [][][4]float64
	for _, page := range papertest.Pages(t, pdf) {
		for _, s := range papertest.Strokes(t, page, a4Height) {
			if s.Layer == fmt.Sprintf("/OC%d", session-1) && s.Round && s.Grey == 0 && s.Width < 0.3 {
				out = append(out, s.Lines)
			}
		}
	}
	return out
}

// Every dot must be in the file exactly once as its session's own, where its
// tile says, at its own diameter.
func TestDotsReadBack(t *testing.T) {
	for _, o := range []guide.Options{{}, {Mirror: true}, {PrinterScale: 0.96}} {
		in := input(1200, 3)
		pdf := written(t, in, o)
		tiles, err := guide.Tiles(in.Dots, in.Plan.Hairline.Points, in.Surface)
		if err != nil {
			t.Fatal(err)
		}
		total := 0
		for session := 1; session <= 3; session++ {
			groups := primaries(t, pdf, session)
			for _, tile := range tiles {
				total += checkTile(t, in, o, tile, session, &groups)
			}
			if len(groups) != 0 {
				t.Errorf("%+v: session %d has %d groups of dots more than it should", o, session, len(groups))
			}
		}
		if total != len(in.Dots) {
			t.Errorf("%+v: %d dots in the file, want %d", o, total, len(in.Dots))
		}
	}
}

// checkTile takes a tile's groups and returns how many dots it found.
func checkTile(t *testing.T, in guide.Input, o guide.Options, tile guide.Tile, session int, groups *[][][4]float64) int {
	t.Helper()
	found := 0
	var dx, dy float64 // from tile to page
	for size := 1; size <= 200; size++ {
		var want [][2]float64
		for _, k := range tile.Own {
			if d := in.Dots[k]; d.Session == session && int(math.Round(d.Diameter*100)) == size {
				p, off := tile.Flatten(d.P)
				if off > 0.02 {
					t.Fatalf("dot %d is %.3f mm off the skin", d.ID, off)
				}
				if o.Mirror {
					p.X = -p.X
				}
				k := 1.0
				if o.PrinterScale != 0 {
					k = 1 / o.PrinterScale
				}
				want = append(want, [2]float64{p.X * k, -p.Y * k})
			}
		}
		if len(want) == 0 {
			continue
		}
		if len(*groups) == 0 || len((*groups)[0]) != len(want) {
			t.Fatalf("tile %d, session %d, %.2f mm: not the %d dots wanted", tile.Number, session, float64(size)/100, len(want))
		}
		for i, line := range (*groups)[0] {
			if found == 0 && i == 0 {
				dx, dy = line[0]-want[0][0], line[1]-want[0][1]
			}
			if e := math.Hypot(line[0]-dx-want[i][0], line[1]-dy-want[i][1]); e > 0.05 {
				t.Fatalf("tile %d: a dot is %.3f mm from its place", tile.Number, e)
			}
		}
		found += len(want)
		*groups = (*groups)[1:]
	}
	return found
}

func TestPages(t *testing.T) {
	in := input(900, 3)
	for _, sheet := range []string{"a4", "letter"} {
		for _, scaled := range []bool{true, false} {
			in.Plan.Head.Scaled = scaled
			pdf := written(t, in, guide.Options{Paper: sheet})
			papertest.Offsets(t, pdf)
			info := papertest.Info(t, pdf)
			var pages int
			if _, err := fmt.Sscan(info["Pages"], &pages); err != nil || pages < 7 {
				t.Fatalf("%s: %q pages", sheet, info["Pages"])
			}
			texts := papertest.Texts(t, pdf)
			if len(texts) != pages {
				t.Fatalf("%s: words of %d pages, want %d", sheet, len(texts), pages)
			}
			for i, text := range texts {
				n := i + 1
				for _, want := range []string{"Case K-0417", "Pointille 0.1.0", "seed 42", fmt.Sprintf("page %d of %d", n, pages), "50 mm", "2 in"} {
					if !strings.Contains(text, want) {
						t.Errorf("%s page %d lacks %q", sheet, n, want)
					}
				}
				if !scaled && strings.Contains(text, "true scale") {
					t.Errorf("%s page %d claims true scale", sheet, n)
				}
				if strings.Contains(text, "UNSCALED") == scaled {
					t.Errorf("%s page %d, scaled %v: wrong about being unscaled", sheet, n, scaled)
				}
			}
			for _, layer := range []string{"Session 1", "Session 2", "Session 3"} {
				if !bytes.Contains(pdf, utf16(layer)) {
					t.Errorf("%s lacks the layer %s", sheet, layer)
				}
			}
		}
	}
}

// utf16 is how a PDF holds a layer's name.
func utf16(s string) []byte {
	b := []byte{0xfe, 0xff}
	for _, c := range []byte(s) {
		b = append(b, 0, c)
	}
	return b
}

// The first page's 50 mm square must measure 1181 pixels at 600 dpi.
func TestSquarePrintsTrue(t *testing.T) {
	in := input(200, 1)
	g := papertest.Raster(t, written(t, in, guide.Options{}), 1, 600)
	mm := 600 / 25.4
	row, runs, last := int(40*mm), []int{}, false
	for x := int(150 * mm); x < g.Rect.Dx(); x++ {
		dark := g.GrayAt(x, row).Y < 128
		if dark && !last {
			runs = append(runs, x)
		}
		last = dark
	}
	if len(runs) != 2 || math.Abs(float64(runs[1]-runs[0])-1181) > 1 {
		t.Errorf("edges at %v, want two 1181 px apart", runs)
	}
}

func TestNothingToDo(t *testing.T) {
	in := guide.Input{Plan: plan.Plan{Case: "K-1", Nothing: "No thinning skin was found.", Head: plan.Head{Scaled: true}}, Version: "0.1.0"}
	pdf := written(t, in, guide.Options{})
	if n := papertest.Info(t, pdf)["Pages"]; n != "1" {
		t.Errorf("%s pages, want 1", n)
	}
	if text := papertest.Text(t, pdf, 1); !strings.Contains(text, "No thinning skin was found.") {
		t.Errorf("the page does not say why: %s", text)
	}
}

func TestOverviewSaysWhatMatters(t *testing.T) {
	text := papertest.Text(t, written(t, input(300, 2), guide.Options{}), 1)
	for _, want := range []string{
		"78 mm from glabella", "frontal:", "± 4.0 cm²", "carbon black, 18 parts water", "contrast to neighbouring hair: look at it",
		"screening: not known", "The nape is on no photo", "300 dots", "crown",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the overview lacks %q", want)
		}
	}
	if strings.Contains(text, "hairline height: holds") {
		t.Error("the overview lists a check that holds")
	}
}

// The same guide is the same file, to the byte, on however many cores.
func TestSameBytes(t *testing.T) {
	in := input(1500, 2)
	first := written(t, in, guide.Options{})
	for _, cores := range []int{1, 4} {
		before := runtime.GOMAXPROCS(cores)
		again := written(t, in, guide.Options{})
		runtime.GOMAXPROCS(before)
		if !bytes.Equal(first, again) {
			t.Errorf("the guide of %d cores differs", cores)
		}
	}
}

func TestPatchWithoutHairline(t *testing.T) {
	in := input(400, 1)
	in.Plan.Hairline = nil
	pdf := written(t, in, guide.Options{})
	if text := papertest.Text(t, pdf, 2); !strings.Contains(text, "Session 1 of 1") {
		t.Errorf("page 2 is not the first tile page: %s", text)
	}
}

// faulty is what cannot be printed.
type faulty struct {
	name string
	want string
	bend func(*guide.Input, *guide.Options)
}

// overview reports whether only pages that a tile has not would fail.
func (f faulty) overview() bool {
	return f.name == "picture" || f.name == "paper too small for the strip"
}

// wound goes round the head six times: too long for any number of pages.
func wound() []headframe.Vec {
	e := head()
	var line []headframe.Vec
	for phi := -20.0; phi <= 20; phi += 0.02 {
		line = append(line, e.at(1.2, phi))
	}
	return line
}

func TestTileErrors(t *testing.T) {
	in := input(60, 1)
	empty := guide.Input{Plan: plan.Plan{Case: "K-1", Nothing: "No thinning skin was found."}, Version: "0.1.0"}
	for _, c := range []struct {
		in     guide.Input
		tile   int
		format string
		want   string
	}{
		{in, 1, "gif", `format "gif" is unknown`},
		{in, 0, "svg", "there is no tile 0: the plan has tiles 1 to"},
		{in, 999, "dxf", "there is no tile 999: the plan has tiles 1 to"},
		{empty, 1, "png", "no dots, so there is no tile 1"},
	} {
		var b bytes.Buffer
		if err := guide.WriteTile(&b, c.in, c.tile, c.format, guide.Options{}); err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("tile %d as %s: error %v, %d bytes, want %q", c.tile, c.format, err, b.Len(), c.want)
		}
	}
	for _, format := range guide.Formats() {
		if err := guide.WriteTile(full{}, in, 1, format, guide.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: error %v", format, err)
		}
	}
}

func TestErrors(t *testing.T) {
	nan := math.NaN()
	for _, c := range []faulty{
		{"paper", `paper "a5"`, func(_ *guide.Input, o *guide.Options) { o.Paper = "a5" }},
		{"printer far off", "printer scale 3", func(_ *guide.Input, o *guide.Options) { o.PrinterScale = 3 }},
		{"language", `language "de"`, func(_ *guide.Input, o *guide.Options) { o.Lang = "de" }},
		{"paper too small for the strip", "does not fit on letter paper", func(in *guide.Input, o *guide.Options) {
			o.Paper = "letter"
			in.Plan.Hairline.Points = wound()
		}},
		{"printer", "printer scale 0.8", func(_ *guide.Input, o *guide.Options) { o.PrinterScale = 0.8 }},
		{"printer nan", "printer scale NaN", func(_ *guide.Input, o *guide.Options) { o.PrinterScale = nan }},
		{"surface", "no surface", func(in *guide.Input, _ *guide.Options) { in.Surface = nil }},
		{"position", "dot 4: position", func(in *guide.Input, _ *guide.Options) { in.Dots[3].P[1] = nan }},
		{"diameter", "dot 5: diameter", func(in *guide.Input, _ *guide.Options) { in.Dots[4].Diameter = 0 }},
		{"session", "dot 6: session 9", func(in *guide.Input, _ *guide.Options) { in.Dots[5].Session = 9 }},
		{"count", "counts 7 dots", func(in *guide.Input, _ *guide.Options) { in.Plan.Dots.Count = 7 }},
		{"nothing", "nothing is to do", func(in *guide.Input, _ *guide.Options) { in.Plan.Nothing = "why" }},
		{"off the head", "off the skin", func(in *guide.Input, _ *guide.Options) { in.Dots[9].P = in.Dots[9].P.Mul(1.1) }},
		{"far away", "not on a head", func(in *guide.Input, _ *guide.Options) { in.Dots[9].P = headframe.Vec{1e6, 0, 0} }},
		{"hairline nan", "hairline: point 3", func(in *guide.Input, _ *guide.Options) { in.Plan.Hairline.Points[3][0] = nan }},
		{"hairline short", "too short", func(in *guide.Input, _ *guide.Options) { in.Plan.Hairline.Points = in.Plan.Hairline.Points[:2] }},
		{"height", "hairline: height", func(in *guide.Input, _ *guide.Options) { in.Plan.Hairline.HeightMM = 900 }},
		{"zone", "zone frontal", func(in *guide.Input, _ *guide.Options) { in.Plan.Zones[0].AreaCM2 = nan }},
		{"order", "session 5 stands", func(in *guide.Input, _ *guide.Options) { in.Plan.Sessions[1].Number = 5 }},
		{"picture", "no image", func(in *guide.Input, _ *guide.Options) { in.Pictures[0].Image = nil }},
		{"too many", "too many", func(in *guide.Input, _ *guide.Options) { in.Dots = make([]plan.Dot, guide.MaxDots+1) }},
		{"surface nan", "surface", func(in *guide.Input, _ *guide.Options) { in.Surface = broken{} }},
	} {
		t.Run(c.name, func(t *testing.T) {
			in := input(80, 2)
			var o guide.Options
			c.bend(&in, &o)
			var b bytes.Buffer
			err := guide.Write(&b, in, o)
			if err == nil || !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %v, want one with %q", err, c.want)
			}
			for _, format := range guide.Formats() {
				if c.overview() {
					break
				}
				if err := guide.WriteTile(&b, in, 1, format, o); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s: error %v, want one with %q", format, err, c.want)
				}
			}
			if b.Len() > 0 {
				t.Errorf("%d bytes were written", b.Len())
			}
		})
	}
}

// broken is a surface that knows nothing.
type broken struct{}

func (broken) Project(headframe.Vec) (q, n headframe.Vec) {
	nan := math.NaN()
	return headframe.Vec{nan, nan, nan}, headframe.Vec{nan, nan, nan}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriterFails(t *testing.T) {
	if err := guide.Write(full{}, input(50, 1), guide.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v", err)
	}
}

func BenchmarkWrite40000(b *testing.B)  { benchmarkWrite(b, 40_000, 0.65) }
func BenchmarkWrite200000(b *testing.B) { benchmarkWrite(b, 200_000, 0.28) }

// cpu is the processor time that the test has used.
func cpu(b *testing.B) time.Duration {
	b.Helper()
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		b.Fatal(err)
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

func benchmarkWrite(b *testing.B, n int, gap float64) {
	e := head()
	dots := e.scatter(n, gap, 1.5, front, 3)
	if len(dots) != n {
		b.Fatalf("only %d dots fit", len(dots))
	}
	in := guide.Input{Plan: document(e, dots, 3), Dots: dots, Surface: e, Version: "0.1.0"}
	size, used := 0, cpu(b)
	for b.Loop() {
		size = len(written(b, in, guide.Options{}))
	}
	b.ReportMetric((cpu(b)-used).Seconds()/float64(b.N), "cpu-s")
	b.ReportMetric(float64(size), "bytes")
}
