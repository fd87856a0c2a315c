package overlay

import (
	"fmt"
	"image/color"
	"strings"

	"pointille/internal/colour"
)

// perEM is how many characters of the panel's font, on average, an em holds.
const perEM = 1.96

// columns is the number of characters that a line of the panel has room for.
func (d *drawing) columns() int { return max(20, int(perEM*(float64(d.w)/d.em-2))) }

// narrow says that the legend does not fit beside the swatches.
func (d *drawing) narrow() bool { return d.columns() < 76 }

func (d *drawing) panelLines() float64 {
	if d.narrow() && d.in.Density != nil {
		return float64(len(d.text())) + 2.6
	}
	return float64(len(d.text())) + 1.6
}

// panel writes what was found below the photo.
func (d *drawing) panel() {
	y := float64(d.h) + d.em*1.6
	d.dc.SetFontFace(d.face(d.bold, d.em))
	for i, line := range d.text() {
		d.dc.SetRGB(0.92, 0.93, 0.95)
		if strings.HasPrefix(line, "! ") {
			d.dc.SetRGB(1, 0.78, 0.35)
		}
		d.dc.DrawString(line, d.em, y)
		if i == 0 {
			d.dc.SetFontFace(d.face(d.regular, d.em*0.92))
		}
		y += d.em * 1.45
	}
	d.swatches(y)
}

func (d *drawing) swatches(y float64) {
	x := d.em
	draw := func(name string, lab [3]float64) {
		r, g, b := colour.Bytes(colour.FromLab(lab))
		d.dc.SetColor(color.NRGBA{r, g, b, 255})
		d.dc.DrawRectangle(x, y-d.em, d.em*2.2, d.em*1.2)
		d.dc.Fill()
		d.dc.SetRGB(0.92, 0.93, 0.95)
		d.dc.DrawString(name, x+d.em*2.6, y)
		w, _ := d.dc.MeasureString(name)
		x += d.em*4 + w
	}
	if s := d.in.Survey.Skin; s != nil {
		draw(fmt.Sprintf("skin, ITA %.0f°", s.ITA), s.Lab)
	}
	if h := d.in.Survey.Hair; h != nil {
		draw("hair: "+h.Name, h.Lab)
	}
	if d.in.Density != nil {
		if d.narrow() {
			x, y = d.em, y+d.em*1.45
		}
		for _, q := range []float64{0, 60, 120, 180} {
			c := heat(q)
			c.A = 255
			d.dc.SetColor(c)
			d.dc.DrawRectangle(x, y-d.em, d.em*1.1, d.em*1.2)
			d.dc.Fill()
			x += d.em * 1.1
		}
		d.dc.SetRGB(0.92, 0.93, 0.95)
		d.dc.DrawString("0 to 180 hairs/cm²", x+d.em*0.4, y)
	}
}

func (d *drawing) text() []string {
	s := d.in.Survey
	head := fmt.Sprintf("%s   %s view", s.Photo.Name, s.View.Name)
	if s.Stage.Scale != "none" {
		head += fmt.Sprintf("   pattern like %s %s (%.0f %%)", s.Stage.Scale, s.Stage.Value, 100*s.Stage.Confidence)
	}
	out := d.wrap(head)
	if s.Count != nil {
		out = append(out, fmt.Sprintf("%d hairs in %d units on %.1f mm²: %.0f hairs/cm²", s.Count.Hairs, s.Count.Units, s.Count.AreaMM2, s.Count.PerCM2))
	}
	out = append(out, d.zoneText()...)
	for _, w := range s.Warnings {
		for i, l := range d.wrap(w.Message) {
			if i == 0 {
				l = "! " + l
			} else {
				l = "   " + l
			}
			out = append(out, l)
		}
	}
	return out
}

func (d *drawing) zoneText() []string {
	s := d.in.Survey
	var parts []string
	for _, z := range s.Zones {
		if z.Visible > 0.25 {
			parts = append(parts, fmt.Sprintf("%s %.0f ± %.0f", readable(z.Name), z.HairsPerCM2, z.Sigma))
		}
	}
	var out []string
	if len(parts) > 0 {
		out = d.wrap("Hairs/cm²: " + strings.Join(parts, ", "))
	}
	if len(s.Bald) > 0 {
		sum := 0.0
		for _, b := range s.Bald {
			sum += b.AreaCM2
		}
		out = append(out, fmt.Sprintf("Bald: %.0f cm² in %d area(s) as far as seen", sum, len(s.Bald)))
	}
	return out
}

// wrap breaks what is longer than a line at its spaces.
func (d *drawing) wrap(s string) []string {
	if len(s) <= d.columns() {
		return []string{s}
	}
	var out []string
	line := ""
	for _, word := range strings.Fields(s) {
		if line != "" && len(line)+1+len(word) > d.columns() {
			out = append(out, line)
			line = word
			continue
		}
		line = strings.TrimSpace(line + " " + word)
	}
	return append(out, line)
}
