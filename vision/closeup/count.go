package closeup

import (
	"image"
	"math"

	"pointille/vision/closeup/pattern"
	"pointille/vision/closeup/place"
	"pointille/vision/closeup/roots"
	"pointille/vision/closeup/shaft"
	"pointille/vision/survey"
)

// marginMM is left out of the counting frame: of a unit at the border some
// roots may lie outside.
const marginMM = 0.25

// unitMM joins roots into one follicular unit: roots nearer than this count as
// one unit in hand-marked fields.
const unitMM = 0.35

// rect is the counting frame in photo pixels.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) holds(p [2]float64) bool {
	return p[0] >= r.x0 && p[1] >= r.y0 && p[0] <= r.x1 && p[1] <= r.y1
}

func frame(w, h int, mmPerPx float64) rect {
	m := marginMM / mmPerPx
	return rect{m - 0.5, m - 0.5, float64(w) - 0.5 - m, float64(h) - 0.5 - m}
}

// counter turns what the network saw into a count.
type counter struct {
	seen    *roots.Seen
	frame   rect
	mmPerPx float64           // of the photo
	boxes   []image.Rectangle // what hides the skin, photo pixels
	cells   [][2]float64
	points  [][2]float64 // roots in photo pixels, those beyond the frame too
	unit    []int
	middles [][2]float64 // of the units
}

func newCounter(seen *roots.Seen, boxes []image.Rectangle, f rect, mmPerPx float64) *counter {
	c := &counter{seen: seen, boxes: boxes, frame: f, mmPerPx: mmPerPx}
	for _, p := range place.Points(seen.Expected, seen.PerMM/roots.Cell) {
		q := seen.ToPhoto(p)
		if c.hidden(q) {
			continue
		}
		c.cells = append(c.cells, p)
		c.points = append(c.points, q)
	}
	var n int
	c.unit, n = place.Units(c.points, unitMM/mmPerPx)
	c.middles = middles(c.points, c.unit, n)
	return c
}

// middles returns the mean of the points of each unit.
func middles(points [][2]float64, unit []int, n int) [][2]float64 {
	out, size := make([][2]float64, n), make([]float64, n)
	for i, u := range unit {
		out[u][0] += points[i][0]
		out[u][1] += points[i][1]
		size[u]++
	}
	for u := range out {
		out[u][0] /= size[u]
		out[u][1] /= size[u]
	}
	return out
}

// count counts the units whose middles lie inside the frame, with all their
// hairs: no unit is counted by half, and none twice by two neighbouring frames.
func (c *counter) count() *survey.Count {
	out := &survey.Count{Points: [][2]float64{}, Frame: [][2]float64{{c.frame.x0, c.frame.y0}, {c.frame.x1, c.frame.y1}}}
	trace := shaft.NewTracer(c.seen.Grey, c.seen.PerMM)
	number := make(map[int]int)
	var sizes []int
	for i, p := range c.points {
		u := c.unit[i]
		if !c.frame.holds(c.middles[u]) {
			continue
		}
		if _, ok := number[u]; !ok {
			number[u] = len(sizes)
			sizes = append(sizes, 0)
		}
		sizes[number[u]]++
		out.Points = append(out.Points, p)
		out.Shafts = append(out.Shafts, c.shaft(trace, i, number[u]))
	}
	out.Hairs, out.Units, out.UnitSizes = len(out.Points), len(sizes), histogram(sizes)
	if out.AreaMM2 = c.area(); out.AreaMM2 > 0 {
		out.PerCM2 = float64(out.Hairs) / out.AreaMM2 * 100
	}
	out.Pattern = c.pattern()
	return out
}

// histogram says how many of the sizes are 1, 2 and so on.
func histogram(sizes []int) []int {
	var out []int
	for _, n := range sizes {
		for len(out) < n {
			out = append(out, 0)
		}
		out[n-1]++
	}
	return out
}

// hidden reports whether something burned in hides the skin at a place of the
// photo.
func (c *counter) hidden(p [2]float64) bool {
	at := image.Pt(int(math.Round(p[0])), int(math.Round(p[1])))
	for _, b := range c.boxes {
		if at.In(b) {
			return true
		}
	}
	return false
}

// area is the frame's, mm², without what something burned in hides.
func (c *counter) area() float64 {
	free, all := 0, 0
	for y := range c.seen.Expected.H {
		for x := range c.seen.Expected.W {
			p := c.seen.ToPhoto([2]float64{float64(x), float64(y)})
			if !c.frame.holds(p) {
				continue
			}
			all++
			if !c.hidden(p) {
				free++
			}
		}
	}
	if all == 0 {
		return 0
	}
	whole := (c.frame.x1 - c.frame.x0) * (c.frame.y1 - c.frame.y0) * c.mmPerPx * c.mmPerPx
	return whole * float64(free) / float64(all)
}

// shaft follows the hair of point i.
func (c *counter) shaft(t *shaft.Tracer, i, unit int) survey.Shaft {
	s := t.Trace(roots.ToWork(c.cells[i]), c.seen.WayAt(c.cells[i]))
	out := survey.Shaft{Unit: unit}
	if !s.Known {
		return out
	}
	degrees := s.Direction * 180 / math.Pi
	degrees = math.Remainder(degrees, 360)
	out.Direction, out.LengthMM, out.WidthMM, out.Cut = &degrees, s.Length/c.seen.PerMM, s.Width/c.seen.PerMM, s.Cut
	return out
}

// pattern is that of the units over the whole picture; nil where they are few.
func (c *counter) pattern() *survey.Pattern {
	at := make([][2]float64, 0, len(c.middles))
	for _, m := range c.middles {
		at = append(at, [2]float64{m[0] * c.mmPerPx, m[1] * c.mmPerPx})
	}
	k := c.mmPerPx
	st, ok := pattern.Of(at, pattern.Rect{X0: c.frame.x0 * k, Y0: c.frame.y0 * k, X1: c.frame.x1 * k, Y1: c.frame.y1 * k})
	if !ok {
		return nil
	}
	return &survey.Pattern{SpacingMM: st.Spacing, BinWidth: pattern.BinWidth, G: st.G, ClarkEvans: st.R, CV: st.CV}
}
