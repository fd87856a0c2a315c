// Package planner turns the surveys of one client into a plan.
//
// It fits the head, designs the work, places the dots, mixes the pigment,
// splits the sessions and checks the result against the craft's rules. The
// same surveys, wishes and seed give the same plan to the byte. An error names
// what is missing or impossible; a head that needs nothing gives a plan that
// says so.
package planner

import (
	"context"
	"errors"
	"fmt"
	"math"

	"pointille/internal/headframe"
	"pointille/planner/checks"
	"pointille/planner/craft"
	"pointille/planner/design"
	"pointille/planner/dots"
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/screening"
	"pointille/planner/sessions"
	"pointille/planner/wishes"
	"pointille/vision/survey"
)

// Case is one client's surveys with their maps.
type Case struct {
	Code   string // never a name
	Photos []scalp.Photo
}

// Options are what the plan is made for.
type Options struct {
	Wishes    wishes.Wishes
	Seed      uint64
	Threads   int               // goroutines; 0: one per processor. It changes nothing in the plan
	Generator string            // program and version, written into the plan
	Screening *screening.Result // what the client's answers allow; nil: not asked
}

// Result is a plan with its dots.
type Result struct {
	Plan  *plan.Plan
	Dots  []plan.Dot
	Seen  [][]plan.Seen // per photo of the plan, in order; nil for a photo that was not placed
	Model *scalp.Model
}

// ErrNoViews is returned for a case without a single head photo.
var ErrNoViews = errors.New("the case has no photo of a head: close-ups alone cannot be planned on")

// Make plans one case.
func Make(ctx context.Context, c Case, o Options) (*Result, error) {
	heads := headViews(c.Photos)
	if len(heads) == 0 {
		return nil, ErrNoViews
	}
	model, err := scalp.Fit(heads, scalp.Options{Measured: scalp.Measured(o.Wishes.Head)})
	if err != nil {
		return nil, fmt.Errorf("finding the head: %w", err)
	}
	shape, err := designOptions(o, model)
	if err != nil {
		return nil, err
	}
	d, err := design.New(model, shape)
	if err != nil {
		return nil, fmt.Errorf("designing: %w", err)
	}
	b := builder{c: c, o: o, model: model, design: d, heads: heads}
	return b.build(ctx)
}

// headViews drops close-ups, which no camera can place.
func headViews(photos []scalp.Photo) []scalp.Photo {
	var out []scalp.Photo
	for _, p := range photos {
		if p.Survey.View.Name != survey.Macro {
			out = append(out, p)
		}
	}
	return out
}

type builder struct {
	c      Case
	o      Options
	model  *scalp.Model
	design *design.Design
	heads  []scalp.Photo
	plan   *plan.Plan
	dots   []plan.Dot
}

func (b *builder) build(ctx context.Context) (*Result, error) {
	b.begin()
	if b.design.Nothing == "" {
		if err := b.place(ctx); err != nil {
			return nil, err
		}
		b.colour()
	}
	b.plan.Checks = checks.All(b.plan, b.facts())
	b.warn()
	return &Result{Plan: b.plan, Dots: b.dots, Seen: b.seen(), Model: b.model}, nil
}

// begin fills in what does not depend on the dots.
func (b *builder) begin() {
	m := b.model
	b.plan = &plan.Plan{
		Schema: plan.Schema, Generator: b.o.Generator, Case: b.c.Code, Seed: b.o.Seed,
		Head: plan.Head{
			Shape: m.Surface.Shape, ScaleSource: m.Scale.Source, ScaleSigma: m.Scale.Sigma,
			Scaled: m.Scale.Scaled, ErrorMM: m.ErrorMM,
		},
		Look: b.design.Look, Nothing: b.design.Nothing, Zones: []plan.Zone{}, Sessions: []plan.Session{},
		Stages: []plan.Stage{}, Warnings: []plan.Warning{}, Dots: b.dotModel(),
	}
	if b.design.Hairline != nil {
		b.plan.Hairline = b.design.Hairline.Plan()
	}
	for _, v := range m.Views {
		b.plan.Photos = append(b.plan.Photos, plan.Photo{
			Name: v.Survey.Photo.Name, SHA256: v.Survey.Photo.SHA256, Width: v.Survey.Photo.Width, Height: v.Survey.Photo.Height,
			View: v.Survey.View.Name, Camera: v.Camera, Error: v.ErrorPx, Used: v.Used, Why: v.Why,
		})
	}
}

