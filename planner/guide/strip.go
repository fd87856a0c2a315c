package guide

import (
	"errors"
	"math"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/planner/craft"
)

// Strip is the skin along the planned hairline laid flat.
//
// Lengths along the line and turns within the skin are kept, so the strip's
// middle is true; its edges are as wrong as Stretch says. Its plane has x to
// the right and y towards the forehead as seen from outside the head, in
// millimetres, with the line's crossing of the midline at (0, 0).
type Strip struct {
	Line    []paper.Point // the hairline, from the client's right temple to the left
	Along   []float64     // mm along the line from the midline, negative on the client's right
	Front   []paper.Point // edge towards the face, per point of Line
	Back    []paper.Point // edge towards the crown
	Soft    []paper.Point // where full density begins
	Stretch float64       // largest relative difference of a length along the edges, 0..1

	front   float64       // mm from the evened line to Front
	heading []float64     // smoothed direction of the line, radians
	on      []step        // the line on the skin, resampled
	mid     int           // where it crosses the midline
	recess  [2]int        // fronto-temporal points, right and left; -1: none
	even    []step        // on, without the line's small waves
	flat    []paper.Point // even, laid flat
}

const (
	stripStride = 2.0  // mm between resampled points
	stripSmooth = 6    // points on either side over which the edges are evened
	stripLeast  = 10.0 // mm, a shorter line is no hairline
	stripProbe  = 4.0  // mm, stride across the strip when its stretch is measured
)

// NewStrip lays the line flat. soft is the depth of the soft zone, mm.
func NewStrip(line []headframe.Vec, soft float64, s Surface) (*Strip, error) {
	if len(line) < 3 {
		return nil, errors.New("the hairline is too short to lay flat")
	}
	st := &Strip{}
	st.on, st.mid = resampled(line, s)
	if n := len(st.on); n > 0 && math.IsNaN(st.on[n-1].length) {
		return nil, errors.New("the surface along the hairline is not a number")
	}
	if n := len(st.on); st.mid < 1 || st.mid > n-2 || !(st.on[n-1].length >= stripLeast) {
		return nil, errors.New("the hairline is too short to lay flat")
	}
	turn := make([]float64, len(st.on))
	for i := 1; i+1 < len(st.on); i++ {
		n := st.on[i].n
		in := tangent(st.on[i].p.Sub(st.on[i-1].p), n)
		out := tangent(st.on[i+1].p.Sub(st.on[i].p), n)
		turn[i] = math.Atan2(n.Dot(in.Cross(out)), in.Dot(out))
	}
	st.develop(turn)
	st.smooth(s)
	st.recess = st.recesses()
	st.edges(s, soft)
	return st, nil
}

// edges sets the strip's width: that of the craft, or less where tight bends
// would stretch its edges too much, but never less than the soft zone and room
// for the scissors.
func (st *Strip) edges(s Surface, soft float64) {
	const least, scissors, narrower = 6.0, 3.0, 0.85
	soft = math.Max(0, math.Min(soft, craft.StripBack().Value))
	front, back := craft.StripFront().Value, craft.StripBack().Value
	for {
		st.Front, st.Back = st.offset(-front), st.offset(back)
		f, b := st.probe(s, -front, st.Front), st.probe(s, back, st.Back)
		st.Stretch = math.Max(f, b)
		var tight bool
		if limit := craft.PrintStretch().Value; f > limit && front*narrower >= least {
			front, tight = front*narrower, true
		} else if b > limit && back*narrower >= math.Max(least, soft+scissors) {
			back, tight = back*narrower, true
		}
		if !tight {
			break
		}
	}
	st.front = front
	st.Soft = st.behind(soft)
}

// recesses finds, on the client's right and left, where the line recedes
// furthest between midline and temple: the fronto-temporal points. -1 stands
// for none, as on a rounded line.
func (st *Strip) recesses() [2]int {
	const aside, depth = 10.0, 2.0 // mm from the ends, mm deeper than both
	out := [2]int{-1, -1}
	for side, ends := range [2][2]int{{0, st.mid}, {st.mid, len(st.flat) - 1}} {
		deepest := -1
		for i := ends[0]; i <= ends[1]; i++ {
			if st.Along[i]-st.Along[ends[0]] < aside || st.Along[ends[1]]-st.Along[i] < aside {
				continue
			}
			if deepest < 0 || st.flat[i].Y < st.flat[deepest].Y {
				deepest = i
			}
		}
		if deepest >= 0 && math.Min(st.flat[ends[0]].Y, st.flat[ends[1]].Y)-st.flat[deepest].Y > depth {
			out[side] = deepest
		}
	}
	return out
}

// resampled returns the line at equal steps on the skin, counted from where it
// crosses the midline (or from its middle), and the index of that place.
func resampled(line []headframe.Vec, s Surface) (on []step, mid int) {
	from, to := split(line)
	right, left := paced(from, s), paced(to, s)
	for i := len(right) - 1; i > 0; i-- {
		on = append(on, right[i])
	}
	mid = len(on)
	on = append(on, left...)
	for i := 1; i < len(on); i++ {
		on[i].length = on[i-1].length + arc(on[i].p.Sub(on[i-1].p).Norm(), on[i].n, on[i-1].n)
	}
	return on, mid
}

