package guide

import (
	"fmt"
	"math"

	"pointille/internal/paper"
)

// placed is a tile on a page; at is where its middle lies.
type placed struct {
	tile int
	at   paper.Point
}

// tilePages sets the tiles with dots of a session on pages, row by row.
func (g *guide) tilePages(session int) []page {
	w, h := g.doc.Reach(false)
	width, height := w-2*margin-column-between, h-top-bottom
	var sheets [][]placed
	var sheet []placed
	x, y, row := 0.0, 0.0, 0.0
	for i, t := range g.tiles {
		if !g.carries(t, session) {
			continue
		}
		e := g.extentOf(t)
		tw, th := math.Max(e.right-e.left, g.captionWidth(t)), e.down-e.up+g.captionHeight()
		if x > 0 && x+tw > width {
			x, y, row = 0, y+row+1, 0
		}
		if y > 0 && y+th > height {
			sheets, sheet = append(sheets, sheet), nil
			x, y, row = 0, 0, 0
		}
		sheet = append(sheet, placed{i, paper.Point{X: margin + x - e.left, Y: top + y + g.captionHeight() - e.up}})
		x, row = x+tw+apart, math.Max(row, th)
	}
	if len(sheet) > 0 {
		sheets = append(sheets, sheet)
	}
	var pages []page
	for _, s := range sheets {
		title := fmt.Sprintf(g.text.TilesTitle, session, len(g.Plan.Sessions)) + g.trueScale()
		pages = append(pages, g.portrait(title, func() {
			for _, p := range s {
				d, _ := g.draw(p.tile, session, session)
				g.put(d, p.at)
			}
			g.legend(session)
		}))
	}
	return pages
}

// trueScale is what titles add where lengths are this client's own.
func (g *guide) trueScale() string {
	if g.Plan.Head.Scaled {
		return g.text.TrueScale
	}
	return ""
}

const (
	apart   = 4.0 // mm between tiles side by side
	large   = 4   // times true size, of the legend's second sign
	trueAt  = 1.5 // mm from the column's left edge
	largeAt = 5.8
)

// legend fills the right column below the check squares. session 0 stands for
// all of them.
func (g *guide) legend(session int) {
	w, h := g.doc.Reach(false)
	x, y := w-margin-column, top+107.0
	g.arrow(paper.Point{X: x + 4, Y: y + 9})
	g.doc.Text(x+9, y+6, strong(), g.text.Forehead)
	y += 13
	g.doc.TextCentre(x+trueAt, y, tiny(), "1:1")
	g.doc.TextCentre(x+largeAt, y, tiny(), fmt.Sprintf("%d:1", large))
	y += 3
	dots := func(l layer, s string) {
		g.putLayer(l, paper.Point{X: x + trueAt, Y: y})
		g.putLayer(l.times(large), paper.Point{X: x + largeAt, Y: y})
		y = g.doc.Paragraph(x+9, y+0.9, column-9, small(), s) + 1
	}
	row := func(l layer, s string) {
		g.putLayer(l, paper.Point{X: x + 4, Y: y})
		y = g.doc.Paragraph(x+9, y+0.9, column-9, small(), s) + 0.7
	}
	g.dotRows(session, dots)
	dots(layer{rings: []paper.Point{{}}, ring: overlapSize, grey: 110}, g.text.LegendOverlap)
	for _, l := range g.lineRows() {
		row(layer{lines: []stroke{segment(-4, 0, 4, 0, l.pen)}}, l.text)
	}
	row(layer{lines: []stroke{circle(paper.Point{}, pointSize/2, paper.Pen{Width: 0.2})}}, g.text.LegendPoints)
	y += 1.5
	letter := word{at: paper.Point{X: 1.2, Y: -1.1}, text: "A", style: registerStyle()}
	row(layer{lines: register(paper.Point{}), words: []word{letter}}, g.text.LegendCross)
	if g.Mirror {
		y = g.doc.Paragraph(x, y+1.5, column, paper.Style{Size: 7, Bold: true}, g.text.Mirrored)
	} else {
		y = g.doc.Paragraph(x, y+1.5, column, small(), g.text.LegendOutside)
	}
	y = g.doc.Paragraph(x, y, column, small(), g.text.LegendTrue)
	if side := math.Min(column, h-bottom-y-2); side > 25 {
		g.tileMap(x+(column-side)/2, y, side, session)
	}
}

// dotRows explains the dots of a session, or of all.
func (g *guide) dotRows(session int, row func(layer, string)) {
	first, last := session, session
	if session == 0 {
		first, last = 1, len(g.Plan.Sessions)
	}
	healed := hundredths(math.Max(0.05, g.Plan.Dots.HealedMM))
	for s := first; s <= last; s++ {
		l := symbols([]paper.Point{{}}, s)
		l.dots = map[int][]paper.Point{healed: {{}}}
		row(l, fmt.Sprintf(g.text.LegendPrimary, s))
	}
	if first > 1 {
		row(layer{dots: map[int][]paper.Point{healed: {{}}}, grey: 140}, g.text.LegendEarlier)
	}
}

// explained is a kind of line and its meaning.
type explained struct {
	pen  paper.Pen
	text string
}

// lineRows are the lines that tiles show.
func (g *guide) lineRows() []explained {
	out := []explained{{borderPen(), g.text.LegendBorder}}
	if g.middle != nil {
		out = append(out, explained{midlinePen(), g.text.LegendMidline})
	}
	if g.strip != nil {
		out = append(out, explained{hairlinePen(), g.text.LegendLine})
	}
	return append(out, explained{earPen(), g.text.LegendEars})
}

// arrow points up; its foot is at p.
func arrow(p paper.Point) []stroke {
	pen := paper.Pen{Width: 0.4}
	tip := paper.Point{X: p.X, Y: p.Y - 9}
	return []stroke{{pts: []paper.Point{p, tip}, pen: pen}, {pts: []paper.Point{{X: p.X - 2, Y: p.Y - 6}, tip, {X: p.X + 2, Y: p.Y - 6}}, pen: pen}}
}

// arrow draws one on the page.
func (g *guide) arrow(p paper.Point) { g.putLayer(layer{lines: arrow(p)}, paper.Point{}) }
