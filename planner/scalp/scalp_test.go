package scalp_test

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"gonum.org/v1/gonum/mat"
	"pgregory.net/rapid"

	"pointille/internal/headframe"
	"pointille/internal/headtest"
	"pointille/planner/scalp"
	"pointille/vision/survey"
)

const (
	width, height = 100, 134
	mmPerPx       = 3.0
	full          = 180 // hairs per cm²
	stubble       = 80  // coverage of a shaved head
	edge          = 6   // mm, of the meshes
)

func hairy(headframe.Vec) headtest.Hair { return headtest.Hair{PerCM2: full, Cover: stubble} }

// photo is what a survey says that took the camera for start where it was cam.
func photo(s headframe.Surface, cam, start headframe.Camera, hair func(headframe.Vec) headtest.Hair) scalp.Photo {
	w, h := int(2*cam.CX+1.5), int(2*cam.CY+1.5)
	m := headtest.Draw(s, cam, w, h, hair)
	return scalp.Photo{
		Survey: &survey.Survey{
			View: survey.View{Name: survey.Front}, Photo: survey.Photo{Name: "a.jpg", Width: w, Height: h},
			Camera: &survey.Camera{Camera: start}, Scale: survey.Scale{Source: "none"},
		},
		Regions: m.Regions, Hair: m.Hair, Density: m.Density,
	}
}

func around(s headframe.Surface, azimuth, elevation float64) headframe.Camera {
	return headtest.Around(s, azimuth, elevation, 600, mmPerPx, width, height)
}

// coarse is around with pixels twice as large, for what needs no fine picture.
func coarse(s headframe.Surface, azimuth, elevation float64) headframe.Camera {
	return headtest.Around(s, azimuth, elevation, 600, 2*mmPerPx, width/2, height/2)
}

// askew is a camera as a survey may have found it, 25 mm off on the scalp.
func askew(c headframe.Camera) headframe.Camera {
	return c.Moved(headframe.Vec{0.08, -0.08, 0.05}, headframe.Vec{10, 10, 0}, 0.05)
}

