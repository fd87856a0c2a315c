package closeup

import (
	"math"
	"sort"

	"pointille/internal/raster"
)

// A hair is a line: longer than shortest, of one direction within maxTurn per
// step. Widths are those of clipped terminal hair, 0.05-0.12 mm.
const (
	angles     = 16
	segmentMM  = 0.30
	flankMM    = 0.10
	shortestMM = 0.28
	longestMM  = 12
	claimMM    = 0.075 // half width that a traced hair takes from others
	keep       = 0.45  // a trace goes on while the response is this share of its start
	maxTurn    = 2     // angle steps
	noiseTimes = 4.5
	ofStrong   = 0.30 // weakest hair against the strong ones
)

// tracer finds lines in a plane of contrast.
type tracer struct {
	dark  *raster.Plane
	perMM float64
	resp  []float32 // strongest line response per pixel
	dir   []uint8   // its angle, in steps of π/angles
	taken []bool
}

// line is a traced hair, in order from one end to the other.
type line struct{ points [][2]float64 }

func newTracer(dark *raster.Plane, perMM float64) *tracer {
	n := len(dark.Pix)
	t := &tracer{dark: dark, perMM: perMM, resp: make([]float32, n), dir: make([]uint8, n), taken: make([]bool, n)}
	for a := range angles {
		t.filter(a)
	}
	return t
}

func unit(a int) (x, y float64) {
	s, c := math.Sincos(float64(a) * math.Pi / angles)
	return c, s
}

// filter raises the response to that of lines at angle a: the mean contrast
// along a segment less the larger of its two flanks.
func (t *tracer) filter(a int) {
	cx, cy := unit(a)
	half := int(segmentMM * t.perMM / 2)
	flank := flankMM * t.perMM
	w, h := t.dark.W, t.dark.H
	mean := func(x, y float64) float32 {
		var sum float32
		for s := -half; s <= half; s++ {
			sum += t.dark.At(int(x+float64(s)*cx+0.5), int(y+float64(s)*cy+0.5))
		}
		return sum / float32(2*half+1)
	}
	for y := range h {
		for x := range w {
			i := y*w + x
			if t.dark.Pix[i] <= 0.02 {
				continue
			}
			fx, fy := float64(x), float64(y)
			r := mean(fx, fy)
			if r <= t.resp[i] {
				continue
			}
			r -= max(0, mean(fx-cy*flank, fy+cx*flank), mean(fx+cy*flank, fy-cx*flank))
			if r > t.resp[i] {
				t.resp[i], t.dir[i] = r, uint8(a)
			}
		}
	}
}

// trace returns the hairs, the strongest first.
func (t *tracer) trace() []line {
	floor := t.threshold()
	order := make([]int, 0, len(t.resp)/8)
	for i, r := range t.resp {
		if r > floor {
			order = append(order, i)
		}
	}
	sort.Slice(order, func(a, b int) bool {
		if t.resp[order[a]] != t.resp[order[b]] {
			return t.resp[order[a]] > t.resp[order[b]]
		}
		return order[a] < order[b]
	})
	var out []line
	for _, i := range order {
		if t.taken[i] {
			continue
		}
		l := t.follow(i)
		t.claim(l)
		if n := float64(len(l.points)) / t.perMM; n >= shortestMM && n <= longestMM {
			out = append(out, l)
		}
	}
	return out
}

// threshold lies above the noise of this picture and below its clear hairs.
func (t *tracer) threshold() float32 {
	sorted := append([]float32(nil), t.resp...)
	sort.Slice(sorted, func(i, j int) bool { return sorted[i] < sorted[j] })
	n := len(sorted)
	if n == 0 {
		return 1
	}
	noise, strong := sorted[n/2]/0.6745, sorted[n-1-n/200]
	return max(noiseTimes*noise, ofStrong*strong, 0.03)
}

