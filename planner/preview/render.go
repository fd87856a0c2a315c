// Package preview shows a plan on the client's own photo: the photo itself in
// linear light, multiplied by what each planned dot lets through.
//
// Nothing is generated. The dots drawn are those of the plan, as wide and as
// dark as package pigment predicts for the stage; pores, hair, grain and
// highlights of the photo stay because light is only taken away. No pixel
// outside the mask of planned skin changes. Pixels are those of the upright
// photo, lengths on the skin millimetres. Equal input gives equal bytes,
// however many processors work on it.
package preview

import (
	"errors"
	"fmt"
	"image"
	"math"
	"runtime"
	"slices"
	"sync"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/planner/pigment"
	"pointille/planner/plan"
)

// Input is what a preview needs besides the photo.
type Input struct {
	Camera headframe.Camera
	Dots   []plan.Dot  // position, normal, healed diameter and shade of each dot
	Seen   []plan.Seen // where this photo shows them; others are not drawn
	Model  *pigment.Model

	// Mask is the planned skin, the size of the photo: 0 changes nothing, 255
	// shows dots fully, between them the edge is feathered.
	Mask *image.Gray
	// Coverage is the share of each pixel hidden by hair, 0..255, under which
	// dots are drawn. Nil: no hair.
	Coverage *image.Gray
	// BlurPx is the standard deviation of the photo's own blur in pixels;
	// 0: 0.6, a phone photo in focus and sharpened.
	BlurPx float64
	// Workers is the number of threads; 0: one per processor.
	Workers int

	grids grids
}

const defaultBlurPx = 0.6

// bandRows is the height of the strips that threads work on: small enough for
// a strip's light to stay in a processor's cache.
const bandRows = 32

// Render returns the photo as it would look at a stage (plan.Before to
// plan.Year5). Dots outside the picture, not visible or without a row in Seen
// are left out. Wrong sizes, unknown stages or shades and positions that are
// no numbers are errors that name them.
func Render(photo *image.NRGBA, in Input, stage string) (*image.NRGBA, error) {
	if err := in.check(photo); err != nil {
		return nil, fmt.Errorf("rendering %s: %w", stage, err)
	}
	moment, err := pigment.At(stage)
	if err != nil {
		return nil, fmt.Errorf("rendering: %w", err)
	}
	out := copyOf(photo)
	if stage == plan.Before {
		return out, nil
	}
	in = in.gridded(in.perMM())
	marks, err := in.marks(stage)
	if err != nil {
		return nil, fmt.Errorf("rendering %s: %w", stage, err)
	}
	c := newCanvas(photo, out, in)
	c.redness = in.halo(marks, moment.Redness)
	c.draw(marks)
	return out, nil
}

func (in Input) check(photo *image.NRGBA) error {
	if photo == nil || photo.Rect.Empty() {
		return errors.New("there is no photo")
	}
	if in.Model == nil {
		return errors.New("there is no pigment model")
	}
	if in.Mask == nil {
		return errors.New("there is no mask of the planned skin")
	}
	size := photo.Rect.Size()
	if in.Mask.Rect.Size() != size {
		return fmt.Errorf("the mask is %v, the photo %v", in.Mask.Rect.Size(), size)
	}
	if in.Coverage != nil && in.Coverage.Rect.Size() != size {
		return fmt.Errorf("the hair coverage is %v, the photo %v", in.Coverage.Rect.Size(), size)
	}
	if !(in.BlurPx >= 0 && in.BlurPx <= 50) {
		return fmt.Errorf("the photo's blur is %v px, want 0 to 50", in.BlurPx)
	}
	if c := in.Camera; !(c.FX > 0 && c.FY > 0) || math.IsInf(c.FX+c.FY, 0) {
		return fmt.Errorf("the camera's focal lengths are %v and %v px", c.FX, c.FY)
	}
	return nil
}

func (in *Input) blur() float64 {
	if in.BlurPx == 0 {
		return defaultBlurPx
	}
	return in.BlurPx
}

func (in Input) workers() int {
	if in.Workers <= 0 {
		return runtime.GOMAXPROCS(0)
	}
	return in.Workers
}

// copyOf returns the photo with its corner at (0,0).
func copyOf(m *image.NRGBA) *image.NRGBA {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	if m.Stride == 4*w && len(m.Pix) >= 4*w*h {
		return &image.NRGBA{Pix: slices.Clone(m.Pix[:4*w*h]), Stride: 4 * w, Rect: image.Rect(0, 0, w, h)}
	}
	out := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		copy(out.Pix[y*out.Stride:], m.Pix[y*m.Stride:y*m.Stride+4*w])
	}
	return out
}

