package guide_test

import (
	"bufio"
	"bytes"
	"encoding/xml"
	"fmt"
	"image/color"
	"image/png"
	"io"
	"math"
	"strconv"
	"strings"
	"testing"

	"pointille/internal/paper/papertest"
	"pointille/planner/guide"
)

// disc is a filled dot or a ring of a file, mm from the file's own corner.
type disc struct{ x, y, diameter float64 }

// contents are the dots of a file by session, and the copies of neighbours' dots.
type contents struct {
	sessions map[int][]disc
	copies   []disc
}

// small is a plan for the top of the head: few tiles, with neighbours.
func small(n, sessions int) guide.Input {
	e := head()
	dots := e.scatter(n, 0.9, 0.6, front, sessions)
	return guide.Input{Plan: document(e, dots, sessions), Dots: dots, Surface: e, Version: "0.1.0"}
}

func ExampleWriteTile() {
	var b bytes.Buffer
	err := guide.WriteTile(&b, small(100, 1), 1, "svg", guide.Options{})
	fmt.Println(err, strings.Contains(b.String(), `inkscape:label="Session 1"`))
	// Output: <nil> true
}

// The same tile is the same file, to the byte.
func TestTileSameBytes(t *testing.T) {
	in := small(150, 3)
	for _, format := range guide.Formats() {
		if !bytes.Equal(tileFile(t, in, 1, format, guide.Options{}), tileFile(t, in, 1, format, guide.Options{})) {
			t.Errorf("two files of one tile differ as %s", format)
		}
	}
}

