package pigment

import (
	"cmp"
	"math"
	"slices"

	"pointille/internal/colour"
	"pointille/planner/plan"
)

// Directions of a step beside a recipe.
const (
	Lighter = "lighter"
	Darker  = "darker"
	Warmer  = "warmer"
	Cooler  = "cooler"
)

// steps are what one step beside a mix would look like: one step of the ladder
// lighter and darker, and the nearest pigment of a warmer or cooler tone at the
// dilution that is as dark.
func (w Wish) steps(list []Pigment, m mix) []plan.Variant {
	var out []plan.Variant
	add := func(direction string, parts []part, ok bool) {
		if ok {
			out = append(out, w.variant(direction, w.mix(parts[0].ink, parts, 0)))
		}
	}
	lighter, ok := w.diluted(m, 1)
	add(Lighter, lighter, ok)
	darker, ok := w.diluted(m, -1)
	add(Darker, darker, ok)
	warmer, ok := w.tinted(list, m, 1)
	add(Warmer, warmer, ok)
	cooler, ok := w.tinted(list, m, -1)
	add(Cooler, cooler, ok)
	return out
}

func (w Wish) variant(direction string, m mix) plan.Variant {
	d := colour.DeltaE00(m.tone, w.Target)
	return plan.Variant{Direction: direction, Shades: w.shades(m), HealedLab: m.tone, DeltaE: d, Grade: grade(d)}
}

// diluted moves every part of a mix one step along the ladder, those at its end
// staying; ok is false where all are.
func (w Wish) diluted(m mix, by int) (parts []part, ok bool) {
	ladder := Ladder()
	for _, p := range m.parts {
		if at := next(ladder, p.dilution, by); at >= 0 {
			p.ink, ok = w.ladders([]Pigment{p.pigment}, ladder[at:at+1])[0][0], true
		}
		parts = append(parts, p)
	}
	return merged(parts), ok
}

// next is the place on the ladder beyond a dilution, which need not be on it,
// or -1.
func next(ladder []float64, dilution float64, by int) int {
	const near = 1e-9
	if by > 0 {
		return slices.IndexFunc(ladder, func(d float64) bool { return d > dilution+near })
	}
	for i, d := range slices.Backward(ladder) {
		if d < dilution-near {
			return i
		}
	}
	return -1
}

// warmth is how much more blue than red light a pigment takes, as a logarithm.
func (p Pigment) warmth() float64 { return math.Log(p.Absorption[2] / p.Absorption[0]) }

// leastTint is the smallest step of a field's a*+b* that counts as another tint.
const leastTint = 0.1

// tinted gives the whole mix to the pigment next in warmth that makes the field
// warmer (by 1) or cooler (by -1), every part at the dilution that darkens most
// nearly as much.
func (w Wish) tinted(list []Pigment, m mix, by float64) (parts []part, ok bool) {
	own := 0.0
	for _, p := range m.parts {
		own += p.share * p.pigment.warmth()
	}
	var others []Pigment
	for _, p := range list {
		if by*(p.warmth()-own) > 0 {
			others = append(others, p)
		}
	}
	slices.SortStableFunc(others, func(a, b Pigment) int { return cmp.Compare(by*a.warmth(), by*b.warmth()) })
	for _, p := range others {
		parts := w.instead(p, m)
		tone := w.mix(parts[0].ink, parts, 0).tone
		if by*(tone[1]+tone[2]-m.tone[1]-m.tone[2]) > leastTint {
			return parts, true
		}
	}
	return nil, false
}

// instead is the mix with another pigment, as dark as its ladder allows.
func (w Wish) instead(p Pigment, m mix) []part {
	ladder := w.ladders([]Pigment{p}, nil)[0]
	var parts []part
	for _, old := range m.parts {
		off := func(i ink) float64 { return math.Abs(math.Log(i.area[1] / old.area[1])) }
		near := slices.MinFunc(ladder, func(a, b ink) int { return cmp.Compare(off(a), off(b)) })
		parts = append(parts, part{near, old.share})
	}
	return merged(parts)
}
