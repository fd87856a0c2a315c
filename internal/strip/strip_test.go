package strip_test

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/bep/imagemeta"
	"github.com/gen2brain/heic"
	_ "golang.org/x/image/webp"

	"pointille/internal/filekind"
	"pointille/internal/strip"
)

func ExamplePhoto() {
	var photo bytes.Buffer
	_ = jpeg.Encode(&photo, image.NewGray(image.Rect(0, 0, 8, 8)), nil)
	withComment := append([]byte("\xff\xd8\xff\xfe\x00\x0dAnna's head"), photo.Bytes()[2:]...)
	out, err := strip.Photo(withComment)
	fmt.Println(bytes.Contains(out, []byte("Anna")), bytes.Equal(out, photo.Bytes()), err)
	// Output: false true <nil>
}

// secret stands wherever a camera or a program could put words.
const secret = "SERIAL-4711-RIGA"

// exif is one with turning, maker, GPS and serial number, little endian.
func exif(orientation uint16) []byte {
	out := []byte("II*\x00\x08\x00\x00\x00\x04\x00")
	entry := func(tag, kind uint16, n, value uint32) {
		out = binary.LittleEndian.AppendUint16(out, tag)
		out = binary.LittleEndian.AppendUint16(out, kind)
		out = binary.LittleEndian.AppendUint32(out, n)
		out = binary.LittleEndian.AppendUint32(out, value)
	}
	const words = 8 + 2 + 4*12 + 4
	entry(0x010f, 2, uint32(len(secret))+1, words)   // make
	entry(0x0112, 3, 1, uint32(orientation))         // turning
	entry(0x8825, 4, 1, words+uint32(len(secret))+1) // GPS
	entry(0xa431, 2, uint32(len(secret))+1, words)   // serial number
	out = append(out, 0, 0, 0, 0)
	out = append(append(out, secret...), 0)
	out = append(out, 1, 0)
	entry(0x0001, 2, 2, 'N')
	return append(out, 0, 0, 0, 0)
}

// icc is a profile with words and a maker.
func icc() []byte {
	p := make([]byte, 128)
	copy(p[36:], "acsp")
	copy(p[48:], "APPL")
	p = binary.BigEndian.AppendUint32(p, 2)
	for i, tag := range []string{"desc", "wtpt"} {
		p = append(p, tag...)
		p = binary.BigEndian.AppendUint32(p, uint32(156+i*40))
		p = binary.BigEndian.AppendUint32(p, []uint32{40, 20}[i])
	}
	p = append(p, "desc\x00\x00\x00\x00\x00\x00\x00\x11"+secret...)
	p = append(p, make([]byte, 156+40-len(p))...)
	return append(p, "XYZ \x00\x00\x00\x00\x00\x00\xf6\xd6\x00\x01\x00\x00\x00\x00\xd3\x2d"...)
}

func segment(marker byte, body string) []byte {
	out := binary.BigEndian.AppendUint16([]byte{0xff, marker}, uint16(len(body)+2))
	return append(out, body...)
}

func picture() image.Image {
	m := image.NewRGBA(image.Rect(0, 0, 40, 24))
	for i := range m.Pix {
		m.Pix[i] = byte(i * 7)
	}
	m.Set(3, 3, color.White)
	return m
}

func jpegWith(t testing.TB, orientation uint16) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, picture(), nil); err != nil {
		t.Fatal(err)
	}
	out := []byte{0xff, 0xd8}
	out = append(out, segment(0xe0, "JFIF\x00\x01\x01\x00\x00\x01\x00\x01\x01\x01"+secret[:3])...)
	out = append(out, segment(0xe1, "Exif\x00\x00"+string(exif(orientation)))...)
	out = append(out, segment(0xe1, "http://ns.adobe.com/xap/1.0/\x00"+secret)...)
	out = append(out, segment(0xe2, "ICC_PROFILE\x00\x01\x01"+string(icc()))...)
	out = append(out, segment(0xe2, "MPF\x00"+secret)...)
	out = append(out, segment(0xed, "Photoshop 3.0\x00"+secret)...)
	out = append(out, segment(0xfe, secret)...)
	out = append(out, b.Bytes()[2:]...)
	return append(out, "\xff\xd8 a second picture "+secret...)
}

