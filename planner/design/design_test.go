package design_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/design"
	"pointille/planner/plan"
	"pointille/planner/scalp"
)

// fullness is how much of its hair the average head has left at p, 0..1.
type fullness func(p headframe.Vec) float64

func everywhere(f float64) fullness { return func(headframe.Vec) float64 { return f } }

// patch is a round place without hair, whose hair comes back from radius to
// radius+rim, mm along a straight line from its middle.
func patch(middle headframe.Vec, radius, rim, inside float64) fullness {
	return func(p headframe.Vec) float64 {
		t := max(0, min(1, (p.Sub(middle).Norm()-radius)/rim))
		return inside + (1-inside)*t
	}
}

// fringe is a head that has kept the hair of its sides and back only.
func fringe(s headframe.Surface) fullness {
	return func(p headframe.Vec) float64 {
		switch s.Zone(p) {
		case headframe.ParietalLeft, headframe.ParietalRight, headframe.OccipitalZone:
			return 1
		}
		return 0
	}
}

// head is an average head on which photos showed the hair f all over.
func head(f fullness) *scalp.Model { return haired(headframe.Mean().Mesh(4), f) }

// coarse is head on a mesh of 10 mm.
func coarse(f fullness) *scalp.Model { return haired(headframe.Mean().Mesh(10), f) }

func haired(mesh *headframe.Mesh, f fullness) *scalp.Model {
	s := headframe.Mean()
	m := &scalp.Model{Surface: s, Mesh: mesh, Scale: scalp.Scale{Source: "card", Sigma: 0.02, Scaled: true}}
	for _, p := range mesh.V {
		bears := 0.0
		if d, _ := s.NativeDistance(p); d > 0 {
			bears = 1
		}
		m.Field.Seen, m.Field.Scalp = append(m.Field.Seen, 1), append(m.Field.Scalp, bears)
		m.Field.Hairs = append(m.Field.Hairs, bears*f(p)*craft.FullHairs().Value)
		m.Field.Coverage = append(m.Field.Coverage, bears*0.8*f(p))
	}
	return m
}

// hide makes places that no photo shows.
func hide(m *scalp.Model, hidden func(p headframe.Vec) bool) {
	for v, p := range m.Mesh.V {
		if hidden(p) {
			f := m.Field
			f.Seen[v], f.Scalp[v], f.Hairs[v], f.Coverage[v] = 0, m.Surface.NativeScalp(p), 0, 0
		}
	}
}

