package guide

import (
	"fmt"
	"math"
	"slices"
	"strconv"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/planner/craft"
)

const (
	captionHeight = 6.5  // mm above a tile
	ringSize      = 0.55 // mm, ring round a dot of session 2
	crossSize     = 0.8  // mm, cross through a dot of session 3
	overlapSize   = 0.4  // mm, ring that stands for a neighbour's dot
	hair          = 0.05 // mm, finest line of such marks
)

// placed is a tile on a page; at is where its seed lies.
type placed struct {
	tile int
	at   paper.Point
	box  extent
}

// extent is what a tile covers on paper round its seed, y down.
type extent struct{ left, right, up, down float64 }

// extent returns the room a tile takes: its outline and the overlap.
func (g *guide) extent(t Tile) extent {
	e := extent{}
	for _, list := range [][]paper.Point{t.Outline, t.nearAt, t.ownAt} {
		for _, p := range list {
			x := g.flip() * p.X
			e.left, e.right = math.Min(e.left, x), math.Max(e.right, x)
			e.up, e.down = math.Min(e.up, -p.Y), math.Max(e.down, -p.Y)
		}
	}
	const pad = 2.5 // for the numbers of the neighbours
	return extent{e.left - pad, e.right + pad, e.up - pad, e.down + pad}
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
		e := g.extent(t)
		tw, th := math.Max(e.right-e.left, g.captionWidth(t)), e.down-e.up+captionHeight
		if x > 0 && x+tw > width {
			x, y, row = 0, y+row+1, 0
		}
		if y > 0 && y+th > height {
			sheets, sheet = append(sheets, sheet), nil
			x, y, row = 0, 0, 0
		}
		sheet = append(sheet, placed{i, paper.Point{X: margin + x - e.left, Y: top + y + captionHeight - e.up}, e})
		x, row = x+tw+1, math.Max(row, th)
	}
	if len(sheet) > 0 {
		sheets = append(sheets, sheet)
	}
	var pages []page
	for _, s := range sheets {
		title := fmt.Sprintf(g.text.TilesTitle, session, len(g.Plan.Sessions))
		pages = append(pages, g.portrait(title, func() {
			for _, p := range s {
				g.tile(p, session)
			}
			g.legend(session)
		}))
	}
	return pages
}

// tile draws one tile with the dots of a session.
func (g *guide) tile(p placed, session int) {
	t := g.tiles[p.tile]
	on := func(q paper.Point) paper.Point {
		return paper.Point{X: p.at.X + g.flip()*q.X, Y: p.at.Y - q.Y}
	}
	outline := make([]paper.Point, len(t.Outline))
	for i, q := range t.Outline {
		outline[i] = on(q)
	}
	g.doc.Polyline(outline, true, paper.Pen{Width: 0.12, Grey: 110})
	g.landmarks(t, on)
	g.doc.Origin(paper.Point{X: math.Floor(p.at.X + p.box.left), Y: math.Floor(p.at.Y + p.box.up)})
	count := g.dots(t, session, on)
	g.registers(p.tile, on)
	g.caption(t, p, count)
}

// dots draws the session's dots of a tile and returns how many are its own.
func (g *guide) dots(t Tile, session int, on func(paper.Point) paper.Point) int {
	own := map[int][]paper.Point{}  // by diameter, hundredths of a millimetre
	past := map[int][]paper.Point{} // likewise, of earlier sessions
	var beyond, all []paper.Point
	for i, k := range t.Own {
		d := g.Dots[k]
		size := hundredths(d.Diameter)
		switch {
		case d.Session == session:
			own[size] = append(own[size], on(t.ownAt[i]))
			all = append(all, on(t.ownAt[i]))
		case d.Session < session:
			past[size] = append(past[size], on(t.ownAt[i]))
		}
	}
	for i, k := range t.Near {
		if g.Dots[k].Session == session {
			beyond = append(beyond, on(t.nearAt[i]))
		}
	}
	if len(past) > 0 {
		g.doc.InLayer(g.earlier, func() { g.discs(past, 140) })
	}
	if len(beyond) > 0 {
		g.doc.InLayer(g.overlap, func() { g.doc.Rings(beyond, overlapSize, hair, 110) })
	}
	g.doc.InLayer(g.session[session-1], func() {
		g.symbols(all, session)
		g.discs(own, 0)
	})
	return len(all)
}

