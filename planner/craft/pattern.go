package craft

// Pattern numbers: how follicles and dots are spaced. Lengths "in spacings"
// are in units of s = 1/sqrt(density) of dots and follicles together.

const follicleSource = "1,203 trichoscope fields with hair roots marked by hand (FDU_HairFollicleDataset), 7,194 follicular units, measured for this project"

// FollicleGap is one bin of the pair correlation of human follicular units.
type FollicleGap struct {
	R     float64 // distance, spacings; middle of a bin 0.1 wide
	G     float64 // pairs found over pairs expected of unrelated points
	Sigma float64 // one standard deviation, bootstrap over fields
}

// FollicleGaps returns the pair correlation of human follicular units. Roots
// nearer than 0.35 mm count as one unit; lengths are in units of the mean
// spacing of the same field. Fields were 10 mm², so nothing is known beyond
// 1.75 spacings.
func FollicleGaps() []FollicleGap {
	return []FollicleGap{
		{0.25, 0, 0}, {0.35, 0.16, 0.02}, {0.45, 0.26, 0.02}, {0.55, 0.34, 0.02},
		{0.65, 0.43, 0.02}, {0.75, 0.70, 0.03}, {0.85, 1.10, 0.03}, {0.95, 1.37, 0.04},
		{1.05, 1.54, 0.04}, {1.15, 1.52, 0.04}, {1.25, 1.46, 0.04}, {1.35, 1.25, 0.04},
		{1.45, 1.12, 0.04}, {1.55, 1.01, 0.05}, {1.65, 1.02, 0.07}, {1.75, 1.02, 0.08},
	}
}

// FollicleRegularity is the Clark-Evans ratio of follicular units: mean
// distance to the nearest other over that of unrelated points.
func FollicleRegularity() Quantity {
	return Quantity{Name: "Clark-Evans ratio of follicles", Value: 1.33, Low: 1.26, High: 1.39, Unit: "1", Source: follicleSource}
}

// FollicleVariation is the coefficient of variation of the distance from a
// follicular unit to the nearest other.
func FollicleVariation() Quantity {
	return Quantity{Name: "variation of the distance between follicles", Value: 0.24, Low: 0.20, High: 0.28, Unit: "1", Source: follicleSource}
}

// FollicleDensity is the density of follicular units of a full head.
func FollicleDensity() Quantity {
	return Quantity{Name: "density of follicles", Value: 74.4, Low: 60, High: 110, Unit: "1/cm²",
		Source: "Han Chinese 74.4 ± 13.3 (parjournal.net 2017;4:150); range over people of several origins 60-110 (fue-hairtransplant.com)"}
}

// DotDensity is the density of dots and visible follicles together in a full field.
func DotDensity() Quantity {
	return Quantity{Name: "density of dots", Value: 120, Low: 60, High: 194, Unit: "1/cm²",
		Source: "about 42,000 dots in three sessions over 350 cm², 1 mm apart (trade); upper end 1,250 dots/in² (ScalpEvo)"}
}

// HardCoreNatural is the distance below which no two dots lie in a natural
// pattern.
func HardCoreNatural() Quantity {
	return Quantity{Name: "hard core, natural pattern", Value: 0.30, Low: 0.25, High: 0.40, Unit: "spacings",
		Source: "no pair of follicular units below 0.3 spacings: " + follicleSource}
}

// HardCoreEven is the distance below which no two dots lie in an even pattern.
func HardCoreEven() Quantity {
	return Quantity{Name: "hard core, even pattern", Value: 0.62, Low: 0.60, High: 0.75, Unit: "spacings",
		Source: "assumption: what relaxed sets reach beside follicles that cannot move, found by trial"}
}

// HealedDotsApart is the smallest distance between dots, in healed diameters,
// at which two healed dots stay two.
func HealedDotsApart() Quantity {
	return Quantity{Name: "smallest distance of dots", Value: 2, Low: 1.5, High: 3, Unit: "healed diameters",
		Source: "assumption: dots spread over 6-12 months and fine dense clusters blur to a flat tone (trade); one diameter of bare skin between two dots"}
}
