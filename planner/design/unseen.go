package design

import (
	"fmt"
	"slices"
	"strings"

	"pointille/internal/headframe"
)

// Unseen is the scalp behind the hairline that no photo shows. Nothing is known
// of it: it may be bald or full.
type Unseen struct {
	AreaCM2 float64
	byZone  map[string]float64 // cm²
}

// worthNaming is the area, cm², from which unseen scalp is spoken of: less is
// the rim of what photos show.
const worthNaming = 1.0

func (u *Unseen) add(zone string, cm2 float64) {
	if u.byZone == nil {
		u.byZone = map[string]float64{}
	}
	u.AreaCM2 += cm2
	u.byZone[zone] += cm2
}

// Zones returns the zones that are not seen or not wholly, front to back.
func (u Unseen) Zones() (out []string) {
	for _, z := range headframe.Zones() {
		if u.byZone[z] >= worthNaming {
			out = append(out, z)
		}
	}
	return out
}

// Words are the zones as people say them, "" where none is worth naming.
func (u Unseen) Words() string {
	var names []string
	zones := u.Zones()
	for _, z := range zones {
		name, right := strings.CutSuffix(z, "_right")
		if right && slices.Contains(zones, name+"_left") {
			continue // said with the left
		}
		if name, left := strings.CutSuffix(z, "_left"); left && slices.Contains(zones, name+"_right") {
			z = name + " on both sides"
		}
		names = append(names, strings.ReplaceAll(z, "_", " "))
	}
	if n := len(names); n > 1 {
		names = []string{strings.Join(names[:n-1], ", "), names[n-1]}
	}
	return strings.Join(names, " and ")
}

// besides adds to what is said of the scalp that photos show what is to be said
// of the rest.
func (u Unseen) besides(text string) string {
	words := u.Words()
	if words == "" {
		return text
	}
	return fmt.Sprintf("%s Not seen, or not wholly: %s; whether those %.0f cm² need any is not known.", text, words, u.AreaCM2)
}

// tooLittle says why nothing is planned on the scalp that photos show.
func tooLittle(area, dots float64) string {
	if dots < 1 {
		return "The photos show no place that needs dots."
	}
	return fmt.Sprintf("The photos show only %.1f cm² that would need dots, %.0f of them: too little to treat.", area, dots)
}
