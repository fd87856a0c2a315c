// Package guide prints a plan at true scale: an overview, the hairline as a
// template to cut out, the dots of every session on tiles of flattened skin,
// gauges, and a sheet for artist and client.
//
// Lengths are millimetres: on skin in the head frame, on paper as printed.
// Wherever skin is laid flat, lengths change; the page says by how much, and
// the overview names tiles beyond craft.PrintStretch. Every function names what is
// wrong with its input; nothing is written on error. The same input gives the
// same bytes.
package guide

import (
	"errors"
	"fmt"
	"image"
	"io"
	"math"
	"strings"

	"pointille/internal/headframe"
	"pointille/internal/paper"
	"pointille/internal/remarks"
	"pointille/planner/care"
	"pointille/planner/plan"
)

// Surface is the skin of a head. It is asked from several goroutines at once.
type Surface interface {
	// Project returns a skin point q near p, the same one for every p on the
	// skin, and the outward unit normal n there.
	Project(p headframe.Vec) (q, n headframe.Vec)
}

// Input is what a guide is made of.
type Input struct {
	Plan      plan.Plan
	Dots      []plan.Dot
	Surface   Surface     // may be nil for a plan with nothing to do
	Landmarks Landmarks   // of the same head; may be empty
	Pictures  []Picture   // at most six are shown
	Care      care.Client // whom the care sheets are for; without days those of the plan are used
	Version   string      // of the program, with or without its name before it
}

// Picture is a photo on which the overview shows the planned zones.
type Picture struct {
	View   string
	Image  image.Image
	Camera headframe.Camera // of the photo as it was planned
	Width  int              // of that photo, pixels; Image may be smaller. 0: the camera is not known
}

// Options are choices of the print.
type Options struct {
	Paper  string // a4 | letter; empty means a4
	Mirror bool   // templates and tiles left for right, for transfer paper; writing stays readable
	// PrinterScale is what this printer makes of a millimetre: the measured
	// side of a page's 50 mm square divided by 50. A square of 49 mm gives
	// 0.98. Pages are drawn larger by its inverse. 0 means 1; outside 0.9 to
	// 1.1 is an error.
	PrinterScale float64
	Lang         string // en | lv; empty means en
	Date         string // of the print, as it is to be read; empty leaves room to write it
}

// MaxDots is the largest number of dots a guide prints.
const MaxDots = 500_000

