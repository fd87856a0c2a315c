package guide

import (
	"maps"
	"math"
	"slices"

	"pointille/internal/paper"
)

// drawing is a piece of a page that every format can hold, in millimetres of
// paper: x to the right, y down, mirrored where that was asked for, writing
// readable. A tile's drawing has the tile's middle at (0, 0).
type drawing struct {
	layers []layer // from the lowest to the topmost
	box    extent
}

// extent is what a drawing covers round its origin, y down.
type extent struct{ left, right, up, down float64 }

// kind is what a layer holds.
type kind int

const (
	earlierDots kind = iota
	overlapDots
	sessionMarks // tell sessions apart without colour
	sessionDots
	landmarks
	borders
	registers
	cutLines    // of the hairline template: where scissors go
	plannedLine // the hairline itself
	softLine    // where full density begins
	stripMarks
	scales
	captions
)

// layer is what a reader can show or hide as one.
type layer struct {
	kind    kind
	session int                   // of sessionMarks and sessionDots
	dots    map[int][]paper.Point // filled discs by diameter, hundredths of a millimetre
	grey    uint8                 // of dots and rings
	rings   []paper.Point
	ring    float64 // diameter of all rings
	crosses []paper.Point
	lines   []stroke
	words   []word
}

// stroke is a line.
type stroke struct {
	pts    []paper.Point
	closed bool
	pen    paper.Pen
}

// word is a line of writing; at is where its baseline begins, or its middle.
type word struct {
	at     paper.Point
	text   string
	style  paper.Style
	middle bool
}

const circleSides = 24

// circle is the outline of a circle as a closed line.
func circle(c paper.Point, r float64, pen paper.Pen) stroke {
	s := stroke{closed: true, pen: pen}
	for i := range circleSides {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / circleSides)
		s.pts = append(s.pts, paper.Point{X: c.X + r*cos, Y: c.Y + r*sin})
	}
	return s
}

// segment is a straight line.
func segment(x1, y1, x2, y2 float64, pen paper.Pen) stroke {
	return stroke{pts: []paper.Point{{X: x1, Y: y1}, {X: x2, Y: y2}}, pen: pen}
}

// cross is an upright cross with arms of length arm.
func cross(c paper.Point, arm float64, pen paper.Pen) []stroke {
	return []stroke{segment(c.X-arm, c.Y, c.X+arm, c.Y, pen), segment(c.X, c.Y-arm, c.X, c.Y+arm, pen)}
}

// sizes returns the diameters of a layer's dots, smallest first.
func (l layer) sizes() []int { return slices.Sorted(maps.Keys(l.dots)) }

// times returns the dots and marks of a layer that lie at its origin, k times as
// large.
func (l layer) times(k int) layer {
	dots := map[int][]paper.Point{}
	for size, at := range l.dots {
		dots[k*size] = at
	}
	out := layer{kind: l.kind, dots: dots, grey: l.grey, rings: l.rings, ring: float64(k) * l.ring}
	for _, c := range l.crosses {
		out.lines = append(out.lines, cross(c, float64(k)*crossSize/2, paper.Pen{Width: float64(k) * hair})...)
	}
	return out
}

func (l layer) empty() bool {
	return len(l.dots) == 0 && len(l.rings) == 0 && len(l.crosses) == 0 && len(l.lines) == 0 && len(l.words) == 0
}

// count is the number of dots of a layer.
func (l layer) count() int {
	n := 0
	for _, at := range l.dots {
		n += len(at)
	}
	return n
}

func shifted(pts []paper.Point, by paper.Point) []paper.Point {
	out := make([]paper.Point, len(pts))
	for i, p := range pts {
		out[i] = paper.Point{X: p.X + by.X, Y: p.Y + by.Y}
	}
	return out
}

// put draws d on the current page with its origin at a place.
func (g *guide) put(d drawing, at paper.Point) {
	g.doc.Origin(paper.Point{X: math.Floor(at.X + d.box.left), Y: math.Floor(at.Y + d.box.up)})
	for _, l := range d.layers {
		if l.empty() {
			continue
		}
		if id, ok := g.layerOf(l); ok {
			g.doc.InLayer(id, func() { g.putLayer(l, at) })
		} else {
			g.putLayer(l, at)
		}
	}
	g.doc.Origin(paper.Point{})
}

func (g *guide) putLayer(l layer, at paper.Point) {
	if len(l.rings) > 0 {
		g.doc.Rings(shifted(l.rings, at), l.ring, hair, l.grey)
	}
	if len(l.crosses) > 0 {
		g.doc.Crosses(shifted(l.crosses, at), crossSize, hair, 0)
	}
	for _, size := range l.sizes() {
		g.doc.Discs(shifted(l.dots[size], at), float64(size)/100, l.grey)
	}
	for _, s := range l.lines {
		g.doc.Polyline(shifted(s.pts, at), s.closed, s.pen)
	}
	for _, w := range l.words {
		if w.middle {
			g.doc.TextCentre(at.X+w.at.X, at.Y+w.at.Y, w.style, w.text)
			continue
		}
		g.doc.Text(at.X+w.at.X, at.Y+w.at.Y, w.style, w.text)
	}
}

// layers are the parts of the PDF that viewers can hide.
type layers struct {
	session            []paper.Layer
	earlier, overlap   paper.Layer
	landmarks, borders paper.Layer
}

// addLayers names the layers.
func (g *guide) addLayers() {
	for i := range g.Plan.Sessions {
		g.layers.session = append(g.layers.session, g.doc.AddLayer(g.layerName(layer{kind: sessionDots, session: i + 1})))
	}
	add := func(k kind) paper.Layer { return g.doc.AddLayer(g.layerName(layer{kind: k})) }
	g.layers.earlier, g.layers.overlap = add(earlierDots), add(overlapDots)
	g.layers.landmarks, g.layers.borders = add(landmarks), add(borders)
}

// layerOf returns the PDF layer of a layer; captions and scales always show.
func (g *guide) layerOf(l layer) (paper.Layer, bool) {
	switch l.kind {
	case earlierDots:
		return g.layers.earlier, true
	case overlapDots:
		return g.layers.overlap, true
	case sessionMarks, sessionDots:
		return g.layers.session[l.session-1], true
	case landmarks:
		return g.layers.landmarks, true
	case borders, registers:
		return g.layers.borders, true
	}
	return 0, false
}
