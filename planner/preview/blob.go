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

// reaches are how far spots are drawn, in standard deviations: along a row and
// from row to row. What lies beyond, 0.4 % of a core and 5.6 % of the others, is
// made up for in the peak; at the border a core has 0.9 % of its peak left, the
// others 9 %, less than a byte's step.
func reaches() [parts]float64 { return [parts]float64{coreReach, tailReach, tailReach} }

const (
	coreReach = 3.07
	tailReach = 2.19
	gridReach = 2.77 // of parts on a coarse grid, where a spot has few points
)

// within is the share of a Gaussian that lies within a reach.
func within(reach float64) float64 { return math.Pow(math.Erf(reach/math.Sqrt2), 2) }

// softened makes b a blob of part p at pixel (x, y) without a peak, of the
// covariance (xx, xy, yy) in px² and what the lens and the pixels' own size add
// to it, and returns the root of the determinant of both, px². The straight
// lines between the points of a coarse grid blur too.
func (in *Input) softened(b *blob, p part, x, y float64, v [3]float64) (size float64) {
	step, soft := in.grids.step[p], in.blur()*in.blur()+1.0/12
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
	half, halfY, lean := reach*size*long*over, reach*long, xy*over
	*b = blob{
		x: float32(x * by), y: float32(y * by), lean: float32(lean), along: float32(n * yy / det), down: float32(n * over),
		half: float32(half), halfX: float32(half + math.Abs(lean)*halfY), halfY: float32(halfY),
	}
	return size
}

// leastOnGrid is the least variance that the points of a grid can hold, in
// squares of its step.
const leastOnGrid = 0.25

// darkest is what no spot may take away more than, however a dot varies: light
// that is left keeps the photo's texture.
const darkest = 0.95

// dim multiplies the light of a plane by what the spot lets through. A
// Gaussian's next value follows from the last by two products, so that two
// exponentials a row are enough.
func (b *blob) dim(fall *falls, p *plane) {
	y0, y1 := span(b.y-b.halfY, b.y+b.halfY, p.y, p.h)
	if y0 > y1 {
		return
	}
	dy := float32(y0) - b.y
	row, rowStep, rowTurn := fall.at(b.down*dy*dy/2), fall.at(b.down*(dy+0.5)), fall.at(b.down)
	turn := fall.at(b.along)
	for y := y0; y <= y1; y++ {
		at := b.x + b.lean*dy
		if x0, x1 := span(at-b.half, at+b.half, p.x, p.w); x0 <= x1 {
			dx, from := float32(x0)-at, (y-p.y)*p.stride-p.x
			dimLine(p.light[from+x0:from+x1+1], row*fall.at(b.along*dx*dx/2), fall.at(b.along*(dx+0.5)), turn, &b.peak)
		}
		row *= rowStep
		rowStep *= rowTurn
		dy++
	}
}

// dimLine dims a line by value, value·step, value·step·step·turn and so on.
func dimLine(line []rgb, value, step, turn float32, peak *rgb) {
	r, g, b := peak[0], peak[1], peak[2]
	for i := range line {
		l := &line[i]
		l[0] -= l[0] * (value * r)
		l[1] -= l[1] * (value * g)
		l[2] -= l[2] * (value * b)
		value *= step
		step *= turn
	}
}

// span is the whole numbers from lo to hi among the n from first on, first
// being 0 or more; the second is below the first where there are none.
func span(lo, hi float32, first, n int) (from, to int) {
	if hi < float32(first) {
		return 0, -1
	}
	from, to = first, min(first+n-1, int(int32(hi)))
	if lo > float32(first) {
		if from = int(int32(lo)); float32(from) < lo {
			from++
		}
	}
	return from, to
}
