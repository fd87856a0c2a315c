// Package headmap says, for a coarse grid of cells over a photo, which place
// of the head each cell shows and how much skin lies in it.
//
// Positions are millimetres of the head frame, areas mm² of skin, pixels those
// of the upright photo. Cells that miss the head are not hits; there are no
// errors.
package headmap

import (
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
)

// grazing is the smallest cosine between normal and view ray at which a cell's
// skin area is believed: at 75° one degree of error in the normal is 6 % of area.
const grazing = 0.26

// Map is the grid. Cell (i, j) is centred on photo pixel ((i+0.5)·Step-0.5, (j+0.5)·Step-0.5).
type Map struct {
	W, H int
	Step float64         // photo pixels per cell
	Hit  []bool          // whether the cell shows the head at a usable angle
	P    []headframe.Vec // place, mm
	N    []headframe.Vec // outward normal there
	Cos  []float64       // between outward normal and the direction to the camera
	Area []float64       // skin in the cell, mm²
}

// New casts one ray through each cell of a w×h photo.
func New(cam headframe.Camera, s headframe.Surface, w, h int, step float64) *Map {
	m := &Map{W: int(math.Ceil(float64(w) / step)), H: int(math.Ceil(float64(h) / step)), Step: step}
	n := m.W * m.H
	m.Hit, m.P, m.N = make([]bool, n), make([]headframe.Vec, n), make([]headframe.Vec, n)
	m.Cos, m.Area = make([]float64, n), make([]float64, n)
	eye, near := cam.Eye(), shadow(cam, s)
	parallel.Each(m.H, func(j int) {
		_, y := m.Centre(0, j)
		from, to := near.span(y, step)
		for i := max(0, int(from/step)); i < m.W && float64(i)*step <= to; i++ {
			m.cast(cam, s, eye, i, j)
		}
	})
	return m
}

// Centre returns the photo pixel at the centre of cell (i, j).
func (m *Map) Centre(i, j int) (x, y float64) {
	return (float64(i)+0.5)*m.Step - 0.5, (float64(j)+0.5)*m.Step - 0.5
}

func (m *Map) cast(cam headframe.Camera, s headframe.Surface, eye headframe.Vec, i, j int) {
	x, y := m.Centre(i, j)
	ray := cam.Ray(x, y)
	p, ok := s.Intersect(eye, ray)
	if !ok {
		return
	}
	_, n := s.Project(p)
	cos := -n.Dot(ray)
	k := j*m.W + i
	m.P[k], m.N[k], m.Cos[k] = p, n, cos
	if cos < grazing {
		return
	}
	m.Hit[k] = true
	m.Area[k] = m.Step * m.Step * skinPerPixel(cam, p, ray, cos)
}

// skinPerPixel is the skin seen by one pixel, mm²: the pixel's solid angle
// cos³α/(FX·FY) times the squared distance, over the cosine of incidence.
func skinPerPixel(cam headframe.Camera, p, ray headframe.Vec, cos float64) float64 {
	c := cam.ToCamera(p)
	axis := c[2] / c.Norm()
	return c[2] * c[2] * axis / (cam.FX * cam.FY * cos)
}
