package cli

import (
	"context"
	"errors"
	"fmt"
	"math"

	"pointille/internal/atomicfile"
	"pointille/internal/doctor"
	"pointille/internal/job"
	"pointille/planner/preview"
	"pointille/vision/survey"
)

// maxMMPerPx is more than a pixel of any photo of a head measures.
const maxMMPerPx = 50

// exitCodes are those of a command that does one thing.
const exitCodes = "Exit codes: 0 done, 1 failed, 2 wrong usage."

type surveyCmd struct {
	View    string   `enum:",front,front-tilted,front_tilted,left,right,back,top,crown,macro" default:"" help:"Side the photos show: front, left, right, back, top, crown or macro. Default: tell from the file name, then from the picture."`
	MMPerPx float64  `name:"mm-per-px" placeholder:"MM" help:"Size of a pixel at the hairline (macro: in the picture), millimetres, where you measured it."`
	Out     string   `required:"" placeholder:"DIR" help:"Folder for the results."`
	Photos  []string `arg:"" name:"photo" help:"JPEG, PNG, WebP or HEIC photos."`
}

// Help gives examples.
func (surveyCmd) Help() string {
	return `Writes NAME.survey.json, NAME.regions.png, NAME.hair.png, NAME.density.png and
NAME.overlay.png for each photo.

Examples:
  pointille survey --view front --out out client/front.jpg
  pointille survey --view macro --mm-per-px 0.00276 --out out scope.jpg

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some of many photos failed.`
}

// Validate refuses what is no size of a pixel.
func (c surveyCmd) Validate() error {
	if math.IsNaN(c.MMPerPx) || c.MMPerPx < 0 || c.MMPerPx > maxMMPerPx {
		return fmt.Errorf("--mm-per-px: %g is not between 0 and %d", c.MMPerPx, maxMMPerPx)
	}
	return nil
}

// view maps a front view of a bowed head to the front view it is.
func (c surveyCmd) view() string {
	if c.View == "front-tilted" || c.View == "front_tilted" {
		return survey.Front
	}
	return c.View
}

// Run surveys the photos.
func (c surveyCmd) Run(ctx context.Context, t *terminal) error {
	n, err := job.Survey(ctx, job.SurveyOptions{
		Photos: c.Photos, View: c.view(), MMPerPx: c.MMPerPx, Out: c.Out, Generator: t.generator(), Progress: t.progress,
	})
	if n > 0 {
		t.say(fmt.Sprintf("%d photo(s) surveyed into %s", n, c.Out), map[string]any{"surveyed": n, "out": c.Out})
	}
	return err
}

type planCmd struct {
	Wishes   string `type:"path" placeholder:"FILE" help:"Wishes for the plan, see docs/formats/wishes.md."`
	Answers  string `type:"path" placeholder:"FILE" help:"Screening answers, from pointille screen: the plan's checks say what they allow."`
	Settings string `type:"path" placeholder:"FILE" help:"The studio's settings, see docs/formats/settings.md."`
	Pigments string `type:"path" placeholder:"FILE" help:"The studio's own pigments, from pointille pigment measure; they are chosen from beside the built-in ones."`
	Seed     uint64 `default:"1" help:"Seed of everything random: same photos, wishes and seed, same plan."`
	Paper    string `enum:",a4,letter" default:"" placeholder:"PAPER" help:"Paper of the guide: a4 or letter. Default: as wished, else a4."`
	Out      string `required:"" placeholder:"DIR" help:"Folder for the results."`
	Case     string `arg:"" name:"case" help:"Folder with the photos of one client, or one photo."`
}

// Help gives examples.
func (planCmd) Help() string {
	return `CASE is a folder of photos of one client, named by view (front.jpg, left.jpg, right.jpg,
back.jpg, top.jpg, crown.jpg, macro-1.jpg) or listed in case.json.
Writes the surveys, plan.json, dots.csv, a preview per view and stage, guide.pdf and report.html.

Examples:
  pointille plan --out out/anna photos/anna
  pointille plan --wishes wishes.json --seed 7 --out out/anna photos/anna
  pointille plan --answers anna.json --settings studio.json --out out/anna photos/anna
  pointille plan --pigments pigments.json --out out/anna photos/anna

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some of many photos failed.`
}

