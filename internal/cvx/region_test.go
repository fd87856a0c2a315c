package cvx_test

import (
	"image"
	"math"
	"slices"
	"sync"
	"testing"

	"pointille/internal/cvx"
	"pointille/internal/raster"
)

func TestMorph(t *testing.T) {
	for _, s := range smallSizes() {
		for _, r := range []int{0, 1, 2, 5} {
			g := randGray(s.X, s.Y, 11)
			dilated := disc(g, r, func(a, b float64) float64 { return max(a, b) })
			eroded := disc(g, r, func(a, b float64) float64 { return min(a, b) })
			want := map[cvx.MorphOp]*image.Gray{
				cvx.Dilate: dilated, cvx.Erode: eroded,
				cvx.Open:  disc(eroded, r, func(a, b float64) float64 { return max(a, b) }),
				cvx.Close: disc(dilated, r, func(a, b float64) float64 { return min(a, b) }),
			}
			for op, o := range want {
				got := must[*image.Gray](t)(cvx.Morph(g, op, r))
				compare(t, "morphology", got, 0, func(_, x, y int) float64 { return float64(o.GrayAt(x, y).Y) })
			}
		}
	}
	if _, err := cvx.Morph(randGray(3, 3, 1), cvx.MorphOp(7), 1); err == nil {
		t.Error("unknown operation: no error")
	}
	if _, err := cvx.Morph(randGray(3, 3, 1), cvx.Dilate, -1); err == nil {
		t.Error("negative radius: no error")
	}
	if _, err := cvx.Morph(nil, cvx.Dilate, 1); err == nil {
		t.Error("nil: no error")
	}
}

// disc folds f over the pixels of a disc, rows of which reach
// round(sqrt(r²-dy²)) to either side.
func disc(g *image.Gray, r int, f func(a, b float64) float64) *image.Gray {
	_, w, h, at := channels(g)
	out := image.NewGray(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			v := at(0, x, y)
			for dy := -r; dy <= r; dy++ {
				reach := int(math.RoundToEven(math.Sqrt(float64(r*r - dy*dy))))
				for dx := -reach; dx <= reach; dx++ {
					if x+dx >= 0 && x+dx < w && y+dy >= 0 && y+dy < h {
						v = f(v, at(0, x+dx, y+dy))
					}
				}
			}
			out.Pix[y*out.Stride+x] = uint8(v)
		}
	}
	return out
}

func TestDistance(t *testing.T) {
	for _, s := range append(smallSizes(), image.Pt(31, 29)) {
		mask := randMask(s.X, s.Y, 0.93, 12)
		_, w, h, at := channels(mask)
		got := must[*raster.Plane](t)(cvx.Distance(mask))
		compare(t, "distance", got, 1e-4, func(_, x, y int) float64 {
			best := math.Hypot(float64(w), float64(h))
			for v := range h {
				for u := range w {
					if at(0, u, v) == 0 {
						best = min(best, math.Hypot(float64(u-x), float64(v-y)))
					}
				}
			}
			return best
		})
	}
	if _, err := cvx.Distance(nil); err == nil {
		t.Error("nil: no error")
	}
}

func TestLabel(t *testing.T) {
	for _, s := range append(smallSizes(), image.Pt(70, 60)) {
		for _, share := range []float64{0, 0.3, 0.5, 1} {
			mask := randMask(s.X, s.Y, share, 13)
			got := must[*cvx.Components](t)(cvx.Label(mask))
			labels, parts := flood(mask)
			if got.W != s.X || got.H != s.Y || !slices.Equal(got.Labels, labels) {
				t.Fatalf("%v share %g: labels differ", s, share)
			}
			if len(got.Parts) != len(parts) {
				t.Fatalf("%v share %g: %d parts, want %d", s, share, len(got.Parts), len(parts))
			}
			for i, p := range parts {
				g := got.Parts[i]
				if g.Area != p.Area || g.Bounds != p.Bounds || math.Hypot(g.X-p.X, g.Y-p.Y) > 1e-9 {
					t.Errorf("part %d is %+v, want %+v", i, g, p)
				}
			}
		}
	}
	if _, err := cvx.Label(nil); err == nil {
		t.Error("nil: no error")
	}
}

func flood(mask *image.Gray) ([]int32, []cvx.Component) {
	_, w, h, at := channels(mask)
	labels := make([]int32, w*h)
	var parts []cvx.Component
	for i := range labels {
		if labels[i] != 0 || at(0, i%w, i/w) == 0 {
			continue
		}
		p := cvx.Component{Bounds: image.Rect(i%w, i/w, i%w+1, i/w+1)}
		id := int32(len(parts) + 1)
		labels[i] = id
		for todo := []int{i}; len(todo) > 0; {
			x, y := todo[len(todo)-1]%w, todo[len(todo)-1]/w
			todo = todo[:len(todo)-1]
			p.Area++
			p.X, p.Y = p.X+float64(x), p.Y+float64(y)
			p.Bounds = p.Bounds.Union(image.Rect(x, y, x+1, y+1))
			for v := max(0, y-1); v <= min(h-1, y+1); v++ {
				for u := max(0, x-1); u <= min(w-1, x+1); u++ {
					if labels[v*w+u] == 0 && at(0, u, v) != 0 {
						labels[v*w+u] = id
						todo = append(todo, v*w+u)
					}
				}
			}
		}
		p.X, p.Y = p.X/float64(p.Area), p.Y/float64(p.Area)
		parts = append(parts, p)
	}
	return labels, parts
}