func fit(t *testing.T, o scalp.Options, photos ...scalp.Photo) *scalp.Model {
	t.Helper()
	o.EdgeMM = edge
	m, err := scalp.Fit(context.Background(), photos, o)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func shaped(t *testing.T, shape ...float64) headframe.Surface {
	t.Helper()
	s, err := headframe.NewSurface(shape)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func ExampleFit() {
	lost := scalp.Photo{Survey: &survey.Survey{}}
	_, err := scalp.Fit(context.Background(), []scalp.Photo{lost}, scalp.Options{})
	fmt.Println(errors.Is(err, scalp.ErrUnplaced), err)
	// Output: true no photo could be placed on a head: too little of the head is seen to place it
}

// TestTwoViews wants two photos to put each other right: the cameras back near
// where they were, the head nearer to the true one than the average is.
func TestTwoViews(t *testing.T) {
	t.Parallel()
	for _, modes := range [][]float64{{1, -1, 1, -1}} {
		truth := shaped(t, modes...)
		cams := []headframe.Camera{around(truth, 0, 20), around(truth, 80, 15)}
		m := fit(t, scalp.Options{}, photo(truth, cams[0], askew(cams[0]), hairy), photo(truth, cams[1], askew(cams[1]), hairy))
		for i, cam := range cams {
			before, after := headtest.Off(truth, cam, askew(cam)), headtest.Off(truth, cam, m.Views[i].Camera)
			if after > 8 || after > before/2 || !m.Views[i].Used || m.Views[i].ErrorPx > 1.5 {
				t.Errorf("shape %v, view %d: from %.1f mm off to %.1f; %+v", modes, i, before, after, m.Views[i].Why)
			}
		}
		if m.ErrorMM > 2 {
			t.Errorf("shape %v: %.1f mm from the outlines", modes, m.ErrorMM)
		}
	}
}

// TestShape wants a head that is not average, seen from four sides by cameras
// that are nearly right, to be found.
func TestShape(t *testing.T) {
	t.Parallel()
	truth := shaped(t, 1, 1.5, -1)
	var photos []scalp.Photo
	for _, v := range [][2]float64{{0, 20}, {90, 10}, {-90, 10}, {0, 80}} {
		cam := around(truth, v[0], v[1])
		photos = append(photos, photo(truth, cam, cam.Moved(headframe.Vec{0.02, 0.03, 0}, headframe.Vec{3, -3, 0}, 0), hairy))
	}
	m := fit(t, scalp.Options{}, photos...)
	before, after := apart(truth, headframe.Mean()), apart(truth, m.Surface)
	if after > 2.3 || after > 0.75*before {
		t.Errorf("the scalp is %.2f mm off, that of an average head %.2f; shape %.2f", after, before, m.Surface.Shape)
	}
}

// apart is how two heads' scalps differ but for size, place and turn: the RMS of
// what is left of their distance, mm, once the best of those has been taken off.
func apart(a, b headframe.Surface) float64 {
	var rows, h []float64
	for _, p := range a.Mesh(12).V {
		if d, _ := a.NativeDistance(p); d < 0 {
			continue
		}
		out, n := b.Height(p)
		e := p.Sub(a.Centre())
		turn := e.Cross(n)
		rows = append(rows, e.Dot(n), n[0], n[1], n[2], turn[0], turn[1], turn[2])
		h = append(h, out)
	}
	var best mat.VecDense
	of, off := mat.NewDense(len(h), 7, rows), mat.NewVecDense(len(h), h)
	if err := best.SolveVec(of, off); err != nil {
		return math.NaN()
	}
	var rest mat.VecDense
	rest.MulVec(of, &best)
	rest.SubVec(off, &rest)
	return mat.Norm(&rest, 2) / math.Sqrt(float64(len(h)))
}

// upsideDown is a photo turned by half a turn whose survey did not notice.
func upsideDown(p scalp.Photo) scalp.Photo {
	slices.Reverse(p.Regions.Pix)
	slices.Reverse(p.Hair.Pix)
	for i, j := 0, len(p.Density.Pix)-2; i < j; i, j = i+2, j-2 {
		a, b := p.Density.Pix[i:i+2], p.Density.Pix[j:j+2]
		a[0], a[1], b[0], b[1] = b[0], b[1], a[0], a[1]
	}
	return p
}

// TestOneBadPhoto wants a photo that fits no head with the others to be left out
// with a reason, and the rest to be just what it is without it.
func TestOneBadPhoto(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	front, left, crown := coarse(s, 0, 20), coarse(s, 80, 15), coarse(s, 180, 40)
	good := []scalp.Photo{photo(s, front, askew(front), hairy), photo(s, left, askew(left), hairy)}
	want := fit(t, scalp.Options{}, good...)
	for name, bad := range map[string]scalp.Photo{
		"upside down": upsideDown(photo(s, left, left, hairy)),
		"mislabelled": photo(s, front, crown, hairy),
	} {
		got := fit(t, scalp.Options{}, good[0], bad, good[1])
		v := got.Views[1]
		if v.Used || v.Why == "" || !got.Views[0].Used || !got.Views[2].Used {
			t.Errorf("%s: used %v (%s)", name, v.Used, v.Why)
			continue
		}
		if diff := cmp.Diff(want.Surface.Shape, got.Surface.Shape) + cmp.Diff(want.Views[1].Camera, got.Views[2].Camera) + cmp.Diff(want.Field, got.Field); diff != "" {
			t.Errorf("%s: the others changed (-without +with):\n%s", name, diff)
		}
	}
}

func TestRefused(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	left := coarse(s, 80, 15)
	bare, lost := photo(s, left, left, hairy), photo(s, left, left, hairy)
	bare.Hair = nil
	lost.Survey.Camera = nil
	near := photo(s, left, left, hairy)
	near.Survey.Camera = &survey.Camera{Camera: left.Moved(headframe.Vec{}, headframe.Vec{90, 0, -250}, 2.5)} // a patch of skin fills the picture
	for want, p := range map[string]scalp.Photo{
		"maps are missing": bare, "too little of the head": lost, "a.jpg: hardly any": near, "a.jpg: only": upsideDown(photo(s, left, left, hairy)),
	} {
		if _, err := scalp.Fit(context.Background(), []scalp.Photo{p}, scalp.Options{EdgeMM: edge}); !errors.Is(err, scalp.ErrUnplaced) || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q in it", err, want)
		}
	}
}

// TestPixelsAndSkin wants a pixel of the head to lead to skin that the same view
// shows there, and only skin that nothing hides to lead back.
func TestPixelsAndSkin(t *testing.T) {
	t.Parallel()
	s := shaped(t, 1, 1, -1)
	cams := []headframe.Camera{around(s, 30, 25), around(s, -100, 30)}
	m := fit(t, scalp.Options{}, photo(s, cams[0], cams[0], hairy), photo(s, cams[1], cams[1], hairy))
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.IntRange(0, 1).Draw(t, "view")
		turn, r := rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "turn"), rapid.Float64Range(0, 22).Draw(t, "r")
		x, y := width/2+r*math.Cos(turn), height/2+r*math.Sin(turn)
		p, ok := m.Unproject(v, x, y)
		if !ok {
			t.Fatalf("(%.1f,%.1f) shows no head", x, y)
		}
		if u, w, _ := m.Views[v].Camera.Project(p); math.Hypot(u-x, w-y) > 0.02 {
			t.Fatalf("(%.1f,%.1f) shows %v, which lies at (%.1f,%.1f)", x, y, p, u, w)
		}
		if h, _ := m.Surface.Height(p); math.Abs(h) > 0.05 {
			t.Fatalf("(%.1f,%.1f) shows a place %.2f mm off the skin", x, y, h)
		}
	})
	counts := map[bool]int{}
	for v := range m.Views {
		for i, p := range m.Mesh.V {
			n := m.Mesh.N[i]
			visible := m.Visible(v, p, n)
			counts[visible]++
			if way := m.Views[v].Camera.Eye().Sub(p).Unit(); n.Dot(way) < -0.5 && m.Visible(v, p, way) {
				t.Fatalf("view %d: %v is seen through the head", v, p)
			}
			if want, sure := inSight(m, v, p, n); sure && want != visible {
				t.Fatalf("view %d: %v visible %v, by search %v", v, p, visible, want)
			}
			x, y, _ := m.Views[v].Camera.Project(p)
			q, ok := m.Unproject(v, x, y)
			if back := ok && q.Sub(p).Norm() < 2; visible && !back {
				t.Fatalf("view %d: %v is visible and (%.1f,%.1f) shows %v", v, p, x, y, q)
			}
		}
	}
	if counts[true] < 1000 || counts[false] < 1000 {
		t.Errorf("visible and not: %v", counts)
	}
}

