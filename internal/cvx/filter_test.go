package cvx_test

import (
	"errors"
	"fmt"
	"image"
	"math"
	"reflect"
	"runtime"
	"slices"
	"testing"

	"pointille/internal/cvx"
	"pointille/internal/raster"
)

// each runs a test of a filter on all three kinds of picture.
func each(t *testing.T, sizes []image.Point, tolerance8 float64,
	gray func(*image.Gray) (*image.Gray, error), colour func(*image.NRGBA) (*image.NRGBA, error),
	plane func(*raster.Plane) (*raster.Plane, error), oracle func(src any) func(c, x, y int) float64) {
	t.Helper()
	for _, s := range sizes {
		name := fmt.Sprintf("%dx%d", s.X, s.Y)
		if gray != nil {
			g := randGray(s.X, s.Y, 1)
			compare(t, "gray "+name, must[*image.Gray](t)(gray(g)), tolerance8, oracle(g))
		}
		if colour != nil {
			c := randNRGBA(s.X, s.Y, 2)
			compare(t, "colour "+name, must[*image.NRGBA](t)(colour(c)), tolerance8, oracle(c))
		}
		if plane != nil {
			p := randPlane(s.X, s.Y, 3)
			compare(t, "plane "+name, must[*raster.Plane](t)(plane(p)), 1e-5, oracle(p))
		}
	}
}

func smallSizes() []image.Point {
	return []image.Point{{X: 1, Y: 1}, {X: 2, Y: 3}, {X: 1, Y: 9}, {X: 13, Y: 11}, {X: 40, Y: 17}}
}

func TestGaussian(t *testing.T) {
	for _, sigma := range []float64{0, 0.5, 1.3, 4} {
		each(t, smallSizes(), 4, // the weights have 8 bits
			func(g *image.Gray) (*image.Gray, error) { return cvx.Gaussian(g, sigma) },
			func(g *image.NRGBA) (*image.NRGBA, error) { return cvx.Gaussian(g, sigma) },
			func(g *raster.Plane) (*raster.Plane, error) { return cvx.Gaussian(g, sigma) },
			func(src any) func(c, x, y int) float64 {
				_, _, _, at := channels(src)
				return func(c, x, y int) float64 { return gaussianAt(at, sigma, c, x, y) }
			})
	}
}

func gaussianAt(at func(c, x, y int) float64, sigma float64, c, x, y int) float64 {
	if sigma == 0 {
		return at(c, x, y)
	}
	r := int(math.Ceil(4 * sigma))
	var sum, weight float64
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			k := math.Exp(-float64(dx*dx+dy*dy) / (2 * sigma * sigma))
			sum, weight = sum+k*at(c, x+dx, y+dy), weight+k
		}
	}
	return sum / weight
}

func TestBox(t *testing.T) {
	for _, r := range []int{0, 1, 4} {
		each(t, smallSizes(), 0.51,
			func(g *image.Gray) (*image.Gray, error) { return cvx.Box(g, r) },
			func(g *image.NRGBA) (*image.NRGBA, error) { return cvx.Box(g, r) },
			func(g *raster.Plane) (*raster.Plane, error) { return cvx.Box(g, r) },
			func(src any) func(c, x, y int) float64 {
				_, _, _, at := channels(src)
				return func(c, x, y int) float64 { return boxAt(at, r, c, x, y) }
			})
	}
}

func boxAt(at func(c, x, y int) float64, r, c, x, y int) float64 {
	var sum float64
	for dy := -r; dy <= r; dy++ {
		for dx := -r; dx <= r; dx++ {
			sum += at(c, x+dx, y+dy)
		}
	}
	return sum / float64((2*r+1)*(2*r+1))
}

func TestMedian(t *testing.T) {
	for _, r := range []int{0, 1, 2, 4} {
		plane := func(g *raster.Plane) (*raster.Plane, error) { return cvx.Median(g, r) }
		if r > 2 {
			plane = nil
		}
		each(t, smallSizes(), 0,
			func(g *image.Gray) (*image.Gray, error) { return cvx.Median(g, r) },
			func(g *image.NRGBA) (*image.NRGBA, error) { return cvx.Median(g, r) }, plane,
			func(src any) func(c, x, y int) float64 {
				_, w, h, at := channels(src)
				return func(c, x, y int) float64 {
					var around []float64
					for dy := -r; dy <= r; dy++ {
						for dx := -r; dx <= r; dx++ {
							around = append(around, at(c, min(w-1, max(0, x+dx)), min(h-1, max(0, y+dy))))
						}
					}
					slices.Sort(around)
					return around[len(around)/2]
				}
			})
	}
}

