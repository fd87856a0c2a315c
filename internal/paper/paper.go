// Package paper makes PDF pages that print at true scale: millimetres in,
// millimetres on the sheet.
//
// Coordinates are millimetres of the printed sheet from the top left corner of
// the area that can be used, y down. A document carries no time and no random
// identity, so the same calls give the same bytes; viewers are asked not to
// scale it (PrintScaling None). Drawing keeps the first error, which Bytes
// returns.
package paper

import (
	"bytes"
	"errors"
	"fmt"
	"math"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// Size is a sheet in portrait, in millimetres.
type Size struct {
	Name string
	W, H float64
}

// Named returns the sheet called "a4" or "letter".
func Named(name string) (Size, error) {
	switch name {
	case "a4":
		return Size{Name: name, W: 210, H: 297}, nil
	case "letter":
		return Size{Name: name, W: 215.9, H: 279.4}, nil
	}
	return Size{}, fmt.Errorf("paper %q is unknown, want a4 or letter", name)
}

// Limits of Options.Scale. A printer further off than this was asked to fit
// the page to the sheet, which is to be switched off and not to be corrected.
const (
	MinScale = 0.9
	MaxScale = 1.1
)

// Options are the properties of a whole document.
type Options struct {
	Title   string
	Creator string // program and version, stands in the file's properties
	// Scale is what the printer makes of a millimetre: the measured length of
	// the 50 mm check line divided by 50. Drawings are divided by it. 0 means 1.
	Scale float64
}

// Doc is a document being drawn.
type Doc struct {
	pdf    *fpdf.Fpdf
	size   Size
	scale  float64
	w, h   float64 // usable area of the current page, mm of the sheet
	pageH  float64 // of the current page, PDF points
	open   bool
	origin Point
	fonts  map[string]*sfnt.Font
	buf    sfnt.Buffer
	raw    []byte
	widths map[int]bool // of the pictures, pixels
}

const (
	family     = "subsetted" // the library puts "utf8" before it
	pointPerMM = 72 / 25.4
)

// New starts a document without pages.
func New(size Size, o Options) (*Doc, error) {
	scale := o.Scale
	if scale == 0 {
		scale = 1
	}
	if !(scale >= MinScale && scale <= MaxScale) {
		return nil, fmt.Errorf("printer scale %g is outside %g to %g (a 50 mm square printed as %.4g mm; %g to %g mm can be corrected): print without \"fit to page\" and measure again",
			scale, MinScale, MaxScale, 50*scale, 50*MinScale, 50*MaxScale)
	}
	f := fpdf.NewCustom(&fpdf.InitType{OrientationStr: "P", UnitStr: "mm", Size: fpdf.SizeType{Wd: size.W, Ht: size.H}})
	f.SetCatalogSort(true)
	f.SetCreationDate(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	f.SetModificationDate(time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC))
	f.SetMargins(0, 0, 0)
	f.SetCellMargin(0)
	f.SetAutoPageBreak(false, 0)
	f.SetTitle(o.Title, true)
	f.SetCreator(o.Creator, true)
	f.SetProducer(o.Creator, true)
	f.AddUTF8FontFromBytes(family, "", goregular.TTF)
	f.AddUTF8FontFromBytes(family, "B", gobold.TTF)
	d := &Doc{pdf: f, size: size, scale: scale, fonts: map[string]*sfnt.Font{}, widths: map[int]bool{}}
	for style, ttf := range map[string][]byte{"": goregular.TTF, "B": gobold.TTF} {
		font, err := sfnt.Parse(ttf)
		if err != nil {
			return nil, fmt.Errorf("reading the text font: %w", err)
		}
		d.fonts[style] = font
	}
	return d, nil
}

// Reach returns the usable width and height, in millimetres of the sheet, of
// a page of this document.
func (d *Doc) Reach(landscape bool) (w, h float64) {
	w, h = d.size.W, d.size.H
	if landscape {
		w, h = h, w
	}
	k := math.Min(1, d.scale)
	return w * k, h * k
}

// AddPage begins a page.
func (d *Doc) AddPage(landscape bool) {
	d.endPage()
	orientation, w, h := "P", d.size.W, d.size.H
	if landscape {
		orientation, w, h = "L", h, w
	}
	d.pdf.AddPageFormat(orientation, fpdf.SizeType{Wd: d.size.W, Ht: d.size.H})
	d.w, d.h = d.Reach(landscape)
	d.pageH = h * pointPerMM
	d.open, d.origin = true, Point{}
	a := 1 / d.scale
	e := pointPerMM * (w - d.w*a) / 2
	f := pointPerMM * (h/2 + d.h*a/2 - h*a)
	d.pdf.RawWriteStr(fmt.Sprintf("q %.8f 0 0 %.8f %.5f %.5f cm\n", a, a, e, f))
	d.pdf.SetDrawColor(0, 0, 0)
	d.pdf.SetFillColor(0, 0, 0)
	d.pdf.SetTextColor(0, 0, 0)
	d.pdf.SetLineCapStyle("butt")
	d.pdf.SetLineJoinStyle("round")
}

func (d *Doc) endPage() {
	if d.open {
		d.pdf.RawWriteStr("Q\n")
		d.open = false
	}
}

// Bytes ends the document and returns the file. The document must not be used
// afterwards.
func (d *Doc) Bytes() ([]byte, error) {
	d.endPage()
	var b bytes.Buffer
	if err := d.pdf.Output(&b); err != nil {
		return nil, fmt.Errorf("writing the PDF: %w", err)
	}
	return unscaledPrinting(subsetNamed(b.Bytes()))
}

// subsetNamed gives the fonts, of which only the letters used are in the file,
// the kind of name by which readers know that. It is as long as the library's.
func subsetNamed(b []byte) []byte {
	return bytes.ReplaceAll(b, []byte("/utf8"+family), []byte("/POINTS+GoSans"))
}

// unscaledPrinting adds PrintScaling None to the catalog, the last object of
// the file, and moves the cross reference table by as much.
func unscaledPrinting(b []byte) ([]byte, error) {
	const catalog = "/Type /Catalog\n"
	const start = "startxref\n"
	at, xref := bytes.LastIndex(b, []byte(catalog)), bytes.LastIndex(b, []byte(start))
	if at < 0 || xref < at || !bytes.HasPrefix(b, []byte("%PDF-1.")) {
		return nil, errors.New("writing the PDF: catalog not found")
	}
	var table int
	if _, err := fmt.Sscanf(string(b[xref+len(start):]), "%d", &table); err != nil || table < at {
		return nil, errors.New("writing the PDF: cross reference not found")
	}
	pref := "/ViewerPreferences <</PrintScaling /None /PickTrayByPDFSize true>>\n"
	at += len(catalog)
	out := make([]byte, 0, len(b)+len(pref)+8)
	out = append(out, b[:at]...)
	out = append(out, pref...)
	out = append(out, b[at:xref]...)
	out = fmt.Appendf(out, "%s%d\n%%%%EOF\n", start, table+len(pref))
	copy(out, "%PDF-1.7")
	return out, nil
}