// inSight walks from the skin to the camera and looks whether it meets the head.
// It is not sure near the limits of Visible.
func inSight(m *scalp.Model, v int, p, n headframe.Vec) (ok, sure bool) {
	way := m.Views[v].Camera.Eye().Sub(p)
	cos := n.Dot(way.Unit())
	if math.Abs(cos-0.17) < 0.02 {
		return false, false
	}
	if cos < 0.17 {
		return false, true
	}
	deepest := 0.0
	for d := 6.0; d < 300; d += 1.5 {
		h, _ := m.Surface.Height(p.Add(way.Unit().Mul(d)))
		deepest = min(deepest, h)
	}
	return deepest > -0.2, deepest > -0.2 || deepest < -2
}

// TestCaps wants the skin of round patches to have the area that the surface has
// there, summed up over directions.
func TestCaps(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	cam := around(s, 0, 60)
	m := fit(t, scalp.Options{}, photo(s, cam, cam, hairy))
	fine := m.Surface.Mesh(3)
	for _, degrees := range []float64{12, 25, 40} {
		for _, axis := range []headframe.Vec{{0, 1, 0}, {0, 0.8, -0.6}, {0.6, 0.8, 0}} {
			cos, got := math.Cos(degrees*math.Pi/180), 0.0
			for i, p := range fine.V {
				if m.Surface.Direction(p).Dot(axis) > cos {
					got += fine.Area[i]
				}
			}
			// Cells on the rim, 3 mm wide, are in or out as a whole: some of them in a small patch.
			want := capArea(m.Surface, axis, degrees*math.Pi/180)
			if rim := 6 * math.Sqrt(math.Pi*want) / 2; math.Abs(got-want) > 0.005*want+rim*0.25 {
				t.Errorf("%g° about %v: %.0f mm², by summing up %.0f", degrees, axis, got, want)
			}
		}
	}
}

