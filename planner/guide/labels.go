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
	dots  []paper.Point
	taken []box
}

// box is a rectangle of a drawing, y down.
type box struct{ left, up, right, down float64 }

const (
	pointMM  = 25.4 / 72
	capital  = 0.72 // height of a capital letter, of the font's size
	labelGap = 0.35 // mm between writing and what it names
)

// put writes text beside c, whose mark reaches away mm from it, where it
// covers least.
func (r *room) put(c paper.Point, away float64, text string, st paper.Style) word {
	w, h := r.doc.TextWidth(st, text), st.Size*capital*pointMM
	near := r.near(c, away+w+h)
	best, least := box{}, math.Inf(1)
	for i, d := range sides() {
		x, y := c.X+d.X*(away+labelGap+w/2), c.Y+d.Y*(away+labelGap+h/2)
		b := box{x - w/2, y - h/2, x + w/2, y + h/2}
		if cost := r.cost(b, near) + 0.1*float64(i); cost < least {
			best, least = b, cost
		}
	}
	r.taken = append(r.taken, best.wider(0.3))
	return word{at: paper.Point{X: best.left, Y: best.down}, text: text, style: st}
}

// sides are the directions in which writing is tried, the best to read first.
func sides() []paper.Point {
	const d = math.Sqrt2 / 2
	return []paper.Point{{X: d, Y: -d}, {X: 1}, {X: d, Y: d}, {X: -d, Y: -d}, {X: -1}, {X: -d, Y: d}, {Y: -1}, {Y: 1}}
}

// near returns the dots within reach of c.
func (r *room) near(c paper.Point, reach float64) []paper.Point {
	var out []paper.Point
	for _, p := range r.dots {
		if math.Abs(p.X-c.X) < reach && math.Abs(p.Y-c.Y) < reach {
			out = append(out, p)
		}
	}
	return out
}

// cost says how much writing in b would cover.
func (r *room) cost(b box, dots []paper.Point) float64 {
	const onWriting, onLine, onDot = 40, 8, 0.5
	sum := 0.0
	for _, t := range r.taken {
		if b.left < t.right && t.left < b.right && b.up < t.down && t.up < b.down {
			sum += onWriting
		}
	}
	wide := b.wider(0.25)
	for _, s := range r.lines {
		for i := range s.pts {
			if k := i + 1; k < len(s.pts) {
				sum += onLine * wide.crossed(s.pts[i], s.pts[k])
			} else if s.closed {
				sum += onLine * wide.crossed(s.pts[i], s.pts[0])
			}
		}
	}
	for _, p := range dots {
		if p.X > b.left && p.X < b.right && p.Y > b.up && p.Y < b.down {
			sum += onDot
		}
	}
	return sum
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
