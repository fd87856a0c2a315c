package hairline

import (
	"math"

	"pointille/internal/headframe"
)

// field is the fullness on a grid over the photo.
type field struct {
	in   Input
	face headframe.Face
	w, h int
	step float64   // pixels per cell
	mm   float64   // per cell, at the head's distance, seen squarely
	full []float64 // NaN off the head
}

// finest is the long side of the grid in cells: on a head that fills the photo
// less than half a millimetre each.
const finest = 600

func newField(in Input) *field {
	step := max(1, float64(max(in.Width, in.Height))/finest)
	f := &field{in: in, face: headframe.NewFace(in.Surface), step: step}
	f.w, f.h = int(float64(in.Width)/step), int(float64(in.Height)/step)
	f.mm = step * in.Camera.ToCamera(in.Surface.Centre())[2] / in.Camera.FX
	f.full = make([]float64, f.w*f.h)
	for k := range f.full {
		x, y := f.pixel(k)
		f.full[k] = math.NaN()
		if in.Head(x, y) {
			f.full[k] = in.Fullness(x, y)
		}
	}
	return f
}

// pixel is the photo pixel at the middle of a cell.
func (f *field) pixel(k int) (x, y float64) {
	return (float64(k%f.w)+0.5)*f.step - 0.5, (float64(k/f.w)+0.5)*f.step - 0.5
}

// cell is the cell of a photo pixel; ok is false outside.
func (f *field) cell(x, y float64) (k int, ok bool) {
	i, j := int(math.Floor((y+0.5)/f.step)), int(math.Floor((x+0.5)/f.step))
	return i*f.w + j, i >= 0 && j >= 0 && i < f.h && j < f.w
}

// place is the skin that a photo pixel shows; at the rim, where its ray passes
// the head, the skin next to it.
func (f *field) place(x, y float64) headframe.Vec {
	s, eye, ray := f.in.Surface, f.in.Camera.Eye(), f.in.Camera.Ray(x, y)
	if p, ok := s.Intersect(eye, ray); ok {
		return p
	}
	away := s.Centre().Sub(eye)
	nearest := eye.Add(ray.Mul(away.Dot(ray)))
	return s.Point(nearest.Sub(s.Centre()).Unit())
}

// cells is a set of cells of the field.
type cells []bool

// Directions around the face and distances from its axis that are tried for the
// first skin in view.
const (
	seedPsi   = 72
	seedRange = 108 * math.Pi / 180
	seedRho   = 70
	seedStart = 12 * math.Pi / 180
	seedStep  = 1.5 * math.Pi / 180
)

// bare is the skin without hair that hangs together with what is seen nearest
// to the forehead.
func (f *field) bare() cells {
	out := make(cells, len(f.full))
	var from []int
	for i := range seedPsi {
		psi := seedRange * (2*float64(i)/(seedPsi-1) - 1)
		if k, ok := f.first(psi); ok && f.full[k] < half {
			from = append(from, k)
		}
	}
	f.flood(from, out, func(v float64) bool { return v < half })
	return out
}

// grazing is the cosine between view and skin from which skin is seen well.
const grazing = 0.12

// first is the first cell in view on the way from the forehead.
func (f *field) first(psi float64) (k int, ok bool) {
	eye := f.in.Camera.Eye()
	for j := range seedRho {
		p := f.face.Point(psi, seedStart+seedStep*float64(j))
		_, n := f.in.Surface.Project(p)
		if p[1] < lowest || n.Dot(eye.Sub(p).Unit()) < grazing {
			continue
		}
		x, y, seen := f.in.Camera.Project(p)
		if k, ok = f.cell(x, y); seen && ok && !math.IsNaN(f.full[k]) {
			return k, true
		}
	}
	return 0, false
}

// hair is what hair covers, single strands left out.
func (f *field) hair() cells {
	out, seen := make(cells, len(f.full)), make(cells, len(f.full))
	for k, v := range f.full {
		if seen[k] || !(v >= half) {
			continue
		}
		part := f.flood([]int{k}, seen, func(v float64) bool { return v >= half })
		if float64(len(part))*f.mm*f.mm < minHair {
			continue
		}
		for _, c := range part {
			out[c] = true
		}
	}
	return out
}

// flood marks the cells that hang together with some and are like it, and
// returns those it marked.
func (f *field) flood(from []int, mark cells, like func(float64) bool) []int {
	var part []int
	add := func(k int) {
		if !mark[k] && like(f.full[k]) {
			mark[k] = true
			part = append(part, k)
		}
	}
	for _, k := range from {
		add(k)
	}
	for n := 0; n < len(part); n++ {
		k := part[n]
		if k >= f.w {
			add(k - f.w)
		}
		if k+f.w < len(f.full) {
			add(k + f.w)
		}
		if k%f.w > 0 {
			add(k - 1)
		}
		if k%f.w+1 < f.w {
			add(k + 1)
		}
	}
	return part
}
