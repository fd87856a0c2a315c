package preview

import (
	"image"
	"slices"
)

// Tiles are drawn one by one: small enough for their light to stay in a
// processor's cache.
const (
	tileWidth  = 256
	tileHeight = 64
)

// tiling cuts a grid into tiles.
type tiling struct {
	whole image.Rectangle
	nx    int
}

func tiled(w, h int) tiling {
	return tiling{image.Rect(0, 0, w, h), (w + tileWidth - 1) / tileWidth}
}

func (t tiling) count() int { return t.nx * ((t.whole.Dy() + tileHeight - 1) / tileHeight) }

func (t tiling) at(i int) image.Rectangle {
	x, y := i%t.nx*tileWidth, i/t.nx*tileHeight
	return image.Rect(x, y, x+tileWidth, y+tileHeight).Intersect(t.whole)
}

// bins are marks by the tiles that they touch. Within a tile they come in the
// plan's order, so that rounding does not depend on the threads.
type bins struct{ first, items []int32 }

func (b bins) at(tile int) []int32 { return b.items[b.first[tile]:b.first[tile+1]] }

// bin sorts marks by the tiles that the given parts of them touch, which are
// drawn on grids whose steps are so many of the tiling's.
func (t tiling) bin(m *marks, which []part, steps [parts]int) bins {
	b := bins{first: make([]int32, t.count()+1)}
	touched := make([]box, len(m.spots[core]))
	for i := range touched {
		r := t.touched(m, i, which, &steps)
		touched[i] = r
		for y := r.y0; y <= r.y1; y++ {
			for x := r.x0; x <= r.x1; x++ {
				b.first[int(y)*t.nx+int(x)+1]++
			}
		}
	}
	for i := range t.count() {
		b.first[i+1] += b.first[i]
	}
	b.items = make([]int32, b.first[t.count()])
	next := slices.Clone(b.first)
	for i, r := range touched {
		for y := r.y0; y <= r.y1; y++ {
			for x := r.x0; x <= r.x1; x++ {
				at := &next[int(y)*t.nx+int(x)]
				b.items[*at] = int32(i)
				*at++
			}
		}
	}
	return b
}

// box is a range of tiles; there are none where y1 is below y0.
type box struct{ x0, y0, x1, y1 int16 }

func (t tiling) touched(m *marks, i int, which []part, steps *[parts]int) box {
	var x, y, hx, hy float32
	for _, p := range which {
		s, k := &m.spots[p][i], float32(steps[p])
		if s.peak != (rgb{}) {
			x, y = s.x*k, s.y*k
			hx, hy = max(hx, s.halfX*k+k-1), max(hy, s.halfY*k+k-1) // a coarse grid's lines lead on to its next point
		}
	}
	right, bottom := float32(t.whole.Max.X-1), float32(t.whole.Max.Y-1)
	if hx == 0 || x+hx < 0 || y+hy < 0 || x-hx > right || y-hy > bottom {
		return box{y1: -1}
	}
	return box{
		int16(int(max(0, x-hx)) / tileWidth), int16(int(max(0, y-hy)) / tileHeight),
		int16(int(min(right, x+hx)) / tileWidth), int16(int(min(bottom, y+hy)) / tileHeight),
	}
}
