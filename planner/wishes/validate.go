package wishes

import (
	"encoding/json"
	"maps"
	"math"
	"slices"
	"strings"
	"time"

	"pointille/internal/document"
	"pointille/internal/headframe"
)

// Validate returns a *document.Error for the first wish that is impossible. The
// ranges are wide: they catch slips of the unit and of the hand. Whether a wish
// is wise is for the plan's checks.
func (w Wishes) Validate() error {
	if err := document.Finite(&w); err != nil {
		return err
	}
	var c document.Check
	if w.Schema != "" && w.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", w.Schema, Schema)
	}
	optional(&c, "look", w.Look, "shaved", "density", "patch", "scar")
	optional(&c, "sex", w.Sex, "male", "female")
	optional(&c, "paper", w.Paper, "a4", "letter")
	ranges(&c, w)
	w.Hairline.check(&c)
	w.Density.check(&c)
	c.Share("regularity", w.Regularity)
	w.Sessions.check(&c)
	if len(w.Pigment.Name) > 80 {
		c.Failf("pigment.name", "longer than 80 letters")
	}
	return c.Err()
}

func optional(c *document.Check, path, v string, words ...string) {
	if v != "" {
		c.OneOf(path, v, words...)
	}
}

// limit is the range of a number, with the reason to give where it is left.
type limit struct {
	path   string
	value  float64
	lo, hi float64
	unit   string
	reason string
}

func ranges(c *document.Check, w Wishes) {
	for _, l := range []limit{
		{"age", float64(w.Age), 18, 110, "years", "only adults are treated"},
		{"hairline.height_mm", w.Hairline.HeightMM, 40, 140, "mm", "it is measured along the skin from between the brows; 80 is usual"},
		{"density_per_cm2", w.Density.Everywhere, 1, maxPerCM2, "per cm²", densityReason},
		{"dot.healed_mm", w.Dot.HealedMM, 0.05, 0.6, "mm", "a shaved hair is about 0.1 wide"},
		{"dot.fresh_mm", w.Dot.FreshMM, 0.05, 0.8, "mm", "needles leave 0.1 to 0.4"},
		{"dot.depth_mm", w.Dot.DepthMM, 0.1, 2, "mm", "the upper dermis ends near 1"},
		{"sessions.count", float64(w.Sessions.Count), 1, 12, "", "two to four are usual"},
		{"sessions.dots_per_hour", w.Sessions.DotsPerHour, 100, 20000, "", "a careful hand sets 1000 to 4000"},
		{"pigment.dilution", w.Pigment.Dilution, 0.1, 100, "parts of water", "parts of water per part of pigment; up to 30 is usual"},
		{"shave.length_mm", w.Shave.LengthMM, 0, 30, "mm", "longer hair is not shaved"},
		{"head.circumference_mm", w.Head.CircumferenceMM, 450, 700, "mm", "adult heads measure 500 to 640; not cm, not inches"},
		{"head.length_mm", w.Head.LengthMM, 150, 240, "mm", "adult heads measure 170 to 220"},
		{"head.breadth_mm", w.Head.BreadthMM, 120, 190, "mm", "adult heads measure 135 to 175"},
		{"head.glabella_to_vertex_mm", w.Head.GlabellaToVertexMM, 120, 230, "mm", "along the skin, to the highest point; usually about 170"},
	} {
		if l.value != 0 && (l.value < l.lo || l.value > l.hi) {
			c.Failf(l.path, "%.6g is outside %g to %g%s (%s)", l.value, l.lo, l.hi, blank(l.unit), l.reason)
		}
	}
}

// maxPerCM2 is where dots of 0.3 mm would touch each other on average.
const (
	maxPerCM2     = 400
	densityReason = "100 to 200 is usual; above 400 dots run together"
)

func blank(unit string) string {
	if unit == "" {
		return ""
	}
	return " " + unit
}

func (h Hairline) check(c *document.Check) {
	optional(c, "hairline.alternative", h.Alternative, "high", "natural", "low", "keep")
	optional(c, "hairline.edge", h.Edge, "hard", "medium", "soft", "broken")
	if len(h.Points) > 0 && len(h.Drawn) > 0 {
		c.Failf("hairline.drawn", "given together with hairline.points; one of them is the line")
	}
	if len(h.Points) == 1 {
		c.Failf("hairline.points", "1 point where at least 2 are needed")
	}
	for i, p := range h.Points {
		if p.Norm() > 300 {
			c.Failf(document.At("hairline.points", i), "lies %.0f mm from the middle of the head", p.Norm())
		}
	}
	for i, d := range h.Drawn {
		at := document.At("hairline.drawn", i)
		c.FileName(at+".photo", d.Photo)
		if len(d.Points) < 2 {
			c.Failf(at+".points", "%d points where at least 2 are needed", len(d.Points))
		}
		for k, p := range d.Points {
			if math.Abs(p[0]) > 1e5 || math.Abs(p[1]) > 1e5 {
				c.Failf(document.At(at+".points", k), "[%.6g, %.6g] lies outside every photo", p[0], p[1])
			}
		}
	}
}

func (d Density) check(c *document.Check) {
	for _, name := range sorted(d.Zones) {
		c.OneOf("density_per_cm2", name, headframe.Zones()...)
		if v := d.Zones[name]; v < 0 || v > maxPerCM2 {
			c.Failf("density_per_cm2."+name, "%.6g is outside 0 to %d per cm² (%s)", v, maxPerCM2, densityReason)
		}
	}
}

func (s Sessions) check(c *document.Check) {
	sum := 0.0
	for i, v := range s.Shares {
		if !(v > 0 && v <= 1) {
			c.Failf(document.At("sessions.shares", i), "%.6g; a share is greater than 0 and at most 1", v)
		}
		sum += v
	}
	if n := len(s.Shares); n > 0 {
		if s.Count != 0 && s.Count != n {
			c.Failf("sessions.shares", "%d shares for %d sessions", n, s.Count)
		}
		if math.Abs(sum-1) > 0.01 {
			c.Failf("sessions.shares", "they add up to %.4g, not to 1", sum)
		}
		if n > 12 {
			c.Failf("sessions.shares", "%d sessions where at most 12 are possible", n)
		}
	}
	if s.FirstDate == "" {
		return
	}
	if t, err := time.Parse(time.DateOnly, s.FirstDate); err != nil || t.Year() < 2000 || t.Year() > 2200 {
		c.Failf("sessions.first_date", "%q is no date as in 2026-03-31", s.FirstDate)
	}
}

// refuseZeros refuses a number 0 that is written out where it would pass for a
// wish that was left out.
func refuseZeros(tree document.Tree) error {
	var c document.Check
	for _, path := range []string{
		"age", "hairline.height_mm", "density_per_cm2", "dot.healed_mm", "dot.fresh_mm", "dot.depth_mm",
		"sessions.count", "sessions.dots_per_hour", "pigment.dilution",
		"head.circumference_mm", "head.length_mm", "head.breadth_mm", "head.glabella_to_vertex_mm",
	} {
		if n, ok := lookup(tree, path).(json.Number); ok {
			if v, err := n.Float64(); err == nil && v == 0 {
				c.Failf(path, "0 is impossible; leave the member out to let the planner choose")
			}
		}
	}
	return c.Err()
}

// lookup returns the value at a path of members, nil where there is none.
func lookup(tree document.Tree, path string) any {
	head, rest, below := strings.Cut(path, ".")
	if !below {
		return tree[head]
	}
	if sub, ok := tree[head].(document.Tree); ok {
		return lookup(sub, rest)
	}
	return nil
}

func sorted[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }
