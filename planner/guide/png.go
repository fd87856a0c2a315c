package guide

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/draw"
	"image/png"
	"math"

	"github.com/fogleman/gg"
	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"

	"pointille/internal/paper"
	"pointille/internal/typeface"
)

const (
	dpi      = 600
	maxPixel = 12000 // on a side; no tile on paper is half a metre wide
)

// png draws a picture that says how large it is to be printed.
func (g *guide) png(d drawing) ([]byte, error) {
	k := g.zoom() * dpi / 25.4
	w, h := int(math.Ceil((d.box.right-d.box.left)*k)), int(math.Ceil((d.box.down-d.box.up)*k))
	if w < 1 || h < 1 || w > maxPixel || h > maxPixel {
		return nil, fmt.Errorf("the drawing would make a picture of %d × %d pixels", w, h)
	}
	plain, bold, err := typeface.Go()
	if err != nil {
		return nil, err
	}
	c := gg.NewContext(w, h)
	c.SetRGB(1, 1, 1)
	c.Clear()
	r := raster{c: c, k: k, left: d.box.left, up: d.box.up, plain: plain, bold: bold}
	for _, l := range d.layers {
		r.layer(l)
	}
	out := image.NewGray(c.Image().Bounds())
	draw.Draw(out, out.Bounds(), c.Image(), image.Point{}, draw.Src)
	var b bytes.Buffer
	if err := png.Encode(&b, out); err != nil {
		return nil, fmt.Errorf("encoding the picture: %w", err)
	}
	return withResolution(b.Bytes(), dpi)
}

// raster draws layers on a picture of k pixels per millimetre.
type raster struct {
	c           *gg.Context
	k, left, up float64
	plain, bold *truetype.Font
}

func (r raster) at(p paper.Point) (x, y float64) { return (p.X - r.left) * r.k, (p.Y - r.up) * r.k }

func (r raster) layer(l layer) {
	r.ink(l.grey)
	for _, size := range l.sizes() {
		for _, p := range l.dots[size] {
			x, y := r.at(p)
			r.c.DrawCircle(x, y, float64(size)/200*r.k)
			r.c.Fill()
		}
	}
	for _, p := range l.rings {
		x, y := r.at(p)
		r.c.SetLineWidth(hair * r.k)
		r.c.DrawCircle(x, y, l.ring/2*r.k)
		r.c.Stroke()
	}
	for _, p := range l.crosses {
		for _, s := range cross(p, crossSize/2, paper.Pen{Width: hair}) {
			r.line(s)
		}
	}
	for _, s := range l.lines {
		r.line(s)
	}
	for _, w := range l.words {
		r.word(w)
	}
}

func (r raster) ink(grey uint8) { r.c.SetRGB255(int(grey), int(grey), int(grey)) }

func (r raster) line(s stroke) {
	r.ink(s.pen.Grey)
	r.c.SetLineWidth(s.pen.Width * r.k)
	var dash []float64
	for _, v := range s.pen.Dash {
		dash = append(dash, v*r.k)
	}
	r.c.SetDash(dash...)
	for i, p := range s.pts {
		x, y := r.at(p)
		if i == 0 {
			r.c.MoveTo(x, y)
		} else {
			r.c.LineTo(x, y)
		}
	}
	if s.closed {
		r.c.ClosePath()
	}
	r.c.Stroke()
	r.c.SetDash()
}

func (r raster) word(w word) {
	f := r.plain
	if w.style.Bold {
		f = r.bold
	}
	// a pixel per point of a 72 dpi screen: size in pixels
	size := w.style.Size * 25.4 / 72 * r.k
	r.c.SetFontFace(truetype.NewFace(f, &truetype.Options{Size: size, DPI: 72, Hinting: font.HintingNone}))
	r.ink(w.style.Grey)
	x, y := r.at(w.at)
	if w.middle {
		width, _ := r.c.MeasureString(w.text)
		x -= width / 2
	}
	r.c.DrawString(w.text, x, y)
}

// withResolution adds the chunk by which viewers print a PNG at its size.
func withResolution(b []byte, perInch float64) ([]byte, error) {
	const head = 8 + 4 + 4 + 13 + 4 // signature and header chunk
	if len(b) < head {
		return nil, errors.New("encoding the picture: too short")
	}
	chunk := binary.BigEndian.AppendUint32(nil, 9)
	chunk = append(chunk, "pHYs"...)
	perMetre := uint32(math.Round(perInch / 0.0254))
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = binary.BigEndian.AppendUint32(chunk, perMetre)
	chunk = append(chunk, 1) // the unit is the metre
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	out := append([]byte{}, b[:head]...)
	return append(append(out, chunk...), b[head:]...), nil
}