func hundredths(mm float64) int { return max(1, int(math.Round(mm*100))) }

// discs draws dots, smallest diameter first.
func (g *guide) discs(by map[int][]paper.Point, grey uint8) {
	for size := 1; size <= 200; size++ {
		g.doc.Discs(by[size], float64(size)/100, grey)
	}
}

// symbols tells sessions apart without colour: nothing, a ring, a cross, both,
// and again from the fifth on.
func (g *guide) symbols(at []paper.Point, session int) {
	kind := (session - 1) % 4
	if kind == 1 || kind == 3 {
		g.doc.Rings(at, ringSize, hair, 0)
	}
	if kind == 2 || kind == 3 {
		g.doc.Crosses(at, crossSize, hair, 0)
	}
}

// landmarks draws midline and hairline where they cross the tile.
func (g *guide) landmarks(t Tile, on func(paper.Point) paper.Point) {
	if g.middle != nil {
		g.trace(t, g.middle.steps, on, paper.Pen{Width: 0.12, Grey: 60, Dash: []float64{4, 1, 0.6, 1}})
	}
	if g.strip != nil {
		g.trace(t, g.strip.on, on, paper.Pen{Width: 0.25})
	}
	const arm = 2.0
	c := on(paper.Point{})
	g.doc.Line(paper.Point{X: c.X - arm, Y: c.Y}, paper.Point{X: c.X + arm, Y: c.Y}, paper.Pen{Width: 0.1})
	g.doc.Line(paper.Point{X: c.X, Y: c.Y - arm}, paper.Point{X: c.X, Y: c.Y + arm}, paper.Pen{Width: 0.1})
}

// trace draws the parts of a line on the skin that lie on the tile or its overlap.
func (g *guide) trace(t Tile, line []step, on func(paper.Point) paper.Point, pen paper.Pen) {
	var part []paper.Point
	for _, st := range line {
		inside := st.p.Sub(t.Seed).Norm() < t.chart.reach-2
		var q paper.Point
		if inside {
			q, _ = t.Flatten(st.p)
			inside = math.Hypot(q.X, q.Y) < t.radius(q)+craft.TileOverlap().Value
		}
		if inside {
			part = append(part, on(q))
			continue
		}
		g.doc.Polyline(part, false, pen)
		part = nil
	}
	g.doc.Polyline(part, false, pen)
}

// registers draws the places a tile shares with its neighbours, and the
// neighbours' numbers beyond its border.
func (g *guide) registers(tile int, on func(paper.Point) paper.Point) {
	t := g.tiles[tile]
	for _, m := range g.marks {
		if !slices.Contains(m.tiles, tile) {
			continue
		}
		q, _ := t.Flatten(m.p)
		g.register(on(q), m.label)
	}
	for j := range g.tiles {
		if run := borderRun(t, j); len(run) > 2 {
			g.neighbour(t, run[len(run)/2], g.tiles[j].Number, on)
		}
	}
}

func (g *guide) register(c paper.Point, label string) {
	pen := paper.Pen{Width: 0.15}
	const arm, r = 2.0, 1.1
	g.doc.Line(paper.Point{X: c.X - arm, Y: c.Y}, paper.Point{X: c.X + arm, Y: c.Y}, pen)
	g.doc.Line(paper.Point{X: c.X, Y: c.Y - arm}, paper.Point{X: c.X, Y: c.Y + arm}, pen)
	g.doc.Circle(c, r, pen)
	g.doc.Text(c.X+0.9, c.Y-1.1, paper.Style{Size: 6, Bold: true}, label)
}

// neighbour writes the number of the tile beyond a place of the border.
func (g *guide) neighbour(t Tile, p headframe.Vec, number int, on func(paper.Point) paper.Point) {
	q, _ := t.Flatten(p)
	r := math.Hypot(q.X, q.Y)
	if r < 1 {
		return
	}
	k := (r + craft.TileOverlap().Value + 1) / r
	c := on(paper.Point{X: q.X * k, Y: q.Y * k})
	g.doc.TextCentre(c.X, c.Y+1, paper.Style{Size: 7.5, Bold: true, Grey: 120}, strconv.Itoa(number))
}

