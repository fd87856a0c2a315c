package craft

import "math"

// Light is a quantity per channel of a picture: red (630 nm), green (550 nm)
// and blue (450 nm) light.
type Light [3]Quantity

// Values returns the three defaults, red first.
func (l Light) Values() [3]float64 {
	return [3]float64{l[0].Value, l[1].Value, l[2].Value}
}

// simulated is the source of the numbers that describe how a dot is seen.
const simulated = "own Monte Carlo (planner/pigment/montecarlo, its table in planner/pigment/testdata/columns.csv): columns 0.1-0.4 mm wide and 0.4 mm tall, tops 0.03-0.5 mm deep, absorption 5-150 per mm, light, medium and dark skin, scattering anisotropy 0.8, diffuse light, seen from straight above as a camera does; 320,000 photons a channel"

func perChannel(name, unit, source string, red, green, blue, spread float64) Light {
	one := func(channel string, v float64) Quantity {
		return Quantity{Name: name + ", " + channel, Value: v, Low: v * (1 - spread), High: v * (1 + spread), Unit: unit, Source: source}
	}
	return Light{one("red light", red), one("green light", green), one("blue light", blue)}
}

// InkContrastDepth is k in the contrast of a black dot's centre,
// exp(-(z/(k·d^q))^p / (1+(z/(g·d^u))^s)), for a column of diameter d whose top
// lies z deep, both in mm. The first part is light that reaches the ink almost
// straight, the second the glow of scattered light that is left of deep ink.
// Contrast is the share of the skin's light that is lost; it hardly depends on
// melanin, but that in blue light on dark skin, where little comes from below
// the epidermis, it is a third lower.
func InkContrastDepth() Light {
	return perChannel("depth of contrast", "mm^(1-q)", contrastSource, 0.408, 0.344, 0.266, 0.1)
}

// contrastSource is that of all numbers of the contrast, which were fitted together.
const contrastSource = "fitted within 11 % to: " + simulated

// InkContrastWidth is q of InkContrastDepth.
func InkContrastWidth() Light {
	return perChannel("share of width in the depth of contrast", "1", contrastSource, 0.425, 0.384, 0.349, 0.1)
}

// InkContrastPower is p of InkContrastDepth.
func InkContrastPower() Light {
	return perChannel("power of the loss of contrast", "1", contrastSource, 2.105, 1.745, 1.543, 0.1)
}

// InkGlowDepth is g of InkContrastDepth.
func InkGlowDepth() Light {
	return perChannel("depth of glow", "mm^(1-u)", contrastSource, 0.692, 1.05, 1.258, 0.1)
}

// InkGlowWidth is u of InkContrastDepth.
func InkGlowWidth() Quantity {
	return Quantity{Name: "share of width in the depth of glow", Value: 0.395, Low: 0.35, High: 0.45, Unit: "1", Source: contrastSource}
}

// InkGlowPower is s of InkContrastDepth.
func InkGlowPower() Quantity {
	return Quantity{Name: "power of the glow", Value: 1.799, Low: 1.6, High: 2, Unit: "1", Source: contrastSource}
}

// InkChords is n in the share of light that diluted ink takes of what black
// would, 1-(1+x/n)^-n with x the absorption along the mean chord: chords differ,
// and the more they do the slower the ink saturates.
func InkChords() Quantity {
	return Quantity{Name: "evenness of chords", Value: 2.2, Low: 1.8, High: 2.6, Unit: "1", Source: contrastSource}
}

// InkAlong is how much longer than the mean chord light stays in ink at the
// surface, of 0.1 mm diameter, which it meets almost straight from above; it
// falls with the root of the diameter and with depth.
func InkAlong() Quantity {
	return Quantity{Name: "light along the column", Value: 1.054, Low: 0.8, High: 1.3, Unit: "1", Source: contrastSource}
}

// InkAlongDepth is the depth at which InkAlong has fallen to 1/e.
func InkAlongDepth() Light {
	return perChannel("depth of light along the column", "mm", contrastSource, 0.212, 0.121, 0.068, 0.2)
}

// areaSource is that of all numbers of the darkened area, which were fitted together.
const areaSource = "fitted within 12 % to: " + simulated

// InkGain is the darkened area of a black dot 0.2 mm wide at the surface over
// the mean projected area of its column, a quarter of the column's surface.
func InkGain() Light {
	return perChannel("optical dot gain", "1", areaSource, 4.07, 2.791, 1.981, 0.2)
}

// InkGainDark is how much of the gain is lost from skin of the lightness
// InkGainLight to one 32 L* darker: light that melanin takes meets no ink.
func InkGainDark() Light {
	return perChannel("loss of gain on dark skin", "1", areaSource, 0.207, 0.188, 0.433, 0.3)
}

