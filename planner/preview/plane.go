package preview

import (
	"image"
	"math"

	"pointille/planner/craft"
)

// part is a part of every mark: the core, the tail or the far glow.
type part int

const (
	core part = iota
	tail
	far
	parts
)

// grids say how finely the parts of marks are drawn: cores at every pixel, soft
// parts on grids with about a point for each of their standard deviations,
// between which a straight line is near.
type grids struct {
	step  [parts]int     // pixels; each a multiple of the one before
	reach [parts]float64 // of parts, in standard deviations
	made  [parts]float64 // what makes up for it
	fall  *falls
}

// mostStep is the most that a step may be, leastFar the least of the glow's: there
// is a point for each in the whole picture.
const (
	mostStep = 16
	leastFar = 2
)

// gridded is in with the grids for pictures of so many pixels per millimetre of skin.
func (in Input) gridded(perMM float64) Input {
	g := &in.grids
	g.step[core], g.fall = 1, newFalls()
	for p, sigma := range map[part]float64{tail: craft.InkTail().Value, far: craft.InkFar().Value} {
		g.step[p] = max(1, min(mostStep, int(math.Hypot(sigma*perMM, in.BlurPx)+0.35)))
	}
	g.step[far] = max(1, max(leastFar, g.step[far])/g.step[tail]) * g.step[tail]
	for p, r := range reaches() {
		if g.step[p] > 1 {
			r = gridReach
		}
		g.reach[p], g.made[p] = r, 1/within(r)
	}
	return in
}

// plane is a piece of a grid of light: every step-th pixel in both directions,
// and what is left of the light there, in units of 1/lit.
type plane struct {
	step       int
	x, y, w, h int // of the piece, in steps
	stride     int // of light
	light      []rgb
}

// rgb is the light of a pixel.
type rgb = [3]float32

// piece is the part of a plane, in its own steps, that shares its light.
func (p *plane) piece(r image.Rectangle) plane {
	q := *p
	q.x, q.y, q.w, q.h = r.Min.X, r.Min.Y, r.Dx(), r.Dy()
	q.light = p.light[(q.y-p.y)*p.stride+q.x-p.x:]
	return q
}

// begin fills the plane with the light of a coarser one that holds it. rows has
// room for two of its rows.
func (p *plane) begin(from *plane, rows *[2][]rgb) {
	n := from.step / p.step
	above, below := rows[0][:p.w], rows[1][:p.w]
	for y := range p.h {
		at, k := (p.y+y)/n, (p.y+y)%n
		if y == 0 {
			from.stretch(above, at, n, p.x)
			from.stretch(below, at+1, n, p.x)
		} else if k == 0 {
			above, below = below, above
			from.stretch(below, at+1, n, p.x)
		}
		row, share := p.row(y)[:len(above)], float32(k)/float32(n)
		if k == 0 {
			copy(row, above)
			continue
		}
		below := below[:len(above)]
		for i := range above {
			a, b, c := &above[i], &below[i], &row[i]
			c[0], c[1], c[2] = a[0]+share*(b[0]-a[0]), a[1]+share*(b[1]-a[1]), a[2]+share*(b[2]-a[2])
		}
	}
}

// row is row y of the piece.
func (p *plane) row(y int) []rgb { return p.light[p.stride*y:][:p.w] }

// stretch writes row y of the plane to one n times as fine, from its column x on.
func (p *plane) stretch(row []rgb, y, n, x int) {
	line, by := p.light[(y-p.y)*p.stride+x/n-p.x:], 1/float32(n)
	for from := x % n; len(row) > 0; line, from = line[1:], 0 {
		a, b := line[0], line[1]
		d0, d1, d2 := (b[0]-a[0])*by, (b[1]-a[1])*by, (b[2]-a[2])*by
		k := float32(from)
		v0, v1, v2 := a[0]+k*d0, a[1]+k*d1, a[2]+k*d2
		end := min(n-from, len(row))
		for i := range row[:end] {
			row[i] = rgb{v0, v1, v2}
			v0, v1, v2 = v0+d0, v1+d1, v2+d2
		}
		row = row[end:]
	}
}

// clear reports whether nothing is taken from the light at the pixels of r.
func (p *plane) clear(r image.Rectangle) bool {
	x0, x1 := r.Min.X/p.step-p.x, (r.Max.X-1)/p.step+2-p.x
	for y := r.Min.Y/p.step - p.y; y < (r.Max.Y-1)/p.step+2-p.y; y++ {
		for _, v := range p.row(y)[x0:x1] {
			if v != (rgb{lit, lit, lit}) {
				return false
			}
		}
	}
	return true
}

// over is a plane of the given step, still without light, over the pixels of r.
func over(r image.Rectangle, step int) plane {
	p := plane{step: step, x: r.Min.X / step, y: r.Min.Y / step, w: r.Dx(), h: r.Dy()}
	if step > 1 {
		p.w, p.h = (r.Max.X-1)/step+2-p.x, (r.Max.Y-1)/step+2-p.y
	}
	p.stride = p.w
	return p
}

// size is how many points the plane has.
func (p *plane) size() int { return p.stride * p.h }
