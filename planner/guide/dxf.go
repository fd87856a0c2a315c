package guide

import (
	"bytes"
	"fmt"
	"strings"

	"golang.org/x/text/encoding/charmap"

	"pointille/internal/paper"
)

// dxf writes a drawing in the exchange format of AutoCAD release 12, which
// cutters and plotters read: millimetres, y up, a layer for each session and
// kind of line. Dots are circles of their diameter; letters are those of the code
// page that the header names.
func (g *guide) dxf(d drawing) []byte {
	w := &dxfWriter{k: g.zoom()}
	w.pairs(0, "SECTION", 2, "HEADER", 9, "$ACADVER", 1, "AC1009", 9, "$DWGCODEPAGE", 3, codePage, 9, "$INSUNITS", 70, "4", 9, "$MEASUREMENT", 70, "1",
		9, "$EXTMIN", 10, w.n(d.box.left), 20, w.n(-d.box.down), 9, "$EXTMAX", 10, w.n(d.box.right), 20, w.n(-d.box.up), 0, "ENDSEC")
	w.tables(d)
	w.pairs(0, "SECTION", 2, "ENTITIES")
	for _, l := range d.layers {
		w.layer(l)
	}
	w.pairs(0, "ENDSEC", 0, "EOF")
	return w.b.Bytes()
}

// dxfWriter writes group codes and values, lengths times k.
type dxfWriter struct {
	b bytes.Buffer
	k float64
}

func (w *dxfWriter) pairs(list ...any) {
	for i := 0; i+1 < len(list); i += 2 {
		fmt.Fprintf(&w.b, "%3d\r\n%v\r\n", list[i], list[i+1])
	}
}

func (w *dxfWriter) n(v float64) string { return mm(v * w.k) }

// tables names the line type and the layers.
func (w *dxfWriter) tables(d drawing) {
	var names []string
	for _, l := range d.layers {
		if name := l.code(); !l.empty() && !strings.Contains(strings.Join(names, " ")+" ", name+" ") {
			names = append(names, name)
		}
	}
	w.pairs(0, "SECTION", 2, "TABLES", 0, "TABLE", 2, "LTYPE", 70, 1,
		0, "LTYPE", 2, "CONTINUOUS", 70, 0, 3, "Solid line", 72, 65, 73, 0, 40, "0", 0, "ENDTAB",
		0, "TABLE", 2, "LAYER", 70, len(names))
	for _, name := range names {
		w.pairs(0, "LAYER", 2, name, 70, 0, 62, 7, 6, "CONTINUOUS")
	}
	w.pairs(0, "ENDTAB", 0, "ENDSEC")
}

func (w *dxfWriter) layer(l layer) {
	name := l.code()
	for _, size := range l.sizes() {
		for _, p := range l.dots[size] {
			w.circle(name, p, float64(size)/200)
		}
	}
	for _, p := range l.rings {
		w.circle(name, p, l.ring/2)
	}
	for _, p := range l.crosses {
		for _, s := range cross(p, crossSize/2, paper.Pen{}) {
			w.line(name, s)
		}
	}
	for _, s := range l.lines {
		w.line(name, s)
	}
	for _, t := range l.words {
		w.word(name, t)
	}
}

func (w *dxfWriter) circle(layer string, c paper.Point, r float64) {
	w.pairs(0, "CIRCLE", 8, layer, 10, w.n(c.X), 20, w.n(-c.Y), 30, "0", 40, w.n(r))
}

func (w *dxfWriter) line(layer string, s stroke) {
	closed := 0
	if s.closed {
		closed = 1
	}
	w.pairs(0, "POLYLINE", 8, layer, 66, 1, 70, closed, 10, "0", 20, "0", 30, "0")
	for _, p := range s.pts {
		w.pairs(0, "VERTEX", 8, layer, 10, w.n(p.X), 20, w.n(-p.Y), 30, "0")
	}
	w.pairs(0, "SEQEND", 8, layer)
}

func (w *dxfWriter) word(layer string, t word) {
	const capital = 0.72 * 25.4 / 72 // mm of a capital letter per point
	x, y := w.n(t.at.X), w.n(-t.at.Y)
	w.pairs(0, "TEXT", 8, layer, 10, x, 20, y, 30, "0", 40, w.n(capital*t.style.Size), 1, dxfText(t.text))
	if t.middle {
		w.pairs(72, 1, 11, x, 21, y, 31, "0")
	}
}

// codePage has the letters of all languages of the guide, and is named in the
// drawing.
const codePage = "ANSI_1257"

// dxfText writes text in the code page, and by their number the letters that it
// has not.
func dxfText(s string) string {
	var b strings.Builder
	for _, r := range s {
		c, ok := charmap.Windows1257.EncodeRune(r)
		switch {
		case r < ' ':
			b.WriteByte(' ')
		case ok:
			b.WriteByte(c)
		default:
			fmt.Fprintf(&b, `\U+%04X`, r)
		}
	}
	return b.String()
}
