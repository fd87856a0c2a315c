package preview

import (
	"fmt"
	"image"
	"math"

	"pointille/internal/colour"
	"pointille/internal/parallel"
	"pointille/internal/raster"
	"pointille/planner/craft"
)

// Distances are how far people stand who look at a head, in metres: a mirror,
// a talk, across a room.
func Distances() []float64 { return []float64{0.3, 1, 3} }

// EyeBlurMM is the standard deviation, mm on the head, of what an eye cannot
// resolve from so many metres away.
func EyeBlurMM(metres float64) float64 {
	return metres * 1000 * math.Tan(craft.EyeBlur().Value/60*math.Pi/180)
}

// From returns a picture as an eye sees the head from so many metres away, at
// the picture's own size: what the eye cannot resolve at that distance is
// blurred, in linear light. mmPerPx is the size of a pixel on the head.
func From(m *image.NRGBA, mmPerPx, metres float64) (*image.NRGBA, error) {
	if m == nil || m.Rect.Empty() {
		return nil, fmt.Errorf("seeing from afar: there is no picture")
	}
	if !(mmPerPx > 0 && mmPerPx <= 100) || !(metres > 0 && metres <= 100) {
		return nil, fmt.Errorf("seeing from afar: %v mm a pixel from %v m", mmPerPx, metres)
	}
	sigma := EyeBlurMM(metres) / mmPerPx
	out := copyOf(m)
	if sigma < leastBlurPx {
		return out, nil
	}
	tables := colour.NewTables()
	r, g, b := tables.LinearPlanes(out)
	planes := [3][]float32{r, g, b}
	parallel.Each(len(planes), func(c int) {
		smoothInside(&raster.Plane{W: out.Rect.Dx(), H: out.Rect.Dy(), Pix: planes[c]}, sigma)
	})
	for i := range r {
		for c := range planes {
			out.Pix[4*i+c] = tables.Byte(planes[c][i])
		}
	}
	return out, nil
}

// leastBlurPx is a blur in pixels that no byte shows.
const leastBlurPx = 0.15

// smoothInside blurs p as smooth does; beyond the edge it goes on as inside.
func smoothInside(p *raster.Plane, sigma float64) {
	one := raster.NewPlane(p.W, p.H)
	for i := range one.Pix {
		one.Pix[i] = 1
	}
	smooth(p, sigma)
	smooth(one, sigma)
	for i, w := range one.Pix {
		p.Pix[i] /= w
	}
}
