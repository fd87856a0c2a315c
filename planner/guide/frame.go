package guide

import (
	"fmt"

	"pointille/internal/paper"
)

const (
	margin  = 7.0  // mm from the sheet's edge, inside what printers reach
	top     = 15.0 // mm, where a page's content begins
	bottom  = 22.0 // mm from the lower edge, where it ends
	column  = 51.0 // mm, width of the right column with the check squares
	between = 3.0  // mm between columns and pieces
)

func small() paper.Style  { return paper.Style{Size: 7} }
func body() paper.Style   { return paper.Style{Size: 8.5} }
func strong() paper.Style { return paper.Style{Size: 8.5, Bold: true} }
func tiny() paper.Style   { return paper.Style{Size: 5.5} }

// frame draws what every page has.
func (g *guide) frame(p page, number, of int) {
	d := g.doc
	w, h := d.Reach(p.landscape)
	if !g.Plan.Head.Scaled {
		d.TextRotated(w/2, h/2, 45, paper.Style{Size: 110, Bold: true, Grey: 225}, g.text.Unscaled)
	}
	d.Text(margin, 11, paper.Style{Size: 13, Bold: true}, p.title)
	if !g.Plan.Head.Scaled {
		d.TextRight(w-margin, 11, paper.Style{Size: 13, Bold: true}, g.text.Unscaled)
	}
	d.CheckSquares(p.squares[0], g.text.Square50, p.squares[1], g.text.Square2)
	d.Ruler(margin, h-18, 150)
	note := ""
	if k := g.PrinterScale; k != 0 && k != 1 {
		note = "  ·  " + fmt.Sprintf(g.text.Corrected, 50*k)
	}
	d.Text(margin, h-5.5, small(), fmt.Sprintf(g.text.Footer, g.Plan.Case, g.Version, g.Plan.Seed)+note)
	d.TextRight(w-margin, h-5.5, small(), fmt.Sprintf(g.text.PageOf, number, of))
}

// portrait is a page with the check squares in its right column.
func (g *guide) portrait(title string, draw func()) page {
	w, _ := g.doc.Reach(false)
	x := w - margin - column
	return page{title: title, squares: [2]paper.Point{{X: x, Y: top}, {X: x, Y: top + 53}}, draw: draw}
}

// block is a piece of a column of text that is not broken over pages.
type block struct {
	height float64
	draw   func(x, y float64) // y is its upper edge
}

// lines makes blocks of a paragraph, one a line.
func (g *guide) lines(w float64, st paper.Style, s string, after float64) []block {
	var out []block
	for _, line := range g.doc.Wrap(w, st, s) {
		out = append(out, block{st.Leading(), func(x, y float64) { g.doc.Text(x, y+st.Leading()*0.8, st, line) }})
	}
	if len(out) > 0 {
		out[len(out)-1].height += after
	}
	return out
}

// heading keeps a section's title with the blocks that follow.
func (g *guide) heading(w float64, s string, rest []block) []block {
	if len(rest) == 0 {
		return nil
	}
	st := paper.Style{Size: 9.5, Bold: true}
	first := rest[0]
	joined := block{first.height + st.Leading() + 1, func(x, y float64) {
		g.doc.Text(x, y+st.Leading()*0.8, st, s)
		first.draw(x, y+st.Leading()+1)
	}}
	out := append([]block{joined}, rest[1:]...)
	out[len(out)-1].height += 2.5
	return out
}

// flow sets blocks in columns of width w and height h, one a page.
func flow(blocks []block, h float64) [][]block {
	var pages [][]block
	var now []block
	used := 0.0
	for _, b := range blocks {
		if used+b.height > h && len(now) > 0 {
			pages, now, used = append(pages, now), nil, 0
		}
		now = append(now, b)
		used += b.height
	}
	return append(pages, now)
}

func set(blocks []block, x, y float64) {
	for _, b := range blocks {
		b.draw(x, y)
		y += b.height
	}
}
