package design_test

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/design"
	"pointille/planner/plan"
	"pointille/planner/scalp"
)

// wanders is how far the line's irregularity may move it, mm.
func wanders() float64 { return craft.Macro().Value + craft.Micro().Value }

// TestHeights wants proposals at the height of the rule, as the plan says and as
// a string laid on the forehead finds it.
func TestHeights(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	men, women, year := craft.HeightMen(), craft.HeightWomen(), craft.HeightPerYear().Value
	for _, tt := range []struct {
		name string
		o    design.Options
		want float64
	}{
		{"men", design.Options{}, men.Value},
		{"men, 40", design.Options{Age: 40}, men.Value},
		{"men, 60", design.Options{Age: 60}, men.Value + 20*year},
		{"men, high", design.Options{Alternative: "high"}, (men.Value + men.High) / 2},
		{"men, low", design.Options{Alternative: "low"}, (men.Value + men.Low) / 2},
		{"men, low, 50", design.Options{Alternative: "low", Age: 50}, (men.Value+men.Low)/2 + 10*year},
		{"women", design.Options{Female: true}, women.Value},
		{"women, high", design.Options{Female: true, Alternative: "high"}, (women.Value + women.High) / 2},
		{"women, low", design.Options{Female: true, Alternative: "low"}, (women.Value + women.Low) / 2},
		{"wished", design.Options{HeightMM: 66, Age: 80}, 66},
	} {
		h := designed(t, m, tt.o).Hairline.Plan()
		if h.Source != "proposed" || math.Abs(h.HeightMM-tt.want) > wanders() {
			t.Errorf("%s: %s at %.1f mm, want %.1f", tt.name, h.Source, h.HeightMM, tt.want)
		}
		if gap := climb(m.Surface, h.HeightMM).Sub(h.Points[len(h.Points)/2]).Norm(); gap > 1.5 {
			t.Errorf("%s: the middle of the line is %.1f mm from where %.1f mm of string end", tt.name, gap, h.HeightMM)
		}
	}
}

// TestAlternatives wants high behind natural behind low, all over the forehead.
func TestAlternatives(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	for _, female := range []bool{false, true} {
		line := func(a string) outline {
			return planned(designed(t, m, design.Options{Alternative: a, Female: female, Seed: 4}))
		}
		high, natural, low := line("high"), line("natural"), line("low")
		for i, psi := range natural.psi {
			if math.Abs(psi) > 0.45 {
				continue // towards the temples they come together
			}
			if !(high.rho[i] > natural.rho[i] && natural.rho[i] > low.rho[i]) {
				t.Errorf("female %v, direction %.2f: high %.3f, natural %.3f, low %.3f", female, psi, high.rho[i], natural.rho[i], low.rho[i])
			}
		}
	}
}

// TestLine wants any proposal to run from the right temple to the left without
// crossing itself, to recede at the temples and never to dip below its middle
// there, and its sides to differ by no more than irregularity and asymmetry.
func TestLine(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	m := coarse(everywhere(0))
	rng := rand.New(rand.NewPCG(1, 1))
	for range 15 {
		o := design.Options{
			Seed: rng.Uint64(), Female: rng.IntN(2) == 0, Age: rng.IntN(90), Alternative: []string{"high", "natural", "low"}[rng.IntN(3)],
		}
		if rng.IntN(2) == 0 {
			o.HeightMM = 45 + 65*rng.Float64()
		}
		d := designed(t, m, o)
		points := d.Hairline.Plan().Points
		line := planned(d)
		if !slices.IsSorted(line.psi) || points[0][0] > -40 || points[len(points)-1][0] < 40 {
			t.Fatalf("%+v: from %v to %v", o, points[0], points[len(points)-1])
		}
		if i, j := crossing(line); i >= 0 {
			t.Fatalf("%+v: stretches %d and %d cross", o, i, j)
		}
		for i, p := range points {
			if h, _ := s.Height(p); math.Abs(h) > 0.05 {
				t.Fatalf("%+v: point %d is %.1f mm off the skin", o, i, h)
			}
			q := points[len(points)-1-i]
			if gap := p.Sub(headframe.Vec{-q[0], q[1], q[2]}).Norm(); gap > craft.Asymmetry().Value+2*wanders() {
				t.Fatalf("%+v: point %d and its mirror image are %.1f mm apart", o, i, gap)
			}
			if math.Abs(p[0]) > 35 && math.Abs(p[0]) < 48 && p[2] > 50 && p[1] < points[len(points)/2][1]-2*wanders() {
				t.Fatalf("%+v: the line dips to %v, its middle is at %v", o, p, points[len(points)/2])
			}
		}
	}
}

