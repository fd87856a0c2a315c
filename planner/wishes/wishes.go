// Package wishes is the small file in which the artist says what is wanted.
//
// Everything in it is optional; what is left out is chosen by the planner.
// Lengths are millimetres, densities per cm² of skin, places millimetres of
// the head frame or pixels of the upright photo. Because it is written by
// hand, reading refuses members it does not know and names the nearest one it
// knows; every error says which member is at fault and why.
package wishes

import (
	"context"
	"encoding/json"
	"io"
	"time"

	"pointille/internal/document"
	"pointille/internal/headframe"
)

// Schema is the version that this program reads. The file need not name it.
const Schema = "pointille.wishes/1"

// Wishes is the document. The zero value wishes nothing.
type Wishes struct {
	Schema     string   `json:"schema,omitempty"`         // pointille.wishes/1, may be left out
	Look       string   `json:"look,omitempty"`           // shaved (default) | density | patch | scar
	Sex        string   `json:"sex,omitempty"`            // male (default) | female; chooses the rules for the hairline and nothing else
	Age        int      `json:"age,omitempty"`            // years
	Hairline   Hairline `json:"hairline,omitzero"`        // the front edge
	Density    Density  `json:"density_per_cm2,omitzero"` // impressions and visible follicular units together, one number or one per zone
	Regularity float64  `json:"regularity,omitempty"`     // 0 natural (default) .. 1 even
	Dot        Dot      `json:"dot,omitzero"`             // one impression
	Sessions   Sessions `json:"sessions,omitzero"`        // the sittings
	Pigment    Pigment  `json:"pigment,omitzero"`         // the pigment to use
	Shave      Shave    `json:"shave,omitzero"`           // what happens to the hair that is there
	Head       Head     `json:"head,omitzero"`            // measured with a tape or callipers
	Paper      string   `json:"paper,omitempty"`          // a4 (default) | letter
}

// Hairline is the wished front edge.
type Hairline struct {
	Alternative string          `json:"alternative,omitempty"` // high | natural (default) | low | keep: the line the client has
	HeightMM    float64         `json:"height_mm,omitempty"`   // glabella to mid-frontal point, along the skin, mm
	Edge        string          `json:"edge,omitempty"`        // hard | medium | soft | broken
	Points      []headframe.Vec `json:"points,omitempty"`      // the line itself, mm of the head frame, from the client's right temple to the left
	Drawn       []Drawing       `json:"drawn,omitempty"`       // or the line as drawn on photos
}

// Drawing is a stretch of hairline drawn on one photo.
type Drawing struct {
	Photo  string       `json:"photo"`  // file name of the photo
	Points [][2]float64 `json:"points"` // pixels of the upright photo, left to right in the picture
}

// Density is one number for the whole treated skin or one for each zone.
type Density struct {
	Everywhere float64            // per cm²; 0: not wished
	Zones      map[string]float64 // by zone, per cm²; 0: no dots there
}

// Dot is one impression.
type Dot struct {
	HealedMM float64 `json:"healed_mm,omitempty"` // healed diameter, mm
	FreshMM  float64 `json:"fresh_mm,omitempty"`  // fresh diameter, mm
	DepthMM  float64 `json:"depth_mm,omitempty"`  // of the needle, mm
}

// Sessions are the sittings.
type Sessions struct {
	Count       int       `json:"count,omitempty"`         // how many
	Shares      []float64 `json:"shares,omitempty"`        // of the dots, per session, adding up to 1
	DotsPerHour float64   `json:"dots_per_hour,omitempty"` // the artist's pace
	FirstDate   string    `json:"first_date,omitempty"`    // of the first session, YYYY-MM-DD
}

// Pigment is the pigment to use.
type Pigment struct {
	Name     string  `json:"name,omitempty"`
	Dilution float64 `json:"dilution,omitempty"` // parts of water per part of pigment
}

