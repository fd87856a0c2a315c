package preview

import (
	"math"
	"sync"

	"pointille/internal/parallel"
)

// part is a part of every mark: the core, the tail or the far glow.
type part int

const (
	core part = iota
	tail
	far
	parts
)

// reaches are how far spots are drawn, in standard deviations. What lies
// beyond, 0.4 % of a core and 5.6 % of the others, is made up for in the peak;
// at the border a core has 0.4 % of its peak left, the others 5.6 %, less than
// a byte's step.
func reaches() [parts]float64 { return [parts]float64{coreReach, tailReach, tailReach} }

const (
	coreReach = 3.3
	tailReach = 2.4
)

// glow is what one part of all marks leaves of the light, on a grid of every
// step-th pixel: soft parts need no more.
type glow struct {
	step, w, h int
	light      []float32
}

// coarse is how many pixels apart a part of the given standard deviation, mm,
// is drawn where a millimetre has so many pixels: the grid has a point for
// each standard deviation, and between the points a straight line is near.
func (in Input) coarse(sigma, perMM float64) int {
	return max(1, min(mostStep, int(math.Hypot(sigma*perMM, in.blur()))))
}

const mostStep = 16

// glows draws what part p of all marks leaves.
func (c canvas) glow(p part, step int, marks []mark) glow {
	size := c.out.Rect.Size()
	g := glow{step: step, w: (size.X+step-1)/step + 1, h: (size.Y+step-1)/step + 1}
	g.light = make([]float32, 3*g.w*g.h)
	bands := make([][]int32, (g.h+glowRows-1)/glowRows)
	for i := range marks {
		b := &marks[i].part[p]
		y := marks[i].y / float64(step)
		for k := max(0, int(y-b.halfY)/glowRows); k <= min(len(bands)-1, int(y+b.halfY)/glowRows); k++ {
			bands[k] = append(bands[k], int32(i))
		}
	}
	parallel.On(c.in.workers(), len(bands), func(k int) {
		top, bottom := k*glowRows, min((k+1)*glowRows, g.h)
		rows := g.light[3*g.w*top : 3*g.w*bottom]
		for i := range rows {
			rows[i] = 1
		}
		for _, i := range bands[k] {
			m := &marks[i]
			m.part[p].dim(c.fall, rows, g.w, top, bottom, m.x/float64(step), m.y/float64(step))
		}
	})
	return g
}

// glowRows is the height of the strips of a glow that threads work on.
const glowRows = 16

// onto multiplies a row of light by the glow at row y, pixels x0 to x1. line
// has room for a row of the glow.
func (g *glow) onto(light []float32, y, x0, x1 int, line []float32) {
	y0 := y / g.step
	a := float32(y%g.step) / float32(g.step)
	from, to := 3*(x0/g.step), min(3*((x1-1)/g.step+2), 3*g.w)
	p, q := g.light[3*g.w*y0:][:3*g.w], g.light[3*g.w*(y0+1):][:3*g.w]
	line = line[:3*g.w]
	for i := from; i < to; i++ {
		line[i] = p[i] + a*(q[i]-p[i])
	}
	by := 1 / float32(g.step)
	for x := x0; x < x1; {
		i := x / g.step
		end := min((i+1)*g.step, x1)
		l := line[3*i : 3*i+6 : 3*i+6]
		d0, d1, d2 := (l[3]-l[0])*by, (l[4]-l[1])*by, (l[5]-l[2])*by
		k := float32(x - i*g.step)
		v0, v1, v2 := l[0]+k*d0, l[1]+k*d1, l[2]+k*d2
		for row := light[3*x : 3*end]; len(row) >= 3; row = row[3:] {
			row[0] *= v0
			row[1] *= v1
			row[2] *= v2
			v0, v1, v2 = v0+d0, v1+d1, v2+d2
		}
		x = end
	}
}

// buffers are what a thread needs to draw a band.
type buffers struct{ light, line []float32 }

func newBuffers(width int) *sync.Pool {
	return &sync.Pool{New: func() any {
		return &buffers{make([]float32, 3*width*bandRows), make([]float32, 3*(width+2))}
	}}
}
