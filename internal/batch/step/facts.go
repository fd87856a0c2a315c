package step

import (
	"slices"

	"pointille/internal/job"
	"pointille/planner/plan"
	"pointille/vision/survey"
)

// Photo is what a table needs to know of a photo's survey.
type Photo struct {
	SHA256   string           `json:"sha256"` // of what was measured
	View     string           `json:"view"`
	Detected bool             `json:"detected,omitempty"` // the view was told by the picture
	Stage    survey.Stage     `json:"stage"`
	Skin     *survey.SkinTone `json:"skin,omitempty"`
	Hair     *survey.HairTone `json:"hair,omitempty"`
	Zones    []survey.Zone    `json:"zones,omitempty"`
	BaldCM2  float64          `json:"bald_cm2"`
	Scaled   bool             `json:"scaled"`            // its scale was measured
	PerCM2   float64          `json:"per_cm2,omitempty"` // hairs counted, of close-ups
	Warnings []survey.Warning `json:"warnings,omitempty"`
}

func photoOf(s *survey.Survey) *Photo {
	p := &Photo{
		SHA256: s.Photo.SHA256, View: s.View.Name, Detected: s.View.Source == "detected", Stage: s.Stage, Skin: s.Skin, Hair: s.Hair, Zones: s.Zones,
		Scaled: s.Scale.Measured(), Warnings: s.Warnings,
	}
	for _, b := range s.Bald {
		p.BaldCM2 += b.AreaCM2
	}
	if s.Count != nil {
		p.PerCM2 = s.Count.PerCM2
	}
	return p
}

// Case is what a table needs to know of a plan.
type Case struct {
	Look     string      `json:"look"`
	Nothing  string      `json:"nothing_to_do,omitempty"`
	Dots     int         `json:"dots"`
	AreaCM2  float64     `json:"area_cm2"`
	Sessions int         `json:"sessions"`
	Hours    float64     `json:"hours"`
	Scaled   bool        `json:"scaled"`
	Zones    []plan.Zone `json:"zones,omitempty"`
	Warnings []string    `json:"warnings,omitempty"`
	Failing  []string    `json:"failing,omitempty"` // checks that do not hold
	Unused   []string    `json:"unused,omitempty"`  // photos that could not be laid on the head, with the reason
}

func caseOf(p *plan.Plan, o *job.Outcome) *Case {
	c := &Case{
		Look: p.Look, Nothing: p.Nothing, Dots: o.Dots, AreaCM2: o.AreaCM2, Sessions: o.Sessions, Hours: o.Hours, Scaled: p.Head.Scaled,
		Zones: slices.Clone(p.Zones),
	}
	for _, w := range p.Warnings {
		c.Warnings = append(c.Warnings, w.Message)
	}
	for _, k := range p.Checks {
		if k.Result == "fail" {
			c.Failing = append(c.Failing, k.Name)
		}
	}
	for _, ph := range p.Photos {
		if !ph.Used && ph.View != survey.Macro {
			c.Unused = append(c.Unused, ph.Name+": "+ph.Why)
		}
	}
	return c
}
