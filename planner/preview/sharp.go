package preview

import (
	"image"
	"math"
	"slices"
)

// The blur of a photo: what Input takes where no edge tells, a phone photo in
// focus and sharpened, and the least and most that edges are believed.
const (
	defaultBlurPx = 0.6
	leastBlur     = 0.3
	mostBlur      = 3.0
)

// Blur estimates the photo's own blur around the planned skin of the mask: the
// standard deviation, pixels, of lens, focus and movement together, without
// the pixels' own size, in steps of a twentieth.
//
// It looks at edges: where brightness changes once, and not back again nearby,
// the curve of the change is that of the blur. Among them the sharper ones
// count, for what is soft in itself (a shadow, an ear turning away) says
// nothing of the photo. Where there are fewer than 30 it is 0.6. It costs some
// milliseconds, however large the photo is.
func Blur(photo *image.NRGBA, mask *image.Gray) float64 {
	size := photo.Rect.Size()
	e := edges{pix: photo.Pix, stride: photo.Stride, box: Frame(mask).Sub(mask.Rect.Min).Intersect(image.Rectangle{Max: size}), size: size}
	e.every = 1 + e.box.Dx()*e.box.Dy()/mostSeen
	clear := noisier * e.noise()
	steep, best := e.steep(max(clear, leastStep)), defaultBlurPx
	for _, w := range windows() {
		found := e.see(steep, w, max(clear, w.least))
		if len(found) < fewEdges {
			continue
		}
		slices.Sort(found)
		best = min(mostBlur, max(leastBlur, share(found, w.sharper)))
		if share(found, w.typical) < w.most {
			break
		}
	}
	return math.Round(best*20) / 20
}

const (
	fewEdges = 30
	mostSeen = 1 << 20 // pixels; of larger boxes only every so manieth row is looked at
	noisier  = 5       // times the photo's usual difference between neighbours a clear edge is
)

// window is how wide an edge is looked at, and how.
type window struct {
	reach   int     // pixels to both sides
	step    int     // of the three points whose curve tells
	least   int     // difference of neighbours at an edge, levels
	sharper float64 // share of the edges that are sharper than the photo's blur
	typical float64 // share of the edges whose blur tells whether the window is wide enough
	most    float64 // blur from which on it is not
}

// share returns the value that such a share of sorted values is below.
func share(v []float64, share float64) float64 { return v[int(share*float64(len(v)))] }

// windows were found on the demo photos and 12 real ones, blurred by up to 2 px.
func windows() []window {
	return []window{{4, 1, 8, 0.2, 0.4, 1}, {6, 2, leastStep, 0.25, 0.25, 1.6}, {widestReach, 3, leastStep, 0.25, 0.25, math.Inf(1)}}
}

// leastStep and widestReach are the least and the most of all windows.
const (
	leastStep   = 5
	widestReach = 9
)

// edges looks for edges in the green of a photo.
type edges struct {
	pix    []uint8
	stride int
	size   image.Point
	box    image.Rectangle
	every  int // rows
}

// noise is the usual difference between neighbours.
func (e *edges) noise() int {
	var counts [256]int
	n := 0
	for y := e.box.Min.Y; y < e.box.Max.Y-1; y += 4 * e.every {
		row, below := e.row(y, e.box.Min.X, e.box.Max.X), e.row(y+1, e.box.Min.X, e.box.Max.X)
		for x := 1; x+4 < len(row); x += 4 {
			counts[distance(row[x], row[x+4])]++
			counts[distance(row[x], below[x])]++
			n += 2
		}
	}
	for v, c := range counts {
		if n -= 2 * c; n <= 0 {
			return v
		}
	}
	return 0
}

// row is the pixels x0 to x1 of a row.
func (e *edges) row(y, x0, x1 int) []uint8 { return e.pix[y*e.stride+4*x0 : y*e.stride+4*x1] }

func (e *edges) at(x, y int) int { return y*e.stride + 4*x + 1 }

func distance(a, b uint8) int { return abs(int(a) - int(b)) }

// slope is where brightness changes most on the way along: between the pixel at
// and the next one.
type slope struct{ at, along, across, peak int }

// steep returns the slopes of at least so many levels, across rows and columns.
func (e *edges) steep(least int) []slope {
	var out []slope
	r := e.box.Intersect(image.Rectangle{Max: e.size}.Inset(widestReach + 2))
	for y := r.Min.Y; y < r.Max.Y; y += e.every {
		row, below := e.row(y, r.Min.X, r.Max.X), e.row(y+1, r.Min.X, r.Max.X)
		for x := 1; x+4 < len(row); x += 4 {
			if distance(row[x], row[x+4]) >= least {
				out = e.slope(out, e.at(r.Min.X, y)+x-1, 4, e.stride)
			}
			if distance(row[x], below[x]) >= least {
				out = e.slope(out, e.at(r.Min.X, y)+x-1, e.stride, 4)
			}
		}
	}
	return out
}

// slope adds the slope at a pixel, if neither of its neighbours is steeper.
func (e *edges) slope(out []slope, at, along, across int) []slope {
	peak := abs(e.rise(at, along))
	if abs(e.rise(at-along, along)) > peak || abs(e.rise(at+along, along)) >= peak {
		return out
	}
	return append(out, slope{at, along, across, peak})
}

func (e *edges) rise(at, along int) int { return int(e.pix[at+along]) - int(e.pix[at]) }

// see returns the blur that each slope shows that is a clear edge.
func (e *edges) see(steep []slope, w window, least int) []float64 {
	var out []float64
	for _, s := range steep {
		if s.peak < least {
			continue
		}
		if blur, ok := e.edge(s, w); ok {
			out = append(out, blur)
		}
	}
	return out
}

// How an edge must look: beside it no change back of more than so much of its
// own, at the window's ends little change at all, its direction within 30° of
// the way that is looked along.
const (
	mostBack  = 0.12
	mostAtEnd = 0.2
	leastAway = 0.02
	leastCos  = 0.85
)

// edge returns the blur that a slope shows, if it is an edge.
func (e *edges) edge(s slope, w window) (blur float64, ok bool) {
	peak, sign := float64(s.peak), 1
	if e.rise(s.at, s.along) < 0 {
		sign = -1
	}
	rise := func(k int) float64 { return float64(sign * e.rise(s.at+k*s.along, s.along)) }
	if max(rise(-w.reach), rise(w.reach)) >= mostAtEnd*peak {
		return 0, false
	}
	for k := -w.reach; k <= w.reach; k++ {
		if rise(k) <= -mostBack*peak {
			return 0, false
		}
	}
	before, after := rise(-w.step), rise(w.step)
	if min(before, after) <= leastAway*peak {
		return 0, false
	}
	across := func(at int) int { return int(e.pix[at+s.across]) - int(e.pix[at-s.across]) }
	aside := float64(across(s.at)+across(s.at+s.along)) / 4
	cos := peak / math.Hypot(peak, aside)
	curve := 2*math.Log(peak) - math.Log(before) - math.Log(after)
	if cos <= leastCos || curve <= 0 {
		return 0, false
	}
	// What a pixel and the difference of two add is not the photo's blur.
	return math.Sqrt(max(0, float64(w.step*w.step)/curve*cos*cos-2.0/12)), true
}

// abs has no branch, which in grain would be taken at random.
func abs(v int) int {
	sign := v >> 63
	return v ^ sign - sign
}
