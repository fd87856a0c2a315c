package craft

const fading = "assumption: working curve, no measured one exists; trade texts agree on a third lost in two weeks, a second settling by six months and touch-ups at 3-5 years; visual density falls 11 % in six months (Liu 2025)"

// ToneDay14 is the darkness of worked skin on day 14, over that when fresh.
func ToneDay14() Quantity {
	return Quantity{Name: "tone after 14 days", Value: 0.65, Low: 0.55, High: 0.8, Unit: "of fresh", Source: fading}
}

// ToneDay28 is the darkness on day 28, when healed.
func ToneDay28() Quantity {
	return Quantity{Name: "tone after 28 days", Value: 0.6, Low: 0.5, High: 0.75, Unit: "of fresh", Source: fading}
}

// ToneMonth6 is the darkness after six months.
func ToneMonth6() Quantity {
	return Quantity{Name: "tone after 6 months", Value: 0.53, Low: 0.43, High: 0.67, Unit: "of fresh", Source: fading}
}

// ToneYearly is the share of the darkness lost in each later year.
func ToneYearly() Quantity {
	return Quantity{Name: "fading after 6 months", Value: 0.07, Low: 0.06, High: 0.08, Unit: "per year", Source: fading}
}

// DotSpreadYear1 is how much a healed dot grows until one year.
func DotSpreadYear1() Quantity {
	return Quantity{Name: "growth of a dot by one year", Value: 0.08, Low: 0, High: 0.2, Unit: "of healed diameter", Source: "assumption: trade texts report a slight spread over 6-12 months, without a number"}
}

// DotSpreadYearly is how much it grows in each later year.
func DotSpreadYearly() Quantity {
	return Quantity{Name: "growth of a dot after one year", Value: 0.03, Low: 0, High: 0.08, Unit: "of healed diameter per year", Source: "assumption: pigment-bearing cells move slowly"}
}

// PigmentSinking is how much deeper pigment lies after each year.
func PigmentSinking() Quantity {
	return Quantity{Name: "sinking of pigment", Value: 0.008, Low: 0, High: 0.02, Unit: "mm per year", Source: "assumption: the slow shift to blue-grey of old work, which deeper pigment explains"}
}
