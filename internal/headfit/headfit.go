// Package headfit lays a head on photos: it finds the camera under which a head
// shows scalp, skin, ears and brows where a photo shows them and ends where
// the photo's head ends, and the shape of head that does so in all photos of a
// client.
//
// The head frame is in millimetres, pictures in pixels of the upright photo,
// evidence in standard deviations. Nothing here fails: a photo that says
// little leaves the camera near where it started, and Cost says how well the
// result explains the photo.
package headfit

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/raster"
)

// Classes is the number of region classes of package survey.
const Classes = 6

// Photo is what one photo says of its camera.
type Photo struct {
	Class  [Classes]*raster.Plane            // probability of each region class, on a grid of its own
	Growth *raster.Plane                     // how much of full growth hair has, 0..1, on the same grid; nil: unknown
	Grid   func(x, y float64) (u, v float64) // photo pixel to grid position: scaled and shifted, nothing else
	Bare   headframe.Outline                 // where skin ends against something else, photo pixels
	Hairy  headframe.Outline                 // where hair does
	Skin   headframe.Outline                 // where bare skin does, of the whole head and neck
	Places []Place                           // places recognised by themselves; may be empty
	Focal  float64                           // believed focal length, pixels
	Spread float64                           // of its logarithm; 0: not known
	Stance headframe.Stance                  // how the camera stands; zero: unknown
	Others Others                            // what other photos of the same head show; may be empty
	Agreed bool                              // the others are known to be right, and the camera's start to come from these regions
	known  *known
}

// Place is a place of the average head, mm, and where the photo shows it, pixels.
type Place struct {
	MM headframe.Vec
	PX [2]float64
}

// Slack is how far a start is off where little is known besides a view's name
// and where in the picture the head is, one standard deviation.
func Slack() headframe.Slack {
	return headframe.Slack{Turn: 30 * math.Pi / 180, Shift: 60, Focal: 0.4}
}

// How widely the regions are blurred, grid cells: first widely, so that a camera
// that starts far off is drawn along.
const (
	wide   = 6
	middle = 3
	fine   = 1
)

// Approach moves a camera that may start far off roughly to where it explains
// the photo of a head, held to its start by slack.
func (p *Photo) Approach(head headframe.Surface, start headframe.Camera, slack headframe.Slack) headframe.Camera {
	return p.turn(head, start, start, slack, wide)
}

// Settle moves a camera that is roughly right to where it explains the photo best.
func (p *Photo) Settle(head headframe.Surface, start, cam headframe.Camera, slack headframe.Slack) headframe.Camera {
	return p.Refine(head, start, p.turn(head, start, cam, slack, middle), slack)
}

// Refine is Settle for a camera that is nearly right already.
func (p *Photo) Refine(head headframe.Surface, start, cam headframe.Camera, slack headframe.Slack) headframe.Camera {
	return p.turn(head, start, cam, slack, fine)
}

func (p *Photo) turn(head headframe.Surface, start, cam headframe.Camera, slack headframe.Slack, blur int) headframe.Camera {
	return p.bare(head, cam).Turn(head, start, cam, slack, p.evidence(head, cam, blur)...)
}

// Cost is how badly a camera explains the photo, in half squares of standard
// deviations, each camera by the places it sees itself.
func (p *Photo) Cost(head headframe.Surface, cam headframe.Camera) float64 {
	return p.Bare.Cost(head, cam, p.evidence(head, cam, fine)...)
}

// bare is where scalp ends, and skin of forehead and temples: with the jaw, the
// neck and the ears a head without them has nothing to do.
func (p *Photo) bare(head headframe.Surface, cam headframe.Camera) headframe.Outline {
	out := append(headframe.Outline(nil), p.Bare...)
	brow := head.Landmark(headframe.Glabella)[1]
	for _, q := range p.Skin {
		if gap, dir := head.Gap(cam, q); math.Abs(gap) < farOff && head.Point(dir)[1] > brow {
			out = append(out, q)
		}
	}
	return out
}

// farOff is how far a border of skin may lie from the head's, mm, to be taken for it.
const farOff = 15

func (p *Photo) evidence(head headframe.Surface, cam headframe.Camera, blur int) []headframe.Evidence {
	l := p.likeness(head, cam, blur)
	return []headframe.Evidence{
		l, p.Stance.Evidence(), headframe.Residuals(p.focalLength),
		headframe.Residuals(func(c headframe.Camera) []float64 { return distance(head, c) }),
		hairEnds{p, head}, places{p}, p.others(head, cam, p.freeOthers()),
	}
}

// Heads are photographed from an arm's length to across a chair, mm; nearer, a
// phone does not get all of one into the picture.
const (
	UsualDistance  = 550
	distanceSpread = 0.25 // of the logarithm
)

func distance(head headframe.Surface, c headframe.Camera) []float64 {
	z := c.ToCamera(head.Centre())[2]
	return []float64{math.Log(max(z, 1)/UsualDistance) / distanceSpread}
}

func (p *Photo) focalLength(c headframe.Camera) []float64 {
	if p.Spread <= 0 {
		return []float64{0}
	}
	return []float64{math.Log(math.Sqrt(c.FX*c.FY)/p.Focal) / p.Spread}
}

// RMS is the root mean square distance of both outlines, mm, with hair where it
// stands off the skin.
func (p *Photo) RMS(head headframe.Surface, c headframe.Camera) float64 {
	gaps := p.hairyGaps(head, c)
	off, sum := p.offSkin(gaps), 0.0
	for _, gap := range gaps {
		sum += (gap - off) * (gap - off)
	}
	bare := p.Bare.RMS(head, c)
	sum += bare * bare * float64(len(p.Bare))
	return math.Sqrt(sum / float64(max(len(p.Bare)+len(p.Hairy), 1)))
}
