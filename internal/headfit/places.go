package headfit

import (
	"math"

	"pointille/internal/headframe"
)

// Recognised places are drawn towards the middle of all heads and err together:
// so many are independent, each good to so many mm (on rendered heads half are
// off by more than 19), and one that is wholly wrong costs no more than
// mostWrong sigmas.
const (
	freePlaces = 12
	placeSigma = 40
	mostWrong  = 4
)

// places are the recognised places as evidence.
type places struct{ photo *Photo }

// Of returns a residual for each place.
func (e places) Of(c headframe.Camera) []float64 {
	out, _ := e.Slopes(c)
	return out
}

// Slopes returns what Of does, with slopes.
func (e places) Slopes(c headframe.Camera) ([]float64, []headframe.Slope) {
	n := len(e.photo.Places)
	out, slopes := make([]float64, n), make([]headframe.Slope, n)
	k := math.Sqrt(min(1, freePlaces/float64(max(n, 1))))
	for i, q := range e.photo.Places {
		x, y, sx, sy, ok := c.ProjectSlopes(q.MM)
		if !ok {
			out[i] = k * mostWrong
			continue
		}
		// mm at the place: a pixel grows with the distance and shrinks with the focal length
		scale, grow := c.MMPerPxSlope(q.MM)
		dx, dy := x-q.PX[0], y-q.PX[1]
		px := math.Sqrt(dx*dx + dy*dy)
		d := px * scale / placeSigma
		far := sx.Mul(dx).Add(sy, dy).Mul(scale/max(px, 1e-9)).Add(grow, px).Mul(1.0 / placeSigma)
		bend := 1 + d*d/(mostWrong*mostWrong)
		out[i] = k * d / math.Sqrt(bend)
		slopes[i] = far.Mul(k / (bend * math.Sqrt(bend)))
	}
	return out, slopes
}
