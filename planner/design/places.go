package design

import (
	"fmt"
	"slices"
	"strings"

	"pointille/internal/headframe"
)

// Places are some of the scalp.
type Places struct {
	AreaCM2 float64
	byZone  map[string]float64 // cm²
}

// worthNaming is the area, cm², from which a zone is spoken of: less is the rim of
// what photos show.
const worthNaming = 1.0

func (p *Places) add(zone string, cm2 float64) {
	if p.byZone == nil {
		p.byZone = map[string]float64{}
	}
	p.AreaCM2 += cm2
	p.byZone[zone] += cm2
}

// Zones returns the zones in which they lie, front to back.
func (p Places) Zones() (out []string) {
	for _, z := range headframe.Zones() {
		if p.byZone[z] >= worthNaming {
			out = append(out, z)
		}
	}
	return out
}

// Words are the zones as people say them, "" where none is worth naming.
func (p Places) Words() string {
	var names []string
	zones := p.Zones()
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
func (d *Design) besides(text string) string {
	if words := d.OneSided.Words(); words != "" {
		text += " " + OneSidedText(d.OneSided)
	}
	if words := d.Unseen.Words(); words != "" {
		text += fmt.Sprintf(" Not seen, or not wholly: %s; whether those %.0f cm² need any is not known.", words, d.Unseen.AreaCM2)
	}
	return text
}

// OneSidedText says why places that seem thin on one side of the head only are left out.
func OneSidedText(p Places) string {
	return fmt.Sprintf("Hair seems thin on %.0f cm² of the %s, but not on the other side, which hair that grows thinner by itself does not do: "+
		"light or a short cut may have been misread, and nothing is planned there. If it is loss, plan it with the look patch or scar.", p.AreaCM2, p.Words())
}

// tooLittle says why nothing is planned on the scalp that photos show.
func tooLittle(area, dots float64) string {
	if dots < 1 {
		return "The photos show no place that needs dots."
	}
	return fmt.Sprintf("The photos show only %.1f cm² that would need dots, %.0f of them: too little to treat.", area, dots)
}
