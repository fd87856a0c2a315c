package craft

// PrintStretch is how far a length on a printed page may differ from the
// same length on the skin.
func PrintStretch() Quantity {
	return Quantity{"stretch of a flattened page", 0.03, 0, 0.03, "share of a length",
		"computed: a sheet of 3 cm radius on a head of 8.7 cm stretches 2 %, balanced to ±1 %; above 3 % spacing is visibly off"}
}

// TileRadius is the largest distance of a dot from the middle of its printed tile.
func TileRadius() Quantity {
	return Quantity{"tile radius", 30, 12, 30, "mm of skin",
		"tiles no wider than 6-7 cm keep the stretch at ±1 % on an average head and lie flat"}
}

// TileOverlap is how much of its neighbours a tile shows.
func TileOverlap() Quantity {
	return Quantity{"overlap of tiles", 5, 5, 5, "mm of skin", "shared dots by which tiles are laid beside each other; assumption: four dots at usual spacing"}
}

// StripBack is how far the hairline template reaches behind the line.
func StripBack() Quantity {
	return Quantity{"template behind the hairline", 14, 12, 20, "mm of skin",
		"enough for the widest soft zone; strips no wider than 40 mm along a line stretch at most ±1.4 % on a radius of 85 mm"}
}

// StripFront is how far the hairline template reaches in front of the line.
func StripFront() Quantity {
	return Quantity{"template in front of the hairline", 12, 10, 20, "mm of skin", "as StripBack; the sheet must not cover the brows"}
}

// SeamClear is how far behind the hairline seams between tiles are kept away.
func SeamClear() Quantity {
	return Quantity{"band without seams behind the hairline", 10, 5, 14, "mm of skin",
		"assumption: the soft zone of up to 10 mm, where single dots are seen and a shift between two sheets shows"}
}
