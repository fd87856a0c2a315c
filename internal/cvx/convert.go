package cvx

/*
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"image"
	"image/draw"
)

// ToNRGBA copies any picture to opaque sRGB at origin (0,0). Transparent
// pixels are laid on white; colour profiles are left to the caller.
func ToNRGBA(img image.Image) (*image.NRGBA, error) {
	if img == nil || img.Bounds().Empty() {
		return nil, fmt.Errorf("converting to NRGBA: %w", ErrEmpty)
	}
	b := img.Bounds()
	if err := checkSize(b.Dx(), b.Dy()); err != nil {
		return nil, fmt.Errorf("converting to NRGBA: %w", err)
	}
	// image/draw has loops of its own for RGBA and the usual sources. Opaque
	// RGBA and opaque NRGBA hold the same bytes.
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	op := draw.Src
	if o, ok := img.(interface{ Opaque() bool }); !ok || !o.Opaque() {
		draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
		op = draw.Over
	}
	draw.Draw(flat, flat.Rect, img, b.Min, op)
	return &image.NRGBA{Pix: flat.Pix, Stride: flat.Stride, Rect: flat.Rect}, nil
}

// ToGray returns the luma of img, 0.299 R + 0.587 G + 0.114 B of the sRGB
// values (ITU-R BT.601).
func ToGray(img *image.NRGBA) (*image.Gray, error) {
	v, err := viewOf(img)
	if err != nil {
		return nil, fmt.Errorf("converting to gray: %w", err)
	}
	out := image.NewGray(image.Rect(0, 0, v.w, v.h))
	err = failure(C.cvx_gray((*C.uint8_t)(v.ptr()), C.int(v.w), C.int(v.h), C.size_t(v.step),
		(*C.uint8_t)(&out.Pix[0]), C.size_t(out.Stride)))
	if err != nil {
		return nil, fmt.Errorf("converting to gray: %w", err)
	}
	return out, nil
}
