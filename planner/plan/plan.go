// Package plan is the document that says what to do: the design, the dots,
// the pigment, the sessions, what it will look like, and which rules hold.
//
// Positions are millimetres of the head frame, areas cm² of skin, densities
// dots per cm² of skin, diameters millimetres, colours CIELAB D65. The dots
// themselves lie beside the document in dots.csv, and one NAME.dots.csv per
// photo says where each is seen.
//
// Reading refuses what it cannot trust, naming the member at fault.
package plan

import "pointille/internal/headframe"

// Schema is the version that this program writes.
const Schema = "pointille.plan/1"

// Looks.
const (
	Shaved  = "shaved"  // freshly shaved head
	Density = "density" // darker scalp between longer hair
	Patch   = "patch"   // bald patches filled to match
	Scar    = "scar"    // scar camouflaged
)

// Stages of time, in order.
const (
	Before = "before"
	Fresh  = "fresh"
	Healed = "healed" // one month after the last session
	Year1  = "1y"
	Year3  = "3y"
	Year5  = "5y"
)

// Plan is the document of one case.
type Plan struct {
	Schema    string    `json:"schema"`
	Generator string    `json:"generator,omitempty"`
	Case      string    `json:"case"` // the case's code, never a name
	Seed      uint64    `json:"seed"`
	Photos    []Photo   `json:"photos"`
	Head      Head      `json:"head"`
	Look      string    `json:"look"`
	Nothing   string    `json:"nothing_to_do,omitempty"` // why no dots are planned
	Shave     *Shave    `json:"shave,omitempty"`         // what happens to the hair that grows there; absent where nothing is planned
	Hairline  *Hairline `json:"hairline,omitempty"`
	Zones     []Zone    `json:"zones"`
	Dots      Dots      `json:"dots"`
	Pigment   *Recipe   `json:"pigment,omitempty"`
	Sessions  []Session `json:"sessions"`
	Stages    []Stage   `json:"stages"`
	Checks    []Check   `json:"checks"`
	Warnings  []Warning `json:"warnings"`
}

// Shave says what happens to the client's own hair in the planned area, and so what
// stands beside the dots after treatment. It moves no dot: hair that is there takes the
// place of dots, shaved or not.
type Shave struct {
	Existing bool    `json:"existing"`        // it is shaved for the treatment and kept so; false: it stays as the photos show it
	LengthMM float64 `json:"length_mm"`       // what the shaver leaves
	Shown    bool    `json:"shown,omitempty"` // previews show it shaved, as a simulation: only where the wishes ask for it in words
}

// Photo is one picture of the case and how it sees the head.
type Photo struct {
	Name   string           `json:"name"`
	SHA256 string           `json:"sha256"`
	Width  int              `json:"width"`
	Height int              `json:"height"`
	View   string           `json:"view"`
	Survey string           `json:"survey"` // file name of its survey
	Dots   string           `json:"dots"`   // file name of its NAME.dots.csv
	Camera headframe.Camera `json:"camera" digits:"10"`
	Error  float64          `json:"error_px"`         // RMS distance of the camera's fit, pixels
	Used   bool             `json:"used"`             // false where the photo could not be placed on the head
	Why    string           `json:"unused,omitempty"` // why not
}

// Head is the surface the plan lies on.
type Head struct {
	Shape       []float64 `json:"shape" digits:"10"` // parameters of the surface, see headframe.Shape
	ScaleSource string    `json:"scale_source"`      // card | given | face | head | none
	ScaleSigma  float64   `json:"scale_sigma"`       // relative, one standard deviation
	Scaled      bool      `json:"scaled"`            // false: millimetres are those of an average head; areas and guides must say so
	ErrorMM     float64   `json:"error_mm"`          // RMS distance of the fit, mm
}

// Hairline is the planned front edge.
type Hairline struct {
	Points    []headframe.Vec `json:"points"`      // from the client's right temple to the left
	HeightMM  float64         `json:"height_mm"`   // glabella to mid-frontal point, along the skin
	Edge      string          `json:"edge"`        // hard | medium | soft | broken
	SoftMM    float64         `json:"soft_mm"`     // depth over which density rises
	Source    string          `json:"source"`      // kept: the client's own line | proposed | wished
	Alternate string          `json:"alternative"` // high | natural | low
}

// Zone is one part of the treated skin.
type Zone struct {
	Name           string  `json:"name"`
	AreaCM2        float64 `json:"area_cm2"` // skin that gets dots
	SigmaCM2       float64 `json:"sigma_cm2"`
	ExistingPerCM2 float64 `json:"existing_per_cm2"` // hairs there now
	TargetPerCM2   float64 `json:"target_per_cm2"`   // impressions and visible follicular units together
	Dots           int     `json:"dots"`
}

// leastZoneCM2 is the area above which a zone's density tells something: smaller
// ones are rims of others.
const leastZoneCM2 = 1