// capArea adds up small quadrilaterals between directions around an axis.
func capArea(s headframe.Surface, axis headframe.Vec, radius float64) (sum float64) {
	across := axis.Cross(headframe.Vec{0.3, -0.2, 0.9}).Unit()
	along := axis.Cross(across)
	at := func(r, a float64) headframe.Vec {
		out := across.Mul(math.Cos(a)).Add(along.Mul(math.Sin(a)))
		return s.Point(axis.Mul(math.Cos(r)).Add(out.Mul(math.Sin(r))))
	}
	const rings, spokes = 60, 120
	for i := range rings {
		for k := range spokes {
			r0, r1 := radius*float64(i)/rings, radius*float64(i+1)/rings
			a0, a1 := 2*math.Pi*float64(k)/spokes, 2*math.Pi*float64(k+1)/spokes
			sum += at(r1, a1).Sub(at(r0, a0)).Cross(at(r1, a0).Sub(at(r0, a1))).Norm() / 2
		}
	}
	return sum
}

// TestMeasuredHead wants a head to have the sizes that were taken of it, taken
// again here with a long string and wide callipers.
func TestMeasuredHead(t *testing.T) {
	t.Parallel()
	s := shaped(t, 1, 0.5)
	front := coarse(s, 0, 20)
	photos := []scalp.Photo{photo(s, front, front, hairy)}
	for name, tt := range map[string]struct {
		taken   scalp.Measured
		want    float64
		measure func(headframe.Surface) float64
	}{
		"circumference": {scalp.Measured{CircumferenceMM: 585}, 585, girth},
		"length":        {scalp.Measured{LengthMM: 210}, 210, length},
		"breadth":       {scalp.Measured{BreadthMM: 145}, 145, breadth},
		"over the top":  {scalp.Measured{GlabellaToVertexMM: 150}, 150, overTheTop},
	} {
		m := fit(t, scalp.Options{Measured: tt.taken}, photos...)
		if got := tt.measure(m.Surface); math.Abs(got/tt.want-1) > 0.005 {
			t.Errorf("%s: %.1f mm, the model has %.1f", name, tt.want, got)
		}
		if !m.Scale.Scaled || m.Scale.Source != "given" || !(m.Scale.Sigma > 0.005 && m.Scale.Sigma < 0.05) {
			t.Errorf("%s: scale %+v", name, m.Scale)
		}
	}
	both := fit(t, scalp.Options{Measured: scalp.Measured{CircumferenceMM: 540, LengthMM: 220}}, photos...)
	if a, b := girth(both.Surface), length(both.Surface); !(a > 542 && a < 565 && b < 215) {
		t.Errorf("a tape's 540 mm and callipers' 220 mm give %.0f and %.0f", a, b)
	}
}

// girth is the way round the head above the brows, by the skin in each direction
// at that height.
func girth(s headframe.Surface) float64 {
	y := s.Landmark(headframe.Glabella)[1] + 12
	var ring []headframe.Vec
	for k := range 360 {
		sin, cos := math.Sincos(float64(k) * math.Pi / 180)
		r := 20.0
		for h := -1.0; h < -0.01; r -= h / 2 {
			h, _ = s.Height(headframe.Vec{r * sin, y, r * cos})
		}
		ring = append(ring, headframe.Vec{r * sin, y, r * cos})
	}
	sum := 0.0
	for i, p := range ring {
		sum += p.Sub(ring[(i+1)%len(ring)]).Norm()
	}
	return sum
}

func length(s headframe.Surface) (most float64) {
	for _, p := range s.Mesh(3).V {
		if p[1] > 0 {
			most = max(most, p.Sub(s.Landmark(headframe.Glabella)).Norm())
		}
	}
	return most
}

func breadth(s headframe.Surface) float64 {
	left, right := 0.0, 0.0
	for _, p := range s.Mesh(3).V {
		if p[1] > s.Landmark(headframe.EarTopL)[1] {
			left, right = max(left, p[0]), min(right, p[0])
		}
	}
	return left - right
}

// overTheTop follows the middle of the head from the glabella up as long as it
// rises.
func overTheTop(s headframe.Surface) (sum float64) {
	p, _ := s.Project(s.Landmark(headframe.Glabella))
	for {
		n := s.Normal(s.Direction(p))
		q, _ := s.Nearest(p.Add(headframe.Vec{0, n[2], -n[1]}.Unit().Mul(0.5)))
		if q[1] <= p[1] {
			return sum
		}
		sum, p = sum+q.Sub(p).Norm(), q
	}
}

