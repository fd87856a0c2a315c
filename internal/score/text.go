package score

import (
	"fmt"
	"strings"
	"text/tabwriter"
)

// Text is the report in words and a table.
func (r *Report) Text() string {
	var b strings.Builder
	if s := r.Surface; s != nil {
		fmt.Fprintf(&b, "Surface, median / p95 at %d places: %.1f / %.1f mm as it is, %.1f / %.1f mm once laid best (moved by %.1f mm, turned by %.1f°), %.1f / %.1f mm at the true size; normals %.1f / %.1f°\n",
			s.Points, s.AsIs.Median, s.AsIs.P95, s.Aligned.Median, s.Aligned.P95, s.MovedMM, s.TurnedDeg, s.Shape.Median, s.Shape.P95, s.Normal.Median, s.Normal.P95)
		fmt.Fprintf(&b, "Size %+.1f %%, stated to %.1f %%\n", 100*s.Size, 100*s.Sigma)
	}
	if a := r.Area; a != nil {
		fmt.Fprintf(&b, "Area: scalp seen %+.1f %%", 100*a.Seen)
		if a.BaldCM2 > 0 {
			fmt.Fprintf(&b, ", bald areas %+.1f %%", 100*a.Bald)
		}
		if a.Scalp != 0 {
			fmt.Fprintf(&b, ", whole scalp by an average outline %+.1f %%", 100*a.Scalp)
		}
		b.WriteByte('\n')
	}
	if c := r.Carried; c != nil {
		fmt.Fprintf(&b, "Marks carried from photo to photo, median / p95: %.1f / %.1f mm (%d marks in %d pairs, %.1f %% lost)\n", c.Median, c.P95, c.Marks, len(c.Pairs), 100*c.Lost)
	}
	table(&b, r.Views)
	return strings.TrimRight(b.String(), "\n")
}

func table(b *strings.Builder, views []View) {
	w := tabwriter.NewWriter(b, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "photo\tused\tturned °\tdistance %\tlandmarks mm\tarea %\tscale %\tsigma %\tof")
	for _, v := range views {
		used := "no"
		if v.Used {
			used = "yes"
		}
		fmt.Fprintf(w, "%s\t%s\t%.1f\t%+.1f\t%s\t%s", v.Name, used, v.TurnedDeg, 100*v.Distance, v.landmark(), percent(v.Seen))
		if s := v.Scale; s != nil {
			fmt.Fprintf(w, "\t%+.1f\t%.1f\t%s", 100*s.Error, 100*s.Sigma, s.Source)
		}
		fmt.Fprintln(w)
	}
	w.Flush()
}

func (v View) landmark() string {
	if v.Landmark == nil {
		return "-"
	}
	return fmt.Sprintf("%.1f", v.Landmark.Median)
}

func percent(share *float64) string {
	if share == nil {
		return "-"
	}
	return fmt.Sprintf("%+.1f", 100**share)
}
