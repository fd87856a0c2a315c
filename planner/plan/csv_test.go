package plan_test

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"pointille/internal/headframe"
	"pointille/planner/plan"
)

const dotsText = `id,x_mm,y_mm,z_mm,nx,ny,nz,zone,session,diameter_mm,shade
0,-20.5000,90.1235,80.0000,0.00000,0.60000,0.80000,frontal,1,0.3000,0
1,20.0000,90.0000,80.0000,0.00000,0.60000,0.80000,frontal,2,0.3100,1
7,1.0000,120.0000,-70.0000,0.00000,0.80000,-0.60000,vertex,1,0.3000,0
`

const seenText = `id,px,py,visible
0,512.25,300.00,1
1,-8.10,0.00,0
`

func sampleSeen() []plan.Seen {
	return []plan.Seen{{ID: 0, X: 512.251, Y: 300, Visible: true}, {ID: 1, X: -8.1, Y: -0.001}}
}

func ExampleDecodeDots() {
	_, err := plan.DecodeDots(strings.NewReader(plan.DotColumns + "\n0,1,2,3,0,0,2,frontal,1,0.3,0\n"))
	fmt.Println(err)
	// Output:
	// line 2: the normal of dot 0 has length 2, not 1
}

func TestDotsText(t *testing.T) {
	var b bytes.Buffer
	check(t, plan.EncodeDots(&b, sampleDots()))
	if diff := cmp.Diff(dotsText, b.String()); diff != "" {
		t.Errorf("dots.csv (-want +got):\n%s", diff)
	}
	dots, err := plan.DecodeDots(strings.NewReader(dotsText))
	check(t, err)
	want := sampleDots()
	want[0].P[1], want[1].N[0] = 90.1235, 0
	if diff := cmp.Diff(want, dots); diff != "" {
		t.Errorf("dots (-want +got):\n%s", diff)
	}
}

func TestSeenText(t *testing.T) {
	var b bytes.Buffer
	check(t, plan.EncodeSeen(&b, sampleSeen()))
	if diff := cmp.Diff(seenText, b.String()); diff != "" {
		t.Errorf("front.dots.csv (-want +got):\n%s", diff)
	}
	windows := "\ufeff" + strings.ReplaceAll(seenText, "\n", "\r\n")
	seen, err := plan.DecodeSeen(strings.NewReader(windows))
	check(t, err)
	want := sampleSeen()
	want[0].X, want[1].Y = 512.25, 0
	if diff := cmp.Diff(want, seen); diff != "" {
		t.Errorf("seen (-want +got):\n%s", diff)
	}
}

func TestFiles(t *testing.T) {
	dir := t.TempDir()
	dots, seen := filepath.Join(dir, "dots.csv"), filepath.Join(dir, "front.dots.csv")
	check(t, plan.WriteDots(context.Background(), dots, sampleDots()))
	check(t, plan.WriteSeen(context.Background(), seen, sampleSeen()))
	if d, err := plan.ReadDots(dots); err != nil || len(d) != 3 {
		t.Errorf("%d dots, error %v", len(d), err)
	}
	if s, err := plan.ReadSeen(seen); err != nil || len(s) != 2 {
		t.Errorf("%d dots, error %v", len(s), err)
	}
	check(t, os.WriteFile(dots, []byte(seenText), 0o600))
	if _, err := plan.ReadDots(dots); err == nil || !strings.HasPrefix(err.Error(), dots+": line 1: the columns must be id,x_mm") {
		t.Errorf("error is %v", err)
	}
}

