// Package photofile walks the pieces of which files of photos are made, chunks of
// RIFF (WebP) and boxes of ISO base media (HEIC), and writes chunks of RIFF and PNG.
// It knows where they lie and not what they mean.
package photofile

import (
	"encoding/binary"
	"hash/crc32"
)

// Chunks calls with every chunk of RIFF in data until it returns false. It reports
// whether all went on to the end: no chunk is cut off, and none was the last wanted.
func Chunks(data []byte, with func(name string, body []byte) bool) bool {
	for len(data) >= 8 {
		n := int64(binary.LittleEndian.Uint32(data[4:]))
		if n > int64(len(data)-8) || !with(string(data[:4]), data[8:8+n]) {
			return false
		}
		data = data[min(int64(len(data)), 8+n+n%2):]
	}
	return true
}

// AppendChunk writes a chunk of RIFF behind others.
func AppendChunk(to []byte, name string, body []byte) []byte {
	to = binary.LittleEndian.AppendUint32(append(to, name...), uint32(len(body)))
	to = append(to, body...)
	if len(body)%2 == 1 {
		to = append(to, 0)
	}
	return to
}

// AppendPNG writes a chunk of PNG behind others.
func AppendPNG(to []byte, kind string, body []byte) []byte {
	to = binary.BigEndian.AppendUint32(to, uint32(len(body)))
	from := len(to)
	to = append(append(to, kind...), body...)
	return binary.BigEndian.AppendUint32(to, crc32.ChecksumIEEE(to[from:]))
}

// Box is a box of ISO base media (ISO/IEC 14496-12) in a file: data[Start:End], of
// which data[Body:End] is what it holds.
type Box struct {
	Kind             string
	Start, Body, End int
}

// Boxes calls with every box of data from at on until it returns false. It reports
// whether all went on to the end: no box is cut off, and none was the last wanted.
func Boxes(data []byte, at int, with func(Box) bool) bool {
	for at < len(data) {
		if at+8 > len(data) {
			return false
		}
		size, body := uint64(binary.BigEndian.Uint32(data[at:])), at+8
		switch {
		case size == 0:
			size = uint64(len(data) - at)
		case size == 1:
			if at+16 > len(data) {
				return false
			}
			size, body = binary.BigEndian.Uint64(data[at+8:]), at+16
		}
		if size < uint64(body-at) || size > uint64(len(data)-at) {
			return false
		}
		end := at + int(size)
		if !with(Box{string(data[at+4 : at+8]), at, body, end}) {
			return false
		}
		at = end
	}
	return true
}