func chunk(kind, body string) []byte {
	out := binary.BigEndian.AppendUint32(nil, uint32(len(body)))
	out = append(append(out, kind...), body...)
	return binary.BigEndian.AppendUint32(out, crc32.ChecksumIEEE(out[4:]))
}

func pngWith(t testing.TB, orientation uint16) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, picture()); err != nil {
		t.Fatal(err)
	}
	out := append([]byte(nil), b.Bytes()[:33]...)
	out = append(out, chunk("tEXt", "Author\x00"+secret)...)
	out = append(out, chunk("eXIf", string(exif(orientation)))...)
	out = append(out, chunk("tIME", "\x07\xea\x0b\x1b\x0c\x00\x00")...)
	out = append(out, chunk("prIv", secret)...)
	return append(append(out, b.Bytes()[33:]...), secret...)
}

func riff(kind, body string) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(kind), uint32(len(body)))
	out = append(out, body...)
	return append(out, make([]byte, len(body)%2)...)
}

// webpWith is a picture of the photo reader's tests with metadata around it.
func webpWith(t testing.TB, orientation uint16) []byte {
	plain, err := os.ReadFile("../../vision/photo/testdata/quad.webp")
	if err != nil {
		t.Fatal(err)
	}
	m, _, err := image.DecodeConfig(bytes.NewReader(plain))
	if err != nil {
		t.Fatal(err)
	}
	size := binary.LittleEndian.AppendUint32(nil, uint32(m.Width-1))[:3]
	size = append(size, binary.LittleEndian.AppendUint32(nil, uint32(m.Height-1))[:3]...)
	at := 12
	if string(plain[12:16]) == "VP8X" {
		at += 18
	}
	body := riff("VP8X", "\x2c\x00\x00\x00"+string(size))
	body = append(body, riff("ICCP", string(icc()))...)
	body = append(body, plain[at:]...)
	body = append(body, riff("EXIF", string(exif(orientation)))...)
	body = append(body, riff("XMP ", secret)...)
	body = append(body, riff("ABCD", secret)...)
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(append(out, "WEBP"...), body...), secret...)
}

// tags reads metadata with another program's eyes.
func tags(t testing.TB, data []byte, format imagemeta.ImageFormat) map[string]any {
	found := map[string]any{}
	_, err := imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(data), ImageFormat: format, Sources: imagemeta.EXIF | imagemeta.IPTC | imagemeta.XMP,
		HandleTag: func(tag imagemeta.TagInfo) error { found[tag.Tag] = tag.Value; return nil },
	})
	if err != nil && !strings.Contains(err.Error(), "EOF") {
		t.Logf("reading metadata: %v", err)
	}
	return found
}

