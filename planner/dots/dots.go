// Package dots places the impressions of a plan on the scalp.
//
// Positions are millimetres of the head frame, densities dots per mm² of skin.
// A pattern is made in four steps: dots are seeded along a space-filling curve
// so that every patch of skin holds its share from the start; they are relaxed
// until the whole and each session lie evenly; they are stirred until
// neighbours are spaced as human follicles are; and dots too close to each
// other or to a hair are pushed apart. Order then sorts them as the hand goes.
//
// What is traded for what, with the natural setting (Regularity 0):
//
//   - Follicles have so many neighbours at 0.8-1.6 spacings that a pattern with
//     exactly their pair correlation is unquiet over centimetres (power near
//     0.4 of unrelated points). Here the correlation stays within about 0.15 of
//     theirs and the power below 0.1 cycles per spacing near 0.015: single dots
//     go far from their even places, but blocks of a dozen do not (steady).
//   - The mean nearest distance is all but that of follicles (Clark-Evans 1.40, theirs
//     1.26-1.39): most dots are tied in pairs (mates.go). It is bought with some
//     more close pairs than follicles have, and twice the power below 0.5.
//   - Each session alone is tuned to the same correlation in its own spacings,
//     to within about 0.25, and is as quiet as the whole. The first sessions
//     together are quiet too, but nothing tunes their near neighbours: they look
//     looser than follicles (0.5 off at 1.1 spacings), without clumps.
//   - Regularity 1 stirs nothing: the evenest set, for each session too, and
//     clearly machine-made. Between 0 and 1 dots go part of the way.
//   - Tuning counts pairs. Fields of fewer than a few hundred dots are tuned
//     less and rely on the fitted tables.
//
// Redo changes a pattern where its field changed and leaves the rest as it was.
//
// The same input and seed give the same dots whatever the number of threads.
// Input that cannot be trusted is an error that names it; a field that wants
// no dots, or has no room for any, is an empty pattern.
package dots

import (
	"context"
	"errors"
	"fmt"
	"math"

	"pointille/internal/headframe"
)

// Skin is a surface to place dots on.
type Skin interface {
	// Project returns the point of the skin nearest p and the outward unit
	// normal there. It must be safe for concurrent calls.
	Project(p headframe.Vec) (q, n headframe.Vec)
}

// Field says what is wanted where.
type Field struct {
	// Mesh covers at least the skin to be filled, with edges of about 3 mm.
	// Dots are seeded on it; they then move on the Skin.
	Mesh *headframe.Mesh
	// Density returns the wanted dots per mm² of skin, hairs that are already
	// there not counted, and 0 outside the planned skin and outside the mesh
	// (where it is not, dots may leave the mesh by a few spacings). It is called
	// about 15 times per dot and must be safe for concurrent calls.
	Density func(p headframe.Vec) float64
	// Vertices are the densities at the vertices of Mesh, where they are known
	// already; nil: Density is asked for them.
	Vertices []float64
	// Same, for Redo, reports places at which the field before surely wants the
	// same, so that neither need be asked there; nil: none is known.
	Same func(p headframe.Vec) bool
	// Fixed are visible follicles, which share the spacing but do not move.
	Fixed []headframe.Vec
}

// Dot is one impression.
type Dot struct {
	P       headframe.Vec // position
	N       headframe.Vec // outward unit normal
	Session int           // from 1
	Spacing float64       // local mean spacing of dots and follicles, 1/sqrt(density), mm
}

// Pattern is a finished set of dots.
type Pattern struct {
	Dots    []Dot
	Wanted  int // dots the field asked for: its integral, rounded
	Dropped int // wanted dots that found no room outside the hard core of others
}

// ErrTooMany says that a field asks for more dots than Options.MaxDots.
var ErrTooMany = errors.New("too many dots")

// Place fills the field with dots. No two dots are nearer than Options.Core of
// the smaller of their two spacings, no dot and follicle nearer than that of
// the dot's.
func Place(ctx context.Context, skin Skin, f Field, o Options) (Pattern, error) {
	o, err := o.complete()
	if err != nil {
		return Pattern{}, err
	}
	if err := f.check(skin); err != nil {
		return Pattern{}, err
	}
	t := newTissue(f, o)
	wanted, err := t.measure(ctx)
	if err != nil {
		return Pattern{}, fmt.Errorf("measuring the field: %w", err)
	}
	if wanted > o.MaxDots {
		return Pattern{}, fmt.Errorf("field wants %d dots, limit %d: %w", wanted, o.MaxDots, ErrTooMany)
	}
	if wanted == 0 {
		return Pattern{}, ctx.Err()
	}
	return newSwarm(t, skin, t.planned(), wanted, nil).place(ctx)
}

// ask returns the density at p, and refuses an answer that is none.
func (f Field) ask(p headframe.Vec) (float64, error) { return sane(f.Density(p), p) }

// sane returns density d, wanted at p, if it is any.
func sane(d float64, p headframe.Vec) (float64, error) {
	if !(d >= 0) || math.IsInf(d, 1) {
		return 0, fmt.Errorf("density is %v dots/mm² at (%.1f, %.1f, %.1f) mm", d, p[0], p[1], p[2])
	}
	return d, nil
}

// atVertex returns the density at vertex v of the mesh.
func (f Field) atVertex(v int) (float64, error) {
	if f.Vertices == nil {
		return f.ask(f.Mesh.V[v])
	}
	return sane(f.Vertices[v], f.Mesh.V[v])
}

func (f Field) check(skin Skin) error {
	if skin == nil {
		return errors.New("no skin to place dots on")
	}
	if f.Density == nil {
		return errors.New("field has no density")
	}
	for i, p := range f.Fixed {
		if !finite(p) {
			return fmt.Errorf("follicle %d has position %v", i, p)
		}
	}
	if f.Mesh == nil {
		return errors.New("field has no mesh")
	}
	if f.Vertices != nil && len(f.Vertices) != len(f.Mesh.V) {
		return fmt.Errorf("field has %d densities for the %d vertices of its mesh", len(f.Vertices), len(f.Mesh.V))
	}
	for i, p := range f.Mesh.V {
		if !finite(p) {
			return fmt.Errorf("vertex %d of the mesh has position %v", i, p)
		}
	}
	for i, t := range f.Mesh.Tri {
		for _, v := range t {
			if v < 0 || int(v) >= len(f.Mesh.V) {
				return fmt.Errorf("triangle %d of the mesh has vertex %d of %d", i, v, len(f.Mesh.V))
			}
		}
	}
	return nil
}

// mostMM is the largest coordinate that can be meant, mm.
const mostMM = 1e5

func finite(p headframe.Vec) bool {
	for _, c := range p {
		if math.IsNaN(c) || math.Abs(c) > mostMM {
			return false
		}
	}
	return true
}
