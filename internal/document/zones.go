package document

// ZoneNames lists the parts of the scalp, front to back.
func ZoneNames() []string {
	return []string{
		"frontal_hairline", "frontal", "mid_scalp", "vertex",
		"temporal_left", "temporal_right", "parietal_left", "parietal_right", "occipital",
	}
}
