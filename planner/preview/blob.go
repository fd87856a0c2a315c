package preview

import "math"

// blob is a Gaussian spot in steps of the grid that its part is drawn on: at
// dy below its middle a row has its peak at x+lean·dy, and falls off to both
// sides as exp(-along·dx²/2); the rows' peaks fall off as exp(-down·dy²/2).
type blob struct {
	x, y               float32
	lean, along, down  float32
	half, halfX, halfY float32 // reach within a row, of all rows, and down
	peak               rgb
}

// none reports whether the spot is too wide to be one, or cannot be seen at all.
func (b *blob) none() bool { return b.halfY == 0 }

// reaches are how far spots are drawn, in standard deviations: along a row and
// from row to row. What lies beyond, 0.4 % of a core and 5.6 % of the others, is
// made up for in the peak; at the border a core has 0.9 % of its peak left, the
// others 9 %, less than a byte's step.
func reaches() [parts]float64 { return [parts]float64{coreReach, tailReach, tailReach} }

const (
	coreReach = 3.07
	tailReach = 2.6
	gridReach = 2.95 // of parts on a coarse grid, where a spot has few points
)

// within is the share of a Gaussian that lies within a reach.
func within(reach float64) float64 { return math.Pow(math.Erf(reach/math.Sqrt2), 2) }

// softened makes b a blob of part p at pixel (x, y) without a peak, of the
// covariance (xx, xy, yy) in px² and what the lens and the pixels' own size add
// to it, and returns the root of the determinant of both, px². The straight
// lines between the points of a coarse grid blur too.
func (in *Input) softened(b *blob, p part, x, y float64, v [3]float64) (size float64) {
	step, soft := in.grids.step[p], in.BlurPx*in.BlurPx+1.0/12
	n := float64(step * step)
	xx, xy, yy := v[0]+soft, v[1], v[2]+soft
	if n > 1 {
		more := -n / 6
		if xx*yy-xy*xy < (leastOnGrid*n-more)*(xx+yy) { // else its least axis is long enough
			least := (xx+yy)/2 - math.Hypot((xx-yy)/2, xy)
			more = max(more, leastOnGrid*n-least)
		}
		xx, yy = xx+more, yy+more
	}
	det := xx*yy - xy*xy
	if !(det > 0) {
		*b = blob{}
		return 0
	}
	by, over := 1/float64(step), 1/yy
	reach, long := in.grids.reach[p]*by, math.Sqrt(yy)
	size = math.Sqrt(det)
	half, halfY, lean := reach*size*over*long, reach*long, xy*over
	if !(half+math.Abs(lean)*halfY < widest && halfY < widest) {
		*b = blob{}
		return 0
	}
	*b = blob{
		x: float32(x * by), y: float32(y * by), lean: float32(lean), along: float32(n * yy / det), down: float32(n * over),
		half: float32(half), halfX: float32(half + math.Abs(lean)*halfY), halfY: float32(halfY),
	}
	return size
}

// widest is how many steps a spot may reach. What is spread further, by a camera
// that touches the head, takes nothing that can be seen.
const widest = 1 << 16

// leastOnGrid is the least variance that the points of a grid can hold, in
// squares of its step.
const leastOnGrid = 0.25

// darkest is what no spot may take away more than, however a dot varies: light
// that is left keeps the photo's texture.
const darkest = 0.95

// dim multiplies the light of a plane by what the spot lets through. A
// Gaussian's next value follows from the last by two products, from point to
// point and from row to row, so that no exponential is taken on the way. Rows
// are taken in the order in which the spot leans to the right.
func (b *blob) dim(fall *falls, p *plane) {
	top, bottom := max(b.y-b.halfY, float32(p.y)), min(b.y+b.halfY, float32(p.y+p.h-1))
	if top > bottom {
		return
	}
	lean, y, last, next := b.lean, above(top), int(bottom), 1
	if lean < 0 {
		lean, y, last, next = -lean, last, y, -1
	}
	dy := float32(next) * (float32(y) - b.y)
	left := b.x + lean*dy - b.half
	x := above(left)
	dx := float32(x) - left - b.half
	g := gauss{
		value: fall.at((b.down*dy*dy + b.along*dx*dx) / 2), step: fall.at(b.along * (dx + 0.5)), turn: fall.at(b.along),
	}
	down, downTurn := fall.at(b.down*(dy+0.5)), fall.at(b.down)
	aside, asideStep, asideTurn := fall.at(-b.along*lean*(dx-lean/2)), fall.at(-b.along*lean), fall.at(b.along*lean*lean)
	for n := (last-y)*next + 1; n > 0; n-- {
		g.dim(p, x, y, int(int32(b.half-dx))+1, &b.peak)
		g.value *= down * aside
		g.step *= asideStep
		down, aside = down*downTurn, aside*asideTurn
		y, dx = y+next, dx-lean
		for dx < -b.half {
			g.value *= g.step
			g.step *= g.turn
			aside *= asideStep
			x, dx = x+1, dx+1
		}
	}
}

// gauss is a Gaussian's value at a point, and what leads to the next ones: value
// times step, step times turn.
type gauss struct{ value, step, turn float32 }

// dim dims n points from (x, y) on, as far as they are in the plane.
func (g gauss) dim(p *plane, x, y, n int, peak *rgb) {
	value, step := g.value, g.step
	for ; x < p.x && n > 0; x, n = x+1, n-1 {
		value *= step
		step *= g.turn
	}
	if n = min(n, p.x+p.w-x); n <= 0 {
		return
	}
	from := (y-p.y)*p.stride + x - p.x
	line := p.light[from : from+n]
	for i := range line {
		l := &line[i]
		l[0] -= l[0] * (value * peak[0])
		l[1] -= l[1] * (value * peak[1])
		l[2] -= l[2] * (value * peak[2])
		value *= step
		step *= g.turn
	}
}

// above is the next whole number.
func above(v float32) int {
	i := int(int32(v))
	if float32(i) < v {
		i++
	}
	return i
}
