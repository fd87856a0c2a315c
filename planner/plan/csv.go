package plan

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"strconv"
	"strings"

	"pointille/internal/atomicfile"
	"pointille/internal/headframe"
)

// Columns of the two tables.
const (
	DotColumns  = "id,x_mm,y_mm,z_mm,nx,ny,nz,zone,session,diameter_mm,shade"
	SeenColumns = "id,px,py,visible"
)

// Decimals of the tables: 0.1 µm keeps a pattern's spacing, 1e-5 a normal's
// direction to a thousandth of a degree, 0.01 px a dot's place in a photo.
const (
	mmDecimals     = 4
	normalDecimals = 5
	pxDecimals     = 2
)

// EncodeDots writes dots.csv. Ids must rise from row to row.
func EncodeDots(w io.Writer, dots []Dot) error {
	return encode(w, DotColumns, len(dots), func(row []byte, i int) ([]byte, int, error) {
		return dots[i].append(row), dots[i].ID, dots[i].check()
	})
}

// DecodeDots reads dots.csv. The error names the line at fault. Values are
// rounded to the decimals of the file, so that what is read can be written
// again without a change.
func DecodeDots(r io.Reader) ([]Dot, error) {
	var dots []Dot
	err := decode(r, DotColumns, func(f *fields) (int, error) {
		d := parseDot(f)
		if f.err != nil {
			return 0, f.err
		}
		dots = append(dots, d)
		return d.ID, d.check()
	})
	if err != nil {
		return nil, err
	}
	return dots, nil
}

// EncodeSeen writes NAME.dots.csv. Ids must rise from row to row.
func EncodeSeen(w io.Writer, seen []Seen) error {
	return encode(w, SeenColumns, len(seen), func(row []byte, i int) ([]byte, int, error) {
		return seen[i].append(row), seen[i].ID, seen[i].check()
	})
}

// DecodeSeen reads NAME.dots.csv, as DecodeDots reads dots.csv.
func DecodeSeen(r io.Reader) ([]Seen, error) {
	var seen []Seen
	err := decode(r, SeenColumns, func(f *fields) (int, error) {
		s := Seen{ID: f.int(), X: f.float(pxDecimals), Y: f.float(pxDecimals), Visible: f.bool()}
		if f.err != nil {
			return 0, f.err
		}
		seen = append(seen, s)
		return s.ID, s.check()
	})
	if err != nil {
		return nil, err
	}
	return seen, nil
}

// ReadDots reads the dots.csv at path.
func ReadDots(path string) ([]Dot, error) { return readFile(path, DecodeDots) }

// ReadSeen reads the NAME.dots.csv at path.
func ReadSeen(path string) ([]Seen, error) { return readFile(path, DecodeSeen) }

// WriteDots writes dots to the file at path, whole or not at all.
func WriteDots(ctx context.Context, path string, dots []Dot) error {
	return atomicfile.WriteContext(ctx, path, func(w io.Writer) error { return EncodeDots(w, dots) })
}

// WriteSeen writes seen to the file at path, whole or not at all.
func WriteSeen(ctx context.Context, path string, seen []Seen) error {
	return atomicfile.WriteContext(ctx, path, func(w io.Writer) error { return EncodeSeen(w, seen) })
}

func readFile[T any](path string, decode func(io.Reader) ([]T, error)) ([]T, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("reading dots: %w", err)
	}
	defer f.Close()
	rows, err := decode(f)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return rows, nil
}

func (d Dot) append(row []byte) []byte {
	row = strconv.AppendInt(row, int64(d.ID), 10)
	for _, v := range d.P {
		row = appendFixed(row, v, mmDecimals)
	}
	for _, v := range d.N {
		row = appendFixed(row, v, normalDecimals)
	}
	row = append(append(row, ','), d.Zone...)
	row = strconv.AppendInt(append(row, ','), int64(d.Session), 10)
	row = appendFixed(row, d.Diameter, mmDecimals)
	return strconv.AppendInt(append(row, ','), int64(d.Shade), 10)
}

func parseDot(f *fields) Dot {
	return Dot{
		ID:       f.int(),
		P:        headframe.Vec{f.float(mmDecimals), f.float(mmDecimals), f.float(mmDecimals)},
		N:        headframe.Vec{f.float(normalDecimals), f.float(normalDecimals), f.float(normalDecimals)},
		Zone:     f.next(),
		Session:  f.int(),
		Diameter: f.float(mmDecimals),
		Shade:    f.int(),
	}
}

