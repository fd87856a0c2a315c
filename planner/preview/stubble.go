package preview

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/pigment"
	"pointille/vision/survey"
)

// stubs places the hairs: units by the density of the place, spread by error
// diffusion, which keeps them apart about as evenly as follicles are, and the
// hairs of a unit around it.
func (s Shave) stubs(in Input, skin patches, hair pigment.Strand) *marks {
	w, h := s.Regions.Rect.Dx(), s.Regions.Rect.Dy()
	row, next := make([]float64, w+2), make([]float64, w+2)
	out := &marks{lighten: min(hair.Lost[0], hair.Lost[1], hair.Lost[2]) < 0}
	for y := range h {
		clear(next)
		for k := range w {
			x, ahead := k, 1
			if y%2 == 1 {
				x, ahead = w-1-k, -1
			}
			q, ok := skin.at(x, y)
			want := row[x+1]
			if ok && s.Regions.Pix[y*s.Regions.Stride+x] == survey.Scalp {
				want += float64(s.Density.Gray16At(s.Density.Rect.Min.X+x, s.Density.Rect.Min.Y+y).Y) / 1e4 * q.mm2 / craft.HairsPerUnit().Value
			} else {
				want = 0
			}
			units := int(max(0, math.Floor(want+0.5*uniform(uint64(y*w+x), 3)+0.25)))
			for u := range units {
				s.unit(out, in, hair, q, x, y, u)
			}
			left := want - float64(units)
			row[x+1+ahead] += left * 7 / 16
			next[x+1-ahead] += left * 3 / 16
			next[x+1] += left * 5 / 16
			next[x+1+ahead] += left / 16
		}
		row, next = next, row
	}
	return out
}

// unit adds the hairs of one follicular unit.
func (s Shave) unit(out *marks, in Input, hair pigment.Strand, q patch, x, y, u int) {
	id := uint64(y*s.Regions.Rect.Dx()+x)<<3 | uint64(u)
	cx, cy := float64(x)+uniform(id, 11)-0.5, float64(y)+uniform(id, 12)-0.5
	for i := range hairsOf(uniform(id, 13)) {
		key := id<<3 | uint64(i)
		dx, dy := unitMM*(uniform(key, 14)-0.5), unitMM*(uniform(key, 15)-0.5)
		out.stub(&in, hair, q, cx+q.x[0]*dx+q.x[1]*dy, cy+q.y[0]*dx+q.y[1]*dy, key)
	}
}

// unitMM is how far apart the hairs of a unit leave the skin at most: roots
// nearer than 0.35 mm count as one unit where follicles were measured.
const unitMM = 0.35

// hairsOf is the number of hairs of a unit, 2.05 on average (craft.HairsPerUnit).
func hairsOf(u float64) int {
	for i, share := range []float64{0.28, 0.44, 0.23} {
		if u -= share; u < 0 {
			return i + 1
		}
	}
	return 4
}

// stub adds one hair as a mark: the stub a short stroke, the root a soft spot.
func (m *marks) stub(in *Input, hair pigment.Strand, q patch, x, y float64, id uint64) {
	length := hair.LengthMM * (0.7 + 0.6*uniform(id, 21))
	a, b := q.along[0]+0.5*(uniform(id, 22)-0.5), q.along[1]+0.5*(uniform(id, 23)-0.5)
	lx, ly := length*(q.x[0]*a+q.x[1]*b), length*(q.y[0]*a+q.y[1]*b)
	width := hair.WidthMM / 2.355
	across := [3]float64{q.across[0]*width*width + lx*lx/12, q.across[1]*width*width + lx*ly/12, q.across[2]*width*width + ly*ly/12}
	thick := 0.7 + 0.6*uniform(id, 24)
	var stubArea, nearArea, farArea [3]float64
	for c := range stubArea {
		stubArea[c] = hair.Lost[c] * hair.StubMM2 * thick * length / hair.LengthMM
		root := hair.Lost[c] * hair.RootMM2[c] * thick
		farArea[c] = hair.RootFar[c] * root
		nearArea[c] = root - farArea[c]
	}
	x, y = x+lx/2, y+ly/2
	m.spots[core] = append(m.spots[core], in.spot(core, x, y, across, stubArea, q.mm2))
	m.spots[tail] = append(m.spots[tail], in.spot(tail, x, y, q.round(craft.InkTail().Value), nearArea, q.mm2))
	m.spots[far] = append(m.spots[far], in.spot(far, x, y, q.round(craft.InkFar().Value), farArea, q.mm2))
}

