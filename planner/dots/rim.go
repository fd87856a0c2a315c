package dots

import (
	"math"

	"pointille/internal/headframe"
)

// Dots at the edge of the planned skin would be pushed onto the very edge and
// draw a line there. So ghosts are placed beyond it: dots that push back, are
// in no result, and thin out with the dots where the edge is soft.

// outside returns the cells beyond the planned skin within reach of it, what
// the ghosts in each would have to be, and which share of them stands where
// no hair grows. reach is in spacings of the dots.
func (t *tissue) outside(skin Skin, reach float64) (cells []cell, bare, leash []float64) {
	floor := t.peak / maxContrast
	all := len(t.cells)
	t.extend(skin, reach, floor)
	edge := newGrid(edgeGridMM, t.border(), t.middle)
	everything := newGrid(2*cellMM, upTo(all), t.middle)
	out := make([]cell, len(t.cells))
	share, depth := make([]float64, len(t.cells)), make([]float64, len(t.cells))
	chunks(len(t.cells), t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			c := &t.cells[i]
			if c.want > 0 || i >= all && covered(everything, t.middle(int32(i)), 0.5*math.Sqrt(c.area)) {
				continue
			}
			out[i], share[i], depth[i] = t.ghost(c, i, edge, reach, floor)
		}
	})
	for i := range out {
		if out[i].want > 0 {
			cells, bare, leash = append(cells, out[i]), append(bare, share[i]), append(leash, looseAt(depth[i]/reach))
		}
	}
	return cells, bare, leash
}

// edgeGridMM is the cell of the grid of border cells: they are sparse and
// sought from far.
const edgeGridMM = 5.0

// ghost returns cell i filled as the nearest planned cell is.
func (t *tissue) ghost(c *cell, i int, edge *grid, reach, floor float64) (_ cell, bare, depth float64) {
	p := t.middle(int32(i))
	best, best2 := int32(-1), math.Inf(1)
	for r := 2 * cellMM; best < 0; r *= 2 {
		r = min(r, reach/math.Sqrt(floor))
		edge.near(p, r, func(j int32, d2 float64) {
			if d2 < best2 || d2 == best2 && j < best {
				best, best2 = j, d2
			}
		})
		if r == reach/math.Sqrt(floor) {
			break
		}
	}
	if best < 0 {
		return cell{}, 0, 0
	}
	in := &t.cells[best]
	if best2 > reach*reach/max(in.want, floor) {
		return cell{}, 0, 0
	}
	g := *c
	g.want = in.want
	bare = (in.want + t.hairsAt(in) - t.hairsAt(c)) / in.want
	return g, min(max(bare, 0), 1), math.Sqrt(best2 * max(in.want, floor))
}

// looseAt returns how far a ghost may move from its seed, in spacings of its
// session, at depth 0 (the edge of the planned skin) to 1 (the last ghosts).
// Those near the dots move as dots do. The outer ones stay: with nothing beyond
// them they would drift away, all others after them, and a shift of a tenth of
// a spacing is enough to fill the rim by a quarter too much.
func looseAt(depth float64) float64 {
	return min(max(4*(0.6-depth), 0), 1.5)
}

func (t *tissue) middle(i int32) headframe.Vec { return t.at(&t.cells[i], 1.0/3, 1.0/3) }

// border returns the planned cells that have others beside them: the nearest
// planned cell of any other is one of these, or close to one.
func (t *tissue) border() []int32 {
	var inner, outer []int32
	for i := range t.cells {
		if t.cells[i].want > 0 {
			inner = append(inner, int32(i))
		} else {
			outer = append(outer, int32(i))
		}
	}
	others := newGrid(2*cellMM, outer, t.middle)
	beside := make([]bool, len(inner))
	chunks(len(inner), t.o.Threads, func(_, lo, hi int) {
		for k := lo; k < hi; k++ {
			beside[k] = covered(others, t.middle(inner[k]), 2*cellMM)
		}
	})
	var ids []int32
	taken := map[[3]int32]bool{}
	for k, i := range inner {
		if !beside[k] {
			continue
		}
		p := t.middle(i)
		place := [3]int32{int32(p[0] / borderMM), int32(p[1] / borderMM), int32(p[2] / borderMM)}
		if !taken[place] {
			taken[place] = true
			ids = append(ids, i)
		}
	}
	return ids
}

// borderMM is how finely the border is known to ghosts: where cells are much
// smaller, one stands for all.
const borderMM = 0.7

