package craft

// Light is a quantity per channel of a picture: red (630 nm), green (550 nm)
// and blue (450 nm) light.
type Light [3]Quantity

// Values returns the three defaults, red first.
func (l Light) Values() [3]float64 {
	return [3]float64{l[0].Value, l[1].Value, l[2].Value}
}

// simulated is the source of the numbers that describe how a dot is seen.
const simulated = "own Monte Carlo of light in two-layer skin: black columns 0.1-0.4 mm wide and 0.4 mm tall, melanin 3 %, scattering anisotropy 0.8, diffuse light, seen from straight above as a camera does (collecting light of all directions instead would blur dots: contrast 0.63, not 0.74, at 0.25 mm wide and 0.1 mm deep); 7,000-12,000 photons a radius"

func perChannel(name, unit, source string, red, green, blue, spread float64) Light {
	one := func(channel string, v float64) Quantity {
		return Quantity{Name: name + ", " + channel, Value: v, Low: v * (1 - spread), High: v * (1 + spread), Unit: unit, Source: source}
	}
	return Light{one("red light", red), one("green light", green), one("blue light", blue)}
}

// InkContrastDepth is k in the contrast of a black dot's centre,
// exp(-(z/(k·√d))^1.5), for a column of diameter d whose top lies z deep, both
// in mm. Contrast is the share of the skin's light that is lost; it hardly
// depends on melanin.
func InkContrastDepth() Light {
	return perChannel("depth of contrast", "√mm", "fitted within 8 % for tops 0.03-0.25 mm deep to: "+simulated, 0.571, 0.478, 0.383, 0.1)
}

// InkGain is the darkened area of a black dot at the surface over the mean
// projected area of its column, a quarter of the column's surface. It is the
// same for all diameters.
func InkGain() Light {
	return perChannel("optical dot gain", "1", "fitted within 5 % to: "+simulated, 3.75, 3.02, 2.03, 0.2)
}

// InkGainDepth is D in gain(z) = gain(0)·exp(-(z/D)^1.5).
func InkGainDepth() Light {
	return perChannel("depth of dot gain", "mm", "fitted within 5 % to: "+simulated, 0.585, 0.475, 0.275, 0.12)
}

// InkBlur is how much of the depth of its top widens a dot: its width at half
// contrast is √(d² + (blur·z)²).
func InkBlur() Quantity {
	return Quantity{Name: "widening with depth", Value: 1.2, Low: 1.1, High: 1.5, Unit: "mm per mm", Source: "fitted within 15 % for tops down to 0.25 mm to: " + simulated}
}

// InkTail is the standard deviation of the soft grey around a dot, which
// carries the darkening that its core does not explain.
func InkTail() Quantity {
	return Quantity{Name: "reach of the tail", Value: 0.4, Low: 0.3, High: 0.6, Unit: "mm", Source: "fitted to: " + simulated}
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

// StubbleLength is the length of hair that a foil or clipper without comb leaves.
func StubbleLength() Quantity {
	return Quantity{Name: "length of shaved hair", Value: 0.5, Low: 0.1, High: 1, Unit: "mm", Source: "clippers without comb 0.2-1 mm, foil shaver 0.1 mm; assumption where the length is not measured"}
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
