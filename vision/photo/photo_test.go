package photo_test

import (
	"context"
	"errors"
	"fmt"
	"image"
	"image/color"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pointille/vision/photo"
)

func ExampleDecode() {
	_, err := photo.Decode(context.Background(), "front.jpg", []byte("Dear client, ..."), photo.Options{})
	fmt.Println(err)
	// Output: front.jpg: not a photo (text)
}

func TestFormats(t *testing.T) {
	img := quad(64, 48, quadrants())
	tests := []struct {
		name   string
		data   []byte
		format string
		w, h   int
		warned string
		off    int // levels
	}{
		{"jpeg", jpegOf(t, img), "JPEG", 64, 48, "", 3},
		{"png", pngOf(t, img), "PNG", 64, 48, "", 0},
		{"16-bit png", pngOf(t, deep(img)), "PNG", 64, 48, "", 1},
		{"webp", file(t, "quad.webp"), "WebP", 64, 48, "", 0},
		{"animated webp", file(t, "animated.webp"), "WebP", 64, 48, "frames", 0},
		{"heic", file(t, "quad.heic"), "HEIC", 256, 192, "", 4},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "named.txt")
			check(t, os.WriteFile(path, tt.data, 0o600))
			p, err := photo.Open(context.Background(), path, photo.Options{})
			check(t, err)
			if string(p.Format) != tt.format || p.Width != tt.w || p.Height != tt.h || codes(p) != tt.warned || p.Name != "named.txt" || len(p.SHA256) != 64 {
				t.Errorf("%s %d×%d %q %q %q", p.Format, p.Width, p.Height, codes(p), p.Name, p.SHA256)
			}
			wantQuad(t, p.Image, quadrants(), tt.off)
		})
	}
}

// orders say where the stored quadrants (0 1 / 2 3) stand in the upright
// picture, by EXIF orientation.
func orders() map[uint16][4]int {
	return map[uint16][4]int{
		0: {0, 1, 2, 3}, 1: {0, 1, 2, 3}, 2: {1, 0, 3, 2}, 3: {3, 2, 1, 0}, 4: {2, 3, 0, 1},
		5: {0, 2, 1, 3}, 6: {2, 0, 3, 1}, 7: {3, 1, 2, 0}, 8: {1, 3, 0, 2}, 9: {0, 1, 2, 3},
	}
}

func TestHEICIgnoresEXIFOrientation(t *testing.T) {
	p := decode(t, file(t, "turned.heic")) // EXIF says 6, the file has no rotation of its own
	if p.Width != 192 || p.Height != 256 {
		t.Errorf("%d×%d", p.Width, p.Height)
	}
}

func TestHEICTurnsItself(t *testing.T) {
	p := decode(t, file(t, "irot.heic")) // quad.heic, to be shown a quarter turn to the left
	if p.Width != 192 || p.Height != 256 {
		t.Errorf("%d×%d", p.Width, p.Height)
	}
	q := quadrants()
	wantQuad(t, p.Image, [4]color.NRGBA{q[1], q[3], q[0], q[2]}, 4)
}

func TestHEICCorner(t *testing.T) {
	p := decode(t, file(t, "quad.heic"))
	for x := range 64 {
		c, want := p.Image.NRGBAAt(x, 0), quadrants()[0]
		if max(c.R, want.R)-min(c.R, want.R) > 6 || max(c.G, want.G)-min(c.G, want.G) > 6 {
			t.Errorf("pixel %d of the first row is %v", x, c)
		}
	}
}

func TestHints(t *testing.T) {
	p := decode(t, withEXIF(jpegOf(t, quad(64, 48, quadrants())), 1))
	if p.Focal35 != 26 || !p.Taken.Equal(time.Date(2025, 11, 30, 14, 5, 9, 0, time.UTC)) {
		t.Errorf("focal length %v, taken %v", p.Focal35, p.Taken)
	}
	if p := decode(t, pngOf(t, quad(64, 48, quadrants()))); p.Focal35 != 0 || !p.Taken.IsZero() {
		t.Errorf("focal length %v, taken %v of nothing", p.Focal35, p.Taken)
	}
}

func TestProfiles(t *testing.T) {
	// Values of an independent colour engine (Little CMS, relative
	// colorimetric), Display P3 and Adobe RGB to sRGB.
	p3 := [4]color.NRGBA{{232, 178, 157, 255}, {128, 72, 54, 255}, {10, 91, 207, 255}, {74, 44, 36, 255}}
	adobe := [4]color.NRGBA{{239, 181, 161, 255}, {134, 74, 54, 255}, {0, 90, 204, 255}, {76, 41, 33, 255}}
	tests := []struct {
		name    string
		profile []byte
		want    [4]color.NRGBA
		off     int
	}{
		{"display p3", rgbProfile(p3Colorants(), sRGBCurve()), p3, 4},
		{"adobe rgb", rgbProfile(adobeColorants(), gammaCurve(2.19921875)), adobe, 4},
		{"srgb changes nothing", rgbProfile(sRGBColorants(), sRGBCurve()), quadrants(), 3},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			p := decode(t, withICC(jpegOf(t, quad(64, 48, quadrants())), tt.profile))
			if codes(p) != "" {
				t.Errorf("warned of %s", codes(p))
			}
			wantQuad(t, p.Image, tt.want, tt.off)
		})
	}
}

