package headframe_test

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
)

func ExampleSurface_Zone() {
	s := headframe.Mean()
	for _, name := range []string{headframe.Whorl, headframe.VertexPoint, headframe.Trichion, headframe.Occiput, headframe.Pronasale} {
		fmt.Printf("%s: %q\n", name, s.Zone(s.Landmark(name)))
	}
	// Output:
	// whorl: "vertex"
	// vertex: "mid_scalp"
	// trichion: "frontal_hairline"
	// occiput: "occipital"
	// pronasale: ""
}

// heads are heads as they occur, within two standard deviations.
func heads(t *rapid.T) headframe.Surface {
	shape := []float64{rapid.Float64Range(0.9, 1.1).Draw(t, "size")}
	for k := range headframe.ModeCount {
		shape = append(shape, rapid.Float64Range(-2, 2).Draw(t, fmt.Sprintf("mode %d", k+1)))
	}
	s, err := headframe.NewSurface(shape)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func directions(t *rapid.T) headframe.Vec {
	y := rapid.Float64Range(-1, 1).Draw(t, "y")
	sin, cos := math.Sincos(rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "turn"))
	r := math.Sqrt(1 - y*y)
	return headframe.Vec{r * sin, y, r * cos}
}

// TestZonesCoverTheScalp wants one known zone for every place that bears hair,
// and none far outside.
func TestZonesCoverTheScalp(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		p := s.Point(directions(t))
		d, _ := s.NativeDistance(p)
		zone := s.Zone(p)
		switch {
		case d >= 0 && !slices.Contains(headframe.Zones(), zone):
			t.Errorf("%v lies %.0f mm inside the scalp, in zone %q", p, d, zone)
		case d < -25.01 && zone != "":
			t.Errorf("%v lies %.0f mm outside the scalp, in zone %q", p, -d, zone)
		}
	})
}

// TestZonesMirror wants the other side of the head in the zone of the same name.
func TestZonesMirror(t *testing.T) {
	s := headframe.Mean()
	other := strings.NewReplacer("left", "right", "right", "left")
	rapid.Check(t, func(t *rapid.T) {
		p := s.Point(directions(t))
		q := headframe.Vec{-p[0], p[1], p[2]}
		if a, b := s.Zone(p), s.Zone(q); math.Abs(p[0]) > 0.5 && !borderline(s, p) && a != other.Replace(b) {
			t.Errorf("%v is in %q, its mirror image in %q", p, a, b)
		}
	})
}

// borderline reports whether another zone is within a millimetre or so.
func borderline(s headframe.Surface, p headframe.Vec) bool {
	for _, d := range []headframe.Vec{{1, 0, 0}, {-1, 0, 0}, {0, 1, 0}, {0, -1, 0}, {0, 0, 1}, {0, 0, -1}} {
		if s.Zone(p.Add(d)) != s.Zone(p) {
			return true
		}
	}
	return false
}

// TestZonesScale wants a larger head of the same shape split in the same way.
func TestZonesScale(t *testing.T) {
	s := headframe.Mean()
	large, err := headframe.NewSurface([]float64{1.15})
	if err != nil {
		t.Fatal(err)
	}
	rapid.Check(t, func(t *rapid.T) {
		dir := directions(t)
		p := s.Point(dir)
		d, sigma := s.NativeDistance(p)
		e, wide := large.NativeDistance(large.Point(dir))
		if math.Abs(e-1.15*d) > 1e-6 || math.Abs(wide-1.15*sigma) > 1e-9 {
			t.Errorf("%g ± %g mm inside, %g ± %g on a head 1.15 times as large", d, sigma, e, wide)
		}
		// the outer limit of 25 mm does not grow with the head
		if zone := s.Zone(p); d > -20 && !borderline(s, p) && large.Zone(large.Point(dir)) != zone {
			t.Errorf("%v is in %q, on a larger head in %q", p, zone, large.Zone(large.Point(dir)))
		}
	})
}