// Shave is what happens to the hair that is there.
type Shave struct {
	Existing *bool   `json:"existing,omitempty"`  // whether it will be shaved where dots are planned; default: for the look "shaved" only. It moves no dot
	LengthMM float64 `json:"length_mm,omitempty"` // what is left of it, mm
}

// Head is what was measured on the head, in mm. Each of them fixes the scale.
type Head struct {
	CircumferenceMM    float64 `json:"circumference_mm,omitempty"`      // greatest, above the brows and round the back
	LengthMM           float64 `json:"length_mm,omitempty"`             // glabella to the furthest point of the back, straight
	BreadthMM          float64 `json:"breadth_mm,omitempty"`            // greatest, above the ears, straight
	GlabellaToVertexMM float64 `json:"glabella_to_vertex_mm,omitempty"` // along the skin over the middle, to the highest point of the head
}

// Read reads the wishes at path. The error names the file, the member at fault
// and the cause.
func Read(path string) (Wishes, error) { return document.ReadFile(path, "wishes", Decode) }

// Decode reads wishes. Unknown members are refused; "$schema", which editors
// use, is passed over.
func Decode(r io.Reader) (Wishes, error) {
	var w Wishes
	tree, err := document.DecodeByHand(r, &w)
	if err != nil {
		return Wishes{}, err
	}
	if err := refuseZeros(tree); err != nil {
		return Wishes{}, err
	}
	if err := w.Validate(); err != nil {
		return Wishes{}, err
	}
	return w, nil
}

// Encode writes w, if it is valid, as indented JSON: the same bytes every time.
func Encode(out io.Writer, w Wishes) error { return document.Encode(out, &w) }

// Write encodes w to the file at path, whole or not at all.
func Write(ctx context.Context, path string, w Wishes) error {
	return document.Kind{}.Write(ctx, path, &w)
}

// Female reports whether the rules for women's hairlines are wished.
func (w Wishes) Female() bool { return w.Sex == "female" }

// ShavesHair reports whether the hair that is there will be shaved.
func (w Wishes) ShavesHair() bool {
	if w.Shave.Existing != nil {
		return *w.Shave.Existing
	}
	return w.Look == "" || w.Look == "shaved"
}

// First returns the date of the first session, in UTC; the zero time where
// none is wished.
func (s Sessions) First() time.Time {
	t, err := time.Parse(time.DateOnly, s.FirstDate)
	if err != nil {
		return time.Time{}
	}
	return t
}

// At returns the density wished for a zone, per cm²; ok is false where none is.
func (d Density) At(zone string) (perCM2 float64, ok bool) {
	if v, ok := d.Zones[zone]; ok {
		return v, true
	}
	return d.Everywhere, d.Everywhere > 0
}

// IsZero reports whether no density is wished.
func (d Density) IsZero() bool { return d.Everywhere == 0 && len(d.Zones) == 0 }

// MarshalJSON writes a number or an object of zones.
func (d Density) MarshalJSON() ([]byte, error) {
	if len(d.Zones) > 0 {
		return json.Marshal(d.Zones)
	}
	return json.Marshal(d.Everywhere)
}

// UnmarshalJSON reads a number or an object of zones.
func (d *Density) UnmarshalJSON(data []byte) error {
	*d = Density{}
	var v any
	if err := json.Unmarshal(data, &v); err != nil {
		return err
	}
	switch v := v.(type) {
	case float64:
		d.Everywhere = v
		return nil
	case map[string]any:
		return d.readZones(v)
	}
	return &document.Error{Cause: "neither a number nor an object of zones"}
}

func (d *Density) readZones(zones map[string]any) error {
	d.Zones = make(map[string]float64, len(zones))
	for _, name := range sorted(zones) {
		v, ok := zones[name].(float64)
		if !ok {
			return &document.Error{Path: name, Cause: "no number"}
		}
		d.Zones[name] = v
	}
	return nil
}
