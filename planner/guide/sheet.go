package guide

// sheetPages tells artist and client what to do before, between and after the
// sessions.
func (g *guide) sheetPages() []page {
	w, h := g.doc.Reach(false)
	width := w - 2*margin - column - between
	t := g.text
	rules := func(list []string) []block {
		var out []block
		for _, s := range list {
			for i, b := range g.lines(width-4, body(), s, 0.8) {
				out = append(out, block{b.height, func(x, y float64) {
					if i == 0 {
						g.doc.Text(x, y+body().Leading()*0.8, body(), "•")
					}
					b.draw(x+4, y)
				}})
			}
		}
		return out
	}
	var blocks []block
	blocks = append(blocks, g.heading(width, t.SheetArtist, rules(t.ArtistRules))...)
	blocks = append(blocks, g.heading(width, t.SessionsHead, g.sessionRows(width))...)
	blocks = append(blocks, g.heading(width, t.Stop, rules(t.StopRules))...)
	blocks = append(blocks, g.heading(width, t.Before, rules(t.BeforeRules))...)
	blocks = append(blocks, g.heading(width, t.Course, rules(t.CourseRules))...)
	blocks = append(blocks, g.heading(width, t.After, rules(t.AfterRules))...)
	blocks = append(blocks, g.lines(width, strong(), t.SheetFoot, 0)...)
	var pages []page
	for _, part := range flow(blocks, h-top-bottom) {
		pages = append(pages, g.portrait(t.SheetTitle, func() { set(part, margin, top) }))
	}
	return pages
}
