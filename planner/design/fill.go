package design

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Fullness between which work fades out: hair below the first gets the whole of
// what is missing, hair above the second none, so that no border shows where
// the client's own hair takes over. Fullness read from photos of rendered heads
// is 0.1 to 0.3 where they are bald and 0.5 to 0.8 where a fifth of the hair is
// gone, which nobody sees.
const (
	thin  = 0.3
	dense = 0.62
)

// fill sets the planned and finished density at every vertex.
func (d *Design) fill() {
	m := d.model
	d.vertex = make([]float64, len(m.Mesh.V))
	d.target = make([]float64, len(m.Mesh.V))
	parallel.Bands(len(m.Mesh.V), func(from, to int) {
		for v := from; v < to; v++ {
			d.fillAt(v)
		}
	})
	for v, p := range m.Mesh.V {
		if m.Field.Seen[v] >= seenEnough {
			continue
		}
		if d.vertex[v] > thinnest && (d.Hairline == nil || d.Hairline.covers(p)) {
			d.Unseen.add(d.places[v].zone, m.Mesh.Area[v]/100)
		}
		d.vertex[v] = 0
	}
	d.dropIslands()
}

func (d *Design) fillAt(v int) {
	want := d.wanted(v) * d.bears(v)
	own := d.own.at[v] * d.own.full / craft.HairsPerUnit().Value
	missing := max(0, want-own) * (1 - smooth(thin, dense, d.own.at[v]))
	if (d.Look == plan.Patch || d.Look == plan.Scar) && d.own.at[v] > patchShare {
		missing = 0
	}
	d.vertex[v], d.target[v] = missing, own+missing
}

// A patch of planned skin is kept if in enough of it the loss is plain; the rest
// is noise of the maps: their density is good to about a quarter, so that all of
// a full head is somewhere a little thin.
const (
	smallestCore = 2.0 // cm² of it below plainLoss, behind the soft edge of the client's own hair
	plainLoss    = 0.4 // fullness; assumption: half the hair can go before it shows
)

// registrationRings is how many rings of the mesh, of 3 mm, the border of planned
// skin may be wrong by: photos are laid on the head to about 7 mm, so that a
// narrower strip may be nothing but two photos that disagree.
const registrationRings = 2

// eroded is the set without its outermost rings of vertices.
func eroded(m *headframe.Mesh, set []bool, rings int) []bool {
	for range rings {
		next := append([]bool(nil), set...)
		for _, t := range m.Tri {
			if !set[t[0]] || !set[t[1]] || !set[t[2]] {
				next[t[0]], next[t[1]], next[t[2]] = false, false, false
			}
		}
		set = next
	}
	return set
}

// dropIslands clears connected patches of planned skin that are too small or
// nowhere plainly thin.
func (d *Design) dropIslands() {
	m := d.model.Mesh
	group := make([]int32, len(m.V))
	for v := range group {
		group[v] = int32(v)
	}
	find := func(v int32) int32 {
		for group[v] != v {
			group[v] = group[group[v]]
			v = group[v]
		}
		return v
	}
	planned := make([]bool, len(m.V))
	for v, p := range m.V {
		planned[v] = d.edge(p)*d.vertex[v] > thinnest
	}
	for _, t := range m.Tri {
		for k := range t {
			a, b := t[k], t[(k+1)%3]
			if planned[a] && planned[b] {
				group[find(a)] = find(b)
			}
		}
	}
	solid := eroded(m, planned, registrationRings)
	core := make([]float64, len(m.V))
	for v := range m.V {
		if planned[v] && solid[v] && d.own.at[v] < plainLoss && d.edge(m.V[v]) > 0.5 {
			core[find(int32(v))] += m.Area[v] / 100
		}
	}
	for v := range m.V {
		if !planned[v] || core[find(int32(v))] < smallestCore {
			d.vertex[v] = 0
		}
	}
	if d.Look == plan.Shaved {
		d.dropOneSided(find)
	}
}

// Types of pattern loss take both sides of the head (Norwood 1975). What seems thin on
// the side of the head, of which at least sideShare lies at temple and above the ear, is
// not believed where less than mirrored of the place opposite is planned, if most of
// that is seen. Both are assumptions.
const (
	sideShare = 0.85
	mirrored  = 0.25
)

// dropOneSided clears patches of planned skin on one side only.
func (d *Design) dropOneSided(find func(int32) int32) {
	type patch struct{ all, side, seen, planned float64 }
	m, patches := d.model.Mesh, map[int32]*patch{}
	for v, p := range m.V {
		if d.vertex[v] == 0 {
			continue
		}
		g := find(int32(v))
		if patches[g] == nil {
			patches[g] = &patch{}
		}
		x, a := patches[g], m.Area[v]
		x.all += a
		if onSide(d.places[v].zone) {
			x.side += a
		}
		opposite := headframe.Vec{-p[0], p[1], p[2]}
		if d.grid.sample(opposite, d.model.Field.Seen) < seenEnough {
			continue
		}
		x.seen += a
		if d.grid.sample(opposite, d.vertex)*d.edge(opposite) > thinnest {
			x.planned += a
		}
	}
	dropped := func(v int) bool {
		x := patches[find(int32(v))]
		return d.vertex[v] > 0 && x.side > sideShare*x.all && x.seen > x.all/2 && x.planned < mirrored*x.seen
	}
	var drop []int
	for v := range m.V {
		if dropped(v) {
			drop = append(drop, v)
		}
	}
	for _, v := range drop {
		d.OneSided.add(d.places[v].zone, m.Area[v]/100)
		d.vertex[v] = 0
	}
}

func onSide(zone string) bool {
	switch zone {
	case headframe.TemporalLeft, headframe.TemporalRight, headframe.ParietalLeft, headframe.ParietalRight:
		return true
	}
	return false
}

// patchShare is the fullness that a patch or scar stays below.
const patchShare = 0.5

// seenEnough is how squarely a place must be seen to count as photographed, cos²
// added over the photos: one that shows it at 67° or flatter is not believed alone. At
// its rim a map blends with what lies behind the head.
const seenEnough = 0.15

// wanted is the finished density at a vertex where all of it is planned.
func (d *Design) wanted(v int) float64 {
	z := d.places[v].zone
	if v, ok := d.options.ZonePerCM2[z]; ok {
		return v
	}
	return d.options.PerCM2 * craft.ZoneShare(z).Value
}

// bears is how far the place of a vertex bears, or bore, scalp hair: what the photos
// and the average head say together. Behind a drawn or proposed hairline the skin
// counts as scalp, since a bald forehead runs into a bald top without a border.
func (d *Design) bears(v int) float64 {
	at, seen := d.places[v], d.model.Field.Scalp[v]
	if mayBeBare(at.zone) {
		seen = max(at.scalp*0.6, seen)
	}
	return smooth(0.3, 0.6, math.Sqrt(max(0, at.scalp*seen))) * at.rim
}

// mayBeBare reports whether skin in a zone may be a bald scalp that photos take
// for forehead: a bald top runs into the forehead without a border. In the
// fringe, the last to go, such skin is neck, or a photo laid on the head askew.
func mayBeBare(zone string) bool {
	switch zone {
	case headframe.ParietalLeft, headframe.ParietalRight, headframe.OccipitalZone:
		return false
	}
	return true
}

// smooth is 0 below a, 1 above b, and a cubic between.
func smooth(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}
