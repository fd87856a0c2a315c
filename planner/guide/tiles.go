package guide

import (
	"fmt"
	"math"
	"sort"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Tile is a piece of skin laid flat.
//
// Its plane has x to the right and y towards the forehead as seen from outside
// the head, in millimetres of paper, with the seed at (0, 0).
type Tile struct {
	Number  int // from 1, front to back, then from the client's left to the right
	Seed    headframe.Vec
	Normal  headframe.Vec // outward, unit
	North   headframe.Vec // towards the forehead, unit
	Scale   float64       // mm of paper per mm of skin walked from the seed
	Stretch float64       // largest relative difference of a length on paper from skin, 0..1
	Own     []int         // dots of this tile: indices into the dots
	Near    []int         // dots of neighbours within the overlap
	Outline []paper.Point // border of the tile's skin, counter-clockwise

	chart  *chart
	border []edge        // per Outline point
	ownAt  []paper.Point // per Own, mm of paper
	nearAt []paper.Point // per Near, mm of paper
}

// edge says what bounds a tile in one direction.
type edge struct {
	neighbour int // index of the tile beyond, -1: the end of the planned skin
	skin      headframe.Vec
}

// Flatten returns where p lies on the tile and how far p is from the skin, mm.
func (t *Tile) Flatten(p headframe.Vec) (at paper.Point, off float64) {
	f := t.chart.find(p)
	return paper.Point{X: f.x * t.Scale, Y: f.y * t.Scale}, f.off
}

const (
	directions  = 72
	outlinePad  = 3.0 // mm of bare skin shown beyond the last dots
	offSurface  = 5.0 // mm, a dot further from the skin belongs to another head
	splitRounds = 12
	splitAt     = 0.96 // of the largest stretch allowed: between dots it may be a little more than at them
	lloydRounds = 12
)

// Tiles cuts the skin that carries dots into few tiles, each dot on exactly
// one. Tiles that stretch more than craft.PrintStretch are cut smaller, down to
// craft.TileRadius().Low; where even that does not help, as on a dented
// surface, Stretch says so. Seams are kept away from line, the planned hairline,
// as far as that needs no further tile; it may be nil. Tiles fails for dots that
// do not lie on s.
func Tiles(dots []plan.Dot, line []headframe.Vec, s Surface) ([]Tile, error) {
	if len(dots) == 0 {
		return nil, nil
	}
	points := make([]headframe.Vec, len(dots))
	for i, d := range dots {
		points[i] = d.P
	}
	near := ordered(points)
	c := cutter{dots: dots, points: points, s: s, charts: map[headframe.Vec]*chart{}}
	radius, band := craft.TileRadius().Value, bandBehind(near, line)
	var first, row []headframe.Vec
	parallel.Each(2, func(i int) {
		if i == 0 {
			first = seeded(near, s, radius)
		} else {
			row = rowed(near, band, s, radius)
		}
	})
	tiles, ok, err := c.alongLine(band, row, first)
	if err == nil && !ok {
		tiles, err = c.fewest(near, first)
	}
	if err != nil {
		return nil, err
	}
	return number(tiles), nil
}

// fewest cuts tiles from seeds at the largest distance, and from nearer ones:
// where the head is bent more than usual, smaller tiles all over may come to
// fewer than large ones cut in halves.
func (c *cutter) fewest(points, first []headframe.Vec) (best []Tile, err error) {
	for _, k := range []float64{1, 0.88, 0.77} {
		seeds := first
		if k < 1 {
			seeds = seeded(points, c.s, k*craft.TileRadius().Value)
		}
		tiles, whole, err := c.tiled(seeds, len(best))
		if err != nil {
			return nil, err
		}
		if tiles != nil {
			best = tiles
		}
		if whole {
			break
		}
	}
	return best, nil
}

// every returns the indices of all points, some those of one in each small cube.
func every(points []headframe.Vec) []int {
	out := make([]int, len(points))
	for i := range out {
		out[i] = i
	}
	return out
}

func some(points []headframe.Vec) []int {
	seen := make(map[uint64]bool, len(points)/4)
	var out []int
	for i, p := range points {
		if key := cube(p, thinSide); !seen[key] {
			seen[key] = true
			out = append(out, i)
		}
	}
	return out
}

// towardsForehead points from a place on the head over the skin to the middle
// of the forehead; only its part along the skin counts.
func towardsForehead(p headframe.Vec) headframe.Vec {
	forehead := headframe.Vec{0, 55, 105} // just outside an average forehead, above the glabella
	d := forehead.Sub(p)
	if d.Norm() < 1 {
		return headframe.Vec{0, -1, 0}
	}
	return d
}

// share gives the points of some indices to the tile with the nearest seed, and
// to the others that show them in their overlap.
func share(tiles []Tile, points []headframe.Vec, of []int) {
	overlap, radius := craft.TileOverlap().Value, craft.TileRadius().Value
	d2 := make([]float64, len(tiles))
	for i := range tiles {
		tiles[i].Own, tiles[i].Near = nil, nil
	}
	for _, k := range of {
		p, own := points[k], 0
		for i := range tiles {
			v := p.Sub(tiles[i].Seed)
			d2[i] = v.Dot(v)
			if d2[i] < d2[own] {
				own = i
			}
		}
		tiles[own].Own = append(tiles[own].Own, k)
		for i := range tiles {
			if i == own || d2[i] > (radius+overlap)*(radius+overlap) {
				continue
			}
			apart := tiles[i].Seed.Sub(tiles[own].Seed).Norm()
			if (d2[i]-d2[own])/(2*apart) <= overlap {
				tiles[i].Near = append(tiles[i].Near, k)
			}
		}
	}
}

// measure sets Scale so that the largest shrinking equals the largest
// stretching over all dots shown, and returns the own dot furthest away.
func (t *Tile) measure(dots []plan.Dot) (far int, err error) {
	low, top, most := math.Inf(1), 0.0, -1.0
	all := append(append(make([]int, 0, len(t.Own)+len(t.Near)), t.Own...), t.Near...)
	at := make([]paper.Point, len(all))
	for i, k := range all {
		f := t.chart.find(dots[k].P)
		if !(f.off <= offSurface) {
			return 0, fmt.Errorf("dot %d lies %.1f mm off the skin: dots and head do not belong together", dots[k].ID, f.off)
		}
		low, top = math.Min(low, f.low), math.Max(top, f.top)
		at[i] = paper.Point{X: f.x, Y: f.y}
		if r := math.Hypot(f.x, f.y); i < len(t.Own) && r > most {
			most, far = r, k
		}
	}
	t.Scale = math.Sqrt(low * top)
	t.Stretch = math.Max(t.Scale/low-1, 1-t.Scale/top)
	for i := range at {
		at[i] = paper.Point{X: at[i].X * t.Scale, Y: at[i].Y * t.Scale}
	}
	t.ownAt, t.nearAt = at[:len(t.Own)], at[len(t.Own):]
	return far, nil
}

// bound finds the outline: where a neighbour is nearer, or where the dots end.
func (t *Tile) bound(tiles []Tile, self int) {
	reach := t.dotReach()
	t.Outline = make([]paper.Point, directions)
	t.border = make([]edge, directions)
	for i := range directions {
		sin, cos := math.Sincos(2 * math.Pi * float64(i) / directions)
		r, other := t.exit(tiles, self, cos, sin, reach[i])
		t.border[i] = edge{other, t.chart.skin(r*cos, r*sin)}
		t.Outline[i] = paper.Point{X: r * cos * t.Scale, Y: r * sin * t.Scale}
	}
}

// radius is how far the outline lies from the seed in the direction of q, mm
// of paper.
func (t *Tile) radius(q paper.Point) float64 {
	a := math.Atan2(q.Y, q.X) / (2 * math.Pi) * directions
	p := t.Outline[(int(math.Round(a))+directions)%directions]
	return math.Hypot(p.X, p.Y)
}

// exit returns how far the tile goes in a direction, at most limit, and which
// tile begins there.
func (t *Tile) exit(tiles []Tile, self int, cos, sin, limit float64) (r float64, other int) {
	nearest := func(r float64) int {
		p := t.chart.skin(r*cos, r*sin)
		best, at := p.Sub(t.Seed).Norm()+1e-9, self
		for j := range tiles {
			if d := p.Sub(tiles[j].Seed).Norm(); d < best {
				best, at = d, j
			}
		}
		return at
	}
	other = nearest(limit)
	if other == self {
		return limit, -1
	}
	lo, hi := 0.0, limit
	for hi-lo > 0.02 {
		mid := (lo + hi) / 2
		if j := nearest(mid); j == self {
			lo = mid
		} else {
			hi, other = mid, j
		}
	}
	return hi, other
}

// dotReach returns, per direction, how far the skin round own dots goes: all
// that is within outlinePad of one of them. Notches narrower than a few
// directions are filled, for a border that scissors can follow.
func (t *Tile) dotReach() [directions]float64 {
	const pad, step = outlinePad, 2 * math.Pi / directions
	var far [directions]float64
	for i := range far {
		far[i] = pad
	}
	for _, p := range t.ownAt {
		r, phi := math.Hypot(p.X, p.Y)/t.Scale, math.Atan2(p.Y, p.X)
		half := math.Pi
		if r > pad {
			half = math.Asin(pad / r)
		}
		for i := int(math.Ceil((phi - half) / step)); float64(i)*step <= phi+half; i++ {
			sin, cos := math.Sincos(float64(i)*step - phi)
			if gap := pad*pad - r*r*sin*sin; gap >= 0 {
				k := (i%directions + directions) % directions
				far[k] = math.Max(far[k], r*cos+math.Sqrt(gap))
			}
		}
	}
	out := around(around(far, math.Max), math.Min)
	for i := range out {
		out[i] = math.Min(out[i], t.chart.reach)
	}
	return out
}

// around takes the largest or least of what lies within a few directions of each.
func around(of [directions]float64, which func(a, b float64) float64) (out [directions]float64) {
	const notch = 3
	for i := range out {
		out[i] = of[i]
		for d := -notch; d <= notch; d++ {
			out[i] = which(out[i], of[(i+d+directions)%directions])
		}
	}
	return out
}

// number orders tiles front to back in rows, and from left to right within them.
func number(tiles []Tile) []Tile {
	order := make([]int, len(tiles))
	for i := range order {
		order[i] = i
	}
	row := func(t Tile) int {
		// the angle over the head, from the face over the vertex to the nape
		return int(math.Floor(math.Atan2(-t.Seed[2], t.Seed[1]-30) / (math.Pi / 9)))
	}
	sort.SliceStable(order, func(a, b int) bool {
		s, t := tiles[order[a]], tiles[order[b]]
		if row(s) != row(t) {
			return row(s) < row(t)
		}
		return s.Seed[0] > t.Seed[0]
	})
	place := make([]int, len(tiles))
	out := make([]Tile, len(tiles))
	for i, k := range order {
		out[i] = tiles[k]
		out[i].Number = i + 1
		place[k] = i
	}
	for i := range out {
		for j := range out[i].border {
			if n := out[i].border[j].neighbour; n >= 0 {
				out[i].border[j].neighbour = place[n]
			}
		}
	}
	return out
}