func TestContours(t *testing.T) {
	mask := randMask(60, 50, 0.4, 14)
	got := must[[][]image.Point](t)(cvx.Contours(mask))
	labels, parts := flood(mask)
	seen := make([]bool, len(parts))
	for _, c := range got {
		id := labels[c[0].Y*60+c[0].X]
		if id == 0 || seen[id-1] {
			t.Fatalf("contour at %v belongs to part %d, met before", c[0], id)
		}
		seen[id-1] = true
		bounds := image.Rectangle{Min: c[0], Max: c[0].Add(image.Pt(1, 1))}
		for i, p := range c {
			next := c[(i+1)%len(c)].Sub(p)
			if max(next.X, -next.X, next.Y, -next.Y) > 1 || labels[p.Y*60+p.X] != id {
				t.Fatalf("contour of part %d leaps at %v or leaves its part", id, p)
			}
			bounds = bounds.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
		}
		if bounds != parts[id-1].Bounds {
			t.Errorf("contour of part %d spans %v, part %v", id, bounds, parts[id-1].Bounds)
		}
	}
	for i, p := range parts {
		// A part within a hole of another has no outer border of its own.
		if !seen[i] && !enclosed(parts, i) {
			t.Errorf("part %d %+v has no contour", i, p)
		}
	}
	if got := must[[][]image.Point](t)(cvx.Contours(randMask(9, 9, 0, 1))); len(got) != 0 {
		t.Errorf("empty mask has contours %v", got)
	}
	if _, err := cvx.Contours(nil); err == nil {
		t.Error("nil: no error")
	}
}

func enclosed(parts []cvx.Component, i int) bool {
	for k, p := range parts {
		if k != i && parts[i].Bounds.In(p.Bounds) {
			return true
		}
	}
	return false
}

func TestFillPolygons(t *testing.T) {
	polygon := [][2]float64{{3.3, 2.2}, {28.6, 5.9}, {31.4, 21.3}, {14.2, 12.4}, {4.8, 26.5}}
	whole := image.NewGray(image.Rect(0, 0, 60, 50))
	g := whole.SubImage(image.Rect(10, 8, 50, 40)).(*image.Gray)
	if err := cvx.FillPolygons(g, [][][2]float64{polygon}, 200); err != nil {
		t.Fatal(err)
	}
	for y := range 50 {
		for x := range 60 {
			px, py := float64(x-10), float64(y-8)
			set, in := whole.GrayAt(x, y).Y == 200, inside(polygon, px, py)
			if in && !set && image.Pt(x, y).In(g.Rect) {
				t.Errorf("(%g,%g) lies inside and is not set", px, py)
			}
			if set && (!image.Pt(x, y).In(g.Rect) || !in && outlineDistance(polygon, px, py) > 1) {
				t.Errorf("(%g,%g) is set and lies outside", px, py)
			}
		}
	}
	bad := map[string][][][2]float64{
		"two points": {{{1, 1}, {2, 2}}},
		"no point":   {{}},
		"NaN":        {{{1, 1}, {2, math.NaN()}, {3, 3}}},
		"far":        {{{1, 1}, {2, 1e300}, {3, 3}}},
	}
	for name, polygons := range bad {
		if err := cvx.FillPolygons(g, polygons, 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if err := cvx.FillPolygons(nil, [][][2]float64{polygon}, 1); err == nil {
		t.Error("nil: no error")
	}
	if err := cvx.FillPolygons(g, nil, 1); err != nil {
		t.Error(err)
	}
}

func inside(poly [][2]float64, x, y float64) bool {
	in := false
	for i, a := range poly {
		b := poly[(i+1)%len(poly)]
		if (a[1] > y) != (b[1] > y) && x < a[0]+(y-a[1])/(b[1]-a[1])*(b[0]-a[0]) {
			in = !in
		}
	}
	return in
}

func outlineDistance(poly [][2]float64, x, y float64) float64 {
	best := math.Inf(1)
	for i, a := range poly {
		b := poly[(i+1)%len(poly)]
		dx, dy := b[0]-a[0], b[1]-a[1]
		k := min(1, max(0, ((x-a[0])*dx+(y-a[1])*dy)/(dx*dx+dy*dy)))
		best = min(best, math.Hypot(x-a[0]-k*dx, y-a[1]-k*dy))
	}
	return best
}

// TestThreadsWhileLabelling changes the number of threads while parts are counted.
func TestThreadsWhileLabelling(t *testing.T) {
	defer cvx.SetThreads(cvx.Threads())
	mask := image.NewGray(image.Rect(0, 0, 200, 160))
	for i := range mask.Pix {
		if i%3 == 0 {
			mask.Pix[i] = 255
		}
	}
	want, err := cvx.Label(mask)
	if err != nil {
		t.Fatal(err)
	}
	done := make(chan struct{})
	var flips sync.WaitGroup
	flips.Go(func() {
		for n := 0; ; n++ {
			select {
			case <-done:
				return
			default:
				cvx.SetThreads(1 + n%2)
			}
		}
	})
	for range 1500 {
		got, err := cvx.Label(mask)
		if err != nil || len(got.Parts) != len(want.Parts) {
			t.Errorf("%d parts, %v, want %d", len(got.Parts), err, len(want.Parts))
			break
		}
	}
	close(done)
	flips.Wait()
}
