package paper

import (
	"math"
	"strconv"
)

// CheckSquares draws the squares by which a print is measured, each with its
// top left corner at a point and words along its lower side: mm, 50 mm wide,
// and in, 2 in wide.
func (d *Doc) CheckSquares(mm Point, mmWords string, in Point, inWords string) {
	pen := Pen{Width: 0.2}
	label := Style{Size: 7}
	d.Rect(mm.X, mm.Y, 50, 50, pen)
	d.TextCentre(mm.X+25, mm.Y+48.6, label, mmWords)
	d.Rect(in.X, in.Y, 50.8, 50.8, pen)
	d.TextCentre(in.X+25.4, in.Y+49.4, label, inWords)
}

// Ruler draws a ruler of mm millimetres with its upper side in millimetres and
// its lower side in inches. It is 8 mm high.
func (d *Doc) Ruler(x, y float64, mm int) {
	pen := Pen{Width: 0.15}
	st := Style{Size: 6}
	mid := y + 4
	d.Line(Point{x, mid}, Point{x + float64(mm), mid}, pen)
	for i := range mm + 1 {
		px := x + float64(i)
		d.Line(Point{px, mid}, Point{px, mid - tick(i, 10, 5)}, pen)
		if i%10 == 0 {
			d.TextCentre(px, y+0.9, st, strconv.Itoa(i))
		}
	}
	const sixteenth = 25.4 / 16
	for i := range int(math.Floor(float64(mm)/sixteenth)) + 1 {
		px := x + float64(i)*sixteenth
		d.Line(Point{px, mid}, Point{px, mid + tick(i, 16, 8)}, pen)
		if i%16 == 0 {
			d.TextCentre(px, y+8.6, st, strconv.Itoa(i/16))
		}
	}
	d.Text(x+float64(mm)+1.2, y+3, st, "mm")
	d.Text(x+float64(mm)+1.2, y+7, st, "in")
}

func tick(i, long, middle int) float64 {
	switch {
	case i%long == 0:
		return 2.6
	case i%middle == 0:
		return 1.9
	}
	return 1.2
}
