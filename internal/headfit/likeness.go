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
// independent ones, each good to this much of a probability; half as many where
// they have said by themselves where the camera starts.
const (
	freeMarks     = 40
	saidMarks     = 20
	likenessSigma = 0.35
)

// Cosines from which a mark is seen, and from which an ear hides what lies
// behind it as it does from the side.
const (
	squarely = 0.15
	fromSide = 0.5
)

// seen reports whether the mark at p faces the eye and lies on its side of the
// head: the skin under the chin may face backwards. An ear shows both its sides
// and is seen where the head does not hide it.
func (m mark) seen(head headframe.Surface, p, eye headframe.Vec) bool {
	if m.stands() {
		_, hidden := head.Intersect(p, eye.Sub(p).Unit())
		return !hidden
	}
	least := squarely
	if m.want[survey.Ear] > 0 {
		least = fromSide
	}
	return m.dir.Dot(eye.Sub(head.Centre())) > 0 && head.Normal(m.dir).Dot(eye.Sub(p).Unit()) > least
}

func (p *Photo) likeness(head headframe.Surface, cam headframe.Camera, blur int) *likeness {
	k := p.knowing()
	l := &likeness{photo: p, class: k.blurred(p, blur)}
	for _, m := range k.marks {
		if at := m.on(head); m.seen(head, at, cam.Eye()) {
			l.marks = append(l.marks, seenMark{m, at})
		}
	}
	l.per = math.Sqrt(min(1, p.freeMarks()/float64(max(len(l.marks), 1)))) / likenessSigma
	return l
}

func (p *Photo) freeMarks() float64 {
	if p.Agreed {
		return saidMarks
	}
	return freeMarks
}

// Of returns a residual for each mark in view.
func (l *likeness) Of(c headframe.Camera) []float64 {
	out := make([]float64, len(l.marks))
	for i := range l.marks {
		out[i] = l.per * (1 - l.fits(c, l.marks[i].p, &l.marks[i].want))
	}
	return out
}

// Slopes returns what Of does, with slopes.
func (l *likeness) Slopes(c headframe.Camera) ([]float64, []headframe.Slope) {
	out, slopes := make([]float64, len(l.marks)), make([]headframe.Slope, len(l.marks))
	u0, v0 := l.photo.Grid(0, 0)
	u1, v1 := l.photo.Grid(1, 1)
	for i := range l.marks {
		m := &l.marks[i]
		x, y, sx, sy, ok := c.ProjectSlopes(m.p)
		if !ok {
			out[i] = l.per
			continue
		}
		u, v := l.photo.Grid(x, y)
		fit, du, dv := l.at(u, v, &m.want)
		out[i] = l.per * (1 - fit)
		slopes[i] = sx.Mul(-l.per*du*(u1-u0)).Add(sy, -l.per*dv*(v1-v0))
	}
	return out, slopes
}

// Likeness is how far the photo shows, where the camera sees the head, what it
// should show there, 0..1: the mean over the places within the picture. inside
// is their share among all that face the camera.
func (p *Photo) Likeness(head headframe.Surface, cam headframe.Camera) (likeness, inside float64) {
	l := p.likeness(head, cam, fine)
	sum, n := 0.0, 0.0
	for i := range l.marks {
		m := &l.marks[i]
		x, y, ok := cam.Project(m.p)
		if u, v := p.Grid(x, y); ok && l.within(u, v) {
			sum, n = sum+l.fits(cam, m.p, &m.want), n+1
		}
	}
	return sum / max(n, 1), n / float64(max(len(l.marks), 1))
}

// fits is how well the photo shows what it should at p, 0..1.
func (l *likeness) fits(c headframe.Camera, p headframe.Vec, want *[Classes]float64) float64 {
	x, y, ok := c.Project(p)
	if !ok {
		return 0
	}
	u, v := l.photo.Grid(x, y)
	fit, _, _ := l.at(u, v, want)
	return fit
}

// at is how well the grid shows what it should at (u, v), 0..1, and how that
// changes along both. Beyond the picture's edge nothing is known, and about what
// a good camera reaches inside is given, lest a cropped head be squeezed into
// the picture.
func (l *likeness) at(u, v float64, want *[Classes]float64) (fit, du, dv float64) {
	if !l.within(u, v) {
		return beyond, 0, 0
	}
	for k, w := range want {
		if w > 0 {
			p, pu, pv := l.class[k].SampleSlope(u, v)
			fit, du, dv = fit+w*float64(p), du+w*float64(pu), dv+w*float64(pv)
		}
	}
	// Of a cell at the rim only the head's share is judged: where the head ends is
	// the outline's to say, and every place near the rim would shrink the head.
	var head, hu, hv float64
	for k := survey.Skin; k < Classes; k++ {
		p, pu, pv := l.class[k].SampleSlope(u, v)
		head, hu, hv = head+float64(p), hu+float64(pu), hv+float64(pv)
	}
	if head > leastHead {
		fit /= head
		du, dv = (du-fit*hu)/head, (dv-fit*hv)/head
	} else {
		fit, du, dv = fit/leastHead, du/leastHead, dv/leastHead
	}
	if fit > 1 {
		return 1, 0, 0
	}
	return fit, du, dv
}

const beyond = 0.8

// within reports whether (u, v) lies on the grid of regions.
func (l *likeness) within(u, v float64) bool {
	return onGrid(l.class[0], u, v)
}
