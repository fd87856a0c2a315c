package planner

import (
	"fmt"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/design"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/sessions"
	"pointille/planner/wishes"
)

// designOptions turns the wishes into the design's options.
func designOptions(o Options, m *scalp.Model) (design.Options, error) {
	w := o.Wishes
	points, err := drawn(w.Hairline, m)
	if err != nil {
		return design.Options{}, err
	}
	return design.Options{
		Look: w.Look, Female: w.Female(), Age: w.Age, Alternative: w.Hairline.Alternative, HeightMM: w.Hairline.HeightMM,
		Edge: w.Hairline.Edge, Points: points, PerCM2: w.Density.Everywhere, ZonePerCM2: w.Density.Zones, Seed: o.Seed,
	}, nil
}

// drawn returns the wished hairline on the head: as given, or carried there
// from the photos it was drawn on.
func drawn(h wishes.Hairline, m *scalp.Model) ([]headframe.Vec, error) {
	if len(h.Points) > 0 {
		return h.Points, nil
	}
	var out []headframe.Vec
	for _, d := range h.Drawn {
		v, err := viewNamed(m, d.Photo)
		if err != nil {
			return nil, err
		}
		for i, q := range d.Points {
			p, ok := m.Unproject(v, q[0], q[1])
			if !ok {
				return nil, fmt.Errorf("hairline drawn on %s: point %d lies beside the head", d.Photo, i+1)
			}
			out = append(out, p)
		}
	}
	return rightToLeft(m, out), nil
}

func viewNamed(m *scalp.Model, photo string) (int, error) {
	for i, v := range m.Views {
		if v.Survey.Photo.Name != photo {
			continue
		}
		if !v.Used {
			return 0, fmt.Errorf("hairline drawn on %s: that photo could not be placed on the head (%s)", photo, v.Why)
		}
		return i, nil
	}
	return 0, fmt.Errorf("hairline drawn on %s: the case has no such photo", photo)
}

// rightToLeft turns a line round if it runs from the client's left to the right.
func rightToLeft(m *scalp.Model, p []headframe.Vec) []headframe.Vec {
	if len(p) < 2 {
		return p
	}
	face := headframe.NewFace(m.Surface)
	first, _ := face.Angles(p[0])
	last, _ := face.Angles(p[len(p)-1])
	if first <= last {
		return p
	}
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
	return p
}

func sessionOptions(w wishes.Wishes) sessions.Options {
	return sessions.Options{
		DotsPerHour: w.Sessions.DotsPerHour, Count: w.Sessions.Count, Shares: w.Sessions.Shares, First: w.Sessions.First(),
	}
}

// shave is what the wishes say of the hair that is there.
func shave(w wishes.Wishes) *plan.Shave {
	length := w.Shave.LengthMM
	if length == 0 {
		length = craft.StubbleLength().Value
	}
	return &plan.Shave{Existing: w.ShavesHair(), LengthMM: length, Shown: w.Shave.Existing != nil && *w.Shave.Existing}
}

// usuallyShaved reports whether a look is one of shaved heads.
func usuallyShaved(look string) bool { return look == plan.Shaved }

// against says what a wish about shaving that is unusual for a look leads to.
func against(look string) string {
	if usuallyShaved(look) {
		return "The hair that is there is not to be shaved, but the dots are those of a shaved head: longer hair beside them gives them away. Shave it, or wish the look density."
	}
	return "The hair that is there is to be shaved, but the look " + look + " is for hair that stays: what is not treated will show as stubble. Wish the look shaved, or leave the hair."
}
