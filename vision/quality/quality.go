// Package quality judges whether a photo can be measured and says in one
// sentence each what to do better. It has no errors.
package quality

import (
	"image"
	"math"
	"slices"

	"pointille/vision/survey"
)

// Input is a photo at working size with its regions.
type Input struct {
	Image   *image.NRGBA
	Regions *image.Gray
	Head    image.Rectangle // bounds of the head in Image
	Heads   int
	Scale   float64 // photo pixels per pixel of Image
}

const (
	burnt, black = 250, 12 // 8-bit levels at which a pixel holds no texture
	poorSharp    = 0.25
	poorExposure = 0.85
	smallHead    = 220 // photo pixels across the head below which stubble is not seen
)

// Judge returns the verdict and adds a warning for each fault.
func Judge(in Input, s *survey.Survey) {
	q := survey.Quality{Sharpness: sharpness(in), Exposure: exposure(in)}
	q.OK = true
	fault := func(bad bool, code, message string) {
		if bad {
			q.OK = false
			s.Warn(code, message)
		}
	}
	fault(q.Sharpness < poorSharp, "blurred", "The photo is blurred: hold the phone still, tap the scalp to focus, and take it again.")
	fault(q.Exposure < poorExposure, "exposure", "Parts of the head are burnt out or black: use soft, even light without flash and take it again.")
	fault(float64(in.Head.Dx())*in.Scale < smallHead, "far", "The head is small in the picture: go closer until it fills most of the frame.")
	fault(in.Heads > 1, "heads", "More than one head is in the picture: only the largest was measured.")
	s.Quality = q
	if in.cropped() {
		s.Warn("cropped", "The head is cut by the edge of the picture: what lies outside is not measured.")
	}
}

// sharpness compares the finest detail of the head with detail twice as
// coarse: a blurred picture has none of the finest. What the sensor and the
// rounding to levels add is finest of all and no detail, so it is taken off
// both. 1 is a crisp picture.
func sharpness(in Input) float64 {
	g := in.greens()
	noise := g.noise()
	fine, coarse := in.detail(g, 1)-noise, in.detail(g, 2)-noise
	if fine <= 0 || coarse <= 0 {
		return 0
	}
	return min(1, math.Sqrt(fine/coarse)/0.75)
}

// detail is the mean square second difference of green over the head at a step.
func (in Input) detail(g greens, step int) float64 {
	sum, n := 0, 0
	for y := in.Head.Min.Y + step; y < in.Head.Max.Y-step; y++ {
		for x := in.Head.Min.X + step; x < in.Head.Max.X-step; x++ {
			if in.Regions.Pix[y*in.Regions.Stride+x] >= survey.Skin {
				sum += g.bend(x, y, step)
				n++
			}
		}
	}
	return float64(sum) / float64(max(n, 1))
}

// greens are the green values of a picture, row by row.
type greens struct {
	w, h int
	v    []int16
}

func (in Input) greens() greens {
	g := greens{w: in.Regions.Rect.Dx(), h: in.Regions.Rect.Dy()}
	g.v = make([]int16, g.w*g.h)
	for y := range g.h {
		row := in.Image.Pix[y*in.Image.Stride:][:4*g.w]
		for x := range g.w {
			g.v[y*g.w+x] = int16(row[4*x+1])
		}
	}
	return g
}

// bend is the squared second difference of green at a pixel. White noise of
// variance v gives 20v at any step.
func (g greens) bend(x, y, step int) int {
	i := y*g.w + x
	d := 4*int(g.v[i]) - int(g.v[i-step]) - int(g.v[i+step]) - int(g.v[i-step*g.w]) - int(g.v[i+step*g.w])
	return d * d
}

const (
	block = 16 // pixels
	// smoothest is the share of the picture's blocks that hold nothing but noise.
	smoothest = 0.05
	// noisier is how much more than in those the noise is on average. Of 48
	// photos of heads none is called blurred with it, and 47 of the same with a
	// blur of 3 px under noise of 1 level.
	noisier = 1.3
	// rounded is the noise of whole levels: variance 1/12.
	rounded = 20.0 / 12
)

// noise is what noise alone adds to detail.
func (g greens) noise() float64 {
	var means []float64
	for y0 := 1; y0+block < g.h; y0 += block {
		for x0 := 1; x0+block < g.w; x0 += block {
			sum := 0
			for y := y0; y < y0+block; y++ {
				for x := x0; x < x0+block; x++ {
					sum += g.bend(x, y, 1)
				}
			}
			means = append(means, float64(sum)/(block*block))
		}
	}
	if len(means) == 0 {
		return noisier * rounded
	}
	slices.Sort(means)
	return noisier * max(rounded, means[int(smoothest*float64(len(means)))])
}

func exposure(in Input) float64 {
	good, n := 0, 0
	for i, c := range in.Regions.Pix {
		if c < survey.Skin {
			continue
		}
		x, y := i%in.Regions.Stride, i/in.Regions.Stride
		p := in.Image.Pix[y*in.Image.Stride+4*x:]
		n++
		if lo, hi := min(p[0], p[1], p[2]), max(p[0], p[1], p[2]); hi < burnt && lo < burnt && hi > black {
			good++
		}
	}
	if n == 0 {
		return 0
	}
	return float64(good) / float64(n)
}

// cropped reports whether scalp touches the picture's edge over a good length.
func (in Input) cropped() bool {
	w, h := in.Regions.Rect.Dx(), in.Regions.Rect.Dy()
	n := 0
	for x := range w {
		n += in.scalp(x, 0) + in.scalp(x, h-1)
	}
	for y := range h {
		n += in.scalp(0, y) + in.scalp(w-1, y)
	}
	return n > (w+h)/25
}

func (in Input) scalp(x, y int) int {
	if in.Regions.Pix[y*in.Regions.Stride+x] == survey.Scalp {
		return 1
	}
	return 0
}
