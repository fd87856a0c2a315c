package scalp

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// view is a photo being fitted.
type view struct {
	start headframe.Camera // from the survey
	cam   headframe.Camera
	edge  headframe.Outline
}

// slack is how far a camera that the survey fitted to the average head may move.
func slack() headframe.Slack {
	return headframe.Slack{Turn: 4 * math.Pi / 180, Shift: 8, Focal: 0.12}
}

func newView(p Photo) (*view, string) {
	if p.Survey.Camera == nil {
		return nil, "too little of the head is seen to place it"
	}
	if p.Regions == nil || p.Hair == nil || p.Density == nil {
		return nil, "its maps are missing"
	}
	cam := p.Survey.Camera.Camera
	return &view{start: cam, cam: cam, edge: survey.Outline(p.Regions)}, ""
}

func (v *view) turnCamera(s headframe.Surface) { v.cam = v.edge.Turn(s, v.start, v.cam, slack()) }

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
		if !m.Views[i].Used || len(v.edge) < headframe.FewestOutline {
			continue
		}
		for _, q := range v.edge {
			r, dir := m.Surface.Gap(v.cam, q)
			w := v.edge.Weight(r)
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
func (v *view) rms(s headframe.Surface) float64 { return v.edge.RMS(s, v.cam) }