// Dense is the zone's dots per cm²; ok is false where it is too small to tell.
func (z Zone) Dense() (perCM2 float64, ok bool) {
	if z.AreaCM2 <= leastZoneCM2 {
		return 0, false
	}
	return float64(z.Dots) / z.AreaCM2, true
}

// Densest is the density of the densest zone, dots per cm²; 0 where all are too small
// to tell.
func (p *Plan) Densest() (most float64) {
	for _, z := range p.Zones {
		if n, ok := z.Dense(); ok {
			most = max(most, n)
		}
	}
	return most
}

// Dots is the model all dots share.
type Dots struct {
	Count      int     `json:"count"`
	File       string  `json:"file"`
	FreshMM    float64 `json:"fresh_mm"`
	HealedMM   float64 `json:"healed_mm"`
	DepthMM    float64 `json:"depth_mm"`
	MinMM      float64 `json:"min_spacing_mm"`  // smallest distance between two dots
	MeanMM     float64 `json:"mean_spacing_mm"` // mean spacing of dots and follicles, 1/sqrt(density); the nearest dot is about a quarter nearer
	Regularity float64 `json:"regularity"`      // 0 natural .. 1 even
}

// Dot is one impression: one row of dots.csv.
type Dot struct {
	ID       int
	P, N     headframe.Vec // position and outward normal
	Zone     string
	Session  int     // from 1
	Diameter float64 // healed, mm
	Shade    int     // index into Recipe.Shades
}

// Seen is one row of NAME.dots.csv.
type Seen struct {
	ID      int
	X, Y    float64 // pixel
	Visible bool    // faces the camera, in the frame, not hidden by the head
}

// Recipe is the pigment to mix and what it should heal to.
type Recipe struct {
	Shades    []Shade    `json:"shades"`
	TargetLab [3]float64 `json:"target_lab"` // tone the field should have
	HealedLab [3]float64 `json:"healed_lab"` // tone predicted
	DeltaE    float64    `json:"delta_e"`    // ΔE00 between them
	Sigma     float64    `json:"sigma"`      // ΔE00, of the prediction
	Grade     string     `json:"grade"`      // match | close | warn
	Note      string     `json:"note,omitempty"`
	// SigmaWithoutCard is what sigma would be had no card been in the photo.
	SigmaWithoutCard float64   `json:"sigma_without_card,omitempty"` // ΔE00
	HairMM           float64   `json:"hair_up_to_mm,omitempty"`      // longest own hair that reads as one with the dots; 0: not known, or none does
	Steps            []Variant `json:"steps,omitempty"`              // one step lighter, darker, warmer and cooler, where there is one
	Alternatives     []Variant `json:"alternatives,omitempty"`       // the next best, of another main pigment
}

// Variant is a recipe beside the chosen one.
type Variant struct {
	Direction string     `json:"direction,omitempty"` // lighter | darker | warmer | cooler: of a step
	Shades    []Shade    `json:"shades"`
	HealedLab [3]float64 `json:"healed_lab"`
	DeltaE    float64    `json:"delta_e"`
	Grade     string     `json:"grade"` // match | close | warn
}

// Shade is one mixture.
type Shade struct {
	Pigment  string     `json:"pigment"`
	Dilution float64    `json:"dilution"` // parts of water per part of pigment
	Share    float64    `json:"share"`    // of the dots, 0..1
	Lab      [3]float64 `json:"lab"`      // of a healed dot on this skin

	Absorption *[3]float64 `json:"absorption,omitempty"` // of a pigment that is not built in: red, green and blue light, over carbon black in green
}

// Session is one sitting.
type Session struct {
	Number    int     `json:"number"` // from 1
	Dots      int     `json:"dots"`
	Hours     float64 `json:"hours"`
	AfterDays int     `json:"after_days"`     // earliest, counted from the first session
	Date      string  `json:"date,omitempty"` // earliest, YYYY-MM-DD, where the wishes give a first date
	Purpose   string  `json:"purpose"`
}

// Stage is what a stage of time is predicted to look like.
type Stage struct {
	Name       string     `json:"name"`
	DiameterMM float64    `json:"diameter_mm"` // of a dot as seen
	Contrast   float64    `json:"contrast"`    // of a dot's centre against skin, green light, 0..1
	Lab        [3]float64 `json:"lab"`         // mean tone of the densest zone
}

// Check is one rule of the craft applied to this plan.
type Check struct {
	ID     string  `json:"id"`
	Name   string  `json:"name"`
	Value  float64 `json:"value"`
	Unit   string  `json:"unit"`
	Limit  string  `json:"limit"`  // in words, with its unit
	Result string  `json:"result"` // ok | warn | fail | unknown
	Note   string  `json:"note,omitempty"`
	Source string  `json:"source"` // where the rule comes from
}

// Warning tells the artist what is wrong and what to do about it.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}
