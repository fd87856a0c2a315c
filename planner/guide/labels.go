package guide

import (
	"math"

	"pointille/internal/paper"
)

// room is what writing on a tile keeps clear of: lines first, other writing
// most of all, then dots. Letters on a line or on each other cannot be read.
type room struct {
	doc   *paper.Doc
	lines []stroke
	dots  []paper.Point // of the tile itself
	rings []paper.Point // that stand for neighbours' dots
	taken []box
}

// box is a rectangle of a drawing, y down.
type box struct{ left, up, right, down float64 }

const (
	pointMM  = 25.4 / 72
	capital  = 0.72 // height of a capital letter, of the font's size
	labelGap = 0.35 // mm between writing and what it names
	labelFar = 0.9  // mm more, where there is no better place
)

// put writes text beside c where it covers least. The mark of c reaches away mm
// from it, and arm mm straight up, down and to the sides.
func (r *room) put(c paper.Point, away, arm float64, text string, st paper.Style) word {
	w, h := r.doc.TextWidth(st, text), st.Size*capital*pointMM
	dots, rings := near(r.dots, c, arm+w+h), near(r.rings, c, arm+w+h)
	best, least := box{}, math.Inf(1)
	for i, d := range append(sides(), sides()...) {
		far := away + labelGap
		if d.X == 0 || d.Y == 0 {
			far = arm + labelGap
		}
		if i >= len(sides()) {
			far += labelFar
		}
		x, y := c.X+d.X*far+sign(d.X)*w/2, c.Y+d.Y*far+sign(d.Y)*h/2
		b := box{x - w/2, y - h/2, x + w/2, y + h/2}
		if cost := r.cost(b, dots, rings) + 0.1*float64(i); cost < least {
			best, least = b, cost
		}
	}
	r.taken = append(r.taken, best.wider(0.3))
	return word{at: paper.Point{X: best.left, Y: best.down}, text: text, style: st}
}

func sign(v float64) float64 {
	switch {
	case v > 0:
		return 1
	case v < 0:
		return -1
	}
	return 0
}

// sides are the directions in which writing is tried, the best to read first.
func sides() []paper.Point {
	const d = math.Sqrt2 / 2
	return []paper.Point{{X: d, Y: -d}, {X: 1}, {X: d, Y: d}, {X: -d, Y: -d}, {X: -1}, {X: -d, Y: d}, {Y: -1}, {Y: 1}}
}

// near returns the points within reach of c.
func near(points []paper.Point, c paper.Point, reach float64) []paper.Point {
	var out []paper.Point
	for _, p := range points {
		if math.Abs(p.X-c.X) < reach && math.Abs(p.Y-c.Y) < reach {
			out = append(out, p)
		}
	}
	return out
}

// cost says how much writing in b would cover.
func (r *room) cost(b box, dots, rings []paper.Point) float64 {
	const onWriting, onLine, onFaint, onDot, onRing = 40, 8, 2, 1, 0.4
	sum := 0.0
	for _, t := range r.taken {
		if b.left < t.right && t.left < b.right && b.up < t.down && t.up < b.down {
			sum += onWriting
		}
	}
	wide := b.wider(0.15)
	for _, s := range r.lines {
		weight := float64(onLine)
		if s.pen.Grey > 0 {
			weight = onFaint
		}
		for i := range s.pts {
			if k := i + 1; k < len(s.pts) {
				sum += weight * wide.crossed(s.pts[i], s.pts[k])
			} else if s.closed {
				sum += weight * wide.crossed(s.pts[i], s.pts[0])
			}
		}
	}
	wide = b.wider(markReach)
	return sum + onDot*wide.holds(dots) + onRing*wide.holds(rings)
}

const markReach = 0.3 // mm round a dot that its cross or ring takes

// holds counts the points in b.
func (b box) holds(points []paper.Point) (n float64) {
	for _, p := range points {
		if p.X > b.left && p.X < b.right && p.Y > b.up && p.Y < b.down {
			n++
		}
	}
	return n
}

func (b box) wider(by float64) box { return box{b.left - by, b.up - by, b.right + by, b.down + by} }

// crossed is 1 where the way from p to q leads through b, else 0.
func (b box) crossed(p, q paper.Point) float64 {
	from, to := 0.0, 1.0
	clip := func(start, step, low, high float64) bool {
		if step == 0 {
			return start > low && start < high
		}
		in, out := (low-start)/step, (high-start)/step
		from, to = math.Max(from, math.Min(in, out)), math.Min(to, math.Max(in, out))
		return true
	}
	if !clip(p.X, q.X-p.X, b.left, b.right) || !clip(p.Y, q.Y-p.Y, b.up, b.down) || from >= to {
		return 0
	}
	return 1
}
