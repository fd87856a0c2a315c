package guide

import (
	"fmt"
	"math"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/planner/craft"
)

// Landmarks are places on this head that a hand finds again without a drawing.
// Their positions follow the head's shape; those that are the zero vector are
// not known and not used.
type Landmarks struct {
	Glabella          headframe.Vec // between the brows
	EarLeft, EarRight headframe.Vec // tragi
	Occiput           headframe.Vec // backmost point of the midline
	Vertex            headframe.Vec // middle of the crown's whorl
}

// LandmarksOf returns the landmarks of a head.
func LandmarksOf(s headframe.Surface) Landmarks {
	return Landmarks{
		Glabella: s.Landmark(headframe.Glabella), Occiput: s.Landmark(headframe.Occiput), Vertex: s.Landmark(headframe.Whorl),
		EarLeft: s.Landmark(headframe.TragusL), EarRight: s.Landmark(headframe.TragusR),
	}
}

// place is a labelled point of the skin.
type place struct {
	label string
	p     headframe.Vec
}

// points are the landmarks shown where they lie on a tile.
func (g *guide) points() []place {
	var out []place
	if g.strip != nil {
		out = append(out, place{"M", g.strip.Middle()})
		for i, label := range []string{g.text.FrontoTemporal + " " + g.text.Right, g.text.FrontoTemporal + " " + g.text.Left} {
			if k := g.strip.recess[i]; k >= 0 {
				out = append(out, place{label, g.strip.on[k].p})
			}
		}
	}
	if v := g.Landmarks.Vertex; v != (headframe.Vec{}) {
		out = append(out, place{"V", v})
	}
	return out
}

// tapes are the landmarks to which the distance from a tile's middle is written.
func (g *guide) tapes() []place {
	l := g.Landmarks
	all := []place{
		{g.text.TapeGlabella, l.Glabella}, {g.text.TapeEarLeft, l.EarLeft}, {g.text.TapeEarRight, l.EarRight},
		{g.text.TapeOcciput, l.Occiput},
	}
	var out []place
	for _, t := range all {
		if t.p != (headframe.Vec{}) {
			out = append(out, t)
		}
	}
	return out
}

const (
	tapeFar  = 162.0 // mm straight through the head; further away the way over it is not certain
	tapeMost = 3
)

// tapes reports whether a tape lies well between a place and a landmark: not
// to the far ear from the side of the head, where it slips.
func tapes(p, landmark headframe.Vec) bool {
	const side = 25.0 // mm from the midline
	across := p[0]*landmark[0] < 0 && math.Abs(p[0]) > side && math.Abs(landmark[0]) > side
	return !across && p.Sub(landmark).Norm() <= tapeFar
}

// taped says how far a tile's middle lies from up to three landmarks, along
// the skin, so that a tape measure finds it.
func (g *guide) taped(t Tile) string {
	s, n := "", 0
	for _, l := range g.tapes() {
		if n == tapeMost || !tapes(t.Seed, l.p) {
			continue
		}
		if n > 0 {
			s += "  ·  "
		}
		s += fmt.Sprintf("%s %.0f", l.label, distance(g.Surface, t.Seed, l.p))
		n++
	}
	if n == 0 {
		return ""
	}
	return fmt.Sprintf(g.text.TileTape, s)
}

// earLine is the way over the head from ear to ear: the skin's cut with the
// upright plane through both tragi, from the client's right to the left.
func earLine(s Surface) []step {
	const stride, far = 2.0, 160.0 // the way from the top to an ear on a large head
	var out []step
	q, n := s.Project(headframe.Vec{0, 130, 0})
	for _, side := range []float64{-1, 1} {
		p, m := q, n
		half := []step{}
		for length := 0.0; length < far && p[1] > 0; length += stride {
			half = append(half, step{p, m, side * length})
			p, m = cutAt(s, p.Add(headframe.Vec{m[1], -m[0], 0}.Unit().Mul(side*stride)))
		}
		if side < 0 {
			for i := len(half) - 1; i > 0; i-- {
				out = append(out, half[i])
			}
			continue
		}
		out = append(out, half...)
	}
	return out
}

// cutAt returns the skin near p in the plane z = 0.
func cutAt(s Surface, p headframe.Vec) (q, n headframe.Vec) {
	for range 4 {
		q, n = s.Project(p)
		if math.Abs(q[2]) < 1e-3 {
			break
		}
		p = headframe.Vec{q[0], q[1], 0}
	}
	return q, n
}

// guides returns what the head's landmarks leave on a tile: lines, points and
// the cross in its middle; and the points, which have no names yet.
func (g *guide) guides(t Tile, on func(paper.Point) paper.Point) (l layer, points []place) {
	l.kind = landmarks
	l.lines = append(l.lines, g.traces(t, g.ears, on, earPen())...)
	if g.middle != nil {
		l.lines = append(l.lines, g.traces(t, g.middle.steps, on, midlinePen())...)
	}
	if g.strip != nil {
		l.lines = append(l.lines, g.traces(t, g.strip.on, on, hairlinePen())...)
	}
	l.lines = append(l.lines, cross(on(paper.Point{}), 2, paper.Pen{Width: 0.1})...)
	for _, p := range g.points() {
		if q, ok := g.shows(t, p.p); ok {
			l.lines = append(l.lines, circle(on(q), pointSize/2, paper.Pen{Width: 0.2}))
			points = append(points, p)
		}
	}
	return l, points
}

func landmarkStyle() paper.Style { return paper.Style{Size: 6.5, Bold: true} }

const pointSize = 1.8 // mm, circle round a landmark

func midlinePen() paper.Pen {
	return paper.Pen{Width: 0.12, Grey: 60, Dash: []float64{4, 1, 0.6, 1}}
}
func earPen() paper.Pen      { return paper.Pen{Width: 0.12, Grey: 60, Dash: []float64{1.2, 1.2}} }
func hairlinePen() paper.Pen { return paper.Pen{Width: 0.25} }

// shows returns where p lies on a tile or its overlap.
func (g *guide) shows(t Tile, p headframe.Vec) (q paper.Point, ok bool) {
	if p.Sub(t.Seed).Norm() >= t.chart.reach-2 {
		return q, false
	}
	q, _ = t.Flatten(p)
	return q, math.Hypot(q.X, q.Y) < t.radius(q)+craft.TileOverlap().Value
}

// traces are the parts of a line on the skin that a tile shows.
func (g *guide) traces(t Tile, line []step, on func(paper.Point) paper.Point, pen paper.Pen) []stroke {
	var out []stroke
	var part []paper.Point
	end := func() {
		if len(part) > 1 {
			out = append(out, stroke{pts: part, pen: pen})
		}
		part = nil
	}
	for _, st := range line {
		if q, ok := g.shows(t, st.p); ok {
			part = append(part, on(q))
		} else {
			end()
		}
	}
	end()
	return out
}
