package place

import (
	"math"
	"sort"
)

// Units joins points linked by less than reach and returns the unit of each,
// numbered from 0 in the order of their first points, and how many there are.
func Units(points [][2]float64, reach float64) (unit []int, n int) {
	order := make([]int, len(points))
	for i := range order {
		order[i] = i
	}
	sort.Slice(order, func(a, b int) bool { return points[order[a]][0] < points[order[b]][0] })
	s := newSets(len(points))
	for k, i := range order {
		for _, j := range order[k+1:] {
			if points[j][0]-points[i][0] >= reach {
				break
			}
			if math.Hypot(points[i][0]-points[j][0], points[i][1]-points[j][1]) < reach {
				s.join(i, j)
			}
		}
	}
	return s.numbered()
}

// sets are disjoint sets of numbers; each member points towards its first.
type sets []int

func newSets(n int) sets {
	s := make(sets, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func (s sets) first(i int) int {
	for s[i] != i {
		s[i] = s[s[i]]
		i = s[i]
	}
	return i
}

func (s sets) join(i, j int) {
	a, b := s.first(i), s.first(j)
	s[max(a, b)] = min(a, b)
}

func (s sets) numbered() (number []int, n int) {
	number = make([]int, len(s))
	for i := range s {
		f := s.first(i)
		if f == i {
			number[i] = n
			n++
			continue
		}
		number[i] = number[f] // f < i: it has its number already
	}
	return number, n
}
