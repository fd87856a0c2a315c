package pigment

import (
	"fmt"
	"math"
	"strings"

	"pointille/internal/colour"
	"pointille/planner/craft"
	"pointille/planner/plan"
)

// Limits of the notes.
const (
	wideSigma = 5.0 // ΔE00: a shade chosen this blindly is a guess
	greyHair  = 0.3
)

// annotate says in words what the figures of a recipe hide.
func (w Wish) annotate(r *plan.Recipe) {
	var notes []string
	add := func(format string, a ...any) { notes = append(notes, fmt.Sprintf(format, a...)) }
	if w.SkinSigma > wideSigma || w.TargetSigma > wideSigma {
		r.Grade = Warn
		add("The colour of skin or hair is not known well enough (±%.0f ΔE00): photograph it with the printed card or make a test patch before mixing.", max(w.SkinSigma, w.TargetSigma))
	}
	if w.Hair[0] > w.Skin[0]-5 {
		r.Grade = Warn
		add("The hair is hardly darker than the skin. Pigment can only darken, so dots will not look like this hair; keep them faint and warm, and try a patch first.")
	}
	if lift := w.Skin[0] - darkest(*r)[0]; lift < craft.DotSeen().Value {
		if r.Grade == Matching {
			r.Grade = Close
		}
		add("On this skin a healed dot is only %.1f L* darker than its surroundings and will hardly be seen as a dot.", lift)
	}
	if short := r.HealedLab[0] - r.TargetLab[0]; r.Grade != Matching && short > craft.ShadeMatch().Value/2 {
		add("The field stays %.1f L* lighter than the stubble: it would take about %.0f dots per cm² of this size, larger dots, or hair shaved closer.", short, w.enough(*r))
	}
	if w.Grey > greyHair {
		add("About %.0f %% of the hair is grey: let the dots match the darker hairs and keep them sparse, since grey hair cannot be copied by darkening skin.", 100*w.Grey)
	}
	r.Note = strings.Join(notes, " ")
}

func darkest(r plan.Recipe) colour.Lab {
	out := r.Shades[0].Lab
	for _, s := range r.Shades {
		if s.Lab[0] < out[0] {
			out = s.Lab
		}
	}
	return out
}

// enough is the density at which the recipe's field would be as light-absorbing
// in green as the target.
func (w Wish) enough(r plan.Recipe) float64 {
	skin, now, want := colour.FromLab(w.Skin)[1], colour.FromLab(r.HealedLab)[1], colour.FromLab(r.TargetLab)[1]
	if !(want > 0 && now > 0 && now < skin) {
		return w.DotsPerCM2
	}
	return w.DotsPerCM2 * math.Log(skin/want) / math.Log(skin/now)
}
