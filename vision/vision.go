// Package vision measures one photo: it says what is there and never what to do.
//
// A Surveyor holds the network and measures one photo at a time; Close frees
// it. What cannot be measured is left out of the survey and warned about; an
// error means that the photo holds nothing to measure, and says why.
package vision

import (
	"context"
	"errors"
	"fmt"
	"image"

	"pointille/internal/headframe"
	"pointille/vision/card"
	"pointille/vision/closeup"
	"pointille/vision/net"
	"pointille/vision/photo"
	"pointille/vision/pose"
	"pointille/vision/quality"
	"pointille/vision/regions"
	"pointille/vision/survey"
	"pointille/vision/tone"
)

// ErrNoHead is returned for a photo on which no head is found.
var ErrNoHead = errors.New("no head found in the photo")

// Options say what the artist already knows.
type Options struct {
	View      string  // one of the views of package survey; empty: detect
	MMPerPx   float64 // size of a pixel at the hairline, mm; 0: measure or estimate
	Generator string  // program and version, written into the survey
}

// Result is a survey with its maps at the size of the upright photo.
type Result struct {
	Survey  *survey.Survey
	Regions *image.Gray   // classes; nil on macro views, like the other maps
	Hair    *image.Gray   // coverage, 0..255
	Density *image.Gray16 // hundredths of hairs per cm²
}

// Surveyor measures photos.
type Surveyor struct {
	net   *net.Network
	zones map[string]float64 // scalp of each zone of the average head, cm²
}

// NewSurveyor loads the network.
func NewSurveyor() (*Surveyor, error) {
	zones := later(func() map[string]float64 { return headframe.Mean().ZoneAreas() })
	n, err := net.Load()
	s := &Surveyor{net: n, zones: zones()}
	if err != nil {
		return nil, err
	}
	return s, nil
}

// Close frees the network.
func (s *Surveyor) Close() error { return s.net.Close() }

