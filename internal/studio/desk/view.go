package desk

import (
	"fmt"
	"slices"

	"pointille/internal/report"
	"pointille/internal/studio/record"
	"pointille/vision/survey"
)

// View is what one photo shows: what was found, and the planned hairline.
type View struct {
	Slot   string         `json:"slot"`
	Width  int            `json:"width"` // of the upright photo, pixels; all places are in them
	Height int            `json:"height"`
	Frame  [4]float64     `json:"frame"` // the part with the head: left, top, right, bottom
	Survey *survey.Survey `json:"survey"`
	Layers bool           `json:"layers"` // whether there are maps to lay over it
	Rev    int            `json:"rev"`    // of the plan; 0: none
	Used   bool           `json:"used"`   // the plan has a place for this photo
	Why    string         `json:"why,omitempty"`
	Line   []Knot         `json:"line"`
	Dots   int            `json:"dots"` // planned dots it shows
	MMPx   float64        `json:"mm_per_px"`

	HeightMM float64 `json:"height_mm"` // of the plan's hairline; 0: none
	Planned  int     `json:"planned"`   // dots of the whole plan
}

// photo finds a photo by its slot.
func (d *Desk) photo(slot string) (record.Photo, error) {
	photos := d.State().Photos
	i := slices.IndexFunc(photos, func(p record.Photo) bool { return p.Slot == slot })
	if i < 0 {
		return record.Photo{}, fmt.Errorf("%w: no photo %q", record.ErrUnknown, slot)
	}
	return photos[i], nil
}

// View describes a photo with the present plan, or with a design put aside.
func (d *Desk) View(slot string, m *Made) (*View, error) {
	p, err := d.photo(slot)
	if err != nil {
		return nil, err
	}
	s, err := d.survey(p, d.State().Corrections)
	if err != nil {
		return nil, err
	}
	v := &View{Slot: slot, Width: s.Photo.Width, Height: s.Photo.Height, Survey: s, Layers: s.Maps != nil, Line: []Knot{}}
	v.Frame = [4]float64{0, 0, float64(v.Width), float64(v.Height)}
	if s.Maps != nil {
		shown, err := d.screenOf(slot)
		if err != nil {
			return nil, err
		}
		regions := shown.regions
		k := float64(v.Width) / float64(regions.Rect.Dx())
		f := report.Frame(regions)
		v.Frame = [4]float64{float64(f.Min.X) * k, float64(f.Min.Y) * k, float64(f.Max.X) * k, float64(f.Max.Y) * k}
	}
	if m == nil {
		return v, nil
	}
	v.planned(m)
	return v, nil
}

// planned adds what the plan says of the photo.
func (v *View) planned(m *Made) {
	i := m.view(v.Survey.Photo.SHA256)
	v.Rev, v.Planned = m.Rev, m.Plan.Dots.Count
	if h := m.Plan.Hairline; h != nil {
		v.HeightMM = h.HeightMM
	}
	if i < 0 {
		v.Why = "close-ups are counted, not planned on"
		return
	}
	at := m.Model.Views[i]
	v.Used, v.Why = at.Used, at.Why
	if !at.Used {
		return
	}
	if l := m.line(); l != nil {
		v.Line = l.knots(m.Model, i)
	}
	for _, s := range m.Seen[i] {
		if s.Visible {
			v.Dots++
		}
	}
	v.MMPx = m.mmPerPx(i)
}

// mmPerPx is the size of a pixel where the head is nearest to the camera.
func (m *Made) mmPerPx(view int) float64 {
	cam := m.Model.Views[view].Camera
	toEye := cam.Eye().Sub(m.Model.Surface.Centre()).Unit()
	return cam.MMPerPx(m.Model.Surface.Point(toEye))
}

// ViewIndex is the plan's number of a photo that it has a place for, -1 otherwise.
func (d *Desk) ViewIndex(slot string, m *Made) int {
	p, err := d.photo(slot)
	if err != nil {
		return -1
	}
	i := m.view(p.SHA256)
	if i < 0 || !m.Model.Views[i].Used {
		return -1
	}
	return i
}
