package card_test

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
	"testing"

	"pointille/internal/card"
	"pointille/internal/cvx"
	"pointille/internal/paper/papertest"
)

func ExampleWritePDF() {
	var b bytes.Buffer
	err := card.WritePDF(&b, "letter")
	fmt.Println(err, b.Len() > 1000)
	fmt.Println(card.WritePDF(io.Discard, "a5"))
	// Output:
	// <nil> true
	// printing the card: paper "a5" is unknown, want a4 or letter
}

func printed(t *testing.T, sheet string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := card.WritePDF(&b, sheet); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// The printed page must show OpenCV marker 7 of 40.0 mm.
func TestPrintIsFound(t *testing.T) {
	for _, sheet := range []string{"a4", "letter"} {
		const dpi = 300
		g := papertest.Raster(t, printed(t, sheet), 1, dpi)
		found, err := cvx.DetectMarkers(g, cvx.MarkerOptions{})
		if err != nil || len(found) != 1 || found[0].ID != card.MarkerID {
			t.Fatalf("%s: found %v, %v", sheet, found, err)
		}
		c := found[0].Corners
		for i := range c {
			n := c[(i+1)%4]
			if mm := math.Hypot(n.X-c[i].X, n.Y-c[i].Y) / dpi * 25.4; math.Abs(mm-40) > 0.05 {
				t.Errorf("%s: side %d is %.3f mm, want 40.0", sheet, i, mm)
			}
		}
		if c[0].X > c[1].X || c[0].Y > c[3].Y {
			t.Errorf("%s: the marker is turned: %v", sheet, c)
		}
	}
}

// Patches must lie where the geometry says, relative to the marker found.
func TestPatchesLieInPlace(t *testing.T) {
	const dpi = 300
	g := papertest.Raster(t, printed(t, "a4"), 1, dpi)
	found, err := cvx.DetectMarkers(g, cvx.MarkerOptions{})
	if err != nil || len(found) != 1 {
		t.Fatalf("found %v, %v", found, err)
	}
	c := card.Studio()
	at := func(x, y float64) uint8 {
		o := found[0].Corners[0]
		return g.GrayAt(int(o.X+(x-c.Marker.X)/25.4*dpi), int(o.Y+(y-c.Marker.Y)/25.4*dpi)).Y
	}
	for _, p := range c.Patches {
		q := p.Inside(0.5)
		for _, v := range []uint8{at(q.X, q.Y), at(q.X+q.W, q.Y+q.H), at(q.X+q.W/2, q.Y+q.H/2)} {
			if math.Abs(float64(v)-float64(p.Grey)) > 1 {
				t.Errorf("patch %s shows %d, want %d", p.Name, v, p.Grey)
			}
		}
	}
}

func TestGeometry(t *testing.T) {
	for _, c := range card.Kinds() {
		m := c.Marker
		if m.Side != 40 || m.ID != 7 {
			t.Errorf("%s: marker %+v", c.Name, m)
		}
		last := 1.0
		for _, p := range c.Patches {
			if p.X < 0 || p.Y < 0 || p.X+p.W > c.W || p.Y+p.H > c.H {
				t.Errorf("%s: patch %s leaves the card", c.Name, p.Name)
			}
			if p.X < m.X+m.Side && p.Y < m.Y+m.Side && p.X+p.W > m.X && p.Y+p.H > m.Y {
				t.Errorf("%s: patch %s covers the marker", c.Name, p.Name)
			}
			if p.Reflectance <= c.Ink || p.Reflectance >= c.Paper || p.Reflectance >= last {
				t.Errorf("%s: patch %s reflects %g", c.Name, p.Name, p.Reflectance)
			}
			last = p.Reflectance
		}
	}
}

// The studio card keeps the white margin that detectors need.
func TestQuietZone(t *testing.T) {
	c := card.Studio()
	m, quiet := c.Marker, card.QuietCells*c.Marker.Cell()
	gaps := []float64{m.X, m.Y, c.W - m.X - m.Side, c.H - m.Y - m.Side}
	for _, p := range c.Patches {
		gaps = append(gaps, p.X-m.X-m.Side)
	}
	for _, g := range gaps {
		if g < quiet {
			t.Errorf("white margin %g mm, want at least %.2f", g, quiet)
		}
	}
}

func TestCorners(t *testing.T) {
	got := card.Compact().Marker.Corners()
	if want := [4][2]float64{{5, 5}, {45, 5}, {45, 45}, {5, 45}}; got != want {
		t.Errorf("corners %v, want %v", got, want)
	}
}

func TestInsideOfSmallPatch(t *testing.T) {
	if p := (card.Patch{W: 3, H: 10}).Inside(2); p.W != 0 || p.H != 6 {
		t.Errorf("inside is %g x %g", p.W, p.H)
	}
}

func TestFile(t *testing.T) {
	b := printed(t, "a4")
	papertest.Offsets(t, b)
	if info := papertest.Info(t, b); info["Pages"] != "1" || !strings.Contains(info["Page size"], "A4") {
		t.Errorf("pdfinfo: %v", info)
	}
	if !bytes.Equal(b, printed(t, "a4")) {
		t.Error("two prints differ")
	}
}

type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestWriterFails(t *testing.T) {
	if err := card.WritePDF(full{}, "a4"); err == nil || !strings.Contains(err.Error(), "disk full") {
		t.Errorf("error %v", err)
	}
}
