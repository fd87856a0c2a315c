package dots

import (
	"context"
	"errors"
	"fmt"
	"math"
	"slices"

	"pointille/internal/headframe"
)

// When wishes change a little, as when one handle of a hairline is moved, most
// of a pattern can stay. Only dots near skin whose density changed are taken
// out; new ones are placed there as in Place, among those that stay, which hold
// still.
const (
	// redoReach is how far from changed skin dots are placed anew, spacings:
	// so far neighbours feel it.
	redoReach = 4.0
	// redoSight is how much further the neighbourhood is looked at, spacings:
	// dots that stay, and ghosts.
	redoSight = 8.0
	// redoSpare is by how much further than redoReach cells are made, for what is
	// wanted may be less between vertices than at them.
	redoSpare = 1.25
	// redoSlack is by what share a density may differ without being a change.
	redoSlack = 0.02
)

// Redo returns pattern p, which was placed for the field was, as f wants it.
// Dots further than four spacings from any skin whose density differs (by more
// than 2 %) and from any follicle that came or went are returned as they were,
// first and in their order; the others are new. The mesh must be the same.
//
// Changes are sought at the vertices and middles of the triangles of the mesh,
// at all dots, and closely where planned skin ends: a hole or an island that
// falls between those is not seen.
func Redo(ctx context.Context, skin Skin, was, f Field, p Pattern, o Options) (Pattern, error) {
	o, err := o.complete()
	if err != nil {
		return Pattern{}, err
	}
	if err := checkRedo(skin, was, f, p, o); err != nil {
		return Pattern{}, err
	}
	c, err := compare(ctx, was, f, p, o)
	if err != nil {
		return Pattern{}, fmt.Errorf("comparing the fields: %w", err)
	}
	if len(c.places) == 0 {
		p.Dots = slices.Clone(p.Dots)
		return p, ctx.Err()
	}
	out, err := c.redo(ctx, skin, p)
	if err != nil {
		return Pattern{}, fmt.Errorf("placing dots anew: %w", err)
	}
	return out, nil
}

func checkRedo(skin Skin, was, f Field, p Pattern, o Options) error {
	if err := f.check(skin); err != nil {
		return err
	}
	if err := was.check(skin); err != nil {
		return fmt.Errorf("the field before: %w", err)
	}
	if was.Mesh != f.Mesh && !(slices.Equal(was.Mesh.V, f.Mesh.V) && slices.Equal(was.Mesh.Tri, f.Mesh.Tri)) {
		return errors.New("the two fields have different meshes")
	}
	for i, d := range p.Dots {
		if !finite(d.P) || !(d.Spacing > 0) || d.Session < 1 || d.Session > len(o.Shares) {
			return fmt.Errorf("dot %d of the pattern is at %v, of spacing %v and session %d of %d", i, d.P, d.Spacing, d.Session, len(o.Shares))
		}
	}
	return nil
}

// redo places the dots near what changed anew.
func (c *change) redo(ctx context.Context, skin Skin, p Pattern) (Pattern, error) {
	places := newGrid(c.sight()/2, upTo(len(c.places)), func(i int32) headframe.Vec { return c.places[i] })
	stay, beside := c.sort(p.Dots, places)
	t, err := c.tissue(ctx, c.f, c.within(places, c.sight()), places)
	if err != nil {
		return Pattern{}, err
	}
	more, err := c.more(ctx, t)
	if err != nil {
		return Pattern{}, err
	}
	n := max(len(p.Dots)-len(stay)+more, 0)
	if len(stay)+n > c.o.MaxDots {
		return Pattern{}, fmt.Errorf("field wants %d dots, limit %d: %w", len(stay)+n, c.o.MaxDots, ErrTooMany)
	}
	near := func(p headframe.Vec, density float64) bool {
		return covered(places, p, redoReach/math.Sqrt(max(density, t.peak/maxContrast)))
	}
	cells := slices.DeleteFunc(t.planned(), func(x cell) bool {
		return !near(t.at(&x, 1.0/3, 1.0/3), x.want+t.hairsAt(&x))
	})
	out := Pattern{Dots: stay, Wanted: p.Wanted + more, Dropped: p.Dropped}
	if n == 0 || len(cells) == 0 {
		out.Dropped = max(out.Wanted-len(stay), 0)
		return out, nil
	}
	s := newSwarm(t, skin, cells, n, beside)
	s.open = func(p headframe.Vec) bool { return near(p, t.f.wish(p)+t.hairDensity(p)) }
	fresh, err := s.place(ctx)
	if err != nil {
		return Pattern{}, err
	}
	out.Dots, out.Dropped = append(stay, fresh.Dots...), out.Dropped+fresh.Dropped
	return out, nil
}

