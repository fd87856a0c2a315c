package strip

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"

	"pointille/internal/photofile"
)

const pngMagic = "\x89PNG\r\n\x1a\n"

// maxProfile bounds a colour profile unpacked, bytes.
const maxProfile = 16 << 20

// png takes over the chunks that a picture needs. Animations become their first
// picture.
func png(data []byte) ([]byte, error) {
	out, turned, ended := []byte(pngMagic), uint16(upright), false
	var head, pixels []byte
	rest := data[len(pngMagic):]
	for !ended {
		if len(rest) < 12 {
			return nil, errBroken
		}
		n := int(binary.BigEndian.Uint32(rest))
		if n < 0 || n > len(rest)-12 {
			return nil, errBroken
		}
		kind, body, whole := string(rest[4:8]), rest[8:8+n], rest[:12+n]
		switch kind {
		case "IHDR", "PLTE", "tRNS", "gAMA", "cHRM", "sRGB", "sBIT", "bKGD", "pHYs", "cICP", "mDCV", "cLLI":
			head = append(head, whole...)
		case "iCCP":
			head = append(head, pngProfile(body)...)
		case "eXIf":
			turned = orientation(body)
		case "IDAT":
			pixels = append(pixels, whole...)
		case "IEND":
			ended = true
		}
		rest = rest[12+n:]
	}
	if len(head) < 25 || string(head[4:8]) != "IHDR" || len(pixels) == 0 {
		return nil, errBroken
	}
	out = append(out, head...)
	if turned != upright {
		out = photofile.AppendPNG(out, "eXIf", exifOf(turned))
	}
	out = append(out, pixels...)
	return photofile.AppendPNG(out, "IEND", nil), nil
}

// pngProfile is the chunk of a colour profile without words; none where it cannot
// be read.
func pngProfile(body []byte) []byte {
	end := bytes.IndexByte(body, 0)
	if end < 0 || end+2 > len(body) || body[end+1] != 0 {
		return nil
	}
	r, err := zlib.NewReader(bytes.NewReader(body[end+2:]))
	if err != nil {
		return nil
	}
	raw, err := io.ReadAll(io.LimitReader(r, maxProfile))
	if err != nil {
		return nil
	}
	clean, ok := profile(raw)
	if !ok {
		return nil
	}
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	if _, err := w.Write(clean); err != nil || w.Close() != nil {
		return nil
	}
	return photofile.AppendPNG(nil, "iCCP", append([]byte("colour\x00\x00"), packed.Bytes()...))
}

// Flags of a WebP's first chunk.
const (
	webpXMP  = 0x04
	webpEXIF = 0x08
	webpICC  = 0x20
)

// webp takes over the chunks that a picture needs.
func webp(data []byte) ([]byte, error) {
	if len(data) < 12 {
		return nil, errBroken
	}
	size := int(binary.LittleEndian.Uint32(data[4:])) + 8
	if size < 12 || size > len(data) {
		return nil, errBroken
	}
	f := webpFile{turned: upright}
	whole := photofile.Chunks(data[12:size], func(kind string, body []byte) bool {
		f.take(kind, body)
		return true
	})
	if !whole || !f.picture {
		return nil, errBroken
	}
	return f.write(), nil
}

type webpFile struct {
	body    []byte // chunks
	head    []byte // of VP8X; nil: none
	turned  uint16
	picture bool
	icc     bool
}

func (f *webpFile) take(kind string, body []byte) {
	switch kind {
	case "VP8X":
		if len(body) >= 10 && f.head == nil {
			f.head = slices.Clone(body[:10])
		}
	case "ICCP":
		if clean, ok := profile(body); ok {
			f.body, f.icc = photofile.AppendChunk(f.body, kind, clean), true
		}
	case "EXIF":
		f.turned = orientation(bytes.TrimPrefix(body, []byte(exifMark)))
	case "VP8 ", "VP8L":
		f.picture = true
		f.body = photofile.AppendChunk(f.body, kind, body)
	case "ALPH", "ANIM":
		f.body = photofile.AppendChunk(f.body, kind, body)
	case "ANMF":
		f.picture = true
		f.body = photofile.AppendChunk(f.body, kind, frame(body))
	}
}

// frameHead is what stands before the chunks of a frame of an animation.
const frameHead = 16

// frame is one of an animation without chunks that nobody knows.
func frame(body []byte) []byte {
	if len(body) < frameHead {
		return body
	}
	out := slices.Clone(body[:frameHead])
	photofile.Chunks(body[frameHead:], func(kind string, b []byte) bool {
		if kind == "VP8 " || kind == "VP8L" || kind == "ALPH" {
			out = photofile.AppendChunk(out, kind, b)
		}
		return true
	})
	return out
}

func (f *webpFile) write() []byte {
	var body []byte
	if f.head != nil {
		f.head[0] &^= webpXMP | webpEXIF | webpICC
		if f.icc {
			f.head[0] |= webpICC
		}
		if f.turned != upright {
			f.head[0] |= webpEXIF
		}
		body = photofile.AppendChunk(nil, "VP8X", f.head)
	}
	body = append(body, f.body...)
	if f.head != nil && f.turned != upright {
		body = photofile.AppendChunk(body, "EXIF", exifOf(f.turned))
	}
	out := binary.LittleEndian.AppendUint32([]byte("RIFF"), uint32(len(body)+4))
	return append(append(out, "WEBP"...), body...)
}