// TestRecession wants the corners of a ruled line as far behind a level one as the
// craft says, along the skin, at whatever height lines are ruled.
func TestRecession(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	for _, height := range []float64{55, 65, 75, 85} {
		for _, female := range []bool{false, true} {
			points := designed(t, m, design.Options{HeightMM: height, Female: female}).Hairline.Plan().Points
			low, high := craft.Recession().Low, craft.Recession().High
			if female {
				low, high = 0, craft.Recession().Low
			}
			level := points[len(points)/2][1]
			for _, side := range []float64{-1, 1} {
				corner := beside(points, side*craft.TempleLateral().Value)
				if back := overSkin(m.Surface, corner, level); back < low-wanders() || back > high+wanders() {
					t.Errorf("%g mm, female %v: the corner at %v lies %.0f mm behind the level of the middle, want %.0f to %.0f", height, female, corner, back, low, high)
				}
			}
		}
	}
}

// beside is the point of a line nearest to that far beside the middle, in front.
func beside(line []headframe.Vec, x float64) (best headframe.Vec) {
	gap := math.Inf(1)
	for _, p := range line {
		if d := math.Abs(p[0] - x); d < gap && p[1] > 90 {
			best, gap = p, d
		}
	}
	return best
}

// overSkin is how far p lies behind where the skin straight before it is at a height, in
// small steps forwards and down; 0 for one that lies before it.
func overSkin(s headframe.Surface, p headframe.Vec, level float64) (mm float64) {
	const step = 0.25
	for p[1] > level {
		_, n := s.Nearest(p)
		ahead := headframe.Vec{0, -n[2], n[1]}.Unit() // along the skin in the upright plane
		next, _ := s.Nearest(p.Add(ahead.Mul(step)))
		next[0] = p[0]
		mm += next.Sub(p).Norm()
		p = next
	}
	return mm
}

// crossing finds two stretches of a line that cross, unrolled about the face;
// -1 where there are none.
func crossing(o outline) (int, int) {
	at := func(i int) [2]float64 {
		return [2]float64{o.rho[i] * math.Sin(o.psi[i]), o.rho[i] * math.Cos(o.psi[i])}
	}
	side := func(a, b, c [2]float64) float64 { return (b[0]-a[0])*(c[1]-a[1]) - (b[1]-a[1])*(c[0]-a[0]) }
	for i := range len(o.psi) - 1 {
		for j := i + 2; j < len(o.psi)-1; j++ {
			a, b, c, d := at(i), at(i+1), at(j), at(j+1)
			if side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0 {
				return i, j
			}
		}
	}
	return -1, -1
}

// TestAsymmetry wants the sides to differ on average as they are meant to: the
// irregularity of many seeds takes itself away.
func TestAsymmetry(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	const seeds = 16
	sum, ways := 0.0, map[bool]int{}
	for seed := range uint64(seeds) {
		line := planned(designed(t, m, design.Options{Seed: seed}))
		tilt := 0.0 // mean of left less right, mm
		for i := range len(line.rho) / 2 {
			j := len(line.rho) - 1 - i
			tilt += (line.rho[j] - line.rho[i]) * 90 / float64(len(line.rho)/2)
		}
		ways[tilt > 0]++
		sum += math.Abs(tilt)
	}
	if mean := sum / seeds; mean < 0.3 || mean > craft.Asymmetry().High {
		t.Errorf("the sides differ by %.2f mm on average", mean)
	}
	if min(ways[true], ways[false]) < seeds/5 {
		t.Errorf("which side is higher: %v", ways)
	}
}

