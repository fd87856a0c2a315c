// Package strip takes out of a photo's file what tells where, when and with which
// camera it was taken: EXIF with GPS and serial numbers, XMP, IPTC, comments,
// thumbnails, maker's notes, names in colour profiles, whatever lies behind the
// picture. The picture itself is not touched: its coded bytes stay as they are,
// and so do its orientation and the numbers of its colour profile.
//
// JPEG, PNG and WebP are written anew from the parts that a picture needs, so that
// a part nobody knew of is left out. HEIC is kept as it lies and metadata in it
// are overwritten. What is no such file, or broken so that its parts cannot be
// told, is an error: it must not be handed on as stripped.
//
// Not taken out: what can be seen in the picture, and the pattern of noise by which
// a laboratory can tell that two photos come from one sensor.
package strip

import (
	"encoding/binary"
	"errors"
	"fmt"

	"pointille/internal/filekind"
)

// ErrKind is returned for what is no photo of a kind that can be stripped.
var ErrKind = errors.New("no photo whose metadata can be taken out")

// errBroken is for a file whose parts cannot be told.
var errBroken = errors.New("the file is broken: its metadata cannot be told from its picture")

// Photo returns the photo without metadata. The input is not changed.
func Photo(data []byte) ([]byte, error) {
	kind := filekind.Of(data[:min(len(data), filekind.HeadBytes)])
	switch kind {
	case filekind.JPEG:
		return jpeg(data)
	case filekind.PNG:
		return png(data)
	case filekind.WebP:
		return webp(data)
	case filekind.HEIC:
		return heic(data)
	}
	return nil, fmt.Errorf("%w (%s)", ErrKind, kind)
}

// upright is the orientation of a photo that needs no turning.
const upright = 1

// exifOf is the least EXIF that says how a picture is to be turned.
func exifOf(orientation uint16) []byte {
	out := []byte("MM\x00*\x00\x00\x00\x08\x00\x01\x01\x12\x00\x03\x00\x00\x00\x01")
	out = binary.BigEndian.AppendUint16(out, orientation)
	return append(out, 0, 0, 0, 0, 0, 0)
}

// orientation reads that one value out of a TIFF structure; 1 where there is none.
func orientation(tiff []byte) uint16 {
	if len(tiff) < 8 {
		return upright
	}
	var order binary.ByteOrder
	switch string(tiff[:4]) {
	case "II*\x00":
		order = binary.LittleEndian
	case "MM\x00*":
		order = binary.BigEndian
	default:
		return upright
	}
	at := uint64(order.Uint32(tiff[4:]))
	if at+2 > uint64(len(tiff)) {
		return upright
	}
	entries := tiff[at+2:]
	for n := int(order.Uint16(tiff[at:])); n > 0 && len(entries) >= 12; n-- {
		if order.Uint16(entries) == 0x0112 && order.Uint16(entries[2:]) == 3 {
			if v := order.Uint16(entries[8:]); v >= 1 && v <= 8 {
				return v
			}
			return upright
		}
		entries = entries[12:]
	}
	return upright
}

// colourTags of an ICC profile are its numbers; all others are words.
func colourTags() map[string]bool {
	tags := map[string]bool{}
	for _, t := range []string{
		"rXYZ", "gXYZ", "bXYZ", "wtpt", "bkpt", "lumi", "rTRC", "gTRC", "bTRC", "kTRC", "chad", "chrm", "cicp", "gamt",
		"A2B0", "A2B1", "A2B2", "A2B3", "B2A0", "B2A1", "B2A2", "B2A3", "D2B0", "D2B1", "D2B2", "D2B3", "B2D0", "B2D1", "B2D2", "B2D3",
	} {
		tags[t] = true
	}
	return tags
}

// iccHeader is its size, with the number of tags behind it; iccTag that of an entry.
const (
	iccHeader = 128
	iccTag    = 12
)

// profile returns an ICC profile of the same size without device, maker, date and
// words; false where it is none.
func profile(p []byte) ([]byte, bool) {
	if len(p) < iccHeader+4 || string(p[36:40]) != "acsp" {
		return nil, false
	}
	out := append([]byte(nil), p...)
	for _, field := range [][2]int{{4, 8}, {24, 36}, {40, 44}, {48, 56}, {80, iccHeader}} { // CMM, date, platform, device, creator and id
		clear(out[field[0]:field[1]])
	}
	n := binary.BigEndian.Uint32(out[iccHeader:])
	keep := colourTags()
	for i := range int(min(n, 200)) {
		at := iccHeader + 4 + i*iccTag
		if at+iccTag > len(out) {
			return nil, false
		}
		off, size := uint64(binary.BigEndian.Uint32(out[at+4:])), uint64(binary.BigEndian.Uint32(out[at+8:]))
		if off+size > uint64(len(out)) || off < uint64(iccHeader) {
			return nil, false
		}
		if !keep[string(out[at:at+4])] {
			blankTag(out[off : off+size])
		}
	}
	return out, n <= 200
}

// blankTag keeps the type of a tag and none of its words.
func blankTag(b []byte) {
	if len(b) < 8 {
		clear(b)
		return
	}
	clear(b[4:])
	if string(b[:4]) == "mluc" && len(b) >= 16 {
		b[15] = 12 // the size of a record, of which there are none
	}
}
