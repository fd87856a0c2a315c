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
	"pointille/vision/closeup/cover"
	"pointille/vision/closeup/roots"
	"pointille/vision/survey"
)

// Resolutions, pixels per millimetre. Measured on rendered stubble: unit
// counts are stable from 12, hair counts from 24.
const (
	unitsFrom = 12
	hairsFrom = 24
)

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
	doc.Count = newCounter(seen, cover.Boxes(img), frame(w, h, mmPerPx), mmPerPx).count()
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

// Looks reports whether a photo given without a view is a close-up: its border
// shows no background at all.
func Looks(background *raster.Plane) bool {
	sum := 0.0
	for _, v := range background.Pix {
		sum += float64(v)
	}
	return len(background.Pix) > 0 && sum/float64(len(background.Pix)) < 0.01
}
