// Package checks holds the rules of the craft against a plan: each with its
// value, its limit, and whether it holds. It changes nothing and has no errors.
package checks

import (
	"fmt"
	"math"
	"strings"

	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/screening"
)

// Results of a check.
const (
	ok      = "ok"
	warn    = "warn"
	fail    = "fail"
	unknown = "unknown"
)

// Facts are what the rules need beyond the plan itself.
type Facts struct {
	Female     bool
	SkinLab    *[3]float64 // nil: not measured
	HairLab    *[3]float64 // nil: not measured
	SkinSigma  float64     // ΔE00
	UnseenCM2  float64     // scalp that no photo shows
	Unseen     string      // where it is, in words
	DensityRMS float64     // relative, dots against target over 2 cm² cells
	FullPerCM2 float64     // this client's fullest growth, hairs/cm²
	Screening  *screening.Result
}

// All applies every rule, in a fixed order.
func All(p *plan.Plan, f Facts) []plan.Check {
	var out []plan.Check
	add := func(c plan.Check) { out = append(out, c) }
	add(scaled(p))
	add(screened(f.Screening))
	if p.Nothing != "" {
		return out
	}
	if p.Hairline != nil {
		add(height(p.Hairline, f.Female))
		add(straightness(p.Hairline))
		add(symmetry(p.Hairline))
		add(temples(p.Hairline))
		add(softness(p.Hairline))
	}
	add(spacing(p))
	add(coverage(p))
	add(natural(p, f))
	add(seen(f))
	add(even(f))
	if p.Pigment != nil {
		add(tone(p.Pigment))
		add(veil(p.Dots))
	}
	add(contrast(p, f))
	return out
}

func scaled(p *plan.Plan) plan.Check {
	c := plan.Check{
		ID: "scale", Name: "Scale known", Value: 100 * p.Head.ScaleSigma, Unit: "% (one standard deviation)",
		Limit: "measured by card or given length", Result: ok, Source: "the studio's rule: areas and guides need millimetres",
	}
	if !p.Head.Scaled {
		c.Result = fail
		c.Note = "Sizes are those of an average head: photograph again with the printed card. Guides are marked UNSCALED."
	}
	return c
}

// screened is what the client's answers allow; nil: nothing was asked.
func screened(r *screening.Result) plan.Check {
	c := plan.Check{
		ID: "screening", Name: "Client screened", Limit: "asked about every condition of the studio's list", Result: unknown,
		Note: "No screening answers were given: ask before the first session.", Source: "treatment rules, who must wait or be refused",
	}
	if r == nil {
		return c
	}
	c.Value, c.Result = float64(len(r.Reasons)), fail
	if r.Outcome == screening.Go {
		c.Result = ok
	}
	c.Note = fmt.Sprintf("For %s, asked on %s: %s.", r.On, r.Asked, r.Sentence("en"))
	if note := r.Note("en"); note != "" {
		c.Note += " " + note + "."
		if c.Result == ok {
			c.Result = warn // places to leave out
		}
	}
	return c
}

func height(h *plan.Hairline, female bool) plan.Check {
	q := craft.HeightMen()
	if female {
		q = craft.HeightWomen()
	}
	c := plan.Check{
		ID: "height", Name: "Hairline height", Value: h.HeightMM, Unit: "mm",
		Limit: fmt.Sprintf("at least %.0f mm above the glabella", q.Low), Result: ok, Source: q.Source,
	}
	if h.HeightMM < q.Low {
		c.Result, c.Note = warn, "Lower than the craft's rule: it will not age well."
		if h.Source == "kept" {
			c.Result, c.Note = ok, "Lower than a new line would be drawn, but it is the client's own."
		}
	}
	return c
}

