package preview

import (
	"fmt"
	"image"
	"math"
	"sync"

	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// mark is one dot as this photo shows it.
type mark struct {
	x, y           float64
	spots          [parts]blob
	x0, y0, x1, y1 int // pixels it touches, inclusive
	mm2            float64
}

// blob is a Gaussian spot, peak·exp(-(a·dx² + 2b·dx·dy + c·dy²)/2), in steps of
// the grid that its part is drawn on.
type blob struct {
	a, b, c      float64
	peak         [3]float32
	lean, over   float64 // b/a, 1/a
	turn         float32 // exp(-a)
	reach2       float64
	halfX, halfY float64 // reach
}

// chunk is how many dots a thread prepares at a time.
const chunk = 4096

// marks returns the dots that this photo shows, in the order of Seen.
func (in Input) marks(stage string) ([]mark, error) {
	find := in.finder()
	kernels := newKernels(in.Model, stage)
	n := (len(in.Seen) + chunk - 1) / chunk
	all, counts, errs := make([]mark, len(in.Seen)), make([]int, n), make([]error, n)
	parallel.On(in.workers(), n, func(i int) {
		from := i * chunk
		counts[i], errs[i] = in.some(all[from:min(from+chunk, len(all))], kernels, find, from)
	})
	out := all[:0]
	for i, err := range errs {
		if err != nil {
			return nil, err
		}
		out = append(out, all[i*chunk:][:counts[i]]...)
	}
	return out, nil
}

// some fills in the marks of the rows of Seen from one on and returns how many
// there are.
func (in *Input) some(marks []mark, kernels *kernelCache, find func(at, id int) (int, bool), from int) (int, error) {
	n, last := 0, recent{cache: kernels}
	for at := from; at < from+len(marks); at++ {
		s := in.Seen[at]
		if !finite(s.X, s.Y) {
			return 0, fmt.Errorf("dot %d is seen at (%v, %v)", s.ID, s.X, s.Y)
		}
		i, known := find(at, s.ID)
		if !known {
			return 0, fmt.Errorf("dot %d is seen but not planned", s.ID)
		}
		if !s.Visible {
			continue
		}
		ok, err := in.mark(&marks[n], s, &in.Dots[i], &last)
		if err != nil {
			return 0, fmt.Errorf("dot %d: %w", s.ID, err)
		}
		if ok {
			n++
		}
	}
	return n, nil
}

// finder looks dots up by their id. Rows of Seen mostly come in the order of
// the dots; only where they do not is an index built.
func (in Input) finder() func(at, id int) (int, bool) {
	index := sync.OnceValue(func() map[int]int {
		byID := make(map[int]int, len(in.Dots))
		for i, d := range in.Dots {
			byID[d.ID] = i
		}
		return byID
	})
	return func(at, id int) (int, bool) {
		if at < len(in.Dots) && in.Dots[at].ID == id {
			return at, true
		}
		i, ok := index()[id]
		return i, ok
	}
}

// mark places one dot; ok is false where it does not touch the picture.
func (in *Input) mark(m *mark, s plan.Seen, d *plan.Dot, kernels *recent) (ok bool, err error) {
	if !finite(d.P[0]+d.P[1]+d.P[2], d.N[0]+d.N[1]+d.N[2]) {
		return false, fmt.Errorf("position %v or normal %v is no number", d.P, d.N)
	}
	k, err := kernels.get(d)
	if err != nil {
		return false, err
	}
	across := in.onSkin(d)
	area := across[0]*across[2] - across[1]*across[1]
	if area <= 0 {
		return false, nil
	}
	wide, dark := variation(d.ID, kernels.cache.size, kernels.cache.ink)
	m.x, m.y, m.mm2 = s.X, s.Y, math.Sqrt(area)
	in.blob(&m.spots[core], core, across, k.CoreSigma*wide, &k.CorePeak, dark/(wide*wide)*m.mm2)
	in.blob(&m.spots[tail], tail, across, k.TailSigma, &k.TailPeak, dark*m.mm2)
	in.blob(&m.spots[far], far, across, k.FarSigma, &k.FarPeak, dark*m.mm2)
	return m.within(in.Mask.Rect.Size(), &in.grids), nil
}

// within finds the pixels that a mark touches, and whether there are any.
func (m *mark) within(size image.Point, g *grids) bool {
	hx, hy := 0.0, 0.0
	for p := range m.spots {
		// A coarse grid's lines lead on to its next point.
		k := float64(g.step[p])
		hx, hy = max(hx, k*(m.spots[p].halfX+1)-1), max(hy, k*(m.spots[p].halfY+1)-1)
	}
	if m.x+hx < 0 || m.y+hy < 0 || m.x-hx > float64(size.X-1) || m.y-hy > float64(size.Y-1) {
		return false
	}
	m.x0, m.x1 = max(0, int(math.Ceil(m.x-hx))), min(size.X-1, int(math.Floor(m.x+hx)))
	m.y0, m.y1 = max(0, int(math.Ceil(m.y-hy))), min(size.Y-1, int(math.Floor(m.y+hy)))
	return m.x0 <= m.x1 && m.y0 <= m.y1
}

// onSkin returns J·Jᵀ as (xx, xy, yy), J being the pixels per millimetre of
// the two directions on the skin at d: foreshortening and scale in one.
func (in *Input) onSkin(d *plan.Dot) [3]float64 {
	c := in.Camera
	q := c.ToCamera(d.P)
	n := d.N.Unit()
	if q[2] <= 1e-6 || n.Norm() == 0 {
		return [3]float64{}
	}
	fx, fy := c.FX/q[2], c.FY/q[2]
	r := c.R
	gx := [3]float64{fx * (r[0] - r[6]*q[0]/q[2]), fx * (r[1] - r[7]*q[0]/q[2]), fx * (r[2] - r[8]*q[0]/q[2])}
	gy := [3]float64{fy * (r[3] - r[6]*q[1]/q[2]), fy * (r[4] - r[7]*q[1]/q[2]), fy * (r[5] - r[8]*q[1]/q[2])}
	inX := gx[0]*n[0] + gx[1]*n[1] + gx[2]*n[2]
	inY := gy[0]*n[0] + gy[1]*n[1] + gy[2]*n[2]
	var out [3]float64
	for i := range 3 {
		x, y := gx[i]-inX*n[i], gy[i]-inY*n[i]
		out[0], out[1], out[2] = out[0]+x*x, out[1]+x*y, out[2]+y*y
	}
	return out
}

// blob spreads a Gaussian of sigma mm on the skin over the picture, blurred by
// the lens and the pixels' own size, keeping its integral. k is a factor on its
// peak times the pixels of a square millimetre.
func (in *Input) blob(b *blob, p part, across [3]float64, sigma float64, peak *[3]float64, k float64) {
	s2 := sigma * sigma
	det := in.softened(b, p, [3]float64{s2 * across[0], s2 * across[1], s2 * across[2]})
	if s2 == 0 || det <= 0 {
		*b = blob{}
		return
	}
	k *= s2 / math.Sqrt(det) * in.grids.made[p]
	for i, v := range peak {
		b.peak[i] = float32(min(v*k, darkest))
	}
}

// softened makes b a blob of part p without a peak, of the covariance (xx, xy,
// yy) in px² and what the lens and the pixels' own size add to it, and returns
// the determinant of both, px⁴. The straight lines between the points of a
// coarse grid blur too.
func (in *Input) softened(b *blob, p part, v [3]float64) (det float64) {
	soft, n, reach := in.blur()*in.blur()+1.0/12, float64(in.grids.step[p]*in.grids.step[p]), in.grids.reach[p]
	xx, xy, yy := v[0]+soft, v[1], v[2]+soft
	if n > 1 {
		more := -n / 6
		if xx*yy-xy*xy < (leastOnGrid*n-more)*(xx+yy) { // else its least axis is long enough
			least := (xx+yy)/2 - math.Hypot((xx-yy)/2, xy)
			more = max(more, leastOnGrid*n-least)
		}
		xx, yy = xx+more, yy+more
	}
	if det = xx*yy - xy*xy; det <= 0 {
		*b = blob{}
		return det
	}
	k := n / det
	b.a, b.b, b.c, b.lean, b.over = k*yy, -k*xy, k*xx, -xy/yy, 1/(k*yy)
	b.turn, b.peak, b.reach2 = in.grids.fall.at(2*k*yy), [3]float32{}, reach*reach
	b.halfX, b.halfY = reach*math.Sqrt(xx/n), reach*math.Sqrt(yy/n)
	return det
}

// leastOnGrid is the least variance that the points of a grid can hold, in
// squares of its step.
const leastOnGrid = 0.25

// darkest is what no spot may take away more than, however a dot varies: light
// that is left keeps the photo's texture.
const darkest = 0.95

// dim multiplies the light of rows top to bottom of a grid by what a spot
// centred at (x, y) lets through.
func (b *blob) dim(fall *falls, light []float32, w, top, bottom int, x, y float64) {
	if b.peak == [3]float32{} {
		return
	}
	y0, y1 := max(top, int(math.Ceil(y-b.halfY))), min(bottom-1, int(math.Floor(y+b.halfY)))
	for r := y0; r <= y1; r++ {
		b.row(fall, light[3*(r-top)*w:3*(r-top+1)*w], x, float64(r)-y)
	}
}

// row dims one row at dy below the centre x. A Gaussian's next value follows
// from the last by two products, so no exponential is taken per pixel.
func (b *blob) row(fall *falls, light []float32, x, dy float64) {
	shift := b.lean * dy
	inside := b.reach2 - dy*dy*b.c + b.b*shift*dy
	if inside <= 0 {
		return
	}
	half := math.Sqrt(inside * b.over)
	x0 := max(0, int(math.Ceil(x-shift-half)))
	x1 := min(len(light)/3-1, int(math.Floor(x-shift+half)))
	if x0 > x1 {
		return
	}
	dx := float64(x0) - x
	value := fall.at(b.a*dx*dx + 2*b.b*dx*dy + b.c*dy*dy)
	step := fall.at(b.a*(2*dx+1) + 2*b.b*dy)
	r, g, bl := b.peak[0], b.peak[1], b.peak[2]
	for row := light[3*x0 : 3*x1+3]; len(row) >= 3; row = row[3:] {
		row[0] -= row[0] * value * r
		row[1] -= row[1] * value * g
		row[2] -= row[2] * value * bl
		value *= step
		step *= b.turn
	}
}

// variation returns how a dot differs from its neighbours: factors on its
// width and on its pigment, the latter 1 on average. They depend only on id.
func variation(id int, size, ink float64) (wide, dark float64) {
	a, b := uniform(uint64(id), 1), uniform(uint64(id), 2)
	far := math.Sqrt(-2 * math.Log(1-a)) // Box and Muller
	wide = size * bounded(far*math.Cos(2*math.Pi*b))
	dark = ink * bounded(far*math.Sin(2*math.Pi*b))
	return math.Exp(wide), math.Exp(dark - ink*ink/2)
}

func bounded(z float64) float64 { return min(2.5, max(-2.5, z)) }

// uniform is a number of 0..1 that belongs to id (splitmix64, Steele 2014).
func uniform(id, stream uint64) float64 {
	z := id*0x9e3779b97f4a7c15 + stream*0xbf58476d1ce4e5b9
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) / (1 << 53)
}