func (d Dot) check() error {
	switch {
	case d.ID < 0:
		return fmt.Errorf("id %d is negative", d.ID)
	case !(d.P.Norm() <= maxMM):
		return fmt.Errorf("dot %d does not lie on a head: x, y, z are %g, %g, %g mm", d.ID, d.P[0], d.P[1], d.P[2])
	case !(math.Abs(d.N.Norm()-1) < 1e-3):
		return fmt.Errorf("the normal of dot %d has length %.4g, not 1", d.ID, d.N.Norm())
	case !word(d.Zone):
		return fmt.Errorf("zone %q of dot %d is no name (a to z, 0 to 9, _)", d.Zone, d.ID)
	case d.Session < 1:
		return fmt.Errorf("session %d of dot %d; sessions count from 1", d.Session, d.ID)
	case !(fixed(d.Diameter, mmDecimals) > 0 && d.Diameter <= maxDotMM):
		return fmt.Errorf("diameter %g mm of dot %d is impossible", d.Diameter, d.ID)
	case d.Shade < 0:
		return fmt.Errorf("shade %d of dot %d is negative", d.Shade, d.ID)
	}
	return nil
}

func (s Seen) append(row []byte) []byte {
	row = strconv.AppendInt(row, int64(s.ID), 10)
	row = appendFixed(row, s.X, pxDecimals)
	row = appendFixed(row, s.Y, pxDecimals)
	if s.Visible {
		return append(row, ",1"...)
	}
	return append(row, ",0"...)
}

// maxPx bounds a place in a photo; dots beside or behind the camera lie far out.
const maxPx = 1e9

func (s Seen) check() error {
	if s.ID < 0 {
		return fmt.Errorf("id %d is negative", s.ID)
	}
	if !(math.Abs(s.X) <= maxPx && math.Abs(s.Y) <= maxPx) {
		return fmt.Errorf("dot %d lies at pixel %g, %g", s.ID, s.X, s.Y)
	}
	return nil
}

func encode(w io.Writer, columns string, n int, row func([]byte, int) ([]byte, int, error)) error {
	b := bufio.NewWriterSize(w, 1<<16)
	b.WriteString(columns + "\n")
	line, last := make([]byte, 0, 128), -1
	for i := range n {
		text, id, err := row(line[:0], i)
		if err == nil {
			err = rising(id, last)
		}
		if err != nil {
			return err
		}
		last = id
		b.Write(append(text, '\n'))
	}
	return b.Flush()
}

func decode(r io.Reader, columns string, row func(*fields) (int, error)) error {
	s := bufio.NewScanner(r)
	n, want, last := 0, strings.Count(columns, ",")+1, -1
	for s.Scan() {
		n++
		line := strings.TrimSuffix(s.Text(), "\r")
		if n == 1 {
			if strings.TrimPrefix(line, "\ufeff") != columns {
				return fmt.Errorf("line 1: the columns must be %s", columns)
			}
			continue
		}
		if got := strings.Count(line, ",") + 1; got != want {
			return fmt.Errorf("line %d: %d values where %d are expected", n, got, want)
		}
		id, err := row(&fields{rest: line})
		if err == nil {
			err = rising(id, last)
		}
		if err != nil {
			return fmt.Errorf("line %d: %w", n, err)
		}
		last = id
	}
	if err := s.Err(); err != nil {
		return fmt.Errorf("line %d: %w", n+1, err)
	}
	if n == 0 {
		return errors.New("the file is empty")
	}
	return nil
}

func rising(id, last int) error {
	if id <= last {
		return fmt.Errorf("id %d follows id %d; ids must rise", id, last)
	}
	return nil
}

// fields takes the values of a row one after the other.
type fields struct {
	rest string
	err  error
}

func (f *fields) next() string {
	var v string
	v, f.rest, _ = strings.Cut(f.rest, ",")
	return v
}

func (f *fields) int() int {
	text := f.next()
	v, err := strconv.Atoi(text)
	if err != nil && f.err == nil {
		f.err = fmt.Errorf("%q is no whole number", text)
	}
	return v
}

func (f *fields) float(decimals int) float64 {
	text := f.next()
	v, err := strconv.ParseFloat(text, 64)
	if (err != nil || math.IsNaN(v) || math.IsInf(v, 0)) && f.err == nil {
		f.err = fmt.Errorf("%q is no number", text)
	}
	return fixed(v, decimals)
}

func (f *fields) bool() bool {
	text := f.next()
	switch text {
	case "1", "true":
		return true
	case "0", "false":
		return false
	}
	if f.err == nil {
		f.err = fmt.Errorf("%q is neither 1 nor 0", text)
	}
	return false
}

// fixed rounds v to the decimals, without a negative zero.
func fixed(v float64, decimals int) float64 {
	k := math.Pow10(decimals)
	if r := math.Round(v*k) / k; r != 0 {
		return r
	}
	return 0
}

func appendFixed(row []byte, v float64, decimals int) []byte {
	return strconv.AppendFloat(append(row, ','), fixed(v, decimals), 'f', decimals, 64)
}
