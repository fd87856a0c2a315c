// Package filekind tells what a file is from its first bytes, never from its
// name.
package filekind

import (
	"bytes"
	"unicode/utf8"
)

// Kind is the sort of a file. Its text is for people.
type Kind string

// Kinds that are photos.
const (
	JPEG Kind = "JPEG"
	PNG  Kind = "PNG"
	WebP Kind = "WebP"
	HEIC Kind = "HEIC"
)

// HeadBytes is how many first bytes Of needs to see.
const HeadBytes = 512

// Photo reports whether the kind is one that can be read as a photo.
func (k Kind) Photo() bool { return k == JPEG || k == PNG || k == WebP || k == HEIC }

// Of returns the kind of a file that begins with head, in words where it is
// no photo, as in "text", "a PDF document" or "unknown data".
func Of(head []byte) Kind {
	if len(head) == 0 {
		return "an empty file"
	}
	for _, m := range magics() {
		if bytes.HasPrefix(head, []byte(m.begins)) {
			return m.kind
		}
	}
	switch {
	case at(head, 0, "RIFF") && at(head, 8, "WEBP"):
		return WebP
	case at(head, 4, "ftyp"):
		return isoMedia(head)
	case text(head):
		return "text"
	}
	return "unknown data"
}

type magic struct {
	begins string
	kind   Kind
}

func magics() []magic {
	return []magic{
		{"\xff\xd8\xff", JPEG},
		{"\x89PNG\r\n\x1a\n", PNG},
		{"GIF8", "a GIF picture; save it as JPEG or PNG"},
		{"II*\x00", "a TIFF or raw picture; save it as JPEG or PNG"},
		{"MM\x00*", "a TIFF or raw picture; save it as JPEG or PNG"},
		{"8BPS", "a Photoshop file; save it as JPEG or PNG"},
		{"%PDF", "a PDF document"},
		{"PK\x03\x04", "a ZIP archive or office document"},
		{"\x1aE\xdf\xa3", "a video"},
		{"\xff\x0a", "a JPEG XL picture; save it as JPEG or PNG"},
		{"\x00\x00\x00\x0cJXL ", "a JPEG XL picture; save it as JPEG or PNG"},
	}
}

// isoMedia tells the brands of a file in ISO base media boxes apart: the major
// brand, or for the general "mif1" and "msf1" the first telling compatible one.
func isoMedia(head []byte) Kind {
	size := min(len(head), int(head[3])|int(head[2])<<8)
	for i := 8; i+4 <= size; i += 4 {
		if i == 12 {
			continue // the minor version
		}
		switch string(head[i : i+4]) {
		case "heic", "heix", "heim", "heis", "hevc", "hevx":
			return HEIC
		case "avif", "avis":
			return "an AVIF picture; save it as JPEG or PNG"
		case "mif1", "msf1", "miaf", "MiHB", "MiHE":
			continue
		default:
			return "a video"
		}
	}
	return "unknown data"
}

func text(head []byte) bool {
	if bytes.HasPrefix(head, []byte("\xff\xfe")) || bytes.HasPrefix(head, []byte("\xfe\xff")) {
		return true // UTF-16 with its mark
	}
	for i := 0; i < len(head); {
		r, n := utf8.DecodeRune(head[i:])
		if r == utf8.RuneError && n == 1 {
			return len(head)-i < utf8.UTFMax && i > 0 // a letter cut at the end
		}
		if r < ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\f' {
			return false
		}
		i += n
	}
	return true
}

func at(head []byte, i int, s string) bool {
	return len(head) >= i+len(s) && string(head[i:i+len(s)]) == s
}
