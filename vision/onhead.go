package vision

import (
	"fmt"
	"sort"

	"pointille/internal/headframe"
	"pointille/vision/areas"
	"pointille/vision/card"
	"pointille/vision/hairline"
	"pointille/vision/headmap"
	"pointille/vision/photo"
	"pointille/vision/pose"
	"pointille/vision/regions"
	"pointille/vision/scale"
	"pointille/vision/stage"
	"pointille/vision/survey"
	"pointille/vision/tone"
)

// onHead measures what needs the photo's place on the head.
func (s *Surveyor) onHead(sc *scene, doc *survey.Survey) error {
	p, o, m := sc.photo, sc.given, sc.maps
	surface, cam := headframe.Mean(), doc.Camera.Camera
	nameView(doc, cam, surface, o)
	full := fullDensity(m)
	cells := later(func() *headmap.Map {
		return headmap.New(cam, surface, p.Width, p.Height, max(2, float64(max(p.Width, p.Height))/256))
	})
	doc.Hairline = findHairline(p, cam, surface, m)
	anchor := hairlineMiddle(doc, cam, surface)
	f := bestScale(doc, cam, surface, anchor, o, sc.card, sc.carded)
	doc.Scale = scale.At(cam, surface, anchor, f)
	if !doc.Scale.Measured() && !sc.carded {
		doc.Warn("unscaled", "No scale card in the picture: sizes are those of an average head. Hold the printed card (pointille card) beside the hairline, or give --mm-per-px.")
	}
	grid := cells()
	doc.Stubble = tone.Stubble(patches(m, grid, full), doc.Skin)
	in := areas.Input{
		Map: grid, Surface: surface, Regions: m.Regions, Density: m.Density, Scale: m.Scale,
		Factor: f.Value, Sigma: f.Sigma, Full: full, Whole: s.zones,
	}
	doc.Zones = areas.Zones(in)
	bald, err := areas.Bald(in)
	if err != nil {
		return err
	}
	doc.Bald = bald
	doc.Stage = stage.Match(doc.Zones, full)
	return nil
}

// bestScale takes the card on the skin, else a given length, else a card beside
// the head, else the usual size of heads.
func bestScale(doc *survey.Survey, cam headframe.Camera, s headframe.Surface, anchor headframe.Vec, o Options, c card.Card, carded bool) scale.Factor {
	f, ok := scale.Factor{}, false
	if carded {
		f, ok = scale.FromCard(cam, s, c)
	}
	switch {
	case ok && f.Source == "card":
		return f
	case o.MMPerPx > 0:
		return scale.FromGiven(cam, anchor, o.MMPerPx)
	case carded:
		doc.Warn("card", "The card is held where its distance to the head cannot be told, so sizes are those of an average head: lay it flat on the forehead, or photograph from farther away.")
	}
	if !ok {
		f = scale.FromHead()
	}
	return f
}

// upsideDown is the turn at which a photo is taken for turned by hand, degrees.
const upsideDown = 60

func nameView(doc *survey.Survey, cam headframe.Camera, s headframe.Surface, o Options) {
	found := pose.View(cam, s.Centre())
	if o.View == "" {
		doc.View = found
	} else if found.Name != o.View && found.Confidence > 0.9 && !neighbours(found.Name, o.View) {
		doc.Warn("view", fmt.Sprintf("The photo was given as %s but looks like %s: check its name.", o.View, found.Name))
	}
	if doc.View.Name == survey.Top || doc.Warned(survey.CodeTurned) {
		return
	}
	if roll := pose.Roll(cam); roll > upsideDown || roll < -upsideDown {
		doc.Warn(survey.CodeTurned, fmt.Sprintf("The photo looks turned by about %.0f degrees: turn it upright and survey it again.", roll))
	}
}

// neighbours are views whose border is a matter of taste.
func neighbours(a, b string) bool {
	near := map[string]string{survey.Front: survey.Top, survey.Top: survey.Crown, survey.Crown: survey.Back}
	return near[a] == b || near[b] == a
}

// Densities between which a client's own full density is believed, hairs/cm²:
// the extremes of the population means in craft.md's table, less one and plus
// one standard deviation. Where nothing hairy is seen the middle is assumed.
const (
	leastFull   = 110
	mostFull    = 260
	assumedFull = 165
)

// fullDensity is the density of this client's full hair: the 90th percentile
// over the scalp seen, if that is hair at all.
func fullDensity(m *regions.Maps) float64 {
	if q := upperDensity(m); q > leastFull {
		return min(q, mostFull)
	}
	return assumedFull
}

// upperDensity is the 90th percentile of density over the scalp; 0 without any.
func upperDensity(m *regions.Maps) float64 {
	var v []float64
	for i := 0; i < len(m.Regions.Pix); i += 7 {
		if m.Regions.Pix[i] == survey.Scalp {
			v = append(v, float64(m.Density.Pix[i]))
		}
	}
	if len(v) == 0 {
		return 0
	}
	sort.Float64s(v)
	return v[len(v)*9/10]
}

func findHairline(p *photo.Photo, cam headframe.Camera, s headframe.Surface, m *regions.Maps) []survey.Hairline {
	return hairline.Find(hairline.Input{
		Camera: cam, Surface: s, Width: p.Width, Height: p.Height,
		Fullness: func(x, y float64) float64 {
			u, v := m.At(x, y)
			return float64(m.Grown.Sample(u, v))
		},
		Head: func(x, y float64) bool {
			u, v := m.At(x, y)
			class := m.Regions.GrayAt(int(u+0.5), int(v+0.5)).Y
			return regions.IsHead(class) && class != survey.Ear // no hairline runs around an ear
		},
	})
}

// hairlineMiddle is the head point at which the scale is stated: the hairline
// on the midline, else where an average hairline would be.
func hairlineMiddle(doc *survey.Survey, cam headframe.Camera, s headframe.Surface) headframe.Vec {
	at := s.Landmark(headframe.Trichion)
	best := 25.0
	for _, l := range doc.Hairline {
		for _, q := range l.Points {
			p, ok := s.Intersect(cam.Eye(), cam.Ray(q[0], q[1]))
			if d := max(p[0], -p[0]); ok && d < best {
				best, at = d, p
			}
		}
	}
	return at
}
