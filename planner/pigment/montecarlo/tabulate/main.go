// Command tabulate writes the table of simulated columns and fields by which
// package pigment's fast model is judged.
//
//	go run ./planner/pigment/montecarlo/tabulate -photons 320000 > planner/pigment/testdata/columns.csv
//	go run ./planner/pigment/montecarlo/tabulate -fields -photons 40000 > planner/pigment/testdata/fields.csv
//	go run ./planner/pigment/montecarlo/tabulate -profiles -photons 150000 -seed 3 > planner/pigment/testdata/profiles.csv
package main

import (
	"bufio"
	"flag"
	"fmt"
	"io"
	"os"

	"pointille/planner/pigment/montecarlo"
)

func main() {
	photons := flag.Int("photons", 200_000, "photons per wavelength, or per field")
	fields := flag.Bool("fields", false, "dotted fields instead of single columns")
	profiles := flag.Bool("profiles", false, "how what columns take is spread around them")
	seed := flag.Uint64("seed", 1, "of the random numbers")
	flag.Parse()
	out := bufio.NewWriter(os.Stdout)
	switch {
	case *fields:
		writeFields(out, *photons, *seed)
	case *profiles:
		writeProfiles(out, *photons, *seed)
	default:
		writeColumns(out, *photons, *seed)
	}
	if err := out.Flush(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// columns span what a plan can ask for: needles 0.1-0.4 mm, pigment from fresh
// (0.03 mm) to too deep, the ladder of dilutions from 1:0 to 1:30.
func columns() []montecarlo.Column {
	var out []montecarlo.Column
	for _, d := range []float64{0.1, 0.15, 0.25, 0.4} {
		for _, top := range []float64{0.03, 0.1, 0.15, 0.2, 0.3, 0.4, 0.5} {
			for _, a := range []float64{5, 15, 50, 150} {
				out = append(out, montecarlo.Column{Diameter: d, Top: top, Height: height, Absorption: a})
			}
		}
	}
	return out
}

const height = 0.4

func writeColumns(out io.Writer, photons int, seed uint64) {
	fmt.Fprintln(out, "nm,tone,diameter_mm,top_mm,absorption_per_mm,reflectance,contrast,contrast_error,fwhm_mm,area_mm2")
	for _, nm := range montecarlo.Wavelengths() {
		run := montecarlo.Run{Photons: photons, Seed: seed, Tones: montecarlo.Tones(), Wavelength: nm, Columns: columns()}
		for _, s := range run.Measure() {
			fmt.Fprintf(out, "%.0f,%s,%g,%g,%g,%.4f,%.5f,%.5f,%.4f,%.5f\n", nm, s.Tone, s.Column.Diameter, s.Column.Top, s.Column.Absorption,
				s.Reflectance, s.Contrast, s.Error, s.FWHM, s.Area)
		}
	}
}

func writeFields(out io.Writer, photons int, seed uint64) {
	fmt.Fprintln(out, "nm,tone,diameter_mm,top_mm,absorption_per_mm,per_cm2,left,left_error")
	columns := []montecarlo.Column{
		{Diameter: 0.15, Top: 0.1, Height: height, Absorption: 15}, {Diameter: 0.15, Top: 0.1, Height: height, Absorption: 50},
		{Diameter: 0.25, Top: 0.03, Height: height, Absorption: 50}, {Diameter: 0.25, Top: 0.2, Height: height, Absorption: 150},
	}
	for _, nm := range montecarlo.Wavelengths() {
		run := montecarlo.Run{Photons: photons, Seed: seed, Tones: montecarlo.Tones(), Wavelength: nm, Columns: columns}
		for _, f := range run.Fields([]float64{50, 120, 250}) {
			fmt.Fprintf(out, "%.0f,%s,%g,%g,%g,%g,%.4f,%.4f\n", nm, f.Tone, f.Column.Diameter, f.Column.Top, f.Column.Absorption, f.PerCM2, f.Left, f.Error)
		}
	}
}

// writeProfiles writes the share lost by distance, a row for each column that
// plans ask for.
func writeProfiles(out io.Writer, photons int, seed uint64) {
	var columns []montecarlo.Column
	for _, d := range []float64{0.15, 0.25} {
		for _, top := range []float64{0.03, 0.1, 0.2} {
			for _, a := range []float64{15, 50} {
				columns = append(columns, montecarlo.Column{Diameter: d, Top: top, Height: height, Absorption: a})
			}
		}
	}
	fmt.Fprint(out, "nm,tone,diameter_mm,top_mm,absorption_per_mm")
	for _, r := range montecarlo.Radii() {
		fmt.Fprintf(out, ",at_%g_mm", r)
	}
	fmt.Fprintln(out)
	for _, nm := range montecarlo.Wavelengths() {
		run := montecarlo.Run{Photons: photons, Seed: seed, Tones: montecarlo.Tones(), Wavelength: nm, Columns: columns}
		for _, s := range run.Measure() {
			fmt.Fprintf(out, "%.0f,%s,%g,%g,%g", nm, s.Tone, s.Column.Diameter, s.Column.Top, s.Column.Absorption)
			for _, v := range s.Profile {
				fmt.Fprintf(out, ",%.6f", v)
			}
			fmt.Fprintln(out)
		}
	}
}