// caption says what a tile is and where it lies.
func (g *guide) caption(t Tile, p placed, count int) {
	x, y := p.at.X+p.box.left, p.at.Y+p.box.up-captionHeight
	g.doc.Text(x, y+2.5, captionStyle(), g.called(t, count))
	if g.middle != nil {
		g.doc.Text(x, y+5.3, whereStyle(), g.wheres[t.Number-1])
	}
}

// captionWidth is the room a caption needs, mm.
func (g *guide) captionWidth(t Tile) float64 {
	w := g.doc.TextWidth(captionStyle(), g.called(t, len(t.Own)))
	if g.middle != nil {
		w = math.Max(w, g.doc.TextWidth(whereStyle(), g.wheres[t.Number-1]))
	}
	return w + 1
}

func captionStyle() paper.Style { return paper.Style{Size: 7, Bold: true} }
func whereStyle() paper.Style   { return paper.Style{Size: 6} }

func (g *guide) called(t Tile, count int) string {
	return fmt.Sprintf(g.text.TileCaption, t.Number, count, math.Max(0.1, 100*t.Stretch))
}

func (g *guide) where(t Tile) string {
	back, side := g.middle.place(g.Surface, t.Seed)
	across := g.text.TileMiddle
	switch {
	case side >= 0.5:
		across = fmt.Sprintf(g.text.TileLeft, side)
	case side <= -0.5:
		across = fmt.Sprintf(g.text.TileRight, -side)
	}
	if back < 0 {
		return fmt.Sprintf(g.text.TileBefore, -back, across)
	}
	return fmt.Sprintf(g.text.TileBehind, back, across)
}

// legend fills the right column below the check squares.
func (g *guide) legend(session int) {
	w, h := g.doc.Reach(false)
	x, y := w-margin-column, top+107.0
	g.arrow(paper.Point{X: x + 4, Y: y + 9})
	g.doc.Text(x+9, y+6, strong(), g.text.Forehead)
	y += 13
	at := func() []paper.Point { return []paper.Point{{X: x + 4, Y: y}} }
	row := func(s string, draw func()) {
		draw()
		y = g.doc.Paragraph(x+9, y+0.9, column-9, small(), s) + 0.7
	}
	row(fmt.Sprintf(g.text.LegendPrimary, session), func() {
		g.symbols(at(), session)
		g.doc.Discs(at(), math.Max(0.05, g.Plan.Dots.HealedMM), 0)
	})
	if session > 1 {
		row(g.text.LegendEarlier, func() { g.doc.Discs(at(), math.Max(0.05, g.Plan.Dots.HealedMM), 140) })
	}
	row(g.text.LegendOverlap, func() { g.doc.Rings(at(), overlapSize, hair, 110) })
	row(g.text.LegendBorder, func() {
		g.doc.Line(paper.Point{X: x, Y: y}, paper.Point{X: x + 8, Y: y}, paper.Pen{Width: 0.12, Grey: 110})
	})
	if g.middle != nil {
		row(g.text.LegendMidline, func() {
			g.doc.Line(paper.Point{X: x, Y: y}, paper.Point{X: x + 8, Y: y}, paper.Pen{Width: 0.12, Grey: 60, Dash: []float64{4, 1, 0.6, 1}})
		})
	}
	if g.strip != nil {
		row(g.text.LegendLine, func() {
			g.doc.Line(paper.Point{X: x, Y: y}, paper.Point{X: x + 8, Y: y}, paper.Pen{Width: 0.25})
		})
	}
	y += 1.5
	row(g.text.LegendCross, func() { g.register(paper.Point{X: x + 4, Y: y}, "A") })
	y = g.doc.Paragraph(x, y+1.5, column, small(), g.text.LegendTrue)
	if g.Mirror {
		y = g.doc.Paragraph(x, y+1, column, paper.Style{Size: 7, Bold: true}, g.text.Mirrored)
	}
	if side := math.Min(column, h-bottom-y-2); side > 25 {
		g.tileMap(x+(column-side)/2, y, side, session)
	}
}

// arrow points up; its foot is at p.
func (g *guide) arrow(p paper.Point) {
	pen := paper.Pen{Width: 0.4}
	tip := paper.Point{X: p.X, Y: p.Y - 9}
	g.doc.Line(p, tip, pen)
	g.doc.Polyline([]paper.Point{{X: p.X - 2, Y: p.Y - 6}, tip, {X: p.X + 2, Y: p.Y - 6}}, false, pen)
}
