package headmap

import (
	"math"
	"slices"

	"pointille/internal/headframe"
)

// outline is a convex polygon in the photo that the head lies within, pixels;
// nil where the head is all round the camera. Three quarters of the rays of a
// usual photo pass the head by, and those cost most.
type outline [][2]float64

// shadowPoints of the skin lie 7 mm apart on the average head: its hull is
// then less than 0.1 mm short of the head's.
const shadowPoints = 4000

// shadow is the hull of the skin's projection.
func shadow(cam headframe.Camera, s headframe.Surface) outline {
	px := make(outline, 0, shadowPoints)
	for k := range shadowPoints {
		x, y, ok := cam.Project(s.Point(spiral(k)))
		if !ok {
			return nil
		}
		px = append(px, [2]float64{x, y})
	}
	return px.hull()
}

// spiral is the k-th of shadowPoints directions, evenly spread.
func spiral(k int) headframe.Vec {
	y := 1 - (2*float64(k)+1)/shadowPoints
	r, turn := math.Sqrt(1-y*y), float64(k)*math.Pi*(3-math.Sqrt(5))
	return headframe.Vec{r * math.Cos(turn), y, r * math.Sin(turn)}
}

// hull is the convex hull, by the two chains of Andrew (1979).
func (o outline) hull() outline {
	slices.SortFunc(o, func(a, b [2]float64) int { return slices.Compare(a[:], b[:]) })
	chain := func() (c outline) {
		for _, p := range o {
			for len(c) > 1 && cross(c[len(c)-2], c[len(c)-1], p) <= 0 {
				c = c[:len(c)-1]
			}
			c = append(c, p)
		}
		return c
	}
	lower := chain()
	slices.Reverse(o)
	return append(lower, chain()...)
}

func cross(o, a, b [2]float64) float64 {
	return (a[0]-o[0])*(b[1]-o[1]) - (a[1]-o[1])*(b[0]-o[0])
}

// span is the part of the row at y that may show the head, with a margin.
func (o outline) span(y, margin float64) (from, to float64) {
	if o == nil {
		return 0, math.Inf(1)
	}
	from, to = math.Inf(1), math.Inf(-1)
	for i, p := range o {
		q := o[(i+1)%len(o)]
		for _, at := range [3]float64{y - margin, y, y + margin} {
			if (p[1] < at) == (q[1] < at) {
				continue
			}
			x := p[0] + (at-p[1])/(q[1]-p[1])*(q[0]-p[0])
			from, to = min(from, x), max(to, x)
		}
	}
	if from > to {
		return 1, 0
	}
	return max(0, from-margin), to + margin
}