// Survey measures one photo.
func (s *Surveyor) Survey(ctx context.Context, p *photo.Photo, o Options) (*Result, error) {
	doc := begin(p, o)
	if o.View == survey.Macro {
		return surveyMacro(p, doc, o)
	}
	coarse, k, err := reduced(p.Image)
	if err != nil {
		return nil, err
	}
	beside := later(func() aside { return lookAside(coarse, k) })
	seen, err := s.see(p, coarse, k)
	found := beside()
	if err != nil {
		return nil, err
	}
	if o.View == "" && closeup.Looks(seen.Class[survey.Background]) {
		doc.View = survey.View{Name: survey.Macro, Confidence: 0.7, Source: "detected"}
		return surveyMacro(p, doc, o)
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if found.err != nil {
		return nil, found.err
	}
	maps, err := regions.Refine(found.small, seen)
	if err != nil {
		return nil, err
	}
	if !plausibleHead(maps) {
		return nil, ErrNoHead
	}
	large := later(func() *Result { return atPhotoSize(p, maps) })
	err = s.measure(&scene{p, o, seen, maps, found}, doc)
	out := large()
	if err != nil {
		return nil, err
	}
	out.Survey = doc
	return out, nil
}

// later starts f beside what follows and returns how to wait for what it gives.
func later[T any](f func() T) (wait func() T) {
	done := make(chan T, 1)
	go func() { done <- f() }()
	return func() T { return <-done }
}

// aside is what is looked for while the network runs.
type aside struct {
	card   card.Card
	carded bool
	small  *image.NRGBA // the photo at working size
	err    error
}

func lookAside(coarse *image.NRGBA, k int) (a aside) {
	if a.small, a.err = regions.Shrink(coarse); a.err != nil {
		return a
	}
	if a.card, a.carded = card.Find(coarse); a.carded {
		a.card, a.carded = a.card.Enlarged(float64(k))
	}
	return a
}

// see runs the network on a photo's reduced copy.
func (s *Surveyor) see(p *photo.Photo, coarse *image.NRGBA, k int) (*net.Prediction, error) {
	seen, err := s.net.Run(coarse)
	if err != nil {
		return nil, err
	}
	seen.PhotoW, seen.PhotoH = p.Width, p.Height
	seen.Crop = image.Rectangle{Min: seen.Crop.Min.Mul(k), Max: seen.Crop.Max.Mul(k)}
	return seen, nil
}

// scene is all that one photo shows before it is placed on a head.
type scene struct {
	photo *photo.Photo
	given Options
	seen  *net.Prediction
	maps  *regions.Maps
	aside
}

func begin(p *photo.Photo, o Options) *survey.Survey {
	doc := &survey.Survey{
		Schema: survey.Schema, Generator: o.Generator,
		Photo:    survey.Photo{Name: p.Name, SHA256: p.SHA256, Width: p.Width, Height: p.Height},
		View:     survey.View{Name: o.View, Confidence: 1, Source: "given"},
		Scale:    survey.Scale{Source: "none"},
		Hairline: []survey.Hairline{}, Bald: []survey.BaldArea{}, Zones: []survey.Zone{},
		Stage: survey.Stage{Scale: "none"}, Warnings: []survey.Warning{},
	}
	for _, w := range p.Warnings {
		doc.Warn(w.Code, w.Message)
	}
	return doc
}

// A head is at least this share of the picture, and this share of it is scalp.
const (
	smallestHead  = 0.01
	smallestScalp = 0.01
)

func plausibleHead(m *regions.Maps) bool {
	head, scalp := 0, 0
	for _, c := range m.Regions.Pix {
		if regions.IsHead(c) {
			head++
		}
		if c == survey.Scalp {
			scalp++
		}
	}
	return float64(head) > smallestHead*float64(len(m.Regions.Pix)) && float64(scalp) > smallestScalp*float64(head)
}

// placed is a camera and how much of a head is seen through it, or why there is
// none.
type placed struct {
	cam   survey.Camera
	shown float64
	err   error
}

// measure fills the document of a photo with a head in it.
func (s *Surveyor) measure(in *scene, doc *survey.Survey) error {
	m := in.maps
	camera := later(func() placed { return in.place() })
	measureColour(doc, m, in.card, in.carded)
	quality.Judge(quality.Input{Image: m.Small, Regions: m.Regions, Head: m.Head, Heads: m.Heads, Scale: m.Scale}, doc)
	sayTurned(in.seen.Turned, doc)
	at := camera()
	if at.err != nil {
		doc.Warn("unplaced", "The photo could not be placed on a head, so nothing in it has millimetres: show more of the scalp.")
		if in.given.View == "" {
			return fmt.Errorf("the view cannot be told from the picture: name it with --view")
		}
		return nil
	}
	if headless(doc.Quality, at, in.photo, in.seen.Unease) {
		return ErrNoHead
	}
	doc.Camera = &at.cam
	return s.onHead(in, doc)
}

// sayTurned says by how many quarter turns clockwise a photo would stand upright.
func sayTurned(quarters int, doc *survey.Survey) {
	how := [4]string{"", "lies on its side: turn the photo by 90 degrees clockwise", "stands upside down: turn the photo over", "lies on its side: turn the photo by 90 degrees anticlockwise"}[quarters&3]
	if how == "" {
		return
	}
	doc.Warn(survey.CodeTurned, "It seems that the head "+how+" and survey it again.")
	doc.Quality.OK = false
}

func (in *scene) place() (out placed) {
	outline, hairy := in.maps.Outline()
	out.cam, out.shown, out.err = pose.Camera(pose.Input{
		Seen: in.seen, Outline: outline, Hairy: hairy, Skin: in.maps.SkinOutline(), Focal35: in.photo.Focal35, View: in.given.View,
	})
	return out
}

// The network has seen nothing but heads and finds one in a bare wall. Such a
// head shows little of what a head shows where it was laid: 0.01 to 0.1 of it in
// textures and most walls, up to 0.4 in smooth gradients, and its outline misses by
// 0.13 to 0.27 of the picture's longer side. Of 88 photos of heads all but one had 0.49
// and more, the top of a bald head that fills the picture 0.36; outlines of sharp
// ones may miss by 0.3. The network's unease about smooth gradients is -3.6 to -1.8; of 141
// photos of heads, all of them sharp, four had more than -2.9.
const (
	leastShown       = 0.25
	leastShownSmooth = 0.45
	misfit           = 0.15
	uneasy           = -2.9
)

// headless tells a picture without a head: one that shows hardly anything of the
// head that was found, or one without the fine detail that every head in focus
// has that shows little of it.
func headless(q survey.Quality, at placed, p *photo.Photo, unease float64) bool {
	if at.shown < leastShown {
		return true
	}
	return q.Sharpness == 0 && (at.shown < leastShownSmooth || at.cam.SigmaPx > misfit*float64(max(p.Width, p.Height)) || unease > uneasy)
}

func measureColour(doc *survey.Survey, m *regions.Maps, c card.Card, carded bool) {
	light := tone.AssumedLight()
	if carded {
		if white, ok := c.White(m.Small, m.Scale); ok {
			light = tone.CardLight(white)
		}
	}
	scene := tone.Scene{Image: m.Small, Regions: m.Regions, Hair: m.Hair, Light: light}
	doc.Skin, doc.Hair = tone.Skin(scene), tone.Hair(scene)
	if !light.Known {
		doc.Warn("colour", "No grey patches in the picture: skin and hair colours are estimates. Photograph with the printed card for a shade match.")
	}
}

// result writes the maps at the photo's size.
func atPhotoSize(p *photo.Photo, m *regions.Maps) *Result {
	hair, density, classes := m.AtPhotoSize(p.Width, p.Height)
	return &Result{Regions: classes, Hair: hair, Density: density}
}

func surveyMacro(p *photo.Photo, doc *survey.Survey, o Options) (*Result, error) {
	if err := closeup.Measure(p.Image, o.MMPerPx, doc); err != nil {
		return nil, err
	}
	return &Result{Survey: doc}, nil
}
