// Package summary is what remains of a night's work to be read in the morning:
// a table of all cases as CSV, JSON and a page, the list of what failed, and
// contact sheets.
//
// Areas are cm² of skin, densities hairs per cm², colours sRGB. Nothing in it
// tells when or how fast the work was done: the same photos and settings give
// the same bytes, however often the work was stopped. Rows are written as they
// come, so that a table of a hundred thousand needs no more memory than one of
// ten. Errors name the file.
package summary

import (
	"cmp"
	"fmt"
	"iter"
	"maps"
	"math"
	"slices"
	"strings"

	"pointille/internal/batch/step"
	"pointille/internal/colour"
	"pointille/internal/headframe"
	"pointille/vision/survey"
)

// States of a case.
const (
	Done    = "done"
	Partly  = "partly"  // without some of its photos
	Failed  = "failed"  // nothing could be made of it
	Waiting = "waiting" // not begun, or not finished
)

// Row is one case.
type Row struct {
	Case     string    `json:"case"`    // its code
	Results  string    `json:"results"` // their folder, from that of the summary
	Photos   string    `json:"photos"`  // where they are
	State    string    `json:"state"`   // done | partly | failed | waiting
	Why      string    `json:"why,omitempty"`
	Count    int       `json:"photo_count"`
	Failures []Failure `json:"failed_photos,omitempty"`
	Views    []string  `json:"views"` // of the photos that were measured
	Pattern  string    `json:"pattern,omitempty"`
	Sure     float64   `json:"pattern_confidence,omitempty"` // 0..1
	Skin     *Colour   `json:"skin,omitempty"`
	ITA      *float64  `json:"skin_ita,omitempty"` // degrees
	Hair     *Colour   `json:"hair,omitempty"`
	Grey     *float64  `json:"grey,omitempty"` // share, 0..1
	BaldCM2  float64   `json:"bald_cm2"`       // in the photo that shows most
	Zones    []Zone    `json:"zones"`
	Planned  bool      `json:"planned"` // the members below are known
	Look     string    `json:"look,omitempty"`
	Nothing  string    `json:"nothing_to_do,omitempty"`
	AreaCM2  float64   `json:"area_cm2"`
	Dots     int       `json:"dots"`
	Sessions int       `json:"sessions"`
	Hours    float64   `json:"hours"`
	Scaled   bool      `json:"scaled"` // sizes were measured, not taken from average heads
	Warnings []string  `json:"warnings"`
	Found    string    `json:"found_picture,omitempty"`  // small pictures, from the folder of the summary
	Healed   string    `json:"healed_picture,omitempty"` // the same
	Links    []Link    `json:"links,omitempty"`
}

// Colour is a colour with its name.
type Colour struct {
	Name string `json:"name,omitempty"`
	SRGB string `json:"srgb"` // #rrggbb
}

// Zone is a part of the scalp.
type Zone struct {
	Name        string  `json:"name"`
	HairsPerCM2 float64 `json:"hairs_per_cm2"` // there now
	Sigma       float64 `json:"sigma"`
	AreaCM2     float64 `json:"planned_cm2,omitempty"`
	Dots        int     `json:"dots,omitempty"`
}

// Failure is a photo, or a step of a case, that failed.
type Failure struct {
	File string `json:"file"`
	Step string `json:"step"`
	Why  string `json:"why"`
}

// Link is a result to open.
type Link struct {
	Text string `json:"text"`
	File string `json:"file"` // from the folder of the summary
}

// Rows are the rows of a table, in its order.
type Rows = iter.Seq2[Row, error]

