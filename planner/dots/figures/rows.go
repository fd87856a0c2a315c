package main

import (
	"context"
	"fmt"

	"pointille/internal/headframe"
	"pointille/planner/craft"
	"pointille/planner/dots"
	"pointille/planner/dots/metric"
)

const sessions = 3

func human() (r, g []float64) {
	for _, q := range craft.FollicleGaps() {
		if q.R < 1.6 {
			r, g = append(r, q.R), append(g, q.G)
		}
	}
	return r, g
}

// natural tells how near to follicles the natural setting comes.
func (s sheet) natural(ctx context.Context) ([]row, error) {
	var low, wide, ratio, cv, psi, gaps figure
	g := make([]float64, 18)
	r, want := human()
	err := s.each(ctx, s.evenSquare(), dots.Options{}, func(p dots.Pattern) {
		pts, plane := flat(p.Dots, 0)
		st, power := metric.Measure(pts), metric.Spectrum(plane, squareSide)
		gap, _ := st.Gap(r, want)
		gaps.add(gap)
		low.add(power.Low)
		wide.add(power.Wide)
		ratio.add(st.R)
		cv.add(st.CV)
		psi.add(st.Psi6)
		for k := range g {
			g[k] += st.G[k] / float64(s.seeds)
		}
	})
	if err != nil {
		return nil, err
	}
	mean, at := metric.Stats{G: g}.Gap(r, want)
	return []row{
		{"natural: largest distance of g(r/s) to follicles", "≤ 0.15", "≤ 0.08", fmt.Sprintf("%v; of the mean g %.3f at %.2f", gaps, mean, at)},
		{"natural: S(< 0.1)", "≤ 0.05", "0.02", low.String()},
		{"natural: S(< 0.5)", "", "", wide.String()},
		{"natural: Clark-Evans R (follicles 1.26-1.39)", "", "", ratio.within()},
		{"natural: CV of the nearest distance (follicles 0.20-0.28)", "", "", cv.within()},
		{"natural: bond order psi6", "", "", psi.within()},
		{"natural: g at 0.05, 0.15 ..", "", "", fmt.Sprintf("%.2f", g)},
	}, nil
}

// even tells how quiet the even setting is, of all dots and of each session.
func (s sheet) even(ctx context.Context) ([]row, error) {
	var low, wide, psi figure
	var own [sessions]figure
	err := s.each(ctx, s.evenSquare(), dots.Options{Regularity: 1}, func(p dots.Pattern) {
		pts, plane := flat(p.Dots, 0)
		power := metric.Spectrum(plane, squareSide)
		low.add(power.Low)
		wide.add(power.Wide)
		psi.add(metric.Measure(pts).Psi6)
		for k := range own {
			_, plane := flat(p.Dots, k+1)
			own[k].add(metric.Spectrum(plane, squareSide).Wide)
		}
	})
	if err != nil {
		return nil, err
	}
	rows := []row{
		{"even: S(< 0.1)", "≤ 0.01", "0.002", low.String()},
		{"even: S(< 0.5)", "", "", wide.String()},
		{"even: bond order psi6", "", "", psi.within()},
	}
	for k := range own {
		rows = append(rows, row{fmt.Sprintf("even: session %d alone, S(< 0.5)", k+1), "≤ 0.03", "0.01", own[k].String()})
	}
	return rows, nil
}

// density tells how true patterns are to a gradient of 4 to 1, over 2 cm² cells.
func (s sheet) density(ctx context.Context) ([]row, error) {
	const cells = 5
	side := squareSide / cells
	least := float64(s.dots) / (squareSide * squareSide) / 2.5
	var rows []row
	for _, regularity := range []float64{0, 1} {
		var off figure
		err := s.each(ctx, square(func(along float64) float64 { return least * (1 + 3*along) }), dots.Options{Regularity: regularity}, func(p dots.Pattern) {
			found, wanted := make([]float64, cells*cells), make([]float64, cells*cells)
			for _, d := range p.Dots {
				found[int((d.P[2]-squareFrom)/side)*cells+int((d.P[0]-squareFrom)/side)]++
			}
			for k := range wanted {
				wanted[k] = side * side * least * (1 + 3*(float64(k/cells)+0.5)/cells)
			}
			off.add(metric.DensityError(found, wanted))
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{fmt.Sprintf("density off, RMS over 2 cm² cells, 4:1, %s", setting(regularity)), "≤ 0.03", "0.01", off.String()})
	}
	return rows, nil
}

func setting(regularity float64) string {
	if regularity == 0 {
		return "natural"
	}
	return "even"
}

// core counts pairs within the hard core, on a head with hairs.
func (s sheet) core(ctx context.Context) ([]row, error) {
	c, err := head(ctx, s.dots, 0.2)
	if err != nil {
		return nil, err
	}
	var rows []row
	for _, regularity := range []float64{0, 1} {
		o := dots.Options{Regularity: regularity}
		bad, dropped := 0, 0
		err := s.each(ctx, c, o, func(p dots.Pattern) {
			bad += violations(p.Dots, c.field.Fixed, o)
			dropped += p.Dropped
		})
		if err != nil {
			return nil, err
		}
		rows = append(rows, row{"hard-core violations on a head with 20 % hairs, " + setting(regularity), "0", "0",
			fmt.Sprintf("%d in all (%d dots dropped of %d)", bad, dropped, s.seeds*s.dots)})
	}
	return rows, nil
}

// violations looks at every pair that is near in height: slow and plain.
func violations(ds []dots.Dot, hairs []headframe.Vec, o dots.Options) int {
	type point struct {
		p       headframe.Vec
		spacing float64 // 0: a hair
	}
	all := make([]point, 0, len(ds)+len(hairs))
	for _, d := range ds {
		all = append(all, point{d.P, d.Spacing})
	}
	for _, h := range hairs {
		all = append(all, point{h, 0})
	}
	byX(all, func(p point) float64 { return p.p[0] })
	most := 0.0
	for _, a := range all {
		most = max(most, o.Core(a.spacing))
	}
	bad := 0
	for i, a := range all {
		for _, b := range all[i+1:] {
			if b.p[0]-a.p[0] > most {
				break
			}
			s := min(a.spacing, b.spacing)
			if s == 0 {
				s = max(a.spacing, b.spacing)
			}
			if s > 0 && a.p.Sub(b.p).Norm() < o.Core(s) {
				bad++
			}
		}
	}
	return bad
}