// symmetry is the mean distance between the right side and the mirrored left.
func symmetry(h *plan.Hairline) plan.Check {
	n := len(h.Points)
	sum := 0.0
	for i := range n / 2 {
		q := h.Points[n-1-i]
		q[0] = -q[0]
		sum += h.Points[i].Sub(q).Norm()
	}
	d := sum / float64(max(n/2, 1))
	c := plan.Check{
		ID: "symmetry", Name: "Left against right", Value: d, Unit: "mm", Limit: "between 0.3 and 8 mm",
		Result: ok, Source: craft.Asymmetry().Source,
	}
	switch {
	case d < 0.3:
		c.Result, c.Note = warn, "Both sides are mirror images: nature's are not."
	case d > 8:
		c.Result, c.Note = warn, "The sides differ visibly: compare them in the front view."
	}
	return c
}

// MostUneven is how much deeper one corner may recede than the other, mm: twice the
// 1-3 mm that natural lines differ by (assumption).
const MostUneven = 5

// temples compares how deep the line recedes on either side.
func temples(h *plan.Hairline) plan.Check {
	n := len(h.Points)
	c := plan.Check{
		ID: "temples", Name: "Corner against corner", Unit: "mm", Limit: fmt.Sprintf("one recedes at most %d mm more", MostUneven),
		Result: ok, Source: craft.Asymmetry().Source,
	}
	if n < 3 {
		c.Result, c.Note = unknown, "The line is too short to tell."
		return c
	}
	right, left := recession(h.Points[:n/2+1]), recession(h.Points[n/2:])
	if c.Value = math.Abs(right - left); c.Value > MostUneven {
		side := "right"
		if left > right {
			side = "left"
		}
		c.Result, c.Note = warn, fmt.Sprintf("The corner on the client's %s recedes %.0f mm more: look at both from above.", side, c.Value)
	}
	return c
}

// recession is how far half of a line lies off the chord between its ends, mm.
func recession(half []headframe.Vec) (most float64) {
	from := half[0]
	along := half[len(half)-1].Sub(from).Unit()
	for _, p := range half {
		off := p.Sub(from)
		most = max(most, off.Sub(along.Mul(off.Dot(along))).Norm())
	}
	return most
}

func softness(h *plan.Hairline) plan.Check {
	c := plan.Check{
		ID: "softness", Name: "Edge softness", Value: h.SoftMM, Unit: "mm", Limit: "at least 2 mm unless asked for",
		Result: ok, Source: craft.SoftZone(h.Edge).Source,
	}
	if h.SoftMM < 2 {
		c.Result, c.Note = warn, "A hard edge reads as drawn on."
	}
	return c
}

// spacing guards against dots that merge once healed.
func spacing(p *plan.Plan) plan.Check {
	ratio := p.Dots.MinMM / p.Dots.HealedMM
	c := plan.Check{
		ID: "spacing", Name: "Smallest spacing over healed diameter", Value: ratio, Unit: "", Limit: "at least 2",
		Result: ok, Source: "dots nearer than two healed diameters merge (trade complaints, tally of 16 pages)",
	}
	if ratio < 2 {
		c.Result, c.Note = fail, "Neighbouring dots will merge: plan fewer or smaller dots."
	}
	return c
}

// coverage is the share of skin inked in the densest zone.
func coverage(p *plan.Plan) plan.Check {
	share := 100 * p.Densest() * math.Pi / 4 * p.Dots.HealedMM * p.Dots.HealedMM / 100
	c := plan.Check{
		ID: "coverage", Name: "Skin inked in the densest zone", Value: share, Unit: "%", Limit: "at most 7.5 %",
		Result: ok, Source: "150 dots/cm² of 0.25 mm; denser reads as a helmet (coverage table, assumption)",
	}
	if share > 7.5 {
		c.Result, c.Note = warn, "Too dense or too large: it will read as a helmet."
	}
	return c
}

// natural compares dots and the hairs between them with how thick this client's hair
// grows where it is fullest: dots stand for single stubs.
func natural(p *plan.Plan, f Facts) plan.Check {
	c := plan.Check{
		ID: "natural", Name: "Dots and hairs against the client's fullest hair", Unit: "%", Limit: "at most 100 %",
		Result: ok, Source: craft.FullHairs().Source,
	}
	if !(f.FullPerCM2 > 0) {
		c.Result, c.Note = unknown, "How thick the client's own hair grows is not known."
		return c
	}
	where := ""
	for _, z := range p.Zones {
		dots, told := z.Dense()
		if share := 100 * (dots + z.ExistingPerCM2) / f.FullPerCM2; told && share > c.Value {
			c.Value, where = share, z.Name
		}
	}
	if c.Value > 100 {
		c.Result = warn
		c.Note = fmt.Sprintf("In the zone %s more would show than this client's hair ever grew: plan fewer dots there.", strings.ReplaceAll(where, "_", " "))
	}
	return c
}

