package design

import (
	"math"
	"sort"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/scalp"
)

// Shares of the client's full density between which work fades out: hair below
// the first gets the whole of what is missing, hair above the second none, so
// that no border shows where the client's own hair takes over.
const (
	thin  = 0.35
	dense = 0.85
)

// fill sets the planned and finished density at every vertex.
func (d *Design) fill() {
	m := d.model
	d.vertex = make([]float64, len(m.Mesh.V))
	d.target = make([]float64, len(m.Mesh.V))
	for v, p := range m.Mesh.V {
		want := d.wanted(p) * d.bears(v, p)
		own := m.Field.Hairs[v] / craft.HairsPerUnit().Value
		missing := max(0, want-own) * (1 - smooth(thin, dense, m.Field.Hairs[v]/d.Full))
		if d.Look != plan.Shaved && m.Field.Hairs[v] > patchShare*d.Full && d.Look != plan.Density {
			missing = 0
		}
		d.target[v] = own + missing
		if m.Field.Seen[v] < seenEnough {
			if missing > thinnest && (d.Hairline == nil || d.Hairline.covers(p)) {
				d.Unseen += m.Mesh.Area[v] / 100
			}
			continue
		}
		d.vertex[v] = missing
	}
	d.dropIslands()
}

// smallestIsland is the area below which a separate patch is not worth
// treating, cm²: smaller ones are noise of the maps.
const smallestIsland = 1.5

// dropIslands clears connected patches of planned skin that are too small.
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
		planned[v] = d.vertex[v] > thinnest && (d.Hairline == nil || d.Hairline.ramp(p)*d.vertex[v] > thinnest)
	}
	for _, t := range m.Tri {
		for k := range t {
			a, b := t[k], t[(k+1)%3]
			if planned[a] && planned[b] {
				group[find(a)] = find(b)
			}
		}
	}
	area := make([]float64, len(m.V))
	for v := range m.V {
		if planned[v] {
			area[find(int32(v))] += m.Area[v] / 100
		}
	}
	for v := range m.V {
		if !planned[v] || area[find(int32(v))] < smallestIsland {
			d.vertex[v] = 0
		}
	}
}

// patchShare of full density is what a patch or scar stays below.
const patchShare = 0.5

// seenEnough is the viewing weight from which a place counts as photographed.
const seenEnough = 0.02

// wanted is the finished density at p where all of it is planned.
func (d *Design) wanted(p headframe.Vec) float64 {
	z := d.model.Surface.Zone(p)
	if v, ok := d.options.ZonePerCM2[z]; ok {
		return v
	}
	return d.options.PerCM2 * craft.ZoneShare(z).Value
}

// bears is how far the place bears, or bore, scalp hair: what the photos and
// the average head say together. Behind a drawn or proposed hairline the skin
// counts as scalp, since a bald forehead runs into a bald top without a border.
func (d *Design) bears(v int, p headframe.Vec) float64 {
	prior := d.model.Surface.NativeScalp(p)
	seen := max(prior*0.6, d.model.Field.Scalp[v])
	return smooth(0.3, 0.6, math.Sqrt(max(0, prior*seen))) * d.inside(p)
}

// Around the ears and at the nape every head of hair thins out towards its
// border: that is no loss and nothing is planned within this many mm of it.
const (
	rimFrom = 14
	rimTo   = 26
)

// inside is 0 at the lower border of the scalp and 1 well inside. The front
// has its own border, the hairline.
func (d *Design) inside(p headframe.Vec) float64 {
	if psi, _ := d.face.Angles(p); math.Abs(psi) < frontPsi {
		return 1
	}
	gap, _ := d.model.Surface.NativeDistance(p)
	return smooth(rimFrom, rimTo, gap)
}

// frontPsi is the direction from the face axis within which the hairline
// bounds the work: to above the sideburns.
const frontPsi = 88 * math.Pi / 180

// fullDensity is the client's own full density: the 85th percentile over the
// hair-bearing scalp that photos show, if that is hair at all.
func fullDensity(m *scalp.Model) float64 {
	var seen []float64
	for v, w := range m.Field.Seen {
		if w > seenEnough && m.Field.Scalp[v] > 0.5 {
			seen = append(seen, m.Field.Hairs[v])
		}
	}
	q := craft.FullHairs()
	if len(seen) == 0 {
		return q.Value
	}
	sort.Float64s(seen)
	if full := seen[len(seen)*85/100]; full > q.Low {
		return min(full, q.High)
	}
	return q.Value
}

// smooth is 0 below a, 1 above b, and a cubic between.
func smooth(a, b, x float64) float64 {
	t := max(0, min(1, (x-a)/(b-a)))
	return t * t * (3 - 2*t)
}
