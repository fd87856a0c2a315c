package cvx

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"

	"golang.org/x/image/webp"
)

// Errors of Decode, wrapped with detail.
var (
	// ErrFormat is wrapped where data is neither JPEG, PNG nor WebP.
	ErrFormat = errors.New("not a JPEG, PNG or WebP picture")
	// ErrTruncated is wrapped where a file ends before its picture does.
	ErrTruncated = errors.New("picture file is cut short")
)

// container is the kind of a picture file.
type container int

const (
	jpegFile container = iota + 1
	pngFile
	webpFile
)

// inspect tells the container and the picture's size from the file's structure
// alone, and fails where the structure does not reach the file's own end mark.
// OpenCV would only warn there and hand out a picture that is partly grey.
func inspect(data []byte) (kind container, w, h int, err error) {
	switch {
	case bytes.HasPrefix(data, []byte("\xff\xd8\xff")):
		w, h, err = inspectJPEG(data)
		return jpegFile, w, h, err
	case bytes.HasPrefix(data, []byte("\x89PNG\r\n\x1a\n")):
		w, h, err = inspectPNG(data)
		return pngFile, w, h, err
	case len(data) >= 12 && string(data[:4]) == "RIFF" && string(data[8:12]) == "WEBP":
		w, h, err = inspectWebP(data)
		return webpFile, w, h, err
	}
	return 0, 0, 0, ErrFormat
}

// JPEG markers (ITU-T T.81, table B.1).
const (
	markerSOF0 = 0xc0
	markerDHT  = 0xc4
	markerJPG  = 0xc8
	markerDAC  = 0xcc
	markerSOFf = 0xcf
	markerRST0 = 0xd0
	markerRST7 = 0xd7
	markerSOI  = 0xd8
	markerEOI  = 0xd9
	markerSOS  = 0xda
	markerTEM  = 0x01
)

// inspectJPEG walks from segment to segment and through the entropy-coded
// data of every scan up to the end-of-image marker.
func inspectJPEG(data []byte) (w, h int, err error) {
	scans := 0
	for i := 2; ; {
		code, next := nextMarker(data, i)
		if next < 0 {
			return 0, 0, fmt.Errorf("JPEG without end marker: %w", ErrTruncated)
		}
		i = next
		switch {
		case code == markerEOI:
			if w == 0 || h == 0 || scans == 0 {
				return 0, 0, errors.New("JPEG holds no picture")
			}
			return w, h, nil
		case code == markerSOI || code == markerTEM || code >= markerRST0 && code <= markerRST7:
			continue
		case i+2 > len(data):
			return 0, 0, fmt.Errorf("JPEG segment header: %w", ErrTruncated)
		}
		size := int(binary.BigEndian.Uint16(data[i:]))
		if size < 2 {
			return 0, 0, fmt.Errorf("JPEG segment %#x of %d bytes", code, size)
		}
		if i+size > len(data) {
			return 0, 0, fmt.Errorf("JPEG segment %#x: %w", code, ErrTruncated)
		}
		if code == markerSOS {
			scans++
		}
		if isFrame(code) && size >= 7 {
			h = int(binary.BigEndian.Uint16(data[i+3:]))
			w = int(binary.BigEndian.Uint16(data[i+5:]))
		}
		i += size
	}
}

// nextMarker returns the next marker code at or after i and the position
// behind it, or -1. Stuffed zero bytes of entropy-coded data are no markers.
func nextMarker(data []byte, i int) (code byte, next int) {
	for {
		k := bytes.IndexByte(data[i:], 0xff)
		if k < 0 {
			return 0, -1
		}
		for i += k; i < len(data) && data[i] == 0xff; i++ {
		}
		if i >= len(data) {
			return 0, -1
		}
		if data[i] != 0 {
			return data[i], i + 1
		}
	}
}

func isFrame(code byte) bool {
	return code >= markerSOF0 && code <= markerSOFf &&
		code != markerDHT && code != markerJPG && code != markerDAC
}

// inspectPNG walks from chunk to chunk up to IEND.
func inspectPNG(data []byte) (w, h int, err error) {
	const frame = 12 // length, type and checksum of a chunk
	for i := 8; ; {
		if i+frame > len(data) {
			return 0, 0, fmt.Errorf("PNG without end chunk: %w", ErrTruncated)
		}
		size, name := int64(binary.BigEndian.Uint32(data[i:])), string(data[i+4:i+8])
		if size > int64(len(data)-i-frame) {
			return 0, 0, fmt.Errorf("PNG chunk %q: %w", name, ErrTruncated)
		}
		if i == 8 {
			if name != "IHDR" || size != 13 {
				return 0, 0, errors.New("PNG without header chunk")
			}
			w = int(binary.BigEndian.Uint32(data[i+8:]))
			h = int(binary.BigEndian.Uint32(data[i+12:]))
		}
		if name == "IEND" {
			return w, h, nil
		}
		i += frame + int(size)
	}
}

func inspectWebP(data []byte) (w, h int, err error) {
	if size := int64(binary.LittleEndian.Uint32(data[4:])); size+8 > int64(len(data)) {
		return 0, 0, fmt.Errorf("WebP of %d bytes, %d here: %w", size+8, len(data), ErrTruncated)
	}
	cfg, err := webp.DecodeConfig(bytes.NewReader(data))
	if err != nil {
		return 0, 0, fmt.Errorf("WebP header: %w", err)
	}
	return cfg.Width, cfg.Height, nil
}
