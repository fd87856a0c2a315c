package plan

import (
	"fmt"
	"math"
	"strings"
	"time"

	"pointille/internal/document"
	"pointille/internal/headframe"
)

// Bounds that no head, needle or sitting exceeds; they catch slips of the
// unit, not of the craft.
const (
	maxCM2      = 1500 // twice the scalp of a large head
	maxPerCM2   = 2000
	maxMM       = 500 // from the middle of the head
	maxDotMM    = 3
	maxDays     = 3650
	maxShaveMM  = 30 // longer hair is not shaved
	maxDilution = 1000
)

// Validate returns a *document.Error for the first impossible value: it names
// the member and the cause.
func (p *Plan) Validate() error {
	if err := document.Finite(p); err != nil {
		return err
	}
	var c document.Check
	if p.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", p.Schema, Schema)
	}
	if strings.TrimSpace(p.Case) == "" {
		c.Failf("case", "missing")
	}
	c.OneOf("look", p.Look, Shaved, Density, Patch, Scar)
	p.checkPhotos(&c)
	p.Head.check(&c)
	if p.Shave != nil {
		c.Within("shave.length_mm", p.Shave.LengthMM, 0, maxShaveMM, "mm")
	}
	if p.Hairline != nil {
		p.Hairline.check(&c)
	}
	p.checkZones(&c)
	p.checkDots(&c)
	if p.Pigment != nil {
		p.Pigment.check(&c)
	}
	p.checkSessions(&c)
	p.checkStages(&c)
	p.checkRules(&c)
	return c.Err()
}

func (p *Plan) checkPhotos(c *document.Check) {
	names := map[string]bool{}
	for i, f := range p.Photos {
		at := document.At("photos", i)
		c.FileName(at+".name", f.Name)
		if names[f.Name] {
			c.Failf(at+".name", "%q stands twice", f.Name)
		}
		names[f.Name] = true
		c.SHA256(at+".sha256", f.SHA256)
		c.Size(at+".width", f.Width)
		c.Size(at+".height", f.Height)
		c.OneOf(at+".view", f.View, "front", "left", "right", "back", "top", "crown", "macro")
		c.FileName(at+".survey", f.Survey)
		c.NotNegative(at+".error_px", f.Error)
		if !f.Used {
			if f.Why == "" {
				c.Failf(at+".unused", "missing although the photo is not used")
			}
			continue
		}
		c.FileName(at+".dots", f.Dots)
		checkCamera(c, at+".camera", f.Camera)
	}
}

func checkCamera(c *document.Check, at string, k headframe.Camera) {
	c.Positive(at+".fx", k.FX)
	c.Positive(at+".fy", k.FY)
	x, y, z := headframe.Vec(k.R[0:3]), headframe.Vec(k.R[3:6]), headframe.Vec(k.R[6:9])
	near := func(v, want float64) bool { return math.Abs(v-want) < 1e-3 }
	if !near(x.Norm(), 1) || !near(y.Norm(), 1) || !near(x.Dot(y), 0) || !near(x.Cross(y).Dot(z), 1) {
		c.Failf(at+".rotation", "not a rotation")
	}
}

func (h Head) check(c *document.Check) {
	c.OneOf("head.scale_source", h.ScaleSource, "card", "given", "face", "head", "none")
	c.NotNegative("head.scale_sigma", h.ScaleSigma)
	c.NotNegative("head.error_mm", h.ErrorMM)
}

func (h Hairline) check(c *document.Check) {
	if len(h.Points) < 2 {
		c.Failf("hairline.points", "%d points where at least 2 are needed", len(h.Points))
	}
	for i, p := range h.Points {
		if p.Norm() > maxMM {
			c.Failf(document.At("hairline.points", i), "lies %.0f mm from the middle of the head", p.Norm())
		}
	}
	c.Within("hairline.height_mm", h.HeightMM, 0, 250, "mm")
	c.OneOf("hairline.edge", h.Edge, "hard", "medium", "soft", "broken")
	c.Within("hairline.soft_mm", h.SoftMM, 0, 100, "mm")
	c.OneOf("hairline.source", h.Source, "kept", "proposed", "wished")
	c.OneOf("hairline.alternative", h.Alternate, "high", "natural", "low", "keep", "")
}

