package headframe

import (
	"math"

	"pointille/internal/parallel"
)

// Zones of the scalp; left is the client's left, x > 0.
const (
	FrontalHairline = "frontal_hairline" // 15 mm behind the native front hairline
	Frontal         = "frontal"
	MidScalp        = "mid_scalp"
	VertexZone      = "vertex" // 45 mm around the whorl
	TemporalLeft    = "temporal_left"
	TemporalRight   = "temporal_right"
	ParietalLeft    = "parietal_left"
	ParietalRight   = "parietal_right"
	OccipitalZone   = "occipital"
)

// Zones returns the names of all zones, front to back.
func Zones() []string {
	return []string{FrontalHairline, Frontal, MidScalp, VertexZone, TemporalLeft,
		TemporalRight, ParietalLeft, ParietalRight, OccipitalZone}
}

// Limits of the zones. They split the scalp as the craft speaks of it; the
// literature gives no borders in millimetres (assumption).
const (
	hairlineBandMM  = 15
	vertexRadiusMM  = 45
	sideNormal      = 0.74 // |x| of the normal from which skin counts as side of the head
	outsideMM       = 25   // beyond the native border no zone is named
	crownFrontMM    = 12   // occiput starts this far in front of the whorl
	frontalBackMM   = 30   // frontal zone ends here, along the chart about the centre
	chartRadiusMM   = 95
	occipitalSideZ  = -55
	occipitalStartZ = -15
	napeY           = 10
	napeZ           = -35
)

// border is one place of the mean native outline.
type border struct {
	dir   Vec
	flat  [2]float64
	sigma float64 // spread between heads, mm
}

func newOutline() []border {
	table := outlineDirections()
	out := make([]border, len(table))
	for i, t := range table {
		d := Vec{t[0], t[1], t[2]}.Unit()
		out[i] = border{d, flat(d), t[3]}
	}
	return out
}

// NativeOutline returns the average border of scalp hair before any loss, as a
// closed line on this head: from the middle of the forehead to the client's
// left, round the nape and back.
func (s Surface) NativeOutline() []Vec {
	out := make([]Vec, len(s.base.outline))
	for i, b := range s.base.outline {
		out[i] = s.Point(b.dir)
	}
	return out
}

// NativeScalp returns the probability, 0..1, that an average head bore scalp
// hair at p before any loss.
func (s Surface) NativeScalp(p Vec) float64 {
	d, sigma := s.NativeDistance(p)
	return 0.5 * math.Erfc(-d/sigma/math.Sqrt2)
}

// NativeDistance returns how far p lies inside the average native border (mm,
// negative outside) and the spread of that border between heads at the nearest
// place, mm.
func (s Surface) NativeDistance(p Vec) (d, sigma float64) {
	dir := s.direction(p)
	edge := s.base.outline
	near, best := 0, math.Inf(-1)
	for i := range edge {
		if c := edge[i].dir.Dot(dir); c > best {
			near, best = i, c
		}
	}
	n := len(edge)
	before, at, after := edge[(near+n-1)%n].dir, edge[near].dir, edge[(near+1)%n].dir
	gap := min(segmentGap(dir, before, at), segmentGap(dir, at, after))
	d = math.Sqrt(gap) * s.Radius(dir)
	if !s.base.inside(dir) {
		d = -d
	}
	return d, edge[near].sigma * s.Shape[0]
}

// lowestScalp is the y of directions below all scalp, where flat is not true.
const lowestScalp = -0.985

// inside reports whether a direction lies within the native outline, by the
// crossings of a line to the left.
func (b *base) inside(dir Vec) bool {
	if dir[1] < lowestScalp {
		return false // straight down lies at the middle of the flat plane, as the vertex does
	}
	u, in := flat(dir), false
	from := b.outline[len(b.outline)-1].flat
	for i := range b.outline {
		to := b.outline[i].flat
		if (from[1] > u[1]) != (to[1] > u[1]) && u[0] < from[0]+(to[0]-from[0])*(u[1]-from[1])/(to[1]-from[1]) {
			in = !in
		}
		from = to
	}
	return in
}

