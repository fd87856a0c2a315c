package job

import (
	"fmt"
	"image"
	"math"
	"slices"
	"strings"

	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/preview"
)

// Ends of what a prediction leaves open.
const (
	Lighter = "lighter"
	Darker  = "darker"
)

// Variant is another way to look at a stage. The zero value is the usual one.
type Variant struct {
	Metres   float64 // how far away the eye is; 0: as near as the camera saw it
	End      string  // Lighter or Darker: how it looks at that end of the prediction's error; empty: as predicted
	Shaved   bool    // hair that is grown in the photo is shaved in it, whatever the plan says
	LengthMM float64 // of the stubble that is left then
}

func (o Variant) check() error {
	if o.Metres != 0 && !(o.Metres >= nearest && o.Metres <= furthest) {
		return fmt.Errorf("a distance of %v m: want %v to %v", o.Metres, nearest, furthest)
	}
	if !slices.Contains([]string{"", Lighter, Darker}, o.End) {
		return fmt.Errorf("the end %q: want %s or %s", o.End, Lighter, Darker)
	}
	if !(o.LengthMM >= 0 && o.LengthMM <= preview.LongestStubble) {
		return fmt.Errorf("stubble of %v mm: want 0 to %v", o.LengthMM, preview.LongestStubble)
	}
	return nil
}

// nearest and furthest are the distances, m, from which people look at heads.
const (
	nearest  = 0.1
	furthest = 20
)

// suffix tells the variant's files from those of plan: healed-darker-1m.
func (o Variant) suffix() string {
	var parts []string
	if o.Shaved {
		parts = append(parts, fmt.Sprintf("stubble%gmm", o.LengthMM))
	}
	if o.End != "" {
		parts = append(parts, o.End)
	}
	if o.Metres > 0 {
		parts = append(parts, fmt.Sprintf("%gm", o.Metres))
	}
	if parts == nil {
		return ""
	}
	return "-" + strings.Join(parts, "-")
}

// words say on the picture what is not as usual about it.
func (o Variant) words() []string {
	var out []string
	if o.End != "" {
		out = append(out, "the "+o.End+" end of what is expected")
	}
	if o.Metres > 0 {
		out = append(out, fmt.Sprintf("as seen from %g m", o.Metres))
	}
	return out
}

// model is the model of the variant's end.
func (o Variant) model(p *plan.Plan, m *pigment.Model) (*pigment.Model, error) {
	if o.End == "" {
		return m, nil
	}
	lighter, darker, err := ends(p, m)
	if o.End == Lighter {
		return lighter, err
	}
	return darker, err
}

// ends are the models at both ends of the plan's error.
func ends(p *plan.Plan, m *pigment.Model) (lighter, darker *pigment.Model, err error) {
	if p.Pigment == nil {
		return nil, nil, fmt.Errorf("the plan chose no pigment, so that there is no prediction with an error")
	}
	return m.Ends(skinOf(p), densest(p), p.Pigment.Sigma)
}

// densest is the density of the plan's densest zone, dots per cm².
func densest(p *plan.Plan) float64 {
	most := p.Densest()
	if most == 0 {
		for _, z := range p.Zones {
			most = max(most, float64(z.Dots)/max(z.AreaCM2, 1))
		}
	}
	return most
}

// afar is the picture as it is seen from so many metres.
func (v viewJob) afar(m *image.NRGBA) (*image.NRGBA, error) {
	if v.variant.Metres == 0 {
		return m, nil
	}
	mm := v.mmPerPx()
	if math.IsNaN(mm) {
		return m, nil
	}
	return preview.From(m, mm, v.variant.Metres)
}

// mmPerPx is the size of a pixel of the photo on the planned skin, the mean of
// all dots that it shows; NaN where it shows none.
func (v viewJob) mmPerPx() float64 {
	sum, n := 0.0, 0
	for i, s := range v.seen {
		if s.Visible && i < len(v.dots) {
			sum += v.photo.Camera.MMPerPx(v.dots[i].P)
			n++
		}
	}
	if n == 0 {
		return math.NaN()
	}
	return sum / float64(n)
}
