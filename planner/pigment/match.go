package pigment

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"pointille/internal/colour"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Wish is what a field of dots should look like when healed.
type Wish struct {
	Skin      colour.Lab
	SkinSigma float64 // ΔE00, one standard deviation

	// Target is the tone to meet, measured or predicted by Stubble.Tone.
	Target      colour.Lab
	TargetSigma float64 // ΔE00

	Hair       colour.Lab // of the fibre; only for the notes
	Grey       float64    // share of grey hair, 0..1; only for the notes
	DotsPerCM2 float64    // density of the field
	Dots       plan.Dots  // diameters and depth
	Pigments   []Pigment  // nil: the built-in catalogue
	Dilutions  []float64  // parts of water, strongest first; nil: Ladder
}

// Grades of a recipe.
const (
	Matching = "match"
	Close    = "close"
	Warn     = "warn"
)

// Match returns up to three recipes, best first, whose healed field comes
// nearest to the target. Each mixes two or three shades, as neighbouring hairs
// differ too, and has another main pigment than the others.
// What physics forbids is still returned, graded warn, with a note saying why
// and what would help.
func Match(w Wish) ([]plan.Recipe, error) {
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("matching pigment: %w", err)
	}
	list, err := orCatalogue(w.Pigments)
	if err != nil {
		return nil, err
	}
	mixes := w.mixes(list)
	slices.SortStableFunc(mixes, func(a, b mix) int { return cmp.Compare(a.cost, b.cost) })
	var out []plan.Recipe
	taken := map[string]bool{}
	for _, m := range mixes {
		if taken[m.main.pigment.Name] {
			continue
		}
		taken[m.main.pigment.Name] = true
		out = append(out, w.recipe(m))
		if len(out) == 3 {
			break
		}
	}
	return out, nil
}

func (w Wish) check() error {
	for name, c := range map[string]colour.Lab{"skin colour": w.Skin, "target tone": w.Target, "hair colour": w.Hair} {
		if !colour.Finite(c) || c[0] < 0 || c[0] > 100 {
			return fmt.Errorf("the %s %v is no colour", name, c)
		}
	}
	if !(w.DotsPerCM2 > 0 && w.DotsPerCM2 <= 1000) {
		return fmt.Errorf("the density is %v dots per cm², want above 0 up to 1000", w.DotsPerCM2)
	}
	if !(w.SkinSigma >= 0) || !(w.TargetSigma >= 0) || !finite(w.SkinSigma+w.TargetSigma) {
		return fmt.Errorf("the uncertainties are %v and %v ΔE00", w.SkinSigma, w.TargetSigma)
	}
	for _, d := range w.Dilutions {
		if !(d >= 0 && d <= 1000) {
			return fmt.Errorf("the dilution is %v parts of water, want 0 to 1000", d)
		}
	}
	return checkDots(w.Dots)
}

// ink is one pigment at one dilution, healed in this skin.
type ink struct {
	pigment  Pigment
	dilution float64
	kernel   [3]float64 // absorption, 1/mm
	area     [3]float64 // mm² of one dot
}

func (i ink) same(o ink) bool { return i.pigment.Name == o.pigment.Name && i.dilution == o.dilution }

// part is one ink and the share of the dots it gets.
type part struct {
	ink
	share float64
}

// mix is one candidate.
type mix struct {
	main  ink
	parts []part
	tone  colour.Lab
	cost  float64
}

// mixPenalty is how much nearer a mix of two pigments must come, in ΔE00, to
// be worth a second bottle.
const mixPenalty = 0.3

// mixes lists all candidates: one pigment at neighbouring dilutions, and the
// same with a second pigment of similar darkness.
func (w Wish) mixes(list []Pigment) []mix {
	column := healedColumn(w.Dots.HealedMM, w.Dots.DepthMM)
	steps := w.Dilutions
	if len(steps) == 0 {
		steps = Ladder()
	}
	var ladders [][]ink
	for _, p := range list {
		var ladder []ink
		for _, d := range steps {
			a := p.In(d)
			ladder = append(ladder, ink{p, d, a, Area(column, a, w.Skin[0])})
		}
		ladders = append(ladders, ladder)
	}
	var out []mix
	for p, ladder := range ladders {
		for i, main := range ladder {
			out = append(out, w.mix(main, neighbours(ladder, i), 0))
			lighter := ladder[min(i+1, len(ladder)-1)]
			for q, other := range ladders {
				if q == p {
					continue
				}
				for _, o := range other {
					if ratio := o.area[1] / main.area[1]; ratio > 0.6 && ratio < 1.6 {
						out = append(out, w.mix(main, []part{{main, 0.4}, {lighter, 0.2}, {o, 0.4}}, mixPenalty))
					}
				}
			}
		}
	}
	return out
}

// neighbours gives half the dots the main shade and the rest the steps beside it.
func neighbours(ladder []ink, i int) []part {
	switch {
	case len(ladder) == 1:
		return []part{{ladder[0], 1}}
	case i == 0:
		return []part{{ladder[0], 0.6}, {ladder[1], 0.4}}
	case i == len(ladder)-1:
		return []part{{ladder[i], 0.6}, {ladder[i-1], 0.4}}
	}
	return []part{{ladder[i], 0.5}, {ladder[i-1], 0.25}, {ladder[i+1], 0.25}}
}

func (w Wish) mix(main ink, parts []part, penalty float64) mix {
	parts = merged(parts)
	light := colour.FromLab(w.Skin)
	for c := range light {
		od := 0.0
		for _, p := range parts {
			od += p.share * p.area[c]
		}
		light[c] *= math.Exp(-od * w.DotsPerCM2 / 100)
	}
	tone := colour.ToLab(light)
	return mix{main, parts, tone, colour.DeltaE00(tone, w.Target) + penalty}
}

// merged adds up parts of the same ink.
func merged(parts []part) []part {
	var out []part
	for _, p := range parts {
		if i := slices.IndexFunc(out, func(o part) bool { return o.same(p.ink) }); i >= 0 {
			out[i].share += p.share
			continue
		}
		out = append(out, p)
	}
	return out
}

func (w Wish) recipe(m mix) plan.Recipe {
	delta := colour.DeltaE00(m.tone, w.Target)
	r := plan.Recipe{TargetLab: w.Target, HealedLab: m.tone, DeltaE: delta, Grade: grade(delta)}
	r.Sigma = math.Sqrt(math.Pow(craft.ShadeSigma().Value, 2) + w.SkinSigma*w.SkinSigma/4 + w.TargetSigma*w.TargetSigma)
	column := healedColumn(w.Dots.HealedMM, w.Dots.DepthMM)
	for _, p := range m.parts {
		light, dark := colour.FromLab(w.Skin), See(column, p.kernel, w.Skin[0]).Contrast()
		for c := range light {
			light[c] *= 1 - dark[c]
		}
		r.Shades = append(r.Shades, plan.Shade{Pigment: p.pigment.Name, Dilution: p.dilution, Share: p.share, Lab: colour.ToLab(light)})
	}
	w.annotate(&r)
	return r
}

func grade(delta float64) string {
	switch {
	case delta <= craft.ShadeMatch().Value:
		return Matching
	case delta <= craft.ShadeClose().Value:
		return Close
	}
	return Warn
}
