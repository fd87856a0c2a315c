package preview

import (
	"image"
	"sync"

	"pointille/internal/parallel"
)

// canvas is one picture being drawn.
type canvas struct {
	in              *Input
	photo, out      *image.NRGBA
	marks           *marks
	tiles           tiling
	marked          bins   // of tiles, for the sharper parts
	coarse          plane  // of the whole picture
	softer, sharper []part // those drawn on the coarse plane, and the others
	fall            *falls
	dim             *dimmer
	shine           *[256]float32
	share           *[256]float32 // of a byte
}

// draw returns the photo with what the marks let through of its light, and with
// the redness around them.
func (in *Input) draw(photo *image.NRGBA, m *marks, redness float64) *image.NRGBA {
	size := photo.Rect.Size()
	c := canvas{
		in: in, photo: photo, out: image.NewNRGBA(image.Rectangle{Max: size}), marks: m, tiles: tiled(size.X, size.Y),
		softer: []part{far}, sharper: []part{tail, core},
		fall: in.grids.fall, dim: newDimmer(), shine: shineTable(), share: shareTable(),
	}
	if step := &in.grids.step; step[tail] > 1 && step[tail] == step[far] {
		c.softer, c.sharper = []part{far, tail}, []part{core}
	}
	c.fill(redness)
	c.marked = c.tiles.bin(m, c.sharper, in.grids.step)
	scratch := sync.Pool{New: func() any { return c.newBuffers() }}
	parallel.On(in.workers(), c.tiles.count(), func(i int) {
		s := scratch.Get().(*buffers)
		c.tile(i, s)
		scratch.Put(s)
	})
	return c.out
}

// fill draws the coarse plane.
func (c *canvas) fill(redness float64) {
	p := over(c.out.Rect, c.in.grids.step[far])
	p.w, p.h, p.stride = p.w+1, p.h+1, p.w+1 // finer grids reach one step beyond the picture
	p.light = make([]rgb, p.size())
	for i := range p.light {
		p.light[i] = rgb{lit, lit, lit}
	}
	c.coarse = p
	c.marks.redden(&p, redness, c.fall)
	tiles := tiled(p.w, p.h)
	marked := tiles.bin(c.marks, c.softer, [parts]int{1, 1, 1})
	parallel.On(c.in.workers(), tiles.count(), func(i int) {
		piece := p.piece(tiles.at(i))
		for _, k := range c.softer {
			c.spots(k, marked.at(i), &piece)
		}
	})
}

// spots draws the given spots of a part.
func (c *canvas) spots(k part, which []int32, p *plane) {
	all := c.marks.spots[k]
	for _, i := range which {
		all[i].dim(c.fall, p)
	}
}

// buffers are what a thread needs to draw a tile.
type buffers struct {
	light, mid []rgb
	rows       [2][]rgb
}

func (c *canvas) newBuffers() *buffers {
	step := c.in.grids.step[tail]
	return &buffers{
		light: make([]rgb, tileWidth*tileHeight),
		mid:   make([]rgb, (tileWidth/step+3)*(tileHeight/step+3)),
		rows:  [2][]rgb{make([]rgb, tileWidth+3), make([]rgb, tileWidth+3)},
	}
}

// tile draws one tile of the picture.
func (c *canvas) tile(i int, s *buffers) {
	r := c.tiles.at(i)
	c.copy(r)
	marked := c.marked.at(i)
	if r = masked(c.in.Mask, r); r.Empty() || len(marked) == 0 && c.coarse.clear(r) {
		return
	}
	light := c.light(r, marked, s)
	for y := range light.h {
		c.composite(r.Min.X, r.Min.Y+y, light.row(y))
	}
}

// light is what is left of the light of r: the coarse plane's, less what the
// sharper parts of marks take. Each is drawn on its own grid, in which the next
// finer one begins.
func (c *canvas) light(r image.Rectangle, marked []int32, s *buffers) *plane {
	last := &c.coarse
	for _, k := range c.sharper {
		if step := c.in.grids.step[k]; step != last.step || last == &c.coarse {
			p := over(r, step)
			room := s.light
			if step > 1 {
				room = s.mid
			}
			p.light = room[:p.size()]
			p.begin(last, &s.rows)
			last = &p
		}
		c.spots(k, marked, last)
	}
	return last
}

// copy copies the photo's pixels.
func (c *canvas) copy(r image.Rectangle) {
	for y := r.Min.Y; y < r.Max.Y; y++ {
		copy(c.out.Pix[y*c.out.Stride+4*r.Min.X:][:4*r.Dx()], c.photo.Pix[y*c.photo.Stride+4*r.Min.X:])
	}
}

// composite multiplies pixels of a row, from x0 on, by the light that is left.
func (c *canvas) composite(x0, y int, light []rgb) {
	n := len(light)
	mask := c.in.Mask.Pix[y*c.in.Mask.Stride+x0:][:n]
	out := c.out.Pix[y*c.out.Stride+4*x0:][:4*n]
	c.weaken(light, mask, out)
	if c.in.Coverage != nil {
		hide(light, c.in.Coverage.Pix[y*c.in.Coverage.Stride+x0:][:n], c.share)
	}
	grain := c.dim.grain[y%grainSide][x0%grainSide:][:n]
	if c.marks.lighten {
		c.dim.lighten(out, light, grain)
	} else {
		c.dim.row(out, light, grain)
	}
}

// weaken gives back to light what is not of skin: all of it beyond the mask,
// some at its edge and where the photo is nearly white.
func (c *canvas) weaken(light []rgb, mask, out []uint8) {
	for x, m := range mask {
		p := out[4*x : 4*x+3 : 4*x+3]
		if m == 255 && (p[0] <= glare || p[1] <= glare || p[2] <= glare) {
			continue
		}
		restore(&light[x], c.share[m]*c.shine[min(p[0], p[1], p[2])])
	}
}

// hide gives back to light what hair hides of the skin.
func hide(light []rgb, hair []uint8, share *[256]float32) {
	for x, h := range hair {
		if h != 0 {
			restore(&light[x], 1-share[h])
		}
	}
}

// restore leaves of what is missing only a share.
func restore(l *rgb, share float32) {
	l[0], l[1], l[2] = lit-share*(lit-l[0]), lit-share*(lit-l[1]), lit-share*(lit-l[2])
}

// shineTable gives, for the smallest byte of a pixel, the share of its light
// that came out of the skin: light mirrored by its surface never met the
// pigment. Only near white can the photo tell.
func shineTable() *[256]float32 {
	var t [256]float32
	for i := range t {
		v := min(1, max(0, (float64(i)-glare)/50))
		t[i] = float32(1 - 0.8*v*v*(3-2*v))
	}
	return &t
}

// glare is the byte from which on a pixel may show mirrored light.
const glare = 200

func shareTable() *[256]float32 {
	var t [256]float32
	for i := range t {
		t[i] = float32(i) / 255
	}
	return &t
}
