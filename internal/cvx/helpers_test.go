package cvx_test

import (
	"image"
	"image/color"
	"math"
	"math/rand/v2"
	"testing"

	"pointille/internal/raster"
)

func must[T any](t testing.TB) func(T, error) T {
	return func(v T, err error) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

func newRand(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 1)) }

// randGray is noise in a sub-image whose stride and origin are not its own.
func randGray(w, h int, seed uint64) *image.Gray {
	whole := image.NewGray(image.Rect(-2, -3, w+5, h+4))
	rng := newRand(seed)
	for i := range whole.Pix {
		whole.Pix[i] = uint8(rng.IntN(256))
	}
	return whole.SubImage(image.Rect(1, 2, 1+w, 2+h)).(*image.Gray)
}

func randNRGBA(w, h int, seed uint64) *image.NRGBA {
	whole := image.NewNRGBA(image.Rect(-2, -3, w+5, h+4))
	rng := newRand(seed)
	for i := range whole.Pix {
		whole.Pix[i] = uint8(rng.IntN(256)) | uint8(255*(i%4/3))
	}
	return whole.SubImage(image.Rect(1, 2, 1+w, 2+h)).(*image.NRGBA)
}

func randPlane(w, h int, seed uint64) *raster.Plane {
	p := raster.NewPlane(w, h)
	rng := newRand(seed)
	for i := range p.Pix {
		p.Pix[i] = rng.Float32()*2 - 1
	}
	return p
}

// randMask is blobs of 255 on 0, in a sub-image.
func randMask(w, h int, share float64, seed uint64) *image.Gray {
	g := randGray(w, h, seed)
	for y := g.Rect.Min.Y; y < g.Rect.Max.Y; y++ {
		for x := g.Rect.Min.X; x < g.Rect.Max.X; x++ {
			v := uint8(0)
			if float64(g.GrayAt(x, y).Y) < 256*share {
				v = 255
			}
			g.SetGray(x, y, color.Gray{Y: v})
		}
	}
	return g
}

// smooth is a picture of slow waves, in a sub-image.
func smooth(w, h int) *image.NRGBA {
	whole := image.NewNRGBA(image.Rect(-1, -1, w+2, h+3))
	for y := range h {
		for x := range w {
			wave := func(k float64) uint8 { return uint8(128 + 90*math.Sin(float64(x)*k+float64(y)*0.05)) }
			whole.SetNRGBA(x+1, y+1, color.NRGBA{R: wave(0.03), G: wave(0.05), B: wave(0.021), A: 255})
		}
	}
	return whole.SubImage(image.Rect(1, 1, w+1, h+1)).(*image.NRGBA)
}

// channels returns a picture as one function of channel and place, with
// places relative to its top-left pixel and mirrored outside.
func channels(img any) (n, w, h int, at func(c, x, y int) float64) {
	switch p := img.(type) {
	case *image.Gray:
		return 1, p.Rect.Dx(), p.Rect.Dy(), func(_, x, y int) float64 {
			return float64(p.GrayAt(p.Rect.Min.X+mirror(x, p.Rect.Dx()), p.Rect.Min.Y+mirror(y, p.Rect.Dy())).Y)
		}
	case *image.NRGBA:
		return 4, p.Rect.Dx(), p.Rect.Dy(), func(c, x, y int) float64 {
			return float64(p.Pix[p.PixOffset(p.Rect.Min.X+mirror(x, p.Rect.Dx()), p.Rect.Min.Y+mirror(y, p.Rect.Dy()))+c])
		}
	case *raster.Plane:
		return 1, p.W, p.H, func(_, x, y int) float64 { return float64(p.Pix[mirror(y, p.H)*p.W+mirror(x, p.W)]) }
	}
	return 0, 0, 0, nil
}

// mirror reflects i into 0..n-1 about the centres of the outermost pixels.
func mirror(i, n int) int {
	if n == 1 {
		return 0
	}
	i = ((i % (2*n - 2)) + 2*n - 2) % (2*n - 2)
	return min(i, 2*n-2-i)
}

// compare checks got against an oracle at every pixel.
func compare(t *testing.T, what string, got any, tolerance float64, want func(c, x, y int) float64) {
	t.Helper()
	n, w, h, at := channels(got)
	if n == 0 {
		t.Fatalf("%s: got %T", what, got)
	}
	for y := range h {
		for x := range w {
			for c := range n {
				if g, o := at(c, x, y), want(c, x, y); math.Abs(g-o) > tolerance || g != g {
					t.Fatalf("%s: (%d,%d) channel %d is %g, want %g", what, x, y, c, g, o)
				}
			}
		}
	}
}