func (p *Plan) checkZones(c *document.Check) {
	names := map[string]bool{}
	for i, z := range p.Zones {
		at := document.At("zones", i)
		if !word(z.Name) {
			c.Failf(at+".name", "%q is no name of a zone (a to z, 0 to 9, _)", z.Name)
		}
		if names[z.Name] {
			c.Failf(at+".name", "%q stands twice", z.Name)
		}
		names[z.Name] = true
		c.Within(at+".area_cm2", z.AreaCM2, 0, maxCM2, "cm²")
		c.NotNegative(at+".sigma_cm2", z.SigmaCM2)
		c.Within(at+".existing_per_cm2", z.ExistingPerCM2, 0, maxPerCM2, "per cm²")
		c.Within(at+".target_per_cm2", z.TargetPerCM2, 0, maxPerCM2, "per cm²")
		if z.Dots < 0 {
			c.Failf(at+".dots", "%d; it must not be negative", z.Dots)
		}
	}
}

func (p *Plan) checkDots(c *document.Check) {
	d := p.Dots
	if d.Count < 0 {
		c.Failf("dots.count", "%d; it must not be negative", d.Count)
	}
	if d.Count == 0 {
		if p.Nothing == "" {
			c.Failf("nothing_to_do", "missing although the plan has no dots")
		}
		return
	}
	if p.Nothing != "" {
		c.Failf("nothing_to_do", "given although the plan has %d dots", d.Count)
	}
	c.FileName("dots.file", d.File)
	c.Positive("dots.fresh_mm", d.FreshMM)
	c.Within("dots.fresh_mm", d.FreshMM, 0, maxDotMM, "mm")
	c.Positive("dots.healed_mm", d.HealedMM)
	c.Within("dots.healed_mm", d.HealedMM, 0, maxDotMM, "mm")
	c.Within("dots.depth_mm", d.DepthMM, 0, 5, "mm")
	c.NotNegative("dots.min_spacing_mm", d.MinMM)
	c.NotNegative("dots.mean_spacing_mm", d.MeanMM)
	c.Share("dots.regularity", d.Regularity)
	p.checkSums(c)
}

// checkSums compares the number of dots with what zones and sessions hold.
func (p *Plan) checkSums(c *document.Check) {
	zones, sessions := 0, 0
	for _, z := range p.Zones {
		zones += z.Dots
	}
	for _, s := range p.Sessions {
		sessions += s.Dots
	}
	if zones != p.Dots.Count {
		c.Failf("dots.count", "%d, but the zones hold %d dots", p.Dots.Count, zones)
	}
	if sessions != p.Dots.Count {
		c.Failf("dots.count", "%d, but the sessions hold %d dots", p.Dots.Count, sessions)
	}
}

func (r Recipe) check(c *document.Check) {
	checkShades(c, "pigment.shades", r.Shades)
	c.Lab("pigment.target_lab", r.TargetLab)
	c.Lab("pigment.healed_lab", r.HealedLab)
	c.NotNegative("pigment.delta_e", r.DeltaE)
	c.NotNegative("pigment.sigma", r.Sigma)
	c.NotNegative("pigment.sigma_without_card", r.SigmaWithoutCard)
	c.NotNegative("pigment.hair_up_to_mm", r.HairMM)
	c.OneOf("pigment.grade", r.Grade, "match", "close", "warn")
	for i, v := range r.Steps {
		at := document.At("pigment.steps", i)
		c.OneOf(at+".direction", v.Direction, "lighter", "darker", "warmer", "cooler")
		v.check(c, at)
	}
	for i, v := range r.Alternatives {
		v.check(c, document.At("pigment.alternatives", i))
	}
}

func (v Variant) check(c *document.Check, at string) {
	checkShades(c, at+".shades", v.Shades)
	c.Lab(at+".healed_lab", v.HealedLab)
	c.NotNegative(at+".delta_e", v.DeltaE)
	c.OneOf(at+".grade", v.Grade, "match", "close", "warn")
}

