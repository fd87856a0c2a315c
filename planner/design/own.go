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
// depends on light and length. Their mean is better than either.
type own struct {
	at   []float64 // 0..fullest
	full float64   // this client's full density, hairs/cm²
}

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
		o.at[v] = (min(fullest, f.Hairs[v]/o.full) + min(fullest, f.Coverage[v]/cover)) / 2
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
