package craft

// ZoneShare is a zone's share of DotDensity.
func ZoneShare(zone string) Quantity {
	q := Quantity{Name: "density share, " + zone, Value: 1, Low: 0.6, High: 1.1, Unit: "of the finished density",
		Source: "natural order vertex > occipital > temporal (Loussouarn 2016, Thai 2020); temples finer in craft"}
	switch zone {
	case "frontal_hairline":
		q.Value = 0.9
	case "temporal_left", "temporal_right":
		q.Value = 0.8
	case "parietal_left", "parietal_right":
		q.Value = 0.9
	}
	return q
}

// HairsPerUnit is the mean number of hairs in a follicular unit.
func HairsPerUnit() Quantity {
	return Quantity{"hairs per follicular unit", 2.05, 1.9, 2.2, "hairs",
		"1.9 Asian, 2.2 Caucasian (Bernstein 1997)"}
}

// FullHairs is the density of an unthinned scalp where the client shows none.
func FullHairs() Quantity {
	return Quantity{"full density", 165, 110, 260, "hairs per cm²",
		"population means 143-230 (Birnbaum 2017, Guo 2017); middle of their range"}
}

// ScalpArea is the area of a whole scalp.
func ScalpArea() Quantity {
	return Quantity{"scalp area", 492, 430, 555, "cm²", "tape, n = 25: 492.4 ± 31.0 (PMC13019652)"}
}

// DotsPerHour is the artist's work rate.
func DotsPerHour() Quantity {
	return Quantity{"work rate", 5000, 3500, 7000, "dots per hour", "about 14,000 dots per 2-4 h session (Gerow, trade)"}
}
