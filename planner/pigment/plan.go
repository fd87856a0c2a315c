package pigment

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"pointille/internal/colour"
	"pointille/planner/plan"
	"pointille/vision/survey"
)

// Wanted is what a plan knows when it comes to colour.
type Wanted struct {
	Skin        *survey.SkinTone // nil: not measured
	Hair        *survey.HairTone // nil: not measured
	PerCM2      float64          // dots per cm² of the densest zone
	HairsPerCM2 float64          // density of the stubble to match
	LengthMM    float64          // its length; 0: freshly shaved
	// Stubble is the tone of the client's own stubble where it was measured on
	// the photos, light removed, its sigma what comes on top of the skin's; nil:
	// predicted from skin, hair and density. Both
	// are weighted by their errors.
	Stubble *survey.SkinTone
	Dots    plan.Dots // diameters and depth

	Pigment  string    // only this pigment; empty: any
	Dilution float64   // only this dilution, parts of water; 0: any
	Pigments []Pigment // nil: the built-in catalogue
}

// predictedSigma is the error of a predicted tone beside what is not known of the hair,
// ΔE00: on the shipped case it was 3 too light.
const predictedSigma = 3

// between is the mean of two tones, weighted by how sure they are, and its error.
func between(a colour.Lab, sa float64, b colour.Lab, sb float64) (colour.Lab, float64) {
	wa, wb := 1/max(sa*sa, 1e-6), 1/max(sb*sb, 1e-6)
	var out colour.Lab
	for c := range out {
		out[c] = (wa*a[c] + wb*b[c]) / (wa + wb)
	}
	return out, 1 / math.Sqrt(wa+wb)
}

// Planned is the colour part of a plan.
type Planned struct {
	Recipe *plan.Recipe  // nil where nothing can be said
	Others []plan.Recipe // up to two next best
	Stages []plan.Stage
	Why    string // why there is no recipe
}

// Colours taken where none were measured: the middle of what scalps and hair
// span, with a sigma that says so and a recipe graded warn.
const unknownSigma = 12

func unknownSkin() survey.SkinTone {
	return survey.SkinTone{Lab: colour.Lab{58, 10, 17}, Sigma: unknownSigma}
}

func unknownHair() survey.HairTone {
	return survey.HairTone{Lab: colour.Lab{20, 5, 7}, Sigma: unknownSigma}
}

// Plan chooses the recipe for a plan and predicts its stages. It never fails:
// where the input allows no recipe, Why says what is wrong with it.
func Plan(w Wanted) Planned {
	out, err := w.plan()
	if err != nil {
		return Planned{Why: err.Error()}
	}
	return out
}

func (w Wanted) plan() (Planned, error) {
	if !(w.Dilution >= 0 && w.Dilution <= mostWater) {
		return Planned{}, fmt.Errorf("the wished dilution is %v parts of water, want 0 to %v", w.Dilution, mostWater)
	}
	skin, hair := unknownSkin(), unknownHair()
	if w.Skin != nil {
		skin = *w.Skin
	}
	if w.Hair != nil {
		hair = *w.Hair
	}
	own := Stubble{Skin: skin.Lab, Hair: hair.Lab, PerCM2: w.HairsPerCM2, LengthMM: w.LengthMM}
	tone, err := own.Tone()
	if err != nil {
		return Planned{}, err
	}
	toneSigma := hairShare * hair.Sigma
	if w.Stubble != nil {
		tone, toneSigma = between(tone, math.Hypot(toneSigma, predictedSigma), w.Stubble.Lab, w.Stubble.Sigma)
	}
	list, note, err := w.choice()
	if err != nil {
		return Planned{}, err
	}
	recipes, err := Match(Wish{
		Skin: skin.Lab, SkinSigma: skin.Sigma,
		Target: tone, TargetSigma: toneSigma,
		Hair: hair.Lab, Grey: hair.Grey, DotsPerCM2: w.PerCM2, Dots: w.Dots,
		Pigments: list, Dilutions: w.steps(),
	})
	if err != nil {
		return Planned{}, err
	}
	for i := range recipes {
		recipes[i].Note = strings.TrimSpace(note + " " + recipes[i].Note)
	}
	for _, r := range recipes[1:] {
		recipes[0].Alternatives = append(recipes[0].Alternatives, plan.Variant{Shades: r.Shades, HealedLab: r.HealedLab, DeltaE: r.DeltaE, Grade: r.Grade})
	}
	if w.HairsPerCM2 > 0 && w.Hair != nil {
		if recipes[0].HairMM, err = own.LongestHair(recipes[0].HealedLab); err != nil {
			return Planned{}, err
		}
	}
	model, err := NewModel(w.Dots, recipes[0], list)
	if err != nil {
		return Planned{}, err
	}
	stages, err := model.Timeline(skin.Lab, w.PerCM2)
	return Planned{Recipe: &recipes[0], Others: recipes[1:], Stages: stages}, err
}

// mostWater is the thinnest dilution that may be wished; studios go to 1:30.
const mostWater = 100.0

// hairShare is how much an error in the hair's colour moves the tone of
// stubble, of which hair makes up about a fifth.
const hairShare = 0.2

// choice returns the pigments to choose from, and a note where the wished one
// is not known.
func (w Wanted) choice() (list []Pigment, note string, err error) {
	if list, err = orCatalogue(w.Pigments); err != nil || w.Pigment == "" {
		return list, "", err
	}
	var names []string
	for _, p := range list {
		if strings.EqualFold(p.Name, strings.TrimSpace(w.Pigment)) {
			return []Pigment{p}, "", nil
		}
		names = append(names, p.Name)
	}
	return list, fmt.Sprintf("Nothing is known about the pigment %q, so it was not used; known are %s.", w.Pigment, strings.Join(names, ", ")), nil
}

// steps returns the dilutions around a wished one, nil for any.
func (w Wanted) steps() []float64 {
	if w.Dilution <= 0 {
		return nil
	}
	return []float64{w.Dilution, 1.4 * w.Dilution}
}

// Assign gives every dot its shade at random, in the recipe's shares. The same
// seed and dot always get the same shade.
func Assign(dots []plan.Dot, recipe *plan.Recipe, seed uint64) {
	if recipe == nil || len(recipe.Shades) == 0 {
		return
	}
	for i := range dots {
		rng := rand.New(rand.NewPCG(seed, uint64(dots[i].ID)^0x7368616465))
		dots[i].Shade = pick(recipe.Shades, rng.Float64())
	}
}

func pick(shades []plan.Shade, u float64) int {
	for i, s := range shades {
		if u -= s.Share; u < 0 {
			return i
		}
	}
	return len(shades) - 1
}
