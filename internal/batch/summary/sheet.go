package summary

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"path/filepath"
	"strings"

	"github.com/fogleman/gg"
	"github.com/golang/freetype/truetype"
	"golang.org/x/image/font"

	"pointille/internal/batch/thumb"
	"pointille/internal/typeface"
)

// Layout of a contact sheet, pixels: three cases beside each other, each with
// what was found and how it heals.
const (
	sheetColumns = 3
	sheetRows    = 3
	sheetMargin  = 36
	sheetGap     = 24
	sheetHead    = 76
	pairGap      = 6
	captionLines = 4
	lineHeight   = 26
	cellWidth    = 2*thumb.Width + pairGap
	cellHeight   = thumb.Height + captionLines*lineHeight + 14
	sheetWidth   = 2*sheetMargin + sheetColumns*cellWidth + (sheetColumns-1)*sheetGap
)

// PerSheet is how many cases a contact sheet shows.
const PerSheet = sheetColumns * sheetRows

// Sheet draws contact sheets.
type Sheet struct {
	dir  string // of the summary, in which small pictures are named
	bold *truetype.Font
	text *truetype.Font
}

// NewSheet reads the letters.
func NewSheet(dir string) (*Sheet, error) {
	text, bold, err := typeface.Go()
	if err != nil {
		return nil, err
	}
	return &Sheet{dir: dir, bold: bold, text: text}, nil
}

