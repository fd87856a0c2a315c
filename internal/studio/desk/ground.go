package desk

import (
	"fmt"
	"math"

	"pointille/internal/job"
	"pointille/internal/studio/record"
	"pointille/internal/studio/worker"
	"pointille/planner/craft"
	"pointille/planner/scalp"
	"pointille/vision/survey"
)

// survey reads a photo's survey; a length that the artist gave is its scale.
func (d *Desk) survey(p record.Photo, c record.Corrections) (*survey.Survey, error) {
	s, err := worker.ReadDone(d.work(""), p.Slot)
	if err != nil {
		return nil, err
	}
	if s.Photo.SHA256 != p.SHA256 {
		return nil, fmt.Errorf("the survey of %s is of another photo: take it again", p.Slot)
	}
	if r, ok := c.Scale[p.Slot]; ok {
		s.Scale = ruled(r)
	}
	return s, nil
}

// pointSigma is how surely a finger sets a point on a zoomed photo, pixels.
const pointSigma = 2

// ruled is the scale that a known length gives. The two points are taken to lie
// square to the view.
func ruled(r record.Ruler) survey.Scale {
	mm := r.MM / r.Px()
	return survey.Scale{
		MMPerPx: mm, Sigma: mm * math.Hypot(0.01, math.Sqrt2*pointSigma/r.Px()), Source: "given",
		At: [2]float64{(r.A[0] + r.B[0]) / 2, (r.A[1] + r.B[1]) / 2},
	}
}

// maps fills in the maps of the photos, with the artist's brush.
func (d *Desk) maps(o order, photos []scalp.Photo) error {
	for i, p := range o.Photos {
		s := photos[i].Survey
		if s.Maps == nil {
			continue // a close-up
		}
		read, err := job.ReadMaps(d.work(""), s)
		if err != nil {
			return err
		}
		photos[i].Regions, photos[i].Hair, photos[i].Density = read.Regions, read.Hair, read.Density
		for _, stroke := range o.Corrections.Brush[p.Slot] {
			brush(photos[i], stroke)
		}
	}
	return nil
}

// fullCover is the coverage, of 255, that hair painted by the artist gets: that
// of full stubble. Painted hair is as dense as full hair.
const fullCover = 128

// brush paints hair, or takes it away, where the photo shows skin of the head.
func brush(p scalp.Photo, s record.Stroke) {
	cover, density := uint8(0), uint16(0)
	if s.Hair {
		cover, density = fullCover, uint16(100*craft.FullHairs().Value)
	}
	w, h := p.Regions.Rect.Dx(), p.Regions.Rect.Dy()
	along(s, w, h, func(x, y int) {
		at := &p.Regions.Pix[y*p.Regions.Stride+x]
		if *at != survey.Scalp && !(s.Hair && *at == survey.Skin) {
			return
		}
		*at = survey.Scalp
		p.Hair.Pix[y*p.Hair.Stride+x] = cover
		i := y*p.Density.Stride + 2*x
		p.Density.Pix[i], p.Density.Pix[i+1] = uint8(density>>8), uint8(density)
	})
}

// along calls f for every pixel within a stroke's radius of its line, some more
// than once.
func along(s record.Stroke, w, h int, f func(x, y int)) {
	disc := func(cx, cy float64) {
		x0, x1 := max(0, int(cx-s.Radius)), min(w-1, int(cx+s.Radius)+1)
		y0, y1 := max(0, int(cy-s.Radius)), min(h-1, int(cy+s.Radius)+1)
		for y := y0; y <= y1; y++ {
			for x := x0; x <= x1; x++ {
				if math.Hypot(float64(x)-cx, float64(y)-cy) <= s.Radius {
					f(x, y)
				}
			}
		}
	}
	last := s.Points[0]
	disc(last[0], last[1])
	for _, p := range s.Points[1:] {
		n := int(math.Hypot(p[0]-last[0], p[1]-last[1])/(s.Radius/3)) + 1
		for k := 1; k <= n; k++ {
			t := float64(k) / float64(n)
			disc(last[0]+(p[0]-last[0])*t, last[1]+(p[1]-last[1])*t)
		}
		last = p
	}
}