// InkGainLight is the L* of the light skin that was simulated; medium and dark
// skin had 47.5 and 29.7.
func InkGainLight() Quantity {
	return Quantity{Name: "lightness of light skin", Value: 62, Low: 60, High: 70, Unit: "L*", Source: "the light skin of: " + simulated}
}

// InkGainWidth is v in gain(d) = gain·(d/0.2 mm)^-v.
func InkGainWidth() Quantity {
	return Quantity{Name: "loss of gain with width", Value: 0.086, Low: 0.05, High: 0.13, Unit: "1", Source: areaSource}
}

// InkGainDepth is D in gain(z) = gain(0)·exp(-(z/D)^p).
func InkGainDepth() Light {
	return perChannel("depth of dot gain", "mm", areaSource, 0.952, 0.437, 0.298, 0.12)
}

// InkGainPower is p of InkGainDepth.
func InkGainPower() Quantity {
	return Quantity{Name: "power of the loss of gain", Value: 1.305, Low: 1.1, High: 1.5, Unit: "1", Source: areaSource}
}

// InkGainChord is how much longer than the mean chord all light stays in ink.
func InkGainChord() Quantity {
	return Quantity{Name: "chord of all light", Value: 1.173, Low: 1, High: 1.3, Unit: "1", Source: areaSource}
}

// widthSource is that of the numbers of a dot's width.
const widthSource = "fitted within 13 % in green light to: " + simulated

// InkRim is the width at half contrast of a dot at the surface over the
// column's diameter.
func InkRim() Quantity {
	return Quantity{Name: "width at the surface", Value: 1.11, Low: 1, High: 1.2, Unit: "1", Source: widthSource}
}

// InkBlur is b in the width of a dot at half contrast, √((rim·d)² + (b·z^n)²).
func InkBlur() Quantity {
	return Quantity{Name: "widening with depth", Value: 2.434, Low: 2, High: 2.8, Unit: "mm^(1-n)", Source: widthSource}
}

// InkBlurPower is n of InkBlur.
func InkBlurPower() Quantity {
	return Quantity{Name: "power of the widening", Value: 1.613, Low: 1.4, High: 1.9, Unit: "1", Source: widthSource}
}

// profileSource is that of the numbers that spread a dot's darkening around it.
const profileSource = "fitted within 0.06 to the spectra, 0.125 to 1.5 cycles per mm, of 108 radial profiles of: own Monte Carlo (planner/pigment/testdata/profiles.csv), columns 0.15 and 0.25 mm wide, tops 0.03-0.2 mm deep, three skins"

// InkTail is the standard deviation of the soft grey around a dot: light that
// passed under or beside the ink on its way in or out.
func InkTail() Quantity {
	return Quantity{Name: "reach of the tail", Value: 0.262, Low: 0.22, High: 0.32, Unit: "mm", Source: profileSource}
}

// InkTailDepth is how much of the depth of its top widens a dot's tail.
func InkTailDepth() Quantity {
	return Quantity{Name: "widening of the tail", Value: 0.144, Low: 0, High: 0.4, Unit: "mm per mm", Source: profileSource}
}

// InkFar is the standard deviation of the darkening far from a dot: light that
// wandered through the dermis and met the ink on its way.
func InkFar() Quantity {
	return Quantity{Name: "reach of wandering light", Value: 0.964, Low: 0.8, High: 1.2, Unit: "mm", Source: profileSource}
}

// InkFarShare is the share of a dot's darkened area that lies far from it, ink
// at the surface of light skin: red light wanders most.
func InkFarShare() Light {
	return perChannel("darkening by wandering light", "1", profileSource, 0.588, 0.328, 0.113, 0.2)
}

// InkFarDepth is how much that share grows with the depth of the ink's top.
func InkFarDepth() Quantity {
	return Quantity{Name: "wandering light by depth", Value: 0.455, Low: 0.25, High: 0.6, Unit: "1/mm", Source: profileSource}
}

// InkFarDark is how much less it is in skin as much darker as for InkGainDark.
func InkFarDark() Quantity {
	return Quantity{Name: "wandering light on dark skin", Value: 0.088, Low: 0.05, High: 0.12, Unit: "1", Source: profileSource}
}

// InkColumn is the tallest column of pigment that light still sees.
func InkColumn() Quantity {
	return Quantity{Name: "height of the pigment column", Value: 0.4, Low: 0.2, High: 0.5, Unit: "mm", Source: "that of the simulated column; light hardly returns from below 0.5 mm"}
}

// InkAbsorption is the absorption of the column that undiluted carbon black
// leaves behind, in green light.
func InkAbsorption() Quantity {
	return Quantity{Name: "absorption of undiluted black in skin", Value: 150, Low: 40, High: 400, Unit: "1/mm", Source: "assumption: makes 1:20 to 1:30, the usual dilutions of a concentrate with 15 % solids, plainly visible and lets 1:0 saturate; to be fitted to a photographed test patch"}
}

