package design

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/scalp"
)

// ground is what designs for one head share, whatever is wished.
type ground struct {
	model  *scalp.Model
	own    own
	grid   *nearest
	face   headframe.Face
	line   []float64 // the client's own hairline, see ownLine
	places []place   // at each vertex of the model's mesh
}

// place is where on a head a vertex lies.
type place struct {
	zone  string
	scalp float64 // 0..1: that an average head bore hair there
	rim   float64 // 0 at the lower border of the scalp, 1 well inside and in the front, whose border is the hairline

	psi, rho float64 // angles about the face axis
	radius   float64 // from the head's centre, mm
}

func newGround(m *scalp.Model) *ground {
	g := &ground{model: m, own: ownHair(m), grid: newNearest(m.Mesh), face: headframe.NewFace(m.Surface), places: make([]place, len(m.Mesh.V))}
	g.line = ownLine(m, g.grid, g.face, g.own)
	parallel.Bands(len(g.places), func(from, to int) {
		for v := from; v < to; v++ {
			g.places[v] = g.place(m.Mesh.V[v])
		}
	})
	return g
}

func (g *ground) place(p headframe.Vec) place {
	at := place{zone: g.model.Surface.Zone(p), scalp: g.model.Surface.NativeScalp(p), rim: 1, radius: p.Sub(g.model.Surface.Centre()).Norm()}
	at.psi, at.rho = g.face.Angles(p)
	if math.Abs(at.psi) >= frontPsi {
		gap, _ := g.model.Surface.NativeDistance(p)
		at.rim = smooth(rimFrom, rimTo, gap)
	}
	return at
}

// Around the ears and at the nape every head of hair thins out towards its
// border: that is no loss and nothing is planned within this many mm of it.
const (
	rimFrom = 14
	rimTo   = 26
)

// frontPsi is the direction from the face axis within which the hairline
// bounds the work: to above the sideburns.
const frontPsi = 88 * math.Pi / 180
