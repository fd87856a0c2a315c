package hairline

import (
	"math"
	"slices"
	"sort"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// border is where bare skin meets hair: the crossings of half a growth on the
// edges between neighbouring cells, linked through the squares they bound.
type border struct {
	*field
	at    map[int]crossing
	links map[int][]int
}

// crossing is one place of the border.
type crossing struct {
	px   [2]float64
	rise float64 // how much fuller hair is beyond than before
}

// An edge is named by the cell it starts from and the way it goes.
const (
	across = iota
	down
	ways
)

func edge(k, way int) int { return ways*k + way }

func (f *field) border() *border {
	b := &border{field: f, at: map[int]crossing{}, links: map[int][]int{}}
	bare, hair := f.bare(), f.hair()
	for k := range f.full {
		if k%f.w+1 < f.w {
			b.cross(edge(k, across), k, k+1, bare, hair)
		}
		if k+f.w < len(f.full) {
			b.cross(edge(k, down), k, k+f.w, bare, hair)
		}
	}
	for k := range len(f.full) - f.w {
		if k%f.w+1 < f.w {
			b.link(k)
		}
	}
	return b
}

// cross adds the edge between two cells if bare skin lies on one side and hair
// on the other.
func (b *border) cross(name, from, to int, bare, hair cells) {
	if !bare[from] {
		from, to = to, from
	}
	if !bare[from] || !hair[to] {
		return
	}
	t := (half - b.full[from]) / (b.full[to] - b.full[from])
	x, y := b.pixel(from)
	u, v := b.pixel(to)
	b.at[name] = crossing{
		px:   [2]float64{x + t*(u-x), y + t*(v-y)},
		rise: b.mean(to, to-from) - b.mean(from, from-to),
	}
}

// reach is how far on either side it is looked how clear a line is, mm.
const reach = 12

// mean is the fullness from cell k on, each a step further.
func (b *border) mean(k, step int) float64 {
	sum, seen := 0.0, 0.0
	for range max(1, int(reach/b.mm)) {
		if k < 0 || k >= len(b.full) || math.IsNaN(b.full[k]) {
			break
		}
		sum, seen = sum+min(1, b.full[k]), seen+1
		k += step
	}
	return sum / max(1, seen)
}

// link joins the crossings around the square whose first corner is cell k.
func (b *border) link(k int) {
	var on []int
	for _, e := range [4]int{edge(k, across), edge(k, down), edge(k+b.w, across), edge(k+1, down)} {
		if _, ok := b.at[e]; ok {
			on = append(on, e)
		}
	}
	for ; len(on) > 1; on = on[2:] {
		b.links[on[0]] = append(b.links[on[0]], on[1])
		b.links[on[1]] = append(b.links[on[1]], on[0])
	}
}

// chains follows the links from end to end, closed ones from anywhere.
func (b *border) chains() [][]crossing {
	var names []int
	for e := range b.at {
		names = append(names, e)
	}
	sort.Slice(names, func(i, j int) bool {
		ei, ej := len(b.links[names[i]]) > 1, len(b.links[names[j]]) > 1
		if ei != ej {
			return ej // ends first
		}
		return names[i] < names[j]
	})
	done := map[int]bool{}
	var out [][]crossing
	for _, e := range names {
		if !done[e] {
			out = append(out, b.follow(e, done))
		}
	}
	return out
}

func (b *border) follow(e int, done map[int]bool) (out []crossing) {
	for on := true; on; {
		done[e] = true
		out = append(out, b.at[e])
		on = false
		for _, next := range b.links[e] {
			if !done[next] {
				e, on = next, true
				break
			}
		}
	}
	return out
}

// onTop cuts a chain to its stretches above the ears.
func (b *border) onTop(c []crossing) (runs [][]crossing) {
	high := b.high(c)
	if n := len(c); n > 2 && touch(c[0], c[n-1], b.step) {
		// A closed chain starts anywhere: let it start where it is cut.
		if low := slices.Index(high, false); low > 0 {
			c = append(slices.Clone(c[low:]), c[:low]...)
			high = append(slices.Clone(high[low:]), high[:low]...)
		}
	}
	from := 0
	for i := 0; i <= len(c); i++ {
		if i < len(c) && high[i] {
			continue
		}
		if i-from > 1 {
			runs = append(runs, c[from:i])
		}
		from = i + 1
	}
	return runs
}

// high tells for each crossing whether it lies above the ears. Places change
// slowly along a chain, so that one is looked up every two millimetres.
func (b *border) high(c []crossing) []bool {
	every := max(1, int(2/b.mm))
	out := make([]bool, len(c))
	for i, x := range c {
		if i%every == 0 {
			out[i] = aboveEars(b.place(x.px[0], x.px[1]))
		} else {
			out[i] = out[i-1]
		}
	}
	return out
}

// aboveEars reports whether skin lies high enough for a hairline: above the
// temples' lowest place, and behind them above the bare skin around the ears.
func aboveEars(p headframe.Vec) bool {
	return p[1] > overEars || p[1] > lowest && p[2] > temples
}

// touch reports whether two crossings may bound the same square.
func touch(a, b crossing, step float64) bool {
	return math.Hypot(a.px[0]-b.px[0], a.px[1]-b.px[1]) < 1.5*step
}

// apart is about how far points of a line lie apart, mm.
const apart = 1.5

// line is a run as the survey tells it; ok is false where it is too short or
// too weak to be one.
func (b *border) line(c []crossing) (l survey.Hairline, ok bool) {
	along, rise := make([]float64, len(c)), c[0].rise
	for i := 1; i < len(c); i++ {
		p, q := c[i-1].px, c[i].px
		along[i] = along[i-1] + math.Hypot(q[0]-p[0], q[1]-p[1])/b.step*b.mm
		rise += c[i].rise
	}
	length := along[len(c)-1]
	l.Confidence = min(1, rise/float64(len(c)))
	if length < minLine || l.Confidence < minRise {
		return l, false
	}
	l.Points = evenly(c, along, max(2, int(length/apart)))
	if l.Points[0][0] > l.Points[len(l.Points)-1][0] {
		reverse(l.Points)
	}
	return l, true
}

// evenly returns n points of a chain at equal distances, given how far along it
// each crossing lies.
func evenly(c []crossing, along []float64, n int) [][2]float64 {
	out, k := make([][2]float64, n), 0
	for i := range out {
		want := along[len(along)-1] * float64(i) / float64(n-1)
		for k+2 < len(c) && along[k+1] < want {
			k++
		}
		t := min(1, max(0, (want-along[k])/max(along[k+1]-along[k], 1e-9)))
		p, q := c[k].px, c[k+1].px
		out[i] = [2]float64{p[0] + t*(q[0]-p[0]), p[1] + t*(q[1]-p[1])}
	}
	return out
}

// middle is how far from the midline a hairline is the front one, radians around
// the face.
const middle = 38 * math.Pi / 180

// frontal reports whether a run crosses the middle of the forehead rather than
// the top of the head.
func (b *border) frontal(c []crossing) bool {
	near := false
	for i := 0; i < len(c); i += max(1, int(2/b.mm)) {
		if psi, rho := b.face.Angles(b.place(c[i].px[0], c[i].px[1])); math.Abs(psi) < middle {
			if rho > fringeRho {
				return false
			}
			near = true
		}
	}
	return near
}

func reverse(p [][2]float64) {
	for i, j := 0, len(p)-1; i < j; i, j = i+1, j-1 {
		p[i], p[j] = p[j], p[i]
	}
}