func upTo(n int) []int32 {
	ids := make([]int32, n)
	for i := range ids {
		ids[i] = int32(i)
	}
	return ids
}

// rimStepMM is the width of one strip of triangles beyond the mesh.
const rimStepMM = 3.0

// extend adds cells beyond those rims of the mesh that planned skin reaches,
// reach spacings wide.
func (t *tissue) extend(skin Skin, reach, floor float64) {
	want := make([]float64, len(t.tris))
	for i := range t.cells {
		c := &t.cells[i]
		if c.want > 0 && (want[c.tri] == 0 || c.want < want[c.tri]) {
			want[c.tri] = c.want
		}
	}
	edges := t.rimEdges()
	out := t.outward(skin, edges)
	for _, e := range edges {
		if want[e.tri] == 0 {
			continue
		}
		spacing := 1 / math.Sqrt(max(want[e.tri], floor))
		for k := range int(math.Ceil(min(reach*spacing, 60) / rimStepMM)) {
			t.addQuad(skin, e, out, float64(k)*rimStepMM, spacing)
		}
	}
}

type rimEdge struct {
	a, b int32 // vertices, the mesh to the left seen from outside
	tri  int32
}

func (t *tissue) rimEdges() []rimEdge {
	type pair struct{ a, b int32 }
	at := t.onRim()
	seen := map[pair]int{}
	sides := func(v [3]int32, do func(a, b int32)) {
		for k := range 3 {
			if a, b := v[k], v[(k+1)%3]; at[a] && at[b] {
				do(a, b)
			}
		}
	}
	for _, v := range t.whole {
		sides(v, func(a, b int32) { seen[pair{min(a, b), max(a, b)}]++ })
	}
	var edges []rimEdge
	for i, v := range t.f.Mesh.Tri {
		sides(v, func(a, b int32) {
			if seen[pair{min(a, b), max(a, b)}] == 1 {
				edges = append(edges, rimEdge{a, b, int32(i)})
			}
		})
	}
	return edges
}

// onRim says which vertices the mesh does not surround. Around others the sides
// opposite to them make a ring, along which steps from number to number add up to none.
func (t *tissue) onRim() []bool {
	steps := make([]int, len(t.f.Mesh.V))
	for _, v := range t.whole {
		for k, a := range v {
			steps[a] += int(v[(k+2)%3]) - int(v[(k+1)%3])
		}
	}
	out := make([]bool, len(steps))
	for v, n := range steps {
		out[v] = n != 0
	}
	return out
}

// outward returns, for each vertex of the rim, the unit direction along the
// skin that leaves the mesh.
func (t *tissue) outward(skin Skin, edges []rimEdge) map[int32]headframe.Vec {
	sum := map[int32]headframe.Vec{}
	for _, e := range edges {
		a, b := t.f.Mesh.V[e.a], t.f.Mesh.V[e.b]
		_, n := skin.Project(a.Add(b).Mul(0.5))
		d := b.Sub(a).Cross(n).Unit()
		sum[e.a], sum[e.b] = sum[e.a].Add(d), sum[e.b].Add(d)
	}
	for v, d := range sum {
		sum[v] = d.Unit()
	}
	return sum
}

func (t *tissue) addQuad(skin Skin, e rimEdge, out map[int32]headframe.Vec, from, spacing float64) {
	at := func(v int32, d float64) headframe.Vec {
		if d == 0 {
			return t.f.Mesh.V[v]
		}
		p, _ := skin.Project(t.f.Mesh.V[v].Add(out[v].Mul(d)))
		return p
	}
	a, b := at(e.a, from), at(e.b, from)
	c, d := at(e.a, from+rimStepMM), at(e.b, from+rimStepMM)
	hairs := t.tris[e.tri].hairs
	for _, p := range [][3]headframe.Vec{{b, a, c}, {b, c, d}} {
		if !finite(p[0]) || !finite(p[1]) || !finite(p[2]) {
			continue
		}
		t.tris = append(t.tris, tri{p: p, hairs: hairs, rim: true})
		i := int32(len(t.tris) - 1)
		area, long := t.tris[i].size()
		if area == 0 {
			continue
		}
		n := int(min(max(math.Ceil(max(long/max(cellMM, 0.4*spacing), math.Sqrt(area/cellMass)/spacing)), 1), maxCuts))
		t.cells, _ = t.split(t.cells, i, n, area)
	}
}
