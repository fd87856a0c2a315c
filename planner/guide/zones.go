package guide

import (
	"image"
	"image/color"
	"image/draw"
	"math"
	"strconv"

	"github.com/fogleman/gg"
	"github.com/golang/freetype/truetype"

	"pointille/internal/headframe"
	"pointille/internal/typeface"
)

const (
	zoneCell = 2.6 // mm of head that one cell of a zone's area stands for: twice the usual spacing of dots
	zoneTint = 0.4 // share of a zone's colour in the picture
)

// zoned returns a picture with the planned skin tinted and numbered by zone,
// or the picture itself where its camera is not known.
func (g *guide) zoned(p Picture) (image.Image, error) {
	b := p.Image.Bounds()
	if p.Width < 1 || b.Empty() || len(g.Plan.Zones) == 0 {
		return p.Image, nil
	}
	k := float64(b.Dx()) / float64(p.Width)
	size := p.Camera.MMPerPx(headframe.Vec{}) / k
	box := headBox(p.Camera, k, size, b.Sub(b.Min))
	if !(size > 0) || box.Empty() {
		return p.Image, nil
	}
	cells := newCells(box.Dx(), box.Dy(), max(2, int(math.Round(zoneCell/size))), len(g.Plan.Zones))
	g.eachSeen(p.Camera, func(zone int, x, y float64) {
		cells.add(int(math.Floor(x*k))-box.Min.X, int(math.Floor(y*k))-box.Min.Y, zone)
	})
	out := image.NewRGBA(image.Rect(0, 0, box.Dx(), box.Dy()))
	draw.Draw(out, out.Bounds(), p.Image, b.Min.Add(box.Min), draw.Src)
	cells.tint(out)
	return out, cells.number(out)
}

// headBox is the part of a picture that shows the head: k of its pixels are one
// of the photo's, and one of them is size mm wide.
func headBox(cam headframe.Camera, k, size float64, whole image.Rectangle) image.Rectangle {
	const across, tall = 115.0, 150.0 // mm to either side of the skull's middle
	x, y, ok := cam.Project(headframe.Vec{0, 20, 0})
	if !ok || !(size > 0) || !finite(x, y) {
		return image.Rectangle{}
	}
	w, h := across/size, tall/size
	at := func(v float64) int { return int(max(-1e6, min(1e6, v))) }
	return image.Rect(at(x*k-w), at(y*k-h), at(x*k+w), at(y*k+h)).Intersect(whole)
}

// eachSeen calls f for every dot that faces a camera, with its zone's index and
// its pixel.
func (g *guide) eachSeen(cam headframe.Camera, f func(zone int, x, y float64)) {
	zones := map[string]int{}
	for i, z := range g.Plan.Zones {
		zones[z.Name] = i
	}
	eye := cam.Eye()
	for _, d := range g.Dots {
		zone, named := zones[d.Zone]
		x, y, ok := cam.Project(d.P)
		if named && ok && d.N.Dot(eye.Sub(d.P)) > 0 {
			f(zone, x, y)
		}
	}
}

// cells are squares of a picture, each of the zone that most dots in it have.
type cells struct {
	side, w, h, zones int
	count             []int // by cell, then zone
}

func newCells(width, height, side, zones int) *cells {
	c := &cells{side: side, w: (width + side - 1) / side, h: (height + side - 1) / side, zones: zones}
	c.count = make([]int, c.w*c.h*zones)
	return c
}

func (c *cells) add(x, y, zone int) {
	if x >= 0 && y >= 0 && x/c.side < c.w && y/c.side < c.h {
		c.count[(y/c.side*c.w+x/c.side)*c.zones+zone]++
	}
}

// at returns the zone of a cell, -1 for none. An empty cell between two of one
// zone belongs to it.
func (c *cells) at(i, j int) int {
	if z := c.most(i, j); z >= 0 {
		return z
	}
	if z := c.most(i-1, j); z >= 0 && z == c.most(i+1, j) {
		return z
	}
	if z := c.most(i, j-1); z >= 0 && z == c.most(i, j+1) {
		return z
	}
	return -1
}