// flat maps a direction into the plane seen from above, everything within
// 170° of the vertical kept apart.
func flat(d Vec) [2]float64 {
	k := 1 / math.Max(1+d[1], 1e-3)
	return [2]float64{d[0] * k, d[2] * k}
}

// segmentGap returns the squared chord from p to the segment ab.
func segmentGap(p, a, b Vec) float64 {
	ab, ap := b.Sub(a), p.Sub(a)
	t := ap.Dot(ab) / math.Max(ab.Dot(ab), 1e-12)
	e := ap.Sub(ab.Mul(min(max(t, 0), 1)))
	return e.Dot(e)
}

// Zone returns the zone of the skin at p, "" beyond 25 mm outside the average
// native border (face, neck, ears).
func (s Surface) Zone(p Vec) string {
	d, _ := s.NativeDistance(p)
	if d < -outsideMM {
		return ""
	}
	k := s.Shape[0]
	q, n := s.Project(p)
	q = q.Mul(1 / k)
	whorl := s.Landmark(Whorl).Mul(1 / k)
	forward := chartForward(s.direction(p))
	side := math.Abs(n[0]) > sideNormal
	fromWhorl := q.Sub(whorl).Norm()
	earFront := s.Landmark(EarFrontL)[2] / k
	switch {
	case fromWhorl < vertexRadiusMM && !side:
		return VertexZone
	case q[1] < napeY && q[2] < napeZ:
		return OccipitalZone
	case fromWhorl >= vertexRadiusMM && forward < chartForward(s.direction(s.Landmark(Whorl)))+crownFrontMM && q[2] < occipitalStartZ && !(side && q[2] > occipitalSideZ):
		return OccipitalZone
	case side:
		return sided(q, q[2] > earFront)
	case s.frontGap(p)/k < hairlineBandMM || d < 0:
		return FrontalHairline
	case forward > frontalBackMM:
		return Frontal
	}
	return MidScalp
}

func sided(q Vec, temporal bool) string {
	left := q[0] > 0
	switch {
	case temporal && left:
		return TemporalLeft
	case temporal:
		return TemporalRight
	case left:
		return ParietalLeft
	}
	return ParietalRight
}

// chartForward returns how far forward of the top a direction lies, mm, on the
// azimuthal equidistant chart about the vertical.
func chartForward(d Vec) float64 {
	h := math.Hypot(d[0], d[2])
	if h == 0 {
		return 0
	}
	return chartRadiusMM * math.Atan2(h, d[1]) * d[2] / h
}

// frontGap returns the distance of p from the front hairline between the two
// recesses, mm.
func (s Surface) frontGap(p Vec) float64 {
	dir, best := s.direction(p), math.Inf(1)
	n := len(s.base.outline)
	for i := -apexIndex; i < apexIndex; i++ {
		a, b := s.base.outline[(i+n)%n], s.base.outline[(i+1+n)%n]
		best = min(best, segmentGap(dir, a.dir, b.dir))
	}
	return math.Sqrt(best) * s.Radius(dir)
}

// ZoneAreas returns the native scalp of each zone of this head, cm², each
// place counted with the probability that it bears hair.
func (s Surface) ZoneAreas() map[string]float64 {
	m := s.Mesh(5)
	zone, bears := make([]string, len(m.V)), make([]float64, len(m.V))
	parallel.Bands(len(m.V), func(from, to int) {
		for i := from; i < to; i++ {
			if zone[i] = s.Zone(m.V[i]); zone[i] != "" {
				bears[i] = s.NativeScalp(m.V[i])
			}
		}
	})
	out := make(map[string]float64, len(Zones()))
	for i, z := range zone {
		if z != "" {
			out[z] += m.Area[i] / 100 * bears[i]
		}
	}
	return out
}
