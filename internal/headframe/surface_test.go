package headframe_test

import (
	"math"
	"reflect"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/headframe"
)

func TestNewSurfaceRefuses(t *testing.T) {
	for name, shape := range map[string][]float64{
		"too small": {0.49}, "too large": {2.01}, "no number": {math.NaN()}, "endless": {math.Inf(1)},
		"far mode": {1, 6.1}, "no number as mode": {1, 0, math.NaN()}, "too long": make([]float64, headframe.ModeCount+2),
	} {
		if _, err := headframe.NewSurface(shape); err == nil {
			t.Errorf("%s: no error for %v", name, shape)
		}
	}
	if s, err := headframe.NewSurface([]float64{1.1}); err != nil || len(s.Shape) != headframe.ModeCount+1 {
		t.Errorf("a size alone: %v, %v", s.Shape, err)
	}
}

// TestSurfaceGradients compares normals, heights and shape gradients with
// differences of the radius itself.
func TestSurfaceGradients(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, dir := heads(t), directions(t)
		p := s.Point(dir)
		const step = 1e-3
		p = p.Add(dir.Mul(rapid.Float64Range(-5, 20).Draw(t, "above")))
		_, g := s.Height(p)
		for k := range 3 {
			var d headframe.Vec
			d[k] = step
			plus, _ := s.Height(p.Add(d))
			minus, _ := s.Height(p.Sub(d))
			if want := (plus - minus) / (2 * step); math.Abs(g[k]-want) > 1e-3 {
				t.Errorf("height changes by %g along axis %d, differences say %g", g[k], k, want)
			}
		}
		if n := s.Normal(dir); math.Abs(n.Norm()-1) > 1e-12 || n.Dot(dir) <= 0 {
			t.Errorf("normal %v at %v", n, dir)
		}
		got := s.ShapeGradient(dir)
		for k := range got {
			shape := append([]float64(nil), s.Shape...)
			shape[k] += step
			if want := (s.With(shape).Radius(dir) - s.Radius(dir)) / step; math.Abs(got[k]-want) > 1e-2 {
				t.Errorf("radius changes by %g with shape %d, differences say %g", got[k], k, want)
			}
		}
	})
}

// TestNormalIsSquare wants the normal square to steps along the skin.
func TestNormalIsSquare(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		dir, aside := directions(t), directions(t)
		n, p := s.Normal(dir), s.Point(dir)
		q := s.Point(dir.Add(aside.Mul(1e-4)).Unit())
		r := s.Point(dir.Sub(aside.Mul(1e-4)).Unit())
		if along := q.Sub(r); along.Norm() > 1e-3 && math.Abs(n.Dot(along.Unit())) > 1e-3 {
			t.Errorf("at %v the skin rises by %g along its normal", p, n.Dot(along.Unit()))
		}
	})
}

// TestNearestAgainstSearch compares with the nearest of the skin's places
// around, every quarter millimetre.
func TestNearestAgainstSearch(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		dir := directions(t)
		if dir[1] < -0.2 {
			dir[1] = -dir[1]
		}
		foot := s.Point(dir)
		p := foot.Add(directions(t).Mul(rapid.Float64Range(0, 8).Draw(t, "off")))
		got, n := s.Nearest(p)
		want := math.Inf(1)
		u := n.Cross(headframe.Vec{0.3, 0.4, 0.86}).Unit()
		v := n.Cross(u)
		for i := -20; i <= 20; i++ {
			for j := -20; j <= 20; j++ {
				q, _ := s.Project(got.Add(u.Mul(0.25 * float64(i))).Add(v.Mul(0.25 * float64(j))))
				want = min(want, q.Sub(p).Norm())
			}
		}
		if d := got.Sub(p).Norm(); d > want+0.02 {
			t.Errorf("%v is %.3f mm away from %v, a place of the skin only %.3f", got, d, p, want)
		}
		if h, _ := s.Height(got); math.Abs(h) > 1e-6 {
			t.Errorf("%v lies %g mm off the skin", got, h)
		}
	})
}

