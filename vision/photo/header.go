package photo

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"

	"pointille/internal/filekind"
	"pointille/internal/photofile"
)

// header is what a file says about its picture before anything is decoded.
type header struct {
	width, height int    // as stored, pixels
	grey          bool   // one colour channel
	cmyk          bool   // four ink channels
	alpha         bool   // may have transparent pixels
	frames        bool   // more than one picture
	icc           []byte // embedded profile, nil where there is none
	still         []byte // the first frame as a file of its own, where the format needs it

	// HEIC only.
	p3        bool // colours are Display P3 by number instead of by profile
	matrix    int  // matrix coefficients, ISO/IEC 23091-2; 2 unspecified
	videoSpan bool // luma spans 16..235
}

// check refuses what must not be decoded.
func (h *header) check(o Options) error {
	w, ht := h.width, h.height
	switch {
	case h.cmyk:
		return fmt.Errorf("%w (a CMYK picture, made for print; save it as RGB)", ErrNotPhoto)
	case w <= 0 || ht <= 0:
		return fmt.Errorf("%w: its size is %d×%d pixels", ErrDamaged, w, ht)
	case w > o.MaxSide || ht > o.MaxSide:
		return fmt.Errorf("%w: %d×%d pixels, at most %d on a side are read", ErrTooLarge, w, ht, o.MaxSide)
	case w*ht > o.MaxPixels:
		return fmt.Errorf("%w: %d×%d pixels, at most %d megapixels are read", ErrTooLarge, w, ht, o.MaxPixels/1_000_000)
	case w < o.MinSide || ht < o.MinSide:
		return fmt.Errorf("%w: %d×%d pixels, at least %d on a side are needed", ErrTooSmall, w, ht, o.MinSide)
	}
	return nil
}

func readHeader(kind filekind.Kind, data []byte) (*header, error) {
	h := &header{matrix: 2}
	ok := false
	switch kind {
	case filekind.JPEG:
		ok = h.jpeg(data)
	case filekind.PNG:
		ok = h.png(data)
	case filekind.WebP:
		ok = h.webp(data)
	case filekind.HEIC:
		ok = h.heic(data)
	}
	if !ok {
		return nil, fmt.Errorf("%w: the %s file has no readable header", ErrDamaged, kind)
	}
	return h, nil
}

// jpeg walks the segments up to the first scan (ITU-T T.81, annex B).
func (h *header) jpeg(data []byte) bool {
	parts := map[byte][]byte{}
	found := false
	for i := 2; i+4 <= len(data); {
		if data[i] != 0xff {
			return found
		}
		marker := data[i+1]
		if marker == 0xff || marker == 0x01 || marker >= 0xd0 && marker <= 0xd8 {
			i += 2
			if marker == 0xff {
				i--
			}
			continue
		}
		if marker == 0xd9 || marker == 0xda {
			break
		}
		n := int(binary.BigEndian.Uint16(data[i+2:]))
		if n < 2 || i+2+n > len(data) {
			return found
		}
		segment := data[i+4 : i+2+n]
		switch {
		case marker >= 0xc0 && marker <= 0xcf && marker != 0xc4 && marker != 0xc8 && marker != 0xcc && !found:
			found = h.frame(segment)
		case marker == 0xe2 && bytes.HasPrefix(segment, []byte("ICC_PROFILE\x00")) && len(segment) > 14:
			parts[segment[12]] = segment[14:]
		}
		i += 2 + n
	}
	for k := 1; k <= len(parts); k++ {
		h.icc = append(h.icc, parts[byte(k)]...)
	}
	return found
}

func (h *header) frame(s []byte) bool {
	if len(s) < 6 {
		return false
	}
	h.height, h.width = int(binary.BigEndian.Uint16(s[1:])), int(binary.BigEndian.Uint16(s[3:]))
	h.grey, h.cmyk = s[5] == 1, s[5] == 4
	return true
}

// png walks the chunks up to the picture data.
func (h *header) png(data []byte) bool {
	for i := 8; i+12 <= len(data); {
		n := int(binary.BigEndian.Uint32(data[i:]))
		if n < 0 || n > len(data)-i-12 {
			break
		}
		name, body := string(data[i+4:i+8]), data[i+8:i+8+n]
		switch name {
		case "IHDR":
			if n < 13 {
				return false
			}
			h.width, h.height = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
			h.grey, h.alpha = body[9] == 0 || body[9] == 4, body[9] == 4 || body[9] == 6
		case "tRNS":
			h.alpha = true
		case "acTL":
			h.frames = true
		case "iCCP":
			h.icc = inflateProfile(body)
		case "IDAT":
			return h.width > 0
		}
		i += 12 + n
	}
	return h.width > 0
}

// inflateProfile returns the profile of an iCCP chunk, nil where it is broken
// or larger than any profile of a display.
func inflateProfile(body []byte) []byte {
	const most = 4 << 20
	_, packed, ok := bytes.Cut(body, []byte{0})
	if !ok || len(packed) < 2 {
		return nil
	}
	z, err := zlib.NewReader(bytes.NewReader(packed[1:]))
	if err != nil {
		return nil
	}
	profile, err := io.ReadAll(io.LimitReader(z, most+1))
	if err != nil || len(profile) > most {
		return nil
	}
	return profile
}

// webp walks the chunks of a RIFF file.
func (h *header) webp(data []byte) bool {
	found := false
	photofile.Chunks(data[12:], func(name string, body []byte) bool {
		switch {
		case name == "VP8X" && len(body) >= 10:
			h.alpha, h.frames = body[0]&0x10 != 0, body[0]&0x02 != 0
			h.width, h.height = 1+int24(body[4:]), 1+int24(body[7:])
			found = true
		case name == "ICCP":
			h.icc = body
		case name == "VP8 " && len(body) >= 10 && !found:
			h.width, h.height = int(binary.LittleEndian.Uint16(body[6:]))&0x3fff, int(binary.LittleEndian.Uint16(body[8:]))&0x3fff
			found = true
		case name == "VP8L" && len(body) >= 5 && !found:
			v := binary.LittleEndian.Uint32(body[1:])
			h.width, h.height, h.alpha = 1+int(v&0x3fff), 1+int(v>>14&0x3fff), v>>28&1 == 1
			found = true
		case name == "ANMF" && len(body) > 16:
			h.firstFrame(body)
			return false
		}
		return true
	})
	return found
}

// firstFrame makes a file of the first frame of an animation, whose decoders
// are rarer than those of pictures.
func (h *header) firstFrame(anmf []byte) {
	w, ht := 1+int24(anmf[6:]), 1+int24(anmf[9:])
	var body []byte
	photofile.Chunks(anmf[16:], func(name string, b []byte) bool {
		if name == "ALPH" || name == "VP8 " || name == "VP8L" {
			body = photofile.AppendChunk(body, name, b)
		}
		return true
	})
	extended := make([]byte, 10)
	if bytes.HasPrefix(body, []byte("ALPH")) {
		extended[0] = 0x10
	}
	put24(extended[4:], w-1)
	put24(extended[7:], ht-1)
	body = append(photofile.AppendChunk([]byte("WEBP"), "VP8X", extended), body...)
	h.still = photofile.AppendChunk(nil, "RIFF", body)
	h.width, h.height = w, ht
}

func int24(b []byte) int { return int(b[0]) | int(b[1])<<8 | int(b[2])<<16 }

func put24(b []byte, v int) { b[0], b[1], b[2] = byte(v), byte(v>>8), byte(v>>16) }
