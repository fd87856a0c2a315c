package survey

import (
	"math"

	"pointille/internal/document"
	"pointille/internal/headframe"
)

// Kinds of hairline.
const (
	KindFront  = "front"
	KindFringe = "fringe"
)

// Views returns the names a view can have.
func Views() []string { return []string{Front, Left, Right, Back, Top, Crown, Macro} }

// HairNames returns the names a hair colour can have, dark to light.
func HairNames() []string {
	return []string{"black", "dark brown", "brown", "light brown", "blonde", "red", "grey", "white"}
}

// Validate returns a *document.Error for the first impossible value: it names
// the member and the cause.
func (s *Survey) Validate() error {
	if err := document.Finite(s); err != nil {
		return err
	}
	var c document.Check
	if s.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", s.Schema, Schema)
	}
	s.Photo.check(&c)
	c.OneOf("view.name", s.View.Name, Views()...)
	c.Share("view.confidence", s.View.Confidence)
	c.OneOf("view.source", s.View.Source, "given", "detected")
	s.Scale.check(&c)
	if s.Camera != nil {
		s.Camera.check(&c)
	}
	s.checkLines(&c)
	s.checkZones(&c)
	s.checkColours(&c)
	s.checkCount(&c)
	s.checkRest(&c)
	return c.Err()
}

func (p Photo) check(c *document.Check) {
	c.FileName("photo.name", p.Name)
	c.SHA256("photo.sha256", p.SHA256)
	c.Size("photo.width", p.Width)
	c.Size("photo.height", p.Height)
}

func (s Scale) check(c *document.Check) {
	c.OneOf("scale.source", s.Source, "card", "given", "face", "head", "none")
	c.NotNegative("scale.sigma", s.Sigma)
	if s.Source == "none" {
		if s.MMPerPx != 0 {
			c.Failf("scale.mm_per_px", "%.6g although scale.source is none", s.MMPerPx)
		}
		return
	}
	c.Positive("scale.mm_per_px", s.MMPerPx)
	c.Within("scale.mm_per_px", s.MMPerPx, 0, 50, "mm per px")
}

func (k Camera) check(c *document.Check) {
	c.Positive("camera.fx", k.FX)
	c.Positive("camera.fy", k.FY)
	if !rotation(k.Camera) {
		c.Failf("camera.rotation", "not a rotation")
	}
	c.NotNegative("camera.sigma_px", k.SigmaPx)
	c.NotNegative("camera.focal_sigma", k.FocalSigma)
	if k.Source == "" {
		c.Failf("camera.source", "missing")
	}
}

// rotation reports whether the camera's matrix keeps lengths and handedness to
// a thousandth.
func rotation(k headframe.Camera) bool {
	x, y, z := headframe.Vec(k.R[0:3]), headframe.Vec(k.R[3:6]), headframe.Vec(k.R[6:9])
	near := func(v, want float64) bool { return math.Abs(v-want) < 1e-3 }
	return near(x.Norm(), 1) && near(y.Norm(), 1) && near(x.Dot(y), 0) && near(x.Cross(y).Dot(z), 1)
}

func (s *Survey) checkLines(c *document.Check) {
	w, h := s.Photo.Width, s.Photo.Height
	for i, l := range s.Hairline {
		at := document.At("hairline", i)
		c.Points(at+".points", l.Points, 2, w, h)
		c.Share(at+".confidence", l.Confidence)
		c.OneOf(at+".kind", l.Kind, KindFront, KindFringe)
	}
	for i, b := range s.Bald {
		at := document.At("bald", i)
		c.Points(at+".polygon", b.Polygon, 3, w, h)
		c.Within(at+".area_cm2", b.AreaCM2, 0, maxScalpCM2, "cm²")
		c.NotNegative(at+".sigma_cm2", b.SigmaCM2)
	}
}

// maxScalpCM2 is twice the scalp of a large head; maxHairsPerCM2 twice the
// densest scalp reported.
const (
	maxScalpCM2    = 1500
	maxHairsPerCM2 = 1000
)

func (s *Survey) checkZones(c *document.Check) {
	seen := map[string]bool{}
	for i, z := range s.Zones {
		at := document.At("zones", i)
		c.OneOf(at+".name", z.Name, headframe.Zones()...)
		if seen[z.Name] {
			c.Failf(at+".name", "%q stands twice", z.Name)
		}
		seen[z.Name] = true
		c.Within(at+".area_cm2", z.AreaCM2, 0, maxScalpCM2, "cm²")
		c.Within(at+".hairs_per_cm2", z.HairsPerCM2, 0, maxHairsPerCM2, "hairs per cm²")
		c.NotNegative(at+".sigma", z.Sigma)
		c.Share(at+".visible", z.Visible)
	}
}

func (k *SkinTone) check(c *document.Check, at string) {
	if k == nil {
		return
	}
	c.Lab(at+".lab", k.Lab)
	c.NotNegative(at+".sigma", k.Sigma)
	c.Within(at+".ita", k.ITA, -180, 180, "degrees")
}

func (s *Survey) checkColours(c *document.Check) {
	s.Skin.check(c, "skin")
	s.Stubble.check(c, "stubble")
	if h := s.Hair; h != nil {
		c.Lab("hair.lab", h.Lab)
		c.NotNegative("hair.sigma", h.Sigma)
		c.OneOf("hair.name", h.Name, HairNames()...)
		c.Share("hair.grey", h.Grey)
	}
}

func (s *Survey) checkRest(c *document.Check) {
	c.OneOf("stage.scale", s.Stage.Scale, "norwood", "ludwig", "areata", "none")
	c.Share("stage.confidence", s.Stage.Confidence)
	if m := s.Maps; m != nil {
		c.FileName("maps.regions", m.Regions)
		c.FileName("maps.hair", m.Hair)
		c.FileName("maps.density", m.Density)
	}
	c.Share("quality.sharpness", s.Quality.Sharpness)
	c.Share("quality.exposure", s.Quality.Exposure)
	for i, w := range s.Warnings {
		if w.Code == "" || w.Message == "" {
			c.Failf(document.At("warnings", i), "a warning needs a code and a message")
		}
	}
}
