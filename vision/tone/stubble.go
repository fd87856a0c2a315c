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
	Normal headframe.Vec // of the skin, head frame
	Bare   bool          // skin that no hair stands on
	Full   bool          // hair as dense as this client's fullest, cut so short that skin shows between
}

// Patches of each kind below which nothing is measured, and the largest error, as a
// share of the light, with which bare skin may follow the model of its light.
const (
	enoughPatches = 150
	unevenLight   = 0.2
)

// believedShares are the shares of light that stubble can leave: less is in shadow,
// more is glare.
const (
	leastLeft = 0.35
	mostLeft  = 1.02
)

// Stubble is the tone of the client's own stubble, seen from so far that hairs are not
// told apart: the tone to which a field of dots is matched. nil where too little
// of it, or of bare skin, is seen, or where the light is too uneven.
//
// Sides and top of a head are lit differently, so stubble is not compared with skin
// elsewhere but with what skin would show there: light falls on bare skin as a constant
// and a cosine of the normal (the first two orders of spherical harmonics, which hold all
// but a few percent of what a matt surface sends back: Ramamoorthi and Hanrahan 2001),
// fitted to all bare patches, some of which glare. Only stubble whose normal is
// near to those of bare skin counts.
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
	var bare []robust.Row
	var normals []headframe.Vec
	for _, p := range patches {
		if k := p.brightness(); p.Bare && k > 0 {
			bare = append(bare, robust.Row{X: scaled(p.Normal, 1/k), Y: [3]float64{p.Light[0] / k, p.Light[1] / k, p.Light[2] / k}})
			normals = append(normals, p.Normal)
		}
	}
	if len(bare) < enoughPatches {
		return left, 0, false
	}
	light, ok := robust.Linear(bare)
	if !ok || light.Median > unevenLight {
		return left, 0, false
	}
	normals = thinned(normals)
	var shares [3][]float64
	for _, p := range patches {
		if !p.Full || !near(normals, p.Normal) {
			continue
		}
		on := light.Of(scaled(p.Normal, 1))
		for c := range shares {
			if on[c] > 0 {
				shares[c] = append(shares[c], p.Light[c]/on[c])
			}
		}
	}
	for c, s := range shares {
		if len(s) < enoughPatches {
			return left, 0, false
		}
		slices.Sort(s)
		left[c] = s[len(s)/2]
		if left[c] < leastLeft || left[c] > mostLeft {
			return left, 0, false
		}
		left[c] = min(1, left[c])
	}
	return left, light.Median, true
}

func (p Patch) brightness() float64 { return (p.Light[0] + p.Light[1] + p.Light[2]) / 3 }

// scaled is the light's basis at a normal, times k.
func scaled(n headframe.Vec, k float64) [4]float64 {
	return [4]float64{k, k * n[0], k * n[1], k * n[2]}
}

// nearCos is the cosine of the largest angle, 25 degrees, between the normal of stubble
// and the nearest of bare skin.
const nearCos = 0.906

// fewNormals are as many as show where bare skin faces.
const fewNormals = 400

func thinned(normals []headframe.Vec) (out []headframe.Vec) {
	for i := 0; i < len(normals); i += 1 + len(normals)/fewNormals {
		out = append(out, normals[i])
	}
	return out
}

func near(normals []headframe.Vec, n headframe.Vec) bool {
	for _, m := range normals {
		if m.Dot(n) > nearCos {
			return true
		}
	}
	return false
}
