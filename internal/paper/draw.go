package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/jpeg"
	"math"
	"strconv"
	"strings"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/draw"
)

// Point is a place on the page, mm.
type Point struct{ X, Y float64 }

// Style is how text is set.
type Style struct {
	Size float64 // cap to descender, points
	Bold bool
	Grey uint8 // 0 black
}

// Pen is how a line is drawn. The zero Dash is solid.
type Pen struct {
	Width float64 // mm
	Grey  uint8   // 0 black
	Dash  []float64
}

// Layer is a part of the document that viewers can hide.
type Layer int

// AddLayer names a layer.
func (d *Doc) AddLayer(name string) Layer { return Layer(d.pdf.AddLayer(name, true)) }

// InLayer runs draw with its marks in layer l.
func (d *Doc) InLayer(l Layer, draw func()) {
	d.pdf.BeginLayer(int(l))
	draw()
	d.pdf.EndLayer()
}

// Text writes s from x, with its baseline at y. Letters the font lacks become
// question marks.
func (d *Doc) Text(x, y float64, st Style, s string) {
	d.style(st)
	d.pdf.Text(x, y, d.known(st, s))
}

// TextCentre writes s centred at x.
func (d *Doc) TextCentre(x, y float64, st Style, s string) {
	d.Text(x-d.TextWidth(st, s)/2, y, st, s)
}

// TextRight writes s so that it ends at x.
func (d *Doc) TextRight(x, y float64, st Style, s string) {
	d.Text(x-d.TextWidth(st, s), y, st, s)
}

// TextRotated writes s centred at (x, y), turned anticlockwise by degrees.
func (d *Doc) TextRotated(x, y, degrees float64, st Style, s string) {
	sin, cos := math.Sincos(degrees * math.Pi / 180)
	px, py := x*pointPerMM, d.pageH-y*pointPerMM
	d.pdf.RawWriteStr(fmt.Sprintf("q %.6f %.6f %.6f %.6f %.4f %.4f cm\n", cos, sin, -sin, cos, px-cos*px+sin*py, py-sin*px-cos*py))
	d.TextCentre(x, y+st.Size*0.35/pointPerMM, st, s)
	d.pdf.RawWriteStr("Q\n")
}

// TextWidth returns the width of s, mm.
func (d *Doc) TextWidth(st Style, s string) float64 {
	d.style(st)
	return d.pdf.GetStringWidth(d.known(st, s))
}

// Paragraph writes s in lines no wider than w from the baseline y on and
// returns the baseline of the line after it.
func (d *Doc) Paragraph(x, y, w float64, st Style, s string) float64 {
	for _, line := range d.Wrap(w, st, s) {
		d.Text(x, y, st, line)
		y += st.Leading()
	}
	return y
}

// Leading returns the distance of baselines, mm.
func (st Style) Leading() float64 { return st.Size * 1.22 / pointPerMM }

// Wrap breaks s into lines no wider than w; a single word that is wider is cut.
func (d *Doc) Wrap(w float64, st Style, s string) []string {
	var lines []string
	line := ""
	for _, word := range strings.Fields(s) {
		for d.TextWidth(st, word) > w && len([]rune(word)) > 1 {
			head, tail := d.cut(w, st, word)
			if line != "" {
				lines = append(lines, line)
			}
			lines, line, word = append(lines, head), "", tail
		}
		next := strings.TrimSpace(line + " " + word)
		if line != "" && d.TextWidth(st, next) > w {
			lines, next = append(lines, line), word
		}
		line = next
	}
	if line != "" {
		lines = append(lines, line)
	}
	return lines
}

func (d *Doc) cut(w float64, st Style, word string) (head, tail string) {
	r := []rune(word)
	n := 1
	for n < len(r)-1 && d.TextWidth(st, string(r[:n+1])) <= w {
		n++
	}
	return string(r[:n]), string(r[n:])
}

func (d *Doc) style(st Style) {
	name := ""
	if st.Bold {
		name = "B"
	}
	d.pdf.SetFont(family, name, st.Size)
	g := int(st.Grey)
	d.pdf.SetTextColor(g, g, g)
}

func (d *Doc) known(st Style, s string) string {
	name := ""
	if st.Bold {
		name = "B"
	}
	return strings.Map(func(r rune) rune {
		if i, err := d.fonts[name].GlyphIndex(&d.buf, r); err != nil || i == 0 || r > 0xffff {
			return '?'
		}
		return r
	}, s)
}

// Line draws from a to b.
func (d *Doc) Line(a, b Point, p Pen) { d.Polyline([]Point{a, b}, false, p) }

// Rect draws the outline of a rectangle, the middle of the line on its edge.
func (d *Doc) Rect(x, y, w, h float64, p Pen) {
	d.Polyline([]Point{{x, y}, {x + w, y}, {x + w, y + h}, {x, y + h}}, true, p)
}

// Fill paints a rectangle with an sRGB grey.
func (d *Doc) Fill(x, y, w, h float64, grey uint8) {
	d.pdf.SetFillColor(int(grey), int(grey), int(grey))
	d.pdf.Rect(x, y, w, h, "F")
}