func pixels(t testing.TB, data []byte) image.Image {
	m, _, err := image.Decode(bytes.NewReader(data))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func same(a, b image.Image) bool {
	if a.Bounds() != b.Bounds() {
		return false
	}
	for y := a.Bounds().Min.Y; y < a.Bounds().Max.Y; y++ {
		for x := a.Bounds().Min.X; x < a.Bounds().Max.X; x++ {
			if color.RGBAModel.Convert(a.At(x, y)) != color.RGBAModel.Convert(b.At(x, y)) {
				return false
			}
		}
	}
	return true
}

func TestNothingButThePictureIsLeft(t *testing.T) {
	for _, kind := range []struct {
		name   string
		make   func(testing.TB, uint16) []byte
		format imagemeta.ImageFormat
	}{{"JPEG", jpegWith, imagemeta.JPEG}, {"PNG", pngWith, imagemeta.PNG}, {"WebP", webpWith, imagemeta.WebP}} {
		for _, turned := range []uint16{1, 6} {
			t.Run(fmt.Sprint(kind.name, turned), func(t *testing.T) {
				in := kind.make(t, turned)
				before := bytes.Clone(in)
				out, err := strip.Photo(in)
				if err != nil {
					t.Fatal(err)
				}
				if !bytes.Equal(in, before) {
					t.Error("the input was changed")
				}
				if bytes.Contains(out, []byte(secret)) || bytes.Contains(out, []byte("APPL")) {
					t.Error("words are left")
				}
				if !same(pixels(t, in), pixels(t, out)) {
					t.Error("the picture is another")
				}
				if kind.name == "JPEG" && !bytes.Contains(out, []byte("XYZ \x00\x00\x00\x00\x00\x00\xf6\xd6")) {
					t.Error("the colour profile lost its numbers")
				}
				for tag, value := range tags(t, out, kind.format) {
					if tag != "Orientation" || fmt.Sprint(value) != fmt.Sprint(turned) {
						t.Errorf("%s is left: %v", tag, value)
					}
				}
				if turned != 1 && kind.name != "WebP" && len(tags(t, out, kind.format)) != 1 { // the reader loses EXIF of WebP
					t.Error("the photo lies on its side now")
				}
				again, err := strip.Photo(out)
				if err != nil || !bytes.Equal(again, out) {
					t.Errorf("stripping twice is not stripping once: %v", err)
				}
			})
		}
	}
}

func TestHEIC(t *testing.T) {
	files, err := filepath.Glob("../../vision/photo/testdata/*.heic")
	if err != nil || len(files) < 3 {
		t.Fatalf("%d files: %v", len(files), err)
	}
	for _, file := range files {
		in, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		had := len(tags(t, in, imagemeta.HEIF))
		if filepath.Base(file) == "turned.heic" && had == 0 {
			t.Errorf("%s: the reader finds no metadata before: the test shows nothing", file)
		}
		out, err := strip.Photo(in)
		if err != nil {
			t.Fatalf("%s: %v", file, err)
		}
		a, err := heic.Decode(bytes.NewReader(in))
		if err != nil {
			t.Fatal(err)
		}
		b, err := heic.Decode(bytes.NewReader(out))
		if err != nil || !same(a, b) || len(in) != len(out) {
			t.Errorf("%s: the picture is another: %v", file, err)
		}
		if left := tags(t, out, imagemeta.HEIF); len(left) != 0 {
			t.Errorf("%s: %v are left", file, left)
		}
	}
}

func TestRefused(t *testing.T) {
	whole := jpegWith(t, 1)
	for _, tt := range []struct {
		name string
		data []byte
	}{
		{"nothing", nil}, {"text", []byte("hello")}, {"a film", []byte("\x00\x00\x00\x18ftypisom\x00\x00\x00\x00isommp42")},
		{"JPEG without a picture", whole[:200]}, {"PNG cut off", pngWith(t, 1)[:60]}, {"WebP cut off", webpWith(t, 1)[:60]},
	} {
		if out, err := strip.Photo(tt.data); err == nil || out != nil {
			t.Errorf("%s: was handed on", tt.name)
		}
	}
	if _, err := strip.Photo([]byte("hello")); !errors.Is(err, strip.ErrKind) {
		t.Error(err)
	}
}

// FuzzPhoto wants no panic, and what is handed on to be a photo of the same kind
// that stripping does not change again.
func FuzzPhoto(f *testing.F) {
	f.Add(jpegWith(f, 6))
	f.Add(pngWith(f, 6))
	f.Add(webpWith(f, 6))
	for _, name := range []string{"quad.heic", "turned.heic", "irot.heic", "animated.webp", "cmyk.jpg"} {
		data, err := os.ReadFile(filepath.Join("../../vision/photo/testdata", name))
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		out, err := strip.Photo(data)
		if err != nil {
			return
		}
		head := func(b []byte) filekind.Kind { return filekind.Of(b[:min(len(b), filekind.HeadBytes)]) }
		if head(out) != head(data) {
			t.Fatalf("%s became %s", head(data), head(out))
		}
		again, err := strip.Photo(out)
		if err != nil || !bytes.Equal(again, out) {
			t.Fatalf("stripping twice is not stripping once: %v", err)
		}
	})
}
