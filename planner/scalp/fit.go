package scalp

import (
	"context"
	"errors"
	"fmt"
	"image"
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/vision/survey"
)

// Photo is one surveyed photo with its maps, each the size of the upright photo.
type Photo struct {
	Survey  *survey.Survey
	Regions *image.Gray   // classes of package survey
	Hair    *image.Gray   // coverage, 0..255
	Density *image.Gray16 // hundredths of hairs per cm²
}

// Options are what is known of the head besides the photos.
type Options struct {
	Measured Measured
	EdgeMM   float64 // of the mesh; 0: 3
}

// ErrUnplaced is wrapped by the error for a case of which no photo can be
// placed on a head.
var ErrUnplaced = errors.New("no photo could be placed on a head")

// Fit finds the head that the photos show.
//
// Cameras start from the surveys, which fitted them to the average head. Shape
// and cameras are then refined in turns until the surface's outline lies on
// the scalp's outline in every photo, held by what is known of heads. Once it is known
// which photos belong together those are laid anew, with more faith in each other. Sizes
// come last: all is scaled by what cards and given lengths say. It takes seconds, and
// gives up between two turns when ctx is cancelled.
func Fit(ctx context.Context, photos []Photo, o Options) (*Model, error) {
	if err := refused(photos, o); err != nil {
		return nil, err
	}
	m := &Model{Surface: headframe.Mean()}
	views := make([]*view, len(photos))
	for i, p := range photos {
		v, why := newView(p)
		views[i] = v
		m.Views = append(m.Views, View{Survey: p.Survey, Used: why == "", Why: why})
	}
	if !m.anyUsed() {
		return nil, fmt.Errorf("%w: %s", ErrUnplaced, m.Views[0].Why)
	}
	m.leaveOutUnsure(photos)
	for m.refine(ctx, views); ctx.Err() == nil && (m.hold(views) || m.leaveOut(ctx, views)); m.refine(ctx, views) {
		if !m.anyUsed() {
			return nil, fmt.Errorf("%w: %s: %s", ErrUnplaced, photos[0].Survey.Photo.Name, m.Views[0].Why)
		}
	}
	for _, v := range views {
		if v != nil {
			v.agree()
		}
	}
	m.refine(ctx, views)
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	m.state(views)
	m.resize(views, o)
	edge := o.EdgeMM
	if !(edge > 0) {
		edge = 3
	}
	m.Mesh = m.Surface.Mesh(edge)
	m.merge(photos)
	return m, nil
}

func (m *Model) anyUsed() bool {
	for _, v := range m.Views {
		if v.Used {
			return true
		}
	}
	return false
}

// rounds of turns between cameras and shape; more change nothing visible. In the
// first ones each photo is laid on the head alone, then beside the others.
const (
	rounds = 12
	alone  = 2
)

// refine begins anew: what a photo that was left out since has done to the head
// must not stay. It stops half done when ctx is cancelled.
func (m *Model) refine(ctx context.Context, views []*view) {
	m.Surface = headframe.Mean()
	for _, v := range views {
		if v != nil {
			v.cam, v.photo.Others = v.start, nil
		}
	}
	for k := range rounds {
		if ctx.Err() != nil {
			return
		}
		if k >= alone {
			m.compare(views)
		}
		m.turnCameras(views)
		m.reshape(views)
	}
	m.turnCameras(views)
}

// turnCameras turns each by itself: what the others show was noted before.
func (m *Model) turnCameras(views []*view) {
	parallel.Each(len(views), func(i int) {
		if m.Views[i].Used {
			views[i].turnCamera(m.Surface)
		}
	})
}

// resize scales surface and cameras from the average head's millimetres to
// this client's.
func (m *Model) resize(views []*view, o Options) {
	f := m.factor(o)
	m.Scale = Scale{Source: f.source, Sigma: f.sigma, Scaled: f.source == "card" || f.source == "given"}
	shape := append([]float64(nil), m.Surface.Shape...)
	shape[0] *= f.value
	m.Surface = m.Surface.With(shape)
	m.ErrorMM *= f.value
	for i := range m.Views {
		m.Views[i].Camera.T = m.Views[i].Camera.T.Mul(f.value)
	}
}

type factor struct {
	value, sigma float64
	source       string
}

// headSigma is the scatter of adult head sizes: breadth 152 ± 6 mm, length
// 195 ± 7 mm in anthropometric surveys.
const headSigma = 0.04

// commonSigma does not average out over photos: how the card is held, and how
// far the camera that shows it is off against the others. On three rendered heads
// with a card on the forehead the sizes it gave were off by 0, 2 and 6 %.
const commonSigma = 0.04

// impossible is a log size beyond which no adult head lies (five sigmas): a
// scale that says so was misread or belongs to something else.
const impossible = 5 * headSigma

// factor is true millimetres per millimetre of the fitted average-size head,
// from the measured scales weighted by their certainty.
func (m *Model) factor(o Options) factor {
	if f, ok := o.Measured.factor(m.Surface); ok {
		return f
	}
	sum, weight, source := 0.0, 0.0, ""
	for i, v := range m.Views {
		s := v.Survey.Scale
		if !v.Used || !measuredScale(s) {
			continue
		}
		p, ok := m.Unproject(i, s.At[0], s.At[1])
		if !ok {
			continue
		}
		sigma := max(s.Sigma/s.MMPerPx, 0.005)
		w := 1 / (sigma * sigma)
		sum += w * math.Log(s.MMPerPx/v.Camera.MMPerPx(p))
		weight += w
		if source != "card" {
			source = s.Source
		}
	}
	value := math.Exp(sum / max(weight, 1e-12))
	if weight == 0 || math.Abs(math.Log(value)) > impossible {
		return factor{1, headSigma, "head"}
	}
	return factor{value, math.Hypot(1/math.Sqrt(weight), commonSigma), source}.amongHeads()
}

// amongHeads weighs a measured size with what sizes heads have.
func (f factor) amongHeads() factor {
	a, b := 1/(f.sigma*f.sigma), 1/(headSigma*headSigma)
	return factor{math.Exp(math.Log(f.value) * a / (a + b)), 1 / math.Sqrt(a+b), f.source}
}
