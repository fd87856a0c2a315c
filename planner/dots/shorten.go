package dots

import (
	"cmp"
	"slices"
)

// shortener makes closed paths over dots shorter.
type shortener struct {
	dots  []Dot
	near  [][]int32 // the nearest others of each dot, nearest first
	place []int32   // where in its ring a dot is
	ring  []int32   // the path at hand
}

func newShortener(dots []Dot, g *grid, typical float64) *shortener {
	s := &shortener{dots: dots, near: make([][]int32, len(dots)), place: make([]int32, len(dots))}
	for i := range dots {
		s.near[i] = s.nearest(g, int32(i), typical)
	}
	return s
}

// nearest returns the nearest dots within reach: none where there are none
// near, so all are of the same patch.
func (s *shortener) nearest(g *grid, i int32, typical float64) []int32 {
	type other struct {
		i  int32
		d2 float64
	}
	var found []other
	for r := 1.6 * typical; r < patchGap*typical*1.01 && len(found) < orderNear; r *= 1.58 {
		found = found[:0]
		g.near(s.dots[i].P, min(r, patchGap*typical), func(j int32, d2 float64) {
			if j != i {
				found = append(found, other{j, d2})
			}
		})
	}
	slices.SortFunc(found, func(a, b other) int { return cmp.Or(cmp.Compare(a.d2, b.d2), cmp.Compare(a.i, b.i)) })
	out := make([]int32, 0, orderNear)
	for _, o := range found[:min(len(found), orderNear)] {
		out = append(out, o.i)
	}
	return out
}

// shorten turns stretches of a ring round while that makes it shorter.
func (s *shortener) shorten(ring []int32, typical float64) {
	if len(ring) < 4 {
		return
	}
	s.ring = ring
	for k, i := range ring {
		s.place[i] = int32(k)
	}
	for range orderPasses {
		changed := false
		for k := range ring {
			for s.better(k, 1, typical) || s.better(k, -1, typical) {
				changed = true
			}
		}
		if !s.join(typical) && !changed {
			return
		}
	}
}

// join replaces pairs of long steps, which may have no near dots in common.
func (s *shortener) join(typical float64) bool {
	var long []int
	for k := range s.ring {
		if s.gap(s.at(k), s.at(k+1)) > orderLong*typical {
			long = append(long, k)
		}
	}
	for i, k := range long[:min(len(long), orderMostLong)] {
		for _, m := range long[i+1:] {
			a, b, c, d := s.at(k), s.at(k+1), s.at(m), s.at(m+1)
			if s.gap(a, c)+s.gap(b, d) < s.gap(a, b)+s.gap(c, d)-1e-9 {
				return s.turn(s.next(k), m, len(s.ring))
			}
		}
	}
	slices.SortFunc(long, func(a, b int) int {
		return cmp.Or(cmp.Compare(s.gap(s.at(b), s.at(b+1)), s.gap(s.at(a), s.at(a+1))), a-b)
	})
	long = long[:min(len(long), orderMostCut)]
	for _, k := range long {
		for _, m := range long {
			if k != m && s.insert(k, m) {
				return true
			}
		}
	}
	return false
}

// insert cuts out the stretch between the steps from places k and m, and puts
// it where it fits best into the rest, if that is shorter.
func (s *shortener) insert(k, m int) bool {
	n := len(s.ring)
	size := (m - k + n) % n
	if size == 0 || n-size < 2 {
		return false
	}
	a, b, c, d := s.at(k), s.at(k+1), s.at(m), s.at(m+1)
	saved := s.gap(a, b) + s.gap(c, d) - s.gap(a, d)
	best, where, turned := saved-1e-9, -1, false
	for t := m + 1; t < m+n-size; t++ {
		p, q := s.at(t), s.at(t+1)
		step := s.gap(p, q)
		if x := s.gap(p, b) + s.gap(c, q) - step; x < best {
			best, where, turned = x, t, false
		}
		if x := s.gap(p, c) + s.gap(b, q) - step; x < best {
			best, where, turned = x, t, true
		}
	}
	if where < 0 {
		return false
	}
	ring := make([]int32, 0, n)
	for t := m + 1; t <= where; t++ {
		ring = append(ring, s.at(t))
	}
	first := len(ring)
	for t := k + 1; t <= k+size; t++ {
		ring = append(ring, s.at(t))
	}
	if turned {
		slices.Reverse(ring[first:])
	}
	for t := where + 1; len(ring) < n; t++ {
		ring = append(ring, s.at(t))
	}
	copy(s.ring, ring)
	for t, i := range s.ring {
		s.place[i] = int32(t)
	}
	return true
}

func (s *shortener) at(k int) int32 { n := len(s.ring); return s.ring[(k%n+n)%n] }

func (s *shortener) gap(a, b int32) float64 { return s.dots[a].P.Sub(s.dots[b].P).Norm() }

func (s *shortener) next(k int) int { return (k + 1) % len(s.ring) }

// better replaces the step from place k to the next (way 1) or to the one
// before (way -1), and one near it, by two that are shorter together, if there
// are such.
func (s *shortener) better(k, way int, typical float64) bool {
	a, b := s.at(k), s.at(k+way)
	step := s.gap(a, b)
	window := orderWindow
	if step > orderLong*typical {
		window = len(s.ring)
	}
	for _, c := range s.near[a] {
		side := s.gap(a, c)
		if side >= step {
			break
		}
		m := int(s.place[c])
		d := s.at(m + way)
		if side+s.gap(b, d) >= step+s.gap(c, d)-1e-9 {
			continue
		}
		i, j := s.next(k), m
		if way < 0 {
			i, j = k, (m+len(s.ring)-1)%len(s.ring)
		}
		if s.turn(i, j, window) {
			return true
		}
	}
	return false
}

// turn turns the stretch from place i to place j round, or the rest of the
// ring, whichever is shorter; false if that is longer than window.
func (s *shortener) turn(i, j, window int) bool {
	n := len(s.ring)
	inside := (j-i+n)%n + 1
	if inside*2 > n {
		i, j = s.next(j), (i+n-1)%n
		inside = n - inside
	}
	if inside > window {
		return false
	}
	for range inside / 2 {
		s.ring[i], s.ring[j] = s.ring[j], s.ring[i]
		s.place[s.ring[i]], s.place[s.ring[j]] = int32(i), int32(j)
		i, j = s.next(i), (j+n-1)%n
	}
	return true
}
