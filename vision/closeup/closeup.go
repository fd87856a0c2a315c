// Package closeup counts hairs and follicular units in a macro photo of a
// shaved or trimmed patch.
//
// A small network (package closeup/roots) says how many hair roots to expect in
// each place; their sum over the field is the count, and roots are put where
// the expectation gathers. No threshold decides what is a hair, because every
// fixed threshold expects a density of its own. Points are pixels of the
// photo, areas mm². A picture without a scale, too coarse, or of hair too long
// is not counted and a warning says why; errors are those of the guarded
// OpenCV room.
package closeup

import (
	"fmt"
	"image"
	"math"

	"pointille/internal/raster"
	"pointille/vision/closeup/place"
	"pointille/vision/closeup/roots"
	"pointille/vision/survey"
)

// Resolutions, pixels per millimetre. Measured on rendered stubble: unit
// counts are stable from 12, hair counts from 24.
const (
	unitsFrom = 12
	hairsFrom = 24
)

// marginMM is left out of the counting frame: hairs cut by the border are seen
// only in part.
const marginMM = 0.25

// unitMM joins roots into one follicular unit: roots nearer than this count as
// one unit in hand-marked fields.
const unitMM = 0.35

// sigmaShare is how well a given scale is taken to be known.
const sigmaShare = 0.02

// Measure counts into doc. mmPerPx is the size of a pixel; 0 is unknown.
func Measure(img *image.NRGBA, mmPerPx float64, doc *survey.Survey) error {
	if !(mmPerPx > 0) || math.IsInf(mmPerPx, 0) {
		doc.Warn("unscaled", "A close-up needs its scale to be counted: give --mm-per-px, or photograph a ruler and measure it.")
		return nil
	}
	w, h := img.Rect.Dx(), img.Rect.Dy()
	doc.Scale = survey.Scale{MMPerPx: mmPerPx, Sigma: sigmaShare * mmPerPx, At: [2]float64{float64(w-1) / 2, float64(h-1) / 2}, Source: "given"}
	if !countable(w, h, mmPerPx, doc) {
		return nil
	}
	net, err := roots.Load()
	if err != nil {
		return err
	}
	defer net.Close()
	seen, err := net.Look(img, 1/mmPerPx)
	if err != nil {
		return fmt.Errorf("counting the close-up: %w", err)
	}
	if seen.TooLong {
		doc.Warn("long", "The hair is too long to be counted: it runs across the picture and its roots are hidden. Clip it to 1 mm and photograph again.")
		return nil
	}
	doc.Quality = survey.Quality{Sharpness: 1, Exposure: 1, OK: true}
	doc.Count = count(seen, frame(w, h, mmPerPx), mmPerPx)
	return nil
}

// countable warns and reports false where the picture shows too little.
func countable(w, h int, mmPerPx float64, doc *survey.Survey) bool {
	perMM := 1 / mmPerPx
	if perMM < unitsFrom {
		doc.Warn("coarse", fmt.Sprintf("%.0f pixels per mm are too few to count follicles (%d are needed): go closer.", perMM, unitsFrom))
		return false
	}
	if least := 4 * marginMM; float64(w)*mmPerPx < least || float64(h)*mmPerPx < least {
		doc.Warn("small", fmt.Sprintf("The picture shows %.1f x %.1f mm of skin, too little to count: %.0f mm are needed each way.", float64(w)*mmPerPx, float64(h)*mmPerPx, least))
		return false
	}
	if perMM < hairsFrom {
		doc.Warn("coarse", fmt.Sprintf("%.0f pixels per mm show units but not every hair of them (%d are needed): take the number of hairs as an estimate.", perMM, hairsFrom))
	}
	return true
}

// rect is the counting frame in photo pixels.
type rect struct{ x0, y0, x1, y1 float64 }

func (r rect) holds(p [2]float64) bool {
	return p[0] >= r.x0 && p[1] >= r.y0 && p[0] <= r.x1 && p[1] <= r.y1
}

func frame(w, h int, mmPerPx float64) rect {
	m := marginMM / mmPerPx
	return rect{m - 0.5, m - 0.5, float64(w) - 0.5 - m, float64(h) - 0.5 - m}
}

// count places the roots and fills the document's count.
func count(seen *roots.Seen, f rect, mmPerPx float64) *survey.Count {
	c := &survey.Count{Points: [][2]float64{}}
	for _, p := range place.Points(seen.Expected, seen.PerMM/roots.Cell) {
		if q := seen.ToPhoto(p); f.holds(q) {
			c.Points = append(c.Points, q)
		}
	}
	c.Hairs = len(c.Points)
	c.Units = place.Units(c.Points, unitMM/mmPerPx)
	c.AreaMM2 = (f.x1 - f.x0) * (f.y1 - f.y0) * mmPerPx * mmPerPx
	c.PerCM2 = float64(c.Hairs) / c.AreaMM2 * 100
	return c
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
