package pigment

import (
	"cmp"
	"errors"
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

	Hair       colour.Lab // of the fibre; for the notes, and to choose among recipes that are as good
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

// What no recipe may look like.
var (
	ErrBlue   = errors.New("every mixture would read blue beside the client's stubble: work shallower, or with warmer or weaker pigment")
	ErrHelmet = errors.New("every mixture would be so much darker than the client's stubble that it reads as a helmet: fewer or smaller dots, or weaker pigment")
)

// Match returns up to three recipes, best first, whose healed field comes
// nearest to the target, lightness counting most. Each mixes two or three
// shades, as neighbouring hairs differ too, and has another main pigment than
// the others. Mixtures that read blue or as a helmet are not returned; where
// there are no others the error is ErrBlue or ErrHelmet. Where physics allows
// no match the best is returned, graded warn, with a note saying why and what
// would help.
func Match(w Wish) ([]plan.Recipe, error) {
	if err := w.check(); err != nil {
		return nil, fmt.Errorf("matching pigment: %w", err)
	}
	list, err := orCatalogue(w.Pigments)
	if err != nil {
		return nil, err
	}
	mixes, err := allowed(w.mixes(list))
	if err != nil {
		return nil, fmt.Errorf("matching pigment: %w", err)
	}
	slices.SortStableFunc(mixes, func(a, b mix) int { return cmp.Compare(a.cost, b.cost) })
	var out []plan.Recipe
	taken := map[string]bool{}
	for _, m := range mixes {
		if taken[m.main.pigment.Name] {
			continue
		}
		taken[m.main.pigment.Name] = true
		r := w.recipe(m)
		r.Steps = w.steps(list, m)
		out = append(out, r)
		if len(out) == 3 {
			break
		}
	}
	return out, nil
}

// allowed leaves out what reads blue or as a helmet.
func allowed(all []mix) ([]mix, error) {
	var out []mix
	blue := 0
	for _, m := range all {
		switch {
		case m.blue:
			blue++
		case !m.helmet:
			out = append(out, m)
		}
	}
	switch {
	case len(out) > 0:
		return out, nil
	case blue > len(all)/2:
		return nil, ErrBlue
	}
	return nil, ErrHelmet
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

	blue, helmet bool
}

// mixPenalty is how much nearer a mix of two pigments must come, in ΔE00, to
// be worth a second bottle.
const mixPenalty = 0.3

// mixes lists all candidates: one pigment at neighbouring dilutions, and the
// same with a second pigment of similar darkness.
func (w Wish) mixes(list []Pigment) []mix {
	ladders := w.ladders(list, w.Dilutions)
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

// ladders are the pigments at every dilution, strongest first.
func (w Wish) ladders(list []Pigment, dilutions []float64) [][]ink {
	column := healedColumn(w.Dots.HealedMM, w.Dots.DepthMM)
	if len(dilutions) == 0 {
		dilutions = Ladder()
	}
	var out [][]ink
	for _, p := range list {
		var ladder []ink
		for _, d := range dilutions {
			a := p.In(d)
			ladder = append(ladder, ink{p, d, a, Area(column, a, w.Skin[0])})
		}
		out = append(out, ladder)
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
	bluer := w.yellowAt(tone[0]) - tone[2]
	return mix{
		main: main, parts: parts, tone: tone,
		cost:   colour.DeltaE00(tone, w.Target) + lightnessFirst*math.Abs(w.Target[0]-tone[0]) + warmFirst*max(0, bluer) + w.unlike(main.pigment) + penalty,
		blue:   bluer > craft.ShadeBlue().Value,
		helmet: min(w.Target[0], w.Skin[0])-tone[0] > craft.ShadeHelmet().Value,
	}
}

// unlike is the cost of a pigment whose bottle is of another colour than the
// hair, in ΔE00 of the field: of recipes as good as each other the one like the
// hair stays like it where it takes unevenly or fades.
func (w Wish) unlike(p Pigment) float64 {
	if p.Masstone == (colour.Lab{}) {
		return 0
	}
	return unlikeShare * colour.DeltaE00(p.Masstone, w.Hair)
}

const unlikeShare = 0.02

// yellowAt is the b* that the client's stubble would have were it so dense as
// to make skin of this lightness. Hair lighter than the skin is no measure;
// there skin darkened by grey is.
func (w Wish) yellowAt(lightness float64) float64 {
	if step := w.Skin[0] - w.Target[0]; step > 1 {
		share := min(3, max(0, (w.Skin[0]-lightness)/step))
		return w.Skin[2] + share*(w.Target[2]-w.Skin[2])
	}
	return w.Skin[2] * lightness / max(1, w.Skin[0])
}

// What differs from the target in lightness counts more than in colour, since
// the eye is strictest there (ΔL* 0.86 where ΔE 1.8 passes, Leow 2006), and
// what is bluer than the target more than what is warmer: blue is the complaint.
const (
	lightnessFirst = 0.5
	warmFirst      = 0.3
)

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
	r.Sigma = w.sigma(w.SkinSigma)
	r.SigmaWithoutCard = w.sigma(max(w.SkinSigma, craft.ShadeSkinWithoutCard().Value))
	r.Shades = w.shades(m)
	w.annotate(&r)
	return r
}

// sigma is the error of a predicted tone on skin known so well. A field is
// compared with stubble on the same skin, so half of the skin's error cancels.
func (w Wish) sigma(skin float64) float64 {
	return math.Sqrt(math.Pow(craft.ShadeSigma().Value, 2) + skin*skin/4 + w.TargetSigma*w.TargetSigma)
}

// shades are the mixtures with the colour of a healed dot of each.
func (w Wish) shades(m mix) []plan.Shade {
	var out []plan.Shade
	column := healedColumn(w.Dots.HealedMM, w.Dots.DepthMM)
	for _, p := range m.parts {
		light, dark := colour.FromLab(w.Skin), See(column, p.kernel, w.Skin[0]).Contrast()
		for c := range light {
			light[c] *= 1 - dark[c]
		}
		s := plan.Shade{Pigment: p.pigment.Name, Dilution: p.dilution, Share: p.share, Lab: colour.ToLab(light)}
		if !builtIn(p.pigment) {
			s.Absorption = &p.pigment.Absorption
		}
		out = append(out, s)
	}
	return out
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
