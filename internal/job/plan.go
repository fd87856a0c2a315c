package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"math"
	"path/filepath"

	"pointille/internal/atomicfile"
	"pointille/internal/casefolder"
	"pointille/internal/civil"
	"pointille/internal/mapfile"
	"pointille/planner"
	"pointille/planner/plan"
	"pointille/planner/scalp"
	"pointille/planner/screening"
	"pointille/planner/settings"
	"pointille/planner/wishes"
	"pointille/vision"
	"pointille/vision/survey"
)

// PlanOptions are for Plan.
type PlanOptions struct {
	Case      string // folder with the photos of one client, or one photo
	Wishes    string // file; empty: none
	Answers   string // file of screening answers; empty: not asked
	Settings  string // file of the studio's settings; empty: none
	Pigments  string // file of the studio's own pigments; empty: none
	Seed      uint64
	Paper     string // a4 | letter; empty: as wished, else a4
	Out       string // folder; made if missing
	Generator string
	Progress  func(Event)
}

// Outcome is what Plan did.
type Outcome struct {
	Out      string  `json:"out"`
	Report   string  `json:"report"`
	Nothing  string  `json:"nothing_to_do,omitempty"`
	Dots     int     `json:"dots"`
	AreaCM2  float64 `json:"area_cm2"`
	Sessions int     `json:"sessions"`
	Hours    float64 `json:"hours"`
	Failed   int     `json:"failed_photos"`
	Photos   int     `json:"photos"`
}

// Text is the outcome in words.
func (o *Outcome) Text() string {
	if o.Nothing != "" {
		return fmt.Sprintf("Nothing to do. %s\nReport: %s", o.Nothing, o.Report)
	}
	return fmt.Sprintf("%d dots on %.0f cm² in %d sessions, %.1f h\nReport: %s", o.Dots, o.AreaCM2, o.Sessions, o.Hours, o.Report)
}

// Plan does the main job: it surveys every photo of the case, plans, and
// writes everything into the folder. A photo that cannot be surveyed is left
// out and reported with SomeFailed; the outcome is then still complete.
func Plan(ctx context.Context, o PlanOptions) (*Outcome, error) {
	found, err := casefolder.Open(o.Case)
	if err != nil {
		return nil, err
	}
	wanted, err := readWishes(o.Wishes)
	if err != nil {
		return nil, err
	}
	screened, err := screen(o, wanted, found.Code)
	if err != nil {
		return nil, err
	}
	pigments, err := ownPigments(o.Pigments)
	if err != nil {
		return nil, err
	}
	o.Paper = cmp.Or(o.Paper, wanted.Paper, "a4")
	if err := makeFolder(o.Out); err != nil {
		return nil, err
	}
	var maps mapfile.Maps
	defer maps.Close()
	results := surveyAll(ctx, caseTasks(found, o), o.Out, &maps, o.Progress)
	good, surveyErr := tally(ctx, results)
	var some *SomeFailed
	if surveyErr != nil && !errors.As(surveyErr, &some) {
		return nil, surveyErr
	}
	progressed(o.Progress, "plan", o.Case, 0, 1)
	made, err := planner.Make(ctx, planner.Case{Code: found.Code, Photos: planPhotos(results)}, planner.Options{
		Wishes: wanted, Seed: o.Seed, Generator: o.Generator, Screening: screened, Pigments: pigments,
	})
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Case, err)
	}
	for _, r := range results {
		if r.err == nil {
			_ = keepMaps(nil, r.result)
		}
	}
	maps.Close() // pictures need the memory
	if err := writeAll(ctx, o, made, results); err != nil {
		return nil, err
	}
	return outcome(o, made, len(results), len(results)-good), surveyErr
}

// screen works out what the answers allow on the day of the first session, or
// on that of asking where none is wished; nil without answers.
func screen(o PlanOptions, w wishes.Wishes, code string) (*screening.Result, error) {
	own, err := settings.Read(o.Settings)
	if err != nil || o.Answers == "" {
		return nil, err
	}
	a, err := screening.Read(o.Answers)
	if err != nil {
		return nil, err
	}
	if a.Case != code {
		return nil, fmt.Errorf("%s: case: answers of %q, but the photos are of %q", o.Answers, a.Case, code)
	}
	on, _ := civil.Parse(a.Asked)
	if first := w.Sessions.First(); !first.IsZero() {
		on = civil.Later(on, civil.On(first))
	}
	r := screening.Screen(a, own.Rules(), on)
	return &r, nil
}