// TestZoneAreas wants the zones' skin to add up to that of the scalp, each with
// some, and sides alike.
func TestZoneAreas(t *testing.T) {
	s := headframe.Mean()
	areas, total, want := s.ZoneAreas(), 0.0, 0.0
	for _, z := range headframe.Zones() {
		if areas[z] < 10 {
			t.Errorf("%s has %.1f cm²", z, areas[z])
		}
		total += areas[z]
	}
	if len(areas) != len(headframe.Zones()) {
		t.Errorf("%d zones", len(areas))
	}
	m := s.Mesh(5)
	for i, p := range m.V {
		want += m.Area[i] / 100 * s.NativeScalp(p)
	}
	if math.Abs(total-want) > 0.01*want {
		t.Errorf("zones have %.1f cm², the scalp %.1f", total, want)
	}
	for left, right := range map[string]string{headframe.TemporalLeft: headframe.TemporalRight, headframe.ParietalLeft: headframe.ParietalRight} {
		if math.Abs(areas[left]-areas[right]) > 0.05*areas[left] {
			t.Errorf("%s %.1f cm², %s %.1f", left, areas[left], right, areas[right])
		}
	}
}

// TestNativeDistanceAgainstOutline compares with the nearest of many places of
// the outline.
func TestNativeDistanceAgainstOutline(t *testing.T) {
	s := headframe.Mean()
	var edge []headframe.Vec // directions
	line := s.NativeOutline()
	for i, a := range line {
		b := line[(i+1)%len(line)]
		for k := range 20 {
			edge = append(edge, s.Direction(a.Add(b.Sub(a).Mul(float64(k)/20))))
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		dir := directions(t)
		want := math.Inf(1)
		for _, e := range edge {
			want = min(want, e.Sub(dir).Norm())
		}
		want *= s.Radius(dir)
		got, sigma := s.NativeDistance(s.Point(dir))
		if math.Abs(math.Abs(got)-want) > 0.02*want+0.5 || !(sigma > 0) {
			t.Errorf("%v: %.2f mm, ± %.2f, the nearest place of the outline is %.2f away", dir, got, sigma, want)
		}
	})
}

// TestNativeSigns wants what everyone knows of hair on the right side.
func TestNativeSigns(t *testing.T) {
	s := headframe.Mean()
	for name, inside := range map[string]bool{
		headframe.VertexPoint: true, headframe.Whorl: true, headframe.Occiput: true,
		headframe.Glabella: false, headframe.Nasion: false, headframe.Pronasale: false, headframe.Menton: false,
		headframe.EyeOuterL: false, headframe.EyeOuterR: false, headframe.TragusL: false, headframe.TragusR: false,
	} {
		p := s.Landmark(name)
		d, _ := s.NativeDistance(p)
		if (d > 0) != inside || (s.NativeScalp(p) > 0.5) != inside {
			t.Errorf("%s lies %.1f mm inside, scalp with %.2f", name, d, s.NativeScalp(p))
		}
	}
	for i, p := range s.NativeOutline() {
		if d, _ := s.NativeDistance(p); math.Abs(d) > 0.01 {
			t.Errorf("outline point %d lies %.2f mm off it", i, d)
		}
	}
}

// TestNativeScalpIsNormal wants the share of heads with hair one spread inside
// and outside the average border.
func TestNativeScalpIsNormal(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		p := s.Point(directions(t))
		d, sigma := s.NativeDistance(p)
		want := 0.5 * (1 + math.Erf(d/sigma/math.Sqrt2))
		if got := s.NativeScalp(p); math.Abs(got-want) > 1e-12 || got < 0 || got > 1 {
			t.Errorf("%g at %g ± %g mm, want %g", got, d, sigma, want)
		}
	})
}

func TestLandmarks(t *testing.T) {
	s := headframe.Mean()
	names := s.Landmarks()
	at := func(name string) headframe.Vec { return s.Landmark(name) }
	if once := slices.Compact(slices.Sorted(slices.Values(names))); len(once) != len(names) || len(names) < 20 {
		t.Errorf("%d names, %d of them different", len(names), len(once))
	}
	for _, name := range names {
		if strings.HasSuffix(name, "_L") {
			l, r := at(name), at(strings.TrimSuffix(name, "L")+"R")
			if l[0] <= 0 || l.Sub(headframe.Vec{-r[0], r[1], r[2]}).Norm() > 0.5 {
				t.Errorf("%s at %v, its mirror image at %v", name, l, r)
			}
		}
		if at(name) == (headframe.Vec{}) {
			t.Errorf("%s has no place", name)
		}
	}
	if mid := at(headframe.TragusL).Add(at(headframe.TragusR)).Mul(0.5); mid.Norm() > 0.5 {
		t.Errorf("midway between the tragi is %v, not the origin", mid)
	}
	if s.Landmark("elbow") != (headframe.Vec{}) {
		t.Error("an elbow on the head")
	}
	top, back := at(headframe.VertexPoint), at(headframe.Occiput)
	for k := range 720 { // round the midline
		sin, cos := math.Sincos(float64(k) * degree / 2)
		p := s.Point(headframe.Vec{0, sin, cos})
		if p[1] > top[1]+0.5 || p[2] < back[2]-0.5 && !headframe.Neck(p) {
			t.Errorf("%v is above the vertex %v or behind the occiput %v", p, top, back)
		}
	}
}