// TestCard wants a measured scale to size the head, less what is known of heads
// speaks against it, and one that no head has to be passed over.
func TestCard(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	cam := around(s, 0, 20)
	for _, tt := range []struct {
		size, sigma float64 // of the card's scale, relative to an average head's
		source      string
		low, high   float64 // of the head
	}{
		{1.08, 0.01, "card", 1.03, 1.08}, {1.08, 0.2, "card", 1, 1.01}, {1.9, 0.01, "head", 1, 1},
	} {
		p := photo(s, cam, cam, hairy)
		at := [2]float64{width / 2, height / 3}
		q, ok := s.Intersect(cam.Eye(), cam.Ray(at[0], at[1]))
		if !ok {
			t.Fatal("the card is beside the head")
		}
		px := tt.size * cam.MMPerPx(q)
		p.Survey.Scale = survey.Scale{Source: "card", MMPerPx: px, Sigma: tt.sigma * px, At: at}
		m := fit(t, scalp.Options{}, p)
		if got := m.Surface.Shape[0]; got < tt.low-0.012 || got > tt.high+0.012 || m.Scale.Source != tt.source || m.Scale.Scaled != (tt.source == "card") {
			t.Errorf("card %g times too large: head %.3f, %+v", tt.size, got, m.Scale)
		}
		if got := m.Views[0].Camera.MMPerPx(m.Surface.Centre()) / m.Surface.Shape[0]; math.Abs(got/mmPerPx-1) > 0.03 {
			t.Errorf("card %g times too large: the camera sees %.2f mm of an average head per pixel", tt.size, got)
		}
	}
}

// TestField wants each vertex to hold what the photos show there, and the average
// head's belief where none does.
func TestField(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	half := func(p headframe.Vec) headtest.Hair { // hair on the client's left only
		if p[0] < 0 {
			return headtest.Hair{}
		}
		return hairy(p)
	}
	cam := around(s, 0, 50)
	m := fit(t, scalp.Options{}, photo(s, cam, cam, half))
	seen, unseen := 0, 0
	for v, p := range m.Mesh.V {
		f := m.Field
		if f.Seen[v] == 0 {
			unseen++
			if f.Hairs[v] != 0 || f.Sigma[v] < 50 || f.Scalp[v] != m.Surface.NativeScalp(p) {
				t.Fatalf("unseen %v: %g ± %g hairs, scalp %g", p, f.Hairs[v], f.Sigma[v], f.Scalp[v])
			}
			continue
		}
		if d, _ := s.NativeDistance(p); d < 12 || math.Abs(p[0]) < 12 || f.Seen[v] < 0.1 {
			continue // borders, where a few mm tell
		}
		seen++
		want := half(p)
		if math.Abs(f.Hairs[v]-want.PerCM2) > 1 || math.Abs(f.Coverage[v]-float64(want.Cover)/255) > 0.01 || f.Scalp[v] != 1 {
			t.Fatalf("%v: %g hairs, coverage %g, scalp %g", p, f.Hairs[v], f.Coverage[v], f.Scalp[v])
		}
	}
	if seen < 200 || unseen < 200 {
		t.Errorf("%d vertices seen, %d not", seen, unseen)
	}
}

// TestSquarerViewCountsMore wants two photos that disagree to be weighed by how
// squarely they see a place.
func TestSquarerViewCountsMore(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	half := func(headframe.Vec) headtest.Hair { return headtest.Hair{PerCM2: full / 2, Cover: stubble / 2} }
	front, left := around(s, 0, 30), around(s, 90, 30)
	m := fit(t, scalp.Options{}, photo(s, front, front, hairy), photo(s, left, left, half))
	cos := func(view, v int) float64 {
		return m.Mesh.N[v].Dot(m.Views[view].Camera.Eye().Sub(m.Mesh.V[v]).Unit())
	}
	n := 0
	for v, p := range m.Mesh.V {
		if d, _ := s.NativeDistance(p); d < 12 {
			continue
		}
		a, b := cos(0, v), cos(1, v)
		if min(a, b) < 0.25 || a < 1.5*b && b < 1.5*a {
			continue
		}
		n++
		low, high := full/2-1.0, full*0.655 // the squarer one counts more than twice
		if a > b {
			low, high = full*0.845, full+1.0
		}
		if h := m.Field.Hairs[v]; h < low || h > high {
			t.Fatalf("%v: %.0f hairs per cm² where the front photo sees it at %.2f and the left one at %.2f", p, h, a, b)
		}
	}
	if n < 50 {
		t.Errorf("only %d places seen by both", n)
	}
}

