package truth

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"strconv"
	"strings"
)

// array is a numpy array of floating-point or whole numbers in C order.
type array struct {
	shape []int
	data  []float64
}

// mostNumbers is three numbers for each pixel of a head that fills 13 megapixels.
const mostNumbers = 40_000_000

// readArrays reads the named arrays of an .npz file: a zip of .npy files.
func readArrays(r io.ReaderAt, size int64, names ...string) (map[string]array, error) {
	z, err := zip.NewReader(r, size)
	if err != nil {
		return nil, fmt.Errorf("not an .npz file: %w", err)
	}
	out := map[string]array{}
	for _, name := range names {
		f, err := z.Open(name + ".npy")
		if err != nil {
			return nil, fmt.Errorf("holds no %s", name)
		}
		a, err := readArray(f)
		f.Close()
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		out[name] = a
	}
	return out, nil
}

var errNotNpy = errors.New("not a .npy array")

// readArray reads one .npy file, versions 1 to 3 of the format.
func readArray(r io.Reader) (array, error) {
	var head [8]byte
	if _, err := io.ReadFull(r, head[:]); err != nil || !bytes.Equal(head[:6], []byte("\x93NUMPY")) {
		return array{}, errNotNpy
	}
	var length uint32
	var err error
	if head[6] == 1 {
		var short uint16
		err = binary.Read(r, binary.LittleEndian, &short)
		length = uint32(short)
	} else {
		err = binary.Read(r, binary.LittleEndian, &length)
	}
	if err != nil || length > 1<<16 {
		return array{}, errNotNpy
	}
	text := make([]byte, length)
	if _, err := io.ReadFull(r, text); err != nil {
		return array{}, errNotNpy
	}
	kind, shape, n, err := parseHeader(string(text))
	if err != nil {
		return array{}, err
	}
	data, err := numbers(r, kind, n)
	return array{shape, data}, err
}

// parseHeader reads the description of an array, as in
// {'descr': '<f2', 'fortran_order': False, 'shape': (426, 432, 3), }.
func parseHeader(text string) (kind string, shape []int, n int, err error) {
	found := regexp.MustCompile(`'descr': *'([^']*)', *'fortran_order': *False, *'shape': *\(([0-9, ]*)\)`).FindStringSubmatch(text)
	if found == nil {
		return "", nil, 0, fmt.Errorf("%w of plain numbers in C order", errNotNpy)
	}
	n = 1
	for part := range strings.SplitSeq(found[2], ",") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		k, err := strconv.Atoi(part)
		if err != nil || k < 0 || k > mostNumbers {
			return "", nil, 0, fmt.Errorf("impossible length %s", part)
		}
		shape, n = append(shape, k), n*k
		if n > mostNumbers {
			return "", nil, 0, errors.New("too large")
		}
	}
	return found[1], shape, n, nil
}

// numbers reads n little-endian numbers of a numpy kind. They are read a piece at
// a time, so that a file that claims more than it holds costs nothing.
func numbers(r io.Reader, kind string, n int) ([]float64, error) {
	read, ok := map[string]func([]byte) float64{
		"<f2": func(b []byte) float64 { return half(binary.LittleEndian.Uint16(b)) },
		"<f4": func(b []byte) float64 { return float64(math.Float32frombits(binary.LittleEndian.Uint32(b))) },
		"<f8": func(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) },
		"<i4": func(b []byte) float64 { return float64(int32(binary.LittleEndian.Uint32(b))) },
		"<i8": func(b []byte) float64 { return float64(int64(binary.LittleEndian.Uint64(b))) },
	}[kind]
	if !ok {
		return nil, fmt.Errorf("numbers of kind %q are not read, only <f2, <f4, <f8, <i4 and <i8", kind)
	}
	width := int(kind[2] - '0')
	var out []float64
	piece := make([]byte, 1<<16)
	for n > 0 {
		b := piece[:width*min(n, len(piece)/width)]
		if _, err := io.ReadFull(r, b); err != nil {
			return nil, errors.New("cut short")
		}
		for ; len(b) > 0; b = b[width:] {
			out, n = append(out, read(b)), n-1
		}
	}
	return out, nil
}

// half is the value of a 16-bit floating-point number.
func half(b uint16) float64 {
	sign, exponent, fraction := 1.0, int(b>>10&31), float64(b&1023)
	if b>>15 == 1 {
		sign = -1
	}
	switch {
	case exponent == 31 && fraction == 0:
		return math.Inf(int(sign))
	case exponent == 31:
		return math.NaN()
	case exponent == 0:
		return sign * math.Ldexp(fraction, -24)
	}
	return sign * math.Ldexp(1024+fraction, exponent-25)
}
