// Package survey is the document that says what was measured in one photo.
//
// A survey never decides what to do. Lengths in the picture are pixels of the
// upright photo (x right, y down, (0,0) the centre of the top-left pixel);
// lengths on the head are millimetres of the head frame; areas are cm² of
// scalp surface; densities are hairs per cm² of scalp surface; colours are
// CIELAB D65. What is not known is absent or carries a large sigma. The maps
// lie beside the document as PNG files and are named in it.
//
// Reading refuses what it cannot trust, naming the member at fault.
package survey

import (
	"slices"

	"pointille/internal/headframe"
)

// Schema is the version that this program writes.
const Schema = "pointille.survey/1"

// Classes of the regions map. Head hair is treated as if transparent.
const (
	Background uint8 = iota // nothing of the client
	Clothes                 // clothes and everything else that is not head
	Skin                    // face and other skin that bears no scalp hair
	Scalp                   // skin that bears scalp hair, or did
	Ear
	Brow // brows and beard
)

// Views a photo can have.
const (
	Front = "front"
	Left  = "left"  // the client's left side
	Right = "right" // the client's right side
	Back  = "back"
	Top   = "top"
	Crown = "crown" // from behind and above
	Macro = "macro" // a close-up of a patch
)

// Survey is the document of one photo.
type Survey struct {
	Schema    string     `json:"schema"`
	Generator string     `json:"generator,omitempty"` // program and version that wrote it
	Photo     Photo      `json:"photo"`
	View      View       `json:"view"`
	Scale     Scale      `json:"scale"`
	Camera    *Camera    `json:"camera,omitempty"`
	Hairline  []Hairline `json:"hairline"`
	Bald      []BaldArea `json:"bald"`
	Zones     []Zone     `json:"zones"`
	Skin      *SkinTone  `json:"skin,omitempty"`
	Hair      *HairTone  `json:"hair,omitempty"`
	Stubble   *SkinTone  `json:"stubble,omitempty"` // full stubble and the skin between, as one tone from afar
	Count     *Count     `json:"count,omitempty"`   // macro views only
	Stage     Stage      `json:"stage"`
	Maps      *Maps      `json:"maps,omitempty"` // absent on macro views
	Quality   Quality    `json:"quality"`
	Warnings  []Warning  `json:"warnings"`
}

// Photo identifies the picture that was measured.
type Photo struct {
	Name   string `json:"name"`   // file name without folder
	SHA256 string `json:"sha256"` // of the file's bytes, lower-case hex
	Width  int    `json:"width"`  // of the upright photo, pixels
	Height int    `json:"height"`
}

// View is the side from which the head is seen.
type View struct {
	Name       string  `json:"name"`
	Confidence float64 `json:"confidence"` // 0..1
	Source     string  `json:"source"`     // given | detected
}

// Scale is the size of a pixel at one place of the scalp, square to the view ray.
type Scale struct {
	MMPerPx float64    `json:"mm_per_px,omitempty"` // 0 where Source is none
	Sigma   float64    `json:"sigma,omitempty"`     // one standard deviation, mm per px
	At      [2]float64 `json:"at"`                  // the place, pixels
	Source  string     `json:"source"`              // card | given | face | head | none
}

// Known reports whether there is a scale at all.
func (s Scale) Known() bool { return s.Source != "none" && s.MMPerPx > 0 }

// Measured reports whether the scale was measured rather than taken from the
// size of average heads; only then may areas and guides claim millimetres.
func (s Scale) Measured() bool { return s.Source == "card" || s.Source == "given" }

// Camera is how this photo sees the average head; the planner refines it.
type Camera struct {
	headframe.Camera `digits:"10"`
	SigmaPx          float64 `json:"sigma_px"`              // RMS distance of its fit, pixels
	FocalSigma       float64 `json:"focal_sigma,omitempty"` // relative, of the focal length expected before the fit; absent: not stated
	Source           string  `json:"source"`                // surface: fitted to the surface seen by the network
}

// Hairline is one visible stretch of the front hairline.
type Hairline struct {
	Points     [][2]float64 `json:"points"`     // left to right in the picture
	Confidence float64      `json:"confidence"` // 0..1
	Kind       string       `json:"kind"`       // front | fringe: the front line, or the border of the remaining fringe
}

// BaldArea is scalp with almost no hair where a full-haired person has some.
type BaldArea struct {
	Polygon  [][2]float64 `json:"polygon"`
	AreaCM2  float64      `json:"area_cm2"`
	SigmaCM2 float64      `json:"sigma_cm2"`
}

// Zone is the mean of one part of the scalp as far as this photo shows it.
type Zone struct {
	Name        string  `json:"name"` // see headframe.Zones
	AreaCM2     float64 `json:"area_cm2"`
	HairsPerCM2 float64 `json:"hairs_per_cm2"`
	Sigma       float64 `json:"sigma"`   // of HairsPerCM2
	Visible     float64 `json:"visible"` // share of the zone that this photo shows, 0..1
}

// SkinTone is the skin's own colour with the light removed.
type SkinTone struct {
	Lab   [3]float64 `json:"lab"`   // CIELAB D65
	Sigma float64    `json:"sigma"` // ΔE00, one standard deviation
	ITA   float64    `json:"ita"`   // individual typology angle, degrees
}

// HairTone is the colour of a fibre as seen.
type HairTone struct {
	Lab   [3]float64 `json:"lab"`
	Sigma float64    `json:"sigma"`
	Name  string     `json:"name"` // black | dark brown | brown | light brown | blonde | red | grey | white
	Grey  float64    `json:"grey"` // share of grey hair, 0..1
}

// Stage is a pattern match, never a diagnosis.
type Stage struct {
	Scale      string  `json:"scale"` // norwood | ludwig | areata | none
	Value      string  `json:"value,omitempty"`
	Confidence float64 `json:"confidence"`
}

// Maps names the pictures beside the document, each the size of the upright photo.
type Maps struct {
	Regions string `json:"regions"` // 8 bit classes
	Hair    string `json:"hair"`    // 8 bit coverage of scalp hair, 0..255
	Density string `json:"density"` // 16 bit, hundredths of hairs per cm²
}

// Quality is whether the photo is good enough to be measured.
type Quality struct {
	Sharpness float64 `json:"sharpness"` // 0..1
	Exposure  float64 `json:"exposure"`  // 0..1, share of the head that is neither burnt out nor black
	OK        bool    `json:"ok"`
}

// Warning tells the artist what is wrong and what to do about it.
type Warning struct {
	Code    string `json:"code"`
	Message string `json:"message"`
}

// CodeTurned is the code of the warning that a photo does not stand upright. Where on
// the head anything in it lies is then not to be believed.
const CodeTurned = "turned"

// Warned reports whether the survey holds a warning of this code.
func (s *Survey) Warned(code string) bool {
	return slices.ContainsFunc(s.Warnings, func(w Warning) bool { return w.Code == code })
}

// Warn appends a warning.
func (s *Survey) Warn(code, message string) {
	s.Warnings = append(s.Warnings, Warning{Code: code, Message: message})
}
