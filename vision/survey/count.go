package survey

import (
	"slices"

	"pointille/internal/document"
)

// Count is what a close-up shows inside its counting frame. A follicular unit
// counts whole, with all its hairs, where its middle lies inside the frame.
type Count struct {
	Hairs     int          `json:"hairs"`
	Units     int          `json:"units"`
	Points    [][2]float64 `json:"points"` // one per hair root
	PerCM2    float64      `json:"per_cm2"`
	AreaMM2   float64      `json:"area_mm2"`             // of the frame, without what is covered by writing
	Frame     [][2]float64 `json:"frame,omitempty"`      // its first and last corner, pixels
	UnitSizes []int        `json:"unit_sizes,omitempty"` // how many units have one hair, two, and so on
	Shafts    []Shaft      `json:"shafts,omitempty"`     // the hairs of points, in their order
	Pattern   *Pattern     `json:"pattern,omitempty"`    // absent where there are too few units
}

// Shaft is the visible part of a hair. What the picture does not show is
// absent.
type Shaft struct {
	Unit      int      `json:"unit"`                    // its follicular unit, from 0
	Direction *float64 `json:"direction_deg,omitempty"` // in the picture, root to tip: 0 to the right, 90 down
	LengthMM  float64  `json:"length_mm,omitempty"`     // as the picture shows it; a hair that stands up is longer
	WidthMM   float64  `json:"width_mm,omitempty"`
	Cut       bool     `json:"cut,omitempty"` // it leaves the picture and is longer than length_mm
}

// Pattern says how the client's own follicular units are spaced. Distances are
// in spacings: the square root of the area per unit.
type Pattern struct {
	SpacingMM  float64   `json:"spacing_mm"`
	BinWidth   float64   `json:"bin_width"`   // spacings
	G          []float64 `json:"g"`           // pair correlation in bins from 0; 1: unrelated
	ClarkEvans float64   `json:"clark_evans"` // 1: unrelated, 2.15: hexagonal
	CV         float64   `json:"cv"`          // of the nearest distance; 0.52: unrelated
}

func (s *Survey) checkCount(c *document.Check) {
	n := s.Count
	if n == nil {
		return
	}
	if n.Hairs != len(n.Points) {
		c.Failf("count.hairs", "%d, but count.points holds %d", n.Hairs, len(n.Points))
	}
	if n.Units < 0 || n.Units > n.Hairs {
		c.Failf("count.units", "%d units cannot hold %d hairs", n.Units, n.Hairs)
	}
	w, h := s.Photo.Width, s.Photo.Height
	c.Points("count.points", n.Points, 0, w, h)
	c.NotNegative("count.per_cm2", n.PerCM2)
	c.NotNegative("count.area_mm2", n.AreaMM2)
	if len(n.Frame) > 0 {
		c.Points("count.frame", n.Frame, 2, w, h)
	}
	n.checkShafts(c)
	n.Pattern.check(c)
}

func (n *Count) checkShafts(c *document.Check) {
	if len(n.UnitSizes) > 0 {
		units, hairs := 0, 0
		for i, k := range n.UnitSizes {
			units, hairs = units+k, hairs+k*(i+1)
		}
		if slices.Min(n.UnitSizes) < 0 || units != n.Units || hairs != n.Hairs {
			c.Failf("count.unit_sizes", "%d units of %d hairs, but the count is %d of %d", units, hairs, n.Units, n.Hairs)
		}
	}
	if len(n.Shafts) > 0 && len(n.Shafts) != n.Hairs {
		c.Failf("count.shafts", "%d shafts of %d hairs", len(n.Shafts), n.Hairs)
	}
	for i, f := range n.Shafts {
		at := document.At("count.shafts", i)
		if f.Unit < 0 || f.Unit >= n.Units {
			c.Failf(at+".unit", "%d, but there are %d units", f.Unit, n.Units)
		}
		if f.Direction != nil {
			c.Within(at+".direction_deg", *f.Direction, -180, 180, "degrees")
		}
		c.NotNegative(at+".length_mm", f.LengthMM)
		c.NotNegative(at+".width_mm", f.WidthMM)
	}
}

func (p *Pattern) check(c *document.Check) {
	if p == nil {
		return
	}
	c.Positive("count.pattern.spacing_mm", p.SpacingMM)
	c.Positive("count.pattern.bin_width", p.BinWidth)
	c.NotNegative("count.pattern.clark_evans", p.ClarkEvans)
	c.NotNegative("count.pattern.cv", p.CV)
	for i, v := range p.G {
		c.NotNegative(document.At("count.pattern.g", i), v)
	}
}
