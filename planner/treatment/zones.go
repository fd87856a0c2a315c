package treatment

// ZonesInLatvian returns what the zones of a head are called in Latvian, by
// their names in plans. English pages each have their own way to write those.
func ZonesInLatvian() map[string]string {
	return map[string]string{
		"frontal_hairline": "priekšējā matu līnija", "frontal": "pieres zona", "mid_scalp": "galvvidus", "vertex": "galvas virsa",
		"temporal_left": "deniņi, kreisie", "temporal_right": "deniņi, labie", "parietal_left": "pauris, kreisais",
		"parietal_right": "pauris, labais", "occipital": "pakausis",
	}
}
