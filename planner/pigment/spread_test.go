package pigment_test

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"testing"

	"pointille/planner/pigment"
)

// How evenly a field of dots looks depends on how a dot's darkening is spread:
// what has a reach of less than the dots' spacing shows them, what has more
// evens them out, for each colour of light on its own. The share that is left
// of a pattern of so many cycles per mm is that of simulated light within 0.08.
func TestSpreadAgainstMonteCarlo(t *testing.T) {
	var off []float64
	for _, row := range table(t, "profiles.csv") {
		at, lost := profile(t, row)
		c := pigment.Column{Diameter: number(t, row, "diameter_mm"), Top: number(t, row, "top_mm"), Height: 0.4}
		mu := number(t, row, "absorption_per_mm")
		k := pigment.See(c, [3]float64{mu, mu, mu}, skins()[row["tone"]][0])
		channel := channelOf(row["nm"])
		if channel == 2 && row["tone"] == "dark" {
			continue // hardly any light: see TestModelAgainstMonteCarlo
		}
		var model []float64
		for _, r := range at {
			model = append(model, k.At(channel, r))
		}
		for _, cycles := range []float64{0.125, 0.25, 0.5, 1, 1.5} {
			got, want := waves(at, model, cycles)/waves(at, model, 0), waves(at, lost, cycles)/waves(at, lost, 0)
			off = append(off, math.Abs(got-want))
			if math.Abs(got-want) > 0.08 {
				t.Errorf("%s nm, %s skin, %+v, %g/mm: %.3f is left of %g cycles per mm, simulated %.3f", row["nm"], row["tone"], c, mu, got, cycles, want)
			}
		}
	}
	if len(off) == 0 {
		t.Fatal("the table is empty")
	}
	slices.Sort(off)
	t.Logf("%d values: off by %.3f in the median, %.3f at most", len(off), off[len(off)/2], off[len(off)-1])
}

// profile is the share lost by distance of one row.
func profile(t *testing.T, row map[string]string) (at, lost []float64) {
	t.Helper()
	for name := range row {
		if mm, ok := strings.CutPrefix(name, "at_"); ok {
			r, err := strconv.ParseFloat(strings.TrimSuffix(mm, "_mm"), 64)
			if err != nil {
				t.Fatal(err)
			}
			at = append(at, r)
		}
	}
	slices.Sort(at)
	for _, r := range at {
		lost = append(lost, number(t, row, "at_"+strconv.FormatFloat(r, 'g', -1, 64)+"_mm"))
	}
	return at, lost
}

// waves is the Hankel transform of a profile, linear between its distances.
func waves(at, v []float64, cycles float64) float64 {
	const step = 0.004
	sum, i := 0.0, 0
	for r := step / 2; r < at[len(at)-1]; r += step {
		for at[i+1] < r {
			i++
		}
		here := v[i] + (v[i+1]-v[i])*(r-at[i])/(at[i+1]-at[i])
		sum += here * math.J0(2*math.Pi*cycles*r) * 2 * math.Pi * r * step
	}
	return sum
}
