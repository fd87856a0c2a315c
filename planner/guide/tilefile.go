package guide

import (
	"errors"
	"fmt"
	"io"
	"math"
	"slices"

	"pointille/internal/paper"
)

// Formats returns the kinds of file that WriteTile makes.
func Formats() []string { return []string{"pdf", "svg", "dxf", "png"} }

// WriteTile writes one tile, counted from 1, with the dots of all sessions: as
// a PDF page, as an SVG or DXF drawing in millimetres with a layer for each
// session and kind of line, for stencil cutters and plotters, or as a PNG
// picture of 600 pixels per inch.
func WriteTile(w io.Writer, in Input, tile int, format string, o Options) error {
	b, err := tileFile(in, tile, format, o)
	if err != nil {
		return fmt.Errorf("making the tile: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("writing the tile: %w", err)
	}
	return nil
}

func tileFile(in Input, tile int, format string, o Options) ([]byte, error) {
	if err := isFormat(format); err != nil {
		return nil, err
	}
	g, err := newGuide(in, o)
	if err != nil {
		return nil, err
	}
	switch n := len(g.tiles); {
	case n == 0:
		return nil, fmt.Errorf("the plan has no dots, so there is no tile %d", tile)
	case tile < 1 || tile > n:
		return nil, fmt.Errorf("there is no tile %d: the plan has tiles 1 to %d", tile, n)
	}
	if format == "pdf" {
		g.addLayers()
		return g.pdf([]page{g.tilePage(tile - 1)})
	}
	return g.file(g.tileDrawing(tile-1), format)
}

// file is a drawing in a format other than PDF.
func (g *guide) file(d drawing, format string) ([]byte, error) {
	switch format {
	case "svg":
		return g.svg(d), nil
	case "dxf":
		return g.dxf(d), nil
	}
	return g.png(d)
}

func isFormat(format string) error {
	if !slices.Contains(Formats(), format) {
		return fmt.Errorf("format %q is unknown, want pdf, svg, dxf or png", format)
	}
	return nil
}

// WriteTemplate writes the hairline template by itself: as PDF pages, or in one
// piece as an SVG or DXF drawing in millimetres, with the line to cut, the
// hairline, the soft zone and the marks in layers of their own, or as a PNG
// picture of 600 pixels per inch.
func WriteTemplate(w io.Writer, in Input, format string, o Options) error {
	b, err := templateFile(in, format, o)
	if err != nil {
		return fmt.Errorf("making the template: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("writing the template: %w", err)
	}
	return nil
}

func templateFile(in Input, format string, o Options) ([]byte, error) {
	if err := isFormat(format); err != nil {
		return nil, err
	}
	g, err := newGuide(in, o)
	if err != nil {
		return nil, err
	}
	if g.strip == nil {
		return nil, errors.New("the plan has no hairline to make a template of")
	}
	if format == "pdf" {
		return g.pdf(g.stripPages())
	}
	whole, _ := g.parts(1) // on no page, so it need not fit on one
	d := g.stripDrawing(whole[0])
	d.layers = append(d.layers, layer{kind: captions})
	g.head(&d, d.box.up-3)
	g.addScale(&d)
	return g.file(d, format)
}

// tilePage is a page with one tile and all sessions.
func (g *guide) tilePage(tile int) page {
	title := fmt.Sprintf(g.text.TileTitle, tile+1, len(g.tiles)) + g.trueScale()
	return g.portrait(title, func() {
		d, _ := g.draw(tile, 1, len(g.Plan.Sessions))
		g.put(d, paper.Point{X: margin - d.box.left, Y: top + g.captionHeight() - d.box.up})
		g.legend(0)
	})
}

const scaleGap = 4.0 // mm between a tile and the ruler below it

// tileDrawing is a tile by itself, with a 50 mm square to check its scale by.
func (g *guide) tileDrawing(tile int) drawing {
	d, _ := g.draw(tile, 1, len(g.Plan.Sessions))
	g.head(&d, d.box.up-g.captionHeight()-1)
	g.addScale(&d)
	return d
}

// head writes what the file is, from y upwards.
func (g *guide) head(d *drawing, y float64) {
	last := &d.layers[len(d.layers)-1]
	say := func(st paper.Style, s string) {
		last.words = append(last.words, word{at: paper.Point{X: d.box.left, Y: y}, text: s, style: st})
		y -= st.Leading()
	}
	say(whereStyle(), fmt.Sprintf(g.text.Footer, g.Plan.Case, g.Version, g.Plan.Seed))
	if g.Mirror {
		say(captionStyle(), g.text.Mirrored)
	}
	if !g.Plan.Head.Scaled {
		say(paper.Style{Size: 13, Bold: true}, g.text.Unscaled)
		width := 0.9 * (d.box.right - d.box.left)
		size := 40 * width / g.doc.TextWidth(paper.Style{Size: 40, Bold: true}, g.text.Unscaled)
		across := word{at: paper.Point{X: (d.box.left + d.box.right) / 2, Y: (d.box.up + d.box.down) / 2},
			text: g.text.Unscaled, style: paper.Style{Size: size, Bold: true, Grey: 225}, middle: true}
		d.layers = append([]layer{{kind: captions, words: []word{across}}}, d.layers...)
		last = &d.layers[len(d.layers)-1]
	}
	for _, w := range last.words {
		d.box.right = math.Max(d.box.right, w.at.X+g.doc.TextWidth(w.style, w.text))
	}
	d.box.up = y - 2
}

// addScale puts a 50 mm square below the drawing.
func (g *guide) addScale(d *drawing) {
	const side = 50.0
	x, y := d.box.left+1, d.box.down+scaleGap
	pen := paper.Pen{Width: 0.2}
	d.layers = append(d.layers, layer{kind: scales,
		lines: []stroke{{pts: []paper.Point{{X: x, Y: y}, {X: x + side, Y: y}, {X: x + side, Y: y + side}, {X: x, Y: y + side}}, closed: true, pen: pen}},
		words: []word{
			{at: paper.Point{X: x + side/2, Y: y + side - 1.4}, text: g.text.Square50, style: small(), middle: true},
			{at: paper.Point{X: x + 8, Y: y + 8}, text: g.text.Forehead, style: strong()},
		},
	})
	last := &d.layers[len(d.layers)-1]
	last.lines = append(last.lines, arrow(paper.Point{X: x + 5, Y: y + 12})...)
	const rim = 2.0 // mm of paper round everything
	d.box = extent{left: d.box.left - rim, right: math.Max(d.box.right, x+side) + rim, up: d.box.up - rim, down: y + side + rim}
}

// zoom is by how much a drawing is to be larger for this printer.
func (g *guide) zoom() float64 {
	if g.PrinterScale == 0 {
		return 1
	}
	return 1 / g.PrinterScale
}
