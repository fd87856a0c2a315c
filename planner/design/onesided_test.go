package design_test

import (
	"strings"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/design"
	"pointille/planner/plan"
)

// TestOneSided wants a thin place above one ear left out and told, unless the other
// side is as thin, is not seen, the place reaches the top, or is planned as a patch.
func TestOneSided(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	ear := s.Point(headframe.Vec{0.9, 0.75, 0.12})
	if z := s.Zone(ear); z != headframe.ParietalLeft && z != headframe.TemporalLeft {
		t.Fatal(z)
	}
	one := patch(ear, 24, 8, 0)
	other := patch(headframe.Vec{-ear[0], ear[1], ear[2]}, 24, 8, 0)
	both := func(p headframe.Vec) float64 { return min(one(p), other(p)) }
	left := func(p headframe.Vec) bool { return p[0] > 0 }
	for _, tt := range []struct {
		name    string
		hair    fullness
		hidden  func(p headframe.Vec) bool
		look    string
		planned bool
	}{
		{name: "one side", hair: one},
		{name: "both sides", hair: both, planned: true},
		{name: "the other side not seen", hair: one, hidden: func(p headframe.Vec) bool { return p[0] < -30 }, planned: true},
		{name: "a patch", hair: one, look: plan.Patch, planned: true},
		{name: "beside a bald vertex", hair: func(p headframe.Vec) float64 {
			return min(one(p), patch(s.Landmark(headframe.Whorl), 32, 12, 0)(p))
		}},
		{name: "a bald half of the top", hair: func(p headframe.Vec) float64 {
			if p[0] > 0 {
				return fringe(s)(p)
			}
			return 1
		}, planned: true},
	} {
		m := head(tt.hair)
		if tt.hidden != nil {
			hide(m, tt.hidden)
		}
		d := designed(t, m, design.Options{Look: tt.look})
		area, _ := sums(m, d, func(p headframe.Vec) bool { return left(p) && p.Sub(ear).Norm() < 20 })
		if tt.name == "a bald half of the top" {
			area, _ = sums(m, d, left)
		}
		told := d.OneSided.Words() != ""
		if (area > 5) != tt.planned || told == tt.planned {
			t.Errorf("%s: %.1f cm² planned on the left, one-sided: %.1f cm² of %q", tt.name, area, d.OneSided.AreaCM2, d.OneSided.Words())
		}
	}
	if d := designed(t, head(one), design.Options{}); !strings.Contains(d.Nothing, "not on the other side") {
		t.Errorf("%q", d.Nothing)
	}
}
