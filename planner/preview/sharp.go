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
	e.every = max(1, e.box.Dx()*e.box.Dy()/mostSeen)
	noise := e.noise()
	best := defaultBlurPx
	for _, w := range windows() {
		found := e.find(w, max(w.least, noisier*noise))
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
	return []window{{4, 1, 8, 0.2, 0.4, 1}, {6, 2, 5, 0.25, 0.25, 1.6}, {9, 3, 5, 0.25, 0.25, math.Inf(1)}}
}

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
		for at, end := e.at(e.box.Min.X, y), e.at(e.box.Max.X-1, y); at < end; at += 4 {
			counts[distance(e.pix[at], e.pix[at+4])]++
			counts[distance(e.pix[at], e.pix[at+e.stride])]++
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

func (e *edges) at(x, y int) int { return y*e.stride + 4*x + 1 }

func distance(a, b uint8) int {
	if a > b {
		return int(a - b)
	}
	return int(b - a)
}

// find returns the blur that each clear edge shows, across rows and columns.
func (e *edges) find(w window, least int) []float64 {
	margin := w.reach + 2
	r := e.box.Intersect(image.Rectangle{Max: e.size}.Inset(margin))
	var out []float64
	for y := r.Min.Y; y < r.Max.Y; y += e.every {
		for at, end := e.at(r.Min.X, y), e.at(r.Max.X, y); at < end; at += 4 {
			own := e.pix[at]
			if distance(own, e.pix[at+4]) >= least {
				out = e.edge(out, w, at, 4, e.stride)
			}
			if distance(own, e.pix[at+e.stride]) >= least {
				out = e.edge(out, w, at, e.stride, 4)
			}
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

// edge adds the blur of an edge between the pixel at and the next one along.
func (e *edges) edge(out []float64, w window, at, along, across int) []float64 {
	rise := func(k int) int { return int(e.pix[at+(k+1)*along]) - int(e.pix[at+k*along]) }
	sign := 1
	if rise(0) < 0 {
		sign = -1
	}
	peak := sign * rise(0)
	if abs(rise(-1)) > peak || abs(rise(1)) >= peak {
		return out
	}
	most := mostAtEnd * float64(peak)
	if float64(sign*rise(-w.reach)) >= most || float64(sign*rise(w.reach)) >= most {
		return out
	}
	for k := -w.reach; k <= w.reach; k++ {
		if float64(sign*rise(k)) <= -mostBack*float64(peak) {
			return out
		}
	}
	before, after := float64(sign*rise(-w.step)), float64(sign*rise(w.step))
	if min(before, after) <= leastAway*float64(peak) {
		return out
	}
	aside := float64(int(e.pix[at+across])-int(e.pix[at-across])+int(e.pix[at+along+across])-int(e.pix[at+along-across])) / 4
	cos := float64(peak) / math.Hypot(float64(peak), aside)
	curve := 2*math.Log(float64(peak)) - math.Log(before) - math.Log(after)
	if cos <= leastCos || curve <= 0 {
		return out
	}
	// What a pixel and the difference of two add is not the photo's blur.
	return append(out, math.Sqrt(max(0, float64(w.step*w.step)/curve*cos*cos-2.0/12)))
}

func abs(v int) int { return max(v, -v) }
