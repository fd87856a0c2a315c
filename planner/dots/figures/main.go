// Command figures prints the figures that dots are judged by: how natural, how
// even, how true to the wanted density, how fast. Patterns are measured by
// package metric, which sees points only. Run it in the root of the tree:
//
//	go run ./planner/dots/figures            all, over five seeds
//	go run ./planner/dots/figures -seeds 2 natural even
//	go run ./planner/dots/figures -picture docs/img/dots.png
//
// Distances are mm, or spacings where said; times are wall time, seconds.
package main

import (
	"cmp"
	"context"
	"flag"
	"fmt"
	"math"
	"os"
	"slices"

	"pointille/planner/dots"
)

// sheet is what is asked for, and where it is printed.
type sheet struct {
	first   int // seed
	seeds   int
	dots    int // in the patterns that statistics are taken of
	threads int
}

type row struct{ what, must, aim, got string }

func main() {
	s := sheet{}
	flag.IntVar(&s.first, "first", 0, "seed of the first pattern")
	flag.IntVar(&s.seeds, "seeds", 5, "patterns each figure is the mean of")
	flag.IntVar(&s.dots, "dots", 20000, "dots of a pattern that statistics are taken of")
	flag.IntVar(&s.threads, "threads", 2, "processors used")
	file := flag.String("picture", "", "draw ours beside other patterns into this PNG `file`, and no figures")
	flag.Parse()
	if *file != "" {
		if err := picture(context.Background(), *file); err != nil {
			fmt.Fprintln(os.Stderr, "figures: drawing:", err)
			os.Exit(1)
		}
		return
	}
	if err := s.print(flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "figures:", err)
		os.Exit(1)
	}
}

// print writes the chosen parts of the table; all where none is chosen.
func (s sheet) print(parts []string) error {
	ctx := context.Background()
	all := []struct {
		name string
		rows func(context.Context) ([]row, error)
	}{
		{"natural", s.natural}, {"even", s.even}, {"density", s.density}, {"core", s.core}, {"time", s.time}, {"redo", s.redo},
	}
	fmt.Printf("| measure (%d seeds) | must | aim | measured, mean (worst) |\n|---|---|---|---|\n", s.seeds)
	for _, p := range all {
		if len(parts) > 0 && !slices.Contains(parts, p.name) {
			continue
		}
		rows, err := p.rows(ctx)
		if err != nil {
			return fmt.Errorf("%s: %w", p.name, err)
		}
		for _, r := range rows {
			fmt.Printf("| %s | %s | %s | %s |\n", r.what, r.must, r.aim, r.got)
		}
	}
	return nil
}

// figure collects a number over seeds.
type figure []float64

func (f *figure) add(v float64) { *f = append(*f, v) }

func (f figure) mean() float64 {
	sum := 0.0
	for _, v := range f {
		sum += v / float64(len(f))
	}
	return sum
}

// String gives the mean and, in brackets, the largest.
func (f figure) String() string {
	digits := 3
	if f.mean() < 0.1 {
		digits = 4
	}
	return fmt.Sprintf("%.*f (%.*f)", digits, f.mean(), digits, slices.Max(f))
}

func (f figure) within() string {
	return fmt.Sprintf("%.3f (%.3f to %.3f)", f.mean(), slices.Min(f), slices.Max(f))
}

// each places a pattern per seed and hands it to see.
func (s sheet) each(ctx context.Context, c ground, o dots.Options, see func(dots.Pattern)) error {
	o.Threads = s.threads
	for seed := range s.seeds {
		o.Seed = uint64(s.first + seed)
		p, err := dots.Place(ctx, c.skin, c.field, o)
		if err != nil {
			return err
		}
		if len(p.Dots) == 0 || math.IsNaN(p.Dots[0].P[0]) {
			return fmt.Errorf("seed %d gives %d dots", seed, len(p.Dots))
		}
		see(p)
	}
	return nil
}

func byX[T any](all []T, x func(T) float64) {
	slices.SortFunc(all, func(a, b T) int { return cmp.Compare(x(a), x(b)) })
}
