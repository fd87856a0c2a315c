package craft

// HeightMen is the mid-frontal point above the glabella, along the skin.
func HeightMen() Quantity {
	return Quantity{"hairline height, men", 80, 70, 90, "mm along the skin above the glabella",
		"8 cm recipe in 431 men (Garg); 7-9 cm Asian men (Tan 2016); general surgical teaching 7-10 cm; measured naturally 6.65 cm (Kashiyama 2021)"}
}

// HeightWomen is the mid-frontal point above the glabella, along the skin.
func HeightWomen() Quantity {
	return Quantity{"hairline height, women", 60, 55, 65, "mm along the skin above the glabella",
		"5.5 cm (Qoves), 6.2 cm Japan (Kashiyama 2021), 6.38 cm Korea (Jung)"}
}

// HeightPerYear is how much higher a line is drawn for each year over 40.
func HeightPerYear() Quantity {
	return Quantity{"hairline height with age", 0.25, 0, 0.5, "mm per year over 40",
		"assumption: older and greater loss, higher (Shapiro 2013), made a number so that 75 is one centimetre above 40"}
}

// OwnHighest is the height up to which a client's own front line is kept.
func OwnHighest() Quantity {
	return Quantity{"highest line kept", 90, 85, 95, "mm along the skin above the glabella",
		"upper end of HeightMen"}
}

// TempleLateral is how far from the midline the fronto-temporal point lies.
func TempleLateral() Quantity {
	return Quantity{"fronto-temporal point from midline", 43, 38, 50, "mm, straight",
		"vertical through the outer eye corner (Shapiro 2013); eye corners of the average head at 42 mm"}
}

// Recession is how far behind the mid-frontal point the fronto-temporal point lies in a designed line.
func Recession() Quantity {
	return Quantity{"fronto-temporal recession", 14, 8, 22, "mm along the skin behind a level line",
		"at or slightly above, never below, the mid-frontal level (Rejuvenate); never flatten the angle (Shapiro 2013); depth is an assumption"}
}

// SoftZone is the depth over which density rises behind the line.
func SoftZone(edge string) Quantity {
	q := Quantity{Name: "soft zone, " + edge, Unit: "mm behind the line",
		Source: "1-2 mm (Doganay) to 5-10 mm singles only (BaldingBlog 2012): they disagree, so it is a choice"}
	switch edge {
	case "hard":
		q.Value, q.Low, q.High = 1.5, 1, 2
	case "soft":
		q.Value, q.Low, q.High = 10, 8, 12
	case "broken":
		q.Value, q.Low, q.High = 8, 6, 12
	default:
		q.Value, q.Low, q.High = 6, 4, 8
	}
	return q
}

// Macro is the undulation of a natural line.
func Macro() Quantity {
	return Quantity{"macro irregularity", 1.6, 1, 2.5, "mm amplitude (half of 2-5 mm peak to peak), period 15-30 mm",
		"assumption: no published figure; straight from afar, jagged close up (HairTX, Shapiro 2004)"}
}

// Micro is the jitter of a natural line.
func Micro() Quantity {
	return Quantity{"micro irregularity", 0.6, 0.5, 2, "mm amplitude, period 3-7 mm", "assumption: no published figure"}
}

// Asymmetry is the difference between left and right that a line is given on purpose.
func Asymmetry() Quantity {
	return Quantity{"asymmetry", 1.2, 1, 3, "mm between left and right",
		"left-right differences up to 2 mm are normal (algorithmic perception notes); 1-3 mm working value"}
}