func TestUnusableProfile(t *testing.T) {
	good := rgbProfile(p3Colorants(), sRGBCurve())
	edit := func(f func([]byte) []byte) []byte { return f([]byte(string(good))) }
	for name, profile := range map[string][]byte{
		"text":        []byte(strings.Repeat("no profile ", 20)),
		"cut":         good[:200],
		"printer":     edit(func(b []byte) []byte { copy(b[16:], "CMYK"); return b }),
		"lab":         edit(func(b []byte) []byte { copy(b[20:], "Lab "); return b }),
		"no primary":  edit(func(b []byte) []byte { copy(b[132:], "xxxx"); return b }),
		"white":       rgbProfile([3][3]float64{{1, 1, 1}, {1, 1, 1}, {1, 1, 1}}, sRGBCurve()),
		"other curve": rgbProfile(p3Colorants(), []byte("mpet\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00")),
	} {
		p := decode(t, withICC(jpegOf(t, quad(64, 48, quadrants())), profile))
		if codes(p) != "profile" {
			t.Errorf("%s: warnings %q", name, codes(p))
		}
		wantQuad(t, p.Image, quadrants(), 3)
	}
}

func TestGrey(t *testing.T) {
	img := image.NewGray(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = uint8(i)
	}
	colour := image.NewNRGBA(img.Rect)
	for i, v := range img.Pix {
		copy(colour.Pix[4*i:], []byte{v, v, v, 255})
	}
	for name, data := range map[string][]byte{"grey jpeg": jpegOf(t, img), "grey png": pngOf(t, img), "grey in colour": pngOf(t, colour)} {
		if p := decode(t, data); codes(p) != "grey" {
			t.Errorf("%s: warnings %q", name, codes(p))
		}
	}
}

func TestTransparency(t *testing.T) {
	img := quad(64, 48, quadrants())
	for x := range 16 {
		img.SetNRGBA(x, 0, color.NRGBA{})
	}
	p := decode(t, pngOf(t, img))
	if codes(p) != "alpha" || p.Image.NRGBAAt(3, 0) != (color.NRGBA{255, 255, 255, 255}) {
		t.Errorf("warnings %q, pixel %v", codes(p), p.Image.NRGBAAt(3, 0))
	}
	clear(img.Pix[:len(img.Pix)*2/3])
	_, err := photo.Decode(context.Background(), "a.png", pngOf(t, img), photo.Options{})
	if !errors.Is(err, photo.ErrNotPhoto) || !strings.Contains(err.Error(), "transparent") {
		t.Errorf("error is %v", err)
	}
}

func TestRefused(t *testing.T) {
	small := quad(64, 48, quadrants())
	j, g := jpegOf(t, small), pngOf(t, small)
	tests := []struct {
		name string
		data []byte
		is   error
		want string
	}{
		{"empty", nil, photo.ErrNotPhoto, "a.jpg: not a photo (an empty file)"},
		{"text", []byte("hello"), photo.ErrNotPhoto, "a.jpg: not a photo (text)"},
		{"gif", []byte("GIF89a..."), photo.ErrNotPhoto, "a.jpg: not a photo (a GIF picture; save it as JPEG or PNG)"},
		{"cmyk", file(t, "cmyk.jpg"), photo.ErrNotPhoto, "CMYK"},
		{"half a jpeg", j[:len(j)/2], photo.ErrDamaged, ""},
		{"half a jpeg header", j[:20], photo.ErrDamaged, ""},
		{"half a png", g[:len(g)/2], photo.ErrDamaged, ""},
		{"half a webp", file(t, "quad.webp")[:60], photo.ErrDamaged, ""},
		{"half a heic", file(t, "quad.heic")[:900], photo.ErrDamaged, ""},
		{"heic header", file(t, "quad.heic")[:40], photo.ErrDamaged, ""},
		{"wide", withIHDR(g, 30000, 30000), photo.ErrTooLarge, "30000×30000 pixels, at most 16384"},
		{"many pixels", withIHDR(g, 16000, 16000), photo.ErrTooLarge, "at most 100 megapixels"},
		{"no size", withIHDR(g, 0, 0), photo.ErrDamaged, ""},
		{"one pixel", pngOf(t, quad(1, 1, quadrants())), photo.ErrTooSmall, "1×1 pixels"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "a.jpg")
			check(t, os.WriteFile(path, tt.data, 0o600))
			_, err := photo.Open(context.Background(), path, photo.Options{})
			if !errors.Is(err, tt.is) || !strings.Contains(err.Error(), tt.want) || !strings.HasPrefix(err.Error(), path) {
				t.Errorf("error is %v", err)
			}
		})
	}
}