func (b *builder) dotModel() plan.Dots {
	w := b.o.Wishes.Dot
	pick := func(wished float64, q craft.Quantity) float64 {
		if wished > 0 {
			return wished
		}
		return q.Value
	}
	healed := pick(w.HealedMM, craft.ImpressionHealed())
	return plan.Dots{
		File: "dots.csv", HealedMM: healed, FreshMM: pick(w.FreshMM, craft.ImpressionFresh()), DepthMM: pick(w.DepthMM, craft.NeedleDepth()),
		MinMM: craft.HealedDotsApart().Value * healed, Regularity: b.o.Wishes.Regularity,
	}
}

// place puts the dots on the skin, in sessions and in the order of the hand.
func (b *builder) place(ctx context.Context) error {
	so := sessionOptions(b.o.Wishes)
	shares, err := sessions.Shares(b.expected(), so)
	if err != nil {
		return err
	}
	field := dots.Field{Mesh: b.model.Mesh, Density: b.design.Dots}
	pattern, err := dots.Place(ctx, b.model.Surface, field, dots.Options{
		Seed: b.o.Seed, Shares: shares, Regularity: b.o.Wishes.Regularity, MinMM: b.plan.Dots.MinMM, Threads: b.o.Threads,
	})
	if err != nil {
		return fmt.Errorf("placing dots: %w", err)
	}
	b.plan.Zones = b.design.Zones()
	perSession := make([]int, len(shares))
	dots.Order(pattern.Dots)
	for i, d := range pattern.Dots {
		b.dots = append(b.dots, plan.Dot{ID: i + 1, P: d.P, N: d.N, Zone: b.model.Surface.Zone(d.P), Session: d.Session, Diameter: b.plan.Dots.HealedMM})
		perSession[d.Session-1]++
	}
	b.countByZone()
	b.plan.Dots.Count = len(b.dots)
	b.plan.Dots.MeanMM = meanSpacing(pattern.Dots)
	b.plan.Sessions = sessions.Schedule(perSession, so)
	return nil
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

// expected is about how many dots the design asks for.
func (b *builder) expected() int {
	n := 0.0
	for v, p := range b.model.Mesh.V {
		n += b.model.Mesh.Area[v] * b.design.Dots(p)
	}
	return int(math.Round(n))
}

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
		out[v] = make([]plan.Seen, 0, len(b.dots))
		for _, d := range b.dots {
			x, y, ok := b.model.Views[v].Camera.Project(d.P)
			inside := ok && x >= -0.5 && y >= -0.5 && x < float64(s.Photo.Width)-0.5 && y < float64(s.Photo.Height)-0.5
			if !ok {
				x, y = -1, -1
			}
			out[v] = append(out[v], plan.Seen{ID: d.ID, X: x, Y: y, Visible: inside && b.model.Visible(v, d.P, d.N)})
		}
	}
	return out
}

func (b *builder) facts() checks.Facts {
	f := checks.Facts{Female: b.o.Wishes.Female(), UnseenCM2: b.design.Unseen.AreaCM2, Unseen: b.design.Unseen.Words(), DensityRMS: b.densityRMS(), Screening: b.o.Screening}
	skin, hair := tones(b.heads)
	if skin != nil {
		f.SkinLab, f.SkinSigma = &skin.Lab, skin.Sigma
	}
	if hair != nil {
		f.HairLab = &hair.Lab
	}
	return f
}