// Run does the main job.
func (c planCmd) Run(ctx context.Context, t *terminal) error {
	r, err := job.Plan(ctx, job.PlanOptions{
		Case: c.Case, Wishes: c.Wishes, Answers: c.Answers, Settings: c.Settings, Pigments: c.Pigments, Seed: c.Seed, Paper: c.Paper, Out: c.Out, Generator: t.generator(), Progress: t.progress,
	})
	if r != nil {
		t.say(r.Text(), r)
	}
	return err
}

type previewCmd struct {
	Stage   string   `enum:"before,fresh,healed,1y,3y,5y" required:"" placeholder:"STAGE" help:"before, fresh, healed, 1y, 3y or 5y."`
	From    float64  `placeholder:"METRES" help:"As an eye sees it from so many metres, for example 0.3 (mirror), 1 (talk) or 3 (across a room). Default: as the photo shows it."`
	End     string   `enum:",lighter,darker" default:"" placeholder:"END" help:"lighter or darker: the end of what the prediction leaves open, instead of what is expected."`
	Stubble *float64 `placeholder:"MM" help:"Shave grown hair in the picture to stubble of 0 to 3 mm, whatever the plan says; the picture says that it is a simulation."`
	Photos  string   `type:"path" placeholder:"DIR" help:"Folder with the photos. Default: beside the plan."`
	Out     string   `placeholder:"DIR" help:"Folder for the pictures. Default: the plan's."`
	Plan    string   `arg:"" type:"path" help:"A plan.json."`
}

// Help gives examples.
func (previewCmd) Help() string {
	return `Writes NAME.STAGE.jpg for every photo of the plan, or NAME.STAGE-stubbleMMmm-END-METRESm.jpg,
as asked for. With --stubble it also says up to which length dots and hair read as one.

Examples:
  pointille preview --stage healed --photos photos/anna out/anna/plan.json
  pointille preview --stage 3y --photos photos/anna --out out/later out/anna/plan.json
  pointille preview --stage healed --from 3 --photos photos/anna out/anna/plan.json
  pointille preview --stage healed --end darker --photos photos/anna out/anna/plan.json
  pointille preview --stage healed --stubble 0.5 --photos photos/anna out/anna/plan.json

` + exitCodes
}

// Validate refuses distances from which no eye sees a head, and what is no stubble.
func (c previewCmd) Validate() error {
	if c.From != 0 && !(c.From >= 0.1 && c.From <= 20) {
		return fmt.Errorf("--from: %g m is not between 0.1 and 20", c.From)
	}
	if c.Stubble != nil && !(*c.Stubble >= 0 && *c.Stubble <= preview.LongestStubble) {
		return fmt.Errorf("--stubble: %g mm is not between 0 and %g", *c.Stubble, preview.LongestStubble)
	}
	return nil
}

func (c previewCmd) variant() job.Variant {
	v := job.Variant{Metres: c.From, End: c.End}
	if c.Stubble != nil {
		v.Shaved, v.LengthMM = true, *c.Stubble
	}
	return v
}

// Run draws one stage.
func (c previewCmd) Run(ctx context.Context, t *terminal) error {
	files, err := job.Preview(ctx, job.PreviewOptions{Plan: c.Plan, Photos: c.Photos, Stage: c.Stage, Variant: c.variant(), Out: c.Out, Generator: t.generator(), Progress: t.progress})
	for _, f := range files {
		if f.Note == "" {
			t.say(f.File, map[string]any{"file": f.File})
			continue
		}
		t.say(f.File+": "+f.Note, map[string]any{"file": f.File, "note": f.Note})
	}
	return err
}

type guideCmd struct {
	Paper        string  `enum:"a4,letter" default:"a4" help:"a4 or letter."`
	PrinterScale float64 `name:"printer-scale" default:"50" help:"What the 50 mm square of the last print measured, mm: the next print is corrected."`
	Mirror       bool    `help:"Mirror the pages, for transfer paper."`
	Lang         string  `enum:"en,lv" default:"en" placeholder:"LANG" help:"Language of the pages: en or lv (Latvian)."`
	Date         string  `placeholder:"DATE" help:"Date to print on the overview. Default: a line to write it on."`
	Tile         int     `placeholder:"N" help:"Only tile N of the guide, with the dots of all sessions."`
	Schedule     string  `type:"path" placeholder:"FILE" help:"A schedule.json: its days stand on the care sheets. Default: schedule.json beside the plan, else the days of the plan."`
	Settings     string  `type:"path" placeholder:"FILE" help:"The studio's settings: its own rules of care stand on the sheets."`
	Template     bool    `help:"Only the hairline template, to cut out or to plot."`
	Format       string  `enum:",pdf,svg,dxf,png" default:"" placeholder:"FORMAT" help:"File of a tile or the template: pdf, svg, dxf or png. Default: pdf."`
	Photos       string  `type:"path" placeholder:"DIR" help:"Folder with the photos, for the overview page. Default: beside the plan."`
	Out          string  `placeholder:"FILE" help:"The file to write. Default: guide.pdf, guide-tile-N.FORMAT or guide-template.FORMAT beside the plan."`
	Plan         string  `arg:"" type:"path" help:"A plan.json."`
}

