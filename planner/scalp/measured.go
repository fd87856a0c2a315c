package scalp

import (
	"math"

	"pointille/internal/headframe"
)

// Measured is what was measured on the head itself, mm; 0: not measured.
type Measured struct {
	CircumferenceMM    float64 // by tape, above the brows and round the back
	LengthMM           float64 // by callipers, glabella to the furthest place of the back
	BreadthMM          float64 // by callipers, greatest above the ears
	GlabellaToVertexMM float64 // by tape over the middle to the highest place
}

// Relative errors: of a tape held to ± 3 mm of 570, of callipers held to ± 2 mm
// through hair and of a vertex found by eye to ± 5 mm (assumptions); and of the
// fitted head's own sizes, whose outline is known to about a hundredth.
const (
	tapeSigma     = 0.006
	calliperSigma = 0.012
	vertexSigma   = 0.03
	outlineSigma  = 0.01
)

// factor is true millimetres per millimetre of the fitted head by all that was
// measured, each by its certainty; ok is false where nothing was.
func (m Measured) factor(s headframe.Surface) (f factor, ok bool) {
	sum, weight := 0.0, 0.0
	add := func(measured float64, fitted func(headframe.Surface) float64, sigma float64) {
		if measured > 0 {
			w := 1 / (sigma * sigma)
			sum, weight = sum+w*math.Log(measured/fitted(s)), weight+w
		}
	}
	add(m.CircumferenceMM, circumference, tapeSigma)
	add(m.LengthMM, headLength, calliperSigma)
	add(m.BreadthMM, headBreadth, calliperSigma)
	add(m.GlabellaToVertexMM, overTheTop, vertexSigma)
	if weight == 0 {
		return factor{}, false
	}
	return factor{math.Exp(sum / weight), math.Sqrt(1/weight) + outlineSigma, "given"}, true
}

// circumference is the greatest girth above the brows, mm.
func circumference(s headframe.Surface) float64 {
	up := s.Landmark(headframe.Glabella)[1] + 12
	length, last := 0.0, headframe.Vec{}
	const n = 180
	for k := 0; k <= n; k++ {
		a := 2 * math.Pi * float64(k) / n
		p := ring(s, up, a)
		if k > 0 {
			length += p.Sub(last).Norm()
		}
		last = p
	}
	return length
}

// ring is the skin at height y in the horizontal direction a.
func ring(s headframe.Surface, y, a float64) headframe.Vec {
	sin, cos := math.Sincos(a)
	lo, hi := 30.0, 160.0
	for range 30 {
		r := (lo + hi) / 2
		if h, _ := s.Height(headframe.Vec{r * sin, y, r * cos}); h > 0 {
			hi = r
		} else {
			lo = r
		}
	}
	return headframe.Vec{lo * sin, y, lo * cos}
}

// headLength is from the glabella straight to the furthest place of the back, above
// the ear canals.
func headLength(s headframe.Surface) float64 {
	from, most := s.Landmark(headframe.Glabella), 0.0
	for k := range 181 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 180)
		if p := s.Point(headframe.Vec{0, cos, -sin}); p[1] > 0 {
			most = max(most, p.Sub(from).Norm())
		}
	}
	return most
}

// headBreadth is the greatest above the ears.
func headBreadth(s headframe.Surface) float64 {
	most := 0.0
	for y := s.Landmark(headframe.EarTopL)[1]; y < s.Landmark(headframe.VertexPoint)[1]; y += 2 {
		left, right := 0.0, 0.0
		for k := range 72 {
			x := ring(s, y, 2*math.Pi*float64(k)/72)[0]
			left, right = max(left, x), min(right, x)
		}
		most = max(most, left-right)
	}
	return most
}

// overTheTop is from the glabella along the skin to the highest place, which lies
// behind the middle.
func overTheTop(s headframe.Surface) float64 {
	d := s.Direction(s.Landmark(headframe.Glabella))
	from := math.Atan2(d[2], d[1])
	sum, last := 0.0, s.Point(headframe.Vec{0, math.Cos(from), math.Sin(from)})
	const n = 180
	for k := 1; k < 2*n; k++ {
		sin, cos := math.Sincos(from * (1 - float64(k)/n))
		p := s.Point(headframe.Vec{0, cos, sin})
		if p[1] < last[1] {
			break
		}
		sum, last = sum+p.Sub(last).Norm(), p
	}
	return sum
}
