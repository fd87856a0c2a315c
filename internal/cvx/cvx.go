// Package cvx is the one room in which OpenCV is used. Nothing of OpenCV or
// gocv leaves it: functions take and return pictures of the standard library,
// planes and slices, and close every Mat they open.
//
// Pixels are those of the upright photo: x right, y down, (0,0) the centre of
// the top-left pixel. Inputs may be sub-images; a result always starts at
// (0,0), which is the top-left pixel of the input. Colour pictures are opaque
// sRGB in image.NRGBA; filters treat the alpha channel like the others, so
// opaque stays opaque. Masks are image.Gray where 0 is outside.
//
// Every argument is checked before OpenCV sees it, because an exception inside
// gocv 0.31 ends the process; calls of this package's own C++ part catch
// exceptions. Errors name the function and what is wrong. Results do not
// depend on the number of threads. All functions may be called concurrently.
package cvx

/*
#cgo CXXFLAGS: --std=c++11
#cgo pkg-config: opencv4
#include "shim.h"
*/
import "C"

import (
	"errors"
	"fmt"
	"image"
	"runtime"
	"sync"
	"unsafe"

	"gocv.io/x/gocv"

	"pointille/internal/raster"
)

// Sizes OpenCV's 16-bit coordinates and a desktop's memory allow.
const (
	// MaxSide is the longest side of a picture, in pixels.
	MaxSide = 32766
	// MaxPixels is the largest number of pixels of a picture.
	MaxPixels = 1 << 28
)

// Picture is what the filters work on: opaque sRGB, 8-bit grey, or float32.
type Picture interface {
	*image.NRGBA | *image.Gray | *raster.Plane
}

// ErrEmpty is wrapped by the error for a nil picture or one without pixels.
var ErrEmpty = errors.New("picture is nil or empty")

// Version returns OpenCV's version, such as "4.6.0".
func Version() string { return gocv.OpenCVVersion() }

// SetThreads sets how many threads one OpenCV call uses: 1 when the caller
// runs several workers, the number of processors when it runs one. It holds
// for the whole process. n is taken as 1 where it is below, and as the number
// of processors where it is above.
func SetThreads(n int) {
	threads.Lock()
	defer threads.Unlock()
	C.cvx_set_threads(C.int(min(max(n, 1), runtime.NumCPU())))
}

// threads guards OpenCV's number of threads, which is one for the whole process, as
// this is. Calls that split their work by it themselves hold it for reading: OpenCV 4.6
// asks for it twice when it labels parts, and ends the process where it differs.
var threads sync.RWMutex

// Threads returns how many threads one OpenCV call uses.
func Threads() int { return int(C.cvx_threads()) }

// failure turns a message of the C++ part into an error and frees it.
func failure(msg *C.char) error {
	if msg == nil {
		return nil
	}
	defer C.cvx_free(unsafe.Pointer(msg))
	return errors.New("opencv: " + C.GoString(msg))
}

// within checks that v lies in lo..hi; NaN does not.
func within(what string, v, lo, hi float64) error {
	if v >= lo && v <= hi {
		return nil
	}
	return fmt.Errorf("%s is %g, must be within %g..%g", what, v, lo, hi)
}