type kernelKey struct {
	shade, microns int
}

// kernelCache keeps the kernels of a stage; diameters are rounded to 5 µm. It
// is safe for concurrent use.
type kernelCache struct {
	model *pigment.Model
	stage string
	mu    sync.RWMutex
	known map[kernelKey]pigment.Kernel

	size, ink float64 // quantities of craft
}

// recent is the last kernel a thread used, which the next dot mostly needs too.
type recent struct {
	cache    *kernelCache
	any      bool
	shade    int
	diameter float64
	kernel   pigment.Kernel
}

func (r *recent) get(d *plan.Dot) (*pigment.Kernel, error) {
	if r.any && r.shade == d.Shade && r.diameter == d.Diameter {
		return &r.kernel, nil
	}
	k, err := r.cache.get(*d)
	if err != nil {
		return nil, err
	}
	r.any, r.shade, r.diameter, r.kernel = true, d.Shade, d.Diameter, k
	return &r.kernel, nil
}

func newKernels(m *pigment.Model, stage string) *kernelCache {
	return &kernelCache{
		model: m, stage: stage, known: map[kernelKey]pigment.Kernel{},
		size: craft.DotSizeSpread().Value, ink: craft.DotInkSpread().Value,
	}
}

func (c *kernelCache) get(d plan.Dot) (pigment.Kernel, error) {
	if !finite(d.Diameter) {
		return pigment.Kernel{}, fmt.Errorf("diameter is %v mm", d.Diameter)
	}
	key := kernelKey{d.Shade, 5 * int(math.Round(d.Diameter*200))}
	c.mu.RLock()
	k, ok := c.known[key]
	c.mu.RUnlock()
	if ok {
		return k, nil
	}
	k, err := c.model.Kernel(c.stage, d.Shade, float64(key.microns)/1000)
	if err != nil {
		return pigment.Kernel{}, err
	}
	c.mu.Lock()
	c.known[key] = k
	c.mu.Unlock()
	return k, nil
}

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
