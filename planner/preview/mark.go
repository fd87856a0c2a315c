package preview

import (
	"fmt"
	"math"
	"sync"

	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// marks are dots as this photo shows them, each part apart: a rendering goes
// through them part by part.
type marks struct {
	spots [parts][]blob // of each dot
	mm2   []float64     // pixels of a square millimetre at each dot

	lighten bool // some spots are lighter than the skin
}

// chunk is how many dots a thread prepares at a time.
const chunk = 4096

func newMarks(n int) *marks {
	m := &marks{mm2: make([]float64, n)}
	for p := range m.spots {
		m.spots[p] = make([]blob, n)
	}
	return m
}

// piece is the marks from..to.
func (m *marks) piece(from, to int) marks {
	out := marks{mm2: m.mm2[from:to]}
	for p := range m.spots {
		out.spots[p] = m.spots[p][from:to]
	}
	return out
}

// keep leaves, of each chunk, as many marks as counts says.
func (m *marks) keep(counts []int) {
	n := 0
	for i, count := range counts {
		if from := i * chunk; n < from {
			copy(m.mm2[n:], m.mm2[from:from+count])
			for p := range m.spots {
				copy(m.spots[p][n:], m.spots[p][from:from+count])
			}
		}
		n += count
	}
	*m = m.piece(0, n)
}

// marks returns the dots that this photo shows, in the order of Seen.
func (in *Input) marks(stage string, find finder) (*marks, error) {
	kernels := newKernels(in.Model, stage, in.grids.fall)
	n := (len(in.Seen) + chunk - 1) / chunk
	all, counts, errs := newMarks(len(in.Seen)), make([]int, n), make([]error, n)
	parallel.On(in.workers(), n, func(i int) {
		from := i * chunk
		some := all.piece(from, min(from+chunk, len(in.Seen)))
		counts[i], errs[i] = in.some(&some, kernels, find, from)
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	all.keep(counts)
	return all, nil
}

// some fills in the marks of the rows of Seen from one on and returns how many
// there are.
func (in *Input) some(m *marks, kernels *kernelCache, find finder, from int) (int, error) {
	n, last := 0, recent{cache: kernels}
	for at := from; at < from+len(m.mm2); at++ {
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
		ok, err := in.mark(m, n, s, &in.Dots[i], &last)
		if err != nil {
			return 0, fmt.Errorf("dot %d: %w", s.ID, err)
		}
		if ok {
			n++
		}
	}
	return n, nil
}

// finder finds a dot by its id, and by the row of Seen that asks for it.
type finder func(at, id int) (int, bool)

// finder looks dots up by their id. Rows of Seen mostly come in the order of
// the dots; only where they do not is an index built.
func (in *Input) finder() finder {
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

// mark places one dot as mark n; ok is false where it does not touch the picture.
func (in *Input) mark(m *marks, n int, s plan.Seen, d *plan.Dot, kernels *recent) (ok bool, err error) {
	if !finite(d.P[0]+d.P[1]+d.P[2], d.N[0]+d.N[1]+d.N[2]) {
		return false, fmt.Errorf("position %v or normal %v is no number", d.P, d.N)
	}
	k, err := kernels.get(d)
	if err != nil {
		return false, err
	}
	across := in.onSkin(d)
	area := across[0]*across[2] - across[1]*across[1]
	if !(area > 0) {
		return false, nil
	}
	wide, dark := kernels.cache.variation(d.ID)
	mm2 := math.Sqrt(area)
	m.mm2[n] = mm2
	in.spread(&m.spots[core][n], core, s, across, k.CoreSigma*wide, &k.CorePeak, dark/(wide*wide)*mm2)
	in.spread(&m.spots[tail][n], tail, s, across, k.TailSigma, &k.TailPeak, dark*mm2)
	in.spread(&m.spots[far][n], far, s, across, k.FarSigma, &k.FarPeak, dark*mm2)
	return in.inPicture(m, n), nil
}

// inPicture reports whether mark n touches the picture.
func (in *Input) inPicture(m *marks, n int) bool {
	size := in.Mask.Rect.Size()
	for p := range m.spots {
		b, k := &m.spots[p][n], float32(in.grids.step[p])
		if b.none() {
			continue
		}
		hx, hy := k*(b.halfX+1)-1, k*(b.halfY+1)-1 // a coarse grid's lines lead on to its next point
		if x, y := b.x*k, b.y*k; x+hx >= 0 && y+hy >= 0 && x-hx <= float32(size.X-1) && y-hy <= float32(size.Y-1) {
			return true
		}
	}
	return false
}

// onSkin returns J·Jᵀ as (xx, xy, yy), J being the pixels per millimetre of
// the two directions on the skin at d: foreshortening and scale in one. It is
// that of all three directions in space, less that of the skin's normal.
func (in *Input) onSkin(d *plan.Dot) [3]float64 {
	c := &in.Camera
	q := c.ToCamera(d.P)
	n2 := d.N.Dot(d.N)
	if q[2] <= 1e-6 || n2 == 0 {
		return [3]float64{}
	}
	r, n := &c.R, &d.N
	fx, fy, x, y := c.FX/q[2], c.FY/q[2], q[0]/q[2], q[1]/q[2]
	deep := r[6]*n[0] + r[7]*n[1] + r[8]*n[2]
	outX := fx * (r[0]*n[0] + r[1]*n[1] + r[2]*n[2] - x*deep)
	outY := fy * (r[3]*n[0] + r[4]*n[1] + r[5]*n[2] - y*deep)
	return [3]float64{
		max(0, fx*fx*(1+x*x)-outX*outX/n2), fx*fy*x*y - outX*outY/n2, max(0, fy*fy*(1+y*y)-outY*outY/n2),
	}
}

// spread makes b a Gaussian of sigma mm on the skin as the picture shows it,
// blurred by the lens and the pixels' own size, keeping its integral. k is a
// factor on its peak times the pixels of a square millimetre.
func (in *Input) spread(b *blob, p part, s plan.Seen, across [3]float64, sigma float64, peak *[3]float64, k float64) {
	s2 := sigma * sigma
	size := in.softened(b, p, s.X, s.Y, [3]float64{s2 * across[0], s2 * across[1], s2 * across[2]})
	if s2 == 0 || size == 0 {
		return
	}
	k *= s2 / size * in.grids.made[p]
	for i, v := range peak {
		b.peak[i] = float32(min(v*k, darkest))
	}
}

// variation returns how a dot differs from its neighbours: factors on its
// width and on its pigment, the latter 1 on average. They depend only on id.
func (c *kernelCache) variation(id int) (wide, dark float64) {
	a, b := uniform(uint64(id), 1), uniform(uint64(id), 2)
	far := math.Sqrt(-2 * math.Log(1-a)) // Box and Muller
	sin, cos := math.Sincos(2 * math.Pi * b)
	wide, dark = c.size*bounded(far*cos), c.ink*bounded(far*sin)
	return float64(c.fall.at(float32(-wide))), float64(c.fall.at(float32(c.ink*c.ink/2 - dark)))
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
	fall      *falls
}

// recent are the last kernels a thread used, one of each shade: mostly those that
// the next dot needs too.
type recent struct {
	cache *kernelCache
	known []recentKernel
}

type recentKernel struct {
	diameter float64 // 0: none yet
	kernel   pigment.Kernel
}

func (r *recent) get(d *plan.Dot) (*pigment.Kernel, error) {
	if s := d.Shade; s >= 0 && s < len(r.known) && d.Diameter > 0 && r.known[s].diameter == d.Diameter {
		return &r.known[s].kernel, nil
	}
	k, err := r.cache.get(*d)
	if err != nil {
		return nil, err
	}
	if r.known == nil {
		r.known = make([]recentKernel, r.cache.model.Shades())
	}
	r.known[d.Shade] = recentKernel{d.Diameter, k}
	return &r.known[d.Shade].kernel, nil
}

func newKernels(m *pigment.Model, stage string, fall *falls) *kernelCache {
	return &kernelCache{
		model: m, stage: stage, known: map[kernelKey]pigment.Kernel{},
		size: craft.DotSizeSpread().Value, ink: craft.DotInkSpread().Value, fall: fall,
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