// TestEdge wants the edge asked for: no dots before a medium one, some single
// ones before a soft one, and the density to rise behind it as far as it says.
func TestEdge(t *testing.T) {
	t.Parallel()
	m := head(fringe(headframe.Mean()))
	f := headframe.NewFace(m.Surface)
	var soft []float64
	for _, edge := range []string{"hard", "medium", "soft"} {
		d := designed(t, m, design.Options{Edge: edge, Seed: 2})
		line := planned(d)
		if got := d.Hairline.Plan(); got.Edge != edge || got.SoftMM != craft.SoftZone(edge).Value {
			t.Errorf("%s: the plan says %s, %g mm", edge, got.Edge, got.SoftMM)
		}
		density := func(mm float64) float64 { // mean over the middle of the line
			sum, n := 0.0, 0.0
			for i, psi := range line.psi {
				if math.Abs(psi) < 0.4 {
					sum, n = sum+100*d.Dots(f.Point(psi, line.rho[i]+mm/90)), n+1
				}
			}
			return sum / n
		}
		full, before := density(16), density(-2)
		if full < 90 {
			t.Errorf("%s: %.0f dots per cm² 16 mm behind the line", edge, full)
		}
		if (edge == "soft") != (before > 0) || before > 0.2*full {
			t.Errorf("%s: %.1f dots per cm² 2 mm before the line", edge, before)
		}
		if a, b, c := density(0.5), density(3), density(8); !(a <= b+1 && b <= c+1) {
			t.Errorf("%s: %.0f, %.0f, %.0f dots per cm² behind the line", edge, a, b, c)
		}
		soft = append(soft, density(2)/full)
	}
	if !(soft[0] > soft[1] && soft[1] > soft[2]) {
		t.Errorf("2 mm behind a hard, medium and soft edge: %.2f of the density", soft)
	}
}

// lost is how far the line of a receded head lies behind where it once was, more
// at the sides than in the middle, mm.
func lost(p headframe.Vec) float64 { return 25 + 1.4*math.Abs(p[0]) }

// receded is a head whose own front line stands far back and that is full behind.
func receded() *scalp.Model {
	s := headframe.Mean()
	return head(func(p headframe.Vec) float64 {
		if d, _ := s.NativeDistance(p); p[2] > 0 && d < lost(p) {
			return 0
		}
		return 1
	})
}

// TestOwnLine wants a line of the client's own kept where it is low enough, also
// on request, and nothing planned on a head that is full behind it.
func TestOwnLine(t *testing.T) {
	t.Parallel()
	m := head(everywhere(1))
	for _, a := range []string{"natural", "keep"} {
		d := designed(t, m, design.Options{Alternative: a})
		h := d.Hairline.Plan()
		own := m.Surface.Landmark(headframe.Trichion)
		if gap := h.Points[len(h.Points)/2].Sub(own).Norm(); h.Source != "kept" || gap > 10 || d.Nothing == "" {
			t.Errorf("%s: %s, %.0f mm from the client's own line; %q", a, h.Source, gap, d.Nothing)
		}
	}
	back := receded()
	rule := designed(t, back, design.Options{}).Hairline.Plan()
	if low := craft.HeightMen().Low; rule.Source != "proposed" || rule.HeightMM < low {
		t.Errorf("a line far back: %s at %.0f mm by rule", rule.Source, rule.HeightMM)
	}
	d := designed(t, back, design.Options{Alternative: "keep"})
	kept := d.Hairline.Plan()
	if kept.Source != "kept" || kept.HeightMM < rule.HeightMM+15 {
		t.Errorf("a line far back: asked to keep it %s at %.0f mm, by rule %.0f", kept.Source, kept.HeightMM, rule.HeightMM)
	}
	if area, _ := sums(back, d, func(p headframe.Vec) bool { return p[2] > 50 && math.Abs(p[0]) < 45 }); area > 0 {
		t.Errorf("a line far back that is kept: %.1f cm² of forehead planned", area)
	}
	for _, p := range kept.Points {
		if gap, _ := back.Surface.NativeDistance(p); p[2] > 10 && math.Abs(p[0]) < 40 && math.Abs(gap-lost(p)) > 10 {
			t.Errorf("the kept line is %.0f mm behind the native one at %v, the hair %.0f", gap, p, lost(p))
		}
	}
}