// InkTop is the depth of the pigment's top in healed skin for a needle that
// reaches no depth at all.
func InkTop() Quantity {
	return Quantity{Name: "depth of healed pigment", Value: 0.05, Low: 0.03, High: 0.1, Unit: "mm", Source: "assumption: pigment is lost with the epidermis, about 0.05-0.1 mm on the scalp"}
}

// InkTopPerDepth is how much deeper the healed top lies per depth of needle.
func InkTopPerDepth() Quantity {
	return Quantity{Name: "deepening with the needle", Value: 0.1, Low: 0.05, High: 0.3, Unit: "mm per mm", Source: "assumption: a needle 0.5 mm deep leaves its top at 0.1 mm, where the dermis begins, and one of 1.5 mm at 0.2 mm, where trade texts report blow-out and blue"}
}

// InkTopFresh is the depth of the pigment's top right after the needle.
func InkTopFresh() Quantity {
	return Quantity{Name: "depth of fresh pigment", Value: 0.03, Low: 0.01, High: 0.06, Unit: "mm", Source: "assumption: the epidermal part of the column is still there, under the horny layer"}
}

// InkStrongest is the strongest contrast a dot may have, whatever the formulas
// extrapolate to.
func InkStrongest() Quantity {
	return Quantity{Name: "strongest contrast of a dot", Value: 0.92, Low: 0.85, High: 0.95, Unit: "1", Source: "assumption: about 4-8 % of light is returned by the skin's surface before any pigment"}
}

// DotSizeSpread is the standard deviation of the logarithm of a dot's width.
func DotSizeSpread() Quantity {
	return Quantity{Name: "spread of dot width", Value: 0.12, Low: 0.08, High: 0.2, Unit: "1", Source: "assumption: pressure and depth vary from touch to touch"}
}

// DotInkSpread is the standard deviation of the logarithm of a dot's pigment.
func DotInkSpread() Quantity {
	return Quantity{Name: "spread of pigment taken up", Value: 0.2, Low: 0.15, High: 0.25, Unit: "1", Source: "assumption: uptake of single impressions varies by 15-25 %"}
}

// Redness is the share of green and blue light that freshly worked skin loses.
func Redness() Quantity {
	return Quantity{Name: "redness of fresh work", Value: 0.11, Low: 0.08, High: 0.15, Unit: "1", Source: "assumption: 8-15 %, no measurement found"}
}

// RednessReach is the standard deviation of the redness around one impression.
func RednessReach() Quantity {
	return Quantity{Name: "reach of redness", Value: 0.9, Low: 0.5, High: 1.5, Unit: "mm", Source: "assumption: a halo 1-3 mm wide"}
}

// RednessHours is how long redness lasts.
func RednessHours() Quantity {
	return Quantity{Name: "duration of redness", Value: 6, Low: 2, High: 10, Unit: "h", Source: "studio practice: 2-10 h, depending on the skin"}
}

// ShadeMatch is the largest difference of two tones that passes as a match.
func ShadeMatch() Quantity {
	return Quantity{Name: "difference of a match", Value: 2, Low: 1.8, High: 2.6, Unit: "ΔE00", Source: "acceptable difference of facial prostheses 1.8 on fair and 2.6 on dark skin, ΔE*ab (Leow 2006)"}
}

// ShadeClose is the largest difference of two tones that still blends.
func ShadeClose() Quantity {
	return Quantity{Name: "difference of a close tone", Value: 4, Low: 3, High: 5, Unit: "ΔE00", Source: "assumption: twice a match"}
}

// ShadeSigma is the error of a predicted tone where skin, hair and light are
// known exactly.
func ShadeSigma() Quantity {
	return Quantity{Name: "error of a predicted tone", Value: 2, Low: 1, High: 4, Unit: "ΔE00", Source: "assumption: the unknown uptake of pigment, no measured case yet"}
}

// ShadeBlue is how much less yellow than the client's own stubble, b*, a healed
// field may be before it reads blue.
func ShadeBlue() Quantity {
	return Quantity{Name: "lack of yellow that reads blue", Value: 4, Low: 2, High: 6, Unit: "b*", Source: "assumption: twice a match; clients complain of blue where black sits deep (craft literature), and red is lost more than twice as far from a dot as blue (own Monte Carlo)"}
}

// ShadeHelmet is how much darker than the client's own stubble, L*, a healed
// field may be before it reads as a helmet.
func ShadeHelmet() Quantity {
	return Quantity{Name: "darkness of a helmet", Value: 5, Low: 3, High: 7, Unit: "L*", Source: "assumption: an eye finds 0.86 L* at an edge (Athens study of prostheses); trade: start lighter than the hair, never darker"}
}