// densityRMS compares dots with the wanted density over cells of about 2 cm²
// that lie wholly in planned skin.
func (b *builder) densityRMS() float64 {
	const side = 14.142
	type cell struct{ want, have, area float64 }
	cells := map[[3]int]*cell{}
	var all []*cell // in the order of the mesh, so that sums are the same each time
	at := func(p headframe.Vec) *cell {
		k := [3]int{int(math.Floor(p[0] / side)), int(math.Floor(p[1] / side)), int(math.Floor(p[2] / side))}
		if cells[k] == nil {
			cells[k] = &cell{}
			all = append(all, cells[k])
		}
		return cells[k]
	}
	each(b.model.Mesh, func(p headframe.Vec, area float64) {
		c := at(p)
		c.want += area * b.design.Dots(p)
		c.area += area
	})
	for _, d := range b.dots {
		at(d.P).have++
	}
	sum, n := 0.0, 0.0
	for _, c := range all {
		if c.area > 120 && c.want > 0.5*c.area {
			sum += (c.have/c.want - 1) * (c.have/c.want - 1)
			n++
		}
	}
	return math.Sqrt(sum / max(n, 1))
}

// each calls f with four places of every triangle and their share of its skin.
func each(m *headframe.Mesh, f func(p headframe.Vec, area float64)) {
	for _, t := range m.Tri {
		a, b, c := m.V[t[0]], m.V[t[1]], m.V[t[2]]
		area := b.Sub(a).Cross(c.Sub(a)).Norm() / 8
		f(a.Add(b).Add(c).Mul(1.0/3), area)
		for _, k := range [3]headframe.Vec{a, b, c} {
			f(a.Add(b).Add(c).Add(k.Mul(3)).Mul(1.0/6), area)
		}
	}
}

// colour mixes the pigment and predicts the stages.
func (b *builder) colour() {
	skin, hair := tones(b.heads)
	wished := b.o.Wishes.Pigment
	r := pigment.Plan(pigment.Wanted{
		Skin: skin, Hair: hair, PerCM2: b.densest(), HairsPerCM2: b.design.Full(), LengthMM: b.o.Wishes.Shave.LengthMM,
		Dots: b.plan.Dots, Pigment: wished.Name, Dilution: wished.Dilution,
	})
	if r.Recipe == nil {
		b.warned("colourless", "No shade can be proposed and no preview drawn: "+r.Why)
		return
	}
	b.plan.Pigment, b.plan.Stages = r.Recipe, r.Stages
	pigment.Assign(b.dots, r.Recipe, b.o.Seed)
}

func (b *builder) densest() float64 {
	most := 0.0
	for _, z := range b.plan.Zones {
		if z.AreaCM2 > 1 {
			most = max(most, float64(z.Dots)/z.AreaCM2)
		}
	}
	return most
}

func (b *builder) warned(code, text string) {
	b.plan.Warnings = append(b.plan.Warnings, plan.Warning{Code: code, Message: text})
}

func (b *builder) warn() {
	for _, p := range b.plan.Photos {
		if !p.Used {
			b.warned("unused", fmt.Sprintf("%s is not used: %s", p.Name, p.Why))
		}
	}
	if words := b.design.Unseen.Words(); words != "" {
		b.warned("unseen", fmt.Sprintf("Not seen, or not wholly: %s. Those %.0f cm² have no dots, and whether they need any is not known: add photos of them.",
			words, b.design.Unseen.AreaCM2))
	}
	if !b.plan.Head.Scaled {
		b.warned("unscaled", "No scale was measured: areas, hours and guides are those of an average head.")
	}
}

// tones are the skin and hair colours of the photo that measured each best.
func tones(photos []scalp.Photo) (skin *survey.SkinTone, hair *survey.HairTone) {
	for _, p := range photos {
		if s := p.Survey.Skin; s != nil && (skin == nil || s.Sigma < skin.Sigma) {
			skin = s
		}
		if h := p.Survey.Hair; h != nil && (hair == nil || h.Sigma < hair.Sigma) {
			hair = h
		}
	}
	return skin, hair
}