// cornered is a head whose front stands while both corners behind it are bare, as far
// as depth mm behind the native border.
func cornered(depth float64) *scalp.Model {
	s := headframe.Mean()
	return head(func(p headframe.Vec) float64 {
		d, _ := s.NativeDistance(p)
		if x := math.Abs(p[0]); p[2] > 0 && p[1] > 75 && x > 25 && d < depth {
			return 0
		}
		return 1
	})
}

// TestCorners wants deeply receded corners of a front that stays planned, on both
// sides and nowhere else, and those that most men have left alone.
func TestCorners(t *testing.T) {
	t.Parallel()
	m := cornered(45)
	d := designed(t, m, design.Options{})
	for _, side := range []float64{-1, 1} {
		area, _ := sums(m, d, func(p headframe.Vec) bool { return p[0]*side > 20 })
		if area < 4 {
			t.Errorf("%.1f cm² planned in a bare corner (side %g)", area, side)
		}
	}
	if area, _ := sums(m, d, func(p headframe.Vec) bool { return math.Abs(p[0]) < 15 || p[2] < -10 }); area > 0 {
		t.Errorf("%.1f cm² planned where the hair is full", area)
	}
	if d := designed(t, cornered(8), design.Options{}); d.Nothing == "" {
		t.Error("corners of 8 mm are planned")
	}
}

// TestDrawn wants a line that was drawn to be the line, and to go on as nature
// does where the drawing ends.
func TestDrawn(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	points := drawn(72, 0.9)
	h := designed(t, m, design.Options{Points: points}).Hairline.Plan()
	if h.Source != "wished" || math.Abs(h.HeightMM-72) > 1 {
		t.Errorf("%s at %.1f mm", h.Source, h.HeightMM)
	}
	for i, q := range points {
		if gap := nearest(h, q); gap > 1 {
			t.Errorf("drawn point %d is %.1f mm from the line", i+1, gap)
		}
	}
}

func nearest(h *plan.Hairline, q headframe.Vec) float64 {
	best := math.Inf(1)
	for i := 1; i < len(h.Points); i++ {
		a, ab := h.Points[i-1], h.Points[i].Sub(h.Points[i-1])
		f := max(0, min(1, q.Sub(a).Dot(ab)/ab.Dot(ab)))
		best = min(best, q.Sub(a.Add(ab.Mul(f))).Norm())
	}
	return best
}

// ragged is a head whose own front stays in places and is lost in others: the loss
// jumps by depth mm between strips of skin.
func ragged(depth, strip float64) *scalp.Model {
	s := headframe.Mean()
	return head(func(p headframe.Vec) float64 {
		back := 0.0
		if int(math.Floor(p[0]/strip))%2 != 0 {
			back = depth
		}
		if d, _ := s.NativeDistance(p); p[2] > 0 && d < back {
			return 0
		}
		return 1
	})
}

// TestJoin wants a line that can be drawn and cut out wherever it passes between
// the client's own and the ruled one.
func TestJoin(t *testing.T) {
	t.Parallel()
	for _, strip := range []float64{9, 25} {
		for _, depth := range []float64{14, 40} {
			m := ragged(depth, strip)
			f := headframe.NewFace(m.Surface)
			for _, choice := range []string{"natural", "keep"} {
				d, err := design.New(m, design.Options{Alternative: choice})
				if err != nil {
					continue // no front line to keep
				}
				points := d.Hairline.Plan().Points
				for i := 1; i < len(points); i++ {
					a, from := f.Angles(points[i-1])
					b, to := f.Angles(points[i])
					side := (b - a) * math.Sin((from+to)/2)
					if slope := math.Abs(to-from) / side; slope > 3.3 || side <= 0 {
						t.Errorf("%s, %g mm deep in strips of %g mm: slope %.1f at %v", choice, depth, strip, slope, points[i])
						break
					}
				}
			}
		}
	}
}