// Write makes the guide as a PDF.
func Write(w io.Writer, in Input, o Options) error {
	g, err := newGuide(in, o)
	if err != nil {
		return fmt.Errorf("making the guide: %w", err)
	}
	b, err := g.render()
	if err != nil {
		return fmt.Errorf("making the guide: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("writing the guide: %w", err)
	}
	return nil
}

// newGuide checks what a guide is made of and lays the skin flat.
func newGuide(in Input, o Options) (*guide, error) {
	if o.Paper == "" {
		o.Paper = "a4"
	}
	size, err := paper.Named(o.Paper)
	if err != nil {
		return nil, err
	}
	t, err := language(o.Lang)
	if err != nil {
		return nil, err
	}
	if err := in.validate(); err != nil {
		return nil, err
	}
	in.Version = strings.TrimPrefix(in.Version, "pointille ")
	doc, err := paper.New(size, paper.Options{
		Title: t.Title + " " + in.Plan.Case, Creator: "Pointille " + in.Version, Scale: o.PrinterScale,
	})
	if err != nil {
		return nil, err
	}
	words, err := remarks.New()
	if err != nil {
		return nil, err
	}
	g := &guide{Input: in, Options: o, text: t, words: words, doc: doc}
	return g, g.prepare()
}

// guide is one guide being made.
type guide struct {
	Input
	Options
	text   catalogue
	words  *remarks.Words // for what the plan remarks
	doc    *paper.Doc
	tiles  []Tile
	strip  *Strip
	middle *midline
	ears   []step // the way over the head from ear to ear
	marks  []mark
	fixed  [][2][]layer // per tile, what it shows in every session
	wheres [][]string   // per tile, where its centre lies
	layers layers
	err    error // of a drawing
}

// prepare lays the skin flat.
func (g *guide) prepare() error {
	if len(g.Dots) == 0 {
		return nil
	}
	var err error
	var line []headframe.Vec
	if h := g.Plan.Hairline; h != nil {
		line = leftward(h.Points)
		if g.strip, err = NewStrip(line, h.SoftMM, g.Surface); err != nil {
			return err
		}
		m := newMidline(g.Surface, g.strip.Middle(), h.HeightMM)
		g.middle = &m
	}
	if g.tiles, err = Tiles(g.Dots, line, g.Surface); err != nil {
		return err
	}
	g.marks = shared(g.tiles)
	g.ears = earLine(g.Surface)
	for i, t := range g.tiles {
		g.wheres = append(g.wheres, g.where(t))
		g.fixed = append(g.fixed, g.fix(i))
	}
	return nil
}

// leftward returns the line from the client's right to the left.
func leftward(line []headframe.Vec) []headframe.Vec {
	if len(line) == 0 || line[0][0] <= line[len(line)-1][0] {
		return line
	}
	out := make([]headframe.Vec, len(line))
	for i, p := range line {
		out[len(line)-1-i] = p
	}
	return out
}

// page is one page to come.
type page struct {
	title     string
	landscape bool
	squares   [2]paper.Point // top left corners of the check squares
	draw      func()
}

// render draws all pages, each within its frame of title, scales and footer.
func (g *guide) render() ([]byte, error) {
	g.addLayers()
	pages := g.overview()
	if len(g.Dots) > 0 {
		pages = append(pages, g.stripPages()...)
		for i := range g.Plan.Sessions {
			pages = append(pages, g.tilePages(i+1)...)
		}
		pages = append(pages, g.densityPages()...)
		pages = append(pages, g.gaugePage())
		pages = append(pages, g.sheetPages()...)
	}
	return g.pdf(pages)
}

// pdf draws pages.
func (g *guide) pdf(pages []page) ([]byte, error) {
	for i, p := range pages {
		g.doc.AddPage(p.landscape)
		g.frame(p, i+1, len(pages))
		p.draw()
	}
	if g.err != nil {
		return nil, g.err
	}
	return g.doc.Bytes()
}

func (in Input) validate() error {
	if len(in.Dots) > MaxDots {
		return fmt.Errorf("%d dots are too many to print, at most %d", len(in.Dots), MaxDots)
	}
	if in.Plan.Nothing != "" && len(in.Dots) > 0 {
		return fmt.Errorf("the plan says nothing is to do but there are %d dots", len(in.Dots))
	}
	if len(in.Dots) > 0 && in.Surface == nil {
		return errors.New("there is no surface to flatten")
	}
	if in.Plan.Dots.Count != len(in.Dots) {
		return fmt.Errorf("the plan counts %d dots but %d were given", in.Plan.Dots.Count, len(in.Dots))
	}
	if err := in.validateNumbers(); err != nil {
		return err
	}
	return in.validateDots()
}

func (in Input) validateDots() error {
	for _, d := range in.Dots {
		if !finite(d.P[:]...) {
			return fmt.Errorf("dot %d: position is not a number", d.ID)
		}
		if d.P.Norm() > 1000 {
			return fmt.Errorf("dot %d: %.0f mm from the head's middle is not on a head", d.ID, d.P.Norm())
		}
		if !(d.Diameter > 0 && d.Diameter <= 2) {
			return fmt.Errorf("dot %d: diameter %g mm is outside 0 to 2", d.ID, d.Diameter)
		}
		if d.Session < 1 || d.Session > len(in.Plan.Sessions) {
			return fmt.Errorf("dot %d: session %d, but the plan has %d", d.ID, d.Session, len(in.Plan.Sessions))
		}
	}
	return nil
}

func (in Input) validateNumbers() error {
	p := in.Plan
	if !finite(p.Head.ScaleSigma, p.Head.ErrorMM, p.Dots.FreshMM, p.Dots.HealedMM, p.Dots.DepthMM, p.Dots.MinMM, p.Dots.MeanMM) {
		return errors.New("the plan's head or dot model has a value that is not a number")
	}
	if h := p.Hairline; h != nil {
		if !finite(h.HeightMM, h.SoftMM) || h.HeightMM < 0 || h.HeightMM > 200 {
			return fmt.Errorf("hairline: height %g mm or soft zone %g mm is out of range", h.HeightMM, h.SoftMM)
		}
		for i, v := range h.Points {
			if !finite(v[:]...) || v.Norm() > 1000 {
				return fmt.Errorf("hairline: point %d is not on a head", i)
			}
		}
	}
	for _, z := range p.Zones {
		if !finite(z.AreaCM2, z.SigmaCM2, z.ExistingPerCM2, z.TargetPerCM2) {
			return fmt.Errorf("zone %s: a value is not a number", z.Name)
		}
	}
	for i, s := range p.Sessions {
		if s.Number != i+1 {
			return fmt.Errorf("session %d stands at place %d", s.Number, i+1)
		}
		if !finite(s.Hours) {
			return fmt.Errorf("session %d: hours are not a number", s.Number)
		}
	}
	return nil
}

func finite(v ...float64) bool {
	for _, x := range v {
		if math.IsNaN(x) || math.IsInf(x, 0) {
			return false
		}
	}
	return true
}
