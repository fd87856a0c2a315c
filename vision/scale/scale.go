// Package scale finds how large a pixel is on the scalp.
//
// The camera of a photo is fitted to the average head, so its millimetres are
// those of the average head. A factor (true millimetres per average-head
// millimetre) makes them the client's. It comes, best first, from a printed
// card in the picture, from a length the artist gives, or from nothing: then
// it is 1 with the scatter of human head sizes. Sigmas are one standard
// deviation. There are no errors; what cannot be used is not used.
package scale

import (
	"math"

	"pointille/internal/headframe"
	"pointille/vision/card"
	"pointille/vision/survey"
)

// Factor is true millimetres per millimetre of the average head.
type Factor struct {
	Value  float64
	Sigma  float64 // relative
	Source string  // card | given | head
}

// Relative sigmas. Adult head breadth is 152 ± 6 mm and length 195 ± 7 mm in
// anthropometric surveys, 4 % each; and how far a camera is from a head, told from
// one photo, was off by another 4.5 % RMS on 23 rendered heads. A given length of
// some centimetres is good to about 2 mm in 100. A card on the skin stands off by
// its own stiffness.
const (
	headSigma   = 0.04
	placedSigma = 0.045
	givenSigma  = 0.02
	onSkinSigma = 0.01
)

// A card held beside the head is somewhat nearer to the camera than the ears, as
// a hand that shows something holds it, but how much is not known, mm.
const (
	besideNearer = 35
	besideSigma  = 35
)

// mostTilt is the largest angle at which a card's distance is believed.
const mostTilt = 70 * math.Pi / 180

// FromHead is the factor when nothing was measured.
func FromHead() Factor {
	return Factor{Value: 1, Sigma: math.Hypot(headSigma, placedSigma), Source: "head"}
}

// FromGiven turns a given pixel size, mm, at the head point p into a factor. A
// point that the camera does not see gives the factor of nothing measured.
func FromGiven(cam headframe.Camera, p headframe.Vec, mmPerPx float64) Factor {
	if cam.MMPerPx(p) <= 0 {
		return FromHead()
	}
	return Factor{Value: mmPerPx / cam.MMPerPx(p), Sigma: givenSigma, Source: "given"}
}

// FromCard compares the card's true distance with the average head's at the
// same place of the picture. ok is false where the card is turned too far. A
// card beside the head so near to the camera that its unknown depth tells less
// than the usual size of heads does is weighed against that, and the source is
// then the head.
func FromCard(cam headframe.Camera, s headframe.Surface, c card.Card) (f Factor, ok bool) {
	distance, tilt, ok := c.Distance(cam)
	if !ok || tilt > mostTilt {
		return Factor{}, false
	}
	x, y := c.Centre()
	if p, hit := s.Intersect(cam.Eye(), cam.Ray(x, y)); hit {
		return Factor{Value: distance / cam.ToCamera(p)[2], Sigma: onSkinSigma, Source: "card"}, true
	}
	depth := cam.ToCamera(headframe.Vec{})[2] - besideNearer
	if depth <= 0 {
		return Factor{}, false
	}
	beside := Factor{Value: distance / depth, Sigma: besideSigma / depth, Source: "card"}
	return beside.with(FromHead()), true
}

// with weighs two independent factors. The source is the first one's if that is
// surer than the usual size of heads.
func (f Factor) with(g Factor) Factor {
	a, b := 1/(f.Sigma*f.Sigma), 1/(g.Sigma*g.Sigma)
	out := Factor{Value: math.Exp((a*math.Log(f.Value) + b*math.Log(g.Value)) / (a + b)), Sigma: 1 / math.Sqrt(a+b), Source: f.Source}
	if f.Sigma > headSigma {
		out.Source = g.Source
	}
	return out
}

// Cameras fitted to one photo are turned by 6 degrees, the median on rendered heads.
// A round head would look the same; this one then has skin nearer or farther at a
// pixel by as much as its radius changes on the way, at most bump millimetres for each
// radian, over the cosine at which it is seen. Beyond steepest the place lies behind
// the rim, and what is seen there is no steeper.
const (
	turned   = 6 * math.Pi / 180
	bump     = 20
	steepest = 0.25
)

// At states the pixel size at p, on the skin of s, for the survey.
func At(cam headframe.Camera, s headframe.Surface, p headframe.Vec, f Factor) survey.Scale {
	x, y, ok := cam.Project(p)
	if !ok {
		return survey.Scale{Source: "none"}
	}
	cos := s.Normal(s.Direction(p)).Dot(cam.Eye().Sub(p).Unit())
	mm, off := cam.MMPerPx(p)*f.Value, turned*bump/max(steepest, cos)
	return survey.Scale{MMPerPx: mm, Sigma: mm * math.Hypot(f.Sigma, off/cam.ToCamera(p)[2]), At: [2]float64{x, y}, Source: f.Source}
}
