package cvx_test

import (
	"encoding/binary"
	"image"
	"math"
	"testing"

	"pointille/internal/cvx"
	"pointille/internal/raster"
)

func FuzzDecode(f *testing.F) {
	f.Add(must[[]byte](f)(cvx.EncodeJPEG(smooth(20, 16), 80)), uint8(1))
	f.Add(pngBytes(f, smooth(9, 7)), uint8(2))
	f.Add(webpBytes(f), uint8(4))
	f.Add([]byte("\xff\xd8\xff\xd9"), uint8(8))
	f.Fuzz(func(t *testing.T, data []byte, reduce uint8) {
		img, err := cvx.Decode(data, cvx.DecodeOptions{Reduce: int(reduce), MaxPixels: 1 << 18})
		if (img == nil) == (err == nil) {
			t.Fatalf("picture %v, error %v", img != nil, err)
		}
		if img != nil && (img.Rect.Empty() || len(img.Pix) != 4*img.Rect.Dx()*img.Rect.Dy()) {
			t.Fatalf("bounds %v with %d bytes", img.Rect, len(img.Pix))
		}
	})
}

// FuzzLoadNet feeds bytes that are no model; whole models are trusted.
func FuzzLoadNet(f *testing.F) {
	good := edges(make([]float32, 9))
	f.Add(good[:40])
	f.Add([]byte{7<<3 | 2, 0})
	f.Add([]byte("nonsense"))
	f.Fuzz(func(t *testing.T, data []byte) {
		net, err := cvx.LoadNet(data)
		if (net == nil) == (err == nil) {
			t.Fatalf("net %v, error %v", net, err)
		}
		if net != nil {
			_, _ = net.Forward(make([]float32, 20), [4]int{1, 1, 4, 5})
			_ = net.Close()
		}
	})
}

// FuzzFilters runs every filter on pictures of odd sizes, strides and lengths
// with odd parameters. They may fail; the process must live and results must
// be whole.
func FuzzFilters(f *testing.F) {
	f.Add([]byte{5, 4, 0, 0, 5, 4, 3, 2, 1}, 1.0, 2)
	f.Add([]byte{0, 0, 9, 9, 255, 1, 1, 1, 1}, math.NaN(), -1)
	f.Add([]byte{30, 1, 200, 0, 3, 17, 9, 9, 9}, 1e300, math.MaxInt)
	f.Add([]byte{33, 21, 3, 3, 12, 12, 0, 1, 3}, 0.3, 1)
	f.Fuzz(func(t *testing.T, b []byte, x float64, n int) {
		if len(b) < 8 {
			return
		}
		g := &image.Gray{Pix: b[8:], Stride: int(int8(b[2])), Rect: image.Rect(int(b[4]), int(b[5]), int(b[4])+int(b[0]), int(b[5])+int(b[1]))}
		c := &image.NRGBA{Pix: b[8:], Stride: 4 * int(b[3]), Rect: g.Rect}
		g2, c2 := randGray(1+int(b[0])%40, 1+int(b[1])%40, uint64(b[2])), randNRGBA(1+int(b[0])%40, 1+int(b[1])%40, uint64(b[2]))
		p := &raster.Plane{W: int(int8(b[4])), H: int(int8(b[5])), Pix: floats(b[8:])}
		p2 := randPlane(1+int(b[0])%40, 1+int(b[1])%40, uint64(b[3]))
		for _, img := range []*image.Gray{nil, g, g2} {
			grayFilters(t, img, x, n, b)
		}
		for _, img := range []*image.NRGBA{nil, c, c2} {
			colourFilters(t, img, g2, x, n, b)
		}
		for _, plane := range []*raster.Plane{nil, p, p2} {
			planeFilters(t, plane, p2, x, n, b)
		}
	})
}

func floats(b []byte) (out []float32) {
	for ; len(b) >= 4; b = b[4:] {
		out = append(out, math.Float32frombits(binary.LittleEndian.Uint32(b)))
	}
	return out
}

// whole checks that a filter gave either a picture with pixels or an error.
func whole(t *testing.T, img any, err error) {
	t.Helper()
	_, w, h, at := 0, 0, 0, (func(c, x, y int) float64)(nil)
	if err == nil {
		_, w, h, at = channels(img)
		if w*h == 0 || at(0, w-1, h-1) != at(0, w-1, h-1) {
			t.Fatalf("no error and %dx%d pixels", w, h)
		}
	}
}

func grayFilters(t *testing.T, g *image.Gray, x float64, n int, b []byte) {
	check := func(g *image.Gray, err error) { t.Helper(); whole(t, g, err) }
	check(cvx.Gaussian(g, x))
	check(cvx.Box(g, n))
	check(cvx.Median(g, n))
	check(cvx.Resize(g, int(b[6]), n%100, cvx.Sampling(b[7]%3)))
	check(cvx.Morph(g, cvx.MorphOp(b[6]%5), n%20))
	check(cvx.WarpAffine(g, cvx.Affine{x, 1, 2, x, 3, x}, int(b[6]), int(b[7]), cvx.WarpOptions{Cubic: b[6] > 9, Repeat: b[7] > 9}))
	d, err := cvx.Distance(g)
	whole(t, d, err)
	_, _ = cvx.Label(g)
	_, _ = cvx.Contours(g)
	if g != nil {
		_ = cvx.FillPolygons(g, [][][2]float64{{{x, 1}, {2, x}, {float64(n), 7}}}, b[6])
	}
	_, _ = cvx.DetectMarkers(g, cvx.MarkerOptions{Dictionary: cvx.Dictionary(b[6] % 30), Count: n})
	_, _ = cvx.RenderMarker(cvx.Dictionary(b[6]%30), n%1000, int(b[7]%20))
}

func colourFilters(t *testing.T, c *image.NRGBA, mask *image.Gray, x float64, n int, b []byte) {
	check := func(c *image.NRGBA, err error) { t.Helper(); whole(t, c, err) }
	check(cvx.Gaussian(c, x))
	check(cvx.Box(c, n))
	check(cvx.Median(c, n))
	check(cvx.Resize(c, int(b[6]), n%100, cvx.Sampling(b[7]%3)))
	check(cvx.WarpPerspective(c, cvx.Homography{x, 1, 2, x, 3, x, 0.1, 0, x}, int(b[6]), int(b[7]), cvx.WarpOptions{Cubic: b[6] > 9}))
	check(cvx.Inpaint(c, mask, x))
	g, err := cvx.ToGray(c)
	whole(t, g, err)
	m, err := cvx.GrabCut(c, mask, n)
	whole(t, m, err)
	_, _ = cvx.EncodeJPEG(c, n)
}

func planeFilters(t *testing.T, p, q *raster.Plane, x float64, n int, b []byte) {
	check := func(p *raster.Plane, err error) { t.Helper(); whole(t, p, err) }
	check(cvx.Gaussian(p, x))
	check(cvx.Box(p, n))
	check(cvx.Median(p, n))
	check(cvx.Resize(p, int(b[6]), n%100, cvx.Sampling(b[7]%3)))
	check(cvx.Laplacian(p))
	check(cvx.Remap(q, p, q, cvx.WarpOptions{Repeat: true}))
	gx, _, err := cvx.Gradient(p)
	whole(t, gx, err)
}
