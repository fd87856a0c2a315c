package cvx

/*
#include "shim.h"
*/
import "C"

import (
	"fmt"
	"image"
)

// Values of a GrabCut mask.
const (
	SureBack  = 0 // background, stays so
	SureFront = 1 // foreground, stays so
	MayBack   = 2 // probably background
	MayFront  = 3 // probably foreground
)

// MaxGrabCut is the largest picture GrabCut takes, in pixels: an iteration
// costs about 4 µs a pixel.
const MaxGrabCut = 1 << 20

// minGrabCut is how many pixels each side needs: GrabCut starts from five
// colour clusters a side.
const minGrabCut = 5

// GrabCut divides img into foreground and background by colour and edges
// (Rother, Kolmogorov, Blake 2004), starting from mask, and returns a new mask
// with the same four values. Each side needs at least five pixels, sure or
// not; iterations is 1..20. It is seeded, so equal input gives equal output.
func GrabCut(img *image.NRGBA, mask *image.Gray, iterations int) (*image.Gray, error) {
	v, mv, err := withMask(img, mask)
	if err == nil {
		err = within("iterations", float64(iterations), 1, 20)
	}
	if err == nil && v.w*v.h > MaxGrabCut {
		err = fmt.Errorf("picture of %dx%d is larger than %d pixels", v.w, v.h, MaxGrabCut)
	}
	if err == nil {
		err = checkTrimap(mv)
	}
	if err != nil {
		return nil, fmt.Errorf("grabcut: %w", err)
	}
	out, ov, err := blank[*image.Gray](v.w, v.h)
	if err != nil {
		return nil, fmt.Errorf("grabcut: %w", err)
	}
	for y := range v.h {
		copy(ov.row(y), mv.row(y))
	}
	err = failure(C.cvx_grabcut((*C.uint8_t)(v.ptr()), C.int(v.w), C.int(v.h), C.size_t(v.step),
		(*C.uint8_t)(ov.ptr()), C.size_t(ov.step), C.int(iterations)))
	if err != nil {
		return nil, fmt.Errorf("grabcut: %w", err)
	}
	return out, nil
}

// withMask checks a colour picture and a mask of its size.
func withMask(img *image.NRGBA, mask *image.Gray) (v, mv view, err error) {
	if v, err = viewOf(img); err != nil {
		return v, mv, err
	}
	if mv, err = viewOf(mask); err != nil {
		return v, mv, fmt.Errorf("mask: %w", err)
	}
	return v, mv, checkSame("mask", v, mv)
}

func checkTrimap(mask view) error {
	var n [4]int
	for y := range mask.h {
		for x, b := range mask.row(y) {
			if b > MayFront {
				return fmt.Errorf("mask holds %d at (%d,%d), must be 0..3", b, x, y)
			}
			n[b]++
		}
	}
	back, front := n[SureBack]+n[MayBack], n[SureFront]+n[MayFront]
	if back < minGrabCut || front < minGrabCut {
		return fmt.Errorf("mask has %d background and %d foreground pixels, each needs %d", back, front, minGrabCut)
	}
	return nil
}

// MaxInpaint is the largest radius Inpaint takes, in pixels.
const MaxInpaint = 50

// Inpaint fills the pixels of img where mask is not 0 from their surroundings
// within radius pixels, 1..MaxInpaint (Telea 2004). A mask without a 0 leaves
// nothing to fill from and is an error.
func Inpaint(img *image.NRGBA, mask *image.Gray, radius float64) (*image.NRGBA, error) {
	v, mv, err := withMask(img, mask)
	if err == nil {
		err = within("radius", radius, 1, MaxInpaint)
	}
	if err == nil && mv.full() {
		err = fmt.Errorf("mask covers the whole picture")
	}
	if err != nil {
		return nil, fmt.Errorf("inpaint: %w", err)
	}
	out, ov, err := blank[*image.NRGBA](v.w, v.h)
	if err != nil {
		return nil, fmt.Errorf("inpaint: %w", err)
	}
	err = failure(C.cvx_inpaint((*C.uint8_t)(v.ptr()), C.int(v.w), C.int(v.h), C.size_t(v.step),
		(*C.uint8_t)(mv.ptr()), C.size_t(mv.step), C.double(radius),
		(*C.uint8_t)(ov.ptr()), C.size_t(ov.step)))
	if err != nil {
		return nil, fmt.Errorf("inpaint: %w", err)
	}
	return out, nil
}
