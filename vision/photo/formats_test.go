package photo_test

import (
	"bytes"
	"compress/zlib"
	"context"
	"encoding/binary"
	"errors"
	"hash/crc32"
	"image"
	"image/color"
	"runtime"
	"testing"

	"pointille/vision/photo"
)

// withChunk puts a chunk behind the header of a PNG.
func withChunk(file []byte, name string, body []byte) []byte {
	const afterIHDR = 8 + 25
	chunk := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	chunk = append(append(chunk, name...), body...)
	chunk = binary.BigEndian.AppendUint32(chunk, crc32.ChecksumIEEE(chunk[4:]))
	return append(append(bytes.Clone(file[:afterIHDR]), chunk...), file[afterIHDR:]...)
}

// iccp is a PNG's chunk of a profile.
func iccp(profile []byte) []byte {
	var b bytes.Buffer
	b.WriteString("icc\x00\x00")
	z := zlib.NewWriter(&b)
	_, _ = z.Write(profile)
	_ = z.Close()
	return b.Bytes()
}

// riff is a WebP of the given chunks.
func riff(chunks ...[]byte) []byte {
	body := append([]byte("WEBP"), bytes.Join(chunks, nil)...)
	return append(binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body))), body...)
}

func webpChunk(name string, body []byte) []byte {
	c := binary.LittleEndian.AppendUint32([]byte(name), uint32(len(body)))
	c = append(c, body...)
	if len(body)%2 == 1 {
		c = append(c, 0)
	}
	return c
}

// extended is a WebP with EXIF or a profile beside the picture of quad.webp.
func extended(t testing.TB, flags byte, before, after []byte) []byte {
	plain := file(t, "quad.webp")
	head := []byte{flags, 0, 0, 0, 63, 0, 0, 47, 0, 0} // 64×48
	return riff(webpChunk("VP8X", head), before, plain[12:], after)
}

// TestTurnedOnce turns the picture of each container by each EXIF orientation,
// exactly once.
func TestTurnedOnce(t *testing.T) {
	img := quad(64, 48, quadrants())
	const hasEXIF = 0x08
	for name, make := range map[string]func(o uint16) []byte{
		"jpeg": func(o uint16) []byte { return withEXIF(jpegOf(t, img), o) },
		"png":  func(o uint16) []byte { return withChunk(pngOf(t, img), "eXIf", tiff(o)) },
		"webp": func(o uint16) []byte { return extended(t, hasEXIF, nil, webpChunk("EXIF", tiff(o))) },
		"marked webp": func(o uint16) []byte {
			return extended(t, hasEXIF, nil, webpChunk("EXIF", append([]byte("Exif\x00\x00"), tiff(o)...)))
		},
	} {
		for o, order := range orders() {
			p := decode(t, make(o))
			w, h := 64, 48
			if o >= 5 && o <= 8 {
				w, h = 48, 64
			}
			if p.Width != w || p.Height != h {
				t.Errorf("%s, orientation %d: %d×%d", name, o, p.Width, p.Height)
				continue
			}
			q := quadrants()
			wantQuad(t, p.Image, [4]color.NRGBA{q[order[0]], q[order[1]], q[order[2]], q[order[3]]}, 3)
		}
	}
}

// TestDisplayP3 reads the same profile from each container.
func TestDisplayP3(t *testing.T) {
	profile := rgbProfile(p3Colorants(), sRGBCurve())
	const hasProfile = 0x20
	want := [4]color.NRGBA{{232, 178, 157, 255}, {128, 72, 54, 255}, {10, 91, 207, 255}, {74, 44, 36, 255}}
	img := quad(64, 48, quadrants())
	for name, data := range map[string][]byte{
		"jpeg": withICC(jpegOf(t, img), profile),
		"png":  withChunk(pngOf(t, img), "iCCP", iccp(profile)),
		"deep": withChunk(pngOf(t, deep(img)), "iCCP", iccp(profile)),
		"webp": extended(t, hasProfile, webpChunk("ICCP", profile), nil),
	} {
		p := decode(t, data)
		if codes(p) != "" {
			t.Errorf("%s: warnings %q", name, codes(p))
		}
		wantQuad(t, p.Image, want, 4)
	}
}

// TestDeepAlpha lays 16-bit transparency on white.
func TestDeepAlpha(t *testing.T) {
	img := deep(quad(64, 48, quadrants()))
	for x := range 20 {
		img.SetNRGBA64(x, 0, color.NRGBA64{A: 0x4000})
	}
	p := decode(t, pngOf(t, img))
	if codes(p) != "alpha" {
		t.Errorf("warnings %q", codes(p))
	}
	// A quarter of black over white, as stored values.
	if c := p.Image.NRGBAAt(3, 0); c.R < 188 || c.R > 194 || c.A != 255 {
		t.Errorf("pixel is %v", c)
	}
}

func TestDeepGrey(t *testing.T) {
	img := image.NewGray16(image.Rect(0, 0, 64, 48))
	for i := range img.Pix {
		img.Pix[i] = uint8(i / 2)
	}
	p := decode(t, pngOf(t, img))
	if c, want := p.Image.NRGBAAt(20, 0), img.Pix[40]; codes(p) != "grey" || max(c.R, want)-min(c.R, want) > 1 {
		t.Errorf("warnings %q, pixel %v, want %d", codes(p), c, want)
	}
}

// TestLimitBeforeDecoding wants a header of too many pixels refused without
// memory for them: 400 MB would be needed.
func TestLimitBeforeDecoding(t *testing.T) {
	small := pngOf(t, quad(64, 48, quadrants()))
	for name, data := range map[string][]byte{
		"png": withIHDR(small, 10001, 10000), "30,000 square": withIHDR(small, 30000, 30000), "webp": extendedSize(t, 16001, 6300),
		"jpeg": withFrame(jpegOf(t, quad(64, 48, quadrants())), 16000, 16000),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, err := photo.Decode(context.Background(), "a", data, photo.Options{})
		runtime.ReadMemStats(&after)
		if !errors.Is(err, photo.ErrTooLarge) {
			t.Errorf("%s: %v", name, err)
		}
		if used := (after.TotalAlloc - before.TotalAlloc) >> 20; used > 5 {
			t.Errorf("%s: %d MB were used before the refusal", name, used)
		}
	}
	// At the limit the refusal is for another reason: there is no such picture.
	_, err := photo.Decode(context.Background(), "a", withIHDR(small, 10000, 10000), photo.Options{})
	if !errors.Is(err, photo.ErrDamaged) {
		t.Errorf("100 megapixels: %v", err)
	}
}

func extendedSize(t testing.TB, w, h int) []byte {
	head := []byte{0, 0, 0, 0, byte(w - 1), byte((w - 1) >> 8), 0, byte(h - 1), byte((h - 1) >> 8), 0}
	return riff(webpChunk("VP8X", head), file(t, "quad.webp")[12:])
}

// withFrame changes the size that a JPEG claims.
func withFrame(file []byte, w, h uint16) []byte {
	out := bytes.Clone(file)
	i := bytes.Index(out, []byte{0xff, 0xc0})
	binary.BigEndian.PutUint16(out[i+5:], h)
	binary.BigEndian.PutUint16(out[i+7:], w)
	return out
}

// TestSource wants the file's own bytes untouched.
func TestSource(t *testing.T) {
	data := withEXIF(jpegOf(t, quad(64, 48, quadrants())), 6)
	before := bytes.Clone(data)
	decode(t, data)
	if !bytes.Equal(before, data) {
		t.Error("decoding changed the bytes it was given")
	}
}