// Key tells sheets apart: two of one key are the same picture.
func (Sheet) Key(number, of int, rows []Row) string {
	data, err := json.Marshal([]any{"sheet 1", number, of, rows})
	if err != nil {
		return ""
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// Draw draws one sheet.
func (s *Sheet) Draw(number, of int, rows []Row) (image.Image, error) {
	lines := (len(rows) + sheetColumns - 1) / sheetColumns
	c := gg.NewContext(sheetWidth, 2*sheetMargin+sheetHead+lines*cellHeight+(lines-1)*sheetGap)
	c.SetColor(color.White)
	c.Clear()
	s.write(c, s.bold, 28, ink(), fmt.Sprintf("Cases %s to %s", rows[0].Case, rows[len(rows)-1].Case), sheetMargin, sheetMargin+28, sheetWidth-2*sheetMargin-260)
	s.right(c, s.text, 22, grey(), fmt.Sprintf("sheet %d of %d", number, of), sheetWidth-sheetMargin, sheetMargin+28)
	s.write(c, s.text, 18, grey(), "left: what was found     right: as healed, one month after the last session", sheetMargin, sheetMargin+54, sheetWidth)
	for i, r := range rows {
		x := sheetMargin + i%sheetColumns*(cellWidth+sheetGap)
		y := sheetMargin + sheetHead + i/sheetColumns*(cellHeight+sheetGap)
		if err := s.cell(c, r, x, y); err != nil {
			return nil, err
		}
	}
	return c.Image(), nil
}

func (s *Sheet) cell(c *gg.Context, r Row, x, y int) error {
	for i, file := range []string{r.Found, r.Healed} {
		left := x + i*(thumb.Width+pairGap)
		if file == "" {
			s.blank(c, missing(r, i), left, y)
			continue
		}
		m, err := thumb.Read(filepath.Join(s.dir, filepath.FromSlash(file)))
		if err != nil {
			s.blank(c, "picture is missing", left, y)
			continue
		}
		c.DrawImage(m, left, y)
	}
	at := y + thumb.Height + lineHeight - 2
	s.write(c, s.bold, 20, ink(), r.Case, x, at, cellWidth-220)
	s.right(c, s.bold, 18, stateColour(r.State), stateText(r), x+cellWidth, at)
	for i, l := range captions(r) {
		tone := ink()
		if i == captionLines-2 {
			tone = amber()
		}
		s.write(c, s.text, 18, tone, l, x, at+(i+1)*lineHeight, cellWidth)
	}
	return nil
}

// missing says why there is no picture.
func missing(r Row, i int) string {
	switch {
	case r.State == Failed:
		return "failed"
	case r.State == Waiting:
		return "not done yet"
	case i == 1 && r.Nothing != "":
		return "nothing to do"
	case i == 1:
		return "no preview asked for"
	}
	return "no picture"
}

func (s *Sheet) blank(c *gg.Context, why string, x, y int) {
	c.SetColor(color.NRGBA{238, 238, 236, 255})
	c.DrawRectangle(float64(x), float64(y), thumb.Width, thumb.Height)
	c.Fill()
	c.SetFontFace(s.face(s.text, 18))
	c.SetColor(grey())
	c.DrawStringAnchored(why, float64(x)+thumb.Width/2, float64(y)+thumb.Height/2, 0.5, 0.5)
}

// captions are the lines below a case; the last of them is what needs a look.
func captions(r Row) []string {
	var lines [captionLines - 1]string
	if r.State == Failed || r.State == Waiting {
		if r.State == Failed {
			lines[0], lines[1] = wrapped(r.Why, 58)
		}
		if r.State == Failed && len(r.Failures) > 0 {
			lines[2] = filepath.Base(r.Failures[0].File) + ": " + r.Failures[0].Why
		}
		return lines[:]
	}
	if r.Planned && r.Nothing == "" {
		lines[0] = fmt.Sprintf("%s dots on %.0f cm², %d sessions, %.1f h", grouped(r.Dots), r.AreaCM2, r.Sessions, r.Hours)
	} else if r.Planned {
		lines[0] = "nothing to do: " + r.Nothing
	}
	var facts []string
	if r.Pattern != "" {
		facts = append(facts, r.Pattern)
	}
	if r.Hair != nil {
		facts = append(facts, r.Hair.Name+" hair")
	}
	facts = append(facts, strings.Join(r.Views, " "))
	lines[1] = strings.Join(facts, " · ")
	if n := len(r.Failures) + len(r.Warnings); n > 0 {
		first := ""
		if len(r.Failures) > 0 {
			first = filepath.Base(r.Failures[0].File) + ": " + r.Failures[0].Why
		} else {
			first = r.Warnings[0]
		}
		lines[2] = first
		if n > 1 {
			lines[2] = fmt.Sprintf("%d remarks: %s", n, first)
		}
	}
	return lines[:]
}

// wrapped splits a sentence into two lines.
func wrapped(s string, most int) (string, string) {
	if len(s) <= most {
		return s, ""
	}
	cut := strings.LastIndexByte(s[:most], ' ')
	if cut < 0 {
		return s, ""
	}
	return s[:cut], s[cut+1:]
}

func stateText(r Row) string {
	if r.State == Partly {
		return fmt.Sprintf("without %d of %d photos", len(r.Failures), r.Count)
	}
	return r.State
}

// write writes a line; what does not fit into the width is cut with dots.
func (s *Sheet) write(c *gg.Context, f *truetype.Font, size float64, tone color.Color, text string, x, y, width int) {
	c.SetFontFace(s.face(f, size))
	c.SetColor(tone)
	letters := []rune(text)
	for n := len(letters); n > 0; n-- {
		if w, _ := c.MeasureString(text); w <= float64(width) {
			break
		}
		text = string(letters[:n-1]) + "…"
	}
	c.DrawString(text, float64(x), float64(y))
}

// right writes a line that ends at x.
func (s *Sheet) right(c *gg.Context, f *truetype.Font, size float64, tone color.Color, text string, x, y int) {
	c.SetFontFace(s.face(f, size))
	c.SetColor(tone)
	c.DrawStringAnchored(text, float64(x), float64(y), 1, 0)
}

func (s *Sheet) face(f *truetype.Font, size float64) font.Face {
	return truetype.NewFace(f, &truetype.Options{Size: size})
}

func ink() color.Color   { return color.NRGBA{24, 26, 30, 255} }
func grey() color.Color  { return color.NRGBA{110, 112, 116, 255} }
func amber() color.Color { return color.NRGBA{154, 84, 0, 255} }

func stateColour(state string) color.Color {
	switch state {
	case Done:
		return color.NRGBA{0, 110, 60, 255}
	case Waiting:
		return grey()
	}
	return color.NRGBA{176, 24, 24, 255}
}

// grouped writes a number with spaces between thousands.
func grouped(n int) string {
	s := fmt.Sprint(n)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u00a0" + s[i:]
	}
	return s
}
