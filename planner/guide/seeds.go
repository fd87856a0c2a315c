package guide

import (
	"math"

	"pointille/internal/headframe"
)

const thinSide = 3.5 // mm; one dot per cube of this side stands for all in it

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
		k := farthest(points, seeds)
		if gap(points[k], seeds) <= radius {
			return seeds
		}
		seeds = append(seeds, points[k])
	}
	return seeds
}

// thinned keeps the first point of every cube of the given side.
func thinned(points []headframe.Vec, side float64) []headframe.Vec {
	seen := map[[3]int]bool{}
	var out []headframe.Vec
	for _, p := range points {
		key := [3]int{}
		for a := range 3 {
			key[a] = int(math.Floor(p[a] / side))
		}
		if !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
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

func nearest(p headframe.Vec, seeds []headframe.Vec) int {
	best, at := math.Inf(1), 0
	for i, s := range seeds {
		x, y, z := p[0]-s[0], p[1]-s[1], p[2]-s[2]
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
	for i, p := range points {
		if d := gap(p, seeds); d > most {
			most, at = d, i
		}
	}
	return at
}
