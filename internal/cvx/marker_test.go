package cvx_test

import (
	"fmt"
	"image"
	"math"
	"math/rand/v2"
	"os"
	"testing"

	"pointille/internal/cvx"
)

// card is the printed scale card seen through a homography: millimetres of the
// card, (0,0) the top-left corner of its 40 mm marker, to pixels.
type card struct {
	h [9]float64
}

const (
	markerSide = 40.0
	cardLeft   = -5.0
	cardTop    = -5.0
	cardRight  = 57.0
	cardBottom = 45.0
)

func (c card) pixel(x, y float64) cvx.Point { return project(c.h, x, y) }

func project(h [9]float64, x, y float64) cvx.Point {
	w := h[6]*x + h[7]*y + h[8]
	return cvx.Point{X: (h[0]*x + h[1]*y + h[2]) / w, Y: (h[3]*x + h[4]*y + h[5]) / w}
}

func (c card) corners() [4]cvx.Point {
	return [4]cvx.Point{c.pixel(0, 0), c.pixel(markerSide, 0), c.pixel(markerSide, markerSide), c.pixel(0, markerSide)}
}

// pose is a card photographed at pxPerMM, turned in the picture and tilted
// about its vertical axis, both in degrees, centred at (cx, cy).
func pose(pxPerMM, turn, tilt, cx, cy float64) card {
	sin, cos := math.Sincos(turn * math.Pi / 180)
	st, ct := math.Sincos(tilt * math.Pi / 180)
	const away = 600.0 // mm
	f := pxPerMM * away
	// X = R·(x-20, y-20, 0) + (0, 0, away), pixel = f·X/Z + c
	rx, ry := [2]float64{ct * cos, -ct * sin}, [2]float64{sin, cos}
	rz := [2]float64{-st * cos, st * sin}
	var h [9]float64
	for i := range 2 {
		h[i] = f*rx[i] + cx*rz[i]
		h[3+i] = f*ry[i] + cy*rz[i]
		h[6+i] = rz[i]
	}
	mid := markerSide / 2
	h[2] = -mid*(h[0]+h[1]) + cx*away
	h[5] = -mid*(h[3]+h[4]) + cy*away
	h[8] = -mid*(h[6]+h[7]) + away
	return card{h}
}

// reflectance of the card at a place in millimetres, or of what lies behind.
func reflectance(m *image.Gray, x, y float64) float64 {
	switch {
	case x < cardLeft || y < cardTop || x > cardRight || y > cardBottom:
		return 0.25
	case x < 0 || y < 0 || x >= markerSide || y >= markerSide:
		return 0.82
	}
	if m.GrayAt(int(x*6/markerSide), int(y*6/markerSide)).Y > 0 {
		return 0.82
	}
	return 0.05
}

// photograph renders the card with 6×6 samples a pixel, blurs it by sigma
// pixels and adds noise of the given standard deviation.
func photograph(t testing.TB, c card, w, h int, sigma, noise float64, linear bool) *image.Gray {
	m := must[*image.Gray](t)(cvx.RenderMarker(cvx.Dict4x4x50, 7, 1))
	inv := invert(c.h)
	img := image.NewGray(image.Rect(0, 0, w, h))
	const n = 6
	lin := make([]float64, w*h)
	for i := range lin {
		for k := range n * n {
			x := float64(i%w) + (float64(k%n)+0.5)/n - 0.5
			y := float64(i/w) + (float64(k/n)+0.5)/n - 0.5
			p := project(inv, x, y)
			lin[i] += encode(reflectance(m, p.X, p.Y), linear) / (n * n)
		}
	}
	lin = blur(lin, w, h, sigma)
	rng := rand.New(rand.NewPCG(1, 2))
	for i, v := range lin {
		if linear {
			v = encode(v, false)
		}
		img.Pix[i] = uint8(math.Round(min(255, max(0, 255*v+noise*rng.NormFloat64()))))
	}
	return img
}

// encode is the sRGB transfer curve, or nothing where light stays linear.
func encode(v float64, linear bool) float64 {
	if linear {
		return v
	}
	if v <= 0.0031308 {
		return 12.92 * v
	}
	return 1.055*math.Pow(v, 1/2.4) - 0.055
}

