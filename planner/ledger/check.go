package ledger

import (
	"fmt"
	"strings"

	"pointille/internal/civil"
)

// Finding is a rule that a bottle does not keep, or that cannot be told.
type Finding struct {
	Rule   Rule
	What   string
	Blocks bool // it must not be used; else the studio should look into it
}

// String quotes the rule by its number.
func (f Finding) String() string {
	return fmt.Sprintf("%s (%s: %s)", f.What, f.Rule.Number, f.Rule.Text)
}

// Check holds a bottle against the rules on a day: what is expired, not labelled
// or restricted blocks; what is not known is told.
func Check(b Bottle, on civil.Date) []Finding {
	var out []Finding
	add := func(blocks bool, r Rule, form string, args ...any) {
		out = append(out, Finding{r, fmt.Sprintf(form, args...), blocks})
	}
	if expires, err := civil.Parse(b.Expires); err != nil {
		add(true, expiryRule(), "its expiry is not known")
	} else if expires.Before(on) {
		add(true, expiryRule(), "it expired on %s", expires)
	}
	if on.Before(InForce()) {
		return append(out, b.unknown()...)
	}
	b.labels(add)
	b.colorants(on, add)
	b.contents(add)
	return append(out, b.unknown()...)
}

func (b Bottle) labels(add func(bool, Rule, string, ...any)) {
	if !b.Label.Statement {
		add(true, labelRule("a"), "the statement is not on its label")
		add(true, useRule(), "without the statement")
	}
	if strings.TrimSpace(b.Batch) == "" {
		add(true, labelRule("b"), "it has no batch number")
	}
	if !b.Label.Ingredients {
		add(true, labelRule("c"), "its ingredients are not on its label")
	}
	if b.holds("ph regulator") && !b.Label.PHRegulator {
		add(true, labelRule("d"), "it holds a pH regulator and does not say so")
	}
	if b.holds("nickel") && !b.Label.Nickel {
		add(true, labelRule("e"), "it holds nickel and does not say so")
	}
	if b.holds("chromium(vi)") && !b.Label.Chromium {
		add(true, labelRule("f"), "it holds chromium(VI) and does not say so")
	}
	if !b.Label.Instructions {
		add(false, labelRule("g"), "no safety instructions are on its label; not every mixture needs them")
	}
}

func (b Bottle) holds(substance string) bool {
	for _, m := range b.Analysis {
		if strings.EqualFold(m.Substance, substance) && m.MgPerKg > 0 {
			return true
		}
	}
	return false
}

func (b Bottle) colorants(on civil.Date, add func(bool, Rule, string, ...any)) {
	for _, k := range b.Colorants {
		for _, r := range RestrictedColorants() {
			if k.is(r) && !on.Before(r.From) {
				add(true, limitRule(), "it holds %s (CI %s, CAS %s), not to be used since %s", r.Name, r.CI, r.CAS, r.From)
			}
		}
	}
}

// is compares by number, and by name where there is none.
func (k Colorant) is(r Restricted) bool {
	digits := strings.TrimPrefix(strings.ToUpper(strings.ReplaceAll(k.CI, " ", "")), "CI")
	name := func(s string) string {
		return strings.NewReplacer(" ", "", "-", "", "pigment", "", "p.", "").Replace(strings.ToLower(s))
	}
	return digits == r.CI || strings.TrimSpace(k.CAS) == r.CAS || name(k.Name) == name(r.Name)
}

func (b Bottle) contents(add func(bool, Rule, string, ...any)) {
	for _, m := range b.Analysis {
		for _, l := range Limits() {
			if strings.EqualFold(m.Substance, l.Substance) && m.MgPerKg >= l.MgPerKg {
				add(true, limitRule(), "%s: %g mg/kg, and the limit is %g", l.Substance, m.MgPerKg, l.MgPerKg)
			}
		}
	}
}

// unknown are papers that are missing; they do not block.
func (b Bottle) unknown() []Finding {
	var missing []string
	if len(b.Colorants) == 0 {
		missing = append(missing, "colorants")
	}
	if b.SafetySheet == "" {
		missing = append(missing, "safety data sheet")
	}
	if b.Country == "" {
		missing = append(missing, "country")
	}
	if len(b.Analysis) == 0 {
		missing = append(missing, "analysis (carbon black: benzo[a]pyrene)")
	}
	if missing == nil {
		return nil
	}
	return []Finding{{knownRule(), "not known: " + strings.Join(missing, ", "), false}}
}
