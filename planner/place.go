package planner

import (
	"context"
	"fmt"
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/design"
	"pointille/planner/dots"
	"pointille/planner/plan"
	"pointille/planner/sessions"
)

// place puts the dots on the skin, in sessions and in the order of the hand.
func (b *builder) place(ctx context.Context) error {
	so := sessionOptions(b.o.Wishes)
	shares, err := sessions.Shares(expected(b.design), so)
	if err != nil {
		return err
	}
	b.o.begin("dots")
	pattern, err := b.pattern(ctx, dots.Options{
		Seed: b.o.Seed, Shares: shares, Regularity: b.o.Wishes.Regularity, MinMM: b.plan.Dots.MinMM, Threads: b.o.Threads,
	})
	if err != nil {
		return fmt.Errorf("placing dots: %w", err)
	}
	b.o.begin("order")
	if !b.o.Unordered {
		dots.Order(pattern.Dots)
	}
	if b.redone {
		b.old, b.stayed = b.was.find(pattern.Dots)
	}
	b.wanted = b.densities(pattern.Dots)
	b.plan.Zones = b.design.Zones()
	b.dots, b.zones = make([]plan.Dot, len(pattern.Dots)), make([]string, len(pattern.Dots))
	parallel.Each(len(b.dots), func(i int) {
		d := pattern.Dots[i]
		b.zones[i] = b.zone(i, d.P)
		b.dots[i] = plan.Dot{ID: i + 1, P: d.P, N: d.N, Zone: b.zones[i], Session: d.Session, Diameter: b.plan.Dots.HealedMM}
	})
	perSession := make([]int, len(shares))
	for _, d := range b.dots {
		perSession[d.Session-1]++
	}
	b.countByZone()
	b.plan.Dots.Count = len(b.dots)
	b.plan.Dots.MeanMM = meanSpacing(pattern.Dots)
	b.plan.Sessions = sessions.Schedule(perSession, so)
	return nil
}

// zone is where dot i lies.
func (b *builder) zone(i int, p headframe.Vec) string {
	if b.redone && b.old[i] >= 0 {
		if z, ok := b.was.zone(b.model, int(b.old[i])); ok {
			return z
		}
	}
	return b.model.Surface.Zone(p)
}

// pattern places all dots, or those that an earlier plan lacks.
func (b *builder) pattern(ctx context.Context, o dots.Options) (dots.Pattern, error) {
	field := field(b.design)
	if b.was.suits(o) {
		b.same = b.design.Same(b.was.design)
		field.Same = b.same
		p, err := dots.Redo(ctx, b.model.Surface, b.was.field(), field, b.was.pattern(), o)
		if err != nil {
			return dots.Pattern{}, err
		}
		if !drifted(len(p.Dots), expected(b.design)) {
			b.redone = true
			return p, nil
		}
	}
	return dots.Place(ctx, b.model.Surface, field, o)
}

// densities are what the design wants where the dots lie, 1/mm².
func (b *builder) densities(now []dots.Dot) []float64 {
	out := make([]float64, len(now))
	parallel.Bands(len(now), func(from, to int) {
		for i := from; i < to; i++ {
			if b.redone && b.old[i] >= 0 && b.same(now[i].P) {
				out[i] = b.was.density(int(b.old[i]))
				continue
			}
			out[i] = b.design.Dots(now[i].P)
		}
	})
	return out
}

func field(d *design.Design) dots.Field {
	return dots.Field{Mesh: d.Model().Mesh, Density: d.Dots, Vertices: d.AtVertices()}
}

// countByZone counts the dots of each planned zone. A dot just outside all of
// them, on a border, goes to the zone of its nearest neighbour.
func (b *builder) countByZone() {
	at := map[string]int{}
	for i, z := range b.plan.Zones {
		at[z.Name] = i
	}
	for i := range b.dots {
		if _, ok := at[b.dots[i].Zone]; !ok {
			b.dots[i].Zone = b.neighbourZone(b.dots[i].P, at)
		}
		if k, ok := at[b.dots[i].Zone]; ok {
			b.plan.Zones[k].Dots++
		}
	}
}

func (b *builder) neighbourZone(p headframe.Vec, planned map[string]int) string {
	best, zone := math.Inf(1), b.plan.Zones[0].Name
	for _, d := range b.dots {
		if _, ok := planned[d.Zone]; ok && d.P.Sub(p).Norm() < best {
			best, zone = d.P.Sub(p).Norm(), d.Zone
		}
	}
	return zone
}

// expected is about how many dots a design asks for.
func expected(d *design.Design) int { return int(math.Round(d.Amount())) }

func meanSpacing(d []dots.Dot) float64 {
	if len(d) == 0 {
		return 0
	}
	sum := 0.0
	for _, q := range d {
		sum += q.Spacing
	}
	return sum / float64(len(d))
}

// seen says where each photo shows each dot.
func (b *builder) seen() [][]plan.Seen {
	out := make([][]plan.Seen, len(b.model.Views))
	for v := range b.model.Views {
		if !b.model.Views[v].Used {
			continue
		}
		s := b.model.Views[v].Survey
		out[v] = make([]plan.Seen, len(b.dots))
		parallel.Each(len(b.dots), func(i int) {
			d := b.dots[i]
			if b.redone && b.old[i] >= 0 {
				if s, ok := b.was.seen(b.model, v, int(b.old[i])); ok {
					s.ID = d.ID
					out[v][i] = s
					return
				}
			}
			x, y, ok := b.model.Views[v].Camera.Project(d.P)
			inside := ok && x >= -0.5 && y >= -0.5 && x < float64(s.Photo.Width)-0.5 && y < float64(s.Photo.Height)-0.5
			if !ok {
				x, y = -1, -1
			}
			out[v][i] = plan.Seen{ID: d.ID, X: x, Y: y, Visible: inside && b.model.Visible(v, d.P, d.N)}
		})
	}
	return out
}
