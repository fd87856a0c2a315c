package card

import (
	"fmt"
	"io"
	"math"

	"pointille/internal/paper"
)

// WritePDF writes the page with the studio card on "a4" or "letter". Nothing
// is written on error.
func WritePDF(w io.Writer, sheet string) error {
	size, err := paper.Named(sheet)
	if err != nil {
		return fmt.Errorf("printing the card: %w", err)
	}
	d, err := paper.New(size, paper.Options{Title: "Pointille calibration card", Creator: "Pointille"})
	if err != nil {
		return fmt.Errorf("printing the card: %w", err)
	}
	d.AddPage(false)
	page(d, size)
	b, err := d.Bytes()
	if err != nil {
		return fmt.Errorf("printing the card: %w", err)
	}
	if _, err := w.Write(b); err != nil {
		return fmt.Errorf("writing the card: %w", err)
	}
	return nil
}

func page(d *paper.Doc, size paper.Size) {
	const left = 15
	c := Studio()
	d.Text(left, 20, paper.Style{Size: 15, Bold: true}, "Pointille calibration card")
	y := 26.0
	for _, line := range instructions() {
		y = d.Paragraph(left, y, size.W-2*left, paper.Style{Size: 9}, line) + 0.6
	}
	y += 4
	face(d, c, left, y)
	d.CheckSquares(paper.Point{X: left + c.W + 15, Y: y}, "50 mm: measure both sides", paper.Point{X: left + c.W + 15, Y: y + 53}, "2 in")
	d.Ruler(left, y+c.H+12, 150)
	d.Text(left, y+c.H+30, paper.Style{Size: 7, Grey: 90},
		fmt.Sprintf("%s, number %d, side %.1f mm. Grey steps, nominal reflectance: %s.", Dictionary, c.Marker.ID, c.Marker.Side, steps(c)))
}

func instructions() []string {
	return []string{
		"1. Print at 100 % (\"actual size\", never \"fit to page\") on matt white paper, not glossy.",
		"2. Measure the black marker: 40.0 mm on each side. Measure the check line: 50.0 mm. If they differ, switch off scaling and print again.",
		"3. Cut along the outer line. Keep the white margin round the marker: without it the marker is not found. Glue it on stiff card; it must stay flat.",
		"4. Hold it beside the head, in the plane of the hairline, facing the camera and in the same light. Each centimetre nearer or further away makes sizes wrong by about 2.5 % at 40 cm.",
		"5. No glare, no shadow, no finger on the marker or the grey steps. One card in every photo.",
		"A home printer's greys are approximate. They help to find the colour of the light; they are no colour standard.",
	}
}

// face draws the card with its top left corner at (x, y).
func face(d *paper.Doc, c Card, x, y float64) {
	d.Rect(x, y, c.W, c.H, paper.Pen{Width: 0.15, Grey: 150})
	marker(d, c.Marker, x, y)
	for _, p := range c.Patches {
		d.Fill(x+p.X, y+p.Y, p.W, p.H, p.Grey)
	}
	base := y + c.Marker.Y + c.Marker.Side + 21
	d.Line(paper.Point{X: x + 5, Y: base}, paper.Point{X: x + 55, Y: base}, paper.Pen{Width: 0.2})
	for _, end := range []float64{5, 55} {
		d.Line(paper.Point{X: x + end, Y: base - 1.5}, paper.Point{X: x + end, Y: base + 1.5}, paper.Pen{Width: 0.2})
	}
	d.Text(x+57, base+0.9, paper.Style{Size: 7}, "50.0 mm")
	d.Text(x+5, y+c.H-2.6, paper.Style{Size: 7, Bold: true}, "POINTILLE")
	d.TextRight(x+c.W-5, y+c.H-2.6, paper.Style{Size: 7}, "marker 40.0 mm, keep the white margin")
	d.Ruler(x+5, y+c.H-17, 80)
}

func marker(d *paper.Doc, m Marker, x, y float64) {
	d.Fill(x+m.X, y+m.Y, m.Side, m.Side, 0)
	cell := m.Cell()
	for row, bits := range Pattern() {
		for col := 0; col < Cells; {
			run := 0
			for col+run < Cells && bits[col+run] {
				run++
			}
			if run > 0 {
				d.Fill(x+m.X+float64(col)*cell, y+m.Y+float64(row)*cell, float64(run)*cell, cell, 255)
			}
			col += run + 1
		}
	}
}

func steps(c Card) string {
	s := ""
	for i, p := range c.Patches {
		if i > 0 {
			s += ", "
		}
		s += fmt.Sprintf("%.2f", p.Reflectance)
	}
	return s
}

// printed returns the reflectance that an sRGB grey nominally prints with on
// white paper (IEC 61966-2-1 curve times the paper's own reflectance).
func printed(grey uint8) float64 {
	v := float64(grey) / 255
	if v <= 0.04045 {
		return paperWhite * v / 12.92
	}
	return paperWhite * math.Pow((v+0.055)/1.055, 2.4)
}
