package guide

import (
	"fmt"
	"math"
	"strconv"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// overview is the first page, and more where the text needs them.
func (g *guide) overview() []page {
	w, h := g.doc.Reach(false)
	width := w - 2*margin - column - between
	parts := flow(g.summary(width), h-top-bottom)
	at := g.belowText(parts)
	if at == 0 && len(g.Pictures) > 0 {
		parts = append(parts, nil)
	}
	var pages []page
	for i, part := range parts {
		pages = append(pages, g.portrait(g.text.Overview, func() {
			set(part, margin, top)
			if i == 0 && len(g.tiles) > 0 {
				x := w - margin - column
				g.doc.Text(x, top+112, small(), g.text.TileMap)
				g.tileMap(x, top+114, column, 0)
			}
			if i == len(parts)-1 && len(g.Pictures) > 0 {
				g.pictures(margin, math.Max(at, squaresEnd), w-2*margin)
			}
		}))
	}
	return pages
}

const (
	squaresEnd  = top + 107.0 // where the check squares of a portrait page end
	mapEnd      = top + 168.0 // where the tile map below them ends
	picturesAll = pictureTall + 10
)

// belowText is where on the last page of text the photos begin, below text and
// right column; 0 where they do not fit any more.
func (g *guide) belowText(parts [][]block) float64 {
	_, h := g.doc.Reach(false)
	y := top
	for _, b := range parts[len(parts)-1] {
		y += b.height
	}
	if y = math.Max(y+2, squaresEnd); len(parts) == 1 && len(g.tiles) > 0 {
		y = math.Max(y, mapEnd)
	}
	if y+picturesAll > h-bottom {
		return 0
	}
	return y
}

// said is a remark of the plan, or a word of it, in the language of the pages.
func (g *guide) said(s string) string {
	if own, ok := g.text.Plan[s]; ok {
		return own
	}
	return g.words.In(g.Lang, s)
}

// summary is the plan in words.
func (g *guide) summary(w float64) []block {
	p, t := g.Plan, g.text
	var out []block
	say := func(s string) { out = append(out, g.lines(w, body(), s, 0.6)...) }
	out = append(out, g.lines(w, strong(), fmt.Sprintf(t.Case, p.Case), 0.6)...)
	if g.Date == "" {
		say(t.DateBlank)
	} else {
		say(fmt.Sprintf(t.Date, g.Date))
	}
	if !p.Head.Scaled {
		out = append(out, g.lines(w, strong(), t.UnscaledNote, 1)...)
	}
	if p.Nothing != "" || len(g.Dots) == 0 {
		reason := p.Nothing
		if reason == "" {
			reason = t.NoReason
		}
		out = append(out, g.heading(w, t.Nothing, g.lines(w, body(), g.said(reason), 0.6))...)
	}
	say(fmt.Sprintf(t.Look, known(t.Looks, p.Look)))
	if p.Head.ScaleSource != "" {
		say(fmt.Sprintf(t.Scale, known(t.Sources, p.Head.ScaleSource), 100*p.Head.ScaleSigma))
	}
	if hl := p.Hairline; hl != nil {
		say(fmt.Sprintf(t.Hairline, hl.HeightMM, known(t.Plan, hl.Edge), hl.SoftMM, known(t.Plan, hl.Source), known(t.Plan, hl.Alternate)))
	}
	out[len(out)-1].height += 2
	out = append(out, g.heading(w, t.Zones, g.zoneRows(w))...)
	out = append(out, g.heading(w, t.Sessions, g.sessionRows(w))...)
	out = append(out, g.heading(w, t.Shades, g.shadeRows(w))...)
	out = append(out, g.heading(w, t.Checks, g.checkRows(w))...)
	var rows []block
	for _, warning := range p.Warnings {
		rows = append(rows, g.lines(w, body(), g.said(warning.Message), 0.6)...)
	}
	if g.strip != nil && g.strip.folded() {
		rows = append(rows, g.lines(w, strong(), t.StripFolded, 0.6)...)
	}
	for _, tile := range g.tiles {
		if tile.Stretch > craft.PrintStretch().Value {
			rows = append(rows, g.lines(w, body(), fmt.Sprintf(t.TileUneven, tile.Number, 100*tile.Stretch), 0.6)...)
		}
	}
	return append(out, g.heading(w, t.Warnings, rows)...)
}

func (g *guide) zoneRows(w float64) []block {
	var rows []block
	area := 0.0
	for i, z := range g.Plan.Zones {
		rows = append(rows, g.lines(w, body(), fmt.Sprintf(g.text.ZoneRow, i+1, known(g.text.Plan, z.Name), z.AreaCM2, atLeast(z.SigmaCM2), z.Dots, z.ExistingPerCM2/craft.HairsPerUnit().Value, z.TargetPerCM2), 0.4)...)
		area += z.AreaCM2
	}
	if len(g.Dots) == 0 {
		return rows
	}
	hours := 0.0
	for _, s := range g.Plan.Sessions {
		hours += s.Hours
	}
	m := g.Plan.Dots
	rows = append(rows, g.lines(w, strong(), fmt.Sprintf(g.text.Total, len(g.Dots), area, hours), 0.4)...)
	return append(rows, g.lines(w, body(), fmt.Sprintf(g.text.DotsLine, m.FreshMM, m.HealedMM, m.DepthMM, m.MinMM, m.MeanMM), 0.4)...)
}

func (g *guide) sessionRows(w float64) []block {
	var rows []block
	for _, s := range g.Plan.Sessions {
		when := g.text.SessionFirst
		switch {
		case s.Date != "":
			when = fmt.Sprintf(g.text.SessionDate, s.Date)
		case s.AfterDays > 0:
			when = fmt.Sprintf(g.text.SessionDays, s.AfterDays)
		}
		rows = append(rows, g.lines(w, body(), fmt.Sprintf(g.text.SessionRow, s.Number, s.Dots, s.Hours, when, g.said(s.Purpose)), 0.4)...)
	}
	return rows
}

func (g *guide) shadeRows(w float64) []block {
	r := g.Plan.Pigment
	if r == nil {
		return nil
	}
	var rows []block
	for _, s := range r.Shades {
		rows = append(rows, g.lines(w, body(), g.mixed(s), 0.4)...)
	}
	return append(rows, g.lines(w, body(), fmt.Sprintf(g.text.ShadeMatch, r.DeltaE, r.Sigma, known(g.text.Plan, r.Grade), g.said(r.Note)), 0.4)...)
}

// mixed says how a shade is mixed and where it goes.
func (g *guide) mixed(s plan.Shade) string {
	name, share := g.said(s.Pigment), 100*s.Share
	switch s.Dilution {
	case 0:
		return fmt.Sprintf(g.text.ShadePure, name, share)
	case 1:
		return fmt.Sprintf(g.text.ShadeOne, name, share)
	}
	return fmt.Sprintf(g.text.ShadeRow, name, strconv.FormatFloat(s.Dilution, 'g', 3, 64), share)
}

// atLeast is an uncertainty with one decimal that is never written as none.
func atLeast(sigma float64) float64 {
	const least = 0.1
	if sigma > 0 {
		return math.Max(least, sigma)
	}
	return sigma
}

// figure writes a value of a check as finely as it can be told apart.
func figure(v float64) string {
	k := 100.0
	if math.Abs(v) >= 10 {
		k = 10
	}
	return strconv.FormatFloat(math.Round(v*k)/k, 'f', -1, 64)
}

// checkRows lists the rules that do not hold or are not known, and in any case
// what screening allows.
func (g *guide) checkRows(w float64) []block {
	var rows, screened []block
	for _, c := range g.Plan.Checks {
		asked := c.ID == "screening"
		if c.Result == "ok" && !asked {
			continue
		}
		say := g.said
		s := fmt.Sprintf(g.text.CheckRow, say(c.Name), known(g.text.Results, c.Result), figure(c.Value), say(c.Unit), say(c.Limit), say(c.Note))
		if c.Result == "unknown" || asked {
			s = fmt.Sprintf(g.text.CheckUnknown, say(c.Name), known(g.text.Results, c.Result), say(c.Limit), say(c.Note))
		}
		if lines := g.lines(w, body(), s, 0.4); c.Result == "ok" {
			screened = lines
		} else {
			rows = append(rows, lines...)
		}
	}
	if len(rows) == 0 && len(g.Plan.Checks) > 0 {
		rows = g.lines(w, body(), fmt.Sprintf(g.text.ChecksGood, len(g.Plan.Checks)), 0)
	}
	return append(rows, screened...)
}

const (
	maxPictures = 6
	pictureGap  = 2.0  // mm
	pictureTall = 42.0 // mm, at least
	pictureName = 4.0  // mm below a picture, for what it shows
)

// pictures draws up to six photos with their zones side by side over the whole
// width of the page, as large as that and the page's end allow.
func (g *guide) pictures(x, y, w float64) {
	const fewest = 3 // a lone photo does not fill the page
	_, h := g.doc.Reach(false)
	pics := g.Pictures[:min(len(g.Pictures), maxPictures)]
	row := float64(max(fewest, len(pics)))
	side := (w - (row-1)*pictureGap) / row
	st := paper.Style{Size: 9.5, Bold: true}
	g.doc.Text(x, y+st.Leading()*0.8, st, g.text.Photos)
	y += st.Leading() + 1
	for i, p := range pics {
		if p.Image == nil {
			g.fail(fmt.Errorf("picture %q has no image", p.View))
			return
		}
		im, err := g.zoned(p)
		if err != nil {
			g.fail(err)
			return
		}
		tall := math.Min(h-bottom-y-pictureName, side*float64(im.Bounds().Dy())/math.Max(1, float64(im.Bounds().Dx())))
		px := x + float64(i)*(side+pictureGap)
		if _, _, _, _, err := g.doc.Picture(fmt.Sprintf("photo%d", i), im, px, y, side, tall); err != nil {
			g.fail(err)
		}
		g.doc.TextCentre(px+side/2, y+tall+3, small(), known(g.text.Plan, p.View))
	}
}

func (g *guide) fail(err error) {
	if g.err == nil {
		g.err = err
	}
}

// tileMap draws all tiles and the hairline from above, forehead up, in a square of
// the given side, with the tiles that carry dots of a session (0: any) numbered in bold.
func (g *guide) tileMap(x, y, side float64, session int) {
	centre := g.headCentre()
	at := func(p headframe.Vec) paper.Point {
		v := p.Sub(centre)
		r := math.Acos(max(-1, min(1, v.Unit()[1]))) // angle from the vertex
		a := math.Atan2(-v[0], v[2])
		return paper.Point{X: g.flip() * r * math.Sin(a), Y: -r * math.Cos(a)}
	}
	var rims [][]paper.Point
	for _, t := range g.tiles {
		rim := make([]paper.Point, len(t.border))
		for i, e := range t.border {
			rim[i] = at(e.skin)
		}
		rims = append(rims, rim)
	}
	var line []paper.Point
	if g.strip != nil {
		for _, o := range g.strip.on {
			line = append(line, at(o.p))
		}
	}
	const head = 4.5 // mm, for the words above
	fit := fitted(append(rims, line), paper.Point{X: x + 1, Y: y + head}, side-2, side-head-1)
	for i, t := range g.tiles {
		g.doc.Polyline(fit(rims[i]), true, paper.Pen{Width: 0.1, Grey: 100})
		st := paper.Style{Size: 6.5, Bold: session == 0 || g.carries(t, session)}
		if !st.Bold {
			st.Grey = 140
		}
		c := fit([]paper.Point{at(t.Seed)})[0]
		g.doc.TextCentre(c.X, c.Y+0.9, st, strconv.Itoa(t.Number))
	}
	g.doc.Polyline(fit(line), false, paper.Pen{Width: 0.3})
	sides := []string{g.text.Left, g.text.Right} // of the client, as seen from above
	if g.Mirror {
		sides[0], sides[1] = sides[1], sides[0]
	}
	g.doc.Text(x, y+2.5, strong(), sides[0])
	g.doc.TextCentre(x+side/2, y+2.5, small(), g.text.Forehead)
	g.doc.TextRight(x+side, y+2.5, strong(), sides[1])
}

// fitted returns a map of lines into a box w wide and h high, from the middle of
// its upper edge down.
func fitted(lines [][]paper.Point, at paper.Point, w, h float64) func([]paper.Point) []paper.Point {
	e := extent{left: math.Inf(1), right: math.Inf(-1), up: math.Inf(1), down: math.Inf(-1)}
	for _, pts := range lines {
		e.hold([]stroke{{pts: pts}})
	}
	k := math.Min(w/math.Max(1e-6, e.right-e.left), h/math.Max(1e-6, e.down-e.up))
	return func(pts []paper.Point) []paper.Point {
		out := make([]paper.Point, len(pts))
		for i, p := range pts {
			out[i] = paper.Point{X: at.X + w/2 + k*(p.X-(e.left+e.right)/2), Y: at.Y + k*(p.Y-e.up)}
		}
		return out
	}
}

func (g *guide) carries(t Tile, session int) bool {
	for _, k := range t.Own {
		if g.Dots[k].Session == session {
			return true
		}
	}
	return false
}

// headCentre is about the middle of the skull under the tiles.
func (g *guide) headCentre() headframe.Vec {
	const radius = 85 // mm, of an average skull
	var sum headframe.Vec
	for _, t := range g.tiles {
		sum = sum.Add(t.Seed.Sub(t.Normal.Mul(radius)))
	}
	c := sum.Mul(1 / float64(len(g.tiles)))
	c[0] = 0
	return c
}

// flip is -1 where drawings are mirrored.
func (g *guide) flip() float64 {
	if g.Mirror {
		return -1
	}
	return 1
}
