package dots

import "math"

// cut appends the cells of triangle i.
func (t *tissue) cut(cells []cell, i int32) ([]cell, error) {
	x := &t.tris[i]
	area, long := x.size()
	if area == 0 || x.rim {
		return cells, nil
	}
	if t.idle(i) {
		return cells, nil
	}
	densest, err := t.density(x.at(1.0/3, 1.0/3))
	if err != nil {
		return cells, err
	}
	for _, v := range t.f.Mesh.Tri[i] {
		densest = max(densest, t.wants[v])
	}
	n := math.Ceil(max(long/cellMM, math.Sqrt(area*densest/cellMass)))
	return t.split(cells, i, int(min(max(n, 1), maxCuts)), area)
}

// idle says that triangle i lies deep in planned skin and its cells are not needed.
func (t *tissue) idle(i int32) bool {
	if t.needed == nil {
		return false
	}
	sparsest := math.Inf(1)
	for _, v := range t.f.Mesh.Tri[i] {
		if !t.deep[v] {
			return false
		}
		sparsest = min(sparsest, t.wants[v])
	}
	return !t.needed(i, sparsest)
}

// surrounded says which vertices have nothing but planned skin around them.
func (t *tissue) surrounded() []bool {
	out := t.onRim()
	for v := range out {
		out[v] = !out[v]
	}
	for _, tri := range t.whole {
		if t.wants[tri[0]] > 0 && t.wants[tri[1]] > 0 && t.wants[tri[2]] > 0 {
			continue
		}
		for _, v := range tri {
			out[v] = false
		}
	}
	return out
}

// split appends the n×n pieces of triangle i. Of those that the edge of the
// planned skin crosses, the part on either side is a cell of its own.
func (t *tissue) split(cells []cell, i int32, n int, area float64) ([]cell, error) {
	first, planned := len(cells), 0
	for a := range n {
		for b := range n - a {
			for _, upside := range []bool{false, true} {
				if upside && a+b == n-1 {
					continue
				}
				c := cell{tri: i, n: uint8(n), i: uint8(a), j: uint8(b), upside: upside, area: area / float64(n*n)}
				if !t.tris[i].rim {
					want, err := t.density(t.at(&c, 1.0/3, 1.0/3))
					if err != nil {
						return cells, err
					}
					c.want = want
				}
				if c.want > 0 {
					planned++
				}
				cells = append(cells, c)
			}
		}
	}
	if t.tris[i].rim {
		return cells, nil
	}
	return t.divide(cells, first, planned)
}

// divide cuts those of the cells from first on, of one triangle, that hold
// both planned and other skin; planned is how many are planned in the middle.
func (t *tissue) divide(cells []cell, first, planned int) ([]cell, error) {
	last := len(cells)
	mixed, err := t.mixed(cells[first].tri, planned, last-first)
	if !mixed || err != nil {
		return cells, err
	}
	crossed, err := t.crossed(cells[first:last])
	if err != nil {
		return cells, err
	}
	for k := first; k < last; k++ {
		if !crossed[k-first] {
			continue
		}
		share, want, err := t.sample(&cells[k])
		if err != nil {
			return cells, err
		}
		if share == 0 || share == 1 {
			continue
		}
		rest := cells[k]
		rest.area, rest.want, rest.part = rest.area*(1-share), 0, true
		cells[k].area, cells[k].want, cells[k].part = cells[k].area*share, want, true
		cells = append(cells, rest)
	}
	return cells, nil
}

// crossed says which of the cells of one triangle the edge of the planned skin may
// cross: those of which the middle and the corners are not all planned, or all not. A
// line crosses few; where it is most of them the skin is patched more finely than
// that, and it may be any.
func (t *tissue) crossed(cells []cell) ([]bool, error) {
	in, err := t.lattice(&cells[0])
	if err != nil {
		return nil, err
	}
	out, n := make([]bool, len(cells)), 0
	for k := range cells {
		c := &cells[k]
		i, j, planned := int(c.i), int(c.j), c.want > 0
		first := in[i][j]
		if c.upside {
			first = in[i+1][j+1]
		}
		if out[k] = first != planned || in[i+1][j] != planned || in[i][j+1] != planned; out[k] {
			n++
		}
	}
	for k := range out {
		out[k] = out[k] || 2*n > len(out)
	}
	return out, nil
}

// lattice says which corners of the cells of c's triangle are planned.
func (t *tissue) lattice(c *cell) ([][]bool, error) {
	n := int(c.n)
	in := make([][]bool, n+1)
	for i := range in {
		in[i] = make([]bool, n+1-i)
		for j := range in[i] {
			d, err := t.density(t.tris[c.tri].at(float64(i)/float64(n), float64(j)/float64(n)))
			if err != nil {
				return nil, err
			}
			in[i][j] = d > 0
		}
	}
	return in, nil
}

// mixed says whether the edge of the planned skin may cross triangle i: its
// cells differ, or points along its sides differ from them.
func (t *tissue) mixed(i int32, planned, cells int) (bool, error) {
	if planned > 0 && planned < cells {
		return true, nil
	}
	p := t.tris[i].p
	n := int(math.Round(math.Sqrt(float64(cells))))
	for side := range p {
		along := p[(side+1)%3].Sub(p[side]).Mul(1 / float64(n))
		if (t.wants[t.f.Mesh.Tri[i][side]] > 0) != (planned > 0) {
			return true, nil
		}
		for k := 1; k < n; k++ {
			d, err := t.density(p[side].Add(along.Mul(float64(k))))
			if err != nil || (d > 0) != (planned > 0) {
				return true, err
			}
		}
	}
	return false, nil
}

// sides is how finely a cell at the edge of the planned skin is looked at.
const sides = 4

// spots gives the middles of sides² pieces of a cell.
func spots(yield func(u, v float64) bool) {
	for a := range sides {
		for b := range sides - a {
			if !yield((float64(a)+1.0/3)/sides, (float64(b)+1.0/3)/sides) {
				return
			}
			if a+b < sides-1 && !yield((float64(a)+2.0/3)/sides, (float64(b)+2.0/3)/sides) {
				return
			}
		}
	}
}

// sample returns the share of a cell that is planned, and the density there.
func (t *tissue) sample(c *cell) (share, want float64, err error) {
	n := 0.0
	for u, v := range spots {
		d, err := t.density(t.at(c, u, v))
		if err != nil {
			return 0, 0, err
		}
		if d > 0 {
			n++
			want += d
		}
	}
	return n / (sides * sides), want / max(n, 1), nil
}
