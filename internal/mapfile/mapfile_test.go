package mapfile_test

import (
	"bytes"
	"errors"
	"fmt"
	"image"
	"image/png"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/mapfile"
)

func ExampleEncode() {
	m := image.NewGray16(image.Rect(0, 0, 2, 1))
	m.Pix = []byte{0x12, 0x34, 0xff, 0xff}
	var b bytes.Buffer
	if err := mapfile.Encode(&b, m); err != nil {
		fmt.Println(err)
		return
	}
	read, err := png.Decode(&b)
	fmt.Println(read.At(0, 0), read.At(1, 0), err)
	// Output: {4660} {65535} <nil>
}

// TestRoundTrip wants image/png to read back what was written, be it part of a larger
// map, in several chunks or of one pixel.
func TestRoundTrip(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		w, h := rapid.IntRange(1, 300).Draw(t, "w"), rapid.IntRange(1, 40).Draw(t, "h")
		fill := rapid.SliceOfN(rapid.Byte(), 1, 997).Draw(t, "fill")
		part := image.Rect(rapid.IntRange(0, w-1).Draw(t, "x"), rapid.IntRange(0, h-1).Draw(t, "y"), w, h)
		grey, deep := image.NewGray(image.Rect(0, 0, w, h)), image.NewGray16(image.Rect(0, 0, w, h))
		for i := range grey.Pix {
			grey.Pix[i] = fill[i%len(fill)]
		}
		for i := range deep.Pix {
			deep.Pix[i] = fill[i%len(fill)]
		}
		same(t, grey.SubImage(part).(*image.Gray))
		same(t, deep.SubImage(part).(*image.Gray16))
		colour := image.NewRGBA(image.Rect(0, 0, w, h))
		for i := range colour.Pix {
			if colour.Pix[i] = fill[i%len(fill)]; i%4 == 3 {
				colour.Pix[i] = 255
			}
		}
		same(t, colour.SubImage(part).(*image.RGBA))
	})
	noise := image.NewGray16(image.Rect(0, 0, 400, 300)) // packs to more than one chunk
	for i := range noise.Pix {
		noise.Pix[i] = byte(i * i * 2654435761 >> 13)
	}
	if n := bytes.Count(same(t, noise), []byte("IDAT")); n < 2 {
		t.Errorf("%d chunks of pixels, more are expected", n)
	}
}

type tester interface {
	Helper()
	Fatalf(format string, args ...any)
}

func same[T *image.Gray | *image.Gray16 | *image.RGBA](t tester, m T) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := mapfile.Encode(&b, m); err != nil {
		t.Fatalf("writing: %v", err)
	}
	read, err := png.Decode(bytes.NewReader(b.Bytes()))
	if err != nil {
		t.Fatalf("reading back: %v", err)
	}
	want := any(m).(image.Image)
	if _, ok := read.(T); !ok || read.Bounds().Size() != want.Bounds().Size() {
		t.Fatalf("%T of %v came back as %T of %v", m, want.Bounds(), read, read.Bounds())
	}
	from := want.Bounds().Min
	for y := range read.Bounds().Dy() {
		for x := range read.Bounds().Dx() {
			if got, want := read.At(x, y), want.At(from.X+x, from.Y+y); got != want {
				t.Fatalf("pixel %d, %d is %v, want %v", x, y, got, want)
			}
		}
	}
	return b.Bytes()
}

var errFull = errors.New("full")

// full takes so many bytes.
type full int

func (f *full) Write(b []byte) (int, error) {
	if *f -= full(len(b)); *f < 0 {
		return 0, errFull
	}
	return len(b), nil
}

// TestCannot wants what cannot be written refused, and errors of writing told.
func TestCannot(t *testing.T) {
	t.Parallel()
	if err := mapfile.Encode(&bytes.Buffer{}, image.NewGray(image.Rect(0, 0, 0, 3))); err == nil {
		t.Error("an empty map was written")
	}
	m := image.NewGray(image.Rect(0, 0, 50, 50))
	var whole bytes.Buffer
	if err := mapfile.Encode(&whole, m); err != nil {
		t.Fatal(err)
	}
	for n := range whole.Len() {
		f := full(n)
		if err := mapfile.Encode(&f, m); !errors.Is(err, errFull) {
			t.Fatalf("room for %d bytes of %d: %v", n, whole.Len(), err)
		}
	}
}

// BenchmarkEncode12MP writes a map as surveys have them, of 12 megapixels enlarged
// from fewer, and the same by image/png at its fastest.
func BenchmarkEncode12MP(b *testing.B) {
	m := image.NewGray16(image.Rect(0, 0, 4000, 3000))
	for y := range 3000 {
		for x := range 4000 {
			v := (x/3)*(y/3)/64 + (x/3)*7
			m.Pix[m.PixOffset(x, y)], m.Pix[m.PixOffset(x, y)+1] = byte(v>>8), byte(v)
		}
	}
	for name, encode := range map[string]func(*bytes.Buffer) error{
		"mapfile":   func(w *bytes.Buffer) error { return mapfile.Encode(w, m) },
		"image_png": func(w *bytes.Buffer) error { return (&png.Encoder{CompressionLevel: png.BestSpeed}).Encode(w, m) },
	} {
		b.Run(name, func(b *testing.B) {
			var out bytes.Buffer
			for b.Loop() {
				out.Reset()
				if err := encode(&out); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(out.Len())/1e3, "KB")
		})
	}
}
