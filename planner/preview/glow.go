package preview

import (
	"math"

	"pointille/internal/parallel"
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

// reaches are how far spots are drawn, in standard deviations. What lies
// beyond, 0.4 % of a core and 5.6 % of the others, is made up for in the peak;
// at the border a core has 0.4 % of its peak left, the others 5.6 %, less than
// a byte's step.
func reaches() [parts]float64 { return [parts]float64{coreReach, tailReach, tailReach} }

const (
	coreReach = 3.3
	tailReach = 2.4
	gridReach = 3.0 // of parts on a coarse grid, where a spot has few points
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

const mostStep = 16

// gridded is in with the grids for pictures of so many pixels per millimetre of skin.
func (in Input) gridded(perMM float64) Input {
	in.grids.step[core], in.grids.fall = 1, newFalls()
	for p, sigma := range map[part]float64{tail: craft.InkTail().Value, far: craft.InkFar().Value} {
		in.grids.step[p] = max(1, min(mostStep, int(math.Hypot(sigma*perMM, in.blur())+0.35)))
	}
	in.grids.step[far] = max(1, in.grids.step[far]/in.grids.step[tail]) * in.grids.step[tail]
	for p, r := range reaches() {
		if in.grids.step[p] > 1 {
			r = gridReach
		}
		in.grids.reach[p], in.grids.made[p] = r, 1/-math.Expm1(-r*r/2)
	}
	return in
}

// perMM is how many pixels a millimetre has at the middle one of the dots seen.
func (in Input) perMM() float64 {
	find := in.finder()
	for k := range in.Seen {
		at := (k + len(in.Seen)/2) % len(in.Seen)
		if i, ok := find(at, in.Seen[at].ID); ok && in.Seen[at].Visible {
			if mm := in.Camera.MMPerPx(in.Dots[i].P); mm > 0 {
				return 1 / mm
			}
		}
	}
	return 0
}

// level is a grid of light: every step-th pixel in both directions, and what
// is left of the light there.
type level struct {
	step, w, h int
	parts      []part // of marks that are drawn on it
	light      []float32
	above      *level // the next coarser one, whose light this one's begins with; may be nil
	bands      [][]int32
}

// levels are the grids of all parts, coarsest first; the last one is that of
// the picture and has no light of its own.
func (c canvas) levels(marks []mark) []*level {
	var out []*level
	size := c.out.Rect.Size()
	for p := far; p >= core; p-- {
		step := c.in.grids.step[p]
		if n := len(out); n == 0 || out[n-1].step != step {
			l := &level{step: step, w: (size.X+step-1)/step + 1, h: (size.Y+step-1)/step + 1}
			if step == 1 {
				l.w, l.h = size.X, size.Y
			}
			if n > 0 {
				l.above = out[n-1]
			}
			out = append(out, l)
		}
		l := out[len(out)-1]
		l.parts = append(l.parts, p)
	}
	for _, l := range out {
		l.bin(marks)
	}
	return out
}

// bin sorts marks into bands of rows. Within a band they come in the plan's
// order, so that rounding does not depend on the threads.
func (l *level) bin(marks []mark) {
	n := (l.h + bandRows - 1) / bandRows
	span := func(m *mark) (from, to int) {
		if l.step == 1 {
			return m.y0 / bandRows, m.y1 / bandRows
		}
		y, half := m.y/float64(l.step), 0.0
		for _, p := range l.parts {
			half = max(half, m.spots[p].halfY)
		}
		return max(0, int(y-half)/bandRows), min(n-1, int(y+half)/bandRows)
	}
	counts := make([]int, n)
	for i := range marks {
		from, to := span(&marks[i])
		for b := from; b <= to; b++ {
			counts[b]++
		}
	}
	l.bands = make([][]int32, n)
	for b, n := range counts {
		l.bands[b] = make([]int32, 0, n)
	}
	for i := range marks {
		from, to := span(&marks[i])
		for b := from; b <= to; b++ {
			l.bands[b] = append(l.bands[b], int32(i))
		}
	}
}

// fill draws the whole of a level.
func (c canvas) fill(l *level, marks []mark) {
	l.light = make([]float32, 3*l.w*l.h)
	parallel.On(c.in.workers(), len(l.bands), func(b int) {
		top, bottom := b*bandRows, min((b+1)*bandRows, l.h)
		line := make([]float32, l.lineSize())
		c.light(l, b, marks, l.light[3*l.w*top:3*l.w*bottom], 0, l.w, line)
	})
}

func (l *level) lineSize() int {
	if l.above == nil {
		return 0
	}
	return 3 * l.above.w
}

// light draws band b of a level: what the level above leaves of the light, less
// what marks take, at columns x0 to x1.
func (c canvas) light(l *level, b int, marks []mark, rows []float32, x0, x1 int, line []float32) {
	top, bottom := b*bandRows, min((b+1)*bandRows, l.h)
	for y := top; y < bottom; y++ {
		row := rows[3*((y-top)*l.w+x0) : 3*((y-top)*l.w+x1)]
		if l.above != nil {
			l.above.into(row, l.step, x0, y, line)
			continue
		}
		for i := range row {
			row[i] = 1
		}
	}
	for _, i := range l.bands[b] {
		m := &marks[i]
		for _, p := range l.parts {
			m.spots[p].dim(c.in.grids.fall, rows, l.w, top, bottom, m.x/float64(l.step), m.y/float64(l.step))
		}
	}
}

// into writes the light of the level to a row of the next finer one, of the
// given step, from its column x0 on. line has room for a row of the level.
func (l *level) into(row []float32, step, x0, y int, line []float32) {
	n := l.step / step
	x1 := x0 + len(row)/3
	a := float32(y%n) / float32(n)
	first, last := 3*(x0/n), min(3*((x1-1)/n+2), 3*l.w)
	p, q := l.light[3*l.w*(y/n):][:3*l.w], l.light[3*l.w*min(y/n+1, l.h-1):][:3*l.w]
	line = line[:3*l.w]
	for i := first; i < last; i++ {
		line[i] = p[i] + a*(q[i]-p[i])
	}
	by := 1 / float32(n)
	for i, x := x0/n, x0; x < x1; i++ {
		at := line[3*i : 3*i+3 : 3*i+3]
		next := at
		if i+1 < l.w {
			next = line[3*i+3 : 3*i+6 : 3*i+6]
		}
		d0, d1, d2 := (next[0]-at[0])*by, (next[1]-at[1])*by, (next[2]-at[2])*by
		k := float32(x - i*n)
		v0, v1, v2 := at[0]+k*d0, at[1]+k*d1, at[2]+k*d2
		end := min((i+1)*n, x1)
		for out := row[3*(x-x0) : 3*(end-x0)]; len(out) >= 3; out = out[3:] {
			out[0], out[1], out[2] = v0, v1, v2
			v0, v1, v2 = v0+d0, v1+d1, v2+d2
		}
		x = end
	}
}