// ShadeSkinWithoutCard is the error of a skin colour measured without a card.
func ShadeSkinWithoutCard() Quantity {
	return Quantity{Name: "error of skin colour without a card", Value: 5.9, Low: 5, High: 7, Unit: "ΔE00", Source: "own measurement on rendered heads: 3.9 with and 5.9 without a card (docs/measurements)"}
}

// DotSeen is how much darker than skin, L*, the middle of a dot must be to read
// as a dot at arm's length.
func DotSeen() Quantity {
	return Quantity{Name: "darkness of a visible dot", Value: 7, Low: 4, High: 10, Unit: "L*", Source: "assumption: dots of 0.2 mm at arm's length"}
}

// StubbleLength is the length of hair that a foil or clipper without comb leaves.
func StubbleLength() Quantity {
	return Quantity{Name: "length of shaved hair", Value: 0.5, Low: 0.1, High: 1, Unit: "mm", Source: "clippers without comb 0.2-1 mm, foil shaver 0.1 mm; assumption where the length is not measured"}
}

// StubbleLongest is the longest hair that is still seen as a speck and not as a
// stroke.
func StubbleLongest() Quantity {
	return Quantity{Name: "longest stubble", Value: 3, Low: 1, High: 3, Unit: "mm", Source: "assumption: the shortest clipper comb leaves 3 mm, which trade calls a buzz cut and no more a shave"}
}

// HairAbsorption is the absorption of a hair of the given lightness, L*, as
// seen, per mm: eumelanin's shares of red, green and blue light, in amounts
// that make hair blonde, brown and black. Red hair has a little less in red.
func HairAbsorption(lightness float64) Light {
	const source = "d'Eon and others 2011 (An energy-conserving hair reflectance model): eumelanin 0.419, 0.697 and 1.37 per hair radius and unit of concentration, 8 units in black, 1.3 in brown, 0.3 in blonde hair; radius 0.04 mm; L* of the three 9, 28 and 62 assumed"
	units := math.Exp(between(lightness, [3]float64{9, 28, 62}, [3]float64{math.Log(8), math.Log(1.3), math.Log(0.3)}))
	const radius = 0.04
	return perChannel("absorption of hair", "1/mm", source, 0.419*units/radius, 0.697*units/radius, 1.37*units/radius, 0.5)
}

// between interpolates y over x, flat beyond the ends.
func between(v float64, x, y [3]float64) float64 {
	for i := range 2 {
		if v <= x[i+1] {
			share := max(0, v-x[i]) / (x[i+1] - x[i])
			return y[i] + share*(y[i+1]-y[i])
		}
	}
	return y[2]
}

// EyeBlur is the standard deviation of the blur of a good eye.
func EyeBlur() Quantity {
	return Quantity{Name: "blur of the eye", Value: 0.42, Low: 0.35, High: 0.6, Unit: "arc minutes", Source: "assumption: a point is seen one arc minute wide at half its brightness, normal sight"}
}

// StubbleWidth is the thickness of a scalp hair.
func StubbleWidth() Quantity {
	return Quantity{Name: "thickness of hair", Value: 0.075, Low: 0.06, High: 0.12, Unit: "mm", Source: "shafts 0.067-0.08 mm, up to 0.12 mm by population (craft literature)"}
}

// StubbleGain is the darkened area of a stub over its projected area, from its
// shadow, light caught sideways and the root seen through the skin.
func StubbleGain() Quantity {
	return Quantity{Name: "optical gain of stubble", Value: 2, Low: 1.3, High: 3, Unit: "1", Source: "assumption: an opaque speck on skin that scatters light sideways stops light on its way in and out"}
}

// ImpressionFresh is the diameter of an impression right after the needle.
func ImpressionFresh() Quantity {
	return Quantity{Name: "diameter of a fresh impression", Value: 0.25, Low: 0.18, High: 0.3, Unit: "mm", Source: "trade: up to 0.25 mm with a 3-point round liner"}
}

// ImpressionHealed is its diameter one month after the last session.
func ImpressionHealed() Quantity {
	return Quantity{Name: "diameter of a healed impression", Value: 0.15, Low: 0.1, High: 0.25, Unit: "mm", Source: "trade: 0.10-0.15 mm and 0.09-0.13 mm; trichoscopy of finished work shows dots larger than follicle openings (Nguyen 2022), so the upper trade figure"}
}

// NeedleDepth is how deep the needle reaches.
func NeedleDepth() Quantity {
	return Quantity{Name: "depth of the needle", Value: 0.5, Low: 0.5, High: 1, Unit: "mm", Source: "trade and courses 0.5-1 mm; the aim is the upper dermis"}
}
