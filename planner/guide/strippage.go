package guide

import (
	"fmt"
	"math"
	"strconv"

	"pointille/internal/paper"
)

const (
	strapWidth = 12.0  // mm, of the strap to the glabella
	strapEnd   = 7.0   // mm beyond the glabella
	strapMax   = 110.0 // mm; a longer strap is left out
	notesTall  = 34.0  // mm, height of the notes above the strip
	shareEnds  = 8.0   // mm that two parts of a strip have in common
	maxParts   = 7
)

// part is a stretch of the strip that fits on a page.
type part struct {
	from, to int // points of the line, inclusive
	angle    float64
	strap    bool
	number   int
	of       int
	at       paper.Point // page position of the strip plane's origin
}

// stripPages sets the hairline template on as few pages as it fits.
func (g *guide) stripPages() []page {
	if g.strip == nil {
		return nil
	}
	for n := 1; n <= maxParts; n += 2 {
		parts, ok := g.parts(n)
		if ok {
			return g.partPages(parts)
		}
	}
	g.fail(fmt.Errorf("the hairline, %.0f mm long, does not fit on %s paper", g.strip.Along[len(g.strip.Along)-1]-g.strip.Along[0], g.Paper))
	return nil
}

func (g *guide) partPages(parts []part) []page {
	w, _ := g.doc.Reach(true)
	var pages []page
	for _, p := range parts {
		title := g.text.StripTitle
		if p.of > 1 {
			title += ", " + fmt.Sprintf(g.text.StripPart, p.number, p.of) + ": " + g.text.StripMatch
		}
		pages = append(pages, page{
			title: title, landscape: true,
			squares: [2]paper.Point{{X: margin, Y: top}, {X: w - margin - column, Y: top}},
			draw:    func() { g.stripPart(p) },
		})
	}
	return pages
}

// parts cuts the strip in n and places every part; ok is false where one does
// not fit on a page.
func (g *guide) parts(n int) (parts []part, ok bool) {
	s := g.strip
	first, total := s.Along[0], s.Along[len(s.Along)-1]-s.Along[0]
	ok = true
	for k := range n {
		p := part{number: k + 1, of: n, strap: k == n/2 && g.strap() > 0, to: len(s.Along) - 1}
		lo, hi := first+total*float64(k)/float64(n), first+total*float64(k+1)/float64(n)
		for p.from < p.to && k > 0 && s.Along[p.from+1] <= lo-shareEnds/2 {
			p.from++
		}
		for p.to > p.from && k < n-1 && s.Along[p.to-1] >= hi+shareEnds/2 {
			p.to--
		}
		if k != n/2 {
			a, b := s.Line[p.from], s.Line[p.to]
			p.angle = math.Atan2(b.Y-a.Y, a.X-b.X) // the line runs to the left
		}
		if !g.settle(&p) {
			ok = false
		}
		parts = append(parts, p)
	}
	return parts, ok
}

// strap is the length of the strap to the glabella, 0 for none.
func (g *guide) strap() float64 {
	if h := g.Plan.Hairline.HeightMM; h > 2*strapWidth && h <= strapMax {
		return h
	}
	return 0
}

// settle places a part below whatever stands at the top of the page.
func (g *guide) settle(p *part) bool {
	w, h := g.doc.Reach(true)
	pts := g.contour(*p)
	left, right := math.Inf(1), math.Inf(-1)
	for _, q := range pts {
		left, right = math.Min(left, q.X), math.Max(right, q.X)
	}
	p.at.X = w/2 - (left+right)/2
	if p.strap {
		p.at.X = w / 2
	}
	for _, q := range pts {
		free := top + 2
		x := p.at.X + q.X
		strap := p.strap && math.Abs(q.X) < strapWidth/2+1
		if !strap {
			free = top + notesTall
		}
		if x < margin+column+2 || x > w-margin-column-2 {
			free = top + column + 2
		}
		p.at.Y = math.Max(p.at.Y, free-q.Y)
	}
	for _, q := range pts {
		if x, y := p.at.X+q.X, p.at.Y+q.Y; y > h-bottom+1 || x < margin || x > w-margin {
			return false
		}
	}
	return true
}

// turned returns strip points in page directions (y down), turned with a part.
func (g *guide) turned(p part, pts []paper.Point) []paper.Point {
	sin, cos := math.Sincos(p.angle)
	out := make([]paper.Point, len(pts))
	for i, q := range pts {
		out[i] = paper.Point{X: g.flip() * (q.X*cos - q.Y*sin), Y: -(q.X*sin + q.Y*cos)}
	}
	return out
}

