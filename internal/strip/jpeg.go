package strip

import (
	"bytes"
	"encoding/binary"
)

const (
	exifMark = "Exif\x00\x00"
	iccMark  = "ICC_PROFILE\x00"
	// iccPiece is how much of a profile fits in a segment behind its mark and numbers.
	iccPiece = 65533 - len(iccMark) - 2
)

// Markers.
const (
	mSOI, mEOI, mSOS = 0xd8, 0xd9, 0xda
	mAPP0, mAPP1     = 0xe0, 0xe1
	mAPP2, mAPP14    = 0xe2, 0xee
)

// jpegFile is what is taken over of a JPEG file.
type jpegFile struct {
	first, rest []byte // segments up to and after APP0
	icc         [][]byte
	turned      uint16
	frames      int
}

func jpeg(data []byte) ([]byte, error) {
	f := &jpegFile{turned: upright}
	at := 2
	for {
		marker, body, next, ok := segment(data, at)
		if !ok {
			return nil, errBroken
		}
		if marker == mEOI {
			break
		}
		f.take(marker, body)
		at = next
		if marker == mSOS {
			end := scanEnd(data, next)
			f.rest = append(f.rest, data[next:end]...)
			at = end
			if end == len(data) { // cut off: whoever shows it has shown it so far
				break
			}
		}
	}
	if f.frames == 0 {
		return nil, errBroken
	}
	return f.write(), nil
}

// segment reads the one at i: its marker and what it holds.
func segment(data []byte, i int) (marker byte, body []byte, next int, ok bool) {
	for i+1 < len(data) && data[i] == 0xff && data[i+1] == 0xff {
		i++ // fill
	}
	if i+2 > len(data) || data[i] != 0xff {
		return 0, nil, 0, false
	}
	marker = data[i+1]
	if marker == mEOI || marker == mSOI || marker == 0x01 || marker >= 0xd0 && marker <= 0xd7 {
		return marker, nil, i + 2, true
	}
	if i+4 > len(data) {
		return 0, nil, 0, false
	}
	n := int(binary.BigEndian.Uint16(data[i+2:]))
	if n < 2 || i+2+n > len(data) {
		return 0, nil, 0, false
	}
	return marker, data[i+4 : i+2+n], i + 2 + n, true
}

// scanEnd finds the marker behind coded pixels.
func scanEnd(data []byte, i int) int {
	for ; i+1 < len(data); i++ {
		if data[i] == 0xff && data[i+1] != 0 && data[i+1] != 0xff && (data[i+1] < 0xd0 || data[i+1] > 0xd7) {
			return i
		}
	}
	return len(data)
}

// take keeps a segment that the picture needs.
func (f *jpegFile) take(marker byte, body []byte) {
	switch {
	case marker == mAPP0 && bytes.HasPrefix(body, []byte("JFIF\x00")) && len(body) >= 14:
		jfif := append([]byte(nil), body[:14]...)
		jfif[12], jfif[13] = 0, 0 // no thumbnail
		f.first = appendSegment(f.first, marker, jfif)
	case marker == mAPP1 && bytes.HasPrefix(body, []byte(exifMark)):
		f.turned = orientation(body[len(exifMark):])
	case marker == mAPP2 && bytes.HasPrefix(body, []byte(iccMark)) && len(body) > len(iccMark)+2:
		f.icc = append(f.icc, body[len(iccMark):])
	case marker == mAPP14 && bytes.HasPrefix(body, []byte("Adobe")) && len(body) >= 12:
		f.rest = appendSegment(f.rest, marker, body[:12])
	case marker >= 0xc0 && marker <= 0xcf && marker != 0xc8, marker >= mSOS && marker <= 0xdf: // frames, tables, scans
		f.rest = appendSegment(f.rest, marker, body)
		if marker != 0xc4 && marker != 0xcc && marker < 0xd0 {
			f.frames++
		}
	}
}

func appendSegment(out []byte, marker byte, body []byte) []byte {
	out = append(out, 0xff, marker)
	out = binary.BigEndian.AppendUint16(out, uint16(len(body)+2))
	return append(out, body...)
}

func (f *jpegFile) write() []byte {
	out := append([]byte{0xff, mSOI}, f.first...)
	if f.turned != upright {
		out = appendSegment(out, mAPP1, append([]byte(exifMark), exifOf(f.turned)...))
	}
	icc := f.profile()
	pieces := (len(icc) + iccPiece - 1) / iccPiece
	for i := range pieces {
		body := append([]byte(iccMark), byte(i+1), byte(pieces))
		out = appendSegment(out, mAPP2, append(body, icc[i*iccPiece:min((i+1)*iccPiece, len(icc))]...))
	}
	out = append(out, f.rest...)
	return append(out, 0xff, mEOI)
}

// profile joins the pieces of the colour profile in their order and blanks its
// words. One that cannot be read is left out: nobody can tell what it says.
func (f *jpegFile) profile() []byte {
	var whole []byte
	for want := 1; want <= len(f.icc); want++ {
		i := pieceOf(f.icc, want)
		if i < 0 || int(f.icc[i][1]) != len(f.icc) {
			return nil
		}
		whole = append(whole, f.icc[i][2:]...)
	}
	clean, ok := profile(whole)
	if !ok {
		return nil
	}
	return clean
}

func pieceOf(pieces [][]byte, number int) int {
	for i, p := range pieces {
		if int(p[0]) == number {
			return i
		}
	}
	return -1
}
