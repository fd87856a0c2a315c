package cvx

import (
	"fmt"
	"image"
	"math"
	"unsafe"

	"gocv.io/x/gocv"

	"pointille/internal/raster"
)

// view is a checked look at a picture's pixels in Go memory. Row y starts at
// byte y*step; elem is the bytes of a pixel.
type view struct {
	w, h, step, elem int
	typ              gocv.MatType
	pix              []byte
}

// viewOf checks a picture: size, buffer length and, for planes, that every
// value is finite.
func viewOf[T Picture](img T) (view, error) {
	switch p := any(img).(type) {
	case *image.NRGBA:
		return nrgbaView(p)
	case *image.Gray:
		return grayView(p)
	case *raster.Plane:
		return planeView(p)
	}
	return view{}, ErrEmpty
}

func nrgbaView(p *image.NRGBA) (view, error) {
	if p == nil || p.Rect.Empty() {
		return view{}, ErrEmpty
	}
	return pixView(p.Pix, p.Rect, p.Stride, 4, gocv.MatTypeCV8UC4)
}

func grayView(p *image.Gray) (view, error) {
	if p == nil || p.Rect.Empty() {
		return view{}, ErrEmpty
	}
	return pixView(p.Pix, p.Rect, p.Stride, 1, gocv.MatTypeCV8UC1)
}

// pixView trusts the rectangle, stride and buffer only as far as they agree.
func pixView(pix []byte, r image.Rectangle, stride, elem int, typ gocv.MatType) (view, error) {
	w, h := r.Dx(), r.Dy()
	if err := checkSize(w, h); err != nil {
		return view{}, err
	}
	if stride < w*elem || stride > math.MaxInt/(h+1) || len(pix) < (h-1)*stride+w*elem {
		return view{}, fmt.Errorf("picture of %dx%d with stride %d has only %d bytes", w, h, stride, len(pix))
	}
	return view{w: w, h: h, step: stride, elem: elem, typ: typ, pix: pix}, nil
}

func planeView(p *raster.Plane) (view, error) {
	if p == nil || p.W <= 0 || p.H <= 0 {
		return view{}, ErrEmpty
	}
	if err := checkSize(p.W, p.H); err != nil {
		return view{}, err
	}
	if len(p.Pix) < p.W*p.H {
		return view{}, fmt.Errorf("plane of %dx%d has only %d values", p.W, p.H, len(p.Pix))
	}
	if i := notFinite(p.Pix[:p.W*p.H]); i >= 0 {
		return view{}, fmt.Errorf("plane holds %g at (%d,%d)", p.Pix[i], i%p.W, i/p.W)
	}
	pix := unsafe.Slice((*byte)(unsafe.Pointer(&p.Pix[0])), 4*p.W*p.H)
	return view{w: p.W, h: p.H, step: 4 * p.W, elem: 4, typ: gocv.MatTypeCV32FC1, pix: pix}, nil
}

// notFinite is the place of the first value that is no number, -1 without one.
// A whole row's worth is looked at before branching: every plane that enters
// passes here.
func notFinite(pix []float32) int {
	const exponent = 0x7f800000 // all ones in infinities and NaN alone
	for start := 0; start < len(pix); start += 1024 {
		part := pix[start:min(len(pix), start+1024)]
		bad := 0
		for _, v := range part {
			if math.Float32bits(v)&exponent == exponent {
				bad++
			}
		}
		if bad == 0 {
			continue
		}
		for i, v := range part {
			if math.Float32bits(v)&exponent == exponent {
				return start + i
			}
		}
	}
	return -1
}

// checkSize checks that a picture of w×h pixels is neither empty nor too large.
func checkSize(w, h int) error {
	if w <= 0 || h <= 0 {
		return fmt.Errorf("size %dx%d: %w", w, h, ErrEmpty)
	}
	if w > MaxSide || h > MaxSide || w*h > MaxPixels {
		return fmt.Errorf("picture of %dx%d exceeds the limit of %d a side and %d pixels", w, h, MaxSide, MaxPixels)
	}
	return nil
}

// checkSame checks that two pictures are of one size.
func checkSame(what string, a, b view) error {
	if a.w != b.w || a.h != b.h {
		return fmt.Errorf("%s is %dx%d, picture is %dx%d", what, b.w, b.h, a.w, a.h)
	}
	return nil
}

// ptr is the first pixel, for a C call that does not keep it.
func (v view) ptr() unsafe.Pointer { return unsafe.Pointer(&v.pix[0]) }

func (v view) row(y int) []byte { return v.pix[y*v.step:][:v.w*v.elem] }

// mat copies the pixels into a new Mat, which the caller closes. It copies
// because a Mat over Go memory would keep a pointer the collector cannot see.
func (v view) mat() gocv.Mat {
	m := gocv.NewMatWithSize(v.h, v.w, v.typ)
	data, err := m.DataPtrUint8()
	if err != nil {
		return m // a Mat of its own size is continuous
	}
	for y := range v.h {
		copy(data[y*v.w*v.elem:], v.row(y))
	}
	return m
}

// fill copies a Mat of the same size and type into the picture.
func (v view) fill(m *gocv.Mat) error {
	if m.Rows() != v.h || m.Cols() != v.w || m.Type() != v.typ {
		return fmt.Errorf("opencv returned %dx%d of type %d, expected %dx%d of type %d",
			m.Cols(), m.Rows(), m.Type(), v.w, v.h, v.typ)
	}
	data, err := m.DataPtrUint8()
	if err != nil {
		return fmt.Errorf("reading result: %w", err)
	}
	for y := range v.h {
		copy(v.row(y), data[y*v.w*v.elem:])
	}
	return nil
}

// blank returns a new picture of T's kind and the view of it. The size must
// have been checked.
func blank[T Picture](w, h int) (T, view, error) {
	var out any
	switch any(*new(T)).(type) {
	case *image.NRGBA:
		out = image.NewNRGBA(image.Rect(0, 0, w, h))
	case *image.Gray:
		out = image.NewGray(image.Rect(0, 0, w, h))
	default:
		out = raster.NewPlane(w, h)
	}
	pic := out.(T)
	v, err := viewOf(pic)
	return pic, v, err
}

// apply runs a filter that keeps size and type.
func apply[T Picture](what string, img T, f func(src gocv.Mat, dst *gocv.Mat)) (T, error) {
	v, err := viewOf(img)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	out, err := transform[T](v, v.w, v.h, f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", what, err)
	}
	return out, nil
}

// transform runs f on a Mat of v and returns its result as a w×h picture.
func transform[T Picture](v view, w, h int, f func(src gocv.Mat, dst *gocv.Mat)) (T, error) {
	src := v.mat()
	defer src.Close()
	dst := gocv.NewMat()
	defer dst.Close()
	f(src, &dst)
	out, ov, err := blank[T](w, h)
	if err != nil {
		return nil, err
	}
	if err := ov.fill(&dst); err != nil {
		return nil, err
	}
	return out, nil
}
