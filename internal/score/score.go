// Package score measures how far a plan's head and cameras are from the truth:
// how far its surface lies from the true scalp, how large it makes areas, how
// well its cameras stand, and where a mark made in one photo appears in another.
//
// Lengths are millimetres, angles degrees, areas cm² of skin; errors of sizes
// and areas are shares, positive where the plan has too much. What the truth
// does not tell is absent. Nothing here fails but for a case of which truth and
// plan share no photo.
package score

import (
	"errors"
	"math"
	"sort"

	"pointille/internal/headframe"
	"pointille/internal/truth"
	"pointille/vision/survey"
)

// Photo is one photo of a plan with what is known of it.
type Photo struct {
	Name   string
	Used   bool
	Camera headframe.Camera // the plan's, for a photo of the truth's size
	Scale  survey.Scale     // the survey's, for a photo of the truth's size
	Truth  *truth.View
}

// Case is a plan's head and photos beside the truth.
type Case struct {
	Surface    headframe.Surface
	ScaleSigma float64 // relative, of the plan's sizes
	Photos     []Photo
}

// Report is what was found.
type Report struct {
	Surface *Surface `json:"surface,omitempty"`
	Area    *Area    `json:"area,omitempty"`
	Views   []View   `json:"views"`
	Carried *Carried `json:"carried,omitempty"`
}

// Surface compares the scalp that any photo shows with the plan's surface.
type Surface struct {
	AsIs      Spread  `json:"as_is_mm"`   // distances in the frame of the plan
	Aligned   Spread  `json:"aligned_mm"` // the same once the plan's head is moved and turned to lie best, sizes kept
	Normal    Spread  `json:"normal_deg"` // between the normals, so laid
	MovedMM   float64 `json:"moved_mm"`   // how far it was moved at the head's middle
	TurnedDeg float64 `json:"turned_deg"`
	Size      float64 `json:"size_error"` // of the plan's head, by the size that would lie best
	Sigma     float64 `json:"size_sigma"` // what the plan states
	Shape     Spread  `json:"shape_mm"`   // distances when its size is set right too
	Points    int     `json:"points"`     // places compared, 5 mm apart
}

// Spread is the distribution of an error.
type Spread struct {
	Median float64 `json:"median"`
	P95    float64 `json:"p95"`
}

// Area compares areas of skin.
type Area struct {
	Seen    float64 `json:"seen_error"`            // of all scalp seen at less than 70°, outlined truly in each photo
	Bald    float64 `json:"bald_error"`            // the same of bald areas; 0 without
	BaldCM2 float64 `json:"bald_cm2"`              // how much of them is seen, over all photos
	Scalp   float64 `json:"scalp_error,omitempty"` // of the whole scalp by an average outline on the plan's head
}

// View compares one photo's camera.
type View struct {
	Name      string   `json:"name"`
	Used      bool     `json:"used"`
	TurnedDeg float64  `json:"turned_deg"`            // between the true camera and the plan's, about all axes
	Distance  float64  `json:"distance_error"`        // of the camera from the head's middle
	Landmark  *Spread  `json:"landmark_mm,omitempty"` // how far in the photo visible landmarks lie from the plan's
	Seen      *float64 `json:"area_error,omitempty"`  // of the scalp seen
	Scale     *Scale   `json:"scale,omitempty"`
}

// Scale compares a survey's size of a pixel.
type Scale struct {
	Error  float64 `json:"error"`
	Sigma  float64 `json:"sigma"` // what the survey states
	Source string  `json:"source"`
}

// ErrNothing is returned for a case without a photo whose truth is known.
var ErrNothing = errors.New("the truth is known of none of the plan's photos")

// Measure compares a case with the truth.
func Measure(c Case) (*Report, error) {
	if len(c.Photos) == 0 {
		return nil, ErrNothing
	}
	r := &Report{Views: []View{}}
	r.Surface = surface(c)
	for _, p := range c.Photos {
		r.Views = append(r.Views, view(c.Surface, p))
	}
	r.Area = area(c)
	r.Carried = carried(c)
	return r, nil
}

// spread is the distribution of some numbers; nil for none.
func spread(v []float64) *Spread {
	if len(v) == 0 {
		return nil
	}
	sort.Float64s(v)
	return &Spread{quantile(v, 0.5), quantile(v, 0.95)}
}

// quantile of sorted numbers, between neighbours.
func quantile(v []float64, q float64) float64 {
	at := q * float64(len(v)-1)
	i := min(int(at), max(0, len(v)-2))
	if len(v) == 1 {
		return v[0]
	}
	return v[i] + (at-float64(i))*(v[i+1]-v[i])
}

func view(s headframe.Surface, p Photo) View {
	t := p.Truth
	v := View{Name: p.Name, Used: p.Used, Scale: scale(p)}
	if p.Camera.FX <= 0 {
		return v
	}
	turn, _, _ := t.Camera.Difference(p.Camera)
	v.TurnedDeg = turn.Norm() * 180 / math.Pi
	v.Distance = p.Camera.ToCamera(headframe.Vec{})[2]/t.Camera.ToCamera(headframe.Vec{})[2] - 1
	v.Landmark = landmarks(s, p)
	if seen, real := seenArea(s, p, nil); real > 0 {
		e := seen/real - 1
		v.Seen = &e
	}
	return v
}

// landmarks is how far, at the landmark, the plan has visible ones from where
// they are.
func landmarks(s headframe.Surface, p Photo) *Spread {
	var off []float64
	for _, name := range s.Landmarks() {
		l, ok := p.Truth.Landmarks[name]
		if !ok || !l.Visible {
			continue
		}
		if x, y, ok := p.Camera.Project(s.Landmark(name)); ok {
			off = append(off, math.Hypot(x-l.PX[0], y-l.PX[1])*p.Truth.Camera.MMPerPx(l.MM))
		}
	}
	return spread(off)
}

// scale compares the survey's pixel with the true one where the midline meets the
// hairline, hidden or not, or where that is not known with the scalp at the place
// that the survey states it for.
func scale(p Photo) *Scale {
	if !p.Scale.Known() {
		return nil
	}
	at, mm := p.Scale.At, 0.0
	if p.Truth.Hairline != nil {
		mm = p.Truth.Hairline.MMPerPx
	} else if q, _, ok := p.Truth.Skin.At(int(math.Round(at[0])), int(math.Round(at[1]))); ok {
		mm = p.Truth.Camera.MMPerPx(q)
	}
	if mm <= 0 {
		return nil
	}
	return &Scale{Error: p.Scale.MMPerPx/mm - 1, Sigma: p.Scale.Sigma / p.Scale.MMPerPx, Source: p.Scale.Source}
}
