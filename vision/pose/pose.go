// Package pose finds the camera of a photo from the places of the head the
// network saw, and names the view it is.
//
// Millimetres are those of the average head. A photo on which no camera fits
// is an error that says so; callers go on without one.
package pose

import (
	"fmt"
	"math"
	"sort"

	"pointille/internal/headfit"
	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/vision/net"
	"pointille/vision/survey"
)

// enough cells of head on the network's grid to fit a camera to
const enough = 150

// Input is what one photo says of its camera.
type Input struct {
	Seen    *net.Prediction
	Outline headframe.Outline // where the head ends, photo pixels
	Hairy   []float64         // hair coverage just inside each of its points, 0..1
	Skin    headframe.Outline // where bare skin ends, face and neck included, photo pixels
	Focal35 float64           // focal length as 35 mm equivalent; 0: unknown
	View    string            // empty: unknown
}

// Camera finds the camera of a photo. It starts from the places of the head
// that the network saw and from where cameras stand for such a view, and keeps
// the one that explains regions, outline and places best. shown is how far the
// photo then shows what it should where the head is, 0..1: the likeness of the
// regions, times the share of the head within the picture.
func Camera(in Input) (found survey.Camera, shown float64, err error) {
	p := in.Seen
	mm, px, weight := p.Correspondences()
	if len(mm) < enough {
		return found, 0, fmt.Errorf("too little of the head in the picture to place it on a head")
	}
	photo := evidence(in, mm, px)
	believed := stances(in.View)
	var starts []start
	for _, at := range believed {
		if c, ok := inTheBox(p, headframe.Mean(), photo.Focal, at); ok {
			starts = append(starts, start{c, at})
		}
	}
	prior := headframe.CameraPrior{Focal35: in.Focal35}
	if len(believed) == 1 {
		prior.Stance = believed[0]
	}
	fitted, rms, err := headframe.FitCamera(mm, px, weight, p.PhotoW, p.PhotoH, prior)
	if err == nil && possible(fitted) {
		starts = append(starts, start{fitted, likeliest(believed, fitted)})
	}
	cam, ok := best(photo, starts)
	if !ok {
		return found, 0, fmt.Errorf("no head of usual size fits what the picture shows")
	}
	if astray(cam, believed) > mostAstray {
		if named, ok := upToName(photo, starts, believed); ok {
			cam, rms = named, min(rms, doubtByName*float64(max(p.PhotoW, p.PhotoH)))
		}
	}
	likeness, inside := photo.Likeness(headframe.Mean(), cam)
	return survey.Camera{Camera: cam, SigmaPx: rms, FocalSigma: photo.Spread, Source: "surface"}, likeness * inside, nil
}

// mostAstray is the angle between a camera and where a view of its name is taken from
// beyond which places that the network names are not believed: they had put photos of
// the back of two real heads, with hair of which one part looks like another, under
// and above the head.
const mostAstray = 35 * math.Pi / 180

// astray is the angle between a camera's direction and the nearest one believed.
func astray(cam headframe.Camera, believed []headframe.Stance) float64 {
	from := cam.Eye().Sub(headframe.Mean().Centre()).Unit()
	least := math.Pi
	for _, at := range believed {
		r := at.Rotation()
		towards := headframe.Vec(r[6:9]) // the head
		least = min(least, math.Acos(max(-1, min(1, -from.Dot(towards)))))
	}
	return least
}

// doubtByName is the doubt, as a share of the longer side, of a camera that was found by
// the view's name: that of photos laid with the least trust.
const doubtByName = 0.12

// surer is how many times more surely a view is believed to be what its name says where
// the picture says otherwise.
const surer = 3

// upToName is the camera that explains best what the photo shows, without the places
// the network names, starting from where such a view is taken from.
func upToName(photo headfit.Photo, starts []start, believed []headframe.Stance) (headframe.Camera, bool) {
	photo.Places = nil
	var own []start
	for _, s := range starts {
		if astray(s.cam, believed) < mostAstray/2 {
			b := &s.belief
			b.AzimuthSpread, b.ElevationSpread, b.RollSpread = b.AzimuthSpread/surer, b.ElevationSpread/surer, b.RollSpread/surer
			own = append(own, s)
		}
	}
	if len(own) == 0 {
		return headframe.Camera{}, false
	}
	cam, ok := best(photo, own)
	return cam, ok && astray(cam, believed) <= mostAstray
}

// likeliest is the belief that a camera contradicts least.
func likeliest(believed []headframe.Stance, cam headframe.Camera) (best headframe.Stance) {
	least := math.Inf(1)
	for _, at := range believed {
		sum := 0.0
		for _, r := range at.Evidence()(cam) {
			sum += r * r
		}
		if sum < least {
			best, least = at, sum
		}
	}
	return best
}

// start is where a search starts and what it believes.
type start struct {
	cam    headframe.Camera
	belief headframe.Stance
}

// turns between camera and shape; more change little.
const turns = 3

// finalists are the starts that are followed to the end.
const finalists = 2