// follow walks from pixel i along the line both ways.
func (t *tracer) follow(i int) line {
	w := t.dark.W
	start := [2]float64{float64(i % w), float64(i / w)}
	back := t.walk(start, int(t.dir[i]), -1, t.resp[i])
	ahead := t.walk(start, int(t.dir[i]), 1, t.resp[i])
	l := line{}
	for k := len(back) - 1; k >= 0; k-- {
		l.points = append(l.points, back[k])
	}
	l.points = append(l.points, start)
	l.points = append(l.points, ahead...)
	return l
}

// walk steps one pixel at a time, turning with the line.
func (t *tracer) walk(p [2]float64, angle, sign int, first float32) [][2]float64 {
	var out [][2]float64
	limit := int(longestMM * t.perMM)
	for len(out) < limit {
		cx, cy := unit(angle)
		p = [2]float64{p[0] + float64(sign)*cx, p[1] + float64(sign)*cy}
		x, y := int(p[0]+0.5), int(p[1]+0.5)
		if x < 0 || y < 0 || x >= t.dark.W || y >= t.dark.H {
			return out
		}
		i := y*t.dark.W + x
		turn := (int(t.dir[i])-angle+angles+angles/2)%angles - angles/2
		if t.taken[i] || t.resp[i] < keep*first || turn > maxTurn || turn < -maxTurn {
			return out
		}
		next := angle + turn
		if next < 0 || next >= angles { // past 180° the direction flips
			next = (next + angles) % angles
			sign = -sign
		}
		angle = next
		out = append(out, p)
	}
	return out
}

func (t *tracer) claim(l line) {
	r := int(math.Ceil(claimMM * t.perMM))
	for _, p := range l.points {
		for dy := -r; dy <= r; dy++ {
			for dx := -r; dx <= r; dx++ {
				x, y := int(p[0]+0.5)+dx, int(p[1]+0.5)+dy
				if x >= 0 && y >= 0 && x < t.dark.W && y < t.dark.H && dx*dx+dy*dy <= r*r {
					t.taken[y*t.dark.W+x] = true
				}
			}
		}
	}
}

// roots picks the root end of each hair. A cut tip ends sharply, a root fades
// into the skin; one hair's ends are doubtful, so neighbours vote: hair of a
// patch lies one way.
func roots(lines []line, t *tracer) [][2]float64 {
	type hair struct {
		a, b [2]float64
		ux   float64
		uy   float64
		vote float64 // > 0: a is the root
		mid  [2]float64
	}
	hairs := make([]hair, len(lines))
	for i, l := range lines {
		a, b := l.points[0], l.points[len(l.points)-1]
		n := max(1, math.Hypot(b[0]-a[0], b[1]-a[1]))
		hairs[i] = hair{a: a, b: b, ux: (b[0] - a[0]) / n, uy: (b[1] - a[1]) / n, mid: [2]float64{(a[0] + b[0]) / 2, (a[1] + b[1]) / 2}}
		hairs[i].vote = t.sharpness(b, hairs[i].ux, hairs[i].uy) - t.sharpness(a, -hairs[i].ux, -hairs[i].uy)
	}
	reach := 2.5 * t.perMM
	out := make([][2]float64, len(hairs))
	for i, h := range hairs {
		sum := 0.0
		for _, o := range hairs {
			d := math.Hypot(o.mid[0]-h.mid[0], o.mid[1]-h.mid[1])
			sum += o.vote * (o.ux*h.ux + o.uy*h.uy) * math.Exp(-d*d/(2*reach*reach))
		}
		out[i] = h.a
		if sum < 0 {
			out[i] = h.b
		}
	}
	return out
}

// sharpness is how fast the contrast falls beyond an end in direction (ux, uy).
func (t *tracer) sharpness(p [2]float64, ux, uy float64) float64 {
	d := 0.06 * t.perMM
	in := t.dark.Sample(p[0]-d*ux, p[1]-d*uy)
	out := t.dark.Sample(p[0]+d*ux, p[1]+d*uy)
	return float64(in - out)
}