func TestGradientAndLaplacian(t *testing.T) {
	for _, s := range smallSizes() {
		p := randPlane(s.X, s.Y, 4)
		_, _, _, at := channels(p)
		gx, gy, err := cvx.Gradient(p)
		if err != nil {
			t.Fatal(err)
		}
		slope := func(x, y, dx, dy int) float64 {
			d := func(k int) float64 { return at(0, x+dx+k*dy, y+dy+k*dx) - at(0, x-dx+k*dy, y-dy+k*dx) }
			return (d(-1) + 2*d(0) + d(1)) / 8
		}
		compare(t, "gx", gx, 1e-5, func(_, x, y int) float64 { return slope(x, y, 1, 0) })
		compare(t, "gy", gy, 1e-5, func(_, x, y int) float64 { return slope(x, y, 0, 1) })
		compare(t, "laplacian", must[*raster.Plane](t)(cvx.Laplacian(p)), 1e-5, func(_, x, y int) float64 {
			return at(0, x-1, y) + at(0, x+1, y) + at(0, x, y-1) + at(0, x, y+1) - 4*at(0, x, y)
		})
	}
}

func TestResize(t *testing.T) {
	each(t, []image.Point{{X: 12, Y: 9}, {X: 30, Y: 3}}, 0.51,
		func(g *image.Gray) (*image.Gray, error) { return cvx.Resize(g, g.Rect.Dx()/3, g.Rect.Dy()/3, cvx.Area) },
		func(g *image.NRGBA) (*image.NRGBA, error) {
			return cvx.Resize(g, g.Rect.Dx()/3, g.Rect.Dy()/3, cvx.Area)
		},
		func(p *raster.Plane) (*raster.Plane, error) { return cvx.Resize(p, p.W/3, p.H/3, cvx.Area) },
		func(src any) func(c, x, y int) float64 {
			_, _, _, at := channels(src)
			return func(c, x, y int) float64 { return boxAt(at, 1, c, 3*x+1, 3*y+1) }
		})
	p := randPlane(9, 7, 5)
	big := must[*raster.Plane](t)(cvx.Resize(p, 20, 31, cvx.Linear))
	oracle := p.Resize(20, 31)
	compare(t, "linear", big, 1e-4, func(_, x, y int) float64 { return float64(oracle.At(x, y)) })
}

// TestResizeLarge compares reductions that are halved first with exact means of
// what each pixel covers.
func TestResizeLarge(t *testing.T) {
	for _, s := range []image.Point{{X: 61, Y: 50}, {X: 13, Y: 9}, {X: 40, Y: 30}} {
		img := image.NewGray(image.Rect(0, 0, 240, 192))
		for i := range img.Pix {
			x, y := float64(i%240), float64(i/240)
			img.Pix[i] = uint8(128 + 60*math.Sin(x*0.09)*math.Cos(y*0.05) + 40*math.Tanh((x-100-y/3)/2) + float64(i*7919%23) - 11)
		}
		kx, ky := 240/float64(s.X), 192/float64(s.Y)
		covered := func(i, x int, k float64) float64 { // share of source pixel i under result pixel x
			return max(0, min(float64(i+1), float64(x+1)*k)-max(float64(i), float64(x)*k)) / k
		}
		got := must[*image.Gray](t)(cvx.Resize(img, s.X, s.Y, cvx.Area))
		compare(t, s.String(), got, 4, func(_, x, y int) float64 {
			sum := 0.0
			for j := int(float64(y) * ky); j < min(192, int(float64(y+1)*ky)+1); j++ {
				for i := int(float64(x) * kx); i < min(240, int(float64(x+1)*kx)+1); i++ {
					sum += covered(i, x, kx) * covered(j, y, ky) * float64(img.Pix[j*240+i])
				}
			}
			return sum
		})
	}
}

