package visiontest

import (
	"image"
	"math"
	"testing"

	"pointille/internal/colour"
	"pointille/internal/cvx"
	"pointille/internal/headframe"
)

// The printed card: the side of its marker and the white around it.
const (
	MarkerMM = 40.0
	quietMM  = 18.0
	// PaperWhite is the reflectance of its paper, and ink that of its black.
	PaperWhite = 0.84
	ink        = 0.04
)

// Sheet is where the card lies: the middle of its marker, and the directions
// of the marker's right and down.
type Sheet struct{ Middle, Right, Down headframe.Vec }

// Corners are the marker's, top left first, clockwise as printed. size is its
// side, mm.
func (s Sheet) Corners(cam headframe.Camera, size float64) (c [4][2]float64) {
	for i, o := range [4][2]float64{{-1, -1}, {1, -1}, {1, 1}, {-1, 1}} {
		p := s.Middle.Add(s.Right.Mul(o[0] * size / 2)).Add(s.Down.Mul(o[1] * size / 2))
		c[i][0], c[i][1], _ = cam.Project(p)
	}
	return c
}

// fine is the number of rays per pixel and side with which the card is drawn.
const fine = 4

// DrawCard draws the card over img as cam sees it, in a light that gives a
// perfect white the linear colour white. id is the marker's.
func DrawCard(tb testing.TB, img *image.NRGBA, cam headframe.Camera, s Sheet, id int, white [3]float64) {
	tb.Helper()
	const cell = 8
	marker, err := cvx.RenderMarker(0, id, cell)
	if err != nil {
		tb.Fatal(err)
	}
	n := s.Right.Cross(s.Down)
	eye := cam.Eye()
	at := func(x, y float64) (reflect float64, on bool) {
		ray := cam.Ray(x, y)
		d := s.Middle.Sub(eye).Dot(n) / ray.Dot(n)
		p := eye.Add(ray.Mul(d)).Sub(s.Middle)
		u, v := p.Dot(s.Right), p.Dot(s.Down)
		if d < 0 || math.Abs(u) > MarkerMM/2+quietMM || math.Abs(v) > MarkerMM/2+quietMM {
			return 0, false
		}
		k := float64(marker.Rect.Dx()) / MarkerMM
		q := image.Pt(int(math.Floor((u+MarkerMM/2)*k)), int(math.Floor((v+MarkerMM/2)*k)))
		if q.In(marker.Rect) && marker.GrayAt(q.X, q.Y).Y < 128 {
			return ink, true
		}
		return PaperWhite, true
	}
	around := image.Rectangle{}
	for _, c := range s.Corners(cam, MarkerMM+2*quietMM) {
		p := image.Pt(int(c[0]), int(c[1]))
		around = around.Union(image.Rectangle{Min: p, Max: p.Add(image.Pt(1, 1))})
	}
	around = around.Inset(-2).Intersect(img.Rect)
	for y := around.Min.Y; y < around.Max.Y; y++ {
		for x := around.Min.X; x < around.Max.X; x++ {
			blend(img, x, y, white, at)
		}
	}
}

// blend averages the light of one pixel.
func blend(img *image.NRGBA, x, y int, white [3]float64, at func(x, y float64) (float64, bool)) {
	p := img.Pix[img.PixOffset(x, y):]
	under, sum, any := colour.FromBytes(p[0], p[1], p[2]), [3]float64{}, false
	for k := range fine * fine {
		dx, dy := (float64(k%fine)+0.5)/fine-0.5, (float64(k/fine)+0.5)/fine-0.5
		reflect, on := at(float64(x)+dx, float64(y)+dy)
		any = any || on
		for c := range sum {
			if on {
				sum[c] += reflect * white[c] / (fine * fine)
			} else {
				sum[c] += under[c] / (fine * fine)
			}
		}
	}
	if any {
		p[0], p[1], p[2] = colour.Bytes(sum)
	}
}
