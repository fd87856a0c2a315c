package pose

import (
	"math"

	"pointille/internal/headfit"
	"pointille/internal/headframe"
	"pointille/vision/net"
	"pointille/vision/survey"
)

const (
	hairyFrom = 0.35 // coverage from which an outline is that of hair, not of skin
	// more points of either cost time and add nothing
	mostOutline = 80
	mostPlaces  = 100
)

// evidence is what the photo says, for the search.
func evidence(in Input, mm []headframe.Vec, px [][2]float64) headfit.Photo {
	p := headfit.Photo{Class: in.Seen.Class, Grid: in.Seen.ToGrid}
	p.Focal, p.Spread = focalLength(in)
	for i := 0; i < len(in.Outline); i += max(1, len(in.Outline)/mostOutline) {
		q := in.Outline[i]
		if i < len(in.Hairy) && in.Hairy[i] > hairyFrom {
			p.Hairy = append(p.Hairy, q)
		} else {
			p.Bare = append(p.Bare, q)
		}
	}
	for i := 0; i < len(in.Skin); i += max(1, len(in.Skin)/mostOutline) {
		p.Skin = append(p.Skin, in.Skin[i])
	}
	for i := 0; i < len(mm); i += max(1, len(mm)/mostPlaces) {
		p.Places = append(p.Places, headfit.Place{MM: mm[i], PX: px[i]})
	}
	return p
}

// cropSpread is that of the logarithm of a focal length that nothing is known of
// but that the whole picture may be a crop.
const cropSpread = 0.6

// focalLength is the focal length to expect, pixels, and the spread of its
// logarithm. A photo that does not state it may be cropped: then the head's
// size in the picture and the usual distance say more than usual cameras.
func focalLength(in Input) (px, spread float64) {
	k, spread := headframe.FocalBelief(in.Focal35)
	px = k * float64(max(in.Seen.PhotoW, in.Seen.PhotoH))
	if in.Focal35 > 0 {
		return px, spread
	}
	if box, ok := headExtent(in.Seen); ok {
		px = max(px, headfit.UsualDistance*box.side/usualExtent)
	}
	return px, cropSpread
}

// Cameras stand between these distances from the middle of the head, mm.
const nearest, farthest = 180, 6000

func possible(c headframe.Camera) bool {
	z := c.ToCamera(headframe.Mean().Centre())[2]
	return c.FX > 0 && z > nearest && z < farthest
}

// inTheBox is a camera of a stance whose head fills the picture's head: same
// middle, same extent.
func inTheBox(p *net.Prediction, head headframe.Surface, focal float64, at headframe.Stance) (headframe.Camera, bool) {
	box, ok := headExtent(p)
	if !ok {
		return headframe.Camera{}, false
	}
	c := headframe.Camera{FX: focal, FY: focal, CX: float64(p.PhotoW-1) / 2, CY: float64(p.PhotoH-1) / 2, R: at.Rotation()}
	c.T[2] = focal * usualExtent / box.side
	for range 4 { // perspective shifts and swells the head: correct what the start shows
		shown := shownExtent(head, c)
		c.T[0] += (box.x - shown.x) * c.T[2] / focal
		c.T[1] += (box.y - shown.y) * c.T[2] / focal
		c.T[2] *= min(2, max(0.5, shown.side/box.side))
	}
	return c, possible(c)
}

// usualExtent is about how far a head reaches across a picture, mm.
const usualExtent = 190

type extent struct{ x, y, side float64 } // middle and root of the area of the box, photo pixels

// box collects pixels.
type box struct{ x0, y0, x1, y1 float64 }

func newBox() box { return box{math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)} }

func (b *box) add(x, y float64) {
	b.x0, b.x1 = min(b.x0, x), max(b.x1, x)
	b.y0, b.y1 = min(b.y0, y), max(b.y1, y)
}

func (b box) extent() extent {
	return extent{(b.x0 + b.x1) / 2, (b.y0 + b.y1) / 2, math.Sqrt(max(1, (b.x1-b.x0)*(b.y1-b.y0)))}
}

// shownExtent is the box of the head above the neck that a camera sees.
func shownExtent(head headframe.Surface, c headframe.Camera) extent {
	const n = 300
	b := newBox()
	golden := math.Pi * (3 - math.Sqrt(5))
	for i := range n {
		y := 1 - 2*(float64(i)+0.5)/n
		r := math.Sqrt(1 - y*y)
		sin, cos := math.Sincos(golden * float64(i))
		p := head.Point(headframe.Vec{r * cos, y, r * sin})
		if x, y, ok := c.Project(p); ok && !headframe.Neck(p) {
			b.add(x, y)
		}
	}
	return b.extent()
}

// headExtent is the box of the head above the neck that the network saw.
func headExtent(p *net.Prediction) (extent, bool) {
	b, n, w := newBox(), 0, p.Hair.W
	for i := range p.Hair.Pix {
		head := 1 - p.Class[survey.Background].Pix[i] - p.Class[survey.Clothes].Pix[i]
		at := headframe.Vec{0, float64(p.Pos[1].Pix[i]), float64(p.Pos[2].Pix[i])}
		if head < 0.6 || headframe.Neck(at) {
			continue
		}
		b.add(p.ToPhoto(float64(i%w), float64(i/w)))
		n++
	}
	return b.extent(), n >= enough
}
