// Package robust fits linear models to measurements of which some are of something
// else: skin with a lamp mirrored in it, cells of a picture that are taken for another
// place.
//
// Quantities have the units of their caller. A fit that the rows do not determine is
// reported, not an error.
package robust

import (
	"math"
	"slices"

	"gonum.org/v1/gonum/mat"
)

// Row is one measurement: Y is to be X times the coefficients.
type Row struct {
	X [5]float64 // fewer terms leave the others 0
	Y [3]float64 // fewer values leave the others 0
}

// Fit is a model and how far rows lie from it.
type Fit struct {
	C      [5][3]float64 // Y = Xᵀ C
	Median float64       // of the rows' distances from it
}

// rounds of reweighting after which weights change by about a hundredth.
const rounds = 5

// held is how strongly coefficients are held to zero, as a share of the rows: what
// the rows do not tell stays small.
const held = 1e-6

// Linear fits by least squares, reweighted so that rows count by 1/(1+(d/m)²), where
// d is their distance and m the median one (Cauchy's weights). ok is false where there
// are too few rows.
func Linear(rows []Row) (f Fit, ok bool) {
	if len(rows) < len(Row{}.X) {
		return f, false
	}
	off := make([]float64, len(rows))
	weight := make([]float64, len(rows))
	for i := range weight {
		weight[i] = 1
	}
	sorted := make([]float64, len(rows))
	for range rounds {
		if f.C, ok = solve(rows, weight); !ok {
			return f, false
		}
		for i, r := range rows {
			off[i] = r.distance(f.Of(r.X))
		}
		copy(sorted, off)
		slices.Sort(sorted)
		f.Median = sorted[len(sorted)/2]
		m := max(f.Median, math.SmallestNonzeroFloat32)
		for i, d := range off {
			weight[i] = 1 / (1 + d*d/(m*m))
		}
	}
	return f, true
}

// Of is what the model says at x.
func (f Fit) Of(x [5]float64) (y [3]float64) {
	for j, v := range x {
		for k := range y {
			y[k] += v * f.C[j][k]
		}
	}
	return y
}

func (r Row) distance(y [3]float64) float64 {
	return math.Sqrt((r.Y[0]-y[0])*(r.Y[0]-y[0]) + (r.Y[1]-y[1])*(r.Y[1]-y[1]) + (r.Y[2]-y[2])*(r.Y[2]-y[2]))
}

func solve(rows []Row, weight []float64) (c [5][3]float64, ok bool) {
	var xx [5][5]float64
	var xy [5][3]float64
	for i, r := range rows {
		for j, v := range r.X {
			v *= weight[i]
			for k, u := range r.X {
				xx[j][k] += v * u
			}
			for k, u := range r.Y {
				xy[j][k] += v * u
			}
		}
	}
	a, b := mat.NewSymDense(len(xx), nil), mat.NewDense(len(xx), len(xy[0]), nil)
	for j := range xx {
		for k := j; k < len(xx); k++ {
			a.SetSym(j, k, xx[j][k])
		}
		a.SetSym(j, j, xx[j][j]+held*float64(len(rows)))
		b.SetRow(j, xy[j][:])
	}
	var chol mat.Cholesky
	var out mat.Dense
	if !chol.Factorize(a) || chol.SolveTo(&out, b) != nil {
		return c, false
	}
	for j := range c {
		for k := range c[j] {
			c[j][k] = out.At(j, k)
			if math.IsNaN(c[j][k]) || math.IsInf(c[j][k], 0) {
				return c, false
			}
		}
	}
	return c, true
}