// contour is the line to cut along, closed, round a part.
func (g *guide) contour(p part) []paper.Point {
	s := g.strip
	var pts []paper.Point
	half := strapWidth / 2
	open := false
	for i := p.from; i <= p.to; i++ {
		if p.strap && math.Abs(s.Along[i]) < half+1 {
			if !open {
				open = true
				end := g.strap() + strapEnd
				pts = append(pts, paper.Point{X: half, Y: s.Front[i].Y}, paper.Point{X: half, Y: end},
					paper.Point{X: -half, Y: end}, paper.Point{X: -half, Y: s.Front[i].Y})
			}
			continue
		}
		pts = append(pts, s.Front[i])
	}
	var behind []paper.Point
	for i := p.to; i >= p.from; i-- {
		behind = append(behind, s.Back[i])
	}
	return g.turned(p, append(unlooped(pts), unlooped(behind)...))
}

// unlooped cuts off the small loops that an edge makes in the inside of a
// bend, where scissors could not follow.
func unlooped(pts []paper.Point) []paper.Point {
	const longest = 40 // points, longer than the way round any such loop
	var out []paper.Point
	for i := 0; i < len(pts); i++ {
		out = append(out, pts[i])
		for j := min(len(pts)-2, i+longest); j > i+1; j-- {
			if c, ok := crossing(pts[i], pts[i+1], pts[j], pts[j+1]); ok {
				out, i = append(out, c), j
				break
			}
		}
	}
	return out
}

// folded reports whether the line bends back on itself in a hairpin that is too
// narrow for the strip to follow: two places that are near each other across the
// bend though the way round it is long.
func (st *Strip) folded() bool {
	const near, far, share = 24.0, 40.0, 0.4 // mm along the line, and of that length straight across
	for i := range st.Line {
		for j := i + 1; j < len(st.Line) && st.Along[j]-st.Along[i] <= far; j++ {
			way := st.Along[j] - st.Along[i]
			if way >= near && math.Hypot(st.Line[j].X-st.Line[i].X, st.Line[j].Y-st.Line[i].Y) < share*way {
				return true
			}
		}
	}
	return false
}

// crossing returns where the way from a to b meets that from c to d.
func crossing(a, b, c, d paper.Point) (p paper.Point, ok bool) {
	ux, uy, vx, vy := b.X-a.X, b.Y-a.Y, d.X-c.X, d.Y-c.Y
	det := ux*vy - uy*vx
	if det == 0 {
		return p, false
	}
	s := ((c.X-a.X)*vy - (c.Y-a.Y)*vx) / det
	t := ((c.X-a.X)*uy - (c.Y-a.Y)*ux) / det
	return paper.Point{X: a.X + s*ux, Y: a.Y + s*uy}, s >= 0 && s <= 1 && t >= 0 && t <= 1
}

// stripPart draws one part.
func (g *guide) stripPart(p part) {
	s := g.strip
	move := func(pts []paper.Point) []paper.Point {
		out := g.turned(p, pts)
		for i := range out {
			out[i].X, out[i].Y = out[i].X+p.at.X, out[i].Y+p.at.Y
		}
		return out
	}
	edge := g.contour(p)
	for i := range edge {
		edge[i].X, edge[i].Y = edge[i].X+p.at.X, edge[i].Y+p.at.Y
	}
	g.doc.Polyline(edge, true, paper.Pen{Width: 0.15})
	line := move(s.Line[p.from : p.to+1])
	g.doc.Polyline(line, false, paper.Pen{Width: 0.35})
	g.doc.Polyline(move(s.Soft[p.from:p.to+1]), false, paper.Pen{Width: 0.2, Dash: []float64{2, 1.5}})
	g.ticks(p, move)
	g.recesses(p, move)
	g.ends(p, move)
	if p.strap {
		g.strapMarks(move)
	}
	g.stripNotes()
}

// ticks numbers the line every 10 mm from the midline.
func (g *guide) ticks(p part, move func([]paper.Point) []paper.Point) {
	s := g.strip
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
		pts := move([]paper.Point{at(-2.5), at(0), at(-4.6)})
		g.doc.Line(pts[0], pts[1], paper.Pen{Width: 0.15})
		if mark != 0 {
			g.doc.TextCentre(pts[2].X, pts[2].Y+0.7, tiny(), strconv.Itoa(int(math.Abs(mark))))
		}
	}
}

// recesses marks the fronto-temporal points.
func (g *guide) recesses(p part, move func([]paper.Point) []paper.Point) {
	for _, i := range g.strip.recess {
		if i < p.from || i > p.to {
			continue
		}
		a, b := g.strip.Line[i], g.strip.Soft[i]
		if math.Hypot(b.X-a.X, b.Y-a.Y) < 4.5 { // no room for writing before full density
			b = g.strip.Back[i]
		}
		pts := move([]paper.Point{a, {X: (2*a.X + 3*b.X) / 5, Y: (2*a.Y + 3*b.Y) / 5}})
		g.doc.Circle(pts[0], 1.2, paper.Pen{Width: 0.3})
		g.doc.TextCentre(pts[1].X, pts[1].Y+1, paper.Style{Size: 6.5, Bold: true}, g.text.FrontoTemporal)
	}
}

