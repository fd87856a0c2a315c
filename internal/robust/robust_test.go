package robust_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"

	"pointille/internal/robust"
)

func ExampleLinear() {
	var rows []robust.Row
	for i := range 20 {
		rows = append(rows, robust.Row{X: [5]float64{1, float64(i)}, Y: [3]float64{3 + 2*float64(i)}})
	}
	rows[4].Y[0] = 900
	f, ok := robust.Linear(rows)
	fmt.Printf("%.1f %.1f %v", f.C[0][0], f.C[1][0], ok)
	// Output: 3.0 2.0 true
}

// TestLinear wants a model found among rows of which up to a third are anything.
func TestLinear(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1))
		var want [5][3]float64
		for j := range want {
			for k := range want[j] {
				want[j][k] = rng.Float64()*4 - 2
			}
		}
		bad := rapid.IntRange(0, 60).Draw(t, "bad rows")
		rows := make([]robust.Row, 200)
		for i := range rows {
			r := &rows[i]
			r.X = [5]float64{1, rng.Float64()*2 - 1, rng.Float64()*2 - 1, rng.Float64()*2 - 1, rng.Float64()*2 - 1}
			r.Y = robust.Fit{C: want}.Of(r.X)
			if i < bad {
				r.Y[rng.IntN(3)] += 3 + 40*rng.Float64()*(2*rng.Float64()-1)
			}
		}
		f, ok := robust.Linear(rows)
		if !ok {
			t.Fatal("no fit")
		}
		for j := range want {
			for k := range want[j] {
				if d := math.Abs(f.C[j][k] - want[j][k]); !(d < 0.05) {
					t.Fatalf("coefficient %d, %d: %g, want %g, with %d bad rows", j, k, f.C[j][k], want[j][k], bad)
				}
			}
		}
	})
}

func TestUndetermined(t *testing.T) {
	if _, ok := robust.Linear(make([]robust.Row, 3)); ok {
		t.Error("three rows made a fit")
	}
	nan := robust.Row{X: [5]float64{math.NaN(), 1, 1, 1, 1}}
	if _, ok := robust.Linear([]robust.Row{nan, nan, nan, nan, nan, nan}); ok {
		t.Error("rows that are no numbers made a fit")
	}
}
