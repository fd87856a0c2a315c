package guide

import (
	"math"
	"strconv"

	"pointille/internal/paper"
)

const stripTail = 14.0 // mm of midline drawn behind the line

// stripDrawing is a part of the hairline template; its origin is M.
func (g *guide) stripDrawing(p part) drawing {
	s := g.strip
	one := func(k kind, closed bool, pen paper.Pen, pts []paper.Point) layer {
		return layer{kind: k, lines: []stroke{{pts: pts, closed: closed, pen: pen}}}
	}
	marks := layer{kind: stripMarks}
	g.ticks(&marks, p)
	g.recesses(&marks, p)
	g.ends(&marks, p)
	if p.strap {
		g.strapMarks(&marks, p)
	}
	d := drawing{layers: []layer{
		one(cutLines, true, paper.Pen{Width: 0.15}, g.contour(p)),
		one(plannedLine, false, paper.Pen{Width: 0.35}, g.turned(p, s.Line[p.from:p.to+1])),
		one(softLine, false, paper.Pen{Width: 0.2, Dash: []float64{2, 1.5}}, g.turned(p, s.Soft[p.from:p.to+1])),
		marks,
	}}
	for _, l := range d.layers {
		d.box.hold(l.lines)
	}
	return d
}

// line adds a line between two points of the page.
func (l *layer) line(a, b paper.Point, pen paper.Pen) {
	l.lines = append(l.lines, stroke{pts: []paper.Point{a, b}, pen: pen})
}

// centred adds writing whose baseline has its middle at c.
func (l *layer) centred(c paper.Point, st paper.Style, text string) {
	l.words = append(l.words, word{at: c, text: text, style: st, middle: true})
}

func below(p paper.Point, d float64) paper.Point { return paper.Point{X: p.X, Y: p.Y + d} }

// ticks numbers the line every 10 mm from the midline.
func (g *guide) ticks(l *layer, p part) {
	s := g.strip
	long, words := 2.5, 4.6 // mm from the line, to the end of a tick and the middle of its number
	if s.front < 7.5 {
		long, words = 1.3, 3.2
	}
	for i := p.from; i < p.to; i++ {
		mark := math.Ceil(s.Along[i]/10) * 10
		if mark >= s.Along[i+1] {
			continue
		}
		f := (mark - s.Along[i]) / (s.Along[i+1] - s.Along[i])
		sin, cos := math.Sincos(s.heading[i])
		at := func(d float64) paper.Point {
			return paper.Point{
				X: s.Line[i].X + f*(s.Line[i+1].X-s.Line[i].X) - d*sin,
				Y: s.Line[i].Y + f*(s.Line[i+1].Y-s.Line[i].Y) + d*cos,
			}
		}
		pts := g.turned(p, []paper.Point{at(-long), at(0), at(-words)})
		l.line(pts[0], pts[1], paper.Pen{Width: 0.15})
		if inside := math.Min(mark-s.Along[p.from], s.Along[p.to]-mark); mark != 0 && inside > 2 {
			l.centred(below(pts[2], 0.7), tiny(), strconv.Itoa(int(math.Abs(mark))))
		}
	}
}

// recesses marks the fronto-temporal points.
func (g *guide) recesses(l *layer, p part) {
	for _, i := range g.strip.recess {
		if i < p.from || i > p.to {
			continue
		}
		a, b := g.strip.Line[i], g.strip.Soft[i]
		if math.Hypot(b.X-a.X, b.Y-a.Y) < 4.5 { // no room for writing before full density
			b = g.strip.Back[i]
		}
		pts := g.turned(p, []paper.Point{a, {X: (2*a.X + 3*b.X) / 5, Y: (2*a.Y + 3*b.Y) / 5}})
		l.lines = append(l.lines, circle(pts[0], 1.2, paper.Pen{Width: 0.3}))
		l.centred(below(pts[1], 1), paper.Style{Size: 6.5, Bold: true}, g.text.FrontoTemporal)
	}
}

// ends marks where a part meets the next, or names the temple.
func (g *guide) ends(l *layer, p part) {
	s := g.strip
	st := paper.Style{Size: 9, Bold: true}
	label := func(end, step int, text string) { // far enough from the end for all of its letters
		inset := min(int(math.Ceil((g.doc.TextWidth(st, text)/2+2)/stripStride)), (p.to-p.from)/3)
		i := end + step*inset
		a, b := s.Line[i], s.Back[i]
		c := g.turned(p, []paper.Point{{X: (a.X + 5*b.X) / 6, Y: (a.Y + 5*b.Y) / 6}})[0]
		l.centred(below(c, 1), st, text)
	}
	if p.number == 1 {
		label(p.from, 1, g.text.Right)
	} else {
		g.match(l, p, s.boundary(p.number-1, p.of), p.number-1)
	}
	if p.number == p.of {
		label(p.to, -1, g.text.Left)
	} else {
		g.match(l, p, s.boundary(p.number, p.of), p.number)
	}
}

// match draws the line that two parts of the strip share.
func (g *guide) match(l *layer, p part, i, number int) {
	const room = 8.0 // mm along the line; a fronto-temporal point has its name behind the line
	f, b := g.strip.Front[i], g.strip.Back[i]
	letter := paper.Point{X: (f.X + 7*b.X) / 8, Y: (f.Y + 7*b.Y) / 8}
	for _, r := range g.strip.recess {
		if r >= 0 && math.Abs(g.strip.Along[r]-g.strip.Along[i]) < room {
			letter = paper.Point{X: (4*f.X + b.X) / 5, Y: (4*f.Y + b.Y) / 5}
		}
	}
	pts := g.turned(p, []paper.Point{f, b, letter})
	l.line(pts[0], pts[1], paper.Pen{Width: 0.2, Dash: []float64{1, 1}})
	l.centred(below(pts[2], 1.2), paper.Style{Size: 9, Bold: true}, letters(number-1))
}

// strapMarks draws midline, M and G.
func (g *guide) strapMarks(l *layer, p part) {
	height := g.strap()
	m := g.turned(p, []paper.Point{{}, {Y: height}, {X: -4, Y: height}, {X: 4, Y: height}, {Y: height + strapEnd}, {Y: -stripTail}, {Y: 9}})
	l.line(m[4], m[5], paper.Pen{Width: 0.15, Dash: []float64{4, 1, 0.6, 1}})
	l.line(m[2], m[3], paper.Pen{Width: 0.3})
	name := func(at paper.Point, r, x, y float64, text string) {
		l.lines = append(l.lines, circle(at, r, paper.Pen{Width: 0.3}))
		l.words = append(l.words, word{at: paper.Point{X: at.X + x, Y: at.Y + y}, text: text, style: paper.Style{Size: 8, Bold: true}})
	}
	name(m[1], 1.5, 2, -1.4, "G")
	name(m[0], 1.2, 1.8, -1.6, "M")
	l.lines = append(l.lines, arrow(paper.Point{X: m[6].X - 3.2, Y: m[6].Y})...)
}
