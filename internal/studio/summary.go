package studio

import (
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/planner/checks"
	"pointille/planner/craft"
	"pointille/planner/plan"
	"pointille/planner/settings"
)

// whole is everything about a client at once: what a tablet needs after a reload.
type whole struct {
	State   record.State `json:"state"`
	Plan    summary      `json:"plan"`
	Remarks inLatvian    `json:"remarks"`
}

func (s *Server) whole(o *open) whole {
	p := summarise(o.desk, s.o.Settings.Price)
	return whole{o.log.State(), p, s.ofPlan(p)}
}

// summary is a plan in numbers, and how far it is.
type summary struct {
	desk.Status
	Dots     int             `json:"dots"`
	AreaCM2  float64         `json:"area_cm2"`
	Hours    float64         `json:"hours"`
	Price    float64         `json:"price,omitempty"` // by the studio's settings; 0: nothing is said of it
	Currency string          `json:"currency,omitempty"`
	HeightMM float64         `json:"height_mm"`
	Edge     string          `json:"edge"`
	SoftMM   float64         `json:"soft_mm"`
	Source   string          `json:"source"`
	Usual    float64         `json:"usual_per_cm2"` // what is planned where nothing else is wished
	Uneven   float64         `json:"uneven_mm"`     // how much deeper one temple of a line may recede
	Nothing  string          `json:"nothing,omitempty"`
	Scaled   bool            `json:"scaled"`
	ScaleBy  string          `json:"scale_source"`
	Zones    []plan.Zone     `json:"zones"`
	Sessions []plan.Session  `json:"sessions"`
	Pigment  *plan.Recipe    `json:"pigment,omitempty"`
	Stages   []plan.Stage    `json:"stages"`
	Checks   []plan.Check    `json:"checks"`
	Warnings []plan.Warning  `json:"warnings"`
	Photos   map[string]bool `json:"photos"` // by slot: whether the plan uses it
}

func summarise(d *desk.Desk, prices *settings.Price) summary {
	m, status := d.Current()
	out := summary{
		Status: status, Zones: []plan.Zone{}, Sessions: []plan.Session{}, Stages: []plan.Stage{}, Checks: []plan.Check{}, Warnings: []plan.Warning{},
		Photos: map[string]bool{}, Usual: craft.DotDensity().Value, Uneven: checks.MostUneven,
	}
	if m == nil {
		return out
	}
	p := m.Plan
	out.Dots, out.Nothing, out.Scaled, out.ScaleBy = p.Dots.Count, p.Nothing, p.Head.Scaled, p.Head.ScaleSource
	out.Zones, out.Sessions, out.Pigment, out.Stages, out.Checks, out.Warnings = p.Zones, p.Sessions, p.Pigment, p.Stages, p.Checks, p.Warnings
	for _, z := range p.Zones {
		out.AreaCM2 += z.AreaCM2
	}
	for _, x := range p.Sessions {
		out.Hours += x.Hours
	}
	if c := prices; c != nil && p.Nothing == "" {
		out.Price, out.Currency = c.Of(len(p.Sessions), out.Hours), c.Currency
	}
	if h := p.Hairline; h != nil {
		out.HeightMM, out.Edge, out.SoftMM, out.Source = h.HeightMM, h.Edge, h.SoftMM, h.Source
	}
	for _, ph := range d.State().Photos {
		out.Photos[ph.Slot] = d.ViewIndex(ph.Slot, m) >= 0
	}
	return out
}
