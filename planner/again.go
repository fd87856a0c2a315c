package planner

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/design"
	"pointille/planner/dots"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/sessions"
)

// Again plans a case anew of which only the wishes changed since an earlier
// result, as when a handle of the hairline was moved, and redoes only what the
// change touches: the head is found anew only where other sizes of it were
// measured, dots are placed only within four spacings of skin whose density
// changed, and all others stay to the bit. What does not depend on single dots
// (design, order of the hand, pigment, checks) is worked out afresh, so that the
// plan is as whole as one of Make.
//
// All dots are new, as from Make, where the change concerns all of them: another
// seed, regularity, number or shares of sessions, or least distance, other photos,
// a head of other size; or where many small changes have added up to a hundredth
// of the dots. Result.Stayed says how many stayed.
//
// Of the earlier result Plan, Dots and Wishes are needed. They may come from
// files, which round dots to 0.1 µm; with its Model, as Make returned it, the
// head need not be found again. The same input gives the same plan; one made
// in two steps is not the one made at once.
func Again(ctx context.Context, c Case, was *Result, o Options) (*Result, error) {
	heads := headViews(c.Photos)
	if len(heads) == 0 {
		return nil, ErrNoViews
	}
	if was == nil || was.Plan == nil {
		return nil, errors.New("planning again: there is no earlier plan")
	}
	if err := was.Plan.CheckDots(was.Dots); err != nil {
		return nil, fmt.Errorf("planning again: %w", err)
	}
	model := was.Model
	if model == nil || !sameViews(model.Views, heads) || was.Wishes.Head != o.Wishes.Head {
		var err error
		if model, err = findHead(ctx, heads, o); err != nil {
			return nil, err
		}
	}
	if was.Plan.Nothing != "" || !sameShape(model.Surface.Shape, was.Plan.Head.Shape) {
		return makeOn(ctx, c, heads, model, o)
	}
	before, err := newEarlier(was, model, o)
	if err != nil {
		return nil, err
	}
	d, err := designed(model, before.design, o)
	if err != nil {
		return nil, err
	}
	b := builder{c: c, o: o, model: model, design: d, heads: heads, was: before}
	return b.build(ctx)
}

// sameViews reports whether a model was fitted to these photos.
func sameViews(views []scalp.View, heads []scalp.Photo) bool {
	return slices.EqualFunc(views, heads, func(v scalp.View, p scalp.Photo) bool { return v.Survey.Photo == p.Survey.Photo })
}

// sameShape compares heads as well as a plan's file states them.
func sameShape(a, b []float64) bool {
	return slices.EqualFunc(a, b, func(a, b float64) bool { return math.Abs(a-b) <= 1e-8*max(1, math.Abs(a)) })
}

// earlier is a plan that some dots are taken from.
type earlier struct {
	result *Result
	design *design.Design
}

// newEarlier designs an earlier plan again where it was read from files.
func newEarlier(was *Result, model *scalp.Model, o Options) (*earlier, error) {
	e := &earlier{result: was, design: was.design}
	if e.design != nil && was.Model == model {
		return e, nil
	}
	o.Wishes, o.Seed = was.Wishes, was.Plan.Seed
	var err error
	if e.design, err = designed(model, nil, o); err != nil {
		return nil, fmt.Errorf("designing the earlier plan: %w", err)
	}
	return e, nil
}

// suits reports whether dots placed for the earlier plan may stand among those
// placed as place says. A nil plan suits nothing.
func (e *earlier) suits(place dots.Options) bool {
	if e == nil {
		return false
	}
	shares, err := sessions.Shares(expected(e.design), sessionOptions(e.result.Wishes))
	p := e.result.Plan
	return err == nil && slices.Equal(shares, place.Shares) && len(shares) == len(p.Sessions) &&
		p.Seed == place.Seed && p.Dots.Regularity == place.Regularity && p.Dots.MinMM == place.MinMM
}

func (e *earlier) field() dots.Field { return field(e.design) }

// pattern is the earlier plan's dots with the spacing that was wanted where they are.
func (e *earlier) pattern() dots.Pattern {
	out := dots.Pattern{Wanted: len(e.result.Dots), Dots: make([]dots.Dot, len(e.result.Dots))}
	parallel.Bands(len(out.Dots), func(from, to int) {
		for i := from; i < to; i++ {
			d, spacing := e.result.Dots[i], e.result.Plan.Dots.MeanMM
			if density := e.density(i); density > 0 {
				spacing = 1 / math.Sqrt(density)
			}
			out.Dots[i] = dots.Dot{P: d.P, N: d.N, Session: d.Session, Spacing: spacing}
		}
	})
	return out
}

// density is what the earlier design wants where one of its dots lies, 1/mm².
func (e *earlier) density(dot int) float64 {
	if e.result.wanted != nil {
		return e.result.wanted[dot]
	}
	return e.design.Dots(e.result.Dots[dot].P)
}

// find notes for each of the dots there are now which earlier one it is, -1 for none.
func (e *earlier) find(now []dots.Dot) (was []int32, stayed int) {
	had := make(map[headframe.Vec]int32, len(e.result.Dots))
	for i, d := range e.result.Dots {
		had[d.P] = int32(i)
	}
	was = make([]int32, len(now))
	for i, d := range now {
		k, ok := had[d.P]
		if !ok {
			was[i] = -1
			continue
		}
		was[i] = k
		stayed++
	}
	return was, stayed
}

// zone returns the zone of the head m where an earlier dot lies, if that is known.
func (e *earlier) zone(m *scalp.Model, dot int) (zone string, ok bool) {
	r := e.result
	if r.Model != m || dot >= len(r.zones) {
		return "", false
	}
	return r.zones[dot], true
}

// seen returns how a photo shows an earlier dot, if that is known of the head m.
func (e *earlier) seen(m *scalp.Model, view, dot int) (s plan.Seen, ok bool) {
	r := e.result
	if r.Model != m || view >= len(r.Seen) || dot >= len(r.Seen[view]) {
		return plan.Seen{}, false
	}
	return r.Seen[view][dot], true
}

// mostDrift is by what share the number of dots may differ from what is wanted:
// densities that differ by less than a fiftieth are no change to dots.Redo, and
// such changes add up.
const mostDrift = 0.01

func drifted(have, want int) bool {
	return math.Abs(float64(have-want)) > mostDrift*float64(want)
}
