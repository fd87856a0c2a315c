package cvx

import (
	"math"
	"slices"
)

// Refinement of marker corners. Each of the four edges is found anew from
// profiles across it: black inside, white outside, blurred in between. The
// place of the edge in a profile is the centroid of its slope, which a
// symmetric blur does not move; a line through all of them averages the noise,
// and the corners are the crossings of the lines.
const (
	// refineRounds is how often the lines are laid: the first round starts
	// from corners a few pixels off, and the third changes nothing visible.
	refineRounds = 3
	// reachShare is how far a profile reaches to either side, as a share of the
	// marker's side: little more than half of the quiet zone (an eighth), so
	// that the blurred border of the card stays out.
	reachShare = 0.075
	// minReach and maxReach bound that reach, in pixels.
	minReach, maxReach = 3, 14
	// profileStep is the distance of samples along a profile, in pixels.
	profileStep = 0.25
	// minContrast is the least step from black to white that counts, as a share
	// of full white in linear light.
	minContrast = 0.03
	// minEdgePoints is how many usable profiles an edge needs.
	minEdgePoints = 8
	// minBend is the height of an edge's arc, in pixels, from which on it is
	// taken for bent paper and not for noise.
	minBend = 0.25
	// maxMove is how far refinement may move a corner, as a share of the side.
	maxMove = 0.15
)

// line is the points p with n·p = d, n of length 1.
type line struct{ nx, ny, d float64 }

// edge is one side of a marker: its tangents at both ends, which differ where
// the paper is bent, its arc, and the root mean square distance of its points,
// all in pixels.
type edge struct {
	start, end line
	arc        Point // from the middle of the chord to the curve
	rms        float64
}

// refined returns m with corners from edge lines, or m itself where an edge
// cannot be made out.
func refined(v view, m Marker, d Dictionary) Marker {
	light := linearLight()
	best := m
	for range refineRounds {
		next, ok := refineOnce(v, &light, best)
		if !ok {
			return m
		}
		best = next
	}
	for i, c := range best.Corners {
		if math.Hypot(c.X-m.Corners[i].X, c.Y-m.Corners[i].Y) > max(minReach, maxMove*m.side()) {
			return m
		}
	}
	best.Refined = true
	pattern, err := RenderMarker(d, m.ID, 1)
	if err != nil {
		return best
	}
	return unspread(v, &light, best, pattern)
}

func refineOnce(v view, l *[256]float64, m Marker) (Marker, bool) {
	var edges [4]edge
	var squares float64
	m.Bend = 0
	reach := min(maxReach, max(minReach, reachShare*m.side()))
	for i := range edges {
		e, ok := findEdge(v, l, m.Corners[i], m.Corners[(i+1)%4], reach)
		if !ok {
			return m, false
		}
		edges[i] = e
		squares += e.rms * e.rms / 4
		m.arcs[i] = e.arc
		m.Bend = max(m.Bend, math.Hypot(e.arc.X, e.arc.Y))
	}
	for i := range m.Corners {
		c, ok := cross(edges[(i+3)%4].end, edges[i].start)
		if !ok {
			return m, false
		}
		m.Corners[i] = c
	}
	m.Residual = math.Sqrt(squares)
	return m, true
}

// cross returns the common point of two lines that are not nearly parallel.
func cross(a, b line) (Point, bool) {
	det := a.nx*b.ny - a.ny*b.nx
	if math.Abs(det) < 0.05 {
		return Point{}, false
	}
	return Point{(a.d*b.ny - b.d*a.ny) / det, (a.nx*b.d - b.nx*a.d) / det}, true
}

// findEdge finds the edge near the line from a to b, which go clockwise about
// the marker.
func findEdge(v view, l *[256]float64, a, b Point, reach float64) (edge, bool) {
	dx, dy := b.X-a.X, b.Y-a.Y
	length := math.Hypot(dx, dy)
	if length < 4*minReach {
		return edge{}, false
	}
	dx, dy = dx/length, dy/length
	nx, ny := dy, -dx // outwards, as y runs down
	margin := max(0.06*length, 0.7*reach)
	var s, t, contrast []float64
	for along := margin; along <= length-margin; along += max(1, length/200) {
		off, step, ok := edgeAt(v, l, a.X+along*dx, a.Y+along*dy, nx, ny, reach)
		if ok {
			s, t, contrast = append(s, along-length/2), append(t, off), append(contrast, step)
		}
	}
	s, t = drop(s, t, contrast)
	if len(s) < minEdgePoints {
		return edge{}, false
	}
	c := robustCurve(s, t, false)
	if bent := robustCurve(s, t, true); math.Abs(bent.t2)*length*length/4 > minBend && bent.rms < 0.85*c.rms {
		c = bent
	}
	// The tangent at s runs through m + s·d + t(s)·n along d + t'(s)·n, with m
	// the middle between a and b.
	tangent := func(s float64) line {
		t, slope := c.t0+s*(c.t1+s*c.t2), c.t1+2*s*c.t2
		ex, ey := dx+slope*nx, dy+slope*ny
		k := 1 / math.Hypot(ex, ey)
		e := line{nx: ey * k, ny: -ex * k}
		e.d = e.nx*((a.X+b.X)/2+s*dx+t*nx) + e.ny*((a.Y+b.Y)/2+s*dy+t*ny)
		return e
	}
	height := -c.t2 * length * length / 4
	return edge{tangent(-length / 2), tangent(length / 2), Point{height * nx, height * ny}, c.rms}, true
}

