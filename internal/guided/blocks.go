package guided

import "pointille/internal/raster"

// blocks are means over the blocks of a picture, the last of a row or column
// perhaps smaller: of the picture, of its square, and of its product with the
// distance from the block's middle, in blocks.
type blocks struct{ mean, square, right, down *raster.Plane }

func newBlocks(p *raster.Plane, n int) blocks {
	w, h := (p.W+n-1)/n, (p.H+n-1)/n
	b := blocks{raster.NewPlane(w, h), raster.NewPlane(w, h), raster.NewPlane(w, h), raster.NewPlane(w, h)}
	for i := range b.mean.Pix {
		x0, y0 := i%w*n, i/w*n
		b.fill(i, p, x0, y0, min(x0+n, p.W), min(y0+n, p.H), float32(n))
	}
	return b
}

// fill reckons block i, which reaches from x0, y0 to x1, y1.
func (b blocks) fill(i int, p *raster.Plane, x0, y0, x1, y1 int, side float32) {
	var sum, square, right, down float32
	cx, cy := float32(x0+x1-1)/2, float32(y0+y1-1)/2
	for y := y0; y < y1; y++ {
		var line float32
		for x, v := range p.Pix[y*p.W+x0 : y*p.W+x1] {
			line += v
			square += v * v
			right += v * (float32(x0+x) - cx)
		}
		sum += line
		down += line * (float32(y) - cy)
	}
	share := 1 / float32((x1-x0)*(y1-y0))
	b.mean.Pix[i], b.square.Pix[i] = sum*share, square*share
	b.right.Pix[i], b.down.Pix[i] = right*share/side, down*share/side
}

// times is the mean over each block of the picture's product with a map of one
// value a block, taken to change evenly within it.
func (b blocks) times(p *raster.Plane) *raster.Plane {
	out, w := raster.NewPlane(p.W, p.H), p.W
	for y := range p.H {
		above, below := p.Pix[max(y-1, 0)*w:][:w], p.Pix[min(y+1, p.H-1)*w:][:w]
		at, to := p.Pix[y*w:][:w], out.Pix[y*w:][:w]
		mean, right, down := b.mean.Pix[y*w:][:w], b.right.Pix[y*w:][:w], b.down.Pix[y*w:][:w]
		before := at[0]
		for x, v := range at {
			after := v
			if x+1 < w {
				after = at[x+1]
			}
			to[x] = v*mean[x] + ((after-before)*right[x]+(below[x]-above[x])*down[x])/2
			before = v
		}
	}
	return out
}
