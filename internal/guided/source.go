package guided

import "pointille/internal/raster"

// Source is a map on a grid of its own, read between its cells.
type Source struct {
	Plane   *raster.Plane
	Column  func(x float64) float64 // position on the grid of a column of the guide
	Row     func(y float64) float64 // of a row
	Outside float32                 // value more than half a cell beyond the outermost cells
}

// at reads the map in the middle of each of the guide's blocks.
func (s Source) at(g *Guide) *raster.Plane {
	out := raster.NewPlane(g.mean.W, g.mean.H)
	across, down := g.taps(g.picture.W, s.Plane.W, s.Column), g.taps(g.picture.H, s.Plane.H, s.Row)
	cells := make([]float32, s.Plane.W)
	for y, t := range down {
		row := out.Pix[y*out.W:][:out.W]
		if t.at < 0 {
			for x := range row {
				row[x] = s.Outside
			}
			continue
		}
		s.line(t, cells)
		for x, t := range across {
			if t.at < 0 {
				row[x] = s.Outside
				continue
			}
			a := cells[t.at]
			row[x] = a + (cells[t.next]-a)*t.part
		}
	}
	return out
}

// line is the map between two rows of its cells.
func (s Source) line(t tap, cells []float32) {
	w := s.Plane.W
	top, bottom := s.Plane.Pix[int(t.at)*w:][:w], s.Plane.Pix[int(t.next)*w:][:w]
	for i := range cells {
		cells[i] = top[i] + (bottom[i]-top[i])*t.part
	}
}

// taps are the places of the middles of blocks among cells; at is -1 outside.
func (g *Guide) taps(pixels, cells int, position func(float64) float64) []tap {
	var out []tap
	for from := 0; from < pixels; from += g.block {
		u := position(float64(from+min(from+g.block, pixels)-1) / 2)
		if u < -0.5 || u > float64(cells)-0.5 {
			out = append(out, tap{at: -1})
			continue
		}
		out = append(out, between(float32(u), cells))
	}
	return out
}
