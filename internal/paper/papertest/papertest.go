// Package papertest looks at PDFs in tests: as pictures and text through
// poppler-utils, and as the drawing operators inside.
//
// Every function fails the test on trouble; a machine without poppler-utils
// fails it too, since a page nobody looked at proves nothing.
package papertest

import (
	"bytes"
	"compress/zlib"
	"fmt"
	"image"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"
)

// T is what the readers need of a test; property tests have it too.
type T interface {
	Helper()
	Fatalf(format string, args ...any)
}

// Raster returns page n (from 1) at dpi in grey.
func Raster(t testing.TB, pdf []byte, n, dpi int) *image.Gray {
	t.Helper()
	out := poppler(t, pdf, "pdftoppm", "-r", strconv.Itoa(dpi), "-gray", "-f", strconv.Itoa(n), "-l", strconv.Itoa(n), "FILE")
	var w, h, top int
	if _, err := fmt.Sscanf(string(out[:min(len(out), 40)]), "P5\n%d %d\n%d\n", &w, &h, &top); err != nil || len(out) < w*h {
		t.Fatalf("reading the page's picture: %v", err)
	}
	return &image.Gray{Pix: out[len(out)-w*h:], Stride: w, Rect: image.Rect(0, 0, w, h)}
}

// Text returns the words of page n.
func Text(t testing.TB, pdf []byte, n int) string {
	t.Helper()
	return string(poppler(t, pdf, "pdftotext", "-layout", "-f", strconv.Itoa(n), "-l", strconv.Itoa(n), "FILE", "-"))
}

// Texts returns the words of every page.
func Texts(t testing.TB, pdf []byte) []string {
	t.Helper()
	all := strings.Split(string(poppler(t, pdf, "pdftotext", "-layout", "FILE", "-")), "\f")
	return all[:len(all)-1] // every page ends with a form feed
}

// Info returns what pdfinfo says, by member.
func Info(t testing.TB, pdf []byte) map[string]string {
	t.Helper()
	info := map[string]string{}
	for line := range strings.Lines(string(poppler(t, pdf, "pdfinfo", "FILE"))) {
		if k, v, ok := strings.Cut(line, ":"); ok {
			info[k] = strings.TrimSpace(v)
		}
	}
	return info
}

// Font is what pdffonts says of one of a file's fonts.
type Font struct {
	Name             string
	Embedded, Subset bool
}

// Fonts returns the fonts of a file; at least one is wanted.
func Fonts(t testing.TB, pdf []byte) []Font {
	t.Helper()
	var out []Font
	for line := range strings.Lines(string(poppler(t, pdf, "pdffonts", "FILE"))) {
		// name, type in one or two words, encoding, emb, sub, uni, object, generation
		f := strings.Fields(line)
		if n := len(f); n > 6 && (f[n-5] == "yes" || f[n-5] == "no") {
			out = append(out, Font{Name: f[0], Embedded: f[n-5] == "yes", Subset: f[n-4] == "yes"})
		}
	}
	if len(out) == 0 {
		t.Fatal("pdffonts finds no font")
	}
	return out
}

// poppler runs a tool on the file; any complaint of the tool fails the test.
func poppler(t testing.TB, pdf []byte, tool string, args ...string) []byte {
	t.Helper()
	path, err := exec.LookPath(tool)
	if err != nil {
		t.Fatalf("%s is missing: install poppler-utils, which these tests need", tool)
	}
	file := filepath.Join(t.TempDir(), "page.pdf")
	if err := os.WriteFile(file, pdf, 0o600); err != nil {
		t.Fatal(err)
	}
	for i, a := range args {
		if a == "FILE" {
			args[i] = file
		}
	}
	var out, complaint bytes.Buffer
	cmd := exec.Command(path, args...)
	cmd.Stdout, cmd.Stderr = &out, &complaint
	if err := cmd.Run(); err != nil || complaint.Len() > 0 {
		t.Fatalf("%s: %v: %s", tool, err, complaint.String())
	}
	return out.Bytes()
}

// Stroke is one painted path whose pieces are given by their end points.
type Stroke struct {
	Layer string // resource name of its layer, as /OC0; empty for none
	Width float64
	Grey  float64
	Round bool         // round caps
	Lines [][4]float64 // x1 y1 x2 y2, mm from the page's top left corner
}

