package guide

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/planner/craft"
)

const (
	ringSize    = 0.55 // mm, ring round a dot of session 2
	crossSize   = 0.8  // mm, cross through a dot of session 3
	overlapSize = 0.4  // mm, ring that stands for a neighbour's dot
	hair        = 0.05 // mm, finest line of such marks
)

// extentOf returns the room a tile takes: its outline and the overlap.
func (g *guide) extentOf(t Tile) extent {
	e := extent{}
	for _, list := range [][]paper.Point{t.Outline, t.nearAt, t.ownAt} {
		for _, p := range list {
			x := g.flip() * p.X
			e.left, e.right = math.Min(e.left, x), math.Max(e.right, x)
			e.up, e.down = math.Min(e.up, -p.Y), math.Max(e.down, -p.Y)
		}
	}
	if t.Number <= len(g.fixed) { // landmarks run on a little beyond the dots, and numbers stand there
		for _, half := range g.fixed[t.Number-1] {
			for _, l := range half {
				e.hold(l.lines)
				for _, w := range l.words {
					end := paper.Point{X: w.at.X + g.doc.TextWidth(w.style, w.text), Y: w.at.Y - w.style.Size*capital*pointMM}
					e.hold([]stroke{{pts: []paper.Point{w.at, end}}})
				}
			}
		}
	}
	const pad = 0.5
	return extent{e.left - pad, e.right + pad, e.up - pad, e.down + pad}
}

// hold widens an extent to lines.
func (e *extent) hold(lines []stroke) {
	for _, s := range lines {
		for _, p := range s.pts {
			e.left, e.right = math.Min(e.left, p.X), math.Max(e.right, p.X)
			e.up, e.down = math.Min(e.up, p.Y), math.Max(e.down, p.Y)
		}
	}
}

// onPaper maps a tile's plane to its drawing.
func (g *guide) onPaper(q paper.Point) paper.Point { return paper.Point{X: g.flip() * q.X, Y: -q.Y} }

// draw returns a tile with the dots of the sessions from first to last, those
// before as a faint ground, and how many dots are its own.
func (g *guide) draw(tile, first, last int) (d drawing, own int) {
	t := g.tiles[tile]
	d.box = g.extentOf(t)
	d.layers = append(d.layers, g.fixed[tile][0]...)
	d.layers = append(d.layers, g.earlier(t, first), g.beyond(t, first, last))
	for s := first; s <= last; s++ {
		marks, dots := g.ofSession(t, s)
		own += dots.count()
		d.layers = append(d.layers, marks, dots)
	}
	d.layers = append(d.layers, g.fixed[tile][1]...)
	d.layers = append(d.layers, g.caption(t, d.box, own))
	return d, own
}

// fix draws what a tile shows in every session, below the dots and above them.
// Writing comes last, where lines and dots leave room.
func (g *guide) fix(tile int) [2][]layer {
	t := g.tiles[tile]
	outline := make([]paper.Point, len(t.Outline))
	for i, q := range t.Outline {
		outline[i] = g.onPaper(q)
	}
	edge := layer{kind: borders, lines: []stroke{{pts: outline, closed: true, pen: borderPen()}}}
	marks, letters := layer{kind: registers}, []place{}
	for _, m := range g.marks {
		if slices.Contains(m.tiles, tile) {
			q, _ := t.Flatten(m.p)
			marks.lines = append(marks.lines, register(g.onPaper(q))...)
			letters = append(letters, place{m.label, m.p})
		}
	}
	guides, points := g.guides(t, g.onPaper)
	r := &room{doc: g.doc, lines: slices.Concat(edge.lines, marks.lines, guides.lines)}
	for _, q := range t.ownAt {
		r.dots = append(r.dots, g.onPaper(q))
	}
	for _, q := range t.nearAt {
		r.rings = append(r.rings, g.onPaper(q))
	}
	beside := func(p headframe.Vec) paper.Point {
		q, _ := t.Flatten(p)
		return g.onPaper(q)
	}
	for _, p := range points {
		guides.words = append(guides.words, r.put(beside(p.p), pointSize/2, pointSize/2, p.label, landmarkStyle()))
	}
	for _, m := range letters {
		marks.words = append(marks.words, r.put(beside(m.p), registerSize, registerArm, m.label, registerStyle()))
	}
	for j := range g.tiles {
		if run := borderRun(t, j); len(run) > 2 {
			edge.words = append(edge.words, g.neighbour(r, t, run[len(run)/2], g.tiles[j].Number)...)
		}
	}
	return [2][]layer{{edge, guides}, {marks}}
}

func borderPen() paper.Pen { return paper.Pen{Width: 0.12, Grey: 110} }

// ofSession returns a session's own dots of a tile, and the marks by which they
// are told from those of other sessions.
func (g *guide) ofSession(t Tile, session int) (marks, dots layer) {
	dots = layer{kind: sessionDots, session: session, dots: map[int][]paper.Point{}}
	var all []paper.Point
	for i, k := range t.Own {
		if d := g.Dots[k]; d.Session == session {
			size, at := hundredths(d.Diameter), g.onPaper(t.ownAt[i])
			dots.dots[size] = append(dots.dots[size], at)
			all = append(all, at)
		}
	}
	return symbols(all, session), dots
}

