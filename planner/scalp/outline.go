package scalp

import (
	"image"
	"math"

	"gonum.org/v1/gonum/mat"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// view is a photo being fitted.
type view struct {
	start headframe.Camera // from the survey
	cam   headframe.Camera
	edge  [][2]float64 // where scalp meets what is not the head, pixels
}

const (
	edgePoints  = 160 // per photo; more cost time and add nothing
	fewestEdges = 20
	// sigmas of a camera that the survey fitted to the average head
	turnSigma  = 3 * math.Pi / 180
	shiftSigma = 8.0  // mm
	focalSigma = 0.12 // of the logarithm
	// sigma of one outline point: hair has thickness, borders are 2-4 px wide
	outlineSigma = 3.0
	// outline points are not independent: this many count
	outlineCount = 40
)

func newView(p Photo) (*view, string) {
	if p.Survey.Camera == nil {
		return nil, "too little of the scalp is seen to place it on the head"
	}
	if p.Regions == nil || p.Hair == nil || p.Density == nil {
		return nil, "its maps are missing"
	}
	v := &view{start: p.Survey.Camera.Camera, cam: p.Survey.Camera.Camera}
	v.edge = outline(p.Regions)
	return v, ""
}

// outline returns points where scalp borders on background or clothes.
func outline(regions *image.Gray) [][2]float64 {
	w, h := regions.Rect.Dx(), regions.Rect.Dy()
	step := max(1, max(w, h)/500)
	var all [][2]float64
	class := func(x, y int) uint8 { return regions.Pix[y*regions.Stride+x] }
	for y := step; y < h-step; y += step {
		for x := step; x < w-step; x += step {
			if class(x, y) != survey.Scalp {
				continue
			}
			for _, d := range [4][2]int{{step, 0}, {-step, 0}, {0, step}, {0, -step}} {
				if class(x+d[0], y+d[1]) <= survey.Clothes {
					all = append(all, [2]float64{float64(x) + float64(d[0])/2, float64(y) + float64(d[1])/2})
					break
				}
			}
		}
	}
	if len(all) <= edgePoints {
		return all
	}
	out := make([][2]float64, edgePoints)
	for i := range out {
		out[i] = all[i*len(all)/edgePoints]
	}
	return out
}

// gap is how far the ray through a pixel passes the surface, mm: negative
// where it enters. dir is the direction from the centre to the nearest place.
func gap(s headframe.Surface, cam headframe.Camera, q [2]float64) (mm float64, dir headframe.Vec) {
	eye, ray := cam.Eye(), cam.Ray(q[0], q[1])
	mid := s.Centre().Sub(eye).Dot(ray)
	height := func(t float64) float64 {
		h, _ := s.Height(eye.Add(ray.Mul(t)))
		return h
	}
	lo, hi := mid-110*s.Shape[0], mid+110*s.Shape[0]
	const golden = 0.6180339887498949
	a, b := hi-golden*(hi-lo), lo+golden*(hi-lo)
	ha, hb := height(a), height(b)
	for range 22 {
		if ha < hb {
			hi, b, hb = b, a, ha
			a = hi - golden*(hi-lo)
			ha = height(a)
		} else {
			lo, a, ha = a, b, hb
			b = lo + golden*(hi-lo)
			hb = height(b)
		}
	}
	p := eye.Add(ray.Mul((lo + hi) / 2))
	return height((lo + hi) / 2), s.Direction(p)
}

// turnCamera moves the camera so that the outline of s lies on the photo's.
func (v *view) turnCamera(s headframe.Surface) {
	if len(v.edge) < fewestEdges {
		return
	}
	const n = 7 // turn, shift, focal length; the picture's stretch stays
	lambda := 1e-2
	cost := v.cost(s, v.cam)
	for range 8 {
		h, g := v.normal(s, n)
		damped := mat.NewSymDense(n, nil)
		damped.CopySym(h)
		for k := range n {
			damped.SetSym(k, k, h.At(k, k)*(1+lambda))
		}
		var chol mat.Cholesky
		var d mat.VecDense
		if !chol.Factorize(damped) || chol.SolveVecTo(&d, g) != nil {
			return
		}
		next := moved(v.cam, d.RawVector().Data, -1)
		c := v.cost(s, next)
		if !(c < cost) {
			lambda *= 10
			if lambda > 1e4 {
				return
			}
			continue
		}
		done := cost-c < 1e-4*cost
		v.cam, cost, lambda = next, c, lambda/5
		if done {
			return
		}
	}
}

// moved turns a camera by d[0:3] radians about its own axes, shifts it by
// d[3:6] mm and changes log focal length by d[6], all times k.
func moved(c headframe.Camera, d []float64, k float64) headframe.Camera {
	return c.Moved(headframe.Vec{k * d[0], k * d[1], k * d[2]}, headframe.Vec{k * d[3], k * d[4], k * d[5]}, k*d[6])
}

// residuals are the robustly weighted gaps, then the distance from the start
// in sigmas.
func (v *view) residuals(s headframe.Surface, cam headframe.Camera) (gaps []float64, prior [7]float64) {
	gaps = make([]float64, len(v.edge))
	for i, q := range v.edge {
		gaps[i], _ = gap(s, cam, q)
	}
	turn, shift, focal := v.start.Difference(cam)
	for k := range 3 {
		prior[k] = turn[k] / turnSigma
		prior[3+k] = shift[k] / shiftSigma
	}
	prior[5] /= 3 // depth goes with focal length
	prior[6] = focal / focalSigma
	return gaps, prior
}

func (v *view) share() float64 {
	return min(1, float64(outlineCount)/float64(max(len(v.edge), 1))) / (outlineSigma * outlineSigma)
}

// huberAt is where an outline point counts as an outlier, in sigmas.
const huberAt = 2.0

func huber(mm float64) (loss, weight float64) {
	r := math.Abs(mm) / outlineSigma
	if r <= huberAt {
		return mm * mm / 2, 1
	}
	return huberAt * outlineSigma * (math.Abs(mm) - huberAt*outlineSigma/2), huberAt / r
}

func (v *view) cost(s headframe.Surface, cam headframe.Camera) float64 {
	gaps, prior := v.residuals(s, cam)
	sum := 0.0
	for _, g := range gaps {
		loss, _ := huber(g)
		sum += loss * v.share()
	}
	for _, p := range prior {
		sum += p * p / 2
	}
	return sum
}

// normal is the Gauss-Newton system of turnCamera by central differences.
func (v *view) normal(s headframe.Surface, n int) (*mat.SymDense, *mat.VecDense) {
	gaps, prior := v.residuals(s, v.cam)
	step := [7]float64{1e-3, 1e-3, 1e-3, 0.1, 0.1, 0.1, 1e-3}
	jg := make([][]float64, n)
	jp := make([][7]float64, n)
	for k := range n {
		d := make([]float64, n)
		d[k] = step[k]
		g1, p1 := v.residuals(s, moved(v.cam, d, 1))
		g0, p0 := v.residuals(s, moved(v.cam, d, -1))
		jg[k] = make([]float64, len(gaps))
		for i := range gaps {
			jg[k][i] = (g1[i] - g0[i]) / (2 * step[k])
		}
		for i := range prior {
			jp[k][i] = (p1[i] - p0[i]) / (2 * step[k])
		}
	}
	h, g := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	for a := range n {
		for b := a; b < n; b++ {
			sum := 0.0
			for i, r := range gaps {
				_, w := huber(r)
				sum += w * v.share() * jg[a][i] * jg[b][i]
			}
			for i := range prior {
				sum += jp[a][i] * jp[b][i]
			}
			h.SetSym(a, b, sum)
		}
		sum := 0.0
		for i, r := range gaps {
			_, w := huber(r)
			sum += w * v.share() * jg[a][i] * r
		}
		for i, p := range prior {
			sum += jp[a][i] * p
		}
		g.SetVec(a, sum)
	}
	return h, g
}

// reshape sets the head's shape, at average size, to what all outlines say and
// heads allow: each mode has a standard deviation of one.
func (m *Model) reshape(views []*view) {
	const n = headframe.ModeCount
	h, g := mat.NewSymDense(n, nil), mat.NewVecDense(n, nil)
	for a := range n {
		h.SetSym(a, a, 1)
		g.SetVec(a, m.Surface.Shape[1+a])
	}
	for i, v := range views {
		if !m.Views[i].Used || len(v.edge) < fewestEdges {
			continue
		}
		for _, q := range v.edge {
			r, dir := gap(m.Surface, v.cam, q)
			_, w := huber(r)
			w *= v.share()
			j := m.Surface.ShapeGradient(dir) // of the radius: the gap shrinks by it
			for a := range n {
				g.SetVec(a, g.AtVec(a)-w*j[1+a]*r)
				for b := a; b < n; b++ {
					h.SetSym(a, b, h.At(a, b)+w*j[1+a]*j[1+b])
				}
			}
		}
	}
	var chol mat.Cholesky
	var d mat.VecDense
	if !chol.Factorize(h) || chol.SolveVecTo(&d, g) != nil {
		return
	}
	shape := append([]float64(nil), m.Surface.Shape...)
	for a := range n {
		shape[1+a] = max(-3, min(3, shape[1+a]-d.AtVec(a)))
	}
	m.Surface = m.Surface.With(shape)
}

// rms is the root mean square distance between both outlines, mm.
func (v *view) rms(s headframe.Surface) float64 {
	if len(v.edge) == 0 {
		return 0
	}
	sum := 0.0
	for _, q := range v.edge {
		r, _ := gap(s, v.cam, q)
		sum += r * r
	}
	return math.Sqrt(sum / float64(len(v.edge)))
}