func tileFile(t testing.TB, in guide.Input, tile int, format string, o guide.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := guide.WriteTile(&b, in, tile, format, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// readPDF reads a tile's page by its drawing operators.
func readPDF(t testing.TB, pdf []byte) contents {
	t.Helper()
	c := contents{sessions: map[int][]disc{}}
	for _, s := range papertest.Strokes(t, papertest.Pages(t, pdf)[0], a4Height) {
		n, err := strconv.Atoi(strings.TrimPrefix(s.Layer, "/OC"))
		if err != nil || !s.Round {
			continue
		}
		for _, l := range s.Lines {
			d := disc{l[0], l[1], s.Width}
			switch {
			case l[0] != l[2] || l[1] != l[3]:
				t.Fatalf("a dot is %.2f mm long", math.Hypot(l[2]-l[0], l[3]-l[1]))
			case n < 3 && s.Grey == 0 && s.Width < 0.3: // rings are larger
				c.sessions[n+1] = append(c.sessions[n+1], d)
			case n == 4 && s.Grey < 1: // a ring's white middle is no second one
				c.copies = append(c.copies, d)
			}
		}
	}
	return c
}

// readSVG reads the circles of a drawing, in millimetres of its declared size.
func readSVG(t testing.TB, svg []byte) contents {
	t.Helper()
	c := contents{sessions: map[int][]disc{}}
	var layers []string
	k, left, top := 1.0, 0.0, 0.0
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		tok, err := d.Token()
		if err == io.EOF {
			return c
		}
		if err != nil {
			t.Fatal(err)
		}
		switch e := tok.(type) {
		case xml.EndElement:
			if e.Name.Local == "g" {
				layers = layers[:len(layers)-1]
			}
		case xml.StartElement:
			at := map[string]string{}
			for _, a := range e.Attr {
				at[a.Name.Local] = a.Value
			}
			n := func(name string) float64 { return number(t, at[name]) }
			switch e.Name.Local {
			case "svg":
				box := strings.Fields(at["viewBox"])
				k, left, top = number(t, strings.TrimSuffix(at["width"], "mm"))/number(t, box[2]), number(t, box[0]), number(t, box[1])
			case "g":
				layers = append(layers, at["id"])
			case "circle":
				c.add(t, layers[0], disc{k * (n("cx") - left), k * (n("cy") - top), 2 * k * n("r")})
			}
		}
	}
}

// add files a circle under what its layer's name says.
func (c *contents) add(t testing.TB, layer string, d disc) {
	t.Helper()
	var session, place int
	switch {
	case strings.HasPrefix(layer, "overlap"):
		c.copies = append(c.copies, d)
	case strings.Contains(layer, "marks"):
	case strings.HasPrefix(layer, "session"):
		if _, err := fmt.Sscanf(layer, "session-%d-%d", &session, &place); err != nil {
			t.Fatalf("layer %q: %v", layer, err)
		}
		c.sessions[session] = append(c.sessions[session], d)
	}
}

func number(t testing.TB, s string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(s, 64)
	if err != nil {
		t.Fatal(err)
	}
	return v
}

// readDXF reads the circles of a drawing by its group codes.
func readDXF(t testing.TB, dxf []byte) contents {
	t.Helper()
	c := contents{sessions: map[int][]disc{}}
	lines := bufio.NewScanner(bytes.NewReader(dxf))
	var now map[string]string
	end := func() {
		if now["0"] == "CIRCLE" {
			layer := strings.ToLower(strings.ReplaceAll(now["8"], "_", "-")) + "-0"
			c.add(t, layer, disc{number(t, now["10"]), -number(t, now["20"]), 2 * number(t, now["40"])})
		}
	}
	for lines.Scan() {
		code := strings.TrimSpace(lines.Text())
		if !lines.Scan() {
			t.Fatalf("group code %s has no value", code)
		}
		if code == "0" {
			end()
			now = map[string]string{}
		}
		if now != nil {
			now[code] = strings.TrimSpace(lines.Text())
		}
	}
	if now["0"] != "EOF" {
		t.Fatalf("the drawing ends with %v", now)
	}
	return c
}

// Every planned dot must be in exactly one tile's file, where the tile says, at
// its own diameter and in its session's layer; copies must be marked as such.
func TestTileFilesReadBack(t *testing.T) {
	readers := map[string]func(testing.TB, []byte) contents{"pdf": readPDF, "svg": readSVG, "dxf": readDXF}
	in := small(500, 3)
	tiles, err := guide.Tiles(in.Dots, in.Plan.Hairline.Points, in.Surface)
	if err != nil {
		t.Fatal(err)
	}
	for format, read := range readers {
		for _, o := range []guide.Options{{}, {Mirror: true, PrinterScale: 0.96}} {
			total := 0
			for i, tile := range tiles {
				c := read(t, tileFile(t, in, i+1, format, o))
				if len(c.copies) != len(tile.Near) {
					t.Errorf("%s, tile %d: %d copies, want %d", format, i+1, len(c.copies), len(tile.Near))
				}
				total += c.compare(t, in, o, tile, fmt.Sprintf("%s %+v", format, o))
			}
			if total != len(in.Dots) {
				t.Errorf("%s %+v: %d dots in the files, want %d", format, o, total, len(in.Dots))
			}
		}
	}
}

// compare holds a file's dots against the tile's and returns how many there are.
func (c contents) compare(t *testing.T, in guide.Input, o guide.Options, tile guide.Tile, what string) int {
	t.Helper()
	found := 0
	var from *[2]float64 // the tile's middle in the file
	for session := 1; session <= len(in.Plan.Sessions); session++ {
		want := expected(in, o, tile, session)
		got := c.sessions[session]
		if len(got) != len(want) {
			t.Fatalf("%s, tile %d, session %d: %d dots, want %d", what, tile.Number, session, len(got), len(want))
		}
		for i, d := range got {
			if from == nil {
				from = &[2]float64{d.x - want[i].x, d.y - want[i].y}
			}
			if e := math.Hypot(d.x-from[0]-want[i].x, d.y-from[1]-want[i].y); e > 0.05 {
				t.Fatalf("%s, tile %d: a dot is %.3f mm from its place", what, tile.Number, e)
			}
			if e := math.Abs(d.diameter - want[i].diameter); e > 0.002 {
				t.Fatalf("%s, tile %d: a dot is %.3f mm across, want %.3f", what, tile.Number, d.diameter, want[i].diameter)
			}
		}
		found += len(got)
	}
	return found
}

// expected are a session's dots of a tile in the order of files: by diameter,
// then as the tile has them.
func expected(in guide.Input, o guide.Options, tile guide.Tile, session int) []disc {
	k, flip := 1.0, 1.0
	if o.PrinterScale != 0 {
		k = 1 / o.PrinterScale
	}
	if o.Mirror {
		flip = -1
	}
	var out []disc
	for size := 1; size <= 200; size++ {
		for _, n := range tile.Own {
			d := in.Dots[n]
			if d.Session != session || int(math.Round(d.Diameter*100)) != size {
				continue
			}
			p, _ := tile.Flatten(d.P)
			out = append(out, disc{k * flip * p.X, -k * p.Y, k * float64(size) / 100})
		}
	}
	return out
}

// The 50 mm square of a tile's picture must measure 1181 pixels of 600 per inch,
// and the file must say that it has 600 per inch.
func TestTilePictureIsTrue(t *testing.T) {
	in := small(60, 1)
	for _, o := range []guide.Options{{}, {PrinterScale: 0.98}} {
		b := tileFile(t, in, 1, "png", o)
		im, err := png.Decode(bytes.NewReader(b))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(b, []byte{'p', 'H', 'Y', 's', 0, 0, 23622 >> 8, 23622 & 255, 0, 0, 23622 >> 8, 23622 & 255, 1}) {
			t.Error("the picture does not say that it has 600 pixels per inch")
		}
		want := 1181.0
		if o.PrinterScale != 0 {
			want /= o.PrinterScale
		}
		row, last, runs := im.Bounds().Dy()-236, false, []int{} // 10 mm up: above the writing, within the square
		for x := range im.Bounds().Dx() {
			dark := color.GrayModel.Convert(im.At(x, row)).(color.Gray).Y < 128
			if dark && !last {
				runs = append(runs, x)
			}
			last = dark
		}
		if len(runs) != 2 || math.Abs(float64(runs[1]-runs[0])-want) > 1.5 {
			t.Errorf("%+v: edges at %v, want two %.0f px apart", o, runs, want)
		}
	}
}

// A tile without a trustworthy scale says so in every format and language.
func TestTilesSayUnscaled(t *testing.T) {
	in := small(60, 1)
	for _, scaled := range []bool{true, false} {
		in.Plan.Head.Scaled = scaled
		for _, format := range []string{"svg", "dxf"} {
			if says := bytes.Contains(tileFile(t, in, 1, format, guide.Options{}), []byte("UNSCALED")); says == scaled {
				t.Errorf("%s, scaled %v: wrong about being unscaled", format, scaled)
			}
		}
		if says := strings.Contains(papertest.Text(t, tileFile(t, in, 1, "pdf", guide.Options{Lang: "lv"}), 1), "BEZ MĒROGA"); says == scaled {
			t.Errorf("pdf, scaled %v: wrong about being unscaled", scaled)
		}
	}
	clean := tileFile(t, in, 1, "png", guide.Options{})
	in.Plan.Head.Scaled = true
	if bytes.Equal(clean, tileFile(t, in, 1, "png", guide.Options{})) {
		t.Error("png: nothing says that the tile is unscaled")
	}
}