// symbols tells sessions apart without colour: nothing, a ring, a cross, both,
// and again from the fifth on.
func symbols(at []paper.Point, session int) layer {
	l := layer{kind: sessionMarks, session: session}
	kind := (session - 1) % 4
	if kind == 1 || kind == 3 {
		l.rings, l.ring = at, ringSize
	}
	if kind == 2 || kind == 3 {
		l.crosses = at
	}
	return l
}

// earlier returns a tile's own dots of the sessions before first.
func (g *guide) earlier(t Tile, first int) layer {
	l := layer{kind: earlierDots, dots: map[int][]paper.Point{}, grey: 140}
	for i, k := range t.Own {
		if d := g.Dots[k]; d.Session < first {
			size := hundredths(d.Diameter)
			l.dots[size] = append(l.dots[size], g.onPaper(t.ownAt[i]))
		}
	}
	return l
}

// beyond returns the neighbours' dots that a tile shows again: copies, marked
// as such.
func (g *guide) beyond(t Tile, first, last int) layer {
	l := layer{kind: overlapDots, ring: overlapSize, grey: 110}
	for i, k := range t.Near {
		if s := g.Dots[k].Session; s >= first && s <= last {
			l.rings = append(l.rings, g.onPaper(t.nearAt[i]))
		}
	}
	return l
}

func hundredths(mm float64) int { return max(1, int(math.Round(mm*100))) }

const (
	registerSize = 1.1 // mm, radius of a register mark's circle
	registerArm  = 2.0 // mm, of its cross
)

// register is a mark that neighbouring tiles share.
func register(c paper.Point) []stroke {
	pen := paper.Pen{Width: 0.15}
	return append(cross(c, registerArm, pen), circle(c, registerSize, pen))
}

func registerStyle() paper.Style { return paper.Style{Size: 6, Bold: true} }

// neighbour writes the number of the tile beyond a place of the border.
func (g *guide) neighbour(r *room, t Tile, p headframe.Vec, number int) []word {
	const beyond, about = 1.0, 0.8 // mm
	q, _ := t.Flatten(p)
	far := math.Hypot(q.X, q.Y)
	if far < 1 {
		return nil
	}
	k := (far + craft.TileOverlap().Value + beyond) / far
	c := g.onPaper(paper.Point{X: q.X * k, Y: q.Y * k})
	return []word{r.put(c, about, about, strconv.Itoa(number), paper.Style{Size: 7.5, Bold: true, Grey: 120})}
}

// caption says what a tile is and where it lies.
func (g *guide) caption(t Tile, box extent, count int) layer {
	l := layer{kind: captions}
	x, y := box.left, box.up-g.captionHeight()+2.5
	say := func(st paper.Style, s string) {
		if s != "" {
			l.words = append(l.words, word{at: paper.Point{X: x, Y: y}, text: s, style: st})
			y += 2.7
		}
	}
	say(captionStyle(), g.called(t, count))
	for _, s := range g.wheres[t.Number-1] {
		say(whereStyle(), s)
	}
	return l
}

// captionHeight is the room above a tile for its caption, mm.
func (g *guide) captionHeight() float64 {
	lines := 0
	for _, w := range g.wheres {
		lines = max(lines, len(w))
	}
	return 4 + 2.7*float64(lines)
}

// captionWidth is the room a caption needs, mm.
func (g *guide) captionWidth(t Tile) float64 {
	w := g.doc.TextWidth(captionStyle(), g.called(t, len(t.Own)))
	for _, s := range g.wheres[t.Number-1] {
		w = math.Max(w, g.doc.TextWidth(whereStyle(), s))
	}
	return w + 1
}

func captionStyle() paper.Style { return paper.Style{Size: 7, Bold: true} }
func whereStyle() paper.Style   { return paper.Style{Size: 6} }

func (g *guide) called(t Tile, count int) string {
	return fmt.Sprintf(g.text.TileCaption, t.Number, count, math.Max(0.1, 100*t.Stretch))
}

// where says how to find a tile's middle: from the hairline's middle, and by
// tape from the head's landmarks.
func (g *guide) where(t Tile) []string {
	var out []string
	if g.middle != nil {
		back, side := g.middle.place(g.Surface, t.Seed)
		across := g.text.TileMiddle
		switch {
		case side >= 0.5:
			across = fmt.Sprintf(g.text.TileLeft, side)
		case side <= -0.5:
			across = fmt.Sprintf(g.text.TileRight, -side)
		}
		if back < 0 {
			out = append(out, fmt.Sprintf(g.text.TileBefore, -back, across))
		} else {
			out = append(out, fmt.Sprintf(g.text.TileBehind, back, across))
		}
	}
	if s := g.taped(t); s != "" {
		out = append(out, s)
	}
	if s := g.zonesOf(t); s != "" {
		out = append(out, s)
	}
	return out
}

// zonesOf names the zones that a tile holds a fair part of, as they stand in
// the plan. Tiles do not end where zones do: see docs/cli.md.
func (g *guide) zonesOf(t Tile) string {
	const least = 0.1 // of the tile's dots
	count := map[string]int{}
	for _, k := range t.Own {
		count[g.Dots[k].Zone]++
	}
	var names []string
	for i, z := range g.Plan.Zones {
		if float64(count[z.Name]) >= least*float64(len(t.Own)) {
			names = append(names, fmt.Sprintf("%d %s", i+1, known(g.text.Plan, z.Name)))
		}
	}
	if len(names) == 0 {
		return ""
	}
	return fmt.Sprintf(g.text.TileZones, strings.Join(names, ", "))
}
