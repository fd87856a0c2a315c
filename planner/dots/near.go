package dots

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
)

// spot is a place in single precision, mm from the middle of the swarm: enough
// for forces (steps of 0.00001 mm on a head), and four to a cache line.
type spot [4]float32

// list holds the neighbours of the movers of one chunk. Two movers of one chunk
// are listed once, with the earlier (inner), and push each other there; all
// others are listed with both (outer), as chunks are worked on at the same time.
type list struct {
	inner, outer []int32 // ends of each mover's part of pairs: the inner first, then the outer
	pairs        []pair
}

// pair is one neighbour.
type pair struct {
	j int32
	k float32 // entries of a table per squared mm between the two
}

// of returns the neighbours of the k-th mover of a chunk.
func (l *list) of(k int) (inner, outer []pair) {
	from := int32(0)
	if k > 0 {
		from = l.outer[k-1]
	}
	mid, to := l.inner[k], l.outer[k]
	return l.pairs[from:mid], l.pairs[mid:to]
}

// all returns the listed neighbours of the k-th mover of a chunk.
func (l *list) all(k int) []pair {
	inner, outer := l.of(k)
	return inner[:len(inner)+len(outer)]
}

// crowd says who is looked for in a layer: one set of points, or one per session.
type crowd struct {
	l    *layer
	sets [][]int32
}

// all is the crowd of all dots and follicles.
func (s *swarm) all() crowd { return crowd{&s.union, [][]int32{s.everyone()}} }

// crowds are all that dots keep apart in: the union, and, where there are
// several, sessions.
func (s *swarm) crowds() []crowd {
	if !s.several() {
		return []crowd{s.all()}
	}
	return []crowd{s.all(), {&s.own, s.sessions()}}
}

// reach is how far neighbours are listed.
type reach struct {
	cut    float64 // spacings
	per    float64 // table entries per squared spacing
	shared bool    // pairs within a chunk are listed once
}

// look lists the neighbours of each mover in each crowd.
func (s *swarm) look(r reach, crowds ...crowd) {
	s.locate()
	nets := s.nets(r.cut, crowds)
	for _, c := range crowds {
		if c.l.near == nil {
			c.l.near = make([]list, (s.movers+chunk-1)/chunk)
		}
	}
	chunks(s.movers, s.t.o.Threads, func(c, lo, hi int) {
		var found []int32
		for n, crowd := range crowds {
			found = s.enlist(&crowd.l.near[c], crowd.l, nets[n], r, lo, hi, found)
		}
	})
}

// enlist fills the list of the chunk lo..hi. found is room to work in.
func (s *swarm) enlist(at *list, l *layer, nets []*net, r reach, lo, hi int, found []int32) []int32 {
	at.inner, at.outer, at.pairs = at.inner[:0], at.outer[:0], at.pairs[:0]
	for i := lo; i < hi; i++ {
		n := 0
		if l.in[i] && !(i < s.dots && s.gone[i]) {
			w := nets[0]
			if len(nets) > 1 {
				w = nets[s.label[i]]
			}
			found, n = w.collect(s.at[i], float32(min(r.cut/l.inv[i], mostMM)), found)
			at.pairs = s.split(at, l, r, i, lo, hi, found[:n])
		} else {
			at.inner = append(at.inner, int32(len(at.pairs)))
		}
		at.outer = append(at.outer, int32(len(at.pairs)))
	}
	return found
}

// split appends the neighbours of mover i, inner ones first.
func (s *swarm) split(at *list, l *layer, r reach, i, lo, hi int, found []int32) []pair {
	per := l.inv[i] * r.per
	pairs := at.pairs
	first, last := lo, hi // movers that i shares its pairs with
	if i < s.dots {
		last = min(hi, s.dots)
	} else {
		first = max(lo, s.dots)
	}
	if !r.shared {
		first, last = 0, 0
	}
	rest := 0
	for _, j := range found {
		if int(j) < first || int(j) >= last {
			found[rest] = j
			rest++
		} else if int(j) > i {
			pairs = append(pairs, pair{j, float32(per * l.inv[j])})
		}
	}
	at.inner = append(at.inner, int32(len(pairs)))
	for _, j := range found[:rest] {
		if int(j) != i {
			pairs = append(pairs, pair{j, float32(per * l.inv[j])})
		}
	}
	return pairs
}

// locate sets the spots of all points.
func (s *swarm) locate() {
	chunks(len(s.pos), s.t.o.Threads, func(_, lo, hi int) {
		for i := lo; i < hi; i++ {
			s.at[i] = s.spot(s.pos[i])
		}
	})
}

