package tone

import (
	"math"
	"slices"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/internal/robust"
	"pointille/vision/survey"
)

// Patch is a small piece of the head as a photo shows it.
type Patch struct {
	Light  [3]float64    // mean of its pixels, linear sRGB
	At     headframe.Vec // mm
	Normal headframe.Vec // of the skin, head frame
	Bare   bool          // skin that no hair stands on
	Full   bool          // hair as dense as this client's fullest, cut so short that skin shows between
}

// Stubble and bare skin are compared within so many mm, and so near in normal, of each
// other: farther apart they are lit differently in more ways than a plane tells.
const (
	besideMM  = 30
	besideCos = 0.9
)

// Patches on either side below which nothing is measured, and the largest error, as a
// share of the light, with which they may follow their common light.
const (
	enoughPatches = 60
	unevenLight   = 0.2
)

// Shares of light that stubble can leave: less is in shadow, more in glare.
const (
	leastLeft = 0.35
	mostLeft  = 1.02
)

// Stubble is the tone of the client's own stubble, seen from so far that hairs are not
// told apart: the tone to which a field of dots is matched. nil where too little
// of it lies beside bare skin, or where the light is too uneven.
//
// Sides and top of a head are lit differently, so stubble is compared with skin beside
// it, and with one light over both: the logarithm of what both send back is fitted with
// a constant, the normal, and what full stubble takes off.
func Stubble(patches []Patch, skin *survey.SkinTone) *survey.SkinTone {
	if skin == nil {
		return nil
	}
	left, spread, ok := lightLeft(patches)
	if !ok {
		return nil
	}
	bare := colour.FromLab(skin.Lab)
	through := func(k float64) colour.Lab {
		return toLab([3]float64{bare[0] * left[0] * k, bare[1] * left[1] * k, bare[2] * left[2] * k})
	}
	lab := through(1)
	return &survey.SkinTone{Lab: lab, Sigma: math.Hypot(skin.Sigma, colour.DeltaE00(lab, through(1-spread))), ITA: colour.ITA(lab)}
}

// lightLeft is the share of red, green and blue light that full stubble leaves of
// what skin would send back there, and its error as a share.
func lightLeft(patches []Patch) (left [3]float64, spread float64, ok bool) {
	bare, full := thinned(patches, func(p Patch) bool { return p.Bare }), thinned(patches, func(p Patch) bool { return p.Full })
	bare, full = beside(bare, full), beside(full, bare)
	if len(bare) < enoughPatches || len(full) < enoughPatches {
		return left, 0, false
	}
	both := append(bare, full...)
	rows := make([]robust.Row, len(both))
	for i, p := range both {
		rows[i].X = [5]float64{1, p.Normal[0], p.Normal[1], p.Normal[2], 0}
		if p.Full {
			rows[i].X[4] = 1
		}
		for c, l := range p.Light {
			rows[i].Y[c] = math.Log(max(l, darkest))
		}
	}
	fit, ok := robust.Linear(rows)
	if !ok || fit.Median > unevenLight {
		return left, 0, false
	}
	for c := range left {
		left[c] = math.Exp(fit.C[4][c])
		if !(left[c] >= leastLeft && left[c] <= mostLeft) {
			return left, 0, false
		}
		left[c] = min(1, left[c])
	}
	return left, fit.Median, true
}

// darkest is the least light that counts, linear: below, a photo holds little but noise.
const darkest = 1e-3

// beside are the patches that have one of the others beside them.
func beside(patches, others []Patch) (out []Patch) {
	for _, p := range patches {
		if slices.ContainsFunc(others, p.beside) {
			out = append(out, p)
		}
	}
	return out
}

func (p Patch) beside(q Patch) bool {
	d := p.At.Sub(q.At)
	return d.Dot(d) < besideMM*besideMM && p.Normal.Dot(q.Normal) > besideCos
}

// mostPatches are as many of a kind as are looked at.
const mostPatches = 600

// thinned are the wanted patches, evenly thinned.
func thinned(patches []Patch, want func(Patch) bool) (out []Patch) {
	for _, p := range patches {
		if want(p) {
			out = append(out, p)
		}
	}
	step := 1 + len(out)/mostPatches
	for i := 0; i*step < len(out); i++ {
		out[i] = out[i*step]
	}
	return out[:(len(out)+step-1)/step]
}
