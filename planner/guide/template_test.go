package guide_test

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"pointille/internal/paper/papertest"
	"pointille/planner/guide"
	"pointille/planner/plan"
)

func ExampleWriteTemplate() {
	var b bytes.Buffer
	err := guide.WriteTemplate(&b, small(100, 1), "svg", guide.Options{})
	fmt.Println(err, strings.Contains(b.String(), `inkscape:label="Line to cut"`))
	// Output: <nil> true
}

func templateFile(t testing.TB, in guide.Input, format string, o guide.Options) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := guide.WriteTemplate(&b, in, format, o); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// path is a line of a drawing, mm from the file's own corner, x right, y down.
type path struct {
	pts    [][2]float64
	closed bool
}

func (p path) length() float64 {
	sum := 0.0
	for i := 1; i < len(p.pts); i++ {
		sum += math.Hypot(p.pts[i][0]-p.pts[i-1][0], p.pts[i][1]-p.pts[i-1][1])
	}
	return sum
}

// svgPaths reads the paths of an SVG by the first word of their layer.
func svgPaths(t testing.TB, svg []byte) map[string][]path {
	t.Helper()
	out := map[string][]path{}
	k, layer := 1.0, ""
	for d := xml.NewDecoder(bytes.NewReader(svg)); ; {
		tok, err := d.Token()
		if err == io.EOF {
			return out
		}
		if err != nil {
			t.Fatal(err)
		}
		e, ok := tok.(xml.StartElement)
		if !ok {
			continue
		}
		at := map[string]string{}
		for _, a := range e.Attr {
			at[a.Name.Local] = a.Value
		}
		switch e.Name.Local {
		case "svg":
			k = number(t, strings.TrimSuffix(at["width"], "mm")) / number(t, strings.Fields(at["viewBox"])[2])
		case "g":
			layer, _, _ = strings.Cut(at["id"], "-")
		case "path":
			p := path{closed: strings.HasSuffix(at["d"], "Z")}
			for _, f := range strings.FieldsFunc(at["d"], func(r rune) bool { return r == 'M' || r == 'L' || r == 'Z' }) {
				x, y, _ := strings.Cut(f, " ")
				p.pts = append(p.pts, [2]float64{k * number(t, x), k * number(t, y)})
			}
			out[layer] = append(out[layer], p)
		}
	}
}

// dxfPaths reads the polylines of a DXF by the first word of their layer.
func dxfPaths(t testing.TB, dxf []byte) map[string][]path {
	t.Helper()
	out := map[string][]path{}
	lines := strings.Split(string(dxf), "\r\n")
	var kind, layer string
	var p *path
	var x float64
	for i := 0; i+1 < len(lines); i += 2 {
		code, value := strings.TrimSpace(lines[i]), strings.TrimSpace(lines[i+1])
		switch {
		case code == "0":
			if kind = value; kind == "POLYLINE" {
				p = &path{}
			}
			if kind == "SEQEND" {
				out[layer] = append(out[layer], *p)
			}
		case code == "8":
			layer, _, _ = strings.Cut(strings.ToLower(value), "_")
		case kind == "POLYLINE" && code == "70":
			p.closed = value == "1"
		case kind == "VERTEX" && code == "10":
			x = number(t, value)
		case kind == "VERTEX" && code == "20":
			p.pts = append(p.pts, [2]float64{x, -number(t, value)})
		}
	}
	return out
}