func blur(a []float64, w, h int, sigma float64) []float64 {
	if sigma == 0 {
		return a
	}
	r := int(math.Ceil(4 * sigma))
	kernel := make([]float64, 2*r+1)
	sum := 0.0
	for i := range kernel {
		kernel[i] = math.Exp(-float64((i-r)*(i-r)) / (2 * sigma * sigma))
		sum += kernel[i]
	}
	pass := func(src []float64, dx, dy int) []float64 {
		out := make([]float64, len(src))
		for i := range src {
			for k, g := range kernel {
				x := min(w-1, max(0, i%w+(k-r)*dx))
				y := min(h-1, max(0, i/w+(k-r)*dy))
				out[i] += g / sum * src[y*w+x]
			}
		}
		return out
	}
	return pass(pass(a, 1, 0), 0, 1)
}

func invert(m [9]float64) [9]float64 {
	a, b, c, d, e, f, g, h, i := m[0], m[1], m[2], m[3], m[4], m[5], m[6], m[7], m[8]
	return [9]float64{
		e*i - f*h, c*h - b*i, b*f - c*e,
		f*g - d*i, a*i - c*g, c*d - a*f,
		d*h - e*g, b*g - a*h, a*e - b*d,
	}
}

// errors returns the mean distance of corners from truth and how far they lie
// outwards on average, both in pixels.
func cornerErrors(m cvx.Marker, truth [4]cvx.Point) (mean, outward float64) {
	var cx, cy float64
	for _, p := range truth {
		cx, cy = cx+p.X/4, cy+p.Y/4
	}
	for i, p := range truth {
		dx, dy := m.Corners[i].X-p.X, m.Corners[i].Y-p.Y
		r := math.Hypot(p.X-cx, p.Y-cy)
		mean += math.Hypot(dx, dy) / 4
		outward += (dx*(p.X-cx) + dy*(p.Y-cy)) / r / 4
	}
	return mean, outward
}

func TestDetectMarkersCorners(t *testing.T) {
	for _, px := range []float64{1.5, 3, 6} {
		for _, tilt := range []float64{0, 40} {
			for _, sigma := range []float64{0.5, 1.2} {
				name := fmt.Sprintf("%g px/mm tilt %g blur %g", px, tilt, sigma)
				side := int(75 * px)
				c := pose(px, 13, tilt, float64(side)/2+0.3, float64(side)/2-0.2)
				img := photograph(t, c, side, side, sigma, 3, true)
				found := must[[]cvx.Marker](t)(cvx.DetectMarkers(img, cvx.MarkerOptions{IDs: []int{7}}))
				if len(found) != 1 || !found[0].Refined {
					t.Errorf("%s: found %v", name, found)
					continue
				}
				mean, out := cornerErrors(found[0], c.corners())
				t.Logf("%s: mean %.3f outward %+.3f spread %+.3f res %.3f", name, mean, out, found[0].Spread, found[0].Residual)
				if mean > 0.1 {
					t.Errorf("%s: corners are off by %.3f pixels on average, %.3f outwards", name, mean, out)
				}
			}
		}
	}
}

// TestDetectMarkersTone checks that a camera's tone curve, which makes white
// grow over black, is measured inside the marker and taken out.
func TestDetectMarkersTone(t *testing.T) {
	const side = 400
	c := pose(4, 13, 20, side/2, side/2)
	img := photograph(t, c, side, side, 1, 1, true)
	for i, v := range img.Pix {
		y := float64(v) / 255
		img.Pix[i] = uint8(255*(y+0.5*y*(1-y)) + 0.5)
	}
	found := must[[]cvx.Marker](t)(cvx.DetectMarkers(img, cvx.MarkerOptions{}))
	if len(found) != 1 {
		t.Fatalf("found %v", found)
	}
	mean, out := cornerErrors(found[0], c.corners())
	if mean > 0.1 || found[0].Spread < 0.02 {
		t.Errorf("corners are off by %.3f pixels, %.3f outwards, spread %.3f", mean, out, found[0].Spread)
	}
}

