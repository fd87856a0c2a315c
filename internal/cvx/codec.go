package cvx

/*
#cgo pkg-config: libjpeg
#include "jpeg.h"
#include "shim.h"
*/
import "C"

import (
	"bytes"
	"fmt"
	"image"
	"math"
	"unsafe"
)

// DecodeOptions says how Decode reads a picture. The zero value reads at full
// size.
type DecodeOptions struct {
	// Reduce divides width and height, rounding up: 1 (the default), 2, 4 or 8.
	// A JPEG is reduced while decoding, which saves time.
	Reduce int
	// MaxPixels refuses pictures whose header announces more pixels; the
	// default is the package's MaxPixels. It holds before reduction.
	MaxPixels int
}

func (o DecodeOptions) filled() (DecodeOptions, error) {
	if o.Reduce == 0 {
		o.Reduce = 1
	}
	if o.MaxPixels == 0 {
		o.MaxPixels = MaxPixels
	}
	switch o.Reduce {
	case 1, 2, 4, 8:
	default:
		return o, fmt.Errorf("reduction by %d, must be 1, 2, 4 or 8", o.Reduce)
	}
	if o.MaxPixels < 0 || o.MaxPixels > MaxPixels {
		return o, fmt.Errorf("limit of %d pixels, must be within 0..%d", o.MaxPixels, MaxPixels)
	}
	return o, nil
}

// Decode reads a JPEG, PNG or WebP picture as stored: orientation tags and
// colour profiles are left to the caller, transparent pixels are laid on
// white, 16-bit samples become 8-bit. Other formats give an error wrapping
// ErrFormat and files without their end one wrapping ErrTruncated; JPEG data
// that are damaged in between, so that pixels would have to be made up, give an
// error too.
func Decode(data []byte, opts DecodeOptions) (*image.NRGBA, error) {
	opts, err := opts.filled()
	if err != nil {
		return nil, fmt.Errorf("decoding picture: %w", err)
	}
	kind, w, h, err := inspect(data)
	if err != nil {
		return nil, fmt.Errorf("decoding picture: %w", err)
	}
	if err := checkSize(w, h); err != nil {
		return nil, fmt.Errorf("decoding picture: %w", err)
	}
	if w*h > opts.MaxPixels || len(data) > math.MaxInt32 {
		return nil, fmt.Errorf("decoding picture: %dx%d pixels in %d bytes exceed the limit of %d pixels",
			w, h, len(data), opts.MaxPixels)
	}
	if kind == jpegFile {
		return decodeJPEG(data, opts.Reduce, ceilDiv(w, opts.Reduce), ceilDiv(h, opts.Reduce))
	}
	full, err := decodeOther(data, 1, true, w, h)
	if err != nil || opts.Reduce == 1 {
		return full, err
	}
	return Resize(full, ceilDiv(w, opts.Reduce), ceilDiv(h, opts.Reduce), Area)
}

// decodeJPEG decodes into w×h pixels, the size after reduction.
func decodeJPEG(data []byte, reduce, w, h int) (*image.NRGBA, error) {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	message := make([]byte, C.CVX_JPEG_MESSAGE)
	code := C.cvx_jpeg_decode((*C.uint8_t)(&data[0]), C.size_t(len(data)), C.int(reduce),
		(*C.uint8_t)(&img.Pix[0]), C.int(w), C.int(h), C.size_t(img.Stride), (*C.char)(unsafe.Pointer(&message[0])))
	switch code {
	case 0:
		return img, nil
	case 2:
		return decodeOther(data, reduce, false, w, h)
	}
	text, _, _ := bytes.Cut(message, []byte{0})
	return nil, fmt.Errorf("decoding picture: libjpeg: %s", text)
}

// decodeOther decodes what OpenCV reads. Where alpha is wanted the picture
// comes as stored and is laid on white.
func decodeOther(data []byte, reduce int, alpha bool, w, h int) (*image.NRGBA, error) {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	keepAlpha := C.int(0)
	if alpha {
		keepAlpha = 1
	}
	err := failure(C.cvx_decode((*C.uint8_t)(&data[0]), C.size_t(len(data)), C.int(reduce), keepAlpha,
		(*C.uint8_t)(&img.Pix[0]), C.int(w), C.int(h), C.size_t(img.Stride)))
	if err != nil {
		return nil, fmt.Errorf("decoding picture: %w", err)
	}
	return img, nil
}

func ceilDiv(a, b int) int { return (a + b - 1) / b }

// EncodeJPEG returns img as a baseline JPEG with 4:2:0 chroma, without any
// metadata. Quality is 1..100. Alpha is ignored.
func EncodeJPEG(img *image.NRGBA, quality int) ([]byte, error) {
	v, err := viewOf(img)
	if err == nil {
		err = within("quality", float64(quality), 1, 100)
	}
	if err != nil {
		return nil, fmt.Errorf("encoding JPEG: %w", err)
	}
	var out *C.uint8_t
	var size C.ulong
	message := make([]byte, C.CVX_JPEG_MESSAGE)
	if C.cvx_jpeg_encode((*C.uint8_t)(v.ptr()), C.int(v.w), C.int(v.h), C.size_t(v.step), C.int(quality), &out, &size,
		(*C.char)(unsafe.Pointer(&message[0]))) != 0 {
		text, _, _ := bytes.Cut(message, []byte{0})
		return nil, fmt.Errorf("encoding JPEG: libjpeg: %s", text)
	}
	defer C.cvx_free(unsafe.Pointer(out))
	if size > math.MaxInt32 {
		return nil, fmt.Errorf("encoding JPEG: %d bytes are too many", size)
	}
	return C.GoBytes(unsafe.Pointer(out), C.int(size)), nil
}
