package guide

import (
	"bytes"
	"encoding/xml"
	"fmt"
	"strconv"
	"strings"

	"pointille/internal/paper"
)

// svg writes a drawing as SVG: one user unit is a millimetre, each layer is a
// group that drawing programs list by its name. Dots are circles, since
// stencil cutters pass over strokes without length.
func (g *guide) svg(d drawing) []byte {
	var b bytes.Buffer
	w, h, k := d.box.right-d.box.left, d.box.down-d.box.up, g.zoom()
	b.WriteString(`<?xml version="1.0" encoding="UTF-8"?>` + "\n")
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" xmlns:inkscape="http://www.inkscape.org/namespaces/inkscape" width="%smm" height="%smm" viewBox="%s %s %s %s">`+"\n",
		mm(w*k), mm(h*k), mm(d.box.left), mm(d.box.up), mm(w), mm(h))
	fmt.Fprintf(&b, "<title>%s</title>\n", escaped(g.text.Title+" "+g.Plan.Case))
	for i, l := range d.layers {
		if l.empty() {
			continue
		}
		fmt.Fprintf(&b, `<g id="%s" inkscape:groupmode="layer" inkscape:label="%s">`+"\n", svgID(l, i), escaped(g.layerName(l)))
		g.svgLayer(&b, l)
		b.WriteString("</g>\n")
	}
	b.WriteString("</svg>\n")
	return b.Bytes()
}

// svgID is the same in every language.
func svgID(l layer, i int) string {
	return fmt.Sprintf("%s-%d", strings.ToLower(strings.ReplaceAll(l.code(), "_", "-")), i)
}

func (g *guide) svgLayer(b *bytes.Buffer, l layer) {
	for _, size := range l.sizes() {
		fmt.Fprintf(b, `<g fill="%s">`+"\n", grey(l.grey))
		for _, p := range l.dots[size] {
			fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"/>`+"\n", mm(p.X), mm(p.Y), mm(float64(size)/200))
		}
		b.WriteString("</g>\n")
	}
	if len(l.rings) > 0 {
		fmt.Fprintf(b, `<g fill="none" stroke="%s" stroke-width="%s">`+"\n", grey(l.grey), mm(hair))
		for _, p := range l.rings {
			fmt.Fprintf(b, `<circle cx="%s" cy="%s" r="%s"/>`+"\n", mm(p.X), mm(p.Y), mm(l.ring/2))
		}
		b.WriteString("</g>\n")
	}
	for _, p := range l.crosses {
		for _, s := range cross(p, crossSize/2, paper.Pen{Width: hair}) {
			svgLine(b, s)
		}
	}
	for _, s := range l.lines {
		svgLine(b, s)
	}
	for _, w := range l.words {
		svgWord(b, w, g.doc.TextWidth(w.style, w.text))
	}
}

func svgLine(b *bytes.Buffer, s stroke) {
	b.WriteString(`<path fill="none" stroke-linejoin="round" stroke="` + grey(s.pen.Grey) + `" stroke-width="` + mm(s.pen.Width) + `"`)
	if len(s.pen.Dash) > 0 {
		var dash []string
		for _, v := range s.pen.Dash {
			dash = append(dash, mm(v))
		}
		b.WriteString(` stroke-dasharray="` + strings.Join(dash, " ") + `"`)
	}
	b.WriteString(` d="`)
	for i, p := range s.pts {
		op := "L"
		if i == 0 {
			op = "M"
		}
		b.WriteString(op + mm(p.X) + " " + mm(p.Y))
	}
	if s.closed {
		b.WriteString("Z")
	}
	b.WriteString("\"/>\n")
}

// svgWord writes as wide as the pages' font would, whichever font the reader has:
// others are wider and would run out of the drawing.
func svgWord(b *bytes.Buffer, w word, width float64) {
	anchor, weight := "start", "normal"
	if w.middle {
		anchor = "middle"
	}
	if w.style.Bold {
		weight = "bold"
	}
	const pt = 25.4 / 72
	fmt.Fprintf(b, `<text x="%s" y="%s" font-family="Go, DejaVu Sans, sans-serif" font-size="%s" font-weight="%s" text-anchor="%s" textLength="%s" lengthAdjust="spacingAndGlyphs" fill="%s">%s</text>`+"\n",
		mm(w.at.X), mm(w.at.Y), mm(w.style.Size*pt), weight, anchor, mm(width), grey(w.style.Grey), escaped(w.text))
}

// mm writes a length to a thousandth of a millimetre.
func mm(v float64) string {
	s := strings.TrimRight(strings.TrimRight(strconv.FormatFloat(v, 'f', 3, 64), "0"), ".")
	if s == "-0" {
		return "0"
	}
	return s
}

func grey(v uint8) string { return fmt.Sprintf("#%02x%02x%02x", v, v, v) }

func escaped(s string) string {
	var b bytes.Buffer
	_ = xml.EscapeText(&b, []byte(s)) // a buffer takes everything
	return b.String()
}