// round is the covariance, px², of a round spot of sigma mm on the skin.
func (q patch) round(sigma float64) [3]float64 {
	return [3]float64{q.across[0] * sigma * sigma, q.across[1] * sigma * sigma, q.across[2] * sigma * sigma}
}

// spot is a spot at pixel (x, y) of the given covariance, px², that darkens so
// many mm² of skin, mm2 being the skin in a pixel.
func (in *Input) spot(p part, x, y float64, xx [3]float64, area [3]float64, mm2 float64) blob {
	var b blob
	size := in.softened(&b, p, x, y, xx)
	if size == 0 || mm2 <= 0 {
		return b
	}
	for i, v := range area {
		b.peak[i] = float32(min(darkest, v/mm2/(2*math.Pi*size)*in.grids.made[p]))
	}
	return b
}

// patch is the skin at a pixel.
type patch struct {
	mm2    float64    // of skin in the pixel
	x, y   [2]float64 // pixels per millimetre along two directions on the skin
	across [3]float64 // J·Jᵀ as in onSkin
	along  [2]float64 // the way hair lies, in those directions
}

// patches is the skin on a grid of pixels.
type patches struct {
	step, w int
	known   []bool
	p       []patch
}

// patchStep is how many pixels share one patch.
const patchStep = 6

func (g patches) at(x, y int) (patch, bool) {
	i := y/g.step*g.w + x/g.step
	return g.p[i], g.known[i]
}

func (s Shave) patches(in Input) patches {
	size := s.Regions.Rect.Size()
	g := patches{step: patchStep, w: (size.X + patchStep - 1) / patchStep}
	h := (size.Y + patchStep - 1) / patchStep
	g.known, g.p = make([]bool, g.w*h), make([]patch, g.w*h)
	eye, whorl := in.Camera.Eye(), s.Surface.Landmark(headframe.Whorl)
	parallel.On(in.workers(), h, func(j int) {
		for i := range g.w {
			x, y := min(i*patchStep+patchStep/2, size.X-1), min(j*patchStep+patchStep/2, size.Y-1)
			if s.Regions.Pix[y*s.Regions.Stride+x] != survey.Scalp {
				continue
			}
			if p, ok := s.Surface.Intersect(eye, in.Camera.Ray(float64(x), float64(y))); ok {
				g.p[j*g.w+i], g.known[j*g.w+i] = s.patch(in, p, whorl)
			}
		}
	})
	return g
}

// steepest is the least foreshortening that is taken at its word: at the very
// rim of the head the fitted surface is not true enough to say more.
const steepest = 0.2

func (s Shave) patch(in Input, p, whorl headframe.Vec) (patch, bool) {
	n := s.Surface.Normal(s.Surface.Direction(p))
	j := in.onSkin2(p, n)
	area := math.Abs(j[0][0]*j[1][1] - j[0][1]*j[1][0])
	flat := 1 / math.Pow(in.Camera.MMPerPx(p), 2)
	if area <= 0 || math.IsInf(flat, 0) {
		return patch{}, false
	}
	u, v := tangents(n)
	away := p.Sub(whorl)
	a, b := away.Dot(u), away.Dot(v)
	l := math.Hypot(a, b)
	if l < 1e-9 {
		a, b, l = 1, 0, 1
	}
	out := patch{mm2: 1 / max(area, steepest*flat), x: j[0], y: j[1], along: [2]float64{a / l, b / l}}
	out.across = [3]float64{j[0][0]*j[0][0] + j[0][1]*j[0][1], j[0][0]*j[1][0] + j[0][1]*j[1][1], j[1][0]*j[1][0] + j[1][1]*j[1][1]}
	return out, true
}

// tangents are two directions on skin with normal n.
func tangents(n headframe.Vec) (u, v headframe.Vec) {
	u = n.Cross(headframe.Vec{0, 0, 1})
	if u.Norm() < 0.1 {
		u = n.Cross(headframe.Vec{0, 1, 0})
	}
	u = u.Unit()
	return u, n.Cross(u)
}

// onSkin2 returns the pixels per millimetre along the tangents at p, as rows x and y.
func (in Input) onSkin2(p, n headframe.Vec) [2][2]float64 {
	u, v := tangents(n)
	var out [2][2]float64
	x0, y0, ok := in.Camera.Project(p)
	for i, d := range [2]headframe.Vec{u, v} {
		x, y, seen := in.Camera.Project(p.Add(d.Mul(0.1)))
		if ok && seen {
			out[0][i], out[1][i] = (x-x0)*10, (y-y0)*10
		}
	}
	return out
}
