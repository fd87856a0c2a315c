package preview

import (
	"errors"
	"fmt"
	"image"
	"image/color"
	"image/draw"

	"github.com/disintegration/imaging"
	"github.com/fogleman/gg"
	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"

	"pointille/internal/typeface"
	"pointille/planner/plan"
)

// Picture is one cell of a sheet.
type Picture struct {
	Image   image.Image
	Caption string
}

// Row is one view of the head on a sheet, a picture per stage.
type Row struct {
	Name     string // written above the row; may be empty
	Pictures []Picture
}

// Sheet is pictures side by side with words.
type Sheet struct {
	Title string // may be empty
	Note  string // written small at the foot, wrapped; may be empty
	Rows  []Row
	// CellPx is the length of a picture's longer side; 0: 480. Pictures are
	// only ever made smaller.
	CellPx int
}

// maxSheetPx keeps a mistaken cell size from asking for gigabytes.
const maxSheetPx = 100e6

// Caption returns the words for a stage under a picture.
func Caption(stage string) string {
	switch stage {
	case plan.Before:
		return "before"
	case plan.Fresh:
		return "right after"
	case plan.Healed:
		return "healed, 1 month"
	case plan.Year1:
		return "after 1 year"
	case plan.Year3:
		return "after 3 years"
	case plan.Year5:
		return "after 5 years"
	}
	return stage
}

// Pair returns a sheet of two pictures, before and after.
func Pair(before, after image.Image, stage string) Sheet {
	return Sheet{Rows: []Row{{Pictures: []Picture{{before, Caption(plan.Before)}, {after, Caption(stage)}}}}}
}

// Frame returns the part of a photo worth showing: the planned skin of the
// mask with a quarter of its size around it, inside the photo, and the whole
// photo where the mask is empty.
func Frame(mask *image.Gray) image.Rectangle {
	b := mask.Rect
	box := masked(mask, image.Rectangle{Max: b.Size()})
	if box.Empty() {
		return b
	}
	return box.Add(b.Min).Inset(-max(box.Dx(), box.Dy()) / 4).Intersect(b)
}

// Draw returns the sheet on white. A sheet without pictures is an error.
func (s Sheet) Draw() (*image.NRGBA, error) {
	cells, err := s.cells()
	if err != nil {
		return nil, fmt.Errorf("drawing a sheet: %w", err)
	}
	l := s.layout(cells)
	if float64(l.width)*float64(l.height) > maxSheetPx {
		return nil, fmt.Errorf("drawing a sheet: it would have %d by %d pixels", l.width, l.height)
	}
	words, err := newLettering(l.text)
	if err != nil {
		return nil, fmt.Errorf("drawing a sheet: %w", err)
	}
	dc := gg.NewContext(l.width, l.height)
	dc.SetColor(color.White)
	dc.Clear()
	dc.SetColor(color.Gray{40})
	y := l.gap
	if s.Title != "" {
		dc.SetFontFace(words.title)
		dc.DrawStringAnchored(s.Title, l.gap, y, 0, 1)
		y += 2.2 * l.text
	}
	for i, row := range s.Rows {
		y = s.drawRow(dc, words, l, row, cells[i], y)
	}
	if s.Note != "" {
		dc.SetFontFace(words.note)
		dc.DrawStringWrapped(s.Note, l.gap, y, 0, 0, float64(l.width)-2*l.gap, 1.3, gg.AlignLeft)
	}
	return imaging.Clone(dc.Image()), nil
}

func (s Sheet) drawRow(dc *gg.Context, words lettering, l layout, row Row, cells []*image.NRGBA, y float64) float64 {
	if row.Name != "" {
		dc.SetFontFace(words.name)
		dc.DrawStringAnchored(row.Name, l.gap, y, 0, 1)
		y += 1.6 * l.text
	}
	x, tallest := l.gap, 0
	dc.SetFontFace(words.caption)
	for i, c := range cells {
		dc.DrawImage(c, int(x), int(y))
		dc.DrawStringAnchored(row.Pictures[i].Caption, x+float64(c.Rect.Dx())/2, y+float64(c.Rect.Dy())+0.4*l.text, 0.5, 1)
		x += float64(c.Rect.Dx()) + l.gap
		tallest = max(tallest, c.Rect.Dy())
	}
	return y + float64(tallest) + 2*l.text + l.gap
}

