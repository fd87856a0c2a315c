package photo

import (
	"bytes"
	"strings"
	"time"

	"github.com/bep/imagemeta"

	"pointille/internal/filekind"
	"pointille/internal/photofile"
)

// exif is all that is read from a photo's metadata.
type exif struct {
	orientation int // 1 to 8
	focal35     float64
	taken       time.Time
}

// readEXIF returns what it finds; damaged metadata is no reason to refuse a
// photo.
func readEXIF(kind filekind.Kind, data []byte) exif {
	m := exif{orientation: 1}
	formats := map[filekind.Kind]imagemeta.ImageFormat{
		filekind.JPEG: imagemeta.JPEG, filekind.PNG: imagemeta.PNG, filekind.WebP: imagemeta.WebP, filekind.HEIC: imagemeta.HEIF,
	}
	if kind == filekind.WebP {
		data = webpEXIF(data)
	}
	_, _ = imagemeta.Decode(imagemeta.Options{
		R: bytes.NewReader(data), ImageFormat: formats[kind], Sources: imagemeta.EXIF,
		ShouldHandleTag: func(t imagemeta.TagInfo) bool { return wanted(t.Tag) && !strings.Contains(t.Namespace, "IFD1") },
		HandleTag: func(t imagemeta.TagInfo) error {
			m.take(t)
			return nil
		},
		Warnf: func(string, ...any) {},
	})
	return m
}

// webpEXIF is a WebP file of the EXIF alone. The library (imagemeta 1.0.1) loses
// its way behind a picture of an odd number of bytes, and at the mark that some
// programs put before EXIF.
func webpEXIF(data []byte) []byte {
	body := []byte("WEBP")
	photofile.Chunks(data[12:], func(name string, b []byte) bool {
		if name == "EXIF" {
			body = photofile.AppendChunk(body, name, bytes.TrimPrefix(b, []byte("Exif\x00\x00")))
		}
		return true
	})
	return photofile.AppendChunk(nil, "RIFF", body)
}

func wanted(tag string) bool {
	switch tag {
	case "Orientation", "FocalLengthIn35mmFormat", "FocalLengthIn35mmFilm", "DateTimeOriginal":
		return true
	}
	return false
}

func (m *exif) take(t imagemeta.TagInfo) {
	switch t.Tag {
	case "Orientation":
		if n, ok := whole(t.Value); ok && n >= 1 && n <= 8 {
			m.orientation = n
		}
	case "DateTimeOriginal":
		if s, ok := t.Value.(string); ok {
			if when, err := time.Parse("2006:01:02 15:04:05", strings.TrimRight(s, "\x00 ")); err == nil {
				m.taken = when
			}
		}
	default:
		// 5 to 1200 mm are the lenses there are.
		if n, ok := whole(t.Value); ok && n >= 5 && n <= 1200 {
			m.focal35 = float64(n)
		}
	}
}

func whole(v any) (int, bool) {
	switch n := v.(type) {
	case uint16:
		return int(n), true
	case uint32:
		return int(n), n < 1<<31
	case int:
		return n, true
	}
	return 0, false
}