// sort returns the dots that stay, and those of them that new ones will feel.
func (c *change) sort(dots []Dot, places *grid) (stay, beside []Dot) {
	const goes, near, far = 0, 1, 2
	at := make([]uint8, len(dots))
	chunks(len(dots), c.o.Threads, func(_, lo, hi int) {
		for i, d := range dots[lo:hi] {
			switch {
			case !covered(places, d.P, c.sight()):
				at[lo+i] = far
			case !covered(places, d.P, redoReach*d.Spacing):
				at[lo+i] = near
			}
		}
	})
	for i, d := range dots {
		if at[i] == near {
			beside = append(beside, d)
		}
		if at[i] != goes {
			stay = append(stay, d)
		}
	}
	return stay, beside
}

// sight is how far from changed skin anything matters, mm.
func (c *change) sight() float64 { return (redoReach + redoSight) * c.widest }

// within returns the triangles of the mesh within r of a changed place.
func (c *change) within(places *grid, r float64) []int {
	in := make([]bool, len(c.f.Mesh.Tri))
	chunks(len(in), c.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			x := triangle(c.f.Mesh, i)
			_, long := x.size()
			in[i] = covered(places, x.at(1.0/3, 1.0/3), r+long)
		}
	})
	var tris []int
	for i, ok := range in {
		if ok {
			tris = append(tris, i)
		}
	}
	return tris
}

// tissue measures a field on some triangles of the mesh: those where new dots may
// come, and the edge of the planned skin, beyond which ghosts stand.
func (c *change) tissue(ctx context.Context, f Field, tris []int, places *grid) (*tissue, error) {
	whole := f.Mesh
	f.Mesh = part(whole, tris)
	f.Fixed = slices.DeleteFunc(slices.Clone(f.Fixed), func(p headframe.Vec) bool { return !covered(places, p, c.sight()+4*hairBlurMM) })
	t := newTissue(f, c.o)
	t.whole = whole.Tri
	t.needed = func(i int32, sparsest float64) bool {
		_, long := t.tris[i].size()
		return covered(places, t.tris[i].at(1.0/3, 1.0/3), redoSpare*redoReach/math.Sqrt(max(sparsest, c.peak/maxContrast))+long)
	}
	if _, err := t.measure(ctx); err != nil {
		return nil, err
	}
	t.peak = max(t.peak, c.peak)
	return t, nil
}

// part returns some triangles of a mesh.
func part(m *headframe.Mesh, tris []int) *headframe.Mesh {
	out := *m
	out.Tri = make([][3]int32, len(tris))
	for k, i := range tris {
		out.Tri[k] = m.Tri[i]
	}
	return &out
}

// more returns how many dots more than before the changed triangles want; t
// holds them as they are now.
func (c *change) more(ctx context.Context, t *tissue) (int, error) {
	changed := map[[3]int32]bool{}
	for _, i := range c.tris {
		changed[c.f.Mesh.Tri[i]] = true
	}
	before := newTissue(Field{Mesh: part(c.f.Mesh, c.tris), Density: c.was.Density, Vertices: c.was.Vertices}, c.o)
	if _, err := before.measure(ctx); err != nil {
		return 0, err
	}
	mass := -before.mass
	for _, x := range t.cells {
		if changed[t.f.Mesh.Tri[x.tri]] {
			mass += x.want * x.area
		}
	}
	if math.Abs(mass) > float64(c.o.MaxDots)+1 {
		return 0, fmt.Errorf("field wants %.3g dots more, limit %d: %w", mass, c.o.MaxDots, ErrTooMany)
	}
	return int(math.Round(mass)), nil
}