// ends marks where a part meets the next, or names the temple.
func (g *guide) ends(p part, move func([]paper.Point) []paper.Point) {
	s := g.strip
	label := func(i int, text string) {
		a, b := s.Line[i], s.Back[i]
		c := move([]paper.Point{{X: (a.X + 5*b.X) / 6, Y: (a.Y + 5*b.Y) / 6}})[0]
		g.doc.TextCentre(c.X, c.Y+1, paper.Style{Size: 9, Bold: true}, text)
	}
	inset := min(2, (p.to-p.from)/3)
	if p.number == 1 {
		label(p.from+inset, g.text.Right)
	} else {
		g.match(s.boundary(p.number-1, p.of), p.number-1, move)
	}
	if p.number == p.of {
		label(p.to-inset, g.text.Left)
	} else {
		g.match(s.boundary(p.number, p.of), p.number, move)
	}
}

// boundary is the point of the line between parts k and k+1 of n.
func (st *Strip) boundary(k, n int) int {
	at := st.Along[0] + (st.Along[len(st.Along)-1]-st.Along[0])*float64(k)/float64(n)
	i := 0
	for i < len(st.Along)-1 && st.Along[i] < at {
		i++
	}
	return i
}

// match draws the line that two parts of the strip share.
func (g *guide) match(i, number int, move func([]paper.Point) []paper.Point) {
	s := g.strip
	f, b := s.Front[i], s.Back[i]
	pts := move([]paper.Point{f, b, {X: (f.X + 7*b.X) / 8, Y: (f.Y + 7*b.Y) / 8}})
	g.doc.Line(pts[0], pts[1], paper.Pen{Width: 0.2, Dash: []float64{1, 1}})
	g.doc.TextCentre(pts[2].X, pts[2].Y+1.2, paper.Style{Size: 9, Bold: true}, letters(number-1))
}

// strapMarks draws midline, M and G.
func (g *guide) strapMarks(move func([]paper.Point) []paper.Point) {
	height := g.strap()
	m := move([]paper.Point{{}, {Y: height}, {X: -4, Y: height}, {X: 4, Y: height}, {Y: height + strapEnd}, {Y: -stripTail}, {Y: 9}})
	fine := paper.Pen{Width: 0.15, Dash: []float64{4, 1, 0.6, 1}}
	g.doc.Line(m[4], m[5], fine)
	g.doc.Line(m[2], m[3], paper.Pen{Width: 0.3})
	g.doc.Circle(m[1], 1.5, paper.Pen{Width: 0.3})
	g.doc.Text(m[1].X+2, m[1].Y-1.4, paper.Style{Size: 8, Bold: true}, "G")
	g.doc.Circle(m[0], 1.2, paper.Pen{Width: 0.3})
	g.doc.Text(m[0].X+1.6, m[0].Y+3.6, paper.Style{Size: 8, Bold: true}, "M")
	g.arrow(paper.Point{X: m[6].X - 3.2, Y: m[6].Y})
}

const stripTail = 14.0 // mm of midline drawn behind the line

// stripNotes writes how to use the template beside the strap.
func (g *guide) stripNotes() {
	w, _ := g.doc.Reach(true)
	hl := g.Plan.Hairline
	x, width := margin+column+4, w/2-margin-column-4-strapWidth/2-3
	y := g.doc.Paragraph(x, top+4, width, body(), g.text.StripHow)
	if g.Mirror {
		y = g.doc.Paragraph(x, y+1, width, strong(), g.text.Mirrored)
	}
	if g.strip.folded() {
		g.doc.Paragraph(x, y+1, width, strong(), g.text.StripFolded)
	}
	x = w/2 + strapWidth/2 + 3
	y = top + 4
	recess := ""
	if r := g.strip.recess; r[0] >= 0 && r[1] >= 0 {
		recess = fmt.Sprintf(g.text.StripRecess, -g.strip.Along[r[0]], g.strip.Along[r[1]])
	}
	for _, line := range []string{
		g.text.StripCentre,
		fmt.Sprintf(g.text.StripGlabella, hl.HeightMM),
		recess,
		fmt.Sprintf(g.text.StripSoft, hl.SoftMM),
		g.text.StripSides,
		fmt.Sprintf(g.text.StripStretch, math.Max(0.1, 100*g.strip.Stretch)),
	} {
		if line != "" {
			y = g.doc.Paragraph(x, y, width, body(), line) + 0.5
		}
	}
}
