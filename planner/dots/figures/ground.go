package main

import (
	"context"

	"pointille/internal/headframe"
	"pointille/planner/dots"
	"pointille/planner/dots/dotstest"
)

// ground is skin and what is wanted on it.
type ground struct {
	skin  dots.Skin
	field dots.Field
	side  float64 // of the planned square, where it is one; mm
}

const (
	squareFrom = 10.0 // the planned square begins here in x and z, mm
	squareSide = 70.0 // and is so long: 5 × 5 cells of about 2 cm²
)

// square is a planned square amid skin that is not; density is told by how far
// along the square a place is, 0 to 1.
func square(density func(along float64) float64) ground {
	in := func(x float64) bool { return x > squareFrom && x < squareFrom+squareSide }
	return ground{dotstest.Plane{}, dots.Field{
		Mesh: dotstest.Plane{}.Square(2*squareFrom+squareSide, 3),
		Density: func(p headframe.Vec) float64 {
			if !in(p[0]) || !in(p[2]) {
				return 0
			}
			return density((p[2] - squareFrom) / squareSide)
		},
	}, squareSide}
}

func (s sheet) evenSquare() ground {
	return square(func(float64) float64 { return float64(s.dots) / (squareSide * squareSide) })
}

// head is a cap of head that wants the given number of dots, four times as
// dense in front as behind. hairs is which share of all points stand there
// already.
func head(ctx context.Context, wanted int, hairs float64) (ground, error) {
	skin := dotstest.Head()
	f := dots.Field{Mesh: skin.Cap(42, 3)}
	shape := func(p headframe.Vec) float64 { return 1 + 3*(p[2]+skin[2])/(2*skin[2]) }
	mass := 0.0
	for v, p := range f.Mesh.V {
		mass += f.Mesh.Area[v] * shape(p)
	}
	density := func(n float64) func(headframe.Vec) float64 {
		return func(p headframe.Vec) float64 { return n / mass * shape(p) }
	}
	f.Density = density(float64(wanted))
	if hairs == 0 {
		return ground{skin: skin, field: f}, nil
	}
	grown, err := dots.Place(ctx, skin, dots.Field{Mesh: f.Mesh, Density: density(float64(wanted) * hairs / (1 - hairs))}, dots.Options{Seed: 77})
	if err != nil {
		return ground{}, err
	}
	for _, d := range grown.Dots {
		f.Fixed = append(f.Fixed, d.P)
	}
	return ground{skin: skin, field: f}, nil
}

// flat returns the dots of session k (0: all) as places in the planned square.
func flat(ds []dots.Dot, k int) (pts []headframe.Vec, plane [][2]float64) {
	for _, d := range ds {
		if k == 0 || d.Session == k {
			pts = append(pts, d.P)
			plane = append(plane, [2]float64{d.P[0] - squareFrom, d.P[2] - squareFrom})
		}
	}
	return pts, plane
}
