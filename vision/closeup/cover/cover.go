// Package cover finds what instruments burn into a frame and what hides the
// skin there: opaque boxes and strips of one colour, with or without writing.
//
// Rectangles are pixels of the picture. Skin is never of one colour over a
// whole block, if only for the noise of the sensor; where more of a picture
// is plain than writing ever covers, it is no photo of skin and nothing is
// found. Functions never fail.
package cover

import "image"

// block is the side of the squares that are tested for being of one colour.
const block = 8

// A block is plain where no colour varies by more than even; neighbours belong
// together where their colours differ by no more from the first of them.
const even = 3

// A plain area is a box where it holds at least leastShare of the picture and
// fills enough of its bounding box, the rest being writing.
const (
	leastShare = 0.003
	filled     = 0.4
	mostShare  = 0.4
)

// Boxes returns what covers the skin.
func Boxes(img *image.NRGBA) []image.Rectangle {
	g := newGrid(img)
	var out []image.Rectangle
	covered := 0
	for i := range g.colour {
		if !g.plain[i] {
			continue
		}
		box, n := g.grow(i)
		if float64(n) < leastShare*float64(len(g.colour)) || float64(n) < filled*float64(box.Dx()*box.Dy()) {
			continue
		}
		covered += box.Dx() * box.Dy()
		out = append(out, image.Rect(box.Min.X*block, box.Min.Y*block, min(box.Max.X*block, g.size.X), min(box.Max.Y*block, g.size.Y)))
	}
	if float64(covered) > mostShare*float64(len(g.colour)) {
		return nil
	}
	return out
}

// reach is how many blocks away the next plain one may lie: a line of writing
// is in between.
const reach = 3

// grid is the picture by blocks; plain ones are struck off as they are used.
type grid struct {
	size   image.Point
	w, h   int
	plain  []bool
	colour [][3]int
}

func newGrid(img *image.NRGBA) *grid {
	g := &grid{size: img.Rect.Size()}
	g.w, g.h = (g.size.X+block-1)/block, (g.size.Y+block-1)/block
	g.plain, g.colour = make([]bool, g.w*g.h), make([][3]int, g.w*g.h)
	for i := range g.plain {
		g.colour[i], g.plain[i] = plain(img, i%g.w*block, i/g.w*block)
	}
	return g
}

// plain returns the middle colour of the block at x, y, and whether it has no
// other.
func plain(img *image.NRGBA, x0, y0 int) (colour [3]int, ok bool) {
	lo, hi := [3]uint8{255, 255, 255}, [3]uint8{}
	for y := y0; y < min(y0+block, img.Rect.Dy()); y++ {
		row := img.Pix[y*img.Stride:]
		for x := x0; x < min(x0+block, img.Rect.Dx()); x++ {
			for c := range 3 {
				v := row[4*x+c]
				lo[c], hi[c] = min(lo[c], v), max(hi[c], v)
				if hi[c]-lo[c] > even {
					return colour, false
				}
			}
		}
	}
	for c := range 3 {
		colour[c] = (int(lo[c]) + int(hi[c])) / 2
	}
	return colour, true
}

// grow takes the plain blocks of about one colour that hang together with
// block i, bridging lines of writing; it returns their bounding box, in
// blocks, and their number.
func (g *grid) grow(i int) (box image.Rectangle, n int) {
	g.plain[i] = false
	box = image.Rect(i%g.w, i/g.w, i%g.w+1, i/g.w+1)
	for stack := []int{i}; len(stack) > 0; {
		at := image.Pt(stack[len(stack)-1]%g.w, stack[len(stack)-1]/g.w)
		stack = stack[:len(stack)-1]
		n++
		box = box.Union(image.Rect(at.X, at.Y, at.X+1, at.Y+1))
		for y := max(at.Y-reach, 0); y <= min(at.Y+reach, g.h-1); y++ {
			for x := max(at.X-reach, 0); x <= min(at.X+reach, g.w-1); x++ {
				if j := y*g.w + x; g.plain[j] && alike(g.colour[j], g.colour[i]) {
					g.plain[j] = false
					stack = append(stack, j)
				}
			}
		}
	}
	return box, n
}

func alike(a, b [3]int) bool {
	for c := range a {
		if d := a[c] - b[c]; d > even || d < -even {
			return false
		}
	}
	return true
}