func TestFilterErrors(t *testing.T) {
	g, p := randGray(4, 4, 1), randPlane(4, 4, 1)
	nan := randPlane(4, 4, 1)
	nan.Pix[5] = float32(math.NaN())
	short := &image.Gray{Pix: make([]byte, 10), Stride: 4, Rect: image.Rect(0, 0, 4, 4)}
	narrow := &image.Gray{Pix: make([]byte, 16), Stride: 2, Rect: image.Rect(0, 0, 4, 4)}
	wide := &image.Gray{Pix: make([]byte, 40000), Stride: 40000, Rect: image.Rect(0, 0, 40000, 1)}
	tests := map[string]func() error{
		"nil":           func() error { _, err := cvx.Gaussian((*image.Gray)(nil), 1); return err },
		"nil plane":     func() error { _, err := cvx.Gaussian((*raster.Plane)(nil), 1); return err },
		"nil colour":    func() error { _, err := cvx.Resize((*image.NRGBA)(nil), 2, 2, cvx.Area); return err },
		"empty":         func() error { _, err := cvx.Box(&image.Gray{}, 1); return err },
		"empty plane":   func() error { _, err := cvx.Box(raster.NewPlane(0, 3), 1); return err },
		"short buffer":  func() error { _, err := cvx.Box(short, 1); return err },
		"short plane":   func() error { _, err := cvx.Box(&raster.Plane{W: 3, H: 3, Pix: p.Pix[:8]}, 1); return err },
		"narrow stride": func() error { _, err := cvx.Box(narrow, 1); return err },
		"too wide":      func() error { _, err := cvx.Box(wide, 1); return err },
		"NaN":           func() error { _, err := cvx.Laplacian(nan); return err },
		"NaN gradient":  func() error { _, _, err := cvx.Gradient(nan); return err },
		"sigma":         func() error { _, err := cvx.Gaussian(g, -1); return err },
		"sigma NaN":     func() error { _, err := cvx.Gaussian(g, math.NaN()); return err },
		"radius":        func() error { _, err := cvx.Box(g, -1); return err },
		"median":        func() error { _, err := cvx.Median(g, 200); return err },
		"median plane":  func() error { _, err := cvx.Median(p, 3); return err },
		"resize":        func() error { _, err := cvx.Resize(g, 0, 5, cvx.Area); return err },
		"resize big":    func() error { _, err := cvx.Resize(g, 1<<20, 5, cvx.Area); return err },
		"sampling":      func() error { _, err := cvx.Resize(g, 2, 2, cvx.Sampling(9)); return err },
	}
	for name, f := range tests {
		if err := f(); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	if _, err := cvx.Box((*image.Gray)(nil), 1); !errors.Is(err, cvx.ErrEmpty) {
		t.Errorf("nil picture: %v", err)
	}
}

// TestThreads checks that results do not depend on the number of threads.
func TestThreads(t *testing.T) {
	defer cvx.SetThreads(cvx.Threads())
	img, mask, plane := randNRGBA(700, 500, 8), randMask(700, 500, 0.45, 9), randPlane(700, 500, 10)
	var first []any
	for _, n := range []int{1, 2} {
		cvx.SetThreads(n)
		if want := min(n, runtime.NumCPU()); cvx.Threads() != want {
			t.Errorf("%d threads set, %d used, want %d", n, cvx.Threads(), want)
		}
		all := []any{
			must[*image.NRGBA](t)(cvx.Gaussian(img, 2)), must[*image.NRGBA](t)(cvx.Resize(img, 333, 211, cvx.Area)),
			must[*cvx.Components](t)(cvx.Label(mask)), must[*raster.Plane](t)(cvx.Gaussian(plane, 3)),
			must[*raster.Plane](t)(cvx.Distance(mask)), must[*image.Gray](t)(cvx.Morph(mask, cvx.Open, 3)),
			must[*image.Gray](t)(cvx.GrabCut(smooth(160, 120), trimap(160, 120), 1)), must[[]byte](t)(cvx.EncodeJPEG(img, 80)),
		}
		if first == nil {
			first = all
			continue
		}
		for i := range all {
			if !reflect.DeepEqual(all[i], first[i]) {
				t.Errorf("result %d differs between 1 and %d threads", i, n)
			}
		}
	}
}

// trimap calls the border of a picture background and leaves the rest open.
func trimap(w, h int) *image.Gray {
	g := image.NewGray(image.Rect(0, 0, w, h))
	for i := range g.Pix {
		g.Pix[i] = cvx.MayFront
		if x, y := i%w, i/w; x < w/4 || x >= w-w/4 || y < h/4 || y >= h-h/4 {
			g.Pix[i] = cvx.SureBack
		}
	}
	return g
}
