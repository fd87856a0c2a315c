package cvx_test

import (
	"bytes"
	"encoding/base64"
	"encoding/binary"
	"errors"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"testing"

	"gocv.io/x/gocv"

	"pointille/internal/cvx"
)

func pngBytes(t testing.TB, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func webpBytes(t testing.TB) []byte {
	t.Helper()
	return must[[]byte](t)(base64.StdEncoding.DecodeString("UklGRhwAAABXRUJQVlA4TBAAAAAvB8ABAAdQwP5H/wMR0f8A"))
}

func TestDecodePNG(t *testing.T) {
	rgb := randNRGBA(23, 17, 20)
	deep := image.NewGray16(image.Rect(0, 0, 5, 4))
	for i := range deep.Pix {
		deep.Pix[i] = uint8(i * 37)
	}
	clear := image.NewNRGBA(image.Rect(0, 0, 9, 6))
	for i := range clear.Pix {
		clear.Pix[i] = uint8(i * 29)
	}
	pal := image.NewPaletted(image.Rect(0, 0, 9, 6), color.Palette{color.Black, color.NRGBA{R: 9, G: 99, B: 199, A: 255}, color.NRGBA{R: 9, G: 200, A: 90}})
	for i := range pal.Pix {
		pal.Pix[i] = uint8(i % 3)
	}
	for name, img := range map[string]image.Image{
		"rgb": rgb, "gray": randGray(8, 9, 21), "16 bit": deep, "alpha": clear, "palette": pal,
	} {
		got := must[*image.NRGBA](t)(cvx.Decode(pngBytes(t, img), cvx.DecodeOptions{}))
		b := img.Bounds()
		compare(t, name, got, 1, func(c, x, y int) float64 { return onWhite(img.At(b.Min.X+x, b.Min.Y+y), c) })
	}
	small := must[*image.NRGBA](t)(cvx.Decode(pngBytes(t, rgb), cvx.DecodeOptions{Reduce: 4}))
	if small.Rect != image.Rect(0, 0, 6, 5) {
		t.Errorf("reduced to %v", small.Rect)
	}
}

// onWhite is channel c of a colour laid on white, 0..255.
func onWhite(k color.Color, c int) float64 {
	n := color.NRGBA64Model.Convert(k).(color.NRGBA64)
	a := float64(n.A) / 65535
	v := [4]float64{float64(n.R), float64(n.G), float64(n.B), 65535}[c] / 257
	if c == 3 {
		return 255
	}
	return v*a + 255*(1-a)
}

func TestDecodeJPEG(t *testing.T) {
	img := smooth(101, 67)
	data := must[[]byte](t)(cvx.EncodeJPEG(img, 95))
	std := must[image.Image](t)(jpeg.Decode(bytes.NewReader(data)))
	got := must[*image.NRGBA](t)(cvx.Decode(data, cvx.DecodeOptions{}))
	compare(t, "against the standard library", got, 12, func(c, x, y int) float64 { return onWhite(std.At(x, y), c) })
	_, _, _, at := channels(img)
	compare(t, "against the original", got, 6, at)
	for _, k := range []int{2, 4, 8} {
		small := must[*image.NRGBA](t)(cvx.Decode(data, cvx.DecodeOptions{Reduce: k}))
		if want := image.Rect(0, 0, (101+k-1)/k, (67+k-1)/k); small.Rect != want {
			t.Errorf("reduced by %d: %v, want %v", k, small.Rect, want)
		}
		x, y := small.Rect.Dx()/2, small.Rect.Dy()/2
		for c := range 3 {
			want := at(c, k*x+k/2, k*y+k/2)
			if g := float64(small.Pix[small.PixOffset(x, y)+c]); math.Abs(g-want) > 14 {
				t.Errorf("reduced by %d: channel %d is %g, want about %g", k, c, g, want)
			}
		}
	}
}

// TestEncodeAsOpenCV wants the bytes that OpenCV writes, of pictures of many shapes
// and of parts of larger ones: previews are compared by their bytes.
func TestEncodeAsOpenCV(t *testing.T) {
	for _, size := range []image.Point{{1, 1}, {7, 3}, {16, 16}, {101, 67}, {640, 33}} {
		whole := smooth(size.X+5, size.Y+3)
		for i := range whole.Pix {
			whole.Pix[i] ^= uint8(i * i >> 7 & 31) // grain, so that no block is plain
		}
		img := whole.SubImage(image.Rectangle{Max: size}.Add(image.Pt(5, 3))).(*image.NRGBA)
		mat := gocv.NewMatWithSize(size.Y, size.X, gocv.MatTypeCV8UC3)
		defer mat.Close()
		bgr, err := mat.DataPtrUint8()
		if err != nil {
			t.Fatal(err)
		}
		for i := range size.X * size.Y {
			c := img.NRGBAAt(5+i%size.X, 3+i/size.X)
			bgr[3*i], bgr[3*i+1], bgr[3*i+2] = c.B, c.G, c.R
		}
		for _, quality := range []int{1, 50, 84, 92, 100} {
			want, err := gocv.IMEncodeWithParams(gocv.JPEGFileExt, mat, []int{gocv.IMWriteJpegQuality, quality})
			if err != nil {
				t.Fatal(err)
			}
			defer want.Close()
			if got := must[[]byte](t)(cvx.EncodeJPEG(img, quality)); !bytes.Equal(got, want.GetBytes()) {
				t.Errorf("%v at quality %d: other bytes than OpenCV's", size, quality)
			}
		}
	}
}

// TestDecodeOrientation checks that an orientation tag changes nothing.
func TestDecodeOrientation(t *testing.T) {
	plain := must[[]byte](t)(cvx.EncodeJPEG(smooth(40, 24), 95))
	tiff := []byte("Exif\x00\x00MM\x00\x2a\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01\x00\x06\x00\x00\x00\x00\x00\x00")
	app := append([]byte{0xff, 0xe1, 0, byte(len(tiff) + 2)}, tiff...)
	tagged := append(append(bytes.Clone(plain[:2]), app...), plain[2:]...)
	a := must[*image.NRGBA](t)(cvx.Decode(plain, cvx.DecodeOptions{}))
	for _, k := range []int{1, 2} {
		b := must[*image.NRGBA](t)(cvx.Decode(tagged, cvx.DecodeOptions{Reduce: k}))
		if b.Rect.Dx() != a.Rect.Dx()/k || k == 1 && !bytes.Equal(a.Pix, b.Pix) {
			t.Errorf("reduced by %d: orientation tag changed the picture to %v", k, b.Rect)
		}
	}
}

func TestDecodeWebP(t *testing.T) {
	got := must[*image.NRGBA](t)(cvx.Decode(webpBytes(t), cvx.DecodeOptions{}))
	compare(t, "webp", got, 0, func(c, x, y int) float64 { return [4]float64{255, 128, 0, 255}[c] })
}

// TestDecodeTruncated cuts each file at many places.
func TestDecodeTruncated(t *testing.T) {
	jpg := must[[]byte](t)(cvx.EncodeJPEG(smooth(80, 60), 90))
	for name, data := range map[string][]byte{
		"jpeg": jpg, "png": pngBytes(t, smooth(30, 20)), "webp": webpBytes(t),
	} {
		for n := 12; n < len(data); n += 1 + len(data)/97 {
			if _, err := cvx.Decode(data[:n], cvx.DecodeOptions{}); !errors.Is(err, cvx.ErrTruncated) {
				t.Errorf("%s cut to %d of %d bytes: %v", name, n, len(data), err)
			}
		}
		if _, err := cvx.Decode(append(bytes.Clone(data), "more"...), cvx.DecodeOptions{}); err != nil {
			t.Errorf("%s with data behind its end: %v", name, err)
		}
	}
	// The end mark is there, half of the picture is not.
	if _, err := cvx.Decode(append(bytes.Clone(jpg[:len(jpg)*2/3]), 0xff, 0xd9), cvx.DecodeOptions{}); err == nil {
		t.Error("jpeg with a hole: no error")
	}
}

func TestDecodeErrors(t *testing.T) {
	good := pngBytes(t, smooth(30, 20))
	huge := bytes.Clone(good)
	binary.BigEndian.PutUint32(huge[16:], 1<<30)
	damaged := bytes.Clone(good)
	damaged[50] ^= 0x55
	tests := []struct {
		name string
		data []byte
		opts cvx.DecodeOptions
	}{
		{"nothing", nil, cvx.DecodeOptions{}},
		{"text", []byte("GIF89a and some more text"), cvx.DecodeOptions{}},
		{"tiff", []byte("II\x2a\x00\x08\x00\x00\x00\x00\x00\x00\x00\x00\x00"), cvx.DecodeOptions{}},
		{"huge", huge, cvx.DecodeOptions{}},
		{"damaged", damaged, cvx.DecodeOptions{}},
		{"pixels", good, cvx.DecodeOptions{MaxPixels: 599}},
		{"reduce", good, cvx.DecodeOptions{Reduce: 3}},
		{"limit", good, cvx.DecodeOptions{MaxPixels: -1}},
	}
	for _, tt := range tests {
		if _, err := cvx.Decode(tt.data, tt.opts); err == nil {
			t.Errorf("%s: no error", tt.name)
		}
	}
	if _, err := cvx.Decode([]byte("GIF89a and some more"), cvx.DecodeOptions{}); !errors.Is(err, cvx.ErrFormat) {
		t.Errorf("GIF: %v", err)
	}
	if _, err := cvx.EncodeJPEG(nil, 90); err == nil {
		t.Error("encoding nil: no error")
	}
	if _, err := cvx.EncodeJPEG(smooth(3, 3), 0); err == nil {
		t.Error("quality 0: no error")
	}
}

func TestToNRGBA(t *testing.T) {
	src := smooth(21, 13)
	b := src.Bounds()
	fill := func(dst interface {
		image.Image
		Set(x, y int, c color.Color)
	}) image.Image {
		for y := b.Min.Y; y < b.Max.Y; y++ {
			for x := b.Min.X; x < b.Max.X; x++ {
				dst.Set(x, y, src.At(x, y))
			}
		}
		return dst
	}
	ycc := image.NewYCbCr(image.Rect(0, 0, 22, 14), image.YCbCrSubsampleRatio420)
	for i := range ycc.Y {
		ycc.Y[i] = uint8(i)
	}
	for i := range ycc.Cb {
		ycc.Cb[i], ycc.Cr[i] = uint8(100+i), uint8(180-i)
	}
	clear := image.NewNRGBA(b)
	for i := range clear.Pix {
		clear.Pix[i] = uint8(i * 31)
	}
	for name, img := range map[string]image.Image{
		"nrgba": src, "rgba": fill(image.NewRGBA(b)), "gray": fill(image.NewGray(b)), "gray16": fill(image.NewGray16(b)),
		"cmyk": fill(image.NewCMYK(b)), "rgba64": fill(image.NewRGBA64(b)), "alpha": clear,
		"ycbcr": ycc.SubImage(image.Rect(3, 5, 19, 12)), "part": src.SubImage(image.Rect(5, 4, 11, 9)),
		"uniform part": &image.Paletted{Pix: make([]byte, 40), Stride: 8, Rect: image.Rect(2, 2, 8, 6), Palette: color.Palette{color.White}},
	} {
		r := img.Bounds()
		got := must[*image.NRGBA](t)(cvx.ToNRGBA(img))
		if got.Rect != image.Rect(0, 0, r.Dx(), r.Dy()) {
			t.Errorf("%s: bounds %v", name, got.Rect)
		}
		compare(t, name, got, 1.5, func(c, x, y int) float64 { return onWhite(img.At(r.Min.X+x, r.Min.Y+y), c) })
	}
	for name, img := range map[string]image.Image{"nil": nil, "empty": image.NewGray(image.Rectangle{}), "uniform": image.White} {
		if _, err := cvx.ToNRGBA(img); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestToGray(t *testing.T) {
	img := randNRGBA(19, 12, 22)
	_, _, _, at := channels(img)
	compare(t, "gray", must[*image.Gray](t)(cvx.ToGray(img)), 1, func(_, x, y int) float64 {
		return 0.299*at(0, x, y) + 0.587*at(1, x, y) + 0.114*at(2, x, y)
	})
	if _, err := cvx.ToGray(nil); err == nil {
		t.Error("nil: no error")
	}
}

// large is a picture of 12 megapixels as a JPEG.
func large(b *testing.B) []byte {
	b.Helper()
	data := must[[]byte](b)(os.ReadFile("../../testdata/demo/front.jpg"))
	img := must[*image.NRGBA](b)(cvx.Decode(data, cvx.DecodeOptions{}))
	img = must[*image.NRGBA](b)(cvx.Resize(img, 3024, 4032, cvx.Linear))
	return must[[]byte](b)(cvx.EncodeJPEG(img, 92))
}

func BenchmarkDecode12MP(b *testing.B) {
	data := large(b)
	for _, reduce := range []int{1, 2, 4, 8} {
		b.Run("by "+string(rune('0'+reduce)), func(b *testing.B) {
			for b.Loop() {
				must[*image.NRGBA](b)(cvx.Decode(data, cvx.DecodeOptions{Reduce: reduce}))
			}
		})
	}
}

func BenchmarkEncode12MP(b *testing.B) {
	img := must[*image.NRGBA](b)(cvx.Decode(large(b), cvx.DecodeOptions{}))
	for b.Loop() {
		must[[]byte](b)(cvx.EncodeJPEG(img, 90))
	}
}

func BenchmarkFilters12MP(b *testing.B) {
	img := must[*image.NRGBA](b)(cvx.Decode(large(b), cvx.DecodeOptions{}))
	g := must[*image.Gray](b)(cvx.ToGray(img))
	for name, f := range map[string]func(){
		"gray":          func() { must[*image.Gray](b)(cvx.ToGray(img)) },
		"resize":        func() { must[*image.NRGBA](b)(cvx.Resize(img, 756, 1008, cvx.Area)) },
		"gaussian":      func() { must[*image.NRGBA](b)(cvx.Gaussian(img, 1.5)) },
		"gaussian gray": func() { must[*image.Gray](b)(cvx.Gaussian(g, 3)) },
		"markers":       func() { must[[]cvx.Marker](b)(cvx.DetectMarkers(g, cvx.MarkerOptions{})) },
	} {
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				f()
			}
		})
	}
}
