package shaft_test

import (
	"fmt"
	"image"
	"math"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/raster"
	"pointille/vision/closeup/shaft"
	"pointille/vision/closeup/stubbletest"
)

func grey(img *image.NRGBA) *raster.Plane {
	p := raster.NewPlane(img.Rect.Dx(), img.Rect.Dy())
	for i := range p.Pix {
		p.Pix[i] = 0.3*float32(img.Pix[4*i]) + 0.59*float32(img.Pix[4*i+1]) + 0.11*float32(img.Pix[4*i+2])
	}
	return p
}

func scene(perMM float64, hairs ...stubbletest.Hair) stubbletest.Scene {
	return stubbletest.Scene{W: int(4 * perMM), H: int(4 * perMM), PerMM: perMM, Skin: [3]float64{200, 170, 150}, Hair: [3]float64{50, 40, 35}, Hairs: hairs, Noise: 2}
}

func ExampleTracer_Trace() {
	s := scene(40, stubbletest.Hair{Root: [2]float64{60, 80}, Length: 1, Width: 0.08})
	h := shaft.NewTracer(grey(s.Draw()), 40).Trace([2]float64{60, 80}, [2]float64{1, 0.2})
	fmt.Printf("%.1f mm long, %.2f mm wide, cut off: %v\n", h.Length/40, h.Width/40, h.Cut)
	// Output: 1.0 mm long, 0.08 mm wide, cut off: false
}

// Any single hair, its way told or not: way, length and width come out.
func TestTraceSingleHairs(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		perMM := rapid.Float64Range(24, 48).Draw(t, "px per mm")
		hair := stubbletest.Hair{
			Root:   [2]float64{2 * perMM, 2 * perMM},
			Angle:  rapid.Float64Range(-math.Pi, math.Pi).Draw(t, "angle"),
			Length: rapid.Float64Range(0.4, 1.8).Draw(t, "length"), Width: rapid.Float64Range(0.05, 0.1).Draw(t, "width"),
		}
		var way [2]float64
		if rapid.Bool().Draw(t, "told") {
			a := hair.Angle + rapid.Float64Range(-0.7, 0.7).Draw(t, "wrong by")
			way = [2]float64{math.Cos(a), math.Sin(a)}
		}
		s := scene(perMM, hair)
		s.Seed = rapid.Uint64().Draw(t, "seed")
		got := shaft.NewTracer(grey(s.Draw()), perMM).Trace(hair.Root, way)
		if !got.Known || got.Cut {
			t.Fatalf("not followed to its end: %+v", got)
		}
		turn := math.Abs(math.Remainder(got.Direction-hair.Angle, 2*math.Pi))
		if turn > 6*math.Pi/180 {
			t.Errorf("direction is off by %.1f°", turn*180/math.Pi)
		}
		if d := got.Length/perMM - hair.Length; math.Abs(d) > 0.09 {
			t.Errorf("%.2f mm long, want %.2f", got.Length/perMM, hair.Length)
		}
		if got.Width == 0 && hair.Width*perMM < 2.4 {
			return // too thin to tell
		}
		if d := got.Width/perMM - hair.Width; math.Abs(d) > 0.015 {
			t.Errorf("%.3f mm wide, want %.3f", got.Width/perMM, hair.Width)
		}
	})
}

func TestTraceWhiteHair(t *testing.T) {
	s := scene(40, stubbletest.Hair{Root: [2]float64{60, 80}, Angle: 0.4, Length: 1, Width: 0.07})
	s.Skin, s.Hair = [3]float64{90, 60, 45}, [3]float64{220, 215, 210}
	if got := shaft.NewTracer(grey(s.Draw()), 40).Trace([2]float64{60, 80}, [2]float64{1, 0}); math.Abs(got.Length/40-1) > 0.09 {
		t.Errorf("white hair of 1 mm is %.2f mm long", got.Length/40)
	}
}

func TestTraceToTheBorder(t *testing.T) {
	s := scene(40, stubbletest.Hair{Root: [2]float64{140, 80}, Length: 2, Width: 0.08})
	if got := shaft.NewTracer(grey(s.Draw()), 40).Trace([2]float64{140, 80}, [2]float64{1, 0}); !got.Cut {
		t.Errorf("a hair that leaves the picture was taken for whole: %+v", got)
	}
}

func TestTraceNothing(t *testing.T) {
	bare := shaft.NewTracer(grey(scene(40).Draw()), 40)
	for _, root := range [][2]float64{{80, 80}, {0, 0}, {159, 159}, {-5, 1000}} {
		if got := bare.Trace(root, [2]float64{}); got.Known {
			t.Errorf("a hair on bare skin at %v: %+v", root, got)
		}
	}
	if got := shaft.NewTracer(raster.NewPlane(0, 0), 40).Trace([2]float64{}, [2]float64{}); got.Known {
		t.Errorf("a hair on no picture: %+v", got)
	}
}

func BenchmarkTrace(b *testing.B) {
	s := scene(40, stubbletest.Hair{Root: [2]float64{60, 80}, Length: 1, Width: 0.08})
	t := shaft.NewTracer(grey(s.Draw()), 40)
	for b.Loop() {
		t.Trace([2]float64{60, 80}, [2]float64{1, 0})
	}
}
