package dots

import (
	"context"
	"math"

	"pointille/internal/headframe"
)

// tissue is the field cut into small cells, and what is wanted in each.
type tissue struct {
	f     Field
	o     Options
	tris  []tri     // the mesh; later also a strip beyond its rim
	cells []cell    // in the order of tris
	wants []float64 // density at the vertices of the mesh, 1/mm²
	mass  float64
	peak  float64 // largest density met, 1/mm²
	hairs *grid
	whole [][3]int32 // triangles of the mesh that f.Mesh is part of, to know its rim

	// needed, where there is one, reports whether the cells of a triangle of planned
	// skin are of any use, sparsest being the least that is wanted at its corners.
	// Those at the edge of the planned skin always are.
	needed func(tri int32, sparsest float64) bool
	deep   []bool // vertices with nothing but planned skin around them
}

// tri is one triangle of skin.
type tri struct {
	p     [3]headframe.Vec
	hairs [3]float64 // density of follicles at the corners, 1/mm²
	rim   bool       // beyond the mesh: nothing is wanted here
}

// cell is a piece of a triangle that was cut into n×n congruent ones.
type cell struct {
	tri    int32
	n      uint8
	i, j   uint8
	upside bool    // turned by half a turn against the triangle
	part   bool    // only what of it is planned, or only what is not
	want   float64 // dots wanted, 1/mm²
	area   float64 // mm²
}

const (
	// cellMM is the largest side of a cell: fine enough for the edge of a
	// drawn region.
	cellMM = 0.8
	// cellMass is how many dots a cell may hold before it is cut further.
	cellMass = 0.4
	maxCuts  = 64 // pieces per side of a triangle
	// hairBlurMM is over what distance single follicles count as a density:
	// a few spacings of sparse hair.
	hairBlurMM = 3.0
)

func newTissue(f Field, o Options) *tissue {
	t := &tissue{f: f, o: o, whole: f.Mesh.Tri}
	ids := make([]int32, len(f.Fixed))
	for i := range ids {
		ids[i] = int32(i)
	}
	t.hairs = newGrid(hairBlurMM, ids, func(i int32) headframe.Vec { return f.Fixed[i] })
	for i := range f.Mesh.Tri {
		t.tris = append(t.tris, triangle(f.Mesh, i))
	}
	return t
}

// measure cuts the mesh into cells and returns how many dots the field wants.
func (t *tissue) measure(ctx context.Context) (int, error) {
	t.blurHairs()
	if err := t.askVertices(ctx); err != nil {
		return 0, err
	}
	if t.needed != nil {
		t.deep = t.surrounded()
	}
	parts := make([][]cell, (len(t.tris)+chunk-1)/chunk)
	errs := make([]error, len(parts))
	chunks(len(t.tris), t.o.Threads, func(c, lo, hi int) {
		for i := lo; i < hi && errs[c] == nil && ctx.Err() == nil; i++ {
			parts[c], errs[c] = t.cut(parts[c], int32(i))
		}
	})
	for c, part := range parts {
		if errs[c] != nil {
			return 0, errs[c]
		}
		t.cells = append(t.cells, part...)
	}
	for _, c := range t.cells {
		t.mass += c.want * c.area
		t.peak = max(t.peak, c.want)
	}
	if math.IsInf(t.mass, 0) || t.mass > math.MaxInt32 {
		return math.MaxInt32, ctx.Err()
	}
	return int(math.Round(t.mass)), ctx.Err()
}

// used says which vertices are corners of a triangle that is any.
func (t *tissue) used() []bool {
	used := make([]bool, len(t.f.Mesh.V))
	for i, tri := range t.f.Mesh.Tri {
		if area, _ := t.tris[i].size(); area == 0 {
			continue
		}
		for _, v := range tri {
			used[v] = true
		}
	}
	return used
}

// askVertices notes the density at each vertex once; six triangles meet in it.
func (t *tissue) askVertices(ctx context.Context) error {
	m, used := t.f.Mesh, t.used()
	t.wants = make([]float64, len(m.V))
	errs := make([]error, (len(m.V)+chunk-1)/chunk)
	chunks(len(m.V), t.o.Threads, func(c, lo, hi int) {
		for v := lo; v < hi && errs[c] == nil && ctx.Err() == nil; v++ {
			if used[v] {
				t.wants[v], errs[c] = t.f.atVertex(v)
			}
		}
	})
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return ctx.Err()
}

func (t *tissue) density(p headframe.Vec) (float64, error) { return t.f.ask(p) }

// planned returns the cells that want dots.
func (t *tissue) planned() []cell {
	var cells []cell
	for _, c := range t.cells {
		if c.want > 0 {
			cells = append(cells, c)
		}
	}
	return cells
}

// at returns the point of cell c at u, v along its two sides (u+v <= 1).
func (t *tissue) at(c *cell, u, v float64) headframe.Vec {
	a, b := float64(c.i)+u, float64(c.j)+v
	if c.upside {
		a, b = float64(c.i)+1-u, float64(c.j)+1-v
	}
	return t.tris[c.tri].at(a/float64(c.n), b/float64(c.n))
}

// hairsAt returns the density of follicles in the middle of cell c, 1/mm².
func (t *tissue) hairsAt(c *cell) float64 {
	u, v := (float64(c.i)+1.0/3)/float64(c.n), (float64(c.j)+1.0/3)/float64(c.n)
	h := t.tris[c.tri].hairs
	return max(0, h[0]+u*(h[1]-h[0])+v*(h[2]-h[0]))
}

func (x *tri) at(u, v float64) headframe.Vec {
	a, b, c := x.p[0], x.p[1], x.p[2]
	w := 1 - u - v
	return headframe.Vec{w*a[0] + u*b[0] + v*c[0], w*a[1] + u*b[1] + v*c[1], w*a[2] + u*b[2] + v*c[2]}
}

// size returns the area, mm², and the longest side, mm.
func (x *tri) size() (area, long float64) {
	e, f := x.p[1].Sub(x.p[0]), x.p[2].Sub(x.p[0])
	return e.Cross(f).Norm() / 2, max(e.Norm(), f.Norm(), e.Sub(f).Norm())
}

// blurHairs estimates the density of follicles at the corners of all
// triangles by a Gaussian kernel.
func (t *tissue) blurHairs() {
	if len(t.f.Fixed) == 0 {
		return
	}
	at, used := make([]float64, len(t.f.Mesh.V)), t.used()
	chunks(len(at), t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			if used[i] {
				at[i] = t.hairDensity(t.f.Mesh.V[i])
			}
		}
	})
	for i, v := range t.f.Mesh.Tri {
		for k := range 3 {
			t.tris[i].hairs[k] = at[v[k]]
		}
	}
}

func (t *tissue) hairDensity(p headframe.Vec) float64 {
	const k = 1 / (2 * hairBlurMM * hairBlurMM)
	sum := 0.0
	t.hairs.near(p, 3.5*hairBlurMM, func(_ int32, d2 float64) { sum += math.Exp(-k * d2) })
	return sum * k / math.Pi
}