func TestRefusedPlaces(t *testing.T) {
	dir := t.TempDir()
	if _, err := photo.Open(context.Background(), dir, photo.Options{}); !errors.Is(err, photo.ErrNotPhoto) {
		t.Errorf("folder: error is %v", err)
	}
	if _, err := photo.Open(context.Background(), filepath.Join(dir, "none.jpg"), photo.Options{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("missing: error is %v", err)
	}
	path := filepath.Join(dir, "a.jpg")
	check(t, os.WriteFile(path, jpegOf(t, quad(64, 48, quadrants())), 0o600))
	if _, err := photo.Open(context.Background(), path, photo.Options{MaxBytes: 100}); !errors.Is(err, photo.ErrTooLarge) {
		t.Errorf("large file: error is %v", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := photo.Open(ctx, path, photo.Options{}); !errors.Is(err, context.Canceled) {
		t.Errorf("cancelled: error is %v", err)
	}
}

// TestDamagedBytes wants an error or a picture of the right size for a file
// with random bytes changed, and no panic.
func TestDamagedBytes(t *testing.T) {
	rng := rand.New(rand.NewPCG(7, 1))
	profiled := withICC(withEXIF(jpegOf(t, quad(64, 48, quadrants())), 6), rgbProfile(p3Colorants(), sRGBCurve()))
	for _, good := range [][]byte{profiled, pngOf(t, quad(64, 48, quadrants())), file(t, "animated.webp"), file(t, "quad.heic")} {
		for range 25 {
			bad := []byte(string(good))
			for range 3 {
				bad[rng.IntN(len(bad))] ^= 1 << rng.IntN(8)
			}
			p, err := photo.Decode(context.Background(), "a", bad, photo.Options{MaxPixels: 1 << 20})
			if err == nil && (p.Width != p.Image.Rect.Dx() || p.Width*p.Height == 0) {
				t.Errorf("%d×%d", p.Width, p.Height)
			}
		}
	}
}

func FuzzDecode(f *testing.F) {
	img := quad(64, 48, quadrants())
	f.Add(withICC(withEXIF(jpegOf(f, img), 6), rgbProfile(p3Colorants(), sRGBCurve())))
	f.Add(withICC(jpegOf(f, img), rgbProfile(adobeColorants(), gammaCurve(2.2))))
	f.Add(pngOf(f, img))
	f.Add(file(f, "animated.webp"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := photo.Decode(context.Background(), "a", data, photo.Options{MaxPixels: 1 << 20})
		if err == nil && !p.Image.Opaque() {
			t.Error("not opaque")
		}
	})
}

func BenchmarkProfile12MP(b *testing.B) {
	data := withICC(jpegOf(b, quad(4000, 3000, quadrants())), rgbProfile(p3Colorants(), sRGBCurve()))
	for b.Loop() {
		if _, err := photo.Decode(context.Background(), "a", data, photo.Options{}); err != nil {
			b.Fatal(err)
		}
	}
}

func decode(t *testing.T, data []byte) *photo.Photo {
	t.Helper()
	p, err := photo.Decode(context.Background(), "a", data, photo.Options{})
	check(t, err)
	return p
}

// wantQuad looks at the middle of each quadrant.
func wantQuad(t *testing.T, img *image.NRGBA, want [4]color.NRGBA, off int) {
	t.Helper()
	w, h := img.Rect.Dx(), img.Rect.Dy()
	for i, c := range want {
		got := img.NRGBAAt((1+i%2*2)*w/4, (1+i/2*2)*h/4)
		for _, d := range []int{int(got.R) - int(c.R), int(got.G) - int(c.G), int(got.B) - int(c.B), int(got.A) - 255} {
			if d > off || d < -off {
				t.Errorf("quadrant %d is %v, want %v", i, got, c)
				break
			}
		}
	}
}

func deep(img *image.NRGBA) *image.NRGBA64 {
	out := image.NewNRGBA64(img.Rect)
	for y := range img.Rect.Dy() {
		for x := range img.Rect.Dx() {
			out.Set(x, y, img.At(x, y))
		}
	}
	return out
}

func codes(p *photo.Photo) string {
	var c []string
	for _, w := range p.Warnings {
		c = append(c, w.Code)
	}
	return strings.Join(c, " ")
}

func file(t testing.TB, name string) []byte {
	data, err := os.ReadFile(filepath.Join("testdata", name))
	check(t, err)
	return data
}

func check(t testing.TB, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}
