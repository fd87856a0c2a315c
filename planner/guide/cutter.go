package guide

import (
	"fmt"
	"slices"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// cutter cuts the skin that carries dots.
type cutter struct {
	dots   []plan.Dot
	points []headframe.Vec // of the dots
	s      Surface
	charts map[headframe.Vec]*chart // by seed: most seeds stay from round to round
}

// tiled cuts tiles again until none stretches too much, and gives up, without
// tiles, where they would be no fewer than below (0: no limit). whole says that
// none had to be cut again.
func (c *cutter) tiled(seeds []headframe.Vec, below int) (tiles []Tile, whole bool, err error) {
	for round := range splitRounds {
		if below > 0 && len(seeds) >= below {
			return nil, false, nil
		}
		tiles, worst, err := c.cut(seeds)
		if err != nil {
			return nil, false, err
		}
		if len(worst) == 0 {
			return tiles, round == 0, nil
		}
		seeds = halved(tiles, worst, c.points, c.s)
	}
	return nil, false, fmt.Errorf("the skin cannot be laid flat within %.0f %%: the surface is too uneven", 100*craft.PrintStretch().Value)
}

// cut makes the tiles of seeds. worst are those that stretch too much; where
// there are any the tiles are not finished.
func (c *cutter) cut(seeds []headframe.Vec) (tiles []Tile, worst []int, err error) {
	if tiles, err = c.charted(seeds); err != nil {
		return nil, nil, err
	}
	// a few points show most faults, and with half a million dots much sooner
	for _, of := range [][]int{some(c.points), every(c.points)} {
		share(tiles, c.points, of)
		if worst, err = overstretched(tiles, c.dots, c.points); err != nil || len(worst) > 0 {
			return tiles, worst, err
		}
	}
	tiles = slices.DeleteFunc(tiles, func(t Tile) bool { return len(t.Own) == 0 })
	parallel.Each(len(tiles), func(i int) { tiles[i].bound(tiles, i) })
	return tiles, nil, nil
}

// charted makes tiles round seeds, without dots.
func (c *cutter) charted(seeds []headframe.Vec) ([]Tile, error) {
	reach := craft.TileRadius().Value + craft.TileOverlap().Value + 4
	charts, errs := make([]*chart, len(seeds)), make([]error, len(seeds))
	parallel.Each(len(seeds), func(i int) {
		if charts[i] = c.charts[seeds[i]]; charts[i] == nil {
			charts[i], errs[i] = newChart(c.s, seeds[i], towardsForehead(seeds[i]), reach)
		}
	})
	tiles := make([]Tile, len(seeds))
	for i, m := range charts {
		if errs[i] != nil {
			return nil, fmt.Errorf("flattening the skin at %.0f, %.0f, %.0f mm: %w", seeds[i][0], seeds[i][1], seeds[i][2], errs[i])
		}
		c.charts[seeds[i]], c.charts[m.seed] = m, m
		tiles[i] = Tile{Seed: m.seed, Normal: m.normal, North: m.north, chart: m}
	}
	return tiles, nil
}

// overstretched measures tiles and returns those that stretch too much and are
// large enough to be cut.
func overstretched(tiles []Tile, dots []plan.Dot, points []headframe.Vec) (worst []int, err error) {
	far, errs := make([]int, len(tiles)), make([]error, len(tiles))
	parallel.Each(len(tiles), func(i int) {
		if len(tiles[i].Own) > 0 {
			far[i], errs[i] = tiles[i].measure(dots)
		}
	})
	for i := range tiles {
		t := &tiles[i]
		if errs[i] != nil {
			return nil, errs[i]
		}
		if len(t.Own) > 0 && t.Stretch > splitAt*craft.PrintStretch().Value && points[far[i]].Sub(t.Seed).Norm() > craft.TileRadius().Low {
			worst = append(worst, i)
		}
	}
	return worst, nil
}
