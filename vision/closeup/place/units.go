package place

import (
	"math"
	"sort"
)

// Units counts the groups of points linked by less than reach.
func Units(points [][2]float64, reach float64) int {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return points[order[a]][0] < points[order[b]][0] })
	group := make([]int, len(points))
	for i := range group {
		group[i] = i
	}
	find := func(i int) int {
		for group[i] != i {
			group[i] = group[group[i]]
			i = group[i]
		}
		return i
	}
	n := len(points)
	for k, i := range order {
		for _, j := range order[k+1:] {
			if points[j][0]-points[i][0] >= reach {
				break
			}
			if math.Hypot(points[i][0]-points[j][0], points[i][1]-points[j][1]) >= reach {
				continue
			}
			if a, b := find(i), find(j); a != b {
				group[a] = b
				n--
			}
		}
	}
	return n
}
