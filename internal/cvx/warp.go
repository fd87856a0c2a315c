package cvx

import (
	"fmt"
	"image"
	"image/color"
	"math"

	"gocv.io/x/gocv"

	"pointille/internal/raster"
)

// WarpOptions says how the warps read between and outside the pixels. The
// zero value interpolates bilinearly and gives black (0) outside.
type WarpOptions struct {
	// Cubic interpolates with a bicubic kernel, which may overshoot edges.
	Cubic bool
	// Repeat repeats the outermost pixels outside the picture.
	Repeat bool
}

func (o WarpOptions) flags() (gocv.InterpolationFlags, gocv.BorderType) {
	inter, border := gocv.InterpolationLinear, gocv.BorderConstant
	if o.Cubic {
		inter = gocv.InterpolationCubic
	}
	if o.Repeat {
		border = gocv.BorderReplicate
	}
	return inter, border
}

// black is opaque, and 0 for one channel.
func black() color.RGBA { return color.RGBA{A: 255} }

// inverse says that a matrix leads from the result to the source.
const inverse = gocv.InterpolationFlags(16)

// Remap returns the picture whose pixel (x, y) is img at (mx, my) of the same
// place, in pixels, to 1/32 pixel. The maps must be of one size.
func Remap[T Picture](img T, mx, my *raster.Plane, o WarpOptions) (T, error) {
	v, err := viewOf(img)
	if err != nil {
		return nil, fmt.Errorf("remap: %w", err)
	}
	xv, err := viewOf(mx)
	if err != nil {
		return nil, fmt.Errorf("remap: x map: %w", err)
	}
	yv, err := viewOf(my)
	if err != nil {
		return nil, fmt.Errorf("remap: y map: %w", err)
	}
	if err := checkSame("y map", xv, yv); err != nil {
		return nil, fmt.Errorf("remap: %w", err)
	}
	mapX, mapY := xv.mat(), yv.mat()
	defer mapX.Close()
	defer mapY.Close()
	inter, border := o.flags()
	out, err := transform[T](v, xv.w, xv.h, func(src gocv.Mat, dst *gocv.Mat) {
		gocv.Remap(src, dst, &mapX, &mapY, inter, border, black())
	})
	if err != nil {
		return nil, fmt.Errorf("remap: %w", err)
	}
	return out, nil
}

// Affine maps pixels of a warp's result to pixels of its source: (x, y) to
// (m[0]x+m[1]y+m[2], m[3]x+m[4]y+m[5]).
type Affine [6]float64

// WarpAffine returns img seen through m as a picture of w×h pixels.
func WarpAffine[T Picture](img T, m Affine, w, h int, o WarpOptions) (T, error) {
	return warp("affine warp", img, m[:], w, h, func(src gocv.Mat, dst *gocv.Mat, mat gocv.Mat) {
		inter, border := o.flags()
		gocv.WarpAffineWithParams(src, dst, mat, image.Pt(w, h), inter|inverse, border, black())
	})
}

// Homography maps pixels of a warp's result to pixels of its source: (x, y)
// to (X/W, Y/W) with (X, Y, W) the 3×3 matrix, row by row, times (x, y, 1).
type Homography [9]float64

// WarpPerspective returns img seen through m as a picture of w×h pixels.
func WarpPerspective[T Picture](img T, m Homography, w, h int, o WarpOptions) (T, error) {
	return warp("perspective warp", img, m[:], w, h, func(src gocv.Mat, dst *gocv.Mat, mat gocv.Mat) {
		inter, border := o.flags()
		gocv.WarpPerspectiveWithParams(src, dst, mat, image.Pt(w, h), inter|inverse, border, black())
	})
}

func warp[T Picture](what string, img T, m []float64, w, h int, f func(src gocv.Mat, dst *gocv.Mat, m gocv.Mat)) (T, error) {
	v, err := viewOf(img)
	if err == nil {
		err = checkSize(w, h)
	}
	if err == nil {
		err = checkMatrix(m)
	}
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	mat := gocv.NewMatWithSize(len(m)/3, 3, gocv.MatTypeCV64FC1)
	defer mat.Close()
	for i, k := range m {
		mat.SetDoubleAt(i/3, i%3, k)
	}
	out, err := transform[T](v, w, h, func(src gocv.Mat, dst *gocv.Mat) { f(src, dst, mat) })
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

func checkMatrix(m []float64) error {
	for _, k := range m {
		if math.Abs(k) > 1e9 || k != k {
			return fmt.Errorf("matrix %v holds %g", m, k)
		}
	}
	return nil
}
