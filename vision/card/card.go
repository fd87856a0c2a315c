// Package card reads the printed calibration card in a photo: where its marker
// is, how far away, and what white looks like beside it.
//
// Pixels are those of the picture searched; distances are mm along the optical
// axis; colours are linear sRGB. A picture without a card is no error.
package card

import (
	"image"
	"math"
	"sort"

	"pointille/internal/colour"
	"pointille/internal/cvx"
	"pointille/internal/headframe"
)

// The printed marker: ArUco DICT_4X4_50, this id, this side with its black border.
const (
	markerID = 7
	SideMM   = 40.0
)

// smallest is the least side of a marker as a share of the picture's longer
// side: on a head that fills half the picture it takes a tenth.
const smallest = 1.0 / 50

// paperWhite is the reflectance of printed-on paper, against a perfect white:
// office papers measure 0.80-0.88 without their optical brightener.
const paperWhite = 0.84

// Card is a marker found in a picture.
type Card struct {
	Corners [4][2]float64 // top left, top right, bottom right, bottom left of the marker as printed
	h       [9]float64    // unit square to pixels
}

// Find looks for the card. One that looks smaller than a fiftieth of a large
// picture may be missed: its distance could not be told anyway.
func Find(img *image.NRGBA) (Card, bool) {
	grey, err := cvx.ToGray(img)
	if err != nil {
		return Card{}, false
	}
	markers, err := cvx.DetectMarkers(grey, cvx.MarkerOptions{IDs: []int{markerID}, Share: smallest})
	if err != nil || len(markers) == 0 {
		return Card{}, false
	}
	var corners [4][2]float64
	for i, p := range markers[0].Corners {
		corners[i] = [2]float64{p.X, p.Y}
	}
	return New(corners)
}

// New makes a card of its marker's corners. ok is false for a degenerate shape.
func New(corners [4][2]float64) (c Card, ok bool) {
	h, ok := squareToQuad(corners)
	return Card{Corners: corners, h: h}, ok
}

// Enlarged returns the card as it lies on a picture k times the size of the one
// it was found on.
func (c Card) Enlarged(k float64) (Card, bool) {
	for i, p := range c.Corners {
		c.Corners[i] = [2]float64{(p[0]+0.5)*k - 0.5, (p[1]+0.5)*k - 0.5}
	}
	return New(c.Corners)
}

// Centre returns the pixel of the marker's middle.
func (c Card) Centre() (x, y float64) { return c.at(0.5, 0.5) }

// Distance returns how far the marker's middle is, mm, and how much it is
// turned away, radians. With K⁻¹H = [a b c] for the homography H from the
// square to pixels, a and b have the length of the side over the depth
// scale (Zhang, 2000).
func (c Card) Distance(cam headframe.Camera) (z, tilt float64, ok bool) {
	h := c.h
	a := headframe.Vec{(h[0] - cam.CX*h[6]) / cam.FX, (h[3] - cam.CY*h[6]) / cam.FY, h[6]}
	b := headframe.Vec{(h[1] - cam.CX*h[7]) / cam.FX, (h[4] - cam.CY*h[7]) / cam.FY, h[7]}
	la, lb := a.Norm(), b.Norm()
	if la == 0 || lb == 0 || la/lb > 1.8 || lb/la > 1.8 {
		return 0, 0, false
	}
	n := a.Unit().Cross(b.Unit()).Unit()
	middle := 1 + h[6]/2 + h[7]/2
	return SideMM / math.Sqrt(la*lb) * middle, math.Acos(min(1, math.Abs(n[2]))), true
}

// White returns what a perfect white lying where the card lies would measure:
// the paper around the marker over its reflectance. scale is the number of
// photo pixels per pixel of img. ok is false where the paper is burnt out or
// hidden.
func (c Card) White(img *image.NRGBA, scale float64) (white [3]float64, ok bool) {
	var px [][3]float64
	for t := 0.0; t <= 1; t += 0.05 {
		for _, q := range [4][2]float64{{t, -0.055}, {t, 1.055}, {-0.055, t}, {1.055, t}} {
			x, y := c.at(q[0], q[1])
			x, y = (x+0.5)/scale-0.5, (y+0.5)/scale-0.5
			if p := (image.Point{X: int(math.Round(x)), Y: int(math.Round(y))}); p.In(img.Rect) {
				v := img.Pix[img.PixOffset(p.X, p.Y):]
				px = append(px, colour.FromBytes(v[0], v[1], v[2]))
			}
		}
	}
	if len(px) < 40 {
		return white, false
	}
	sort.Slice(px, func(i, j int) bool { return px[i][1] < px[j][1] })
	mid := px[len(px)*6/10]
	for k := range white {
		white[k] = mid[k] / paperWhite
	}
	return white, mid[1] > 0.05 && max(mid[0], mid[1], mid[2]) < 0.98
}

// at returns the pixel of marker position (u, v), each 0..1 across the marker.
func (c Card) at(u, v float64) (x, y float64) {
	w := c.h[6]*u + c.h[7]*v + 1
	return (c.h[0]*u + c.h[1]*v + c.h[2]) / w, (c.h[3]*u + c.h[4]*v + c.h[5]) / w
}

// squareToQuad is the homography from the unit square to a quadrilateral, row
// by row with the last entry 1 (Heckbert, 1989).
func squareToQuad(c [4][2]float64) ([9]float64, bool) {
	dx1, dx2 := c[1][0]-c[2][0], c[3][0]-c[2][0]
	dy1, dy2 := c[1][1]-c[2][1], c[3][1]-c[2][1]
	sx, sy := c[0][0]-c[1][0]+c[2][0]-c[3][0], c[0][1]-c[1][1]+c[2][1]-c[3][1]
	det := dx1*dy2 - dx2*dy1
	if math.Abs(det) < 1e-9 {
		return [9]float64{}, false
	}
	g := (sx*dy2 - dx2*sy) / det
	h := (dx1*sy - sx*dy1) / det
	return [9]float64{
		c[1][0] - c[0][0] + g*c[1][0], c[3][0] - c[0][0] + h*c[3][0], c[0][0],
		c[1][1] - c[0][1] + g*c[1][1], c[3][1] - c[0][1] + h*c[3][1], c[0][1],
		g, h, 1,
	}, true
}
