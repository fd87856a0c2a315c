// Package card is Pointille's calibration card: its geometry, which the
// measuring of photos and the printing share, and the page it is printed on.
//
// Card coordinates are millimetres from the card's top left corner, x right,
// y down, seen from its printed side. Reflectances are of light (0..1, not
// sRGB). Those of a card from a home printer are approximate: inks and papers
// differ, so they give the light's colour and rough level, never a colour
// standard.
package card

// Marker is the black square by which the card is found: ArUco, dictionary
// DICT_4X4_50.
type Marker struct {
	ID   int
	X, Y float64 // top left corner of the black border
	Side float64 // black border included
}

// Patch is a plain grey rectangle.
type Patch struct {
	Name        string
	X, Y, W, H  float64
	Grey        uint8   // sRGB value it is printed with
	Reflectance float64 // nominal
}

// Card is one kind of card.
type Card struct {
	Name    string
	W, H    float64
	Marker  Marker
	Paper   float64 // nominal reflectance of the blank card
	Ink     float64 // nominal reflectance of the marker's black
	Patches []Patch // from light to dark
}

// Dictionary is the ArUco dictionary of every card's marker.
const Dictionary = "DICT_4X4_50"

// Cells is the number of marker cells across, black border included.
const Cells = 6

// QuietCells is the least white margin round a marker, in cells. With one
// cell the usual ArUco detector loses the marker to the card's own outline.
const QuietCells = 2.5

// MarkerID is the number of every card's marker.
const MarkerID = 7

const (
	paperWhite = 0.82  // plain white office paper, nominal
	printBlack = 0.035 // black of a home printer, nominal
)

// Studio returns the card that WritePDF prints.
func Studio() Card {
	c := Card{
		Name: "studio", W: 95, H: 100, Paper: paperWhite, Ink: printBlack,
		Marker: Marker{ID: MarkerID, X: 18, Y: 18, Side: 40},
	}
	for i, grey := range []uint8{232, 204, 172, 140, 108, 78} {
		c.Patches = append(c.Patches, Patch{
			Name: "N" + string(rune('1'+i)), X: 77, Y: 3 + 12.5*float64(i), W: 15, H: 11.5,
			Grey: grey, Reflectance: printed(grey),
		})
	}
	return c
}

// Compact returns the smaller card with one grey strip. Its margin of 5 mm is
// below QuietCells, so it is harder to find; it is not printed.
func Compact() Card {
	return Card{
		Name: "compact", W: 62, H: 50, Paper: paperWhite, Ink: printBlack,
		Marker:  Marker{ID: MarkerID, X: 5, Y: 5, Side: 40},
		Patches: []Patch{{Name: "N1", X: 50, Y: 5, W: 7, H: 40, Grey: 129, Reflectance: 0.18}},
	}
}

// Kinds returns every kind of card.
func Kinds() []Card { return []Card{Studio(), Compact()} }

// Corners returns the outer corners of the marker's black border in the order
// ArUco detectors report them: top left, top right, bottom right, bottom left.
func (m Marker) Corners() [4][2]float64 {
	l, t, r, b := m.X, m.Y, m.X+m.Side, m.Y+m.Side
	return [4][2]float64{{l, t}, {r, t}, {r, b}, {l, b}}
}

// Cell returns the side of one cell, mm.
func (m Marker) Cell() float64 { return m.Side / Cells }

// Pattern returns the cells of marker 7 row by row, true where white.
func Pattern() [Cells][Cells]bool {
	rows := [Cells]string{
		"......",
		".##...",
		"..#...",
		".####.",
		"...#..",
		"......",
	}
	var p [Cells][Cells]bool
	for y, row := range rows {
		for x := range row {
			p[y][x] = row[x] == '#'
		}
	}
	return p
}

// Inside returns the patch without a margin of mm on each side, the part to
// measure: edges are blurred and printed rough. It is empty where the patch is
// no larger than its margins.
func (p Patch) Inside(mm float64) Patch {
	p.X, p.Y = p.X+mm, p.Y+mm
	p.W, p.H = max(0, p.W-2*mm), max(0, p.H-2*mm)
	return p
}
