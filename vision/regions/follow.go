package regions

import (
	"image"
	"math"

	"pointille/internal/guided"
	"pointille/internal/parallel"
	"pointille/internal/raster"
	"pointille/vision/net"
	"pointille/vision/survey"
)

// Variances of the guide below which it counts as flat: borders of regions are
// to follow weaker edges than coverage and density, which change gradually.
const (
	flatClass   = 4e-4
	flatHair    = 1e-3
	flatDensity = 4e-3
	flatGrown   = 1e-3
)

// follow fills the maps with the prediction, its borders where the picture has
// them.
func (m *Maps) follow(p *net.Prediction) {
	picture := luminance(m.Small)
	cell, _ := p.Scale()
	guide := guided.New(picture, int(math.Ceil(1.5*cell/m.Scale)))
	source := onGrid(p, picture.W, picture.H)
	const hair, density, grown = len(p.Class), len(p.Class) + 1, len(p.Class) + 2
	var maps [len(p.Class) + 3]*guided.Map
	parallel.Each(len(maps), func(k int) {
		switch k {
		case hair:
			maps[k] = guide.Filter(source(p.Hair, 0), flatHair)
		case density:
			maps[k] = guide.Filter(source(p.Density, 0), flatDensity)
		case grown:
			maps[k] = guide.Filter(source(p.Grown, 0), flatGrown)
		case int(survey.Background):
			maps[k] = guide.Filter(source(p.Class[k], 1), flatClass)
		default:
			maps[k] = guide.Filter(source(p.Class[k], 0), flatClass)
		}
	})
	m.Regions = image.NewGray(image.Rect(0, 0, picture.W, picture.H))
	m.Hair, m.Density, m.Grown = raster.NewPlane(picture.W, picture.H), raster.NewPlane(picture.W, picture.H), raster.NewPlane(picture.W, picture.H)
	parallel.Bands(picture.H, func(from, to int) {
		var r guided.Reader
		best, other := make([]float32, picture.W), make([]float32, picture.W)
		for y := from; y < to; y++ {
			at := y * picture.W
			r.Row(maps[hair], y, m.Hair.Pix[at:][:picture.W])
			r.Row(maps[density], y, m.Density.Pix[at:][:picture.W])
			r.Row(maps[grown], y, m.Grown.Pix[at:][:picture.W])
			bare(m.Hair.Pix[at:][:picture.W], m.Grown.Pix[at:])
			largest(&r, maps[:len(p.Class)], y, m.Regions.Pix[at:][:picture.W], best, other)
		}
	})
}

// Between these shares of a full growth coverage fades in. Glare, wrinkles and
// grain of bare skin read as a little coverage; whether anything grows there is
// told better by the network's own answer to that. It is asked where both have their
// borders in the picture: on the network's own cells it would smear hair over the skin
// beside it.
const (
	bareBelow  = 0.5
	hairyAbove = 0.7
)

// bare takes the coverage from a row of pixels where nothing grows.
func bare(hair, grown []float32) {
	for i := range hair {
		t := min(1, max(0, (grown[i]-bareBelow)/(hairyAbove-bareBelow)))
		hair[i] *= t * t * (3 - 2*t)
	}
}

// largest writes the most probable class of every pixel of row y. Probabilities
// sum to one, so that a class that stays below a share of one is never it.
func largest(r *guided.Reader, class []*guided.Map, y int, out []uint8, best, other []float32) {
	r.Row(class[0], y, best)
	least := 0.99 / float32(len(class))
	for k, c := range class[1:] {
		if c.Most(y) < least {
			continue
		}
		r.Row(c, y, other)
		for x, v := range other {
			if v > best[x] {
				best[x], out[x] = v, uint8(k+1)
			}
		}
	}
}

// onGrid lays w×h pixels over the whole photo on the prediction's grid.
func onGrid(p *net.Prediction, w, h int) func(of *raster.Plane, outside float32) guided.Source {
	column, row := gridAxes(p, w, h)
	return func(of *raster.Plane, outside float32) guided.Source {
		return guided.Source{Plane: of, Column: column, Row: row, Outside: outside}
	}
}

// gridAxes are the positions on the prediction's grid of the columns and the rows
// of w×h pixels over the whole photo.
func gridAxes(p *net.Prediction, w, h int) (column, row func(float64) float64) {
	kx, ky := float64(p.PhotoW)/float64(w), float64(p.PhotoH)/float64(h)
	column = func(x float64) float64 { u, _ := p.ToGrid((x+0.5)*kx-0.5, 0); return u }
	row = func(y float64) float64 { _, v := p.ToGrid(0, (y+0.5)*ky-0.5); return v }
	return column, row
}

// luminance is Rec. 709 luma of the gamma-coded picture, 0..1.
func luminance(img *image.NRGBA) *raster.Plane {
	p := raster.NewPlane(img.Rect.Dx(), img.Rect.Dy())
	for y := range p.H {
		row := img.Pix[y*img.Stride:]
		for x := range p.W {
			r, g, b := float32(row[4*x]), float32(row[4*x+1]), float32(row[4*x+2])
			p.Pix[y*p.W+x] = (0.2126*r + 0.7152*g + 0.0722*b) / 255
		}
	}
	return p
}