// best follows every start a little way, the most promising to the end, and
// returns the camera that explains the photo best. The head may take any usual
// shape meanwhile: an average head would be tilted until it looks as long as a
// long one.
func best(photo headfit.Photo, starts []start) (found headframe.Camera, ok bool) {
	head, tries := headframe.Mean(), make([]try, len(starts))
	all := make([]*headfit.Photo, len(starts))
	for i, from := range starts {
		all[i] = photo.Believing(from.belief)
	}
	parallel.Each(len(starts), func(i int) {
		p, from := all[i], starts[i].cam
		cam := p.Approach(head, from, headfit.Slack())
		tries[i] = try{p, head, from, cam, p.Cost(head, cam)}
	})
	sort.SliceStable(tries, func(i, j int) bool { return tries[i].cost < tries[j].cost })
	first := min(finalists, len(tries))
	parallel.Each(first, func(i int) { tries[i].finish() })
	least := math.Inf(1)
	for i := range tries {
		t := &tries[i]
		if i >= first {
			if ok {
				break
			}
			t.finish()
		}
		if possible(t.cam) && t.cost < least {
			found, least, ok = t.cam, t.cost, true
		}
	}
	if ok {
		return found, true
	}
	return unrefined(tries)
}

// unrefined is the most promising camera from before the search. Hair that
// stands far off the skull can pull every refined one into the head.
func unrefined(tries []try) (headframe.Camera, bool) {
	for _, t := range tries {
		if possible(t.from) {
			return t.from, true
		}
	}
	return headframe.Camera{}, false
}

// try is one start on its way.
type try struct {
	photo *headfit.Photo
	head  headframe.Surface
	from  headframe.Camera
	cam   headframe.Camera
	cost  float64
}

func (t *try) finish() {
	t.cam = t.photo.Settle(t.head, t.from, t.cam, headfit.Slack())
	for range turns {
		t.head = headfit.Reshape(t.head, []*headfit.Photo{t.photo}, []headframe.Camera{t.cam})
		t.cam = t.photo.Refine(t.head, t.from, t.cam, headfit.Slack())
	}
	t.cost = t.photo.Cost(t.head, t.cam) + headfit.ShapeCost(t.head)
}

// stances are where a camera may stand for a view of that name; anywhere, if it
// has none. Consultation photos
// are taken square to the head, but not exactly: spreads are about twice those
// of the rendered sets, where views named front reach from below the chin to a
// bowed head, and views from above may stand on any side.
func stances(view string) []headframe.Stance {
	const deg = math.Pi / 180
	at := func(azimuth, elevation, az, el, roll float64) headframe.Stance {
		return headframe.Stance{
			Azimuth: azimuth * deg, Elevation: elevation * deg,
			AzimuthSpread: az * deg, ElevationSpread: el * deg, RollSpread: roll * deg,
		}
	}
	switch view {
	case survey.Front:
		return []headframe.Stance{at(0, 0, 15, 12, 10), at(0, 35, 15, 15, 10)}
	case survey.Left:
		return []headframe.Stance{at(90, 4, 15, 8, 10)}
	case survey.Right:
		return []headframe.Stance{at(-90, 4, 15, 8, 10)}
	case survey.Back:
		return []headframe.Stance{at(180, 4, 15, 8, 10)}
	case survey.Crown:
		return []headframe.Stance{at(180, 42, 20, 15, 15)}
	case survey.Top:
		// straight from above, direction and roll are one and any
		return []headframe.Stance{at(0, 65, 0, 15, 0), at(180, 60, 0, 18, 0), at(90, 75, 0, 15, 0), at(-90, 75, 0, 15, 0), at(0, 88, 0, 8, 0), at(180, 88, 0, 8, 0)}
	}
	var all []headframe.Stance
	for _, v := range []string{survey.Front, survey.Left, survey.Right, survey.Back, survey.Crown, survey.Top} {
		all = append(all, stances(v)...)
	}
	return all
}

// Angles between which a view has its name, degrees. The camera's direction is
// given by its elevation above the ears and its azimuth from the nose.
const (
	topAbove   = 52
	crownAbove = 22
	sideFrom   = 45
	sideTo     = 135
	soft       = 12 // within this much of a border the name is in doubt
)

// View names the view by where the camera stands.
func View(cam headframe.Camera, centre headframe.Vec) survey.View {
	d := cam.Eye().Sub(centre).Unit()
	elevation := math.Asin(max(-1, min(1, d[1]))) * 180 / math.Pi
	azimuth := math.Atan2(d[0], d[2]) * 180 / math.Pi
	v := survey.View{Source: "detected"}
	side := math.Abs(azimuth)
	border := min(math.Abs(side-sideFrom), math.Abs(side-sideTo))
	switch {
	case elevation > topAbove:
		v.Name, border = survey.Top, elevation-topAbove
	case side > sideTo && elevation > crownAbove:
		v.Name, border = survey.Crown, min(border, elevation-crownAbove, topAbove-elevation)
	case side > sideTo:
		v.Name, border = survey.Back, min(border, crownAbove-elevation)
	case side < sideFrom:
		v.Name, border = survey.Front, min(border, topAbove-elevation)
	case azimuth > 0:
		v.Name = survey.Left
	default:
		v.Name = survey.Right
	}
	v.Confidence = 0.5 + 0.5*min(1, border/soft)
	return v
}

// Roll is how far the picture is turned: the angle of the head's up direction
// from the picture's, degrees, counter-clockwise. Views from above have none.
func Roll(cam headframe.Camera) float64 {
	x0, y0, _ := cam.Project(headframe.Vec{0, 0, 0})
	x1, y1, _ := cam.Project(headframe.Vec{0, 100, 0})
	return math.Atan2(-(x1-x0), -(y1-y0)) * 180 / math.Pi
}
