package regions

import (
	"image"

	"pointille/internal/headframe"
	"pointille/internal/parallel"
	"pointille/vision/net"
	"pointille/vision/survey"
)

// neck marks the bare skin that the network places below the jaw.
func (m *Maps) neck(p *net.Prediction) *image.Gray {
	out := image.NewGray(m.Regions.Rect)
	w, h := out.Rect.Dx(), out.Rect.Dy()
	column, row := gridAxes(p, w, h)
	parallel.Bands(h, func(from, to int) {
		for y := from; y < to; y++ {
			for x := range w {
				if c := m.Regions.Pix[y*w+x]; c != survey.Skin && c != survey.Brow {
					continue
				}
				u, v := column(float64(x)), row(float64(y))
				at := headframe.Vec{0, float64(p.Pos[1].Sample(u, v)), float64(p.Pos[2].Sample(u, v))}
				if headframe.BelowJaw(at) {
					out.Pix[y*w+x] = 255
				}
			}
		}
	})
	return out
}

// classes are the regions as they are written: the neck is no part of the head.
func (m *Maps) classes() *image.Gray {
	out := image.NewGray(m.Regions.Rect)
	copy(out.Pix, m.Regions.Pix)
	for i, v := range m.Neck.Pix {
		if v > 0 && IsHead(out.Pix[i]) {
			out.Pix[i] = survey.Clothes
		}
	}
	return out
}
