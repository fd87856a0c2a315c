package guide

import (
	"fmt"
	"math"

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
	g.put(g.stripDrawing(p), p.at)
	g.stripNotes()
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