// Measure fills in what the surveys of a case's photos say together.
func (r *Row) Measure(photos []step.Photo) {
	warnings := map[string]int{}
	zones := map[string][]survey.Zone{}
	var skin *survey.SkinTone
	var hair *survey.HairTone
	for _, p := range photos {
		r.Views = append(r.Views, p.View)
		if p.Stage.Scale != "none" && p.Stage.Scale != "" && p.Stage.Confidence > r.Sure {
			r.Pattern, r.Sure = strings.TrimSpace(p.Stage.Scale+" "+p.Stage.Value), round(p.Stage.Confidence, 2)
		}
		if p.Skin != nil && (skin == nil || p.Skin.Sigma < skin.Sigma) {
			skin = p.Skin
		}
		if p.Hair != nil && (hair == nil || p.Hair.Sigma < hair.Sigma) {
			hair = p.Hair
		}
		for _, z := range p.Zones {
			zones[z.Name] = append(zones[z.Name], z)
		}
		r.BaldCM2 = max(r.BaldCM2, round(p.BaldCM2, 1))
		r.Scaled = r.Scaled || p.Scaled
		for _, w := range p.Warnings {
			warnings[w.Message]++
		}
	}
	if skin != nil {
		ita := round(skin.ITA, 0)
		r.Skin, r.ITA = &Colour{SRGB: srgb(skin.Lab)}, &ita
	}
	if hair != nil {
		grey := round(hair.Grey, 2)
		r.Hair, r.Grey = &Colour{Name: hair.Name, SRGB: srgb(hair.Lab)}, &grey
	}
	for _, name := range headframe.Zones() {
		if seen := zones[name]; len(seen) > 0 {
			r.Zones = append(r.Zones, together(name, seen))
		}
	}
	for _, w := range slices.Sorted(maps.Keys(warnings)) {
		r.Warnings = append(r.Warnings, counted(w, warnings[w]))
	}
}

func counted(warning string, photos int) string {
	if photos == 1 {
		return warning
	}
	return fmt.Sprintf("%s (%d photos)", warning, photos)
}

// together is a zone as several photos show it: what they say is weighted by
// how sure each is and how much of the zone it shows.
func together(name string, seen []survey.Zone) Zone {
	z := Zone{Name: name}
	sum, weight, squares := 0.0, 0.0, 0.0
	for _, s := range seen {
		w := max(s.Visible, 0.01) / math.Pow(max(s.Sigma, 1), 2)
		sum += w * s.HairsPerCM2
		weight += w
		squares += math.Pow(w*s.Sigma, 2)
	}
	z.HairsPerCM2, z.Sigma = round(sum/weight, 0), round(math.Sqrt(squares)/weight, 0)
	return z
}

// Plan fills in what the plan says.
func (r *Row) Plan(p step.Case) {
	r.Planned, r.Look, r.Nothing, r.Dots, r.AreaCM2 = true, p.Look, p.Nothing, p.Dots, p.AreaCM2
	r.Sessions, r.Hours, r.Scaled = p.Sessions, p.Hours, p.Scaled
	for _, z := range p.Zones {
		i := slices.IndexFunc(r.Zones, func(have Zone) bool { return have.Name == z.Name })
		if i < 0 {
			r.Zones = append(r.Zones, Zone{Name: z.Name, HairsPerCM2: round(z.ExistingPerCM2, 0)})
			i = len(r.Zones) - 1
		}
		r.Zones[i].AreaCM2, r.Zones[i].Dots = round(z.AreaCM2, 1), z.Dots
	}
	order := headframe.Zones()
	slices.SortStableFunc(r.Zones, func(a, b Zone) int { return cmp.Compare(slices.Index(order, a.Name), slices.Index(order, b.Name)) })
	var notes []string // what concerns this plan comes first: what surveys say is much the same for all
	for _, u := range p.Unused {
		notes = append(notes, "Left out of the plan: "+u)
	}
	for _, k := range p.Failing {
		notes = append(notes, "Check does not hold: "+k)
	}
	for _, w := range append(slices.Clone(p.Warnings), r.Warnings...) {
		if !slices.Contains(notes, w) {
			notes = append(notes, w)
		}
	}
	r.Warnings = notes
}

func srgb(lab [3]float64) string {
	r, g, b := colour.Bytes(colour.FromLab(lab))
	return fmt.Sprintf("#%02x%02x%02x", r, g, b)
}

func round(v float64, digits int) float64 {
	k := math.Pow10(digits)
	return math.Round(v*k) / k
}
