package checks_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/headframe"
	"pointille/planner/checks"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

func ExampleAll() {
	p := &plan.Plan{Nothing: "The hair is full."}
	for _, c := range checks.All(p, checks.Facts{}) {
		fmt.Println(c.ID, c.Result)
	}
	// Output:
	// scale fail
	// screening unknown
}

// good is a plan that keeps every rule, and the facts beside it.
func good() (*plan.Plan, checks.Facts) {
	p := &plan.Plan{
		Head:     plan.Head{Scaled: true, ScaleSigma: 0.01},
		Hairline: &plan.Hairline{Points: line(1.6, 20, 0.02), HeightMM: 80, SoftMM: 6, Edge: "medium", Source: "proposed"},
		Dots:     plan.Dots{HealedMM: 0.15, MinMM: 0.3, DepthMM: 0.5},
		Zones:    []plan.Zone{{Name: headframe.Frontal, AreaCM2: 100, Dots: 12000}},
		Pigment:  &plan.Recipe{DeltaE: 1, Grade: "match"},
	}
	return p, checks.Facts{SkinLab: &[3]float64{65, 10, 15}, HairLab: &[3]float64{25, 3, 4}, FullPerCM2: 160}
}

// line is a hairline on the average head with a wave of amplitude mm and of a
// length in mm along it, shifted in its own direction by tilt on the left.
func line(amplitude, length, tilt float64) (out []headframe.Vec) {
	const steps = 145
	s := headframe.Mean()
	f := headframe.NewFace(s)
	way := 0.0
	for i := range steps {
		psi := 1.88 * (2*float64(i)/(steps-1) - 1)
		rho := 0.9 + amplitude*math.Sin(2*math.Pi*way/length)/85 + tilt*max(0, psi)
		out = append(out, f.Point(psi, rho))
		way += f.Point(psi+2*1.88/(steps-1), 0.9).Sub(f.Point(psi, 0.9)).Norm()
	}
	return out
}

func find(t *testing.T, all []plan.Check, id string) plan.Check {
	t.Helper()
	for _, c := range all {
		if c.ID == id {
			return c
		}
	}
	t.Fatalf("no check %q in %v", id, ids(all))
	return plan.Check{}
}

func ids(all []plan.Check) (out []string) {
	for _, c := range all {
		out = append(out, c.ID)
	}
	return out
}

