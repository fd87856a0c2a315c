package raster_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/raster"
)

func ExamplePlane_Sample() {
	p := raster.NewPlane(2, 1)
	p.Set(1, 0, 10)
	fmt.Println(p.Sample(0, 0), p.Sample(0.25, 0), p.Sample(7, -3))
	// Output: 0 2.5 10
}

func planes(t *rapid.T) *raster.Plane {
	p := raster.NewPlane(rapid.IntRange(1, 9).Draw(t, "w"), rapid.IntRange(1, 9).Draw(t, "h"))
	for i := range p.Pix {
		p.Pix[i] = rapid.Float32Range(-100, 100).Draw(t, "value")
	}
	return p
}

// TestSampleIsBilinear compares with the sum of all pixels under a tent.
func TestSampleIsBilinear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := planes(t)
		x := rapid.Float64Range(0, float64(p.W-1)).Draw(t, "x")
		y := rapid.Float64Range(0, float64(p.H-1)).Draw(t, "y")
		want := 0.0
		for i, v := range p.Pix {
			want += float64(v) * max(0, 1-math.Abs(x-float64(i%p.W))) * max(0, 1-math.Abs(y-float64(i/p.W)))
		}
		if got := float64(p.Sample(x, y)); math.Abs(got-want) > 1e-3 {
			t.Errorf("%g at (%g,%g), want %g", got, x, y, want)
		}
	})
}

// TestOutside wants the nearest pixel's value anywhere outside.
func TestOutside(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := planes(t)
		x, y := rapid.IntRange(-20, 20).Draw(t, "x"), rapid.IntRange(-20, 20).Draw(t, "y")
		want := p.Pix[min(max(y, 0), p.H-1)*p.W+min(max(x, 0), p.W-1)]
		if p.At(x, y) != want || p.Sample(float64(x), float64(y)) != want {
			t.Errorf("%g and %g at (%d,%d), want %g", p.At(x, y), p.Sample(float64(x), float64(y)), x, y, want)
		}
		before := append([]float32(nil), p.Pix...)
		p.Set(x, y, 7)
		if inside := x >= 0 && y >= 0 && x < p.W && y < p.H; inside != (fmt.Sprint(before) != fmt.Sprint(p.Pix)) && want != 7 {
			t.Errorf("setting (%d,%d) of %d×%d", x, y, p.W, p.H)
		}
	})
}

// TestResizeKeepsSlopes wants a slope to stay the same slope at any size,
// edges aligned with edges.
func TestResizeKeepsSlopes(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := raster.NewPlane(rapid.IntRange(4, 30).Draw(t, "w"), rapid.IntRange(4, 30).Draw(t, "h"))
		for i := range p.Pix {
			p.Pix[i] = float32(3*(i%p.W) - 2*(i/p.W))
		}
		w, h := rapid.IntRange(1, 60).Draw(t, "to w"), rapid.IntRange(1, 60).Draw(t, "to h")
		q := p.Resize(w, h)
		if q.W != w || q.H != h || len(q.Pix) != w*h {
			t.Fatalf("%d×%d, %d values", q.W, q.H, len(q.Pix))
		}
		for i, v := range q.Pix {
			x := (float64(i%w)+0.5)*float64(p.W)/float64(w) - 0.5
			y := (float64(i/w)+0.5)*float64(p.H)/float64(h) - 0.5
			if x < 0 || y < 0 || x > float64(p.W-1) || y > float64(p.H-1) {
				continue // beyond the outermost centres the edge repeats
			}
			if math.Abs(float64(v)-(3*x-2*y)) > 1e-3 {
				t.Errorf("%g at %d, want %g", v, i, 3*x-2*y)
			}
		}
	})
}

// TestBytes wants every grey level back from a plane, rounded and clamped.
func TestBytes(t *testing.T) {
	whole := image.NewGray(image.Rect(-3, -2, 20, 17))
	for i := range whole.Pix {
		whole.Pix[i] = uint8(i)
	}
	part := whole.SubImage(image.Rect(1, 1, 18, 16)).(*image.Gray)
	p := raster.FromGray(part)
	back := p.Gray(1)
	for y := range p.H {
		for x := range p.W {
			if back.GrayAt(x, y) != part.GrayAt(1+x, 1+y) {
				t.Fatalf("(%d,%d) is %v, was %v", x, y, back.GrayAt(x, y), part.GrayAt(1+x, 1+y))
			}
		}
	}
	q := raster.NewPlane(6, 1)
	copy(q.Pix, []float32{-1, 0.4, 0.6, 254.6, 300, 70000})
	if got := fmt.Sprint(q.Gray(1).Pix); got != "[0 0 1 255 255 255]" {
		t.Errorf("8 bit: %s", got)
	}
	g := q.Gray16(1)
	for x, want := range []uint16{0, 0, 1, 255, 300, 65535} {
		if got := g.Gray16At(x, 0).Y; got != want {
			t.Errorf("16 bit: %d at %d, want %d", got, x, want)
		}
	}
	if got := q.Gray16(100).Gray16At(2, 0).Y; got != 60 {
		t.Errorf("hundredths: %d", got)
	}
}

func TestEmpty(t *testing.T) {
	for _, p := range []*raster.Plane{{}, raster.NewPlane(0, 3), raster.NewPlane(-1, 3), raster.FromGray(&image.Gray{})} {
		p.Set(0, 0, 1)
		if p.W != 0 || len(p.Pix) != 0 || p.At(0, 0) != 0 || p.Sample(1, 1) != 0 || !p.Gray(1).Rect.Empty() || !p.Gray16(1).Rect.Empty() {
			t.Errorf("%+v", p)
		}
		if q := p.Resize(3, 2); len(q.Pix) != 6 || q.Pix[0] != 0 {
			t.Errorf("resized: %+v", q)
		}
	}
	full := raster.NewPlane(3, 3)
	if q := full.Resize(0, 5); q.W != 0 || q.H != 0 {
		t.Errorf("resized to nothing: %+v", q)
	}
}

func BenchmarkResize(b *testing.B) {
	p := raster.NewPlane(96, 128)
	for b.Loop() {
		p.Resize(768, 1024)
	}
}

// TestSampleSlope wants the value of Sample and its differences within a pixel.
func TestSampleSlope(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := planes(t)
		x := float64(rapid.IntRange(-3, p.W+2).Draw(t, "x")) + rapid.Float64Range(0.1, 0.9).Draw(t, "right")
		y := float64(rapid.IntRange(-3, p.H+2).Draw(t, "y")) + rapid.Float64Range(0.1, 0.9).Draw(t, "down")
		v, dx, dy := p.SampleSlope(x, y)
		if want := p.Sample(x, y); v != want {
			t.Errorf("%g, want %g", v, want)
		}
		const step = 0.05
		ex := float64(p.Sample(x+step, y)-p.Sample(x-step, y)) / (2 * step)
		ey := float64(p.Sample(x, y+step)-p.Sample(x, y-step)) / (2 * step)
		if math.Abs(float64(dx)-ex) > 1e-2 || math.Abs(float64(dy)-ey) > 1e-2 {
			t.Errorf("slopes %g and %g at %g, %g, differences give %g and %g", dx, dy, x, y, ex, ey)
		}
	})
}
