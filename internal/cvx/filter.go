package cvx

/*
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"image"
	"math"

	"gocv.io/x/gocv"

	"pointille/internal/raster"
)

// Limits of filter sizes, in pixels. Beyond them reduce the picture first.
const (
	// MaxSigma is the largest standard deviation Gaussian takes.
	MaxSigma = 128
	// MaxRadius is the largest radius of a neighbourhood.
	MaxRadius = 127
)

// Sampling says how Resize finds values between pixels.
type Sampling int

const (
	// Area averages the source pixels a result pixel covers: for reducing.
	Area Sampling = iota
	// Linear interpolates between four pixels: for enlarging.
	Linear
)

// Resize returns img at w×h pixels, edges aligned with edges: pixel x of the
// result lies at (x+0.5)·W/w-0.5 of the source.
func Resize[T Picture](img T, w, h int, s Sampling) (T, error) {
	v, err := viewOf(img)
	if err == nil {
		err = checkSize(w, h)
	}
	if err != nil {
		return nil, fmt.Errorf("resize: %w", err)
	}
	inter := map[Sampling]gocv.InterpolationFlags{
		Area: gocv.InterpolationArea, Linear: gocv.InterpolationLinear,
	}
	flag, ok := inter[s]
	if !ok {
		return nil, fmt.Errorf("resize: unknown sampling %d", s)
	}
	out, ov, err := blank[T](w, h)
	if err != nil {
		return nil, fmt.Errorf("resize: %w", err)
	}
	err = failure(C.cvx_resize(v.ptr(), C.int(v.w), C.int(v.h), C.size_t(v.step),
		ov.ptr(), C.int(w), C.int(h), C.size_t(ov.step), C.int(v.typ), C.int(flag)))
	if err != nil {
		return nil, fmt.Errorf("resize: %w", err)
	}
	return out, nil
}

// Gaussian blurs with standard deviation sigma in pixels, 0..MaxSigma; 0
// copies. Outside the picture lies its mirror image.
func Gaussian[T Picture](img T, sigma float64) (T, error) {
	if err := within("sigma", sigma, 0, MaxSigma); err != nil {
		return nil, fmt.Errorf("gaussian: %w", err)
	}
	if sigma == 0 {
		return apply("gaussian", img, func(src gocv.Mat, dst *gocv.Mat) { src.CopyTo(dst) })
	}
	// Four deviations to either side leave out 6e-5 of the weight.
	side := 2*int(math.Ceil(4*sigma)) + 1
	return apply("gaussian", img, func(src gocv.Mat, dst *gocv.Mat) {
		gocv.GaussianBlur(src, dst, image.Pt(side, side), sigma, sigma, gocv.BorderReflect101)
	})
}

// Box returns the mean over the square of 2·radius+1 pixels around each pixel,
// radius 0..MaxRadius. Outside the picture lies its mirror image.
func Box[T Picture](img T, radius int) (T, error) {
	if err := within("radius", float64(radius), 0, MaxRadius); err != nil {
		return nil, fmt.Errorf("box: %w", err)
	}
	return apply("box", img, func(src gocv.Mat, dst *gocv.Mat) {
		gocv.Blur(src, dst, image.Pt(2*radius+1, 2*radius+1))
	})
}

// Median returns the median over the square of 2·radius+1 pixels around each
// pixel, channel by channel, edge pixels repeated outside; radius 0..MaxRadius,
// for planes at most 2.
func Median[T Picture](img T, radius int) (T, error) {
	most := MaxRadius
	if _, plane := any(img).(*raster.Plane); plane {
		most = 2
	}
	if err := within("radius", float64(radius), 0, float64(most)); err != nil {
		return nil, fmt.Errorf("median: %w", err)
	}
	return apply("median", img, func(src gocv.Mat, dst *gocv.Mat) {
		if radius == 0 {
			src.CopyTo(dst)
			return
		}
		gocv.MedianBlur(src, dst, 2*radius+1)
	})
}

// Gradient returns the slopes along x and y in values per pixel, smoothed over
// 3×3 pixels (Sobel, scaled by 1/8).
func Gradient(p *raster.Plane) (gx, gy *raster.Plane, err error) {
	sobel := func(dx, dy int) (*raster.Plane, error) {
		return apply("gradient", p, func(src gocv.Mat, dst *gocv.Mat) {
			gocv.Sobel(src, dst, gocv.MatTypeCV32F, dx, dy, 3, 1.0/8, 0, gocv.BorderReflect101)
		})
	}
	if gx, err = sobel(1, 0); err != nil {
		return nil, nil, err
	}
	if gy, err = sobel(0, 1); err != nil {
		return nil, nil, err
	}
	return gx, gy, nil
}

// Laplacian returns the sum of the second differences along x and y, in values
// per square pixel; it is negative on a bright spot.
func Laplacian(p *raster.Plane) (*raster.Plane, error) {
	return apply("laplacian", p, func(src gocv.Mat, dst *gocv.Mat) {
		gocv.Laplacian(src, dst, gocv.MatTypeCV32F, 1, 1, 0, gocv.BorderReflect101)
	})
}