func TestOrder(t *testing.T) {
	full := []string{"scale", "screening", "height", "straightness", "symmetry", "temples", "softness", "spacing", "coverage", "natural", "seen", "density", "tone", "depth", "contrast"}
	tests := []struct {
		name   string
		change func(*plan.Plan)
		want   []string
	}{
		{"all", func(*plan.Plan) {}, full},
		{"no hairline", func(p *plan.Plan) { p.Hairline = nil }, append([]string{"scale", "screening"}, full[7:]...)},
		{"no pigment", func(p *plan.Plan) { p.Pigment = nil }, append(append([]string{}, full[:12]...), "contrast")},
		{"nothing to do", func(p *plan.Plan) { p.Nothing = "full" }, full[:2]},
	}
	for _, tt := range tests {
		p, f := good()
		tt.change(p)
		if diff := cmp.Diff(tt.want, ids(checks.All(p, f))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
}

// TestGoodPlan wants nothing but the open question of screening, and every
// check to say what it is, its limit and its source.
func TestGoodPlan(t *testing.T) {
	p, f := good()
	for _, c := range checks.All(p, f) {
		want := "ok"
		if c.ID == "screening" {
			want = "unknown"
		}
		if c.Result != want {
			t.Errorf("%s is %s at %g %s: %s", c.ID, c.Result, c.Value, c.Unit, c.Note)
		}
		if c.Name == "" || c.Limit == "" || c.Source == "" || math.IsNaN(c.Value) {
			t.Errorf("%+v", c)
		}
	}
}

// TestLimits moves one thing of a good plan to either side of its limit.
func TestLimits(t *testing.T) {
	type change = func(*plan.Plan, *checks.Facts)
	height := func(mm float64, female bool, source string) change {
		return func(p *plan.Plan, f *checks.Facts) {
			p.Hairline.HeightMM, p.Hairline.Source, f.Female = mm, source, female
		}
	}
	soft := func(mm float64) change { return func(p *plan.Plan, _ *checks.Facts) { p.Hairline.SoftMM = mm } }
	spacing := func(ratio float64) change {
		return func(p *plan.Plan, _ *checks.Facts) { p.Dots.HealedMM, p.Dots.MinMM = 0.125, ratio*0.125 }
	}
	zone := func(dots int, area, healed float64) change {
		return func(p *plan.Plan, _ *checks.Facts) {
			p.Zones = append(p.Zones, plan.Zone{Name: headframe.MidScalp, AreaCM2: area, Dots: dots})
			p.Dots.HealedMM, p.Dots.MinMM = healed, 2*healed
		}
	}
	hairy := func(hairs, full float64) change {
		return func(p *plan.Plan, f *checks.Facts) { p.Zones[0].ExistingPerCM2, f.FullPerCM2 = hairs, full }
	}
	seen := func(cm2 float64) change {
		return func(_ *plan.Plan, f *checks.Facts) { f.UnseenCM2, f.Unseen = cm2, "vertex and occipital" }
	}
	even := func(rms float64) change { return func(_ *plan.Plan, f *checks.Facts) { f.DensityRMS = rms } }
	grade := func(g string) change {
		return func(p *plan.Plan, _ *checks.Facts) { p.Pigment.Grade = g }
	}
	depth := func(mm float64) change { return func(p *plan.Plan, _ *checks.Facts) { p.Dots.DepthMM = mm } }
	hair := func(l float64) change {
		return func(_ *plan.Plan, f *checks.Facts) { f.HairLab = &[3]float64{l, 3, 4} }
	}
	tests := []struct {
		id     string
		change change
		value  float64
		want   string
	}{
		{"scale", func(p *plan.Plan, _ *checks.Facts) { p.Head.Scaled, p.Head.ScaleSigma = false, 0.04 }, 4, "fail"},
		{"height", height(70, false, "proposed"), 70, "ok"},
		{"height", height(69.9, false, "wished"), 69.9, "warn"},
		{"height", height(69.9, false, "kept"), 69.9, "ok"},
		{"height", height(55, true, "wished"), 55, "ok"},
		{"height", height(54.9, true, "wished"), 54.9, "warn"},
		{"softness", soft(2), 2, "ok"},
		{"softness", soft(1.99), 1.99, "warn"},
		{"spacing", spacing(2), 2, "ok"},
		{"spacing", spacing(1.96875), 1.96875, "fail"},
		{"coverage", zone(1500, 10, 0.25), 7.363, "ok"},
		{"coverage", zone(1550, 10, 0.25), 7.609, "warn"},
		{"coverage", zone(900, 0.9, 0.25), 5.890, "ok"}, // too small to be a zone
		{"natural", hairy(39, 160), 99.375, "ok"},
		{"natural", hairy(41, 160), 100.625, "warn"},
		{"natural", hairy(41, 180), 89.444, "ok"},
		{"natural", hairy(41, 0), 0, "unknown"},
		{"natural", zone(400, 0.9, 0.15), 75, "ok"}, // too small to be a zone
		{"seen", seen(10), 10, "ok"},
		{"seen", seen(10.1), 10.1, "warn"},
		{"density", even(0.05), 5, "ok"},
		{"density", even(0.051), 5.1, "warn"},
		{"tone", grade("match"), 1, "ok"},
		{"tone", grade("close"), 1, "warn"},
		{"tone", grade("warn"), 1, "warn"},
		{"depth", depth(0.5), 0.5, "ok"},
		{"depth", depth(0.51), 0.51, "fail"},
		{"contrast", hair(53), 12, "ok"},
		{"contrast", hair(53.5), 11.5, "warn"},
		{"contrast", hair(80), -15, "warn"},
		{"contrast", func(_ *plan.Plan, f *checks.Facts) { f.HairLab = nil }, 0, "unknown"},
		{"contrast", func(_ *plan.Plan, f *checks.Facts) { f.SkinLab = nil }, 0, "unknown"},
	}
	for _, tt := range tests {
		p, f := good()
		tt.change(p, &f)
		c := find(t, checks.All(p, f), tt.id)
		if c.Result != tt.want || math.Abs(c.Value-tt.value) > 1e-3 {
			t.Errorf("%s is %s at %g, want %s at %g", tt.id, c.Result, c.Value, tt.want, tt.value)
		}
		if c.Result != "ok" && c.Note == "" {
			t.Errorf("%s is %s and does not say why", tt.id, c.Result)
		}
	}
}

// TestReasons wants a reason to name what is wrong in this very plan.
func TestReasons(t *testing.T) {
	tone := func(healed, target float64, note string) func(*plan.Plan, *checks.Facts) {
		return func(p *plan.Plan, _ *checks.Facts) {
			p.Pigment = &plan.Recipe{DeltaE: 3, Grade: "close", Note: note, HealedLab: [3]float64{healed, 5, 9}, TargetLab: [3]float64{target, 5, 8}}
		}
	}
	tests := []struct {
		id     string
		change func(*plan.Plan, *checks.Facts)
		want   string
	}{
		{"tone", tone(43, 40, ""), "3.0 L* lighter than the client's own stubble"},
		{"tone", tone(36.5, 40, ""), "3.5 L* darker than the client's own stubble"},
		{"tone", tone(40.2, 40, ""), "in another hue than, the client's own stubble"},
		{"tone", tone(43, 40, "Too few dots."), "Too few dots."},
		{"seen", func(_ *plan.Plan, f *checks.Facts) { f.UnseenCM2, f.Unseen = 30, "vertex and occipital" }, "(vertex and occipital)"},
	}
	for _, tt := range tests {
		p, f := good()
		tt.change(p, &f)
		if c := find(t, checks.All(p, f), tt.id); c.Result != "warn" || !strings.Contains(c.Note, tt.want) {
			t.Errorf("%s is %s and says %q, want %q in it", tt.id, c.Result, c.Note, tt.want)
		}
	}
}

// TestTemples wants a corner that recedes deeper than the other told, and which.
func TestTemples(t *testing.T) {
	dented := func(right, left float64) *plan.Hairline {
		h := &plan.Hairline{Points: line(0, 20, 0), HeightMM: 80, SoftMM: 6}
		s, n := headframe.Mean(), len(h.Points)
		for i := range h.Points {
			deep, at := right, float64(n)/5
			if i > n/2 {
				deep, at = left, float64(n)*4/5
			}
			d := (float64(i) - at) / float64(n) * 12
			h.Points[i], _ = s.Project(h.Points[i].Add(headframe.Vec{0, 0.5, -0.9}.Mul(deep * math.Exp(-d*d))))
		}
		return h
	}
	for _, tt := range []struct {
		right, left float64
		result, say string
	}{{10, 10, "ok", ""}, {10, 12, "ok", ""}, {4, 18, "warn", "left"}, {18, 4, "warn", "right"}} {
		p, f := good()
		p.Hairline = dented(tt.right, tt.left)
		if c := find(t, checks.All(p, f), "temples"); c.Result != tt.result || !strings.Contains(c.Note, tt.say) {
			t.Errorf("%g and %g mm: %s at %.1f mm, %q", tt.right, tt.left, c.Result, c.Value, c.Note)
		}
	}
	p, f := good()
	p.Hairline.Points = p.Hairline.Points[:2]
	if c := find(t, checks.All(p, f), "temples"); c.Result != "unknown" {
		t.Errorf("a line of two points: %+v", c)
	}
}

// TestStraightness wants a ruled line on a round forehead to be told from one
// that wanders as lines do, and its waves measured.
func TestStraightness(t *testing.T) {
	at := func(points []headframe.Vec) plan.Check {
		p, f := good()
		p.Hairline.Points = points
		return find(t, checks.All(p, f), "straightness")
	}
	if c := at(line(0, 20, 0)); c.Result != "warn" || c.Value > 0.1 {
		t.Errorf("a ruled line: %s at %g mm", c.Result, c.Value)
	}
	for _, length := range []float64{15, 20, 25, 30} { // the range of craft.Macro
		c := at(line(craft.Macro().Low, length, 0))
		want := craft.Macro().Low / math.Sqrt2
		if c.Result != "ok" || c.Value < 0.9*want || c.Value > 1.7*want {
			t.Errorf("waves of %g mm: %s at %g mm RMS, drawn with %g", length, c.Result, c.Value, want)
		}
		if c := at(line(0.4, length, 0)); c.Result != "warn" {
			t.Errorf("waves of %g mm, 0.4 mm high: %s at %g mm", length, c.Result, c.Value)
		}
	}
	if c := at(line(0, 20, 0)[60:80]); c.Result != "unknown" || c.Value != 0 {
		t.Errorf("a line of 4 cm: %s at %g mm", c.Result, c.Value)
	}
	if c := at(nil); c.Result != "unknown" {
		t.Errorf("no line: %s", c.Result)
	}
}

// TestStraightnessIsOfTheLine wants the same value however finely a line is
// given, and from either end.
func TestStraightnessIsOfTheLine(t *testing.T) {
	value := func(points []headframe.Vec) float64 {
		p, f := good()
		p.Hairline.Points = points
		return find(t, checks.All(p, f), "straightness").Value
	}
	wave := line(1.6, 25, 0)
	var fine, back []headframe.Vec
	for i, q := range wave {
		if i > 0 {
			fine = append(fine, wave[i-1].Add(q).Mul(0.5))
		}
		fine, back = append(fine, q), append([]headframe.Vec{q}, back...)
	}
	want := value(wave)
	for name, got := range map[string]float64{"twice as fine": value(fine), "from the left": value(back)} {
		if math.Abs(got-want) > 0.05 {
			t.Errorf("%s: %g mm, was %g", name, got, want)
		}
	}
}

func TestSymmetry(t *testing.T) {
	tests := []struct {
		tilt float64 // rho per psi on the left
		want string
	}{{0, "warn"}, {0.001, "warn"}, {0.02, "ok"}, {0.3, "warn"}}
	for _, tt := range tests {
		p, f := good()
		p.Hairline.Points = line(0, 20, tt.tilt)
		c := find(t, checks.All(p, f), "symmetry")
		want, n := 0.0, len(p.Hairline.Points) // brute force: each left point mirrored
		for i := range n {
			if q := p.Hairline.Points[n-1-i]; q[0] > 0 && i < n/2 {
				want += p.Hairline.Points[i].Sub(headframe.Vec{-q[0], q[1], q[2]}).Norm() / float64(n/2)
			}
		}
		if c.Result != tt.want || math.Abs(c.Value-want) > 1e-9 {
			t.Errorf("tilt %g: %s at %g mm, want %s at %g mm", tt.tilt, c.Result, c.Value, tt.want, want)
		}
	}
}

// TestNothingIsChanged wants plan and facts as they were, and the same answer twice.
func TestNothingIsChanged(t *testing.T) {
	p, f := good()
	q, g := good()
	first := checks.All(p, f)
	if diff := cmp.Diff(q, p) + cmp.Diff(g, f); diff != "" {
		t.Errorf("changed:\n%s", diff)
	}
	if diff := cmp.Diff(first, checks.All(p, f)); diff != "" {
		t.Errorf("the second time:\n%s", diff)
	}
}
