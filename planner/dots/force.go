package dots

import "math"

// table is a central force by the squared distance in spacings. Beyond its cut
// it is nothing.
type table struct {
	f   [tableSize + 1]float32
	bin [tableSize + 1]uint8 // which bin of a tally the distance is in; the last: none
}

const tableSize = 1024

// perSpacing is how many entries tables of the given cut have per squared spacing.
func perSpacing(cut float64) float64 { return tableSize / (cut * cut) }

// newTable tabulates f, the force over the distance, both in spacings, up to cut.
func newTable(cut float64, f func(r float64) float64) *table {
	t := &table{}
	for k := range tableSize {
		r := math.Sqrt((float64(k) + 0.5) / perSpacing(cut))
		t.f[k], t.bin[k] = float32(f(r)), uint8(min(r/gapBin, bins-1))
	}
	t.bin[tableSize] = bins - 1
	return t
}

// press adds the forces of the chunk of movers from lo on, (p_i - p_j)·f by the
// distance in the geometric mean of both spacings, to sum. Each mover has the
// table of its class; all have the first if there is but one.
func press(tables []*table, class []uint8, l *list, at, sum []spot, lo int) {
	here := sum[lo:]
	t := tables[0]
	for i := range l.outer {
		if len(tables) > 1 {
			t = tables[class[lo+i]]
		}
		inner, outer := l.of(i)
		p := at[lo+i]
		var x, y, z float32
		for _, e := range inner {
			q := &at[e.j]
			dx, dy, dz := p[0]-q[0], p[1]-q[1], p[2]-q[2]
			f := t.f[min(uint32((dx*dx+dy*dy+dz*dz)*e.k), tableSize)]
			fx, fy, fz := f*dx, f*dy, f*dz
			x, y, z = x+fx, y+fy, z+fz
			o := &here[int(e.j)-lo]
			o[0], o[1], o[2] = o[0]-fx, o[1]-fy, o[2]-fz
		}
		for _, e := range outer {
			q := &at[e.j]
			dx, dy, dz := p[0]-q[0], p[1]-q[1], p[2]-q[2]
			f := t.f[min(uint32((dx*dx+dy*dy+dz*dz)*e.k), tableSize)]
			x, y, z = x+f*dx, y+f*dy, z+f*dz
		}
		o := &here[i]
		o[0], o[1], o[2] = o[0]+x, o[1]+y, o[2]+z
	}
}

// count tells the neighbours of the first n movers of the chunk from lo on by
// bins and by classes of movers.
func (t *table) count(class []uint8, l *list, at []spot, lo, n int, seen tally) {
	for i := range min(len(l.outer), n) {
		c := &seen[0]
		if len(seen) > 1 {
			c = &seen[class[lo+i]]
		}
		c.dots++
		inner, outer := l.of(i)
		p := at[lo+i]
		for _, e := range inner {
			c.near[t.bin[e.gap(p, at)]] += 2
		}
		for _, e := range outer {
			c.near[t.bin[e.gap(p, at)]]++
		}
	}
}

// gap returns the entry of a table for the distance of neighbour e from p.
func (e pair) gap(p spot, at []spot) uint32 {
	q := &at[e.j]
	dx, dy, dz := p[0]-q[0], p[1]-q[1], p[2]-q[2]
	return min(uint32((dx*dx+dy*dy+dz*dz)*e.k), tableSize)
}
