package photo_test

import (
	"context"
	"errors"
	"testing"

	"pointille/vision/photo"
)

// one is a limit that every picture exceeds: nothing is decoded, so that the
// fuzzer spends its time on the readers of headers.
func one() photo.Options { return photo.Options{MaxPixels: 1, MinSide: 1} }

// FuzzHeaders feeds the readers of JPEG, PNG, WebP and HEIC structure.
func FuzzHeaders(f *testing.F) {
	img := quad(64, 48, quadrants())
	f.Add(withICC(withEXIF(jpegOf(f, img), 6), rgbProfile(p3Colorants(), sRGBCurve())))
	f.Add(pngOf(f, img))
	for _, name := range []string{"quad.webp", "animated.webp", "quad.heic", "irot.heic", "turned.heic", "cmyk.jpg"} {
		f.Add(file(f, name))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := photo.Decode(context.Background(), "a", data, one())
		if err == nil && p.Width*p.Height > 1 {
			t.Fatalf("%d×%d pixels were decoded", p.Width, p.Height)
		}
		if err != nil && !errors.Is(err, photo.ErrNotPhoto) && !errors.Is(err, photo.ErrDamaged) && !errors.Is(err, photo.ErrTooLarge) && !errors.Is(err, photo.ErrTooSmall) {
			t.Fatalf("an error of no kind: %v", err)
		}
	})
}

// FuzzProfile puts any bytes where a colour profile belongs: the picture is
// read all the same, opaque and of its size.
func FuzzProfile(f *testing.F) {
	f.Add(rgbProfile(p3Colorants(), sRGBCurve()))
	f.Add(rgbProfile(adobeColorants(), gammaCurve(2.2)))
	f.Add(rgbProfile(sRGBColorants(), append([]byte("curv\x00\x00\x00\x00\x00\x00\x00\x03"), 0, 0, 0x50, 0, 0xff, 0xff)))
	stored := jpegOf(f, quad(32, 32, quadrants()))
	f.Fuzz(func(t *testing.T, profile []byte) {
		if len(profile) > 60_000 {
			return // the segment has no room for more
		}
		p, err := photo.Decode(context.Background(), "a", withICC(stored, profile), photo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Width != 32 || p.Height != 32 || !p.Image.Opaque() {
			t.Fatalf("%d×%d, opaque %v", p.Width, p.Height, p.Image.Opaque())
		}
	})
}

// FuzzEXIF puts any bytes where EXIF belongs: damaged EXIF is no reason to
// refuse a photo, and what it says stays within what there is.
func FuzzEXIF(f *testing.F) {
	for o := range uint16(10) {
		f.Add(tiff(o))
	}
	stored := jpegOf(f, quad(48, 32, quadrants()))
	f.Fuzz(func(t *testing.T, body []byte) {
		if len(body) > 60_000 {
			return
		}
		p, err := photo.Decode(context.Background(), "a", withSegment(stored, 1, append([]byte("Exif\x00\x00"), body...)), photo.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if p.Width*p.Height != 48*32 || p.Width != 48 && p.Width != 32 {
			t.Fatalf("%d×%d", p.Width, p.Height)
		}
		if p.Focal35 != 0 && (p.Focal35 < 5 || p.Focal35 > 1200) {
			t.Fatalf("focal length %g", p.Focal35)
		}
	})
}
