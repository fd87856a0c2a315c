// Package guided gives coarse maps the edges of a picture: the guided filter
// (He, Sun, Tang 2010), for many maps with one guide.
//
// Within each square of 2·radius+1 pixels a result is a linear function of the
// guide. Where squares are large those functions are found on a smaller copy
// of guide and map, whose pixels are blocks of the guide's (He, Sun 2015), so
// that squares may be one block wider. Nothing here fails; an empty guide gives
// empty results.
package guided

import "pointille/internal/raster"

// Guide is a picture with edges. It is safe for concurrent use.
type Guide struct {
	picture *raster.Plane
	block   int // side of a block, pixels
	radius  int // of a square, blocks
	blocks  blocks
	mean    *raster.Plane // over squares
	spread  *raster.Plane // variance
	across  []tap         // blocks beside each column
}

// New makes a guide of a picture.
func New(picture *raster.Plane, radius int) *Guide {
	g := &Guide{picture: picture, block: blockSide(radius)}
	g.radius = (2*radius + 1) / g.block / 2
	g.blocks = newBlocks(picture, g.block)
	g.across = g.beside(picture.W, g.blocks.mean.W)
	g.mean, g.spread = g.blocks.mean.Blurred(g.radius), g.blocks.square.Blurred(g.radius)
	for i, m := range g.mean.Pix {
		g.spread.Pix[i] = max(0, g.spread.Pix[i]-m*m)
	}
	return g
}

// blockSide keeps at least six blocks within the diameter of a square.
func blockSide(radius int) int { return min(4, max(1, (2*radius+1)/6)) }

// Map is a filtered map. It is safe for concurrent use.
type Map struct {
	guide         *Guide
	slope, offset *raster.Plane // over the guide, by block
	most          []float32     // bound of the values of each row of blocks
}

// Filter gives src the edges of the guide. eps, in squared units of the guide,
// is the variance below which the guide counts as flat.
func (g *Guide) Filter(src Source, eps float32) *Map {
	p := src.at(g)
	gp := g.blocks.times(p)
	mean, both := p.Blurred(g.radius), gp.Blurred(g.radius)
	slope, offset := gp, p // their own pixels are not needed any more
	for i, m := range g.mean.Pix {
		k := (both.Pix[i] - m*mean.Pix[i]) / (g.spread.Pix[i] + eps)
		slope.Pix[i], offset.Pix[i] = k, mean.Pix[i]-k*m
	}
	m := &Map{guide: g, slope: slope.Blurred(g.radius), offset: offset.Blurred(g.radius)}
	m.bound()
	return m
}

// beside are the two of n blocks beside each of the pixels of a row or column.
func (g *Guide) beside(pixels, n int) []tap {
	taps := make([]tap, pixels)
	for i := range taps {
		taps[i] = between((float32(i)+0.5)/float32(g.block)-0.5, n)
	}
	return taps
}
