package job

import (
	"context"
	"fmt"
	"io"
	"path/filepath"
	"strings"

	"pointille/internal/atomicfile"
	"pointille/internal/cvx"
	"pointille/internal/report"
	"pointille/planner/plan"
)

// writeReport writes report.html.
func writeReport(ctx context.Context, o PlanOptions, made *documents, shown []shownView, results []surveyed) error {
	progressed(o.Progress, "report", filepath.Join(o.Out, "report.html"), 0, 1)
	in := report.Input{Plan: made.Plan, Files: []string{"plan.json", "dots.csv", "guide.pdf"}, Failed: failures(results)}
	for _, s := range shown {
		v, err := reportView(s)
		if err != nil {
			return err
		}
		in.Views = append(in.Views, v)
	}
	return atomicfile.WriteContext(ctx, filepath.Join(o.Out, "report.html"), func(w io.Writer) error { return report.Write(w, in) })
}

// failures are the photos that have no survey. The page may leave the studio,
// so it names files without their folders.
func failures(results []surveyed) []report.Failure {
	var out []report.Failure
	for _, r := range results {
		if r.err != nil {
			out = append(out, report.Failure{Name: filepath.Base(r.path), Why: Reason(r.path, r.err.Error())})
		}
	}
	return out
}

// Reason is why a photo or case failed, without its folder and without its path
// in front: for tables that name the file in a column of its own.
func Reason(path, why string) string {
	name := filepath.Base(path)
	return strings.TrimPrefix(strings.ReplaceAll(why, path, name), name+": ")
}

func reportView(s shownView) (report.View, error) {
	v := report.View{Name: s.photo.Name, View: s.photo.View, Overlay: s.overlay, Dots: s.dots, MMPerPx: s.mmPerPx}
	if len(s.stages) == 0 {
		return v, nil
	}
	for _, st := range s.stages {
		v.Stages = append(v.Stages, report.Picture{Stage: st.stage, JPEG: st.jpeg})
	}
	for _, l := range s.lengths {
		v.Lengths = append(v.Lengths, report.Length{MM: l.mm, JPEG: l.jpeg})
	}
	if v.Stages[0].Stage != plan.Before {
		before, err := cvx.EncodeJPEG(s.small, reportQuality)
		if err != nil {
			return v, fmt.Errorf("%s: encoding: %w", s.photo.Name, err)
		}
		v.Stages = append([]report.Picture{{Stage: plan.Before, JPEG: before}}, v.Stages...)
	}
	return v, nil
}