// cells are the pictures at the size they are drawn.
func (s Sheet) cells() ([][]*image.NRGBA, error) {
	side := s.CellPx
	if side == 0 {
		side = 480
	}
	if side < 16 || side > 10000 {
		return nil, fmt.Errorf("pictures of %d pixels, want 16 to 10000", side)
	}
	if len(s.Rows) == 0 {
		return nil, errors.New("there are no pictures")
	}
	out := make([][]*image.NRGBA, len(s.Rows))
	for i, row := range s.Rows {
		if len(row.Pictures) == 0 {
			return nil, fmt.Errorf("row %d (%q) has no pictures", i+1, row.Name)
		}
		for j, p := range row.Pictures {
			if p.Image == nil || p.Image.Bounds().Empty() {
				return nil, fmt.Errorf("row %d (%q), picture %d is empty", i+1, row.Name, j+1)
			}
			out[i] = append(out[i], imaging.Fit(p.Image, side, side, imaging.Lanczos))
		}
	}
	return out, nil
}

// layout is the sheet's measure in pixels.
type layout struct {
	width, height int
	gap, text     float64
}

func (s Sheet) layout(cells [][]*image.NRGBA) layout {
	l := layout{gap: 12}
	side, narrowest := 0, 1<<30
	for _, row := range cells {
		for _, c := range row {
			side, narrowest = max(side, c.Rect.Dx(), c.Rect.Dy()), min(narrowest, c.Rect.Dx())
		}
	}
	l.text = min(max(11, float64(side)/24), max(9, float64(narrowest)/9))
	height := l.gap
	if s.Title != "" {
		height += 2.2 * l.text
	}
	for i, row := range cells {
		width, tallest := l.gap, 0
		for _, c := range row {
			width += float64(c.Rect.Dx()) + l.gap
			tallest = max(tallest, c.Rect.Dy())
		}
		l.width = max(l.width, int(width))
		height += float64(tallest) + 2*l.text + l.gap
		if s.Rows[i].Name != "" {
			height += 1.6 * l.text
		}
	}
	if s.Note != "" {
		perLine := max(10, float64(l.width)/(0.45*l.text))
		height += l.text * 1.3 * float64(1+int(float64(len(s.Note))/perLine))
	}
	l.height = int(height + l.gap)
	return l
}

// Label writes words on a band at the foot of a picture, which is changed, so
// that they stay with it wherever it is shown.
func Label(m *image.NRGBA, words string) (*image.NRGBA, error) {
	size := max(10, float64(max(m.Rect.Dx(), m.Rect.Dy()))/55)
	fonts, err := newLettering(size)
	if err != nil {
		return nil, fmt.Errorf("labelling a picture: %w", err)
	}
	w, h := m.Rect.Dx(), int(1.6*size)
	dc := gg.NewContext(w, h)
	dc.SetColor(color.Gray{235})
	dc.Clear()
	dc.SetColor(color.Gray{30})
	dc.SetFontFace(fonts.caption)
	dc.DrawStringAnchored(words, float64(w)/2, float64(h)/2, 0.5, 0.35)
	draw.Draw(m, image.Rect(m.Rect.Min.X, m.Rect.Max.Y-h, m.Rect.Max.X, m.Rect.Max.Y), dc.Image(), image.Point{}, draw.Src)
	return m, nil
}

// lettering is the fonts of one sheet.
type lettering struct {
	title, name, caption, note font.Face
}

func newLettering(size float64) (lettering, error) {
	plain, bold, err := typeface.Go()
	if err != nil {
		return lettering{}, err
	}
	face := func(f *truetype.Font, k float64) font.Face {
		return truetype.NewFace(f, &truetype.Options{Size: size * k, DPI: 72, Hinting: font.HintingFull})
	}
	return lettering{title: face(bold, 1.4), name: face(bold, 1.1), caption: face(plain, 1), note: face(plain, 0.85)}, nil
}
