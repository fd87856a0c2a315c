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
	"pointille/planner/pigment"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/screening"
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
	Pigments  []pigment.Pigment // to choose from; nil: the built-in ones
	Unordered bool              // dots are not put in the order of the hand, which takes half the time: for a plan that is looked at and made anew before work

	// Stage, where there is one, is called as each stage of the work begins: head,
	// design, dots, order, colour, views, checks. It may tell or time them.
	Stage func(name string)
}

func (o Options) begin(stage string) {
	if o.Stage != nil {
		o.Stage(stage)
	}
}

// Result is a plan with its dots.
type Result struct {
	Plan   *plan.Plan
	Dots   []plan.Dot
	Seen   [][]plan.Seen // per photo of the plan, in order; nil for a photo that was not placed
	Model  *scalp.Model
	Wishes wishes.Wishes // what the plan was made for
	Stayed int           // dots of an earlier plan that are where they were, see Again

	design *design.Design
	zones  []string  // where each dot lies, be it a planned zone or not
	wanted []float64 // what the design wants there, 1/mm²
}

// ErrNoViews is returned for a case without a single head photo.
var ErrNoViews = errors.New("the case has no photo of a head: close-ups alone cannot be planned on")

// Make plans one case.
func Make(ctx context.Context, c Case, o Options) (*Result, error) {
	heads := headViews(c.Photos)
	if len(heads) == 0 {
		return nil, ErrNoViews
	}
	model, err := findHead(ctx, heads, o)
	if err != nil {
		return nil, err
	}
	return makeOn(ctx, c, heads, model, o)
}

func findHead(ctx context.Context, heads []scalp.Photo, o Options) (*scalp.Model, error) {
	o.begin("head")
	model, err := scalp.Fit(ctx, heads, scalp.Options{Measured: scalp.Measured(o.Wishes.Head)})
	if err != nil {
		return nil, fmt.Errorf("finding the head: %w", err)
	}
	return model, nil
}

// makeOn plans a case whose head is known.
func makeOn(ctx context.Context, c Case, heads []scalp.Photo, model *scalp.Model, o Options) (*Result, error) {
	d, err := designed(model, nil, o)
	if err != nil {
		return nil, err
	}
	b := builder{c: c, o: o, model: model, design: d, heads: heads}
	return b.build(ctx)
}

// designed designs the work, sooner where there is another design for the head; nil:
// there is none.
func designed(model *scalp.Model, other *design.Design, o Options) (*design.Design, error) {
	o.begin("design")
	shape, err := designOptions(o, model)
	if err != nil {
		return nil, err
	}
	var d *design.Design
	if other != nil && other.Model() == model {
		d, err = other.Again(shape)
	} else {
		d, err = design.New(model, shape)
	}
	if err != nil {
		return nil, fmt.Errorf("designing: %w", err)
	}
	return d, nil
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
	was    *earlier // nil: all dots are new
	plan   *plan.Plan
	dots   []plan.Dot
	zones  []string                   // where they lie
	wanted []float64                  // what the design wants there, 1/mm²
	redone bool                       // some dots are those of the earlier plan:
	old    []int32                    // which one each is; -1: new
	stayed int                        // how many
	same   func(p headframe.Vec) bool // where the earlier plan surely wanted the same
}

func (b *builder) build(ctx context.Context) (*Result, error) {
	b.begin()
	if b.design.Nothing == "" {
		b.plan.Shave = shave(b.o.Wishes)
		if err := b.place(ctx); err != nil {
			return nil, err
		}
		b.o.begin("colour")
		b.colour()
	}
	b.o.begin("checks")
	b.plan.Checks = checks.All(b.plan, b.facts())
	b.warn()
	b.o.begin("views")
	return &Result{
		Plan: b.plan, Dots: b.dots, Seen: b.seen(), Model: b.model, Wishes: b.o.Wishes, Stayed: b.stayed, design: b.design, zones: b.zones, wanted: b.wanted,
	}, nil
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

func (b *builder) facts() checks.Facts {
	f := checks.Facts{Female: b.o.Wishes.Female(), UnseenCM2: b.design.Unseen.AreaCM2, Unseen: b.design.Unseen.Words(), DensityRMS: b.densityRMS(), FullPerCM2: b.design.Full(), Screening: b.o.Screening}
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
	for _, p := range parts(b.model.Mesh, b.design.AtVertices()) {
		c := at(p.at)
		c.want += p.area * p.density
		c.area += p.area
	}
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

// part is a place of the skin, how much skin it stands for, mm², and what is
// wanted there, 1/mm².
type part struct {
	at            headframe.Vec
	area, density float64
}

// parts are four of every triangle, each of the density that a plane through those at
// the corners has in its middle.
func parts(m *headframe.Mesh, density []float64) []part {
	out := make([]part, 0, 4*len(m.Tri))
	for _, t := range m.Tri {
		a, b, c := m.V[t[0]], m.V[t[1]], m.V[t[2]]
		area := b.Sub(a).Cross(c.Sub(a)).Norm() / 8
		sum, all := a.Add(b).Add(c), density[t[0]]+density[t[1]]+density[t[2]]
		out = append(out, part{sum.Mul(1.0 / 3), area, all / 3})
		for _, v := range t {
			out = append(out, part{sum.Add(m.V[v].Mul(3)).Mul(1.0 / 6), area, (all + 3*density[v]) / 6})
		}
	}
	return out
}

// colour mixes the pigment and predicts the stages.
func (b *builder) colour() {
	skin, hair := tones(b.heads)
	wished := b.o.Wishes.Pigment
	r := pigment.Plan(pigment.Wanted{
		Skin: skin, Hair: hair, Stubble: stubble(b.heads, skin), PerCM2: b.plan.Densest(), HairsPerCM2: b.design.Full(), LengthMM: b.o.Wishes.Shave.LengthMM,
		Dots: b.plan.Dots, Pigment: wished.Name, Dilution: wished.Dilution, Pigments: b.o.Pigments,
	})
	if r.Recipe == nil {
		b.warned("colourless", "No shade can be proposed and no preview drawn: "+r.Why)
		return
	}
	b.plan.Pigment, b.plan.Stages = r.Recipe, r.Stages
	pigment.Assign(b.dots, r.Recipe, b.o.Seed)
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
	if b.design.OneSided.Words() != "" && b.plan.Nothing == "" {
		b.warned("one_sided", design.OneSidedText(b.design.OneSided))
	}
	if b.plan.Shave != nil && b.plan.Shave.Existing != usuallyShaved(b.plan.Look) {
		b.warned("shave", against(b.plan.Look))
	}
	if !b.plan.Head.Scaled {
		b.warned("unscaled", "No scale was measured: areas, hours and guides are those of an average head.")
	}
}