func caseTasks(c *casefolder.Case, o PlanOptions) []task {
	tasks := make([]task, len(c.Photos))
	for i, p := range c.Photos {
		tasks[i] = o.task(p)
	}
	return tasks
}

// task is the survey of a photo of the case.
func (o PlanOptions) task(p casefolder.Photo) task {
	return task{path: p.Path, name: p.Name, options: vision.Options{View: p.View, MMPerPx: p.MMPerPx, Generator: o.Generator}}
}

// planPhotos are the surveyed photos as the planner takes them.
func planPhotos(results []surveyed) []scalp.Photo {
	var out []scalp.Photo
	for _, r := range results {
		if r.err == nil {
			out = append(out, scalp.Photo{Survey: r.result.Survey, Regions: r.result.Regions, Hair: r.result.Hair, Density: r.result.Density})
		}
	}
	return out
}

// writeAll writes documents, previews, guide and report. Documents appear
// together; the rest is drawn from what they hold, so that it can be drawn from
// them again and comes out the same.
func writeAll(ctx context.Context, o PlanOptions, made *planner.Result, results []surveyed) error {
	err := writeDocuments(ctx, o.Out, made, results)
	if err != nil {
		return err
	}
	written, err := reread(o.Out)
	if err != nil {
		return err
	}
	shown, err := previews(ctx, o, written, namesOf(results), nil)
	if err != nil {
		return err
	}
	if err := writeGuide(ctx, o, written, shown); err != nil {
		return err
	}
	return writeReport(ctx, o, written, shown, results)
}

// namesOf are the tasks of the photos that were measured, by their content.
func namesOf(results []surveyed) map[string]task {
	out := map[string]task{}
	for _, r := range results {
		if r.err == nil {
			out[r.result.Survey.Photo.SHA256] = r.task
		}
	}
	return out
}

// writeDocuments writes the plan with its dots, each file named as its photo's task.
func writeDocuments(ctx context.Context, out string, made *planner.Result, results []surveyed) error {
	names := map[string]string{}
	for sha256, t := range namesOf(results) {
		names[sha256] = t.name
	}
	return WritePlan(ctx, out, made, names)
}

// nameFiles names the files of each photo by the photo's hash.
func nameFiles(p *plan.Plan, names map[string]string) {
	for i := range p.Photos {
		v := &p.Photos[i]
		name := names[v.SHA256]
		v.Survey, v.Dots = name+SurveySuffix, ""
		if v.Used {
			v.Dots = name + DotsSuffix
		}
	}
}

// putDocuments writes the plan's files and takes old ones away. Everything is on
// the disk before the first file of the last plan is taken away.
func putDocuments(ctx context.Context, out string, made *planner.Result, old []string) error {
	var set atomicfile.Set
	defer set.Discard()
	write := func(name string, f func(io.Writer) error) error {
		return set.Write(ctx, filepath.Join(out, name), f)
	}
	if err := write(made.Plan.Dots.File, func(w io.Writer) error { return plan.EncodeDots(w, made.Dots) }); err != nil {
		return err
	}
	for i, seen := range made.Seen {
		if made.Plan.Photos[i].Dots == "" {
			continue
		}
		if err := write(made.Plan.Photos[i].Dots, func(w io.Writer) error { return plan.EncodeSeen(w, seen) }); err != nil {
			return err
		}
	}
	if err := write(planFile, func(w io.Writer) error { return plan.Encode(w, made.Plan) }); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	if err := remove(out, old); err != nil {
		return err
	}
	return set.Commit(ctx)
}

func outcome(o PlanOptions, made *planner.Result, photos, failed int) *Outcome {
	r := &Outcome{
		Out: o.Out, Report: filepath.Join(o.Out, "report.html"), Nothing: made.Plan.Nothing, Dots: made.Plan.Dots.Count,
		Sessions: len(made.Plan.Sessions), Photos: photos, Failed: failed,
	}
	for _, z := range made.Plan.Zones {
		r.AreaCM2 += z.AreaCM2
	}
	for _, s := range made.Plan.Sessions {
		r.Hours += s.Hours
	}
	r.AreaCM2, r.Hours = math.Round(r.AreaCM2*10)/10, math.Round(r.Hours*10)/10
	return r
}

func progressed(f func(Event), stage, file string, done, total int) {
	if f != nil {
		f(Event{Stage: stage, File: file, Done: done, Total: total})
	}
}

// IsSkin says which classes of a regions map can hold dots.
func IsSkin(class uint8) bool { return class == survey.Scalp || class == survey.Skin }