// The template's hairline must be as long in drawings as on the skin, the line
// to cut closed round it, and both formats the same to a hundredth.
func TestTemplateDrawings(t *testing.T) {
	e := head()
	for _, side := range []float64{0.8, 1.2, 1.9} { // the last is too long for one page
		for _, o := range []guide.Options{{}, {Mirror: true, PrinterScale: 0.96}} {
			in := small(100, 1)
			line := wide(e, 0.8, side)
			in.Plan.Hairline.Points = line
			want := 0.0
			for i := 1; i < len(line); i++ {
				want += line[i].Sub(line[i-1]).Norm()
			}
			if o.PrinterScale != 0 {
				want /= o.PrinterScale
			}
			svg, dxf := svgPaths(t, templateFile(t, in, "svg", o)), dxfPaths(t, templateFile(t, in, "dxf", o))
			for name, layers := range map[string]map[string][]path{"svg": svg, "dxf": dxf} {
				if len(layers["hairline"]) != 1 || len(layers["cut"]) != 1 || len(layers["soft"]) != 1 {
					t.Fatalf("%s: layers %v", name, layers)
				}
				// the line is drawn in steps of 2 mm: either end may lack half a step
				if got := layers["hairline"][0].length(); got > want+0.2 || got < want-2 {
					t.Errorf("%s %+v: the hairline is %.2f mm long, want %.2f", name, o, got, want)
				}
				if !layers["cut"][0].closed || !surrounds(layers["cut"][0], layers["hairline"][0]) {
					t.Errorf("%s %+v: the line to cut does not go round the hairline", name, o)
				}
			}
			for i, p := range svg["hairline"][0].pts {
				if q := dxf["hairline"][0].pts[i]; math.Hypot(p[0]-q[0], p[1]-q[1]) > 0.01 {
					t.Fatalf("point %d differs: %v in SVG, %v in DXF", i, p, q)
				}
			}
		}
	}
}

// surrounds reports whether the points of a line lie within an outline; the
// line's ends lie on it.
func surrounds(outline, line path) bool {
	for _, p := range line.pts[1 : len(line.pts)-1] {
		in := false
		for i, a := range outline.pts {
			b := outline.pts[(i+1)%len(outline.pts)]
			if (a[1] > p[1]) != (b[1] > p[1]) && p[0] < a[0]+(p[1]-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
				in = !in
			}
		}
		if !in {
			return false
		}
	}
	return true
}

// A mirrored template is the other's mirror image.
func TestTemplateMirrored(t *testing.T) {
	in := small(100, 1)
	plain, mirrored := svgPaths(t, templateFile(t, in, "svg", guide.Options{})), svgPaths(t, templateFile(t, in, "svg", guide.Options{Mirror: true}))
	for i, p := range plain["hairline"][0].pts {
		if q := mirrored["hairline"][0].pts[i]; math.Abs(p[0]+q[0]) > 0.002 || math.Abs(p[1]-q[1]) > 0.002 {
			t.Fatalf("point %d: %v and %v", i, p, q)
		}
	}
}

func TestTemplateSaysWhatItIs(t *testing.T) {
	in := small(60, 1)
	in.Plan.Head.Scaled = false
	for _, format := range []string{"svg", "dxf"} {
		if !bytes.Contains(templateFile(t, in, format, guide.Options{}), []byte("UNSCALED")) {
			t.Errorf("%s: does not say that it is unscaled", format)
		}
	}
	pdf := templateFile(t, in, "pdf", guide.Options{Lang: "lv"})
	if n := len(papertest.Pages(t, pdf)); n != 1 {
		t.Errorf("%d pages, want 1", n)
	}
	if text := papertest.Text(t, pdf, 1); !strings.Contains(text, "Matu līnijas šablons") || !strings.Contains(text, "BEZ MĒROGA") {
		t.Errorf("the page does not say what it is: %s", text)
	}
	for _, format := range guide.Formats() {
		if !bytes.Equal(templateFile(t, in, format, guide.Options{}), templateFile(t, in, format, guide.Options{})) {
			t.Errorf("%s: two files of one template differ", format)
		}
	}
}

func TestTemplateErrors(t *testing.T) {
	in := small(60, 1)
	bare := small(60, 1)
	bare.Plan.Hairline = nil
	empty := guide.Input{Plan: plan.Plan{Case: "K-1", Nothing: "No thinning skin was found."}, Version: "0.1.0"}
	for _, c := range []struct {
		in     guide.Input
		format string
		want   string
	}{
		{in, "gif", `format "gif" is unknown`},
		{bare, "svg", "no hairline to make a template of"},
		{empty, "dxf", "no hairline to make a template of"},
	} {
		var b bytes.Buffer
		if err := guide.WriteTemplate(&b, c.in, c.format, guide.Options{}); err == nil || !strings.Contains(err.Error(), c.want) || b.Len() > 0 {
			t.Errorf("as %s: error %v, %d bytes, want %q", c.format, err, b.Len(), c.want)
		}
	}
	for _, format := range guide.Formats() {
		if err := guide.WriteTemplate(full{}, in, format, guide.Options{}); err == nil || !strings.Contains(err.Error(), "disk full") {
			t.Errorf("%s: error %v", format, err)
		}
	}
}
