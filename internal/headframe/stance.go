package headframe

import "math"

// Stance is how a camera is believed to stand before anything is measured, in
// radians: around the head from the nose towards the client's left, above the
// ears, and turned about its own axis. A spread of 0 or less means unknown.
type Stance struct {
	Azimuth, Elevation, Roll                   float64
	AzimuthSpread, ElevationSpread, RollSpread float64 // one standard deviation
}

// StanceOf is how a camera stands, by the direction of its axis.
func StanceOf(c Camera) Stance {
	return Stance{
		Azimuth:   math.Atan2(-c.R[6], -c.R[8]),
		Elevation: math.Asin(max(-1, min(1, -c.R[7]))),
		Roll:      math.Atan2(c.R[1], -c.R[4]),
	}
}

// Rotation is the head-to-camera rotation of a camera that stands so.
func (s Stance) Rotation() [9]float64 {
	sinA, cosA := math.Sincos(s.Azimuth)
	sinE, cosE := math.Sincos(s.Elevation)
	ahead := Vec{-sinA * cosE, -sinE, -cosA * cosE} // from the camera to the head
	right := Vec{cosA, 0, -sinA}
	down := ahead.Cross(right)
	level := [9]float64{right[0], right[1], right[2], down[0], down[1], down[2], ahead[0], ahead[1], ahead[2]}
	return multiply(rotation(Vec{0, 0, s.Roll}), level)
}

// residuals are how far a camera stands from the belief, in spreads; 0 for
// what is unknown.
func (s Stance) residuals(c Camera) [3]float64 {
	at := StanceOf(c)
	one := func(is, believed, spread float64) float64 {
		if spread <= 0 {
			return 0
		}
		return math.Remainder(is-believed, 2*math.Pi) / spread
	}
	return [3]float64{
		one(at.Azimuth, s.Azimuth, s.AzimuthSpread),
		one(at.Elevation, s.Elevation, s.ElevationSpread),
		one(at.Roll, s.Roll, s.RollSpread),
	}
}

// Evidence is the belief as evidence for Outline.Turn.
func (s Stance) Evidence() Residuals {
	return func(c Camera) []float64 {
		r := s.residuals(c)
		return r[:]
	}
}

// slopes are how the residuals change with a small turn about each of the
// camera's axes, by central differences.
func (s Stance) slopes(c Camera) (d [3][3]float64) {
	const step = 1e-4
	for k := range 3 {
		var turn Vec
		turn[k] = step
		plus := s.residuals(c.Moved(turn, Vec{}, 0))
		minus := s.residuals(c.Moved(turn.Mul(-1), Vec{}, 0))
		for i := range 3 {
			d[i][k] = (plus[i] - minus[i]) / (2 * step)
		}
	}
	return d
}
