package pigment_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"testing"

	"pointille/internal/colour"
	"pointille/planner/pigment"
	"pointille/planner/pigment/montecarlo"
)

// table reads a table that planner/pigment/montecarlo/tabulate wrote.
func table(t *testing.T, name string) []map[string]string {
	t.Helper()
	f, err := os.Open(filepath.Join("testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	var out []map[string]string
	for _, r := range rows[1:] {
		row := map[string]string{}
		for i, name := range rows[0] {
			row[name] = r[i]
		}
		out = append(out, row)
	}
	return out
}

// simulated is one row of columns.csv.
type simulated struct {
	channel                           int
	tone                              string
	column                            pigment.Column
	absorption                        float64
	contrast, spread, fwhm, area, all float64
}

func number(t *testing.T, row map[string]string, name string) float64 {
	t.Helper()
	v, err := strconv.ParseFloat(row[name], 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return v
}

func channelOf(nm string) int {
	return map[string]int{"630": 0, "550": 1, "450": 2}[nm]
}

func columns(t *testing.T) []simulated {
	t.Helper()
	var out []simulated
	for _, r := range table(t, "columns.csv") {
		out = append(out, simulated{
			channel: channelOf(r["nm"]), tone: r["tone"],
			column:     pigment.Column{Diameter: number(t, r, "diameter_mm"), Top: number(t, r, "top_mm"), Height: 0.4},
			absorption: number(t, r, "absorption_per_mm"), contrast: number(t, r, "contrast"), spread: number(t, r, "contrast_error"),
			fwhm: number(t, r, "fwhm_mm"), area: number(t, r, "area_mm2"), all: number(t, r, "reflectance"),
		})
	}
	return out
}

func (s simulated) kernel() pigment.Kernel {
	return pigment.See(s.column, [3]float64{s.absorption, s.absorption, s.absorption}, skins()[s.tone][0])
}

func (s simulated) String() string {
	return fmt.Sprintf("channel %d, %s skin, %g mm wide, %g mm deep, %g/mm", s.channel, s.tone, s.column.Diameter, s.column.Top, s.absorption)
}

// The fast model keeps within 15 % of simulated light over the working range:
// needles 0.1-0.4 mm, depths 0.03-0.5 mm, dilutions 1:0 to 1:30, light to dark
// skin. Where a dot is so faint that nobody sees it (a contrast below 0.03,
// half a level of a picture's byte in mid tones) the difference must be. Dark
// skin sends back a hundredth of blue light, a third of it from above the ink,
// which the model does not know: there the light in error must be next to none.
func TestModelAgainstMonteCarlo(t *testing.T) {
	var contrasts, widths, areas []float64
	for _, s := range columns(t) {
		k := s.kernel()
		c := k.Contrast()[s.channel]
		off := c/s.contrast - 1
		if s.channel == 2 && s.tone == "dark" {
			if light := math.Abs(c-s.contrast) * s.all; light > 0.005 {
				t.Errorf("%v: contrast %.4f, simulated %.4f, %.4f of white", s, c, s.contrast, light)
			}
			continue
		}
		if math.Abs(off) > 0.15 && math.Abs(c-s.contrast) > max(0.0045, 3*s.spread) {
			t.Errorf("%v: contrast %.4f, simulated %.4f ± %.4f", s, c, s.contrast, s.spread)
		}
		contrasts = append(contrasts, math.Abs(off))
		areas = append(areas, math.Abs(k.Area()[s.channel]/s.area-1))
		if s.channel == 1 {
			off := k.FWHM()/s.fwhm - 1
			if math.Abs(off) > 0.15 && s.contrast > 0.03 {
				t.Errorf("%v: width %.3f mm, simulated %.3f", s, k.FWHM(), s.fwhm)
			}
			widths = append(widths, math.Abs(off))
		}
	}
	t.Logf("contrast off by %s; width by %s; area by %s", spread(contrasts), spread(widths), spread(areas))
}

func spread(v []float64) string {
	sorted := append([]float64(nil), v...)
	slices.Sort(sorted)
	at := func(q float64) float64 { return 100 * sorted[int(q*float64(len(sorted)-1))] }
	return fmt.Sprintf("%.1f %% (median), %.1f %% (95 of 100), %.1f %% (most)", at(0.5), at(0.95), at(1))
}

// The table must be what the Monte Carlo says today.
func TestTableIsFresh(t *testing.T) {
	var rows []simulated
	var run []montecarlo.Column
	for _, s := range columns(t) {
		if s.channel == 1 && s.tone == "light" && s.absorption == 50 && (s.column.Diameter == 0.15 && s.column.Top == 0.1 || s.column.Diameter == 0.25 && s.column.Top == 0.2) {
			rows = append(rows, s)
			run = append(run, montecarlo.Column{Diameter: s.column.Diameter, Top: s.column.Top, Height: s.column.Height, Absorption: s.absorption})
		}
	}
	if len(rows) != 2 {
		t.Fatalf("the table has %d of the two rows", len(rows))
	}
	fresh := montecarlo.Run{Photons: 20_000, Seed: 77, Tones: montecarlo.Tones()[:1], Wavelength: 550, Columns: run}.Measure()
	for i, f := range fresh {
		s := rows[i]
		if math.Abs(f.Contrast-s.contrast) > 4*f.Error || math.Abs(f.FWHM/s.fwhm-1) > 0.06 || math.Abs(f.Area/s.area-1) > 0.06 || math.Abs(f.Reflectance/s.all-1) > 0.03 {
			t.Errorf("%v: now %+v", s, f)
		}
	}
}

// The mean tone of a dotted field is that of simulated light among as many
// columns, within one L* on light, medium and dark skin. Where wide black
// columns leave less than 0.7 of the green light, more than any plan asks for,
// light that has passed between them all makes the field up to two L* lighter.
func TestFieldAgainstMonteCarlo(t *testing.T) {
	type field struct {
		tone                              string
		diameter, top, absorption, perCM2 float64
	}
	found := map[field]*colour.RGB{}
	var order []field
	for _, r := range table(t, "fields.csv") {
		f := field{r["tone"], number(t, r, "diameter_mm"), number(t, r, "top_mm"), number(t, r, "absorption_per_mm"), number(t, r, "per_cm2")}
		if found[f] == nil {
			found[f] = &colour.RGB{}
			order = append(order, f)
		}
		found[f][channelOf(r["nm"])] = number(t, r, "left")
	}
	var off []float64
	for _, f := range order {
		area := pigment.Area(pigment.Column{Diameter: f.diameter, Top: f.top, Height: 0.4}, [3]float64{f.absorption, f.absorption, f.absorption}, skins()[f.tone][0])
		var left colour.RGB
		for c := range left {
			left[c] = math.Exp(-area[c] * f.perCM2 / 100)
		}
		got, want := lightness(f.tone, left), lightness(f.tone, *found[f])
		off = append(off, math.Abs(got-want))
		limit := 1.0
		if found[f][1] < 0.7 {
			limit = 2
		}
		if math.Abs(got-want) > limit {
			t.Errorf("%+v: L* %.2f, simulated %.2f", f, got, want)
		}
	}
	slices.Sort(off)
	t.Logf("%d fields, ΔL* %.2f in the median, %.2f at most", len(off), off[len(off)/2], off[len(off)-1])
}

// lightness is the L* of a skin of which a share of the light is left.
func lightness(tone string, left colour.RGB) float64 {
	skin := colour.FromLab(skins()[tone])
	return colour.ToLab(colour.RGB{skin[0] * left[0], skin[1] * left[1], skin[2] * left[2]})[0]
}

// skins are the colours of the simulated skins, from their reflectances.
func skins() map[string]colour.Lab {
	return map[string]colour.Lab{
		"light": colour.ToLab(colour.RGB{0.451, 0.278, 0.182}), "medium": colour.ToLab(colour.RGB{0.270, 0.143, 0.062}),
		"dark": colour.ToLab(colour.RGB{0.122, 0.048, 0.012}),
	}
}
