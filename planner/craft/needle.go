package craft

// Needle is a usual needle of the trade.
type Needle struct {
	Code   string   // trade code: thickness class of the wire, then number of points
	Points int      // in the round
	Wire   Quantity // diameter of one point
	Use    string   // hairline | field
}

// Needles returns the usual needles, the finest first.
func Needles() []Needle {
	const source = "trade codes: 06 is a wire of 0.20 mm, 08 of 0.25 mm, 10 of 0.30 mm; one point for hairline and detail, three for the field (RobJames, SMPStore, Liu 2025)"
	one := func(code string, points int, mm float64, use string) Needle {
		return Needle{code, points, Quantity{"wire of needle " + code, mm, 0.18, 0.3, "mm", source}, use}
	}
	return []Needle{
		one("0601", 1, 0.20, "hairline"), one("0603", 3, 0.20, "field"), one("0801", 1, 0.25, "hairline"),
		one("0803", 3, 0.25, "field"), one("1003", 3, 0.30, "field"),
	}
}