// TestUnsure wants a photo whose place is in doubt left out beside a sure one, and
// kept where there is no other.
func TestUnsure(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	front, side := around(s, 0, 10), around(s, 60, 10)
	sure, doubtful := photo(s, front, front, hairy), photo(s, side, side, hairy)
	doubtful.Survey.Camera.SigmaPx = 0.3 * float64(max(doubtful.Survey.Photo.Width, doubtful.Survey.Photo.Height))
	m := fit(t, scalp.Options{}, sure, doubtful)
	if !m.Views[0].Used || m.Views[1].Used || m.Views[1].Why == "" {
		t.Errorf("views used: %v and %v (%q), want the sure one only", m.Views[0].Used, m.Views[1].Used, m.Views[1].Why)
	}
	if m = fit(t, scalp.Options{}, doubtful); !m.Views[0].Used {
		t.Errorf("the only photo was left out: %s", m.Views[0].Why)
	}
}

// TestTrust wants a photo whose place is rather unsure to count less than a sure one
// where they disagree, and wholly where it is alone.
func TestTrust(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	front, side := around(s, 0, 30), around(s, 90, 30)
	half := func(headframe.Vec) headtest.Hair { return headtest.Hair{PerCM2: full / 2, Cover: stubble / 2} }
	first, second := photo(s, front, front, hairy), photo(s, side, side, half)
	for _, tt := range []struct{ doubt, together float64 }{{0, 0.75}, {0.04, 0.75}, {0.1, 0.9}, {0.14, 0.94}} {
		second.Survey.Camera.SigmaPx = tt.doubt * float64(max(second.Survey.Photo.Width, second.Survey.Photo.Height))
		m := fit(t, scalp.Options{}, first, second)
		both, n := 0.0, 0
		for v, p := range m.Mesh.V {
			cos := func(view int) float64 {
				return m.Mesh.N[v].Dot(m.Views[view].Camera.Eye().Sub(p).Unit())
			}
			a, b := cos(0), cos(1)
			if d, _ := s.NativeDistance(p); d < 12 || b < 0.4 {
				continue
			}
			if a < 0 && math.Abs(m.Field.Hairs[v]-full/2) > 1 {
				t.Fatalf("doubt %g: %.0f hairs per cm² at %v, where that photo alone sees %d", tt.doubt, m.Field.Hairs[v], p, full/2)
			}
			if a > 0.4 && a < 1.1*b && b < 1.1*a {
				both, n = both+m.Field.Hairs[v]/full, n+1
			}
		}
		if both /= float64(n); n < 10 || math.Abs(both-tt.together) > 0.03 {
			t.Errorf("doubt %g: %.2f of full at %d places that both see, want %.2f", tt.doubt, both, n, tt.together)
		}
	}
}

// given is a context that is cancelled after it was asked so often.
type given struct {
	context.Context
	left int
}

func (g *given) Err() error {
	if g.left--; g.left < 0 {
		return context.Canceled
	}
	return nil
}

// TestGivesUp wants a fit to end soon after it is cancelled, whenever that is: each
// turn asks, and none is begun after.
func TestGivesUp(t *testing.T) {
	t.Parallel()
	s := headframe.Mean()
	front, left := coarse(s, 0, 20), coarse(s, 80, 15)
	photos := []scalp.Photo{photo(s, front, askew(front), hairy), photo(s, left, askew(left), hairy)}
	whole := &given{context.Background(), 1 << 20}
	if _, err := scalp.Fit(whole, photos, scalp.Options{EdgeMM: edge}); err != nil {
		t.Fatal(err)
	}
	asked := 1<<20 - whole.left
	if asked < 12 {
		t.Errorf("a fit of many turns asks %d times", asked)
	}
	for _, after := range []int{0, asked / 2, asked - 1} {
		ctx := &given{context.Background(), after}
		if m, err := scalp.Fit(ctx, photos, scalp.Options{EdgeMM: edge}); m != nil || !errors.Is(err, context.Canceled) {
			t.Errorf("cancelled at the %d. time it is asked: %v", after, err)
		}
		if more := -ctx.left; more > 4 {
			t.Errorf("cancelled, it went on and asked %d times more", more)
		}
	}
}