func seen(f Facts) plan.Check {
	c := plan.Check{
		ID: "seen", Name: "Skin that no photo shows", Value: f.UnseenCM2, Unit: "cm²", Limit: "at most 10 cm²",
		Result: ok, Source: "nothing is planned where nothing was seen",
	}
	if f.UnseenCM2 > 10 {
		c.Result = warn
		c.Note = fmt.Sprintf("Nothing is planned where no photo shows the scalp (%s): add the missing views.", f.Unseen)
	}
	return c
}

func even(f Facts) plan.Check {
	c := plan.Check{
		ID: "density", Name: "Density against target", Value: 100 * f.DensityRMS, Unit: "% RMS over 2 cm²", Limit: "at most 5 %",
		Result: ok, Source: "white noise would be 6.6 % at 115 dots/cm²",
	}
	if f.DensityRMS > 0.05 {
		c.Result, c.Note = warn, "Dots do not follow the wanted density everywhere."
	}
	return c
}

func tone(r *plan.Recipe) plan.Check {
	c := plan.Check{
		ID: "tone", Name: "Healed tone against the client's own hair", Value: r.DeltaE, Unit: "ΔE00", Limit: "match ≤ 2, close ≤ 4",
		Result: ok, Source: "acceptable ΔE 1.8 (fair) to 2.6 (dark) for skin prostheses (Leow 2006)", Note: r.Note,
	}
	if r.Grade != "close" && r.Grade != "warn" {
		return c
	}
	c.Result = warn
	if c.Note == "" {
		c.Note = fmt.Sprintf("The mix heals %s the client's own stubble: make a test patch before the first session.", beside(r))
	}
	return c
}

// sameLightness is a difference of lightness that nobody sees on skin, L*.
const sameLightness = 0.5

// beside says in what the healed tone differs from the one that was wanted.
func beside(r *plan.Recipe) string {
	lighter := r.HealedLab[0] - r.TargetLab[0]
	switch {
	case lighter > sameLightness:
		return fmt.Sprintf("%.1f L* lighter than", lighter)
	case lighter < -sameLightness:
		return fmt.Sprintf("%.1f L* darker than", -lighter)
	}
	return "as light as, but in another hue than,"
}

// deepest is the depth beyond which black reads blue.
const deepest = 0.5

func veil(d plan.Dots) plan.Check {
	c := plan.Check{
		ID: "depth", Name: "Depth of the pigment", Value: d.DepthMM, Unit: "mm", Limit: "at most 0.5 mm",
		Result: ok, Source: "deep pigment widens, pales and turns blue-grey (Monte Carlo of a pigment column)",
	}
	if d.DepthMM > deepest {
		c.Result, c.Note = fail, "So deep a dot turns blue: place it shallower."
	}
	return c
}

// contrast is the lightness between hair and skin that dots have to imitate.
func contrast(p *plan.Plan, f Facts) plan.Check {
	c := plan.Check{
		ID: "contrast", Name: "Hair against skin", Unit: "ΔL*", Limit: "at least 12", Result: unknown,
		Source: "below this dots cannot be told from skin; lightness is the strictest tolerance (Leow 2006)",
	}
	if f.SkinLab == nil || f.HairLab == nil {
		c.Note = "Skin or hair colour could not be measured."
		return c
	}
	c.Value, c.Result = f.SkinLab[0]-f.HairLab[0], ok
	if c.Value < 12 {
		c.Result = warn
		c.Note = fmt.Sprintf("Hair is hardly darker than skin (ΔE00 %.0f): dots will show little, or darker than the hair.", colour.DeltaE00(*f.SkinLab, *f.HairLab))
	}
	return c
}