// Circle draws the outline of a circle.
func (d *Doc) Circle(c Point, r float64, p Pen) {
	d.pen(p)
	d.pdf.Circle(c.X, c.Y, r, "D")
}

// Polyline draws a line through all points, closed on request.
func (d *Doc) Polyline(pts []Point, closed bool, p Pen) {
	if len(pts) < 2 {
		return
	}
	d.pen(p)
	d.pdf.MoveTo(pts[0].X, pts[0].Y)
	for _, q := range pts[1:] {
		d.pdf.LineTo(q.X, q.Y)
	}
	if closed {
		d.pdf.ClosePath()
	}
	d.pdf.DrawPath("D")
}

func (d *Doc) pen(p Pen) {
	g := int(p.Grey)
	d.pdf.SetDrawColor(g, g, g)
	d.pdf.SetLineWidth(p.Width)
	d.pdf.SetDashPattern(p.Dash, 0)
}

// Picture draws im into the box, keeping its shape, centred, and returns the
// rectangle it covers. name must be unique in the document.
func (d *Doc) Picture(name string, im image.Image, x, y, w, h float64) (px, py, pw, ph float64, err error) {
	b := im.Bounds()
	if b.Empty() {
		return 0, 0, 0, 0, fmt.Errorf("picture %s is empty", name)
	}
	k := math.Min(w/float64(b.Dx()), h/float64(b.Dy()))
	pw, ph = k*float64(b.Dx()), k*float64(b.Dy())
	px, py = x+(w-pw)/2, y+(h-ph)/2
	var buf bytes.Buffer
	if err := jpeg.Encode(&buf, d.shrunk(im, pw), &jpeg.Options{Quality: 85}); err != nil {
		return 0, 0, 0, 0, fmt.Errorf("encoding picture %s: %w", name, err)
	}
	o := fpdf.ImageOptions{ImageType: "JPEG"}
	d.pdf.RegisterImageOptionsReader(name, o, &buf)
	d.pdf.ImageOptions(name, px, py, pw, ph, false, o, 0, "")
	return px, py, pw, ph, nil
}

// shrunk returns im at no more than 200 pixels per inch when w mm wide. No two
// pictures of a document come out equally wide: fpdf sorts them by nothing but
// their width, and would put equal ones into the file in the order of a map.
func (d *Doc) shrunk(im image.Image, w float64) image.Image {
	b := im.Bounds()
	want := b.Dx()
	if limit := int(w / 25.4 * 200); limit >= 1 {
		want = min(want, limit)
	}
	for want > 1 && d.widths[want] {
		want--
	}
	d.widths[want] = true
	if want == b.Dx() {
		return im
	}
	out := image.NewRGBA(image.Rect(0, 0, want, max(1, b.Dy()*want/b.Dx())))
	draw.ApproxBiLinear.Scale(out, out.Bounds(), im, b, draw.Src, nil)
	return out
}

// Origin sets the place from which the Discs, Rings and Crosses that follow on
// this page count. Near ones make short numbers, so small files.
func (d *Doc) Origin(p Point) { d.origin = p }

// Discs draws round dots of one diameter as round-capped strokes without
// length, which the PDF standard paints as discs. Positions are rounded to
// 0.01 mm, which keeps large files small.
func (d *Doc) Discs(at []Point, diameter float64, grey uint8) {
	d.strokes(at, diameter, grey, 1, func(b []byte, x, y int64) []byte {
		return move(move(b, x, y, 'm'), x, y, 'l')
	})
}

// Rings draws thin circles round the points, as a disc with a smaller white
// one on it: what lies below is covered.
func (d *Doc) Rings(at []Point, diameter, width float64, grey uint8) {
	d.Discs(at, diameter+width, grey)
	d.Discs(at, diameter-width, 255)
}

// Crosses draws thin upright crosses on the points.
func (d *Doc) Crosses(at []Point, size, width float64, grey uint8) {
	r := int64(math.Round(size * 50))
	d.strokes(at, width, grey, 0, func(b []byte, x, y int64) []byte {
		b = move(move(b, x-r, y, 'm'), x+r, y, 'l')
		return move(move(b, x, y-r, 'm'), x, y+r, 'l')
	})
}

// strokes writes one path in hundredths of a millimetre.
func (d *Doc) strokes(at []Point, width float64, grey uint8, capStyle int, mark func([]byte, int64, int64) []byte) {
	if len(at) == 0 {
		return
	}
	const unit = pointPerMM / 100
	o := d.origin
	b := fmt.Appendf(d.raw[:0], "q %.10f 0 0 %.10f %.5f %.5f cm %d J %.3f G %.2f w\n",
		unit, -unit, o.X*pointPerMM, d.pageH-o.Y*pointPerMM, capStyle, float64(grey)/255, width*100)
	for _, p := range at {
		b = mark(b, int64(math.Round((p.X-o.X)*100)), int64(math.Round((p.Y-o.Y)*100)))
	}
	b = append(b, "S Q"...)
	d.pdf.RawWriteBuf(bytes.NewReader(b))
	d.raw = b
}

func move(b []byte, x, y int64, op byte) []byte {
	b = append(strconv.AppendInt(b, x, 10), ' ')
	b = append(strconv.AppendInt(b, y, 10), ' ')
	return append(b, op, '\n')
}
