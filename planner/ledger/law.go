package ledger

import (
	"time"

	"pointille/internal/civil"
)

// The law on tattoo inks: REACH (Regulation (EC) 1907/2006) Annex XVII entry 75,
// added by Regulation (EU) 2020/2081. Limits and dates are those of the craft
// dossier (Cosm23, Ekotox, ReachLU, Icada), the wording "equal to or greater
// than" and the 0.1 % of pH regulators those of the entry as published; letters
// of paragraph 7 in the order of the entry, (g) confirmed by TemaNord 2024-549.
// More than 4,000 substances are concerned: what an analysis names by class is
// held against the class.

// Rule is what a batch must keep, with the number by which it is quoted.
type Rule struct {
	Number string
	Text   string
}

// The rules of the entry, and those of careful work beside it.
func limitRule() Rule {
	return Rule{"REACH Annex XVII entry 75(1)", "not placed on the market or used with a substance at or above its limit"}
}
func labelRule(letter string) Rule {
	texts := map[string]string{
		"a": `marked "Mixture for use in tattoos or permanent make-up"`,
		"b": "marked with a number that names the batch",
		"c": "marked with its ingredients",
		"d": `marked "pH regulator" where an ingredient is allowed only as one`,
		"e": `marked "Contains nickel. Can cause allergic reactions." where it holds nickel`,
		"f": `marked "Contains chromium (VI). Can cause allergic reactions." where it holds chromium(VI)`,
		"g": "marked with safety instructions for use",
	}
	return Rule{"REACH Annex XVII entry 75(7)(" + letter + ")", texts[letter]}
}
func useRule() Rule {
	return Rule{"REACH Annex XVII entry 75(8)", "mixtures without the statement are not used for tattooing"}
}
func expiryRule() Rule { return Rule{"studio rule 1", "no pigment after its expiry"} }
func knownRule() Rule {
	return Rule{"studio rule 2", "expiry, colorants, safety data sheet and country are known"}
}

// Limit is the content at which a substance may no longer be used.
type Limit struct {
	Substance string // as an analysis names it
	MgPerKg   float64
	Source    string
}

// Sources of what stands here.
const (
	limitRows = "Regulation (EU) 2020/2081, limits as in the craft dossier (Cosm23)"
	entryText = "Regulation (EU) 2020/2081, as published"
	dateRows  = "Regulation (EU) 2020/2081, dates and numbers as in the craft dossier (Ekotox, ReachLU, Icada)"
)

// Limits returns the limits of entry 75 that are known here, strictest kinds
// first. Methanol and the azo dyes and aromatic amines of Appendix 13 have
// limits of their own, which the dossier does not give: they are left out.
func Limits() []Limit {
	return []Limit{
		{"benzo[a]pyrene", 0.005, limitRows}, {"pah", 0.5, limitRows}, {"carcinogen or mutagen", 0.5, limitRows},
		{"cosmetics annex ii or iv", 0.5, limitRows}, {"cadmium", 0.5, limitRows}, {"cobalt", 0.5, limitRows},
		{"chromium(vi)", 0.5, limitRows}, {"mercury", 0.5, limitRows}, {"lead", 0.7, limitRows}, {"nickel", 5, limitRows},
		{"toxic to reproduction", 10, limitRows}, {"skin sensitiser", 10, limitRows}, {"corrosive or irritant", 100, limitRows},
		{"ph regulator", 1000, entryText},
	}
}

// Restricted is a colorant that may not be used at all.
type Restricted struct {
	Name, CI, CAS string
	From          civil.Date // first day on which it may not
	Source        string
}

// RestrictedColorants returns the colorants that entry 75 names with a day of
// their own.
func RestrictedColorants() []Restricted {
	from := civil.Of(2023, time.January, 4)
	return []Restricted{{"Pigment Blue 15:3", "74160", "147-14-8", from, dateRows}, {"Pigment Green 7", "74260", "1328-53-6", from, dateRows}}
}

// InForce is the first day of entry 75.
func InForce() civil.Date { return civil.Of(2022, time.January, 4) }
