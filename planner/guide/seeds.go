package guide

import (
	"cmp"
	"math"
	"slices"

	"pointille/internal/headframe"
)

const (
	thinSide   = 3.5 // mm; one dot per cube of this side stands for all in it
	splitMoves = 6   // of the two halves of a tile
)

// seeded returns few seeds on the skin such that every point is within radius
// of one.
func seeded(points []headframe.Vec, s Surface, radius float64) []headframe.Vec {
	return fewer(points, s, spread(points, s, nil, radius), radius)
}

// ordered returns the points so that neighbours follow each other, which makes
// it quick to see that all are near some seed.
func ordered(points []headframe.Vec) []headframe.Vec {
	const side = 12.0 // mm, of cubes taken one after the other
	keys := make([]uint64, len(points))
	at := make([]int32, len(points))
	for i, p := range points {
		keys[i], at[i] = cube(p, side), int32(i)
	}
	slices.SortFunc(at, func(a, b int32) int { return cmp.Or(cmp.Compare(keys[a], keys[b]), cmp.Compare(a, b)) })
	out := make([]headframe.Vec, len(points))
	for i, k := range at {
		out[i] = points[k]
	}
	return out
}

// spread returns seeds on the skin such that every point is within radius of
// one, about evenly spread. It starts from the seeds given and may add more.
func spread(points []headframe.Vec, s Surface, seeds []headframe.Vec, radius float64) []headframe.Vec {
	thin := thinned(points, thinSide)
	if len(seeds) == 0 {
		seeds = []headframe.Vec{thin[farthest(thin, []headframe.Vec{mean(thin)})]}
		for {
			k := farthest(thin, seeds)
			if gap(thin[k], seeds) <= radius*1.25 {
				break
			}
			seeds = append(seeds, thin[k])
		}
	}
	for range points {
		for range lloydRounds {
			seeds = centred(thin, s, seeds)
		}
		left := uncovered(points, seeds, radius)
		if len(left) == 0 {
			return seeds
		}
		seeds = append(seeds, left[farthest(left, seeds)])
	}
	return seeds
}

// halved returns the seeds of tiles with two in place of each of the worst.
// The others stay: moving them all would make every tile smaller.
func halved(tiles []Tile, worst []int, points []headframe.Vec, s Surface) []headframe.Vec {
	var out []headframe.Vec
	for i, t := range tiles {
		if !slices.Contains(worst, i) {
			out = append(out, t.Seed)
			continue
		}
		own := make([]headframe.Vec, len(t.Own))
		for k, n := range t.Own {
			own[k] = points[n]
		}
		a := own[farthest(own, []headframe.Vec{t.Seed})]
		two := []headframe.Vec{a, own[farthest(own, []headframe.Vec{a})]}
		for range splitMoves {
			two = centred(own, s, two)
		}
		out = append(out, two...)
	}
	return out
}

