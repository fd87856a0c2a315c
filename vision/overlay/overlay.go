// Package overlay draws a survey over its photo for the artist to read: the
// hairline, density as a tint, zones, bald areas, a scale bar, and a panel
// below with the numbers and the warnings.
//
// The drawing is at most 1400 pixels on the photo's long side. Errors are
// those of resizing and of reading the embedded font.
package overlay

import (
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"math"

	"github.com/disintegration/imaging"
	"github.com/fogleman/gg"
	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"

	"pointille/internal/cvx"
	"pointille/internal/typeface"
	"pointille/vision/headmap"
	"pointille/vision/survey"
)

const longSide = 1400

// Input is a survey with what is drawn.
type Input struct {
	Photo   image.Image // upright
	Survey  *survey.Survey
	Regions *image.Gray   // nil on macro views, like Density
	Density *image.Gray16 // hundredths of hairs per cm²
	Zones   *headmap.Map  // with ZoneOf; nil without a camera
	ZoneOf  func(k int) string
}

// Draw returns the drawing, which nothing shines through.
func Draw(in Input) (*image.RGBA, error) {
	regular, bold, err := typeface.Go()
	if err != nil {
		return nil, err
	}
	d := newDrawing(in, regular, bold)
	d.tint()
	d.zoneBorders()
	d.baldAreas()
	d.hairlines()
	d.roots()
	d.scaleBar()
	d.panel()
	out, ok := d.dc.Image().(*image.RGBA)
	if !ok {
		return nil, fmt.Errorf("the drawing is kept as %T", d.dc.Image())
	}
	return out, nil
}

type drawing struct {
	in      Input
	dc      *gg.Context
	k       float64 // drawing pixels per photo pixel
	w, h    int     // of the photo in the drawing
	em      float64
	regular *truetype.Font
	bold    *truetype.Font
}

func newDrawing(in Input, regular, bold *truetype.Font) *drawing {
	b := in.Photo.Bounds()
	k := min(1, float64(longSide)/float64(max(b.Dx(), b.Dy())))
	w, h := max(1, int(float64(b.Dx())*k)), max(1, int(float64(b.Dy())*k))
	d := &drawing{in: in, k: k, w: w, h: h, regular: regular, bold: bold}
	d.em = max(11, float64(w)/52)
	d.dc = gg.NewContext(w, h+int(d.em*d.panelLines()*1.45+d.em))
	d.dc.SetRGB255(22, 24, 28)
	d.dc.Clear()
	d.lay(reduced(in.Photo, w, h))
	return d
}

// lay puts a picture over the drawing, pixel on pixel. (The drawing library
// resamples it for that, which took most of the time of a drawing.)
func (d *drawing) lay(img image.Image) {
	if canvas, ok := d.dc.Image().(draw.Image); ok {
		draw.Draw(canvas, img.Bounds(), img, image.Point{}, draw.Over)
		return
	}
	d.dc.DrawImage(img, 0, 0)
}

// reduced is the photo at the drawing's size. Photos come as NRGBA, for which
// there is a quick way.
func reduced(photo image.Image, w, h int) image.Image {
	if img, ok := photo.(*image.NRGBA); ok {
		if small, err := cvx.Resize(img, w, h, cvx.Area); err == nil {
			return small
		}
	}
	return imaging.Resize(photo, w, h, imaging.Box)
}

func (d *drawing) face(f *truetype.Font, size float64) font.Face {
	return truetype.NewFace(f, &truetype.Options{Size: size})
}

// at returns the drawing position of a photo pixel.
func (d *drawing) at(p [2]float64) (x, y float64) {
	return (p[0] + 0.5) * d.k, (p[1] + 0.5) * d.k
}

// tint lays the density over the scalp: clear where full, warm where thin.
func (d *drawing) tint() {
	if d.in.Density == nil || d.in.Regions == nil {
		return
	}
	layer := image.NewNRGBA(image.Rect(0, 0, d.w, d.h))
	var colours [fullHair + 1]color.NRGBA // one for each hair per cm²
	for q := range colours {
		colours[q] = heat(float64(q))
	}
	regions, density := d.in.Regions, d.in.Density
	for y := range d.h {
		v := min(int(float64(y)/d.k), regions.Rect.Dy()-1)
		for x := range d.w {
			u := min(int(float64(x)/d.k), regions.Rect.Dx()-1)
			if regions.Pix[v*regions.Stride+u] == survey.Scalp {
				q := density.Pix[v*density.Stride+2*u:]
				layer.SetNRGBA(x, y, colours[min(fullHair, (int(q[0])<<8+int(q[1])+50)/100)])
			}
		}
	}
	d.lay(layer)
}

// fullHair is the density from which a scalp is tinted as full, hairs/cm².
const fullHair = 180

// heat is the colour of a density, hairs/cm²: red bare, amber thin, green full.
func heat(perCM2 float64) color.NRGBA {
	stops := []struct {
		at      float64
		r, g, b float64
	}{{0, 214, 64, 58}, {50, 240, 150, 60}, {110, 226, 214, 92}, {fullHair, 92, 190, 120}}
	for i := 1; i < len(stops); i++ {
		a, b := stops[i-1], stops[i]
		if perCM2 <= b.at || i == len(stops)-1 {
			t := min(1, max(0, (perCM2-a.at)/(b.at-a.at)))
			return color.NRGBA{uint8(a.r + t*(b.r-a.r)), uint8(a.g + t*(b.g-a.g)), uint8(a.b + t*(b.b-a.b)), 62}
		}
	}
	return color.NRGBA{}
}