func (s *swarm) spot(p headframe.Vec) spot {
	return spot{float32(p[0] - s.middle[0]), float32(p[1] - s.middle[1]), float32(p[2] - s.middle[2])}
}

// nets sorts the sets of all crowds, on as many goroutines as there may be.
func (s *swarm) nets(cut float64, crowds []crowd) [][]*net {
	type job struct{ crowd, set int }
	var jobs []job
	out := make([][]*net, len(crowds))
	for n, c := range crowds {
		out[n] = make([]*net, len(c.sets))
		for k := range c.sets {
			jobs = append(jobs, job{n, k})
		}
	}
	parallel.On(s.t.o.Threads, len(jobs), func(k int) {
		j := jobs[k]
		l, ids := crowds[j.crowd].l, crowds[j.crowd].sets[j.set]
		mean := 0.0
		for _, i := range ids {
			mean += 1 / l.inv[i]
		}
		side := max(netSide*cut*mean/float64(max(len(ids), 1)), 1e-3)
		out[j.crowd][j.set] = newNet(side, ids, s.at)
	})
	return out
}

// netSide is the side of a cell over the mean distance looked within: smaller
// cells are more to visit, larger hold more that is too far.
const netSide = 0.6

// net is a grid of spots.
type net struct {
	lo    spot
	inv   float32 // 1 / cell, 1/mm
	n     [3]int32
	start []int32
	order []int32
	at    []spot // in the order of order
}

func newNet(cell float64, ids []int32, at []spot) *net {
	g := &net{n: [3]int32{1, 1, 1}, inv: 1}
	if len(ids) == 0 {
		g.start = make([]int32, 2)
		return g
	}
	g.shape(cell, ids, at)
	where := make([]int32, len(ids))
	g.start = make([]int32, g.n[0]*g.n[1]*g.n[2]+1)
	for k, i := range ids {
		c := g.cell(&at[i])
		where[k] = c
		g.start[c]++
	}
	sum := int32(0)
	for c := range g.start {
		sum += g.start[c]
		g.start[c] = sum
	}
	g.order, g.at = make([]int32, len(ids)), make([]spot, len(ids))
	for k := len(ids) - 1; k >= 0; k-- {
		c := where[k]
		g.start[c]--
		g.order[g.start[c]], g.at[g.start[c]] = ids[k], at[ids[k]]
	}
	return g
}

func (g *net) shape(cell float64, ids []int32, at []spot) {
	lo, hi := at[ids[0]], at[ids[0]]
	for _, i := range ids[1:] {
		p := &at[i]
		for k := range 3 {
			lo[k], hi[k] = min(lo[k], p[k]), max(hi[k], p[k])
		}
	}
	g.lo = lo
	for ; ; cell *= 1.3 {
		total := 1.0
		for k := range 3 {
			n := math.Floor(float64(hi[k]-lo[k])/cell) + 1
			g.n[k] = int32(min(n, maxCells))
			total *= n
		}
		if total <= maxCells {
			g.inv = float32(1 / cell)
			return
		}
	}
}

func (g *net) cell(p *spot) int32 {
	var c [3]int32
	for k := range 3 {
		c[k] = min(max(int32((p[k]-g.lo[k])*g.inv), 0), g.n[k]-1)
	}
	return (c[2]*g.n[1]+c[1])*g.n[0] + c[0]
}

// collect puts the points within r of p, itself among them, into found, which
// grows where it must, and returns how many there are. What is too far is
// overwritten, not jumped over: half the candidates are, as chance has it.
func (g *net) collect(p spot, r float32, found []int32) ([]int32, int) {
	var a, b [3]int32
	for k := range 3 {
		a[k] = max(int32((p[k]-r-g.lo[k])*g.inv), 0)
		b[k] = min(int32((p[k]+r-g.lo[k])*g.inv), g.n[k]-1)
		if a[k] > b[k] {
			return found, 0
		}
	}
	r2, n := r*r, 0
	for z := a[2]; z <= b[2]; z++ {
		for y := a[1]; y <= b[1]; y++ {
			row := (z*g.n[1] + y) * g.n[0]
			from, to := g.start[row+a[0]], g.start[row+b[0]+1]
			if from == to {
				continue
			}
			at, order := g.at[from:to], g.order[from:to]
			if n+len(at) > len(found) {
				found = append(found, make([]int32, n+len(at)+256)...)
			}
			for k := range at {
				q := &at[k]
				dx, dy, dz := q[0]-p[0], q[1]-p[1], q[2]-p[2]
				found[n] = order[k]
				if dx*dx+dy*dy+dz*dz <= r2 {
					n++
				}
			}
		}
	}
	return found, n
}
