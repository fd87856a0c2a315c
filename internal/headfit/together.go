package headfit

import (
	"math"
	"slices"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// looks are what a photo shows at a place: how much of each region class, and how
// much of full growth its hair has, each 0..1.
type looks [Classes + 1]float64

// Together is what several photos show at the same places of a head.
type Together struct {
	head  headframe.Surface
	marks []mark
	shown [][]looks   // by photo and mark
	sure  [][]float64 // how squarely it is seen; 0: not at all
}

// From this cosine on a place is compared between photos: at the rim a pixel
// covers several places.
const comparable = 0.35

// NewTogether looks at every place through all cameras.
func NewTogether(head headframe.Surface, photos []*Photo, cams []headframe.Camera) *Together {
	t := &Together{head: head}
	for i, p := range photos {
		t.marks = p.knowing().marks
		t.shown = append(t.shown, make([]looks, len(t.marks)))
		t.sure = append(t.sure, make([]float64, len(t.marks)))
		see := p.eyes()
		for j, m := range t.marks {
			at := m.on(head)
			cos := m.squareness(head, at, cams[i].Eye())
			x, y, ok := cams[i].Project(at)
			if u, v := p.Grid(x, y); cos > comparable && ok && see.within(u, v) {
				is, _, _, share := see.at(u, v)
				if share >= leastHead {
					t.shown[i][j], t.sure[i][j] = is, cos*cos
				}
			}
		}
	}
	return t
}

// squareness is the cosine at which an eye sees the mark, 0 if it does not, or if
// an ear is there: that looks different from each side.
func (m mark) squareness(head headframe.Surface, at, eye headframe.Vec) float64 {
	if m.want[survey.Ear] > 0 || !m.seen(head, at, eye) {
		return 0
	}
	return head.Normal(m.dir).Dot(eye.Sub(at).Unit())
}

// Without is what all photos but some show, as evidence for the camera of one of
// them.
func (t *Together) Without(photos ...int) Others {
	var out Others
	for j, m := range t.marks {
		var mean looks
		weight := 0.0
		for i := range t.shown {
			if slices.Contains(photos, i) {
				continue
			}
			w := t.sure[i][j]
			weight += w
			for k, v := range t.shown[i][j] {
				mean[k] += w * v
			}
		}
		if weight < comparable*comparable {
			continue
		}
		for k := range mean {
			mean[k] /= weight
		}
		out = append(out, place{mark: m, at: m.on(t.head), looks: mean})
	}
	return out
}

// Others are places of the head as other photos of the same client show them.
type Others []place

type place struct {
	mark
	at    headframe.Vec
	looks looks
}

// Each place is good to this much of a share: on rendered heads densities are off by a
// sixth of full growth on the mean, and by twice that at borders. Neighbouring places
// err together, what a photo has for the border of a bald patch being off for
// centimetres along it, so that all in view weigh as so many independent ones: few
// while it is not known whether the photos are of one head, or a wrong one would be
// laid as if it were right. Once that is known marks are carried best, on five rendered
// heads 6.7 mm off in the median and not 9.5, where all of the hundred or so in view weigh
// nearly as if each were one.
const (
	othersSigma  = 0.3
	doubtOthers  = 20
	agreedOthers = 80
)

func (p *Photo) freeOthers() float64 {
	if p.Agreed {
		return agreedOthers
	}
	return doubtOthers
}

// others compares what other photos show with what this one does.
type others struct {
	see  eyes
	grid func(x, y float64) (u, v float64)
	seen Others
	per  []float64 // by place: residual of a class that is wholly wrong, in sigmas
}

// others weigh as so many independent ones as free.
func (p *Photo) others(head headframe.Surface, cam headframe.Camera, free float64) others {
	o := others{see: p.eyes(), grid: p.Grid}
	sum := 0.0
	for _, q := range p.Others {
		x, y, ok := cam.Project(q.at)
		u, v := p.Grid(x, y)
		if cos := q.squareness(head, q.at, cam.Eye()); cos > comparable && ok && o.see.within(u, v) {
			o.seen, o.per = append(o.seen, q), append(o.per, cos)
			sum += cos * cos
		}
	}
	k := math.Sqrt(min(1, free/max(sum, 1e-9))/2) / othersSigma // two classes are wrong where one should be another
	for i := range o.per {
		o.per[i] *= k
	}
	return o
}

// Apart is how badly a photo agrees with others, in half squares of standard
// deviations: in what skin, scalp, ears and brows lie where, and in how much hair
// stands there.
func (p *Photo) Apart(head headframe.Surface, cam headframe.Camera, with Others) (regions, growth float64) {
	q := *p
	q.Others = with
	const n = len(looks{})
	for i, r := range q.others(head, cam, doubtOthers).Of(cam) {
		if i%n == Classes {
			growth += r * r / 2
			continue
		}
		regions += r * r / 2
	}
	return regions, growth
}

// Of returns a residual for each place and class.
func (o others) Of(c headframe.Camera) []float64 {
	r, _ := o.Slopes(c)
	return r
}

// Slopes returns what Of does, with slopes. A place beyond the picture's edge says
// nothing.
func (o others) Slopes(c headframe.Camera) ([]float64, []headframe.Slope) {
	n := len(looks{})
	out, slopes := make([]float64, n*len(o.seen)), make([]headframe.Slope, n*len(o.seen))
	u0, v0 := o.grid(0, 0)
	u1, v1 := o.grid(1, 1)
	for i, q := range o.seen {
		x, y, sx, sy, ok := c.ProjectSlopes(q.at)
		u, v := o.grid(x, y)
		if !ok || !o.see.within(u, v) {
			continue
		}
		is, du, dv, _ := o.see.at(u, v)
		for k := range is {
			out[n*i+k] = o.per[i] * (is[k] - q.looks[k])
			slopes[n*i+k] = sx.Mul(o.per[i]*du[k]*(u1-u0)).Add(sy, o.per[i]*dv[k]*(v1-v0))
		}
	}
	return out, slopes
}
