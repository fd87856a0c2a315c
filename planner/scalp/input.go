package scalp

import (
	"fmt"
	"math"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// refused says what is wrong with what was handed in as a whole; nil: nothing.
func refused(photos []Photo, o Options) error {
	if len(photos) == 0 {
		return fmt.Errorf("%w: there is none", ErrUnplaced)
	}
	for i, p := range photos {
		if p.Survey == nil {
			return fmt.Errorf("photo %d has no survey", i+1)
		}
	}
	for _, m := range []struct {
		name string
		mm   float64
	}{
		{"circumference", o.Measured.CircumferenceMM}, {"length", o.Measured.LengthMM},
		{"breadth", o.Measured.BreadthMM}, {"way from glabella to vertex", o.Measured.GlabellaToVertexMM},
	} {
		if !(m.mm >= 0) || m.mm > mostMeasured {
			return fmt.Errorf("a head's %s of %g mm is no measure", m.name, m.mm)
		}
	}
	return nil
}

// mostMeasured is above every measure of a head, mm.
const mostMeasured = 1000

// unusable says why a photo cannot be placed; empty: it can.
func unusable(p Photo) string {
	switch {
	case p.Survey.Camera == nil:
		return "too little of the head is seen to place it"
	case p.Survey.Warned(survey.CodeTurned):
		return "it does not stand upright: turn it and survey it again"
	case !sound(p.Survey.Camera.Camera):
		return "its survey holds a camera that cannot be: survey it again"
	case p.Regions == nil || p.Hair == nil || p.Density == nil:
		return "its maps are missing"
	case p.Regions.Rect.Empty() || p.Hair.Rect != p.Regions.Rect || p.Density.Rect != p.Regions.Rect:
		return "its maps are not of one size"
	case !shows(p, survey.Scalp):
		return "it shows no scalp"
	}
	return ""
}

// sound reports whether a camera is made of numbers that a camera can have. NaN is
// none.
func sound(c headframe.Camera) bool {
	sum := c.CX + c.CY + c.T[0] + c.T[1] + c.T[2]
	for _, v := range c.R {
		sum += v
	}
	turn := headframe.Vec(c.R[0:3]).Cross(headframe.Vec(c.R[3:6])).Dot(headframe.Vec(c.R[6:9]))
	return c.FX > 0 && c.FY > 0 && !math.IsInf(c.FX+c.FY, 0) && !math.IsNaN(sum) && !math.IsInf(sum, 0) && math.Abs(turn-1) < 1e-2
}

func shows(p Photo, class uint8) bool {
	for _, c := range p.Regions.Pix {
		if c == class {
			return true
		}
	}
	return false
}

// measuredScale reports whether a survey's scale is a measure that can be used.
func measuredScale(s survey.Scale) bool {
	return s.Measured() && s.MMPerPx < math.Inf(1) && s.Sigma >= 0 && s.Sigma < math.Inf(1) && !math.IsNaN(s.At[0]+s.At[1])
}