// TestMesh wants a clean sheet: edges of the asked length, every inner edge in
// two triangles, all turned outwards, areas those of the triangles.
func TestMesh(t *testing.T) {
	s := headframe.Mean()
	for _, edge := range []float64{4, 9} {
		m := s.Mesh(edge)
		type pair [2]int32
		used := map[pair]int{}
		length, n, skin := 0.0, 0.0, 0.0
		for _, f := range m.Tri {
			a, b, c := m.V[f[0]], m.V[f[1]], m.V[f[2]]
			out := b.Sub(a).Cross(c.Sub(a))
			skin += out.Norm() / 2
			if out.Unit().Dot(m.N[f[0]]) < 0.5 {
				t.Fatalf("edge %g: a triangle at %v is turned inwards", edge, a)
			}
			for k := range f {
				used[pair{f[k], f[(k+1)%3]}]++
				length += m.V[f[k]].Sub(m.V[f[(k+1)%3]]).Norm()
				n++
			}
		}
		open := 0
		for e, times := range used {
			if times != 1 {
				t.Fatalf("edge %g: %v stands %d times in the same direction", edge, e, times)
			}
			if used[pair{e[1], e[0]}] == 0 {
				open++
			}
		}
		if mean := length / n; math.Abs(mean-edge) > 0.15*edge {
			t.Errorf("edges are %.2f mm long, asked for %g", mean, edge)
		}
		if open == 0 || float64(open) > 1500/edge {
			t.Errorf("edge %g: %d edges on the border", edge, open)
		}
		sum := 0.0
		for i, a := range m.Area {
			sum += a
			if h, _ := s.Height(m.V[i]); math.Abs(h) > 1e-6 || a < 0 {
				t.Errorf("vertex %d lies %g mm off the skin and has %g mm²", i, h, a)
			}
		}
		if math.Abs(sum-skin) > 1e-6*skin {
			t.Errorf("vertices have %g mm², triangles %g", sum, skin)
		}
		if !reflect.DeepEqual(m, s.Mesh(edge)) {
			t.Errorf("edge %g: another mesh the second time", edge)
		}
	}
}

// mayBearHair reports whether the average head may have hair at p or within 10 mm of it.
func mayBearHair(p headframe.Vec) bool {
	d, _ := headframe.Mean().NativeDistance(p)
	return d >= -10
}

// TestMeshHoldsTheScalp wants every place that may bear hair to lie near a
// vertex.
func TestMeshHoldsTheScalp(t *testing.T) {
	s := headframe.Mean()
	m := s.Mesh(8)
	rapid.Check(t, func(t *rapid.T) {
		p := rapid.Custom(func(t *rapid.T) headframe.Vec { return s.Point(directions(t)) }).Filter(mayBearHair).Draw(t, "scalp")
		near := math.Inf(1)
		for _, v := range m.V {
			near = min(near, v.Sub(p).Norm())
		}
		if near > 8 {
			t.Errorf("%v is %.1f mm from the mesh", p, near)
		}
	})
}

// walk is a ray towards the head and the first place below the skin on it.
type walk struct {
	eye, ray headframe.Vec
	from     float64 // way from the eye to the middle of the head
	way      float64 // to the place
	found    bool
}

// walks go along rays in steps of a quarter millimetre, and never meet the head far
// down the neck, where it ends.
func walks(s headframe.Surface) *rapid.Generator[walk] {
	return rapid.Custom(func(t *rapid.T) walk {
		eye := s.Centre().Add(directions(t).Mul(rapid.Float64Range(200, 900).Draw(t, "distance")))
		aim := s.Centre().Add(directions(t).Mul(rapid.Float64Range(0, 130).Draw(t, "aside")))
		w := walk{eye: eye, ray: aim.Sub(eye).Unit(), from: s.Centre().Sub(eye).Norm()}
		for way := w.from - 200; way < w.from+200; way += 0.25 {
			if h, _ := s.Height(eye.Add(w.ray.Mul(way))); h < 0 && way > 0 {
				w.way, w.found = way, true
				break
			}
		}
		return w
	}).Filter(func(w walk) bool {
		return !w.found || w.eye.Add(w.ray.Mul(w.way)).Sub(s.Centre()).Norm() <= 180
	})
}