// TestLandmarksFollow wants marks on the skin to stay on it on every head.
func TestLandmarksFollow(t *testing.T) {
	average := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		s := heads(t)
		for _, name := range []string{headframe.VertexPoint, headframe.Occiput, headframe.Whorl, headframe.Trichion, headframe.TempleL, headframe.Glabella} {
			was, _ := average.Height(average.Landmark(name))
			is, _ := s.Height(s.Landmark(name))
			if math.Abs(is-was) > 0.4+0.3*math.Abs(was) {
				t.Errorf("%s lies %.2f mm outside the skin, on the average head %.2f", name, is, was)
			}
		}
	})
}

func TestNeck(t *testing.T) {
	s := headframe.Mean()
	if headframe.Neck(s.Landmark(headframe.Occiput)) || headframe.Neck(s.Landmark(headframe.EarLobeL)) || !headframe.Neck(headframe.Vec{0, -120, 0}) {
		t.Error("occiput or ear lobe counts as neck, or the neck does not")
	}
}

func TestFaceRoundTrip(t *testing.T) {
	f := headframe.NewFace(headframe.Mean())
	rapid.Check(t, func(t *rapid.T) {
		psi, rho := rapid.Float64Range(-3.1, 3.1).Draw(t, "psi"), rapid.Float64Range(0.01, 2).Draw(t, "rho")
		p := f.Point(psi, rho)
		a, b := f.Angles(p)
		if apart(a, psi) > 1e-6 || math.Abs(b-rho) > 1e-9 {
			t.Errorf("(%g,%g) came back as (%g,%g)", psi, rho, a, b)
		}
		if side := math.Sin(psi); math.Abs(side) > 0.01 && (p[0] > 0) != (side > 0) {
			t.Errorf("psi %g lies at x = %g", psi, p[0])
		}
	})
}

// TestBelowIsNoScalp wants the neck's axis to be no part of the scalp, which a
// view from above lays on top of the vertex.
func TestBelowIsNoScalp(t *testing.T) {
	s := headframe.Mean()
	for _, dir := range []headframe.Vec{{0, -1, 0}, {1e-4, -1, 0}, {0, -1, -1e-3}, {0.01, -1, 0.01}, {0.1, -1, 0}} {
		p := s.Point(dir.Unit())
		if d, _ := s.NativeDistance(p); d > -25 || s.NativeScalp(p) > 0.01 || s.Zone(p) != "" {
			t.Errorf("%v lies %.0f mm inside the scalp, zone %q", p, d, s.Zone(p))
		}
	}
	for i, p := range s.NativeOutline() {
		if y := s.Direction(p)[1]; y < -0.95 {
			t.Errorf("outline point %d is nearly straight down: %g", i, y)
		}
	}
}

func TestBelowJaw(t *testing.T) {
	for _, c := range []struct {
		what string
		p    headframe.Vec
		want bool
	}{
		{"chin", headframe.Vec{0, -88, 84}, false},
		{"under the chin", headframe.Vec{0, -90, 55}, true},
		{"cheek", headframe.Vec{60, -40, 45}, false},
		{"jaw's angle", headframe.Vec{60, -60, 22}, false},
		{"neck under the ear", headframe.Vec{62, -45, -5}, true},
		{"ear lobe", headframe.Vec{75, -21, -5}, false},
		{"behind the ear", headframe.Vec{68, -15, -35}, false},
		{"nape", headframe.Vec{0, -60, -70}, true},
		{"throat", headframe.Vec{0, -130, 60}, true},
	} {
		if got := headframe.BelowJaw(c.p); got != c.want {
			t.Errorf("%s %v: below the jaw is %v", c.what, c.p, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		p := headframe.Vec{0, rapid.Float64Range(-150, 150).Draw(t, "y"), rapid.Float64Range(-120, 130).Draw(t, "z")}
		lower := headframe.Vec{0, p[1] - rapid.Float64Range(0, 50).Draw(t, "down"), p[2]}
		if headframe.BelowJaw(p) && !headframe.BelowJaw(lower) {
			t.Fatalf("%v is below the jaw, %v is not", p, lower)
		}
	})
}
