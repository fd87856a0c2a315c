package pigment

import (
	"fmt"
	"math"

	"pointille/internal/colour"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Model says how the dots of one plan look at every stage. It is safe for
// concurrent use.
type Model struct {
	dots   plan.Dots
	shades []plan.Shade
	inks   [][3]float64 // absorption per shade, 1/mm
	skin   float64      // L* of the skin the dots are in
	taken  float64      // darkened area over that expected
}

// On returns the model for dots in skin of the given colour. Models start with
// light skin; in darker skin the same dot darkens less around itself.
func (m *Model) On(skin colour.Lab) *Model {
	out := *m
	if skin[0] >= 0 && skin[0] <= 100 {
		out.skin = skin[0]
	}
	return &out
}

// ModelOf returns the model of a plan's dots in the skin they are planned for; nil
// for a plan without dots or pigment.
func ModelOf(p *plan.Plan) (*Model, error) {
	if p.Nothing != "" || p.Pigment == nil {
		return nil, nil
	}
	m, err := NewModel(p.Dots, *p.Pigment, nil)
	if err != nil || len(p.Stages) == 0 {
		return m, err
	}
	return m.On(p.Stages[0].Lab), nil // the skin before
}

// NewModel returns the model of a plan's dots and recipe. Pigments are looked
// up by name in list, nil being the built-in catalogue.
func NewModel(dots plan.Dots, recipe plan.Recipe, list []Pigment) (*Model, error) {
	if err := checkDots(dots); err != nil {
		return nil, fmt.Errorf("modelling dots: %w", err)
	}
	list, err := orCatalogue(list)
	if err != nil {
		return nil, err
	}
	if len(recipe.Shades) == 0 {
		return nil, fmt.Errorf("modelling dots: the recipe has no shades")
	}
	m := &Model{dots: dots, shades: recipe.Shades, skin: craft.InkGainLight().Value, taken: 1}
	for i, s := range recipe.Shades {
		p, err := known(list, s)
		if err != nil {
			return nil, fmt.Errorf("modelling shade %d: %w", i, err)
		}
		if !finite(s.Dilution) || s.Dilution < 0 || !finite(s.Share) || s.Share < 0 {
			return nil, fmt.Errorf("modelling shade %d: dilution %v and share %v must be 0 or more", i, s.Dilution, s.Share)
		}
		m.inks = append(m.inks, p.In(s.Dilution))
	}
	return m, nil
}

// known is the pigment of a shade: as the shade itself says, or as listed.
func known(list []Pigment, s plan.Shade) (Pigment, error) {
	if s.Absorption != nil {
		return Pigment{Name: s.Pigment, Absorption: *s.Absorption}, nil
	}
	return find(list, s.Pigment)
}

// Ends returns the models of the same dots at the lighter and the darker end of
// what the recipe's error allows: a healed field of the given density in skin
// of the given colour is sigma ΔE00 lighter or darker than expected, as far as
// pigment can be.
func (m *Model) Ends(skin colour.Lab, perCM2, sigma float64) (lighter, darker *Model, err error) {
	m = m.On(skin)
	if !(sigma >= 0 && sigma <= 100) {
		return nil, nil, fmt.Errorf("the error of the tone is %v ΔE00", sigma)
	}
	expected, err := m.tone(plan.Healed, skin, perCM2)
	if err != nil {
		return nil, nil, err
	}
	end := func(lowest, most float64, within func(d float64) bool) *Model {
		out := *m
		out.taken = bisect(lowest, most, func(k float64) bool {
			out.taken = k
			tone, err := out.tone(plan.Healed, skin, perCM2)
			return err == nil && within(tone[0]-expected[0])
		})
		return &out
	}
	lighter = end(faintestEnd, 1, func(d float64) bool { return d > sigma })
	darker = end(1, darkestEnd, func(d float64) bool { return -d < sigma })
	return lighter, darker, nil
}

// faintestEnd and darkestEnd are how far the darkened area may be from the
// expected, as a factor: dots that are almost gone, and twice of all that
// carbon black at the surface could do.
const (
	faintestEnd = 0.02
	darkestEnd  = 8
)

func orCatalogue(list []Pigment) ([]Pigment, error) {
	if len(list) > 0 {
		return list, nil
	}
	return Catalogue()
}

func checkDots(d plan.Dots) error {
	for _, q := range []struct {
		name   string
		v, max float64
	}{{"fresh diameter", d.FreshMM, 2}, {"healed diameter", d.HealedMM, 2}, {"depth", d.DepthMM, 5}} {
		if !(q.v > 0 && q.v <= q.max) {
			return fmt.Errorf("%s is %v mm, want above 0 up to %v", q.name, q.v, q.max)
		}
	}
	return nil
}

// Shades returns how many shades the model knows.
func (m *Model) Shades() int { return len(m.inks) }

// Kernel returns how a dot of the given shade and healed diameter (mm) looks
// at a stage.
func (m *Model) Kernel(stage string, shade int, healed float64) (Kernel, error) {
	c, ink, err := m.dot(stage, shade, healed)
	if err != nil {
		return Kernel{}, err
	}
	return See(c, ink, m.skin), nil
}

// dot returns the column of a stage and the absorption that gives it the
// stage's tone.
func (m *Model) dot(stage string, shade int, healed float64) (Column, [3]float64, error) {
	t, err := At(stage)
	if err != nil {
		return Column{}, [3]float64{}, err
	}
	if shade < 0 || shade >= len(m.inks) {
		return Column{}, [3]float64{}, fmt.Errorf("shade %d is not among the recipe's %d", shade, len(m.inks))
	}
	if !(healed > 0 && healed <= 2) {
		return Column{}, [3]float64{}, fmt.Errorf("healed diameter is %v mm, want above 0 up to 2", healed)
	}
	ink := m.inks[shade]
	base := healedColumn(healed, m.dots.DepthMM)
	if t.Tone == 0 {
		return base, [3]float64{}, nil
	}
	c := t.column(base, m.dots)
	want := m.taken * Area(base, ink, m.skin)[1] * t.Tone / After(healedDays).Tone
	k := m.strength(c, ink, want)
	if got := Area(c, [3]float64{0, k * ink[1], 0}, m.skin)[1]; m.taken > 1 && got < want {
		c.Diameter *= want / got // black cannot be blacker, so the dot is wider
	}
	return c, [3]float64{k * ink[0], k * ink[1], k * ink[2]}, nil
}

// healedColumn is the column that a needle of the given depth leaves.
func healedColumn(diameter, depth float64) Column {
	top := craft.InkTop().Value + craft.InkTopPerDepth().Value*depth
	return Column{Diameter: diameter, Top: top, Height: craft.InkColumn().Value}
}

// strength is the factor on the absorption at which the column darkens the
// wanted area in green light, or 100 where even black cannot.
func (m *Model) strength(c Column, ink [3]float64, want float64) float64 {
	return math.Exp(bisect(math.Log(1e-3), math.Log(100), func(l float64) bool {
		return Area(c, [3]float64{0, ink[1] * math.Exp(l), 0}, m.skin)[1] < want
	}))
}

// Field returns the share of light that skin with the given density of dots
// (per cm²) sends back, averaged over all shades and without redness.
func (m *Model) Field(stage string, perCM2 float64) ([3]float64, error) {
	if !(perCM2 >= 0 && perCM2 <= 1e5) {
		return [3]float64{}, fmt.Errorf("density is %v dots per cm²", perCM2)
	}
	var od, shares [3]float64
	for i, s := range m.shades {
		c, ink, err := m.dot(stage, i, m.dots.HealedMM)
		if err != nil {
			return [3]float64{}, err
		}
		for ch, a := range Area(c, ink, m.skin) {
			od[ch] += s.Share * a * perCM2 / 100
			shares[ch] += s.Share
		}
	}
	var out [3]float64
	for ch := range out {
		out[ch] = math.Exp(-od[ch] / max(shares[ch], 1e-9))
	}
	return out, nil
}

// Stage returns the plan's entry for a stage: the dot as seen, and the tone of
// skin with the given colour and density of dots (per cm²), with the redness
// of fresh work.
func (m *Model) Stage(stage string, skin colour.Lab, perCM2 float64) (plan.Stage, error) {
	m = m.On(skin)
	lab, err := m.tone(stage, skin, perCM2)
	if err != nil {
		return plan.Stage{}, err
	}
	out := plan.Stage{Name: stage, Lab: lab}
	for i, s := range m.shades {
		k, err := m.Kernel(stage, i, m.dots.HealedMM)
		if err != nil {
			return plan.Stage{}, err
		}
		out.DiameterMM += s.Share * k.FWHM()
		out.Contrast += s.Share * k.Contrast()[1]
	}
	return out, nil
}

// tone is the tone of Stage alone, in the skin that the model is on.
func (m *Model) tone(stage string, skin colour.Lab, perCM2 float64) (colour.Lab, error) {
	if !colour.Finite(skin) {
		return colour.Lab{}, fmt.Errorf("predicting stage %s: the skin colour %v is no colour", stage, skin)
	}
	left, err := m.Field(stage, perCM2)
	if err != nil {
		return colour.Lab{}, fmt.Errorf("predicting stage %s: %w", stage, err)
	}
	t, err := At(stage)
	if err != nil {
		return colour.Lab{}, err
	}
	red := t.Redness * (1 - math.Exp(-perCM2/100*2*math.Pi*math.Pow(craft.RednessReach().Value, 2)))
	light := colour.FromLab(skin)
	for i := range light {
		light[i] *= left[i]
		if i > 0 {
			light[i] *= 1 - red
		}
	}
	return colour.ToLab(light), nil
}

// Timeline returns every stage of time in order.
func (m *Model) Timeline(skin colour.Lab, perCM2 float64) ([]plan.Stage, error) {
	var out []plan.Stage
	for _, name := range Stages() {
		s, err := m.Stage(name, skin, perCM2)
		if err != nil {
			return nil, err
		}
		out = append(out, s)
	}
	return out, nil
}
