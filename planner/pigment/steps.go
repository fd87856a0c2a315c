package pigment

import (
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

// leastTint is the smallest difference in warmth that counts as another tint.
const leastTint = 0.15

// tinted gives the whole mix to the pigment next in warmth, every part at the
// dilution that darkens most nearly as much.
func (w Wish) tinted(list []Pigment, m mix, by float64) (parts []part, ok bool) {
	own, best := 0.0, math.Inf(1)
	for _, p := range m.parts {
		own += p.share * p.pigment.warmth()
	}
	var other Pigment
	for _, p := range list {
		if d := by * (p.warmth() - own); d > leastTint && d < best {
			best, other, ok = d, p, true
		}
	}
	if !ok {
		return nil, false
	}
	ladder := w.ladders([]Pigment{other}, nil)[0]
	for _, p := range m.parts {
		near := slices.MinFunc(ladder, func(a, b ink) int {
			da, db := math.Abs(math.Log(a.area[1]/p.area[1])), math.Abs(math.Log(b.area[1]/p.area[1]))
			switch {
			case da < db:
				return -1
			case da > db:
				return 1
			}
			return 0
		})
		parts = append(parts, part{near, p.share})
	}
	return merged(parts), true
}
