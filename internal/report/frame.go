package report

import (
	"image"

	"pointille/vision/survey"
)

// The report shows heads, not rooms: its pictures are cut to the head with
// some air, all in one shape so that they stand in rows.
const (
	frameAir    = 0.14 // of the longer side of the scalp with ears and brows
	frameBelow  = 0.75 // the same, for face and neck where they are in the picture
	frameAspect = 0.8  // width over height
	frameStray  = 400  // one in so many pixels may lie outside: stray ones of the map
)

// Frame is the part of a photo that the page shows, by its regions map:
// everything where
// the map knows no head.
func Frame(regions *image.Gray) image.Rectangle {
	head := extent(regions, func(c uint8) bool { return c == survey.Scalp || c == survey.Ear || c == survey.Brow })
	if head.Empty() {
		return regions.Rect
	}
	skin := extent(regions, func(c uint8) bool { return c == survey.Scalp || c == survey.Skin })
	side := float64(max(head.Dx(), head.Dy()))
	air := int(frameAir * side)
	r := image.Rect(head.Min.X-air, head.Min.Y-air, head.Max.X+air, head.Max.Y+air)
	r.Max.Y = max(r.Max.Y, min(head.Max.Y+int(frameBelow*side), skin.Max.Y+air))
	return shaped(r, regions.Rect)
}

// extent is the box of the pixels that belong, without strays.
func extent(m *image.Gray, belongs func(uint8) bool) image.Rectangle {
	w, h := m.Rect.Dx(), m.Rect.Dy()
	columns, rows, n := make([]int, w), make([]int, h), 0
	for y := range h {
		for x, c := range m.Pix[y*m.Stride : y*m.Stride+w] {
			if belongs(c) {
				columns[x]++
				rows[y]++
				n++
			}
		}
	}
	if n == 0 {
		return image.Rectangle{}
	}
	x0, x1 := span(columns, n/frameStray)
	y0, y1 := span(rows, n/frameStray)
	return image.Rect(x0, y0, x1, y1).Add(m.Rect.Min)
}

// span is the range of a histogram that leaves at most so many at each end.
func span(counts []int, stray int) (from, to int) {
	to = len(counts)
	for sum := counts[0]; from < to-1 && sum <= stray; sum += counts[from] {
		from++
	}
	for sum := counts[to-1]; to > from+1 && sum <= stray; sum += counts[to-1] {
		to--
	}
	return from, to
}

// shaped grows a box to the report's shape and moves it into the picture.
func shaped(r, bounds image.Rectangle) image.Rectangle {
	w := max(r.Dx(), int(frameAspect*float64(r.Dy())))
	h := max(r.Dy(), int(float64(r.Dx())/frameAspect))
	w, h = min(w, bounds.Dx()), min(h, bounds.Dy())
	x := min(max((r.Min.X+r.Max.X-w)/2, bounds.Min.X), bounds.Max.X-w)
	y := min(max((r.Min.Y+r.Max.Y-h)/2, bounds.Min.Y), bounds.Max.Y-h)
	return image.Rect(x, y, x+w, y+h)
}
