package headfit

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/raster"
	"pointille/vision/survey"
)

// likeness compares the marks in view of one camera with the regions of a photo.
type likeness struct {
	photo *Photo
	class [Classes]*raster.Plane
	marks []seenMark
	per   float64 // residual of a mark whose region is wholly wrong, in sigmas
}

type seenMark struct {
	mark
	p headframe.Vec
}

// Neighbouring marks err together, so that all in view weigh as this many
// independent ones, each good to this much of a probability.
const (
	freeMarks     = 40
	likenessSigma = 0.35
)

// Cosines from which a mark is seen, and from which an ear hides what lies
// behind it as it does from the side.
const (
	squarely = 0.15
	fromSide = 0.5
)

// seen reports whether the mark at p faces the eye and lies on its side of the
// head: the skin under the chin may face backwards.
func (m mark) seen(head headframe.Surface, p, eye headframe.Vec) bool {
	least := squarely
	if m.want[survey.Ear] > 0 {
		least = fromSide
	}
	return m.dir.Dot(eye.Sub(head.Centre())) > 0 && head.Normal(m.dir).Dot(eye.Sub(p).Unit()) > least
}

func (p *Photo) likeness(head headframe.Surface, cam headframe.Camera, blur int) *likeness {
	if p.marks == nil {
		p.marks = marksOf(headframe.Mean())
	}
	l := &likeness{photo: p}
	for k := range l.class {
		l.class[k] = p.Class[k].Blurred(blur).Blurred(blur)
	}
	for _, m := range p.marks {
		if at := head.Point(m.dir); m.seen(head, at, cam.Eye()) {
			l.marks = append(l.marks, seenMark{m, at})
		}
	}
	l.per = math.Sqrt(min(1, freeMarks/float64(max(len(l.marks), 1)))) / likenessSigma
	return l
}

func (l *likeness) residuals(c headframe.Camera) []float64 {
	out := make([]float64, len(l.marks))
	for i, m := range l.marks {
		out[i] = l.per * (1 - l.fits(c, m.p, m.want))
	}
	return out
}

// Likeness is how far the photo shows, where the camera sees the head, what it
// should show there, 0..1: the mean over the places within the picture. inside
// is their share among all that face the camera.
func (p *Photo) Likeness(head headframe.Surface, cam headframe.Camera) (likeness, inside float64) {
	l := p.likeness(head, cam, fine)
	sum, n := 0.0, 0.0
	for _, m := range l.marks {
		x, y, ok := cam.Project(m.p)
		if _, _, within := l.cell(x, y); ok && within {
			sum, n = sum+l.fits(cam, m.p, m.want), n+1
		}
	}
	return sum / max(n, 1), n / float64(max(len(l.marks), 1))
}

// fits is how well the photo shows what it should at p, 0..1; beyond the
// picture's edge nothing is known, and about what a good camera reaches inside
// is given, lest a cropped head be squeezed into the picture.
func (l *likeness) fits(c headframe.Camera, p headframe.Vec, want [Classes]float64) float64 {
	x, y, ok := c.Project(p)
	if !ok {
		return 0
	}
	u, v, within := l.cell(x, y)
	if !within {
		return beyond
	}
	sum := 0.0
	for k, w := range want {
		if w > 0 {
			sum += w * float64(l.class[k].Sample(u, v))
		}
	}
	return min(1, sum)
}

const beyond = 0.8

// cell is where on the grid of regions a pixel lies, and whether it lies within.
func (l *likeness) cell(x, y float64) (u, v float64, within bool) {
	u, v = l.photo.Grid(x, y)
	return u, v, u >= -0.5 && v >= -0.5 && u <= float64(l.class[0].W)-0.5 && v <= float64(l.class[0].H)-0.5
}
