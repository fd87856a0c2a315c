package dots

import (
	"context"
	"fmt"
	"math"

	"pointille/internal/headframe"
)

// change is where two fields differ.
type change struct {
	was, f Field
	o      Options
	places []headframe.Vec // on changed skin, no further apart than a quarter of a triangle
	tris   []int           // triangles of the mesh that hold changed skin
	widest float64         // largest spacing there, mm
	peak   float64         // largest density met anywhere, 1/mm²
}

// both is a density before and after, 1/mm².
type both struct {
	was, is float64
	same    bool // surely, whatever it is
}

func (b both) changed() bool {
	return (b.was > 0) != (b.is > 0) || math.Abs(b.is-b.was) > redoSlack*b.was
}

func compare(ctx context.Context, was, f Field, p Pattern, o Options) (*change, error) {
	c := &change{was: was, f: f, o: o}
	corners, err := c.ask(ctx, len(f.Mesh.V), c.atVertex)
	if err != nil {
		return nil, err
	}
	dots, err := c.ask(ctx, len(p.Dots), func(i int) (both, error) { return c.at(p.Dots[i].P) })
	if err != nil {
		return nil, err
	}
	c.places = strangers(was.Fixed, f.Fixed)
	for i, d := range dots {
		if d.changed() {
			c.places = append(c.places, p.Dots[i].P)
		}
	}
	for _, b := range append(dots, corners...) {
		c.peak = max(c.peak, b.was, b.is)
	}
	sparsest, err := c.search(ctx, corners)
	if err != nil {
		return nil, err
	}
	if c.peak == 0 || math.IsInf(sparsest, 1) {
		c.places = nil // nothing is wanted near what changed, and nothing was
		return c, ctx.Err()
	}
	c.widest = 1 / math.Sqrt(max(sparsest, c.peak/maxContrast))
	return c, ctx.Err()
}

// search looks at the triangles: at the middle of each, and closely at those
// that hold planned skin and other, or a changed dot or corner. It returns the
// least density wanted at those that changed; infinite if there is none.
func (c *change) search(ctx context.Context, corners []both) (float64, error) {
	tris := c.f.Mesh.Tri
	middles, err := c.ask(ctx, len(tris), func(i int) (both, error) { return c.at(middle(c.f.Mesh, i)) })
	if err != nil {
		return 0, err
	}
	known := newGrid(3, upTo(len(c.places)), func(i int32) headframe.Vec { return c.places[i] })
	found := make([][]headframe.Vec, len(tris))
	errs := make([]error, len(tris))
	chunks(len(tris), c.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi && ctx.Err() == nil; i++ {
			x := triangle(c.f.Mesh, i)
			if area, long := x.size(); area > 0 {
				all := [4]both{middles[i], corners[tris[i][0]], corners[tris[i][1]], corners[tris[i][2]]}
				found[i], errs[i] = c.look(&x, all, covered(known, x.at(1.0/3, 1.0/3), long))
			}
		}
	})
	sparsest := math.Inf(1)
	for i := range tris {
		if errs[i] != nil {
			return 0, errs[i]
		}
		c.peak = max(c.peak, middles[i].was, middles[i].is)
		if found[i] == nil {
			continue
		}
		c.tris = append(c.tris, i)
		c.places = append(c.places, found[i]...)
		sparsest = least(sparsest, middles[i])
		for _, v := range tris[i] {
			sparsest = least(sparsest, corners[v])
		}
	}
	return sparsest, ctx.Err()
}

// look returns the changed places of a triangle of which some densities are known.
func (c *change) look(x *tri, known [4]both, sure bool) ([]headframe.Vec, error) {
	in, out, same := false, false, true
	for _, b := range known {
		if b.same {
			continue
		}
		same = false
		in, out = in || b.was > 0 || b.is > 0, out || b.was == 0 || b.is == 0
		sure = sure || b.changed()
	}
	if !sure && (same || !(in && out)) {
		return nil, nil
	}
	var places []headframe.Vec
	for u, v := range spots {
		p := x.at(u, v)
		b, err := c.at(p)
		if err != nil {
			return nil, err
		}
		if b.changed() {
			places = append(places, p)
		}
	}
	if sure && places == nil {
		places = append(places, x.at(1.0/3, 1.0/3))
	}
	return places, nil
}

// ask asks for both densities at n places.
func (c *change) ask(ctx context.Context, n int, at func(i int) (both, error)) ([]both, error) {
	out := make([]both, n)
	errs := make([]error, (n+chunk-1)/chunk)
	chunks(n, c.o.Threads, func(k, lo, hi int) {
		for i := lo; i < hi && errs[k] == nil && ctx.Err() == nil; i++ {
			out[i], errs[k] = at(i)
		}
	})
	for _, err := range errs {
		if err != nil {
			return nil, err
		}
	}
	return out, ctx.Err()
}

func (c *change) at(p headframe.Vec) (both, error) {
	if c.same(p) {
		return both{same: true}, nil
	}
	return c.both(func(f Field) (float64, error) { return f.ask(p) })
}

// atVertex gives the densities even where they are the same.
func (c *change) atVertex(v int) (both, error) {
	b, err := c.both(func(f Field) (float64, error) { return f.atVertex(v) })
	b.same = c.same(c.f.Mesh.V[v])
	return b, err
}

func (c *change) same(p headframe.Vec) bool { return c.f.Same != nil && c.f.Same(p) }

func (c *change) both(density func(Field) (float64, error)) (b both, err error) {
	if b.was, err = density(c.was); err != nil {
		return b, fmt.Errorf("the field before: %w", err)
	}
	b.is, err = density(c.f)
	return b, err
}

// least is the smaller of a density and those of b that are any.
func least(x float64, b both) float64 {
	for _, d := range []float64{b.was, b.is} {
		if d > 0 {
			x = min(x, d)
		}
	}
	return x
}

// strangers returns the points that are in one of two sets only.
func strangers(a, b []headframe.Vec) []headframe.Vec {
	count := map[headframe.Vec]int{}
	for _, p := range a {
		count[p]++
	}
	var out []headframe.Vec
	for _, p := range b {
		if count[p]--; count[p] < 0 {
			out = append(out, p)
		}
	}
	for _, p := range a {
		if count[p] > 0 {
			count[p]--
			out = append(out, p)
		}
	}
	return out
}

func middle(m *headframe.Mesh, i int) headframe.Vec {
	x := triangle(m, i)
	return x.at(1.0/3, 1.0/3)
}

// triangle returns triangle i of a mesh.
func triangle(m *headframe.Mesh, i int) tri {
	var x tri
	for k, v := range m.Tri[i] {
		x.p[k] = m.V[v]
	}
	return x
}