// thinned keeps the first point of every cube of the given side.
func thinned(points []headframe.Vec, side float64) []headframe.Vec {
	seen := make(map[uint64]bool, len(points)/4)
	var out []headframe.Vec
	for _, p := range points {
		if key := cube(p, side); !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// cube numbers the cubes of the given side, in the order of x, then y, then z:
// a million of them each way from the middle of the head.
func cube(p headframe.Vec, side float64) (key uint64) {
	const half, bits = 1 << 20, 21
	for _, v := range p {
		key = key<<bits | uint64(int64(math.Floor(v/side))+half)&(2*half-1)
	}
	return key
}

// centred moves every seed to the middle of the points nearest to it and drops
// seeds without points.
func centred(points []headframe.Vec, s Surface, seeds []headframe.Vec) []headframe.Vec {
	sum := make([]headframe.Vec, len(seeds))
	count := make([]float64, len(seeds))
	for _, p := range points {
		i := nearest(p, seeds)
		sum[i] = sum[i].Add(p)
		count[i]++
	}
	var out []headframe.Vec
	for i := range seeds {
		if count[i] > 0 {
			q, _ := s.Project(sum[i].Mul(1 / count[i]))
			out = append(out, q)
		}
	}
	return out
}

func mean(points []headframe.Vec) headframe.Vec {
	var sum headframe.Vec
	for _, p := range points {
		sum = sum.Add(p)
	}
	return sum.Mul(1 / float64(len(points)))
}

// nearest returns the index of the seed nearest to p. It and the loops like it
// do most of the work of tiling, so they count in plain numbers: vectors passed
// by value take several times as long.
func nearest(p headframe.Vec, seeds []headframe.Vec) int {
	best, at := math.Inf(1), 0
	px, py, pz := p[0], p[1], p[2]
	for i := range seeds {
		s := &seeds[i]
		x, y, z := px-s[0], py-s[1], pz-s[2]
		if d := x*x + y*y + z*z; d < best {
			best, at = d, i
		}
	}
	return at
}

func gap(p headframe.Vec, seeds []headframe.Vec) float64 {
	return p.Sub(seeds[nearest(p, seeds)]).Norm()
}

// farthest returns the point furthest from its nearest seed.
func farthest(points, seeds []headframe.Vec) int {
	most, at := -1.0, 0
	for i := range points {
		p := &points[i]
		best := math.Inf(1)
		for k := range seeds {
			s := &seeds[k]
			x, y, z := p[0]-s[0], p[1]-s[1], p[2]-s[2]
			if d := x*x + y*y + z*z; d < best {
				if best = d; best <= most {
					break // another point is further from every seed
				}
			}
		}
		if best > most {
			most, at = best, i
		}
	}
	return at
}

const (
	fewerSide   = 6.0  // mm, as thinSide, for trying out
	fewerTries  = 6    // tiles tried to do without, the emptiest first
	fewerRounds = 12   // moves of the others before a try is given up
	fewerSteps  = 16   // towards the middle of a tile's points
	hopeless    = 1.25 // times the radius still missing halfway through
)

// fewer leaves out seeds for as long as the others can be moved so that every
// point is still within radius of one.
func fewer(points []headframe.Vec, s Surface, seeds []headframe.Vec, radius float64) []headframe.Vec {
	thin := thinned(points, fewerSide)
	for len(seeds) > 1 {
		next := without(&thin, points, s, seeds, radius)
		if next == nil {
			break
		}
		seeds = next
	}
	return seeds
}

// without returns one seed less, or nil where that is not found. thin stands
// for points; what it turns out to lack is added to it.
func without(thin *[]headframe.Vec, points []headframe.Vec, s Surface, seeds []headframe.Vec, radius float64) []headframe.Vec {
	of, _ := shareOut(*thin, seeds)
	order := make([]int, len(seeds))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return len(of[a]) - len(of[b]) })
	for _, k := range order[:min(len(order), fewerTries)] {
		try := slices.Delete(slices.Clone(seeds), k, k+1)
		of, _ := shareOut(*thin, try)
		for round := range fewerRounds {
			try = enclosed(of, s, try)
			var far float64
			if of, far = shareOut(*thin, try); far <= radius {
				left := uncovered(points, try, radius)
				if len(left) == 0 {
					return try
				}
				*thin = append(*thin, thinned(left, thinSide)...)
				of, far = shareOut(*thin, try)
			}
			if round >= fewerRounds/2 && far > hopeless*radius {
				break
			}
		}
	}
	return nil
}

// uncovered returns the points that lie further than radius from every seed.
// Neighbouring points mostly follow each other, so the last seed is asked first.
func uncovered(points, seeds []headframe.Vec, radius float64) []headframe.Vec {
	var out []headframe.Vec
	last, limit := 0, radius*radius
	within := func(p, s *headframe.Vec) bool {
		x, y, z := p[0]-s[0], p[1]-s[1], p[2]-s[2]
		return x*x+y*y+z*z <= limit
	}
	for i := range points {
		p := &points[i]
		if within(p, &seeds[last]) {
			continue
		}
		k := 0
		for k < len(seeds) && !within(p, &seeds[k]) {
			k++
		}
		if k == len(seeds) {
			out = append(out, *p)
			continue
		}
		last = k
	}
	return out
}

// shareOut gives every point to its nearest seed and returns how far the
// furthest is from it.
func shareOut(points, seeds []headframe.Vec) (of [][]headframe.Vec, far float64) {
	own, count := make([]int, len(points)), make([]int, len(seeds))
	for i, p := range points {
		k := nearest(p, seeds)
		own[i], count[k] = k, count[k]+1
		far = math.Max(far, square(p, seeds[k]))
	}
	all := make([]headframe.Vec, len(points)) // one piece of memory for all lists
	of = make([][]headframe.Vec, len(seeds))
	from := 0
	for k, n := range count {
		of[k], from = all[from:from:from+n], from+n
	}
	for i, k := range own {
		of[k] = append(of[k], points[i])
	}
	return of, math.Sqrt(far)
}

func square(a, b headframe.Vec) float64 {
	x, y, z := a[0]-b[0], a[1]-b[1], a[2]-b[2]
	return x*x + y*y + z*z
}

// enclosed moves every seed to the middle of the smallest ball round its
// points, by steps towards whatever is furthest (Badoiu and Clarkson 2003).
func enclosed(of [][]headframe.Vec, s Surface, seeds []headframe.Vec) []headframe.Vec {
	out := slices.Clone(seeds)
	for i, list := range of {
		if len(list) == 0 {
			continue
		}
		c := mean(list)
		for step := range fewerSteps {
			far, most := 0, -1.0
			cx, cy, cz := c[0], c[1], c[2]
			for k := range list {
				p := &list[k]
				x, y, z := p[0]-cx, p[1]-cy, p[2]-cz
				if d := x*x + y*y + z*z; d > most {
					far, most = k, d
				}
			}
			c = c.Add(list[far].Sub(c).Mul(1 / float64(step+2)))
		}
		out[i], _ = s.Project(c)
	}
	return out
}
