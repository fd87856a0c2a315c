package guide_test

import (
	"math"
	"strings"
	"testing"

	"pointille/internal/headframe"
	"pointille/internal/paper/papertest"
	"pointille/planner/guide"
)

// wide is a hairline at theta from one side of the head to the other.
func wide(e ellipsoid, theta, side float64) []headframe.Vec {
	var line []headframe.Vec
	for phi := -side; phi <= side; phi += 0.01 {
		line = append(line, e.at(theta, phi))
	}
	return line
}

// The template's hairline must be as long on paper as on the skin, on however
// many pages, and everything must be on the sheet.
func TestHairlineIsTrueOnPaper(t *testing.T) {
	e := head()
	const a4Width = 210.0 // the height of a landscape page
	for _, c := range []struct {
		name        string
		theta, side float64
		height      float64
		pages       int
	}{
		{"short", 0.75, 0.8, 75, 1},
		{"usual", 0.8, 1.2, 80, 1},
		{"without strap", 0.8, 1.2, 130, 1},
		{"temple to temple and on", 1.3, 1.9, 40, 3},
	} {
		in := input(60, 1)
		line := wide(e, c.theta, c.side)
		in.Plan.Hairline.Points, in.Plan.Hairline.HeightMM = line, c.height
		pages := papertest.Pages(t, written(t, in, guide.Options{}))
		long := 0.0
		for i := 1; i < len(line); i++ {
			long += line[i].Sub(line[i-1]).Norm()
		}
		drawn, found := 0.0, 0
		for _, page := range pages[1:] {
			on := 0.0
			for _, s := range papertest.Strokes(t, page, a4Width) {
				for _, l := range s.Lines {
					if math.Abs(s.Width-0.35) < 0.001 {
						on += math.Hypot(l[2]-l[0], l[3]-l[1])
					}
				}
			}
			if on > 0 {
				found++
				drawn += on
				inside(t, c.name, papertest.Strokes(t, page, a4Width))
			}
		}
		if found != c.pages {
			t.Errorf("%s: on %d pages, want %d", c.name, found, c.pages)
		}
		shared := 10.0 * float64(c.pages-1) // parts overlap by 8 to 12 mm
		if drawn < long-0.5+0.6*shared || drawn > long+0.5+1.4*shared {
			t.Errorf("%s: %.1f mm on paper, %.1f mm on skin", c.name, drawn, long)
		}
	}
}

// inside checks that strokes stay on a landscape sheet's printable part.
func inside(t *testing.T, name string, strokes []papertest.Stroke) {
	t.Helper()
	for _, s := range strokes {
		for _, l := range s.Lines {
			for i := 0; i < 4; i += 2 {
				if x, y := l[i], l[i+1]; x < 5 || x > 292 || y < 5 || y > 205 {
					t.Fatalf("%s: a line reaches %.1f, %.1f mm", name, x, y)
				}
			}
		}
	}
}

// A line that bends back on itself cannot be cut out: page and overview say so.
func TestFoldedHairlineIsTold(t *testing.T) {
	const said = "bends back on itself"
	in := input(60, 1)
	for _, folded := range []bool{false, true} {
		if folded {
			e := head()
			var line []headframe.Vec
			for phi := -1.0; phi <= 1; phi += 0.01 {
				if math.Abs(phi-0.4) < 0.005 { // a spike of 40 mm, 4 mm wide
					for theta := 0.75; theta > 0.3; theta -= 0.02 {
						line = append(line, e.at(theta, phi))
					}
					for theta := 0.3; theta < 0.75; theta += 0.02 {
						line = append(line, e.at(theta, phi+0.06))
					}
				}
				line = append(line, e.at(0.75, phi))
			}
			in.Plan.Hairline.Points = line
		}
		texts := papertest.Texts(t, written(t, in, guide.Options{}))
		for page := range 2 {
			if strings.Contains(texts[page], said) != folded {
				t.Errorf("folded %v, page %d: wrong about it", folded, page+1)
			}
		}
	}
}

// Nothing on the tile pages may lie off the sheet or on the check squares.
func TestTilesStayOnTheSheet(t *testing.T) {
	pages := papertest.Pages(t, written(t, input(1500, 2), guide.Options{}))
	for n, page := range pages[2 : len(pages)-2] {
		for _, s := range papertest.Strokes(t, page, a4Height) {
			for _, l := range s.Lines {
				if x, y := l[0], l[1]; x < 5 || x > 205 || y < 5 || y > 292 {
					t.Fatalf("page %d: a line reaches %.1f, %.1f mm", n+3, x, y)
				}
				if s.Layer != "" && l[0] > 152 {
					t.Fatalf("page %d: a dot lies on the right column, at %.1f, %.1f mm", n+3, l[0], l[1])
				}
			}
		}
	}
}