// canvas is one picture being drawn.
type canvas struct {
	photo, out *image.NRGBA
	in         Input
	dim        *dimmer
	redness    *halo
	shine      *[256]float32
	share      *[256]float32 // of a byte
}

// newCanvas is a canvas without redness.
func newCanvas(photo, out *image.NRGBA, in Input) canvas {
	return canvas{photo: photo, out: out, in: in, dim: newDimmer(), shine: shineTable(), share: shareTable()}
}

// draw works through the picture in bands.
func (c canvas) draw(marks []mark) {
	levels := c.levels(marks)
	last := levels[len(levels)-1]
	if len(marks) > 0 {
		for _, l := range levels[:len(levels)-1] {
			c.fill(l, marks)
		}
	} else {
		last.above = nil
	}
	scratch := sync.Pool{New: func() any {
		return &buffers{make([]float32, 3*last.w*bandRows), make([]float32, last.lineSize())}
	}}
	parallel.On(c.in.workers(), len(last.bands), func(b int) {
		if len(last.bands[b]) > 0 || c.redness != nil {
			buf := scratch.Get().(*buffers)
			c.band(last, b, marks, buf)
			scratch.Put(buf)
		}
	})
}

// buffers are what a thread needs to draw a band.
type buffers struct{ light, line []float32 }

// band draws the dots that touch the rows of band b.
func (c canvas) band(l *level, b int, marks []mark, buf *buffers) {
	x0, x1 := 0, l.w
	if c.redness == nil {
		x0, x1 = l.w, 0
		for _, i := range l.bands[b] {
			x0, x1 = min(x0, marks[i].x0), max(x1, marks[i].x1+1)
		}
	}
	c.light(l, b, marks, buf.light, x0, x1, buf.line)
	top := b * bandRows
	for y := top; y < min(top+bandRows, l.h); y++ {
		c.composite(y, x0, x1, buf.light[3*(y-top)*l.w:])
	}
}

// composite multiplies one row of the photo by the light that is left.
func (c canvas) composite(y, x0, x1 int, light []float32) {
	mask := c.in.Mask.Pix[y*c.in.Mask.Stride:]
	out := c.out.Pix[y*c.out.Stride:]
	var hair []uint8
	if c.in.Coverage != nil {
		hair = c.in.Coverage.Pix[y*c.in.Coverage.Stride:]
	}
	dim := c.dim
	grain := dim.grain[y%grainSide*grainSide:][:grainSide]
	g := x0%grainSide - 1
	for x := x0; x < x1; x++ {
		if g++; g == grainSide {
			g = 0
		}
		if mask[x] == 0 {
			continue
		}
		p, l := out[4*x:4*x+3:4*x+3], light[3*x:3*x+3:3*x+3]
		red := float32(0)
		if c.redness != nil {
			red = c.redness.at(x, y)
		}
		if red == 0 && l[0] == 1 && l[1] == 1 && l[2] == 1 {
			continue
		}
		share := float32(1)
		if m := mask[x]; m != 255 || (p[0] > glare && p[1] > glare && p[2] > glare) {
			share = c.share[m] * c.shine[min(p[0], p[1], p[2])]
		}
		if hair != nil {
			share *= 1 - c.share[hair[x]]
		}
		u, warm := grain[g], 1-red
		d0, d1, d2 := 1-share*(1-l[0]), 1-share*(1-l[1]*warm), 1-share*(1-l[2]*warm)
		// dimmer.byte by hand, which the compiler does not inline.
		i0, i1, i2 := uint(int(d0*dimSteps+0.5)), uint(int(d1*dimSteps+0.5)), uint(int(d2*dimSteps+0.5))
		if max(i0, i1, i2) > dimSteps {
			p[0], p[1], p[2] = dim.byte(p[0], d0, u), dim.byte(p[1], d1, u), dim.byte(p[2], d2, u)
			continue
		}
		v0 := (float32(p[0])+offset)*dim.factor[i0&dimMask] - offset
		v1 := (float32(p[1])+offset)*dim.factor[i1&dimMask] - offset
		v2 := (float32(p[2])+offset)*dim.factor[i2&dimMask] - offset
		if v0 < foot || v1 < foot || v2 < foot {
			p[0], p[1], p[2] = dim.byte(p[0], d0, u), dim.byte(p[1], d1, u), dim.byte(p[2], d2, u)
			continue
		}
		p[0], p[1], p[2] = uint8(int32(v0+u)), uint8(int32(v1+u)), uint8(int32(v2+u))
	}
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
