// Package raster holds the one picture type the standard library lacks: a
// plane of float32 values, and the samplings between planes and pictures.
//
// Coordinates are pixels of the upright photo: x right, y down, (0,0) is the
// centre of the top-left pixel. Functions never fail on empty input; an empty
// plane has W or H of 0 and no pixels.
package raster

import (
	"image"
	"math"
)

// Plane is a W×H grid of float32 values, row by row.
type Plane struct {
	W, H int
	Pix  []float32
}

// NewPlane returns a plane of zeros. Negative sizes give an empty plane.
func NewPlane(w, h int) *Plane {
	if w <= 0 || h <= 0 {
		return &Plane{}
	}
	return &Plane{W: w, H: h, Pix: make([]float32, w*h)}
}

// At returns the value at (x, y), with coordinates clamped to the plane.
func (p *Plane) At(x, y int) float32 {
	if p.W == 0 {
		return 0
	}
	return p.Pix[clamp(y, p.H)*p.W+clamp(x, p.W)]
}

// Set stores v at (x, y); positions outside the plane are ignored.
func (p *Plane) Set(x, y int, v float32) {
	if x >= 0 && y >= 0 && x < p.W && y < p.H {
		p.Pix[y*p.W+x] = v
	}
}

// Sample interpolates bilinearly at (x, y), clamped to the plane.
func (p *Plane) Sample(x, y float64) float32 {
	fx, fy := math.Floor(x), math.Floor(y)
	ax, ay := float32(x-fx), float32(y-fy)
	x0, y0 := int(fx), int(fy)
	top := p.At(x0, y0)*(1-ax) + p.At(x0+1, y0)*ax
	bottom := p.At(x0, y0+1)*(1-ax) + p.At(x0+1, y0+1)*ax
	return top*(1-ay) + bottom*ay
}

// SampleSlope is Sample with the slopes along x and y, per pixel; between two
// pixels they are those towards the next.
func (p *Plane) SampleSlope(x, y float64) (v, dx, dy float32) {
	fx, fy := math.Floor(x), math.Floor(y)
	ax, ay := float32(x-fx), float32(y-fy)
	x0, y0 := int(fx), int(fy)
	a, b := p.At(x0, y0), p.At(x0+1, y0)
	c, d := p.At(x0, y0+1), p.At(x0+1, y0+1)
	top, bottom := a*(1-ax)+b*ax, c*(1-ax)+d*ax
	return top*(1-ay) + bottom*ay, (b-a)*(1-ay) + (d-c)*ay, bottom - top
}

// Resize returns the plane sampled bilinearly at w×h, edges aligned with edges.
func (p *Plane) Resize(w, h int) *Plane {
	out := NewPlane(w, h)
	if out.W == 0 || p.W == 0 {
		return out
	}
	sx, sy := float64(p.W)/float64(w), float64(p.H)/float64(h)
	for y := range h {
		for x := range w {
			out.Pix[y*w+x] = p.Sample((float64(x)+0.5)*sx-0.5, (float64(y)+0.5)*sy-0.5)
		}
	}
	return out
}

// Blurred returns the mean over (2·radius+1)² pixels, clamped at the borders.
func (p *Plane) Blurred(radius int) *Plane {
	if radius <= 0 || p.W == 0 {
		return p
	}
	out, sum := NewPlane(p.W, p.H), make([]float32, p.W) // of the rows within radius
	row := func(y int) []float32 { return p.Pix[clamp(y, p.H)*p.W:][:p.W] }
	for y := -radius; y <= radius; y++ {
		for x, v := range row(y) {
			sum[x] += v
		}
	}
	share := 1 / float32((2*radius+1)*(2*radius+1))
	for y := range p.H {
		runningSum(out.Pix[y*p.W:][:p.W], sum, radius, share)
		next, past := row(y+radius+1), row(y-radius)
		for x := range sum {
			sum[x] += next[x] - past[x]
		}
	}
	return out
}

// runningSum sets dst to the sums of the values of src within radius, times k.
func runningSum(dst, src []float32, radius int, k float32) {
	n := len(src)
	dst = dst[:n]
	var sum float32
	for i := -radius; i <= radius; i++ {
		sum += src[clamp(i, n)]
	}
	inner := max(radius, n-radius-1) // from here on the window runs over the end
	for i := range min(radius, n) {
		dst[i] = sum * k
		sum += src[clamp(i+radius+1, n)] - src[0]
	}
	for i := radius; i < n-radius-1; i++ {
		dst[i] = sum * k
		sum += src[i+radius+1] - src[i-radius]
	}
	for i := inner; i < n; i++ {
		dst[i] = sum * k
		sum += src[n-1] - src[i-radius]
	}
}

// FromGray returns g as values 0..255.
func FromGray(g *image.Gray) *Plane {
	b := g.Bounds()
	out := NewPlane(b.Dx(), b.Dy())
	for y := range out.H {
		row := g.Pix[g.PixOffset(b.Min.X, b.Min.Y+y):]
		for x := range out.W {
			out.Pix[y*out.W+x] = float32(row[x])
		}
	}
	return out
}

// Gray returns the plane scaled by k and rounded into 0..255.
func (p *Plane) Gray(k float32) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, p.W, p.H))
	for i, v := range p.Pix {
		g.Pix[i] = uint8(min(255, max(0, v*k+0.5)))
	}
	return g
}

// Gray16 returns the plane scaled by k and rounded into 0..65535.
func (p *Plane) Gray16(k float32) *image.Gray16 {
	g := image.NewGray16(image.Rect(0, 0, p.W, p.H))
	for i, v := range p.Pix {
		u := uint16(min(65535, max(0, v*k+0.5)))
		g.Pix[2*i], g.Pix[2*i+1] = uint8(u>>8), uint8(u)
	}
	return g
}

func clamp(i, n int) int {
	return min(max(i, 0), n-1)
}
