// Package stage matches what is bald and thin to the published patterns.
//
// It is a match of patterns with a confidence, never a diagnosis, and it
// abstains where too little of the scalp is seen. It has no errors.
package stage

import (
	"math"

	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// pattern is the share of full density left in each zone. The shares restate
// the pictures of the Norwood (1975) and Ludwig (1977) scales in numbers:
// assumption, to be replaced by graded photos.
type pattern struct {
	scale, value                         string
	hairline, frontal, mid, vertex, side float64
}

func patterns() []pattern {
	return []pattern{
		{"norwood", "1", 1, 1, 1, 1, 1},
		{"norwood", "2", 0.7, 0.95, 1, 1, 1},
		{"norwood", "3", 0.45, 0.75, 1, 1, 1},
		{"norwood", "3V", 0.45, 0.75, 0.95, 0.5, 1},
		{"norwood", "4", 0.25, 0.5, 0.8, 0.4, 1},
		{"norwood", "5", 0.12, 0.25, 0.45, 0.25, 1},
		{"norwood", "6", 0.05, 0.1, 0.15, 0.12, 0.95},
		{"norwood", "7", 0.02, 0.03, 0.04, 0.05, 0.7},
		{"ludwig", "1", 1, 0.7, 0.7, 0.85, 1},
		{"ludwig", "2", 0.9, 0.45, 0.45, 0.65, 1},
		{"ludwig", "3", 0.8, 0.2, 0.2, 0.4, 0.9},
	}
}

const (
	spread   = 0.13 // scatter of a zone's share about its pattern's
	believed = 0.35 // smallest posterior that is stated
)

// Match returns the pattern that fits the zones best. full is this client's
// full density, hairs/cm².
func Match(zones []survey.Zone, full float64) survey.Stage {
	seen := map[string]float64{}
	for _, z := range zones {
		if z.Visible > 0.4 {
			seen[z.Name] = min(1, z.HairsPerCM2/full)
		}
	}
	_, mid := seen[headframe.MidScalp]
	_, frontal := seen[headframe.Frontal]
	if !mid || !frontal {
		return survey.Stage{Scale: "none"}
	}
	best, weight, sum := pattern{}, 0.0, 0.0
	for _, p := range patterns() {
		w := math.Exp(-p.distance(seen) / 2)
		sum += w
		if w > weight {
			best, weight = p, w
		}
	}
	if weight < 1e-6 || weight/sum < believed {
		return survey.Stage{Scale: "none"}
	}
	return survey.Stage{Scale: best.scale, Value: best.value, Confidence: weight / sum}
}

func (p pattern) distance(seen map[string]float64) float64 {
	d := 0.0
	for _, z := range []struct {
		name string
		want float64
	}{
		{headframe.FrontalHairline, p.hairline}, {headframe.Frontal, p.frontal}, {headframe.MidScalp, p.mid},
		{headframe.VertexZone, p.vertex}, {headframe.ParietalLeft, p.side}, {headframe.ParietalRight, p.side},
	} {
		if v, ok := seen[z.name]; ok {
			d += (v - z.want) * (v - z.want) / spread / spread
		}
	}
	return d
}