// zoneBorders draws where neighbouring cells lie in different zones, and each
// zone's name at its middle.
func (d *drawing) zoneBorders() {
	m := d.in.Zones
	if m == nil || d.in.Regions == nil {
		return
	}
	type middle struct{ x, y, n float64 }
	names, order := map[string]*middle{}, []string{}
	d.dc.SetRGBA(1, 1, 1, 0.55)
	for k := range m.P {
		z := d.zone(k)
		if z == "" {
			continue
		}
		x, y := d.cell(k)
		if names[z] == nil {
			names[z] = &middle{}
			order = append(order, z)
		}
		names[z].x, names[z].y, names[z].n = names[z].x+x, names[z].y+y, names[z].n+1
		for _, next := range []int{k + 1, k + m.W} {
			if next < len(m.P) && d.zone(next) != "" && d.zone(next) != z {
				x2, y2 := d.cell(next)
				d.dc.DrawCircle((x+x2)/2, (y+y2)/2, max(0.7, d.em/16))
				d.dc.Fill()
			}
		}
	}
	d.dc.SetFontFace(d.face(d.regular, d.em*0.82))
	for _, z := range order {
		if q := names[z]; q.n > 60 {
			d.label(readable(z), q.x/q.n, q.y/q.n)
		}
	}
}

func (d *drawing) zone(k int) string {
	m := d.in.Zones
	if !m.Hit[k] {
		return ""
	}
	x, y := m.Centre(k%m.W, k/m.W)
	if d.in.Regions.GrayAt(int(x+0.5), int(y+0.5)).Y != survey.Scalp {
		return ""
	}
	return d.in.ZoneOf(k)
}

func (d *drawing) cell(k int) (x, y float64) {
	px, py := d.in.Zones.Centre(k%d.in.Zones.W, k/d.in.Zones.W)
	return d.at([2]float64{px, py})
}

func readable(zone string) string {
	out := []byte(zone)
	for i, c := range out {
		if c == '_' {
			out[i] = ' '
		}
	}
	return string(out)
}

// label writes text with a dark halo, centred.
func (d *drawing) label(s string, x, y float64) {
	d.dc.SetRGBA(0, 0, 0, 0.6)
	for _, o := range [][2]float64{{-1, 0}, {1, 0}, {0, -1}, {0, 1}} {
		d.dc.DrawStringAnchored(s, x+o[0], y+o[1], 0.5, 0.5)
	}
	d.dc.SetRGB(1, 1, 1)
	d.dc.DrawStringAnchored(s, x, y, 0.5, 0.5)
}

func (d *drawing) baldAreas() {
	for _, b := range d.in.Survey.Bald {
		for i, p := range b.Polygon {
			x, y := d.at(p)
			if i == 0 {
				d.dc.MoveTo(x, y)
			} else {
				d.dc.LineTo(x, y)
			}
		}
		d.dc.ClosePath()
		d.dc.SetDash(d.em/2, d.em/3)
		d.dc.SetLineWidth(max(1.2, d.em/9))
		d.dc.SetRGBA(1, 0.35, 0.3, 0.9)
		d.dc.Stroke()
		d.dc.SetDash()
	}
}

func (d *drawing) hairlines() {
	for _, l := range d.in.Survey.Hairline {
		for _, pass := range []struct{ width, r, g, b, a float64 }{
			{d.em / 3.2, 0, 0, 0, 0.5}, {d.em / 5.5, 1, 0.92, 0.2, 1},
		} {
			for i, p := range l.Points {
				x, y := d.at(p)
				if i == 0 {
					d.dc.MoveTo(x, y)
				} else {
					d.dc.LineTo(x, y)
				}
			}
			if l.Confidence < 0.5 {
				d.dc.SetDash(d.em/2, d.em/3)
			}
			d.dc.SetLineWidth(pass.width)
			d.dc.SetRGBA(pass.r, pass.g, pass.b, pass.a)
			d.dc.Stroke()
			d.dc.SetDash()
		}
	}
}

// roots marks each counted hair of a close-up.
func (d *drawing) roots() {
	if d.in.Survey.Count == nil {
		return
	}
	for _, p := range d.in.Survey.Count.Points {
		x, y := d.at(p)
		d.dc.DrawCircle(x, y, d.em/3)
		d.dc.SetLineWidth(max(1, d.em/10))
		d.dc.SetRGBA(1, 0.92, 0.2, 0.95)
		d.dc.Stroke()
	}
}

// scaleBar draws a round length at the bottom left, true at the place where
// the scale is stated.
func (d *drawing) scaleBar() {
	s := d.in.Survey.Scale
	if !s.Known() {
		return
	}
	mm := niceLength(float64(d.w) * 0.22 / d.k * s.MMPerPx)
	length := mm / s.MMPerPx * d.k
	x, y := d.em, float64(d.h)-d.em
	d.dc.SetLineWidth(d.em / 3)
	d.dc.SetRGBA(0, 0, 0, 0.6)
	d.dc.DrawLine(x, y, x+length, y)
	d.dc.Stroke()
	d.dc.SetLineWidth(d.em / 6)
	d.dc.SetRGB(1, 1, 1)
	d.dc.DrawLine(x, y, x+length, y)
	d.dc.Stroke()
	text := fmt.Sprintf("%g mm", mm)
	if !s.Measured() {
		text = fmt.Sprintf("about %g mm (average head)", mm)
	}
	d.dc.SetFontFace(d.face(d.regular, d.em*0.9))
	tw, _ := d.dc.MeasureString(text)
	d.label(text, x+max(length, tw)/2, y-d.em)
}

// niceLength is the largest of 1, 2, 5 times a power of ten up to mm.
func niceLength(mm float64) float64 {
	p := math.Pow(10, math.Floor(math.Log10(max(mm, 1e-3))))
	for _, m := range []float64{5, 2, 1} {
		if m*p <= mm {
			return m * p
		}
	}
	return p
}