// Help gives examples.
func (guideCmd) Help() string {
	return `Examples:
  pointille guide --paper letter out/anna/plan.json
  pointille guide --printer-scale 49.2 out/anna/plan.json
  pointille guide --lang lv --date 3.12.2026 out/anna/plan.json
  pointille guide --tile 4 --format dxf out/anna/plan.json
  pointille guide --template --format svg out/anna/plan.json

` + exitCodes
}

// longestDate is more than any way to write a date needs.
const longestDate = 40

// Validate refuses what no print of 50 mm can have measured, and what cannot
// be one of a plan's tiles.
func (c guideCmd) Validate() error {
	if c.Tile < 0 {
		return fmt.Errorf("--tile: %d is no number of a tile; they count from 1", c.Tile)
	}
	if c.Tile != 0 && c.Template {
		return errors.New("--template: the template is no tile; leave out --tile")
	}
	if c.Tile == 0 && !c.Template && c.Format != "" && c.Format != "pdf" {
		return fmt.Errorf("--format: the whole guide is a PDF; name one tile with --tile, or --template, to have it as %s", c.Format)
	}
	if len(c.Date) > longestDate {
		return fmt.Errorf("--date: longer than %d letters", longestDate)
	}
	if !(c.PrinterScale > 0) || math.IsInf(c.PrinterScale, 1) {
		return fmt.Errorf("--printer-scale: %g is no length of a printed square", c.PrinterScale)
	}
	return nil
}

// Run writes the guide.
func (c guideCmd) Run(ctx context.Context, t *terminal) error {
	file, err := job.Guide(ctx, job.GuideOptions{
		Plan: c.Plan, Photos: c.Photos, Paper: c.Paper, MeasuredMM: c.PrinterScale, Mirror: c.Mirror, Out: c.Out, Generator: t.generator(),
		Lang: c.Lang, Date: c.Date, Tile: c.Tile, Template: c.Template, Schedule: c.Schedule, Settings: c.Settings, Format: c.Format,
	})
	if err == nil {
		t.say(file, map[string]any{"file": file})
	}
	return err
}

type cardCmd struct {
	Paper string `enum:"a4,letter" default:"a4" help:"a4 or letter."`
	Out   string `placeholder:"FILE" default:"pointille-card.pdf" help:"The PDF to write."`
}

// Help gives examples.
func (cardCmd) Help() string {
	return `Print it at 100 %, measure its 50 mm line, and hold it beside the hairline.

Examples:
  pointille card
  pointille card --paper letter --out card.pdf

` + exitCodes
}

// Run writes the card.
func (c cardCmd) Run(t *terminal) error {
	err := atomicfile.Write(c.Out, cardWriter(c.Paper))
	if err == nil {
		t.say(c.Out+": print at 100 %, measure the 50 mm line, hold the card beside the hairline", map[string]any{"file": c.Out})
	}
	return err
}

type versionCmd struct{}

// Help gives examples.
func (versionCmd) Help() string { return "Examples:\n  pointille version\n\n" + exitCodes }

// Run says the version.
func (versionCmd) Run(t *terminal) error {
	t.say(t.generator(), map[string]any{"version": t.version})
	return nil
}

type doctorCmd struct{}

// Help gives examples.
func (doctorCmd) Help() string {
	return "Examples:\n  pointille doctor\n\nExit codes: 0 ready for the main job, 1 something needed is missing, 2 wrong usage."
}

// Run examines the machine.
func (doctorCmd) Run(t *terminal) error {
	r := doctor.Examine()
	t.say(r.Text(), r)
	return r.Err()
}
