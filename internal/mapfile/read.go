package mapfile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"image"
	"image/png"
	"io"
	"math"
	"os"
	"sync"
	"syscall"
)

// Maps holds maps that are read to be looked at and given back. Most of a map is
// zero, because it shows the background, or hair where there is none: those pages
// take no memory. The others are no part of the heap, whose garbage would be found
// later only the more of them there are. Its zero value is empty. Several goroutines
// may read into it.
type Maps struct {
	mu    sync.Mutex
	pages [][]byte
}

// Close gives all maps back. None may be looked at from then on, which would end
// the program.
func (k *Maps) Close() {
	k.mu.Lock()
	defer k.mu.Unlock()
	for _, p := range k.pages {
		_ = syscall.Munmap(p) // fails only for what is none
	}
	k.pages = nil
}

// make returns n bytes of zeros.
func (k *Maps) make(n int) ([]byte, error) {
	p, err := syscall.Mmap(-1, 0, n, syscall.PROT_READ|syscall.PROT_WRITE, syscall.MAP_PRIVATE|syscall.MAP_ANON)
	if err != nil {
		return nil, fmt.Errorf("memory for a map of %d bytes: %w", n, err)
	}
	k.mu.Lock()
	defer k.mu.Unlock()
	k.pages = append(k.pages, p)
	return p, nil
}

// Read reads the map at path into k, be it of Encode or of any other program that
// writes PNG; with k nil, onto the heap.
func Read[T *image.Gray | *image.Gray16](k *Maps, path string) (T, error) {
	var m T
	data, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("reading a map: %w", err)
	}
	if m, err = ours[T](k, data); m != nil || err != nil {
		return m, err
	}
	img, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return nil, fmt.Errorf("%s: not a PNG map: %w", path, err)
	}
	m, ok := any(img).(T)
	if !ok {
		kind := "an 8-bit"
		if _, deep := any(m).(*image.Gray16); deep {
			kind = "a 16-bit"
		}
		return nil, fmt.Errorf("%s: not %s grey map", path, kind)
	}
	return m, nil
}

// Keep moves a map into k.
func Keep[T *image.Gray | *image.Gray16](k *Maps, m T) (T, error) {
	switch m := any(m).(type) {
	case *image.Gray:
		pix, err := k.keep(m.Pix)
		return any(&image.Gray{Pix: pix, Stride: m.Stride, Rect: m.Rect}).(T), err
	case *image.Gray16:
		pix, err := k.keep(m.Pix)
		return any(&image.Gray16{Pix: pix, Stride: m.Stride, Rect: m.Rect}).(T), err
	}
	return m, nil
}

func (k *Maps) keep(pix []byte) ([]byte, error) {
	if len(pix) == 0 {
		return pix, nil
	}
	out, err := k.make(len(pix))
	if err != nil {
		return nil, err
	}
	lay(out, pix)
	return out, nil
}

// part is how much is looked at for whether it is zero: less than a page, of which a
// few bytes would take all.
const part = 512

// lay writes bytes to where there are zeros, and touches no page for more zeros.
func lay(to, from []byte) {
	var zeros [part]byte
	for len(from) > 0 {
		n := min(part, len(from))
		if !bytes.Equal(from[:n], zeros[:n]) {
			copy(to, from[:n])
		}
		to, from = to[n:], from[n:]
	}
}

// ours reads what Encode wrote, whole and undamaged; of all else it returns nil, and
// leaves to image/png what can be made of it.
func ours[T *image.Gray | *image.Gray16](k *Maps, data []byte) (T, error) {
	depth := 1
	if _, deep := any(T(nil)).(*image.Gray16); deep {
		depth = 2
	}
	w, h, packed, ok := chunks(data, byte(8*depth))
	if !ok {
		return nil, nil
	}
	rows, err := zlib.NewReader(bytes.NewReader(packed))
	if err != nil {
		return nil, nil
	}
	pix, err := memory(k, w*h*depth)
	if err != nil {
		return nil, err
	}
	if !unpack(rows, pix, w*depth) {
		return nil, nil
	}
	if depth == 1 {
		return any(&image.Gray{Pix: pix, Stride: w, Rect: image.Rect(0, 0, w, h)}).(T), nil
	}
	return any(&image.Gray16{Pix: pix, Stride: 2 * w, Rect: image.Rect(0, 0, w, h)}).(T), nil
}

func memory(k *Maps, n int) ([]byte, error) {
	if k == nil {
		return make([]byte, n), nil
	}
	return k.make(n)
}

// mostBytes a map may have here; larger ones are read as any PNG is.
const mostBytes = 1 << 30

// chunks looks through a file of Encode and returns its size and packed rows.
func chunks(data []byte, depth byte) (w, h int, packed []byte, ok bool) {
	const mark = "\x89PNG\r\n\x1a\n"
	if !bytes.HasPrefix(data, []byte(mark)) {
		return 0, 0, nil, false
	}
	for data = data[len(mark):]; len(data) >= 12; {
		n := binary.BigEndian.Uint32(data)
		if uint64(n)+12 > uint64(len(data)) {
			return 0, 0, nil, false
		}
		name, body, sum := string(data[4:8]), data[8:8+n], binary.BigEndian.Uint32(data[8+n:])
		if crc32.ChecksumIEEE(data[4:8+n]) != sum {
			return 0, 0, nil, false
		}
		data = data[12+n:]
		switch {
		case name == "IHDR" && n == 13 && w == 0 && bytes.Equal(body[8:], []byte{depth, greyscale, 0, 0, 0}):
			w, h = int(binary.BigEndian.Uint32(body)), int(binary.BigEndian.Uint32(body[4:]))
			if w < 1 || h < 1 || w > math.MaxInt32 || h > math.MaxInt32 || w*h > mostBytes/2 {
				return 0, 0, nil, false
			}
		case name == "IDAT" && w > 0:
			packed = append(packed, body...)
		case name == "IEND" && n == 0:
			return w, h, packed, len(packed) > 0 && len(data) == 0
		default:
			return 0, 0, nil, false
		}
	}
	return 0, 0, nil, false
}

// unpack fills pixels from rows of n bytes, and says whether all were there and no
// more.
func unpack(from io.Reader, pix []byte, n int) bool {
	line, row := make([]byte, 1+n), make([]byte, n)
	for ; len(pix) > 0; pix = pix[n:] {
		if _, err := io.ReadFull(from, line); err != nil || line[0] != up {
			return false
		}
		for i, v := range line[1:] {
			row[i] += v
		}
		lay(pix, row)
	}
	_, err := from.Read(line[:1]) // the sum of all is looked at here
	return err == io.EOF
}