// edgeAt returns the signed distance along (nx, ny) from (x, y) to the edge and
// the height of the step, from the mean inner level to the mean outer one. It
// integrates the profile, which equals the centroid of its slope.
func edgeAt(v view, l *[256]float64, x, y, nx, ny, reach float64) (off, step float64, ok bool) {
	n := int(2 * reach / profileStep)
	end := max(2, n/6)
	if !v.holds(x-reach*nx, y-reach*ny) || !v.holds(x+reach*nx, y+reach*ny) {
		return 0, 0, false
	}
	var sum, inner, outer float64
	for i := range n {
		t := -reach + (float64(i)+0.5)*profileStep
		g := v.sample(l, x+t*nx, y+t*ny)
		sum += g
		if i < end {
			inner += g / float64(end)
		}
		if i >= n-end {
			outer += g / float64(end)
		}
	}
	step = outer - inner
	if step < minContrast {
		return 0, 0, false
	}
	white := (sum - float64(n)*inner) / step * profileStep
	off = -reach + float64(n)*profileStep - white
	return off, step, math.Abs(off) < reach
}

// drop leaves out profiles with less than half the usual contrast: shade
// borders, glare and fingers.
func drop(s, t, contrast []float64) (ks, kt []float64) {
	if len(s) == 0 {
		return nil, nil
	}
	usual := median(contrast)
	for i, c := range contrast {
		if c >= usual/2 {
			ks, kt = append(ks, s[i]), append(kt, t[i])
		}
	}
	return ks, kt
}

// curve is t0 + t1·s + t2·s², and the root mean square of what it leaves of
// the points that kept weight.
type curve struct{ t0, t1, t2, rms float64 }

// robustCurve fits a line, or a parabola, to t over s by least squares with
// Tukey's weights.
func robustCurve(s, t []float64, parabola bool) (c curve) {
	w := slices.Repeat([]float64{1}, len(s))
	dev := make([]float64, len(s))
	const rounds = 8
	for range rounds {
		c = weightedCurve(s, t, w, parabola)
		for i := range s {
			dev[i] = math.Abs(t[i] - c.t0 - s[i]*(c.t1+s[i]*c.t2))
		}
		// 4.685 robust standard deviations keep 95 % efficiency on normal noise.
		cut := 4.685 * max(1.4826*median(dev), 0.02)
		n := 0.0
		for i, d := range dev {
			u := min(1, d/cut)
			w[i] = (1 - u*u) * (1 - u*u)
			if u < 1 {
				c.rms, n = c.rms+d*d, n+1
			}
		}
		c.rms = math.Sqrt(c.rms / max(1, n))
	}
	return c
}

// weightedCurve solves the normal equations after making the powers of s
// orthogonal to each other.
func weightedCurve(s, t, w []float64, parabola bool) (c curve) {
	mean := func(f func(i int) float64) (m float64) {
		total := 0.0
		for i := range s {
			m, total = m+w[i]*f(i), total+w[i]
		}
		return m / max(total, 1e-12)
	}
	ms := mean(func(i int) float64 { return s[i] })
	mt := mean(func(i int) float64 { return t[i] })
	vs := mean(func(i int) float64 { return (s[i] - ms) * (s[i] - ms) })
	if vs < 1e-9 {
		return curve{t0: mt}
	}
	slope := mean(func(i int) float64 { return (s[i] - ms) * (t[i] - mt) }) / vs
	c = curve{t0: mt - slope*ms, t1: slope}
	if !parabola {
		return c
	}
	skew := mean(func(i int) float64 { return math.Pow(s[i]-ms, 3) }) / vs
	q := func(i int) float64 { d := s[i] - ms; return d*d - vs - skew*d }
	vq := mean(func(i int) float64 { return q(i) * q(i) })
	if vq < 1e-9 {
		return c
	}
	c.t2 = mean(func(i int) float64 { return q(i) * (t[i] - mt) }) / vq
	// t2·((s-ms)² - vs - skew·(s-ms)) in powers of s.
	c.t1 -= c.t2 * (2*ms + skew)
	c.t0 += c.t2 * (ms*ms - vs + skew*ms)
	return c
}

func median(a []float64) float64 {
	b := slices.Sorted(slices.Values(a))
	return (b[(len(b)-1)/2] + b[len(b)/2]) / 2
}

// holds tells whether (x, y) lies between pixel centres of the picture.
func (v view) holds(x, y float64) bool {
	return x >= 0 && y >= 0 && x <= float64(v.w-1) && y <= float64(v.h-1)
}

// sample interpolates an 8-bit grey picture bilinearly, in linear light, at a
// place it holds.
func (v view) sample(l *[256]float64, x, y float64) float64 {
	x0, y0 := min(int(x), max(0, v.w-2)), min(int(y), max(0, v.h-2))
	ax, ay := x-float64(x0), y-float64(y0)
	x1, y1 := min(x0+1, v.w-1), min(y0+1, v.h-1)
	top := l[v.pix[y0*v.step+x0]]*(1-ax) + l[v.pix[y0*v.step+x1]]*ax
	bottom := l[v.pix[y1*v.step+x0]]*(1-ax) + l[v.pix[y1*v.step+x1]]*ax
	return top*(1-ay) + bottom*ay
}

// linearLight returns the light each sRGB value stands for, 0..1. Lenses and
// pixels blur light; seen in sRGB values white would seem to grow over black,
// by some 0.4 pixels at a usual blur.
func linearLight() (l [256]float64) {
	for i := range l {
		c := float64(i) / 255
		if c <= 0.04045 {
			l[i] = c / 12.92
		} else {
			l[i] = math.Pow((c+0.055)/1.055, 2.4)
		}
	}
	return l
}
