package photo_test

import (
	"bytes"
	"encoding/binary"
	"hash/crc32"
	"image"
	"image/color"
	"image/jpeg"
	"image/png"
	"math"
	"testing"
)

// quadrants are the colours of the test picture: top left, top right, bottom
// left, bottom right.
func quadrants() [4]color.NRGBA {
	return [4]color.NRGBA{{224, 180, 160, 255}, {120, 75, 58, 255}, {40, 90, 200, 255}, {70, 45, 38, 255}}
}

func quad(w, h int, c [4]color.NRGBA) *image.NRGBA {
	img := image.NewNRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			img.SetNRGBA(x, y, c[2*y/h*2+2*x/w])
		}
	}
	return img
}

func jpegOf(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	if err := jpeg.Encode(&b, img, &jpeg.Options{Quality: 98}); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func pngOf(t testing.TB, img image.Image) []byte {
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// withSegment puts an APPn segment behind the start of a JPEG.
func withSegment(file []byte, n byte, body []byte) []byte {
	out := []byte{0xff, 0xd8, 0xff, 0xe0 + n}
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(append(out, body...), file[2:]...)
}

func withEXIF(file []byte, orientation uint16) []byte {
	return withSegment(file, 1, append([]byte("Exif\x00\x00"), tiff(orientation)...))
}

// tiff is EXIF of an orientation, a 26 mm lens and a time.
func tiff(orientation uint16) []byte {
	le := binary.LittleEndian
	entry := func(b []byte, tag, sort uint16, n, value uint32) []byte {
		b = le.AppendUint16(le.AppendUint16(b, tag), sort)
		return le.AppendUint32(le.AppendUint32(b, n), value)
	}
	b := append([]byte("II*\x00"), 8, 0, 0, 0)
	b = entry(le.AppendUint16(b, 2), 0x0112, 3, 1, uint32(orientation))
	b = le.AppendUint32(entry(b, 0x8769, 4, 1, 38), 0)
	b = entry(le.AppendUint16(b, 2), 0x9003, 2, 20, 68)
	b = le.AppendUint32(entry(b, 0xa405, 3, 1, 26), 0)
	return append(b, "2025:11:30 14:05:09\x00"...)
}

func withICC(file, profile []byte) []byte {
	return withSegment(file, 2, append([]byte("ICC_PROFILE\x00\x01\x01"), profile...))
}

// rgbProfile is a profile of D50 colorants and one curve for all channels.
func rgbProfile(colorants [3][3]float64, curve []byte) []byte {
	be := binary.BigEndian
	names := []string{"rXYZ", "gXYZ", "bXYZ", "rTRC", "gTRC", "bTRC"}
	head := make([]byte, 128)
	copy(head[12:], "mntrRGB XYZ ")
	copy(head[36:], "acsp")
	table := be.AppendUint32(nil, uint32(len(names)))
	var body []byte
	at := uint32(128 + 4 + 12*len(names))
	for i, name := range names {
		tag := curve
		if i < 3 {
			tag = []byte("XYZ \x00\x00\x00\x00")
			for _, v := range colorants[i] {
				tag = be.AppendUint32(tag, uint32(int32(math.Round(v*65536))))
			}
		}
		table = be.AppendUint32(append(table, name...), at+uint32(len(body)))
		table = be.AppendUint32(table, uint32(len(tag)))
		body = append(body, tag...)
	}
	file := append(append(head, table...), body...)
	be.PutUint32(file, uint32(len(file)))
	return file
}

func gammaCurve(gamma float64) []byte {
	b := append([]byte("curv\x00\x00\x00\x00"), 0, 0, 0, 1)
	return binary.BigEndian.AppendUint16(b, uint16(math.Round(gamma*256)))
}

// sRGBCurve is the parametric form of the sRGB curve.
func sRGBCurve() []byte {
	b := append([]byte("para\x00\x00\x00\x00"), 0, 3, 0, 0)
	for _, v := range []float64{2.4, 1 / 1.055, 0.055 / 1.055, 1 / 12.92, 0.04045} {
		b = binary.BigEndian.AppendUint32(b, uint32(int32(math.Round(v*65536))))
	}
	return b
}

// Colorants relative to D50, as the profiles of the wild have them.
func p3Colorants() [3][3]float64 {
	return [3][3]float64{{0.51512, 0.2412, -0.00105}, {0.29198, 0.69225, 0.04189}, {0.1571, 0.06657, 0.78407}}
}

func adobeColorants() [3][3]float64 {
	return [3][3]float64{{0.60974, 0.31111, 0.01947}, {0.20528, 0.62567, 0.06087}, {0.14919, 0.06322, 0.74457}}
}

func sRGBColorants() [3][3]float64 {
	return [3][3]float64{{0.43607, 0.22249, 0.01392}, {0.38515, 0.71687, 0.09708}, {0.14307, 0.06061, 0.7141}}
}

// withIHDR changes the size that a PNG claims.
func withIHDR(file []byte, w, h uint32) []byte {
	out := bytes.Clone(file)
	binary.BigEndian.PutUint32(out[16:], w)
	binary.BigEndian.PutUint32(out[20:], h)
	binary.BigEndian.PutUint32(out[29:], crc32.ChecksumIEEE(out[12:29]))
	return out
}
