// Package design decides where dots go and how dense: the hairline, the planned
// skin, and for each place the wanted density less what grows there.
//
// Lengths are mm of the head frame along the skin unless said otherwise,
// densities per cm² of skin. A head that needs nothing gives an empty design
// that says why. Errors name the wish that cannot be met.
package design

import (
	"fmt"
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/scalp"
)

// Options are the wishes that shape the design. The zero value is a shaved
// look with a natural, medium-soft hairline.
type Options struct {
	Look        string             // plan.Shaved (default), Density, Patch, Scar
	Female      bool               // women's hairline rules
	Age         int                // years; 0 unknown
	Alternative string             // high | natural (default) | low | keep
	HeightMM    float64            // mid-frontal point above glabella; 0: by rule
	Edge        string             // hard | medium (default) | soft | broken
	Points      []headframe.Vec    // drawn hairline; nil: propose one
	PerCM2      float64            // finished density; 0: craft.DotDensity
	ZonePerCM2  map[string]float64 // by zone, over PerCM2
	Seed        uint64
}

func (o Options) withDefaults() Options {
	if o.Look == "" {
		o.Look = plan.Shaved
	}
	if o.Alternative == "" {
		o.Alternative = "natural"
	}
	if o.Edge == "" {
		o.Edge = "medium"
	}
	if o.PerCM2 == 0 {
		o.PerCM2 = craft.DotDensity().Value
	}
	return o
}

// Design is where dots go.
type Design struct {
	Look     string
	Hairline *Hairline // nil where the look leaves the hairline alone
	Nothing  string    // why nothing is planned; empty otherwise
	Unseen   Places    // scalp behind the hairline that no photo shows: it may be bald or full
	OneSided Places    // seems thin, but on one side only: left out
	*ground
	vertex   []float64 // planned dots per cm² at each vertex of the model's mesh
	target   []float64 // finished density at each vertex
	finished []float64 // planned dots per mm² there, the hairline's edge included
	amount   float64   // dots in all
	options  Options
}

// Amounts of work below which nothing is worth planning.
const (
	leastAreaCM2 = 2.0
	leastDots    = 150
)

// New designs the work for a head.
func New(m *scalp.Model, o Options) (*Design, error) {
	return newGround(m).design(o)
}

// Again designs the work for the same head with other wishes, as New does but
// sooner: what it takes from the head alone is known.
func (d *Design) Again(o Options) (*Design, error) {
	return d.ground.design(o)
}

func (g *ground) design(o Options) (*Design, error) {
	o = o.withDefaults()
	if err := o.validate(); err != nil {
		return nil, err
	}
	d := &Design{Look: o.Look, ground: g, options: o}
	if o.Look == plan.Shaved {
		line, err := newHairline(g, o)
		if err != nil {
			return nil, err
		}
		d.Hairline = line
	}
	d.fill()
	area := d.sum()
	if area < leastAreaCM2 || d.amount < leastDots {
		d.Nothing = d.besides(tooLittle(area, d.amount))
		clear(d.vertex)
		d.sum()
	}
	return d, nil
}

func (o Options) validate() error {
	switch {
	case o.PerCM2 < 0 || o.PerCM2 > 400 || math.IsNaN(o.PerCM2):
		return fmt.Errorf("density %g per cm²: must lie between 0 and 400", o.PerCM2)
	case o.HeightMM != 0 && (o.HeightMM < 40 || o.HeightMM > 140 || math.IsNaN(o.HeightMM)):
		return fmt.Errorf("hairline height %g mm: must lie between 40 and 140", o.HeightMM)
	}
	for z, v := range o.ZonePerCM2 {
		if v < 0 || v > 400 || math.IsNaN(v) {
			return fmt.Errorf("density %g per cm² for %s: must lie between 0 and 400", v, z)
		}
	}
	return nil
}

// Full returns this client's full density, hairs/cm².
func (d *Design) Full() float64 { return d.own.full }

// Model returns the head that the design is for.
func (d *Design) Model() *scalp.Model { return d.model }

// Dots returns the planned density at p, dots per mm². It is safe for
// concurrent calls.
func (d *Design) Dots(p headframe.Vec) float64 {
	share := 1.0
	if d.Hairline != nil {
		mm, kept := d.Hairline.behind(p)
		if !d.Hairline.reaches(mm) {
			return 0
		}
		share = d.Hairline.rise(mm, kept)
	}
	base := d.grid.sample(p, d.vertex) * share
	if base < thinnest {
		return 0
	}
	return base / 100
}

// edge is the share of the density at p that the hairline's softness leaves.
func (d *Design) edge(p headframe.Vec) float64 {
	if d.Hairline == nil {
		return 1
	}
	return d.Hairline.ramp(p)
}

// thinnest is the density, dots/cm², below which no dots are planned: single
// dots more than 3 mm apart read as blemishes.
const thinnest = 8

// AtVertices returns what Dots is at the vertices of the model's mesh. It is not
// to be changed.
func (d *Design) AtVertices() []float64 { return d.finished }

// Zones returns the planned skin by zone, in the order of headframe.Zones.
// Dots are counted by the caller once they are placed.
func (d *Design) Zones() []plan.Zone {
	type sums struct{ area, hairs, target float64 }
	by := map[string]*sums{}
	for v := range d.model.Mesh.V {
		if d.finished[v] == 0 {
			continue
		}
		z := d.places[v].zone
		if by[z] == nil {
			by[z] = &sums{}
		}
		a := d.model.Mesh.Area[v] / 100
		by[z].area += a
		by[z].hairs += a * d.own.at[v] * d.own.full
		by[z].target += a * d.target[v]
	}
	out := []plan.Zone{}
	for _, z := range headframe.Zones() {
		if s := by[z]; s != nil && s.area > 0 {
			out = append(out, plan.Zone{
				Name: z, AreaCM2: s.area, SigmaCM2: s.area * math.Hypot(2*d.model.Scale.Sigma, borderSigma),
				ExistingPerCM2: s.hairs / s.area, TargetPerCM2: s.target / s.area,
			})
		}
	}
	return out
}

// borderSigma is the relative error of an area that comes from its border:
// 2 mm of border on a patch of some 10 cm across.
const borderSigma = 0.08

// Amount returns about how many dots are planned.
func (d *Design) Amount() float64 { return d.amount }

// sum notes the planned density at every vertex and the number of dots, and
// returns the planned skin, cm².
func (d *Design) sum() (area float64) {
	m := d.model.Mesh
	d.finished, d.amount = make([]float64, len(m.V)), 0
	parallel.Bands(len(m.V), func(from, to int) {
		for v := from; v < to; v++ {
			d.finished[v] = d.Dots(m.V[v])
		}
	})
	for v, n := range d.finished {
		if n > 0 {
			area += m.Area[v] / 100
			d.amount += m.Area[v] * n
		}
	}
	return area
}