func checkShades(c *document.Check, name string, shades []Shade) {
	if len(shades) == 0 {
		c.Failf(name, "at least one is needed")
		return
	}
	sum := 0.0
	for i, s := range shades {
		at := document.At(name, i)
		if s.Pigment == "" {
			c.Failf(at+".pigment", "missing")
		}
		c.Within(at+".dilution", s.Dilution, 0, maxDilution, "parts of water")
		c.Share(at+".share", s.Share)
		c.Lab(at+".lab", s.Lab)
		if s.Absorption != nil {
			for k, a := range s.Absorption {
				c.Within(document.At(at+".absorption", k), a, 0, 10, "of carbon black")
			}
		}
		sum += s.Share
	}
	if math.Abs(sum-1) > 0.01 {
		c.Failf(name, "the shares add up to %.3g, not to 1", sum)
	}
}

func (p *Plan) checkSessions(c *document.Check) {
	last := 0
	for i, s := range p.Sessions {
		at := document.At("sessions", i)
		if s.Number != i+1 {
			c.Failf(at+".number", "%d where %d is expected", s.Number, i+1)
		}
		if s.Dots < 0 {
			c.Failf(at+".dots", "%d; it must not be negative", s.Dots)
		}
		c.NotNegative(at+".hours", s.Hours)
		if s.AfterDays < last || s.AfterDays > maxDays {
			c.Failf(at+".after_days", "%d days; the session before is on day %d", s.AfterDays, last)
		}
		last = s.AfterDays
		if _, err := time.Parse(time.DateOnly, s.Date); err != nil && s.Date != "" {
			c.Failf(at+".date", "%q is no date as in 2026-03-31", s.Date)
		}
	}
}

func (p *Plan) checkStages(c *document.Check) {
	for i, s := range p.Stages {
		at := document.At("stages", i)
		c.OneOf(at+".name", s.Name, Before, Fresh, Healed, Year1, Year3, Year5)
		c.Within(at+".diameter_mm", s.DiameterMM, 0, maxDotMM, "mm")
		c.Share(at+".contrast", s.Contrast)
		c.Lab(at+".lab", s.Lab)
	}
}

func (p *Plan) checkRules(c *document.Check) {
	ids := map[string]bool{}
	for i, r := range p.Checks {
		at := document.At("checks", i)
		if r.ID == "" || ids[r.ID] {
			c.Failf(at+".id", "%q is missing or stands twice", r.ID)
		}
		ids[r.ID] = true
		c.OneOf(at+".result", r.Result, "ok", "warn", "fail", "unknown")
	}
	for i, w := range p.Warnings {
		if w.Code == "" || w.Message == "" {
			c.Failf(document.At("warnings", i), "a warning needs a code and a message")
		}
	}
}

// CheckDots compares the rows of dots.csv with the plan: how many there are in
// all, in each zone and in each session, and that their shades exist.
func (p *Plan) CheckDots(dots []Dot) error {
	if len(dots) != p.Dots.Count {
		return fmt.Errorf("the plan has %d dots, its file holds %d", p.Dots.Count, len(dots))
	}
	zones, sessions := map[string]int{}, map[int]int{}
	for _, d := range dots {
		zones[d.Zone]++
		sessions[d.Session]++
		if d.Session > len(p.Sessions) {
			return fmt.Errorf("dot %d belongs to session %d of %d", d.ID, d.Session, len(p.Sessions))
		}
		if p.Pigment != nil && d.Shade >= len(p.Pigment.Shades) {
			return fmt.Errorf("dot %d has shade %d; the recipe has %d shades, counted from 0", d.ID, d.Shade, len(p.Pigment.Shades))
		}
	}
	for _, z := range p.Zones {
		if zones[z.Name] != z.Dots {
			return fmt.Errorf("zone %s has %d dots in the plan, %d in its file", z.Name, z.Dots, zones[z.Name])
		}
	}
	for _, s := range p.Sessions {
		if sessions[s.Number] != s.Dots {
			return fmt.Errorf("session %d has %d dots in the plan, %d in its file", s.Number, s.Dots, sessions[s.Number])
		}
	}
	return nil
}

// word reports whether s is a name of small letters, digits and underscores.
func word(s string) bool {
	for i, r := range s {
		if (r < 'a' || r > 'z') && (i == 0 || r != '_' && (r < '0' || r > '9')) {
			return false
		}
	}
	return s != "" && len(s) <= 40
}
