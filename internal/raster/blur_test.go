package raster_test

import (
	"fmt"
	"math"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/raster"
)

func ExamplePlane_Blurred() {
	p := raster.NewPlane(5, 1)
	p.Set(2, 0, 9)
	fmt.Println(p.Blurred(1).Pix)
	// Output: [0 3 3 3 0]
}

// TestBlurredIsTheMean compares with the sum over every pixel of the window,
// the edge repeated outside.
func TestBlurredIsTheMean(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := planes(t)
		before := append([]float32(nil), p.Pix...)
		radius := rapid.IntRange(-1, 12).Draw(t, "radius") // wider than the plane
		got, r := p.Blurred(radius), max(radius, 0)
		if got.W != p.W || got.H != p.H {
			t.Fatalf("%d×%d from %d×%d", got.W, got.H, p.W, p.H)
		}
		for i, v := range got.Pix {
			want := 0.0
			for dy := -r; dy <= r; dy++ {
				for dx := -r; dx <= r; dx++ {
					x, y := min(max(i%p.W+dx, 0), p.W-1), min(max(i/p.W+dy, 0), p.H-1)
					want += float64(before[y*p.W+x])
				}
			}
			want /= float64((2*r + 1) * (2*r + 1))
			if math.Abs(float64(v)-want) > 1e-3 {
				t.Errorf("%g at (%d,%d) within %d, want %g", v, i%p.W, i/p.W, radius, want)
			}
		}
		if !slices.Equal(before, p.Pix) {
			t.Error("the plane itself was changed")
		}
	})
}

// TestBlurredStaysExact wants no drift along a long row: whole numbers have
// means that are known to the last digit's neighbour.
func TestBlurredStaysExact(t *testing.T) {
	const n, radius = 5000, 8
	p := raster.NewPlane(n, 1)
	for i := range p.Pix {
		p.Pix[i] = float32((i*i*31 + 7*i) % 256)
	}
	q := p.Blurred(radius)
	for x := radius; x < n-radius; x++ {
		sum := 0.0
		for k := x - radius; k <= x+radius; k++ {
			sum += float64(p.Pix[k])
		}
		if want := sum / (2*radius + 1); math.Abs(float64(q.Pix[x])-want) > 1e-4 {
			t.Fatalf("%g at %d, want %g", q.Pix[x], x, want)
		}
	}
}

// TestResizeIsSampling compares with the formula, and with nothing done at the
// plane's own size.
func TestResizeIsSampling(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := planes(t)
		w, h := rapid.IntRange(1, 20).Draw(t, "to w"), rapid.IntRange(1, 20).Draw(t, "to h")
		q := p.Resize(w, h)
		for i, v := range q.Pix {
			x := min(max((float64(i%w)+0.5)*float64(p.W)/float64(w)-0.5, 0), float64(p.W-1))
			y := min(max((float64(i/w)+0.5)*float64(p.H)/float64(h)-0.5, 0), float64(p.H-1))
			want := 0.0
			for j, u := range p.Pix {
				want += float64(u) * max(0, 1-math.Abs(x-float64(j%p.W))) * max(0, 1-math.Abs(y-float64(j/p.W)))
			}
			if math.Abs(float64(v)-want) > 1e-3 {
				t.Errorf("%g at %d of %d×%d from %d×%d, want %g", v, i, w, h, p.W, p.H, want)
			}
		}
		if same := p.Resize(p.W, p.H); !slices.Equal(same.Pix, p.Pix) {
			t.Errorf("%v at its own size, was %v", same.Pix, p.Pix)
		}
	})
}

// TestGreyLevels compares with rounding in double precision, to the nearest
// level within the range.
func TestGreyLevels(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := rapid.Float32Range(-1000, 1000).Draw(t, "value")
		k := rapid.Float32Range(0, 300).Draw(t, "scale")
		p := raster.NewPlane(1, 1)
		p.Pix[0] = v
		exact := float64(v) * float64(k)
		if got := float64(p.Gray(k).Pix[0]); math.Abs(got-min(255, max(0, exact))) > 0.501 {
			t.Errorf("8 bit: %g for %g", got, exact)
		}
		if got := float64(p.Gray16(k).Gray16At(0, 0).Y); math.Abs(got-min(65535, max(0, exact))) > 0.51 {
			t.Errorf("16 bit: %g for %g", got, exact)
		}
	})
}
