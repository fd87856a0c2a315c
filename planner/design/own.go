package design

import (
	"sort"

	"pointille/planner/craft"
	"pointille/planner/scalp"
)

// own is the client's own hair: how full it is at each vertex of the mesh.
//
// Fullness is 1 where hair stands as thick as in the client's fullest scalp.
// Two maps speak of it and err in different ways: the density map is smooth
// and bleeds into bald skin, the coverage map follows bald skin sharply but
// depends on light and length. Together they are better than either.
type own struct {
	at   []float64 // 0..fullest
	full float64   // this client's full density, hairs/cm²
}

// densitySays is the weight of the density map beside the coverage map. Over 100
// photos of rendered heads the mean error of fullness was 0.206 by coverage alone,
// 0.142 by density alone, which takes more bald skin for hair, and 0.149 so
// (vision/train/fullness.py).
const densitySays = 2.0 / 3

// fullest is the most that fullness may be: beyond, maps only differ in noise.
const fullest = 1.2

// leastCover is the coverage below which no hair is full, however short: the
// stubble of a shaved head of dark hair hides about this much.
const leastCover = 0.15

func ownHair(m *scalp.Model) own {
	f := m.Field
	o := own{at: make([]float64, len(f.Hairs)), full: craft.FullHairs().Value}
	if q := craft.FullHairs(); upper(m, f.Hairs) > q.Low {
		o.full = min(upper(m, f.Hairs), q.High)
	}
	cover := max(leastCover, upper(m, f.Coverage))
	for v := range o.at {
		o.at[v] = densitySays*min(fullest, f.Hairs[v]/o.full) + (1-densitySays)*min(fullest, f.Coverage[v]/cover)
	}
	return o
}

// upper is the 85th percentile of a map over the scalp that photos show: that
// of the fullest scalp, less the noise of its very highest values.
func upper(m *scalp.Model, of []float64) float64 {
	var seen []float64
	for v, w := range m.Field.Seen {
		if w > seenEnough && m.Field.Scalp[v] > 0.5 {
			seen = append(seen, of[v])
		}
	}
	if len(seen) == 0 {
		return 0
	}
	sort.Float64s(seen)
	return seen[len(seen)*85/100]
}