// Pages returns the drawing operators of every page.
func Pages(t T, pdf []byte) []string {
	t.Helper()
	var pages []string
	for _, m := range regexp.MustCompile(`(?s)/Contents (\d+) 0 R`).FindAllSubmatch(pdf, -1) {
		head := "\n" + string(m[1]) + " 0 obj"
		at := bytes.Index(pdf, []byte(head))
		start := at + bytes.Index(pdf[at:], []byte("stream\n")) + len("stream\n")
		z, err := zlib.NewReader(bytes.NewReader(pdf[start:]))
		if err != nil {
			t.Fatalf("page %d: %v", len(pages)+1, err)
		}
		b, err := io.ReadAll(z)
		if err != nil {
			t.Fatalf("page %d: %v", len(pages)+1, err)
		}
		pages = append(pages, string(b))
	}
	return pages
}

// matrix is a PDF transformation.
type matrix [6]float64

func (m matrix) times(n matrix) matrix {
	return matrix{
		m[0]*n[0] + m[1]*n[2], m[0]*n[1] + m[1]*n[3],
		m[2]*n[0] + m[3]*n[2], m[2]*n[1] + m[3]*n[3],
		m[4]*n[0] + m[5]*n[2] + n[4], m[4]*n[1] + m[5]*n[3] + n[5],
	}
}

type state struct {
	m     matrix
	width float64
	grey  float64
	round bool
}

// Strokes returns the straight strokes of a page of the given height.
func Strokes(t T, page string, heightMM float64) []Stroke {
	t.Helper()
	const mm = 25.4 / 72
	now := state{m: matrix{1, 0, 0, 1, 0, 0}, width: 1}
	var stack []state
	var out []Stroke
	var num []float64
	var lines [][4]float64
	var layer, name string
	var pen, first [2]float64
	at := func(x, y float64) [2]float64 {
		return [2]float64{mm * (now.m[0]*x + now.m[2]*y + now.m[4]), heightMM - mm*(now.m[1]*x+now.m[3]*y+now.m[5])}
	}
	page = regexp.MustCompile(`(?s)BT.*?ET`).ReplaceAllString(page, "")
	for _, w := range strings.Fields(page) {
		if v, err := strconv.ParseFloat(w, 64); err == nil {
			num = append(num, v)
			continue
		}
		switch w {
		case "q":
			stack = append(stack, now)
		case "Q":
			now, stack = stack[len(stack)-1], stack[:len(stack)-1]
		case "cm":
			now.m = matrix(num[len(num)-6:]).times(now.m)
		case "w":
			now.width = num[len(num)-1]
		case "G":
			now.grey = num[len(num)-1]
		case "J":
			now.round = num[len(num)-1] == 1
		case "m":
			pen = at(num[len(num)-2], num[len(num)-1])
			first = pen
		case "l":
			p := at(num[len(num)-2], num[len(num)-1])
			lines = append(lines, [4]float64{pen[0], pen[1], p[0], p[1]})
			pen = p
		case "h", "s":
			lines = append(lines, [4]float64{pen[0], pen[1], first[0], first[1]})
			pen = first
		}
		switch w {
		case "S", "s":
			out = append(out, Stroke{Layer: layer, Width: mm * now.width * now.m[0], Grey: now.grey, Round: now.round, Lines: lines})
			lines = nil
		case "f", "n", "B", "f*":
			lines = nil
		case "BDC":
			layer = name
		case "EMC":
			layer = ""
		}
		name = w
		num = num[:0]
	}
	if len(stack) != 0 {
		t.Fatalf("the page saves its state %d times more than it restores it", len(stack))
	}
	return out
}

// Offsets checks that the cross reference table leads to every object.
func Offsets(t testing.TB, pdf []byte) {
	t.Helper()
	m := regexp.MustCompile(`startxref\n(\d+)\n%%EOF\n$`).FindSubmatch(pdf)
	if m == nil {
		t.Fatal("the file does not end with its cross reference")
	}
	at, _ := strconv.Atoi(string(m[1]))
	lines := strings.Split(string(pdf[at:]), "\n")
	var from, count int
	if lines[0] != "xref" {
		t.Fatalf("at the cross reference stands %q", lines[0])
	}
	if _, err := fmt.Sscanf(lines[1], "%d %d", &from, &count); err != nil {
		t.Fatal(err)
	}
	for i := 1; i < count; i++ {
		offset, _ := strconv.Atoi(strings.Fields(lines[2+i])[0])
		want := fmt.Sprintf("%d 0 obj", i)
		if !bytes.HasPrefix(pdf[offset:], []byte(want)) {
			t.Fatalf("object %d is not where the cross reference says", i)
		}
	}
}