// TestIntersectAgainstWalk compares with walks along the ray.
func TestIntersectAgainstWalk(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		w := walks(s).Draw(t, "walk")
		eye, ray, from, want, found := w.eye, w.ray, w.from, w.way, w.found
		got, ok := s.Intersect(eye, ray)
		if ok != found {
			if lowest := deepest(s, eye, ray, from); math.Abs(lowest) > 0.05 {
				t.Errorf("met: %v, the walk says %v (%.2f mm deep)", ok, found, -lowest)
			}
			return
		}
		if !ok {
			return
		}
		if h, _ := s.Height(got); math.Abs(h) > 1e-3 {
			t.Errorf("%v lies %g mm off the skin", got, h)
		}
		if way := got.Sub(eye).Dot(ray); way > want+0.01 || way < want-0.26 {
			// a hollow shallower than the walk's step may be met or missed
			if h, _ := s.Height(eye.Add(ray.Mul(want))); h < -0.02 {
				t.Errorf("met after %.3f mm, the walk after %.3f", way, want)
			}
		}
	})
}

// deepest is the lowest height of a ray around the head.
func deepest(s headframe.Surface, eye, ray headframe.Vec, from float64) float64 {
	low := math.Inf(1)
	for way := from - 200; way < from+200; way += 0.25 {
		h, _ := s.Height(eye.Add(ray.Mul(way)))
		low = min(low, h)
	}
	return low
}

// TestIntersectOnlyAhead wants nothing met from inside or looking away.
func TestIntersectOnlyAhead(t *testing.T) {
	s := headframe.Mean()
	rapid.Check(t, func(t *rapid.T) {
		dir := directions(t)
		if p, ok := s.Intersect(s.Centre(), dir); ok {
			t.Errorf("from inside %v is met", p)
		}
		if p, ok := s.Intersect(s.Centre().Add(dir.Mul(400)), dir); ok {
			t.Errorf("looking away %v is met", p)
		}
	})
}

// TestEars wants the places of ears to stand off the skin on both sides alike, within
// a box about their landmarks, on a head of any shape.
func TestEars(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := heads(t)
		ears := s.Ears()
		if len(ears) < 20 || len(ears)%2 != 0 {
			t.Fatalf("%d places", len(ears))
		}
		for i, p := range ears {
			side := float64(1 - 2*(i%2))
			top, lobe := s.Landmark(headframe.EarTopL), s.Landmark(headframe.EarLobeL)
			if side < 0 {
				top, lobe = s.Landmark(headframe.EarTopR), s.Landmark(headframe.EarLobeR)
			}
			if p[0]*side < 0.6*top[0]*side || p[1] > top[1]+12 || p[1] < lobe[1]-12 || math.Abs(p[2]-top[2]) > 35 {
				t.Fatalf("place %d at %v, the ear reaches from %v to %v", i, p, top, lobe)
			}
		}
	})
	s := headframe.Mean()
	off := 0
	for i, p := range s.Ears() {
		if h, _ := s.Height(p); h > 3 {
			off++
		}
		q := s.Ears()[i^1]
		if math.Abs(p[0]+q[0])+math.Abs(p[1]-q[1])+math.Abs(p[2]-q[2]) > 1e-9 {
			t.Errorf("%v and %v are not mirror images", p, q)
		}
	}
	if off < 24 {
		t.Errorf("only %d places stand off the skin", off)
	}
}
