package guide

import (
	"math"
	"slices"

	"pointille/internal/headframe"
	"pointille/planner/craft"
)

// A seam is where a tile ends and its neighbour begins: there the hand goes
// from one sheet to the next, and a shift shows as a gap or a crowd of dots.
// Behind the hairline, where every dot is seen, it shows most. So the first
// tiles stand in a row along the line, wide enough to hold the band behind it,
// and seams cross that band instead of running along it.

const (
	manyDots = 20_000
	fewSide  = 2.5 // mm; one dot per cube of this side stands for all that the row does not hold
	bandSide = 2.5 // mm; one dot per cube of this side stands for all in the band
	seamWide = 3.0 // mm to either side of a seam, with falling weight
)

// worthATile is how much of the seam a further tile may leave.
const worthATile = 0.75

// alongLine cuts tiles of a row of seeds along the line, where
// they are no more than the other seeds given, or one more, and have less seam in the
// band behind the line. ok is false where they are not to be had, or stretch too
// much: cutting them again would put seams anywhere.
func (c *cutter) alongLine(band, row, seeds []headframe.Vec) (tiles []Tile, ok bool, err error) {
	if len(row) < 2 || !lessSeam(band, row, seeds) {
		return nil, false, nil
	}
	tiles, worst, err := c.cut(row)
	return tiles, err == nil && len(worst) == 0, err
}

// lessSeam reports whether seeds of a row are worth taking in place of others: no
// more of them with less seam, or one more with much less.
func lessSeam(band, row, others []headframe.Vec) bool {
	if len(others) < 2 || len(row) > len(others)+1 {
		return false
	}
	is, was := seamNear(band, row), seamNear(band, others)
	return is < was && (len(row) <= len(others) || is < worthATile*was)
}

// rowed returns seeds of which the first stand in a row along the line, as far
// behind it as they still hold all of the band, so that the band is cut across
// only. The others hold what is left. nil stands for no such seeds.
func rowed(points, band []headframe.Vec, s Surface, radius float64) []headframe.Vec {
	const row, aside, back, stride = 0.85, 1.3, 20.0, 1.0
	if len(band) == 0 {
		return nil
	}
	thin := thinned(points, thinSide)
	seeds := seeded(band, s, row*radius)
	of, _ := shareOut(band, seeds)
	for i, from := range seeds {
		near := slices.DeleteFunc(slices.Clone(thin), func(p headframe.Vec) bool { return square(p, from) > aside*aside*radius*radius })
		away := mean(near).Sub(from).Unit()
		for d := stride; d <= back; d += stride {
			to, _ := s.Project(from.Add(away.Mul(d)))
			if len(uncovered(of[i], []headframe.Vec{to}, radius-bandSide)) > 0 {
				break
			}
			seeds[i] = to
		}
	}
	// of many dots one stands for its cube; where another of it lies too far out, again with more slack
	few, slacks := points, []float64{0}
	if len(points) > manyDots {
		few, slacks = thinned(points, fewSide), []float64{0.6, 1.5}
	}
	for _, slack := range slacks {
		all := seeds
		if left := uncovered(few, seeds, radius-slack); len(left) > 0 {
			all = append(slices.Clone(seeds), seeded(left, s, radius-slack)...)
		}
		if len(uncovered(points, all, radius)) == 0 {
			return all
		}
	}
	return nil
}

// bandBehind returns a few of the points within craft.SeamClear of the line.
func bandBehind(points, line []headframe.Vec) []headframe.Vec {
	if len(line) == 0 {
		return nil
	}
	clear := craft.SeamClear().Value
	return slices.DeleteFunc(thinned(points, bandSide), func(p headframe.Vec) bool { return gap(p, line) > clear })
}

// seamNear weighs how much seam lies among points: 1 for a point on a seam,
// falling to 0 at seamWide from it.
func seamNear(points, seeds []headframe.Vec) float64 {
	sum := 0.0
	for _, p := range points {
		a, b := nearestTwo(p, seeds)
		apart := seeds[a].Sub(seeds[b]).Norm()
		if apart == 0 {
			continue
		}
		if d := (square(p, seeds[b]) - square(p, seeds[a])) / (2 * apart); d < seamWide {
			sum += 1 - d/seamWide
		}
	}
	return sum
}

// nearestTwo returns the indices of the two nearest of at least two seeds.
func nearestTwo(p headframe.Vec, seeds []headframe.Vec) (a, b int) {
	first, second := math.Inf(1), math.Inf(1)
	for i, s := range seeds {
		switch d := square(p, s); {
		case d < first:
			a, b, first, second = i, a, d, first
		case d < second:
			b, second = i, d
		}
	}
	return a, b
}