// split cuts the line where it crosses the midline and returns both parts,
// each beginning there.
func split(line []headframe.Vec) (right, left []headframe.Vec) {
	k := len(line) / 2
	at := line[k]
	for i := 1; i < len(line); i++ {
		if a, b := line[i-1], line[i]; a[0] < 0 && b[0] >= 0 {
			k, at = i, a.Add(b.Sub(a).Mul(a[0]/(a[0]-b[0])))
			break
		}
	}
	right = []headframe.Vec{at}
	for i := k - 1; i >= 0; i-- {
		right = append(right, line[i])
	}
	return right, append([]headframe.Vec{at}, line[k:]...)
}

// paced returns points of the skin along line at equal steps from its start,
// and its end.
func paced(line []headframe.Vec, s Surface) []step {
	var out []step
	add := func(p headframe.Vec) {
		q, n := s.Project(p)
		out = append(out, step{p: q, n: n.Unit()})
	}
	left := 0.0 // to go until the next step
	for i := 1; i < len(line); i++ {
		d := line[i].Sub(line[i-1])
		length := d.Norm()
		for left < length {
			add(line[i-1].Add(d.Mul(left / length)))
			left += stripStride
		}
		left -= length
	}
	if left < stripStride/2 {
		add(line[len(line)-1])
	}
	return out
}

// develop unrolls the line with the midline's forward direction up.
func (st *Strip) develop(turn []float64) {
	mid := st.mid
	n := st.on[mid].n
	north := tangent(backward(n).Mul(-1), n)
	east := north.Cross(n)
	t := tangent(st.on[mid+1].p.Sub(st.on[mid].p), n)
	st.Line = make([]paper.Point, len(st.on))
	st.Along = make([]float64, len(st.on))
	ahead := math.Atan2(t.Dot(north), t.Dot(east))
	h := ahead
	for i := mid; i+1 < len(st.on); i++ {
		d := st.on[i+1].length - st.on[i].length
		st.Line[i+1] = paper.Point{X: st.Line[i].X + d*math.Cos(h), Y: st.Line[i].Y + d*math.Sin(h)}
		h += turn[i+1]
	}
	h = ahead - turn[mid]
	for i := mid; i > 0; i-- {
		d := st.on[i].length - st.on[i-1].length
		st.Line[i-1] = paper.Point{X: st.Line[i].X - d*math.Cos(h), Y: st.Line[i].Y - d*math.Sin(h)}
		h -= turn[i-1]
	}
	for i := range st.on {
		st.Along[i] = st.on[i].length - st.on[mid].length
	}
}

// smooth evens out the small waves of a natural line, which the strip's edges
// do not follow. Beyond its ends the line is taken to go on point-reflected,
// so that they stay in place.
func (st *Strip) smooth(s Surface) {
	n := len(st.on)
	st.flat, st.even = make([]paper.Point, n), make([]step, n)
	const k = 1.0 / (2*stripSmooth + 1)
	for i := range n {
		var p headframe.Vec
		for j := i - stripSmooth; j <= i+stripSmooth; j++ {
			in := min(max(j, 0), n-1)
			mirror := min(max(2*in-j, 0), n-1)
			away := 0.0 // inside the line a point stands for itself
			if in != j {
				away = 1
			}
			f, m := st.Line[in], st.Line[mirror]
			st.flat[i].X += k * (f.X + away*(f.X-m.X))
			st.flat[i].Y += k * (f.Y + away*(f.Y-m.Y))
			o := st.on[in].p
			p = p.Add(o.Add(o.Sub(st.on[mirror].p).Mul(away)).Mul(k))
		}
		q, m := onto(s, p)
		st.even[i] = step{p: q, n: m}
	}
	st.heading = make([]float64, n)
	for i := range n {
		a, b := st.flat[max(0, i-1)], st.flat[min(n-1, i+1)]
		st.heading[i] = math.Atan2(b.Y-a.Y, b.X-a.X)
	}
}

// offset returns the evened line moved by d mm towards the crown.
func (st *Strip) offset(d float64) []paper.Point { return st.moved(st.flat, d) }

// behind returns the line itself moved by d mm towards the crown.
func (st *Strip) behind(d float64) []paper.Point { return st.moved(st.Line, d) }

func (st *Strip) moved(line []paper.Point, d float64) []paper.Point {
	out := make([]paper.Point, len(line))
	for i, p := range line {
		sin, cos := math.Sincos(st.heading[i])
		// the line runs to the left, so the crown is on its left hand
		out[i] = paper.Point{X: p.X - d*sin, Y: p.Y + d*cos}
	}
	return out
}

// probe compares an edge on paper with the skin d mm from the line, over
// stretches of about 20 mm.
func (st *Strip) probe(s Surface, d float64, edge []paper.Point) float64 {
	const every = 10
	worst := 0.0
	var last headframe.Vec
	for i := 0; i < len(st.even); i += every {
		o := st.even[i]
		q := walk(s, o.p, o.n, st.across(i, d), math.Abs(d), stripProbe)
		p := q[len(q)-1].p
		if i > 0 {
			skin := distance(s, last, p)
			flat := math.Hypot(edge[i].X-edge[i-every].X, edge[i].Y-edge[i-every].Y)
			worst = math.Max(worst, math.Abs(flat/skin-1))
		}
		last = p
	}
	return worst
}

// across is the direction on the skin at point i towards the edge at d.
func (st *Strip) across(i int, d float64) headframe.Vec {
	a, b := st.even[max(0, i-1)].p, st.even[min(len(st.even)-1, i+1)].p
	left := st.even[i].n.Cross(b.Sub(a)) // of the line seen from outside
	if d < 0 {
		return left.Mul(-1)
	}
	return left
}

// Middle returns the skin where the line meets the midline.
func (st *Strip) Middle() headframe.Vec { return st.on[st.mid].p }
