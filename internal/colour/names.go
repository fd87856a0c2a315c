package colour

// HairName returns the plain name of a hair colour as seen: black, dark
// brown, brown, light brown, blonde, red, grey or white. The borders are
// assumptions, set between the words' usual examples; a colour near a border
// can fairly carry either name.
func HairName(hair Lab) string {
	l, a, b := hair[0], hair[1], hair[2]
	switch {
	case Chroma(hair) < 5.5 && l >= 30:
		if l >= 68 {
			return "white"
		}
		return "grey"
	case a > 0.95*b && a > 12 && l > 22:
		return "red"
	case l < 14:
		return "black"
	case l < 24:
		return "dark brown"
	case l < 36:
		return "brown"
	case l < 48:
		return "light brown"
	}
	return "blonde"
}