// TestDetectMarkersDemo compares with the corners that the demo case was
// rendered from. The front view's card is bent about the forehead.
func TestDetectMarkersDemo(t *testing.T) {
	tests := map[string]struct {
		corners [4]cvx.Point
		most    float64 // mean error, pixels
	}{
		"back":  {[4]cvx.Point{{X: 108.53, Y: 742.09}, {X: 239.27, Y: 762.64}, {X: 223.88, Y: 896.06}, {X: 94.78, Y: 874.67}}, 0.1},
		"crown": {[4]cvx.Point{{X: 105.76, Y: 741.72}, {X: 236.58, Y: 762.11}, {X: 220.0, Y: 897.15}, {X: 90.49, Y: 875.64}}, 0.1},
		"left":  {[4]cvx.Point{{X: 81.1, Y: 751.59}, {X: 195.47, Y: 768.18}, {X: 182.2, Y: 880.27}, {X: 68.73, Y: 864.07}}, 0.1},
		"right": {[4]cvx.Point{{X: 81.67, Y: 751.52}, {X: 195.25, Y: 768.23}, {X: 181.95, Y: 880.39}, {X: 69.28, Y: 863.88}}, 0.1},
		"front": {[4]cvx.Point{{X: 441.17, Y: 581.72}, {X: 588.18, Y: 563.59}, {X: 598.8, Y: 706.18}, {X: 446.73, Y: 723.05}}, 0.2},
	}
	for name, tt := range tests {
		data := must[[]byte](t)(os.ReadFile("../../testdata/demo/" + name + ".jpg"))
		img := must[*image.NRGBA](t)(cvx.Decode(data, cvx.DecodeOptions{}))
		found := must[[]cvx.Marker](t)(cvx.DetectMarkers(must[*image.Gray](t)(cvx.ToGray(img)), cvx.MarkerOptions{IDs: []int{7}}))
		if len(found) != 1 {
			t.Errorf("%s: found %v", name, found)
			continue
		}
		if mean, out := cornerErrors(found[0], tt.corners); mean > tt.most {
			t.Errorf("%s: corners are off by %.3f pixels on average, %.3f outwards", name, mean, out)
		}
		if bent := found[0].Bend > 0; bent != (name == "front") {
			t.Errorf("%s: bend %.2f pixels", name, found[0].Bend)
		}
	}
}

// TestDetectMarkersShare wants markers of the least size found on a large
// picture, and on a small one whose markers need a larger copy.
func TestDetectMarkersShare(t *testing.T) {
	for _, tt := range []struct{ w, h, cell int }{{4000, 3000, 14}, {640, 480, 3}} {
		m := must[*image.Gray](t)(cvx.RenderMarker(cvx.Dict4x4x50, 7, tt.cell))
		img := image.NewGray(image.Rect(0, 0, tt.w, tt.h))
		for i := range img.Pix {
			img.Pix[i] = 200
		}
		for y := range m.Rect.Dy() {
			copy(img.Pix[(tt.h/3+y)*tt.w+tt.w/4:], m.Pix[y*m.Stride:][:m.Rect.Dx()])
		}
		got := must[[]cvx.Marker](t)(cvx.DetectMarkers(img, cvx.MarkerOptions{Share: 1.0 / 50}))
		if len(got) != 1 {
			t.Errorf("marker of %d pixels on %d: found %d", m.Rect.Dx(), tt.w, len(got))
		}
	}
}

func TestDetectMarkersNone(t *testing.T) {
	for _, s := range smallSizes() {
		if found := must[[]cvx.Marker](t)(cvx.DetectMarkers(randGray(s.X, s.Y, 50), cvx.MarkerOptions{})); len(found) != 0 {
			t.Errorf("%v: found %v", s, found)
		}
	}
	g := randGray(300, 200, 51)
	for name, f := range map[string]func() error{
		"nil":        func() error { _, err := cvx.DetectMarkers(nil, cvx.MarkerOptions{}); return err },
		"dictionary": func() error { _, err := cvx.DetectMarkers(g, cvx.MarkerOptions{Dictionary: 99}); return err },
		"share":      func() error { _, err := cvx.DetectMarkers(g, cvx.MarkerOptions{Share: math.NaN()}); return err },
		"count":      func() error { _, err := cvx.DetectMarkers(g, cvx.MarkerOptions{Count: -1}); return err },
		"id":         func() error { _, err := cvx.RenderMarker(cvx.Dict4x4x50, 50, 3); return err },
		"cell":       func() error { _, err := cvx.RenderMarker(cvx.Dict5x5x100, 5, 0); return err },
		"family":     func() error { _, err := cvx.RenderMarker(3, 5, 2); return err },
	} {
		if f() == nil {
			t.Errorf("%s: no error", name)
		}
	}
	m := must[*image.Gray](t)(cvx.RenderMarker(cvx.DictAprilTag36h11, 9, 2))
	if m.Rect.Dx() != 2*cvx.DictAprilTag36h11.Cells() {
		t.Errorf("marker of %v pixels", m.Rect)
	}
}