func TestRefusedRows(t *testing.T) {
	const good = "3,1,2,3,0,0,1,frontal,1,0.3,0"
	tests := []struct{ old, new, want string }{
		{"0.3,0", "0.3", "line 2: 10 values where 11"},
		{"0.3,0", "0.3,0,", "line 2: 12 values where 11"},
		{"3,1,2", "3.0,1,2", `line 2: "3.0" is no whole number`},
		{"3,1,2", "3,one,2", `line 2: "one" is no number`},
		{"3,1,2", "3,NaN,2", `line 2: "NaN" is no number`},
		{"3,1,2", "3,1e99,2", "line 2: dot 3 does not lie on a head"},
		{"3,1,2", "-3,1,2", "line 2: id -3 is negative"},
		{"0,0,1", "0,0,0.9", "line 2: the normal of dot 3 has length 0.9"},
		{"frontal", "", `line 2: zone "" of dot 3`},
		{"frontal,1", "frontal,0", "line 2: session 0 of dot 3"},
		{"0.3,0", "0.00001,0", "line 2: diameter 0 mm"},
		{"0.3,0", "0.3,-1", "line 2: shade -1"},
		{good, good + "\n" + good, "line 3: id 3 follows id 3"},
		{good, good + "\n\n", "line 3: 1 values where 11"},
	}
	for _, tt := range tests {
		_, err := plan.DecodeDots(strings.NewReader(plan.DotColumns + "\n" + strings.Replace(good, tt.old, tt.new, 1) + "\n"))
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("error is %v, want %s", err, tt.want)
		}
	}
	for text, want := range map[string]string{
		"":                                   "the file is empty",
		plan.SeenColumns + "\n1,2,3,yes\n":   `line 2: "yes" is neither 1 nor 0`,
		plan.SeenColumns + "\n1,2,1e300,1\n": "line 2: dot 1 lies at pixel",
		plan.SeenColumns + "\n1," + strings.Repeat("2", 1<<17): "line 2: ",
	} {
		if _, err := plan.DecodeSeen(strings.NewReader(text)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, want %s", err, want)
		}
	}
}

func TestImpossibleDotsAreNotWritten(t *testing.T) {
	dots := sampleDots()
	dots[1].P[0] = math.NaN()
	path := filepath.Join(t.TempDir(), "dots.csv")
	if err := plan.WriteDots(context.Background(), path, dots); err == nil || !strings.Contains(err.Error(), "dot 1") {
		t.Errorf("error is %v", err)
	}
	if _, err := os.Stat(path); err == nil {
		t.Error("a half-written file is left")
	}
}

func FuzzDecodeDots(f *testing.F) {
	f.Add(dotsText)
	f.Add(plan.DotColumns + "\r\n9,-0,1e-9,499,0,0.0004,1.0004,z_1,1,2.99999,9")
	f.Fuzz(func(t *testing.T, text string) {
		stable(t, text, plan.DecodeDots, plan.EncodeDots)
	})
}

func FuzzDecodeSeen(f *testing.F) {
	f.Add(seenText)
	f.Add(plan.SeenColumns + "\r\n9,-0.001,1e9,true")
	f.Fuzz(func(t *testing.T, text string) {
		stable(t, text, plan.DecodeSeen, plan.EncodeSeen)
	})
}

// stable wants what is read to be written and read again without a change.
func stable[T any](t *testing.T, text string, decode func(io.Reader) ([]T, error), encode func(io.Writer, []T) error) {
	rows, err := decode(strings.NewReader(text))
	if err != nil {
		return
	}
	var b bytes.Buffer
	check(t, encode(&b, rows))
	again, err := decode(&b)
	check(t, err)
	if diff := cmp.Diff(rows, again); diff != "" {
		t.Errorf("rows change on the way (-first +again):\n%s", diff)
	}
}

func BenchmarkDots(b *testing.B) {
	dots := make([]plan.Dot, 100_000)
	for i := range dots {
		s, c := math.Sincos(float64(i))
		dots[i] = plan.Dot{ID: i, P: headframe.Vec{90 * c, 90 * s, 1}, N: headframe.Vec{c, s, 0}, Zone: "frontal", Session: 1, Diameter: 0.3}
	}
	var text bytes.Buffer
	check(b, plan.EncodeDots(&text, dots))
	b.Run("encode 100k", func(b *testing.B) {
		for b.Loop() {
			check(b, plan.EncodeDots(&bytes.Buffer{}, dots))
		}
	})
	b.Run("decode 100k", func(b *testing.B) {
		for b.Loop() {
			_, err := plan.DecodeDots(bytes.NewReader(text.Bytes()))
			check(b, err)
		}
	})
}
