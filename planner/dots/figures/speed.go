package main

import (
	"context"
	"fmt"
	"math"
	"syscall"
	"time"

	"pointille/internal/headframe"
	"pointille/planner/dots"
)

// watch is when something began, by the clock and by the processor time of
// this program. The latter is to be trusted where the machine is shared.
type watch struct {
	clock time.Time
	cpu   float64
}

func begin() watch { return watch{time.Now(), processor()} }

// processor returns the processor time used so far, s.
func processor() float64 {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		return math.NaN()
	}
	return float64(u.Utime.Nano()+u.Stime.Nano()) / 1e9
}

// times collects what several tries took, s.
type times struct{ wall, cpu figure }

func (t *times) add(w watch) {
	t.wall.add(time.Since(w.clock).Seconds())
	t.cpu.add(processor() - w.cpu)
}

func (t times) String() string {
	return fmt.Sprintf("wall %s, processor %s", t.wall.within(), t.cpu.within())
}

// time tells how long the large case takes: dots besides the hairs.
func (s sheet) time(ctx context.Context) ([]row, error) {
	const wanted = 100_000
	c, err := head(ctx, wanted, 0.2)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, regularity := range []float64{0, 1} {
		var took times
		w := begin()
		err := s.each(ctx, c, dots.Options{Regularity: regularity}, func(dots.Pattern) {
			took.add(w)
			w = begin()
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{fmt.Sprintf("%d dots and %d hairs, 4:1, 3 sessions, %s, s", wanted, len(c.field.Fixed), setting(regularity)),
			"≤ 2.0", "≤ 0.8", took.String()})
	}
	return rows, nil
}

// redo tells how long a change of a hairline takes: on a head of about 40,000
// dots, one handle moves by 4 mm and takes 4 cm of the line with it.
func (s sheet) redo(ctx context.Context) ([]row, error) {
	whole, err := head(ctx, 44_000, 0)
	if err != nil {
		return nil, err
	}
	line := func(bulge float64) dots.Field {
		f := whole.field
		f.Density = func(p headframe.Vec) float64 {
			x := (p[0] - 20) / 12
			if p[2] > 70+bulge*math.Exp(-x*x) {
				return 0
			}
			return whole.field.Density(p)
		}
		return f
	}
	was, f := line(0), line(4)
	var took times
	stayed, all := 0, 0
	for seed := range s.seeds {
		o := dots.Options{Seed: uint64(s.first + seed), Threads: s.threads}
		before, err := dots.Place(ctx, whole.skin, was, o)
		if err != nil {
			return nil, err
		}
		w := begin()
		got, err := dots.Redo(ctx, whole.skin, was, f, before, o)
		if err != nil {
			return nil, err
		}
		took.add(w)
		old := map[dots.Dot]bool{}
		for _, d := range before.Dots {
			old[d] = true
		}
		all += len(got.Dots)
		for _, d := range got.Dots {
			if old[d] {
				stayed++
			}
		}
	}
	return []row{{fmt.Sprintf("%d dots, one handle moved, natural, s", all/s.seeds), "≤ 0.15", "≤ 0.05",
		fmt.Sprintf("%v; %d dots placed anew", took, (all-stayed)/s.seeds)}}, nil
}