func (c *cells) most(i, j int) int {
	best, at := 0, -1
	if i < 0 || j < 0 || i >= c.w || j >= c.h {
		return at
	}
	for z, n := range c.count[(j*c.w+i)*c.zones:][:c.zones] {
		if n > best {
			best, at = n, z
		}
	}
	return at
}

// hues are told apart by lightness too, for black-and-white printers.
func hues() []color.RGBA {
	return []color.RGBA{
		{0x1f, 0x3b, 0x8c, 255}, {0xff, 0xc8, 0x3d, 255}, {0x2a, 0x8f, 0x5c, 255}, {0xf2, 0x7b, 0x8f, 255}, {0x6b, 0x2f, 0x86, 255},
		{0x8f, 0xd6, 0xf2, 255}, {0xb3, 0x3a, 0x1e, 255}, {0xd9, 0xe8, 0x6b, 255}, {0x36, 0x36, 0x36, 255},
	}
}

// tint colours the zones and draws their borders.
func (c *cells) tint(im *image.RGBA) {
	palette := hues()
	for j := range c.h {
		for i := range c.w {
			z := c.at(i, j)
			if z < 0 {
				continue
			}
			right, below := c.at(i+1, j) != z, c.at(i, j+1) != z
			c.fill(im, i, j, palette[z%len(palette)], right, below)
		}
	}
}

// fill colours a cell, its right and lower rim dark where another zone begins.
func (c *cells) fill(im *image.RGBA, i, j int, hue color.RGBA, right, below bool) {
	box := image.Rect(i*c.side, j*c.side, (i+1)*c.side, (j+1)*c.side).Intersect(im.Bounds())
	mix := func(a, b uint8) uint8 { return uint8(float64(a)*(1-zoneTint) + float64(b)*zoneTint) }
	for y := box.Min.Y; y < box.Max.Y; y++ {
		for x := box.Min.X; x < box.Max.X; x++ {
			p := im.RGBAAt(x, y)
			p = color.RGBA{mix(p.R, hue.R), mix(p.G, hue.G), mix(p.B, hue.B), 255}
			if (right && x == box.Max.X-1) || (below && y == box.Max.Y-1) {
				p = color.RGBA{20, 20, 20, 255}
			}
			im.SetRGBA(x, y, p)
		}
	}
}

const fewCells = 12 // a zone seen on fewer is not numbered

// number writes each zone's number in its middle.
func (c *cells) number(im *image.RGBA) error {
	_, f, err := typeface.Go()
	if err != nil {
		return err
	}
	dc := gg.NewContextForRGBA(im)
	dc.SetFontFace(truetype.NewFace(f, &truetype.Options{Size: float64(im.Bounds().Dx()) / 15, DPI: 72}))
	for z := range c.zones {
		x, y, ok := c.middle(z)
		if !ok {
			continue
		}
		const halo = 2
		for _, d := range [][2]float64{{-halo, 0}, {halo, 0}, {0, -halo}, {0, halo}} {
			dc.SetRGB(1, 1, 1)
			dc.DrawStringAnchored(strconv.Itoa(z+1), x+d[0], y+d[1], 0.5, 0.35)
		}
		dc.SetRGB(0, 0, 0)
		dc.DrawStringAnchored(strconv.Itoa(z+1), x, y, 0.5, 0.35)
	}
	return nil
}

// middle returns the pixel in the middle of the zone's cell nearest to its
// centroid.
func (c *cells) middle(zone int) (x, y float64, ok bool) {
	var of [][2]int
	var si, sj float64
	for j := range c.h {
		for i := range c.w {
			if c.at(i, j) == zone {
				of = append(of, [2]int{i, j})
				si, sj = si+float64(i), sj+float64(j)
			}
		}
	}
	if len(of) < fewCells {
		return 0, 0, false
	}
	n := float64(len(of))
	best := math.Inf(1)
	for _, q := range of {
		if d := math.Hypot(float64(q[0])-si/n, float64(q[1])-sj/n); d < best {
			best, x, y = d, (float64(q[0])+0.5)*float64(c.side), (float64(q[1])+0.5)*float64(c.side)
		}
	}
	return x, y, true
}