func designed(t testing.TB, m *scalp.Model, o design.Options) *design.Design {
	t.Helper()
	d, err := design.New(m, o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// sums adds up planned skin, cm², and dots over the mesh.
func sums(m *scalp.Model, d *design.Design, where func(p headframe.Vec) bool) (area, dots float64) {
	for v, p := range m.Mesh.V {
		if n := d.Dots(p); n > 0 && where(p) {
			area += m.Mesh.Area[v] / 100
			dots += m.Mesh.Area[v] * n
		}
	}
	return area, dots
}

func anywhere(headframe.Vec) bool { return true }

func ExampleNew() {
	d, err := design.New(head(everywhere(1)), design.Options{})
	fmt.Println(d.Nothing, err)
	// Output: The photos show no place that needs dots. <nil>
}

// TestNothing wants no dots where the hair is full, thins as nobody sees, or is
// gone from too small or too narrow a place.
func TestNothing(t *testing.T) {
	t.Parallel()
	whorl := headframe.Mean().Landmark(headframe.Whorl)
	for name, f := range map[string]fullness{
		"full":        everywhere(1),
		"a little":    patch(whorl, 40, 20, 0.7),
		"no core":     patch(whorl, 40, 20, 0.5),
		"small":       patch(whorl, 5, 3, 0),
		"narrow band": func(p headframe.Vec) float64 { return max(0, min(1, math.Abs(p[2])/5)) },
	} {
		m := head(f)
		d := designed(t, m, design.Options{Seed: 1})
		if area, dots := sums(m, d, anywhere); d.Nothing == "" || area != 0 || dots != 0 || len(d.Zones()) != 0 {
			t.Errorf("%s: %.0f dots on %.1f cm², %q", name, dots, area, d.Nothing)
		}
		if strings.Contains(d.Nothing, "0.0 cm²") || strings.Contains(d.Nothing, "Not seen") {
			t.Errorf("%s: %q", name, d.Nothing)
		}
	}
}

// TestCore wants the same loss planned where it is plain and wide enough.
func TestCore(t *testing.T) {
	t.Parallel()
	whorl := headframe.Mean().Landmark(headframe.Whorl)
	for _, inside := range []float64{0, 0.2, 0.3} {
		m := head(patch(whorl, 32, 12, inside))
		d := designed(t, m, design.Options{Seed: 1})
		area, dots := sums(m, d, anywhere)
		if want := math.Pi * 32 * 32 / 100; d.Nothing != "" || area < want || area > 2*want {
			t.Errorf("%g of the hair left on %.0f cm²: %.0f dots on %.0f cm², %q", inside, want, dots, area, d.Nothing)
		}
		if aside, _ := sums(m, d, func(p headframe.Vec) bool { return p.Sub(whorl).Norm() > 48 }); aside > 0 {
			t.Errorf("%g of the hair left: %.1f cm² planned in full hair", inside, aside)
		}
	}
}

// TestBaldTop wants about the whole top of a head planned on which only the fringe
// is left, less its rim, at the finished density, and nothing before the hairline.
func TestBaldTop(t *testing.T) {
	t.Parallel()
	m := head(fringe(headframe.Mean()))
	d := designed(t, m, design.Options{Seed: 3})
	top := 0.0
	bald := fringe(m.Surface)
	line := planned(d)
	for v, p := range m.Mesh.V {
		if bald(p) == 0 && m.Field.Scalp[v] == 1 && line.behind(p) > 0 {
			top += m.Mesh.Area[v] / 100
		}
	}
	area, dots := sums(m, d, func(p headframe.Vec) bool { return bald(p) == 0 })
	if area < 0.85*top || area > 1.15*top {
		t.Errorf("%.0f cm² planned of a bald top of %.0f", area, top)
	}
	if per := dots / area; per < 0.75*craft.DotDensity().Value || per > craft.DotDensity().Value {
		t.Errorf("%.0f dots per cm²", per)
	}
	total := 0.0
	for _, z := range d.Zones() {
		total += z.AreaCM2
		if z.AreaCM2 <= 0 || z.SigmaCM2 <= 0 || z.TargetPerCM2 < z.ExistingPerCM2/craft.HairsPerUnit().Value-1e-9 || !slices.Contains(headframe.Zones(), z.Name) {
			t.Errorf("%+v", z)
		}
	}
	if all, _ := sums(m, d, anywhere); math.Abs(total-all) > 1e-6 {
		t.Errorf("zones add up to %.2f cm² of %.2f", total, all)
	}
	for _, p := range m.Mesh.V {
		if line.behind(p) < -1 && d.Dots(p) > 0 {
			t.Fatalf("%.0f dots per cm² at %v, %.1f mm before the line", 100*d.Dots(p), p, -line.behind(p))
		}
	}
}

// TestLowerBorder wants the rim of the scalp around ears and nape left as it is
// even on a head without a hair: there all hair thins out.
func TestLowerBorder(t *testing.T) {
	t.Parallel()
	m := head(everywhere(0))
	d := designed(t, m, design.Options{})
	face, inner := headframe.NewFace(m.Surface), 0
	for _, p := range m.Mesh.V {
		if psi, _ := face.Angles(p); math.Abs(psi) < 100*math.Pi/180 {
			continue
		}
		gap, _ := m.Surface.NativeDistance(p)
		if gap > 30 && d.Dots(p) > 0 {
			inner++
		}
		if gap < 9 && d.Dots(p) > 0 { // 14 mm less the smoothing of the mesh
			t.Fatalf("%.0f dots per cm² at %v, %.0f mm from the lower border", 100*d.Dots(p), p, gap)
		}
	}
	if inner < 200 {
		t.Errorf("only %d places further in are planned", inner)
	}
}

// outline is a planned hairline, looked at without the code that drew it: which
// of its points lies in the direction of p from the face.
type outline struct {
	face   headframe.Face
	centre headframe.Vec
	psi    []float64
	rho    []float64
}

func planned(d *design.Design) outline {
	s := headframe.Mean()
	o := outline{face: headframe.NewFace(s), centre: s.Centre()}
	for _, p := range d.Hairline.Plan().Points {
		psi, rho := o.face.Angles(p)
		o.psi, o.rho = append(o.psi, psi), append(o.rho, rho)
	}
	return o
}

// behind is how far p lies behind the line on the way from the face, mm.
func (o outline) behind(p headframe.Vec) float64 {
	psi, rho := o.face.Angles(p)
	i, found := slices.BinarySearch(o.psi, psi)
	if found {
		return (rho - o.rho[i]) * p.Sub(o.centre).Norm()
	}
	if i == 0 || i == len(o.psi) {
		return math.Inf(1)
	}
	f := (psi - o.psi[i-1]) / (o.psi[i] - o.psi[i-1])
	return (rho - o.rho[i-1]*(1-f) - o.rho[i]*f) * p.Sub(o.centre).Norm()
}

// TestMeetsHair walks from bald skin into full hair and wants the dots to thin
// out as the hair comes, neither with a step nor on full hair.
func TestMeetsHair(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	whorl := s.Landmark(headframe.Whorl)
	f := patch(whorl, 25, 30, 0)
	m := head(f)
	d := designed(t, m, design.Options{Seed: 1})
	for k := range 24 {
		sin, cos := math.Sincos(2 * math.Pi * float64(k) / 24)
		last, most := math.Inf(1), 0.0
		for r := 0.0; r < 75; r += 0.5 {
			p, _ := s.Project(whorl.Add(headframe.Vec{r * sin, 0, r * cos}))
			dots := 100 * d.Dots(p)
			if p[2] > 40 { // the hairline has an edge of its own
				break
			}
			if dots > 0 && dots < 8-1e-9 {
				t.Fatalf("direction %d: %.1f dots per cm² at %.1f mm, so few that each is a blemish", k, dots, r)
			}
			if dots > last+6 {
				t.Fatalf("direction %d: %.0f dots per cm² at %.1f mm, %.0f before", k, dots, r, last)
			}
			if r > 0 && last-dots > 15 {
				t.Fatalf("direction %d: from %.0f to %.0f dots per cm² at %.1f mm", k, last, dots, r)
			}
			if f(p) > 0.75 && dots > 0 {
				t.Fatalf("direction %d: %.0f dots per cm² where %.0f %% of the hair is left", k, dots, 100*f(p))
			}
			most, last = max(most, dots), dots
		}
		if most < 100 {
			t.Errorf("direction %d: at most %.0f dots per cm²", k, most)
		}
	}
}

// TestNoMoreThanWanted wants dots and hair together to stay at the finished
// density, whatever hair there is.
func TestNoMoreThanWanted(t *testing.T) {
	t.Parallel()
	mesh := headframe.Mean().Mesh(16)
	rapid.Check(t, func(t *rapid.T) {
		waves := rapid.SliceOfN(rapid.Float64Range(-0.1, 0.1), 3, 3).Draw(t, "waves")
		level, per := rapid.Float64Range(0, 0.6).Draw(t, "level"), rapid.Float64Range(20, 300).Draw(t, "per cm²")
		hair := func(p headframe.Vec) float64 {
			return max(0, min(1, level+0.5*math.Sin(waves[0]*p[0]+waves[1]*p[1]+waves[2]*p[2])))
		}
		m := haired(mesh, hair)
		d, err := design.New(m, design.Options{PerCM2: per, Look: plan.Density})
		if err != nil {
			t.Fatal(err)
		}
		for _, p := range m.Mesh.V {
			n := 100 * d.Dots(p)
			if !(n >= 0) || n > per+1e-6 || n > 0 && n < 8-1e-9 {
				t.Fatalf("%.2f dots per cm² at %v, wanted are %.0f", n, p, per)
			}
		}
	})
}

// TestUnseen wants no dots where no photo shows the scalp, and those parts named.
func TestUnseen(t *testing.T) {
	t.Parallel()
	m := head(fringe(headframe.Mean()))
	back := func(p headframe.Vec) bool { return p[2] < -25 }
	whole := designed(t, m, design.Options{Seed: 1})
	wantArea, _ := sums(m, whole, func(p headframe.Vec) bool { return !back(p) && m.Surface.Zone(p) == headframe.MidScalp })
	hide(m, back)
	d := designed(t, m, design.Options{Seed: 1})
	if area, _ := sums(m, d, func(p headframe.Vec) bool { return p[2] < -33 }); area > 0 {
		t.Errorf("%.1f cm² planned where nothing is seen", area)
	}
	if area, _ := sums(m, d, func(p headframe.Vec) bool { return !back(p) && m.Surface.Zone(p) == headframe.MidScalp }); math.Abs(area-wantArea) > 0.03*wantArea {
		t.Errorf("%.1f cm² planned where it is seen, with all seen %.1f", area, wantArea)
	}
	zones := d.Unseen.Zones()
	if !slices.Contains(zones, headframe.VertexZone) || slices.Contains(zones, headframe.FrontalHairline) || d.Unseen.AreaCM2 < 60 {
		t.Errorf("unseen: %.0f cm² in %v", d.Unseen.AreaCM2, zones)
	}
	full := head(everywhere(1))
	hide(full, back)
	d = designed(t, full, design.Options{Seed: 1})
	for _, want := range []string{"The photos show no place that needs dots. Not seen, or not wholly: ", "vertex", "parietal on both sides", "is not known."} {
		if !strings.Contains(d.Nothing, want) {
			t.Errorf("%q, want %q in it", d.Nothing, want)
		}
	}
	hide(full, func(p headframe.Vec) bool { return p[2] < -25 || p[0] > 0 })
	d = designed(t, full, design.Options{Seed: 1})
	if words := d.Unseen.Words(); !strings.Contains(words, "temporal left") || strings.Contains(words, "temporal right") || strings.Contains(words, "temporal on") {
		t.Errorf("one side hidden: %q", words)
	}
}

// TestZoneWishes wants densities by zone met and the others left alone.
func TestZoneWishes(t *testing.T) {
	t.Parallel()
	m := head(fringe(headframe.Mean()))
	d := designed(t, m, design.Options{PerCM2: 100, ZonePerCM2: map[string]float64{headframe.VertexZone: 0, headframe.MidScalp: 60}})
	got := map[string]plan.Zone{}
	for _, z := range d.Zones() {
		got[z.Name] = z
	}
	whorl := m.Surface.Landmark(headframe.Whorl)
	if area, _ := sums(m, d, func(p headframe.Vec) bool { return p.Sub(whorl).Norm() < 36 }); area > 0 {
		t.Errorf("%.1f cm² planned in a vertex without dots", area)
	}
	if z := got[headframe.MidScalp]; math.Abs(z.TargetPerCM2-60) > 6 {
		t.Errorf("mid scalp: %.1f per cm², wanted are 60", z.TargetPerCM2)
	}
	if z := got[headframe.Frontal]; math.Abs(z.TargetPerCM2-100) > 6 {
		t.Errorf("frontal: %.1f per cm², wanted are 100", z.TargetPerCM2)
	}
}

// TestLooks wants a hairline only where the whole head is shaved, and patches
// filled without it.
func TestLooks(t *testing.T) {
	t.Parallel()
	middle := headframe.Mean().Point(headframe.Vec{0.5, 0.86, 0.1}.Unit())
	m := head(patch(middle, 18, 6, 0))
	for _, look := range []string{plan.Density, plan.Patch, plan.Scar} {
		d := designed(t, m, design.Options{Look: look})
		area, _ := sums(m, d, anywhere)
		if want := math.Pi * 18 * 18 / 100; d.Hairline != nil || d.Look != look || area < 0.8*want || area > 2*want {
			t.Errorf("%s: %.1f cm² of %.1f planned, hairline %v", look, area, want, d.Hairline != nil)
		}
		if aside, _ := sums(m, d, func(p headframe.Vec) bool { return p.Sub(middle).Norm() > 28 }); aside > 0 {
			t.Errorf("%s: %.1f cm² planned beside the patch", look, aside)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	for want, o := range map[string]design.Options{
		"density -1 per cm²":               {PerCM2: -1},
		"density 401 per cm²":              {PerCM2: 401},
		"density NaN per cm²":              {PerCM2: math.NaN()},
		"for vertex: must lie":             {ZonePerCM2: map[string]float64{headframe.VertexZone: 500}},
		"hairline height 39 mm":            {HeightMM: 39},
		"hairline height 141 mm":           {HeightMM: 141},
		"no front hairline to keep":        {Alternative: "keep"},
		"hairline of 2 points":             {Points: drawn(80, 0.3)[:2]},
		"point 3 lies 100 mm off the head": {Points: moved(drawn(80, 0.3), 2, 100)},
		"hairline point 2 lies NaN mm off": {Points: moved(drawn(80, 0.3), 1, math.NaN())},
		"point 2 turns back on point 1":    {Points: reversed(drawn(80, 0.3))},
	} {
		if d, err := design.New(m, o); err == nil || d != nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// drawn is a level line on the average head, mm above the glabella, as far as
// psi to both sides.
func drawn(height, psi float64) (out []headframe.Vec) {
	s := headframe.Mean()
	f := headframe.NewFace(s)
	_, rho := f.Angles(climb(s, height))
	for k := -4; k <= 4; k++ {
		out = append(out, f.Point(psi*float64(k)/4, rho))
	}
	return out
}

// climb walks up the middle of the forehead from the glabella, mm along the skin.
func climb(s headframe.Surface, mm float64) headframe.Vec {
	p, _ := s.Project(s.Landmark(headframe.Glabella))
	for range int(mm / 0.05) {
		n := s.Normal(s.Direction(p))
		p, _ = s.Project(p.Add(headframe.Vec{0, n[2], -n[1]}.Unit().Mul(0.05)))
	}
	return p
}

func moved(points []headframe.Vec, i int, mm float64) []headframe.Vec {
	points[i] = points[i].Add(points[i].Sub(headframe.Mean().Centre()).Unit().Mul(mm))
	return points
}

func reversed(points []headframe.Vec) []headframe.Vec {
	slices.Reverse(points)
	return points
}

func TestSameSeed(t *testing.T) {
	t.Parallel()
	m := coarse(everywhere(0))
	line := func(seed uint64) *plan.Hairline { return designed(t, m, design.Options{Seed: seed}).Hairline.Plan() }
	if diff := cmp.Diff(line(7), line(7)); diff != "" {
		t.Errorf("the same seed gives another line:\n%s", diff)
	}
	if cmp.Equal(line(7).Points, line(8).Points) {
		t.Error("two seeds give the same line")
	}
}
