package desk

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"image"
	"math"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/vision/survey"
)

// The head as a grid of directions: rows from the top down, columns round.
const (
	headRows = 210
	headCols = 360
	// lowestMM is where the drawn head ends: below, the model describes nothing.
	lowestMM = -50
)

// headHead comes first in Head's bytes, as JSON.
type headHead struct {
	Rev      int     `json:"rev"`
	Rows     int     `json:"rows"`
	Cols     int     `json:"cols"`
	Dots     int     `json:"dots"`
	LowestMM float64 `json:"lowest_mm"` // nothing below is worth showing
	BrowY    float64 `json:"brow_y"`    // between the brows, mm: below, the surface is no face
	BrowZ    float64 `json:"brow_z"`
}

// Head is the client's head for a tablet to turn: a length (uint32), that many
// bytes of JSON filled up with blanks to a multiple of four, the grid's places (3
// floats each, mm), its colours from the photos (4 bytes each: red, green, blue,
// and how surely a photo shows it), and the dots (place and normal, 6 floats
// each). Little endian.
func (d *Desk) Head(m *Made) ([]byte, error) {
	grid := headGrid(m.Model.Surface)
	colours, err := d.headColours(m, grid)
	if err != nil {
		return nil, err
	}
	brow := m.Model.Surface.Landmark(headframe.Glabella)
	info, err := json.Marshal(headHead{m.Rev, headRows, headCols, len(m.Result.Dots), lowestMM, round(brow[1], 1), round(brow[2], 1)})
	if err != nil {
		return nil, fmt.Errorf("describing the head: %w", err)
	}
	for len(info)%4 != 0 {
		info = append(info, ' ')
	}
	out := binary.LittleEndian.AppendUint32(nil, uint32(len(info)))
	out = append(out, info...)
	for _, p := range grid {
		out = appendVec(out, p)
	}
	out = append(out, colours...)
	for _, q := range m.Result.Dots {
		out = appendVec(appendVec(out, q.P), q.N)
	}
	return out, nil
}

func appendVec(out []byte, v headframe.Vec) []byte {
	for _, x := range v {
		out = binary.LittleEndian.AppendUint32(out, math.Float32bits(float32(x)))
	}
	return out
}

// headGrid are places of the skin. Rows are denser nowhere: the crown lies at the
// grid's pole, where cells are smallest.
func headGrid(s headframe.Surface) []headframe.Vec {
	grid := make([]headframe.Vec, headRows*headCols)
	parallel.Each(headRows, func(i int) {
		down := math.Pi * 0.86 * float64(i) / (headRows - 1)
		for j := range headCols {
			round := 2 * math.Pi * float64(j) / (headCols - 1)
			sin, cos := math.Sincos(down)
			p := s.Point(headframe.Vec{sin * math.Sin(round), cos, sin * math.Cos(round)})
			grid[i*headCols+j] = p
		}
	})
	return grid
}

// headColours takes each place's colour from the photos that show it, the squarest
// counting most. What none shows is left grey, with no certainty.
func (d *Desk) headColours(m *Made, grid []headframe.Vec) ([]byte, error) {
	sum := make([]blend, len(grid))
	for v, view := range m.Model.Views {
		if !view.Used {
			continue
		}
		if err := d.paint(m, v, grid, sum); err != nil {
			return nil, err
		}
	}
	out := make([]byte, 4*len(grid))
	for i, c := range sum {
		if c.weight > 0 {
			sure := min(1, max(0, (c.squarest-grazing)/(clearly-grazing)))
			copy(out[4*i:], []byte{uint8(c.rgb[0] / c.weight), uint8(c.rgb[1] / c.weight), uint8(c.rgb[2] / c.weight), uint8(255 * sure)})
		}
	}
	return out, nil
}

// Cosines between skin and view from which a photo is believed at all, and wholly.
const (
	grazing = 0.12
	clearly = 0.3
)

// blend is a colour from several photos.
type blend struct {
	rgb              [3]float64
	weight, squarest float64
}

func (b *blend) add(weight, cos float64, pixel []uint8) {
	for c := range b.rgb {
		b.rgb[c] += weight * float64(pixel[c])
	}
	b.weight += weight
	b.squarest = max(b.squarest, cos)
}

func (d *Desk) paint(m *Made, v int, grid []headframe.Vec, sum []blend) error {
	slot := ""
	for _, p := range m.order.Photos {
		if p.SHA256 == m.Model.Views[v].Survey.Photo.SHA256 {
			slot = p.Slot
		}
	}
	shown, err := d.screenOf(slot)
	if err != nil {
		return err
	}
	photo, regions := shown.photo, shown.regions
	ph := m.Plan.Photos[v]
	w, h := photo.Rect.Dx(), photo.Rect.Dy()
	cam := ph.Camera.Resized(float64(w)/float64(ph.Width), float64(h)/float64(ph.Height))
	eye := cam.Eye()
	parallel.Each(headRows, func(row int) {
		for i := row * headCols; i < (row+1)*headCols; i++ {
			p := grid[i]
			x, y, ok := cam.Project(p)
			_, n := m.Model.Surface.Project(p)
			cos := n.Dot(eye.Sub(p).Unit())
			if px, py := int(x+0.5), int(y+0.5); ok && cos > grazing && image.Pt(px, py).In(regions.Rect) && regions.GrayAt(px, py).Y >= survey.Skin {
				k := cos * cos * cos * cos
				c := photo.Pix[py*photo.Stride+4*px:]
				sum[i].add(k, cos, c)
			}
		}
	})
	return nil
}
