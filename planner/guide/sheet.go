package guide

import (
	"fmt"
	"strings"

	"pointille/internal/civil"
	"pointille/internal/paper"
	"pointille/planner/care"
	"pointille/planner/treatment"
)

// sheetPages are for the artist, then one page each for the client of what to do
// before and after the sessions.
func (g *guide) sheetPages() []page {
	width := g.sheetWidth()
	t := g.text
	var blocks []block
	blocks = append(blocks, g.heading(width, t.SheetArtist, g.bullets(width, t.ArtistRules))...)
	blocks = append(blocks, g.heading(width, t.SessionsHead, g.sessionRows(width))...)
	blocks = append(blocks, g.heading(width, t.Stop, g.bullets(width, g.stops()))...)
	blocks = append(blocks, g.heading(width, t.Course, g.bullets(width, treatment.CourseLines(g.Lang)))...)
	pages := g.flowing(t.SheetTitle, blocks)
	c := g.client()
	pages = append(pages, g.carePages(c.BeforeSheet(g.Lang))...)
	return append(pages, g.carePages(c.AfterSheet(g.Lang))...)
}

func (g *guide) sheetWidth() float64 {
	w, _ := g.doc.Reach(false)
	return w - 2*margin - column - between
}

// bullets sets sentences one below the other.
func (g *guide) bullets(width float64, list []string) []block {
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

// client is whom the care is for: with the days given, or those of the plan.
func (g *guide) client() care.Client {
	c := g.Care
	if c.Days != nil {
		return c
	}
	for _, s := range g.Plan.Sessions {
		d, err := civil.Parse(s.Date)
		if err != nil {
			return c // one without a date: days are said relative to sessions
		}
		c.Days = append(c.Days, d)
	}
	return c
}

// carePages set a sheet, as a rule on one page.
func (g *guide) carePages(s care.Sheet) []page {
	width := g.sheetWidth()
	var blocks []block
	for _, x := range s.Sections {
		blocks = append(blocks, g.heading(width, x.Head, g.bullets(width, x.Lines))...)
	}
	blocks = append(blocks, g.lines(width, paper.Style{Size: 8.5, Bold: true}, s.Foot, 0)...)
	return g.flowing(s.Title, blocks)
}

// flowing sets blocks on as many pages as they need.
func (g *guide) flowing(title string, blocks []block) []page {
	_, h := g.doc.Reach(false)
	var pages []page
	for _, part := range flow(blocks, h-top-bottom) {
		pages = append(pages, g.portrait(title, func() { set(part, margin, top) }))
	}
	return pages
}

// stops are the rules of who must wait or be refused, by what is done.
func (g *guide) stops() []string {
	by := map[treatment.Rule][]string{}
	for _, c := range treatment.Conditions() {
		by[c.Rule] = append(by[c.Rule], c.Reason.In(g.Lang))
	}
	var out []string
	for _, r := range []struct {
		rule treatment.Rule
		form string
	}{
		{treatment.Refuse, g.text.StopNever}, {treatment.Wait, g.text.StopWait},
		{treatment.Certificate, g.text.StopCertificate}, {treatment.LeaveOut, g.text.StopLeaveOut},
	} {
		out = append(out, fmt.Sprintf(r.form, strings.Join(by[r.rule], "; ")))
	}
	return out
}
