// Package hairline finds the front hairline on the maps of one photo.
//
// The skin that can be reached from the forehead without crossing hair is bare;
// the line runs where it meets hair, at half of a full growth, however deep into
// the temples or over the top of the head that leads. Where no bare forehead is
// seen, or no hair behind it, there is no line.
//
// Points are pixels of the upright photo, left to right. There are no errors.
package hairline

import (
	"math"
	"sort"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// Input is what the photo shows.
type Input struct {
	Camera  headframe.Camera
	Surface headframe.Surface
	Width   int // of the photo, pixels
	Height  int
	// Fullness is hair at a photo pixel relative to this client's full hair, about 0..1.
	Fullness func(x, y float64) float64
	// Head reports whether a photo pixel shows the head.
	Head func(x, y float64) bool
}

const (
	half    = 0.5  // a hairline is where density falls to half
	minRise = 0.15 // smallest rise of hair across a line that counts as one
	minLine = 18   // mm; shorter stretches are gaps between strands
	minHair = 120  // mm² of picture that hair must cover to be more than a strand
	// mm of the head frame: the hairline ends at the temples, and behind them
	// what lies lower than this is the bare skin around the ears
	lowest, temples, overEars = 30, 30, 50
	// farther from the face's axis than this it is no front hairline any more
	fringeRho = 74 * math.Pi / 180
)

// Find returns the visible stretches of the hairline, left to right.
func Find(in Input) []survey.Hairline {
	b := newField(in).border()
	out := []survey.Hairline{}
	frontal := false
	for _, c := range b.chains() {
		for _, run := range b.onTop(c) {
			if l, ok := b.line(run); ok {
				out = append(out, l)
				frontal = frontal || b.frontal(run)
			}
		}
	}
	for i := range out {
		out[i].Kind = kind(frontal)
	}
	sort.SliceStable(out, func(a, b int) bool { return out[a].Points[0][0] < out[b].Points[0][0] })
	return out
}

// kind names the line: where nothing is left in front it is the fringe's.
func kind(frontal bool) string {
	if frontal {
		return "front"
	}
	return "fringe"
}
