package document

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"pointille/internal/civil"
)

// Check collects the first thing that is wrong with a document. Its methods do
// nothing once something was found; paths are those of Error.
type Check struct {
	err *Error
}

// Err returns what was found, as an *Error.
func (c *Check) Err() error {
	if c.err == nil {
		return nil
	}
	return c.err
}

// Failf says that the member at path is wrong.
func (c *Check) Failf(path, format string, args ...any) {
	if c.err == nil {
		c.err = &Error{path, fmt.Sprintf(format, args...)}
	}
}

// Within wants lo <= v <= hi; NaN is never within.
func (c *Check) Within(path string, v, lo, hi float64, unit string) {
	if v >= lo && v <= hi {
		return
	}
	if unit != "" {
		unit = " " + unit
	}
	c.Failf(path, "%.6g is outside %.6g to %.6g%s", v, lo, hi, unit)
}

// Share wants 0 <= v <= 1.
func (c *Check) Share(path string, v float64) { c.Within(path, v, 0, 1, "") }

// Positive wants 0 < v, not infinite.
func (c *Check) Positive(path string, v float64) {
	if !(v > 0) || math.IsInf(v, 1) {
		c.Failf(path, "%.6g; it must be greater than 0", v)
	}
}

// NotNegative wants 0 <= v, not infinite.
func (c *Check) NotNegative(path string, v float64) {
	if !(v >= 0) || math.IsInf(v, 1) {
		c.Failf(path, "%.6g; it must not be negative", v)
	}
}

// OneOf wants v to be one of the words.
func (c *Check) OneOf(path, v string, words ...string) {
	if slices.Contains(words, v) {
		return
	}
	if near := Nearest(v, words); near != "" {
		c.Failf(path, "%q is unknown; did you mean %q?", v, near)
		return
	}
	c.Failf(path, "%q is none of %s", v, strings.Join(words, ", "))
}

// Lab wants a colour of CIELAB: L 0..100, a and b -128..128.
func (c *Check) Lab(path string, lab [3]float64) {
	c.Within(index(path, 0), lab[0], 0, 100, "(L of CIELAB)")
	c.Within(index(path, 1), lab[1], -128, 128, "(a of CIELAB)")
	c.Within(index(path, 2), lab[2], -128, 128, "(b of CIELAB)")
}

// FileName wants the plain name of a file in the document's own folder, so
// that no document can send a reader elsewhere.
func (c *Check) FileName(path, v string) {
	if v == "" || v == "." || v == ".." || strings.ContainsAny(v, "/\\\x00") {
		c.Failf(path, "%q is no plain file name", v)
	}
}

// SHA256 wants 64 lower-case hexadecimal digits.
func (c *Check) SHA256(path, v string) {
	if len(v) != 64 || strings.Trim(v, "0123456789abcdef") != "" {
		c.Failf(path, "%q is no SHA-256 in 64 lower-case hexadecimal digits", v)
	}
}

// Day wants a day as in 2026-03-31 and returns it.
func (c *Check) Day(path, v string) civil.Date {
	d, err := civil.Parse(v)
	if err != nil {
		c.Failf(path, "%v", err)
	}
	return d
}

// Size wants the width or height of a picture, in pixels.
func (c *Check) Size(path string, v int) {
	if v < 1 || v > 1<<20 {
		c.Failf(path, "%d is no size of a picture", v)
	}
}

// Points wants at least n places, each not further from a w×h picture than its
// own size.
func (c *Check) Points(path string, points [][2]float64, n, w, h int) {
	if len(points) < n {
		c.Failf(path, "%d points where at least %d are needed", len(points), n)
	}
	for i, p := range points {
		if !(math.Abs(p[0]) <= 2*float64(w)) || !(math.Abs(p[1]) <= 2*float64(h)) {
			c.Failf(index(path, i), "[%.6g, %.6g] lies far outside the %d×%d photo", p[0], p[1], w, h)
			return
		}
	}
}

// At returns the path of item i of the list at path.
func At(path string, i int) string { return index(path, i) }
