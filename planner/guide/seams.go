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
	fewSide  = 1.2 // mm; one dot per cube of this side stands for all that the row does not hold
	bandSide = 2.5 // mm; one dot per cube of this side stands for all in the band
	seamWide = 3.0 // mm to either side of a seam, with falling weight
)

// worthATile is how much of the seam a further tile may leave.
const worthATile = 0.75

// steered returns tiles with less seam in the band behind the line, or the same
// tiles where one more does not buy that.
func (c *cutter) steered(tiles []Tile, points, line []headframe.Vec) ([]Tile, error) {
	band := bandBehind(points, line)
	if len(band) == 0 || len(tiles) < 2 {
		return tiles, nil
	}
	now := seamNear(band, seedsOf(tiles))
	better := func(seeds []headframe.Vec) bool {
		w := seamNear(band, seeds)
		return w < now && (len(seeds) <= len(tiles) || w < worthATile*now)
	}
	row := rowed(points, line, c.s, craft.TileRadius().Value)
	if len(row) < 2 || len(row) > len(tiles)+1 || !better(row) {
		return tiles, nil
	}
	next, _, err := c.tiled(row, len(tiles)+2)
	if err != nil {
		return nil, err
	}
	if next != nil && better(seedsOf(next)) {
		return next, nil
	}
	return tiles, nil
}

// rowed returns seeds of which the first stand in a row along the line, as far
// behind it as they still hold all of the band, so that the band is cut across
// only. The others hold what is left. nil stands for no such seeds.
func rowed(points, line []headframe.Vec, s Surface, radius float64) []headframe.Vec {
	const row, aside, most, stride = 0.85, 1.3, 20.0, 1.0
	band := bandBehind(points, line)
	if len(band) == 0 {
		return nil
	}
	thin := thinned(points, thinSide)
	seeds := seeded(band, s, row*radius)
	of, _ := shareOut(band, seeds)
	for i, from := range seeds {
		near := slices.DeleteFunc(slices.Clone(thin), func(p headframe.Vec) bool { return square(p, from) > aside*aside*radius*radius })
		back := mean(near).Sub(from).Unit()
		for d := stride; d <= most; d += stride {
			to, _ := s.Project(from.Add(back.Mul(d)))
			if len(uncovered(of[i], []headframe.Vec{to}, radius-bandSide)) > 0 {
				break
			}
			seeds[i] = to
		}
	}
	// of many dots one stands for its cube; where another of it lies too far out, again with more slack
	few, slacks := points, []float64{0}
	if len(points) > manyDots {
		few, slacks = thinned(points, fewSide), []float64{0.5, 1.2, 2.1}
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

func seedsOf(tiles []Tile) []headframe.Vec {
	out := make([]headframe.Vec, len(tiles))
	for i, t := range tiles {
		out[i] = t.Seed
	}
	return out
}
