// Package closeup counts hairs and follicular units in a macro photo of a
// shaved or trimmed patch.
//
// Hairs are traced as lines, the strongest first; each line ends where its
// contrast does. Of its two ends the root is the one that fades into the skin,
// the tip the one that was cut. Points are pixels of the photo, areas mm².
// A picture without a scale, too coarse or without a patch is not counted and
// a warning says why; errors are those of the guarded OpenCV room.
package closeup

import (
	"fmt"
	"image"
	"math"

	"pointille/internal/cvx"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

// Resolutions, pixels per millimetre. Measured on rendered stubble: unit
// counts are stable from 12, hair counts from 24; finer than 40 adds nothing.
const (
	unitsFrom = 12
	hairsFrom = 24
	working   = 40
)

// marginMM is left out of the counting frame: hairs cut by the border are seen
// only in part.
const marginMM = 0.25

// unitMM joins roots into one follicular unit (docs: roots nearer than this
// count as one unit in hand-marked fields).
const unitMM = 0.35

// Measure counts into doc. mmPerPx is the size of a pixel; 0 is unknown.
func Measure(img *image.NRGBA, mmPerPx float64, doc *survey.Survey) error {
	if mmPerPx <= 0 {
		doc.Warn("unscaled", "A close-up needs its scale to be counted: give --mm-per-px, or photograph a ruler and measure it.")
		return nil
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	doc.Scale = survey.Scale{MMPerPx: mmPerPx, Sigma: 0.02 * mmPerPx, At: [2]float64{float64(w-1) / 2, float64(h-1) / 2}, Source: "given"}
	perMM := 1 / mmPerPx
	if perMM < unitsFrom {
		doc.Warn("coarse", fmt.Sprintf("%.0f pixels per mm are too few to count follicles (%d are needed): go closer.", perMM, unitsFrom))
		return nil
	}
	if perMM < hairsFrom {
		doc.Warn("coarse", fmt.Sprintf("%.0f pixels per mm show units but not single hairs (%d are needed): the hair count is a lower bound.", perMM, hairsFrom))
	}
	dark, k, err := contrast(img, perMM)
	if err != nil {
		return err
	}
	t := newTracer(dark, min(perMM, working))
	points := roots(t.trace(), t)
	doc.Quality = survey.Quality{Sharpness: 1, Exposure: 1, OK: true}
	doc.Count = count(points, k, w, h, mmPerPx)
	return nil
}

// contrast is how much darker (or, for light hair, lighter) each place is than
// its surroundings, relative to them, at working resolution. k is the number
// of photo pixels per pixel of it.
func contrast(img *image.NRGBA, perMM float64) (*raster.Plane, float64, error) {
	k := max(1, perMM/working)
	w, h := int(float64(img.Rect.Dx())/k), int(float64(img.Rect.Dy())/k)
	small, err := cvx.Resize(img, max(8, w), max(8, h), cvx.Area)
	if err != nil {
		return nil, 0, fmt.Errorf("shrinking the close-up: %w", err)
	}
	light := raster.NewPlane(small.Rect.Dx(), small.Rect.Dy())
	for i := range light.Pix {
		p := small.Pix[i/light.W*small.Stride+4*(i%light.W):]
		light.Pix[i] = 0.3*float32(p[0]) + 0.6*float32(p[1]) + 0.1*float32(p[2])
	}
	around, err := cvx.Gaussian(light, 0.6*perMM/k)
	if err != nil {
		return nil, 0, fmt.Errorf("smoothing the close-up: %w", err)
	}
	out := raster.NewPlane(light.W, light.H)
	skew := 0.0
	for i, v := range light.Pix {
		d := (around.Pix[i] - v) / max(around.Pix[i], 8)
		out.Pix[i] = d
		skew += float64(d) * float64(d) * float64(d)
	}
	if skew < 0 {
		for i := range out.Pix {
			out.Pix[i] = -out.Pix[i]
		}
	}
	return out, float64(img.Rect.Dx()) / float64(light.W), nil
}

// count turns roots at working resolution into the document's count.
func count(points [][2]float64, k float64, w, h int, mmPerPx float64) *survey.Count {
	margin := marginMM / mmPerPx
	c := &survey.Count{Points: [][2]float64{}}
	for _, p := range points {
		q := [2]float64{(p[0]+0.5)*k - 0.5, (p[1]+0.5)*k - 0.5}
		if q[0] > margin && q[1] > margin && q[0] < float64(w)-margin && q[1] < float64(h)-margin {
			c.Points = append(c.Points, q)
		}
	}
	c.Hairs = len(c.Points)
	c.Units = units(c.Points, unitMM/mmPerPx)
	c.AreaMM2 = max(0, float64(w)-2*margin) * max(0, float64(h)-2*margin) * mmPerPx * mmPerPx
	if c.AreaMM2 > 0 {
		c.PerCM2 = float64(c.Hairs) / c.AreaMM2 * 100
	}
	return c
}

// units counts groups of roots linked by less than reach.
func units(points [][2]float64, reach float64) int {
	group := make([]int, len(points))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			i = group[i]
		}
		return i
	}
	n := len(points)
	for i := range points {
		for j := range i {
			if math.Hypot(points[i][0]-points[j][0], points[i][1]-points[j][1]) < reach {
				if a, b := find(i), find(j); a != b {
					group[a] = b
					n--
				}
			}
		}
	}
	return n
}

// Looks reports whether a photo given without a view is a close-up: its border
// shows no background at all.
func Looks(background *raster.Plane) bool {
	sum := 0.0
	for _, v := range background.Pix {
		sum += float64(v)
	}
	return len(background.Pix) > 0 && sum/float64(len(background.Pix)) < 0.01
}
