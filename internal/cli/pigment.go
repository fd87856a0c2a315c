package cli

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/planner/ledger"
)

type pigmentCmd struct {
	Check  pigmentCheckCmd  `cmd:"" help:"Hold the bottles of a ledger against the law and the studio's rules."`
	Use    pigmentUseCmd    `cmd:"" help:"Write down which bottle is used in a session."`
	Recall pigmentRecallCmd `cmd:"" help:"Say into whom a batch went."`

	Measure pigmentMeasureCmd `cmd:"" help:"Measure a pigment from a photo of swatches beside the card."`
}

type pigmentMeasureCmd struct {
	Name  string   `required:"" placeholder:"NAME" help:"What the pigment is called in plans."`
	CI    []string `name:"ci" placeholder:"NUMBER" help:"Colour Index numbers of its ingredients, five digits each."`
	Black string   `default:"carbon black" placeholder:"NAME" help:"The pigment of the black beside it."`
	Out   string   `default:"pigments.json" placeholder:"FILE" help:"The studio's list of pigments: the one measured is added, or replaced."`
	Photo string   `arg:"" type:"path" help:"Photo of the swatches with the card."`
}

// Help gives examples.
func (pigmentMeasureCmd) Help() string {
	return `Lay the calibration card on plain white paper. To its right, 20 mm from its edge, paint
three even spots at least 10 mm wide, their middles 20, 50 and 80 mm below the card's upper
edge: the pigment undiluted and thick; the pigment thinned until it is a clear grey or brown;
black of a known pigment, thinned alike and laid on alike. Let them dry; photograph from
straight above, without flash or shine.

What is measured is how strong the pigment is in red, green and blue light against that
black. How much of it skin takes up is not in the photo.

Examples:
  pointille pigment measure --name Graphite --ci 77266 swatches.jpg
  pointille pigment measure --name "Warm ash" --black "iron black" --out pigments.json swatches.jpg
  pointille plan --pigments pigments.json --out out/anna photos/anna

` + exitCodes
}

// Run measures.
func (c pigmentMeasureCmd) Run(ctx context.Context, t *terminal) error {
	m, err := job.MeasurePigment(ctx, job.MeasureOptions{Photo: c.Photo, Name: c.Name, CI: c.CI, Black: c.Black, Out: c.Out})
	if err != nil {
		return err
	}
	t.say(m.Text(), m)
	return nil
}

type pigmentCheckCmd struct {
	On     day    `placeholder:"DATE" help:"Day of use. Default: today."`
	Ledger string `arg:"" type:"path" help:"A ledger, see docs/formats/ledger.md."`
}

// Help gives examples.
func (pigmentCheckCmd) Help() string {
	return `Says of each bottle which rule it breaks, by its number, and which papers are missing.

Examples:
  pointille pigment check ledger.json
  pointille pigment check --on 2027-06-01 ledger.json

Exit codes: 0 every bottle may be used, 1 one must not be, or failed, 2 wrong usage.`
}

// Run checks the bottles.
func (c pigmentCheckCmd) Run(t *terminal) error {
	n, found, err := job.CheckPigments(c.Ledger, c.On.or(today()))
	if err != nil && found == nil {
		return err
	}
	lines := []string{fmt.Sprintf("%d bottle(s)", n)}
	for _, f := range found {
		lines = append(lines, f.Bottle+": "+f.What)
	}
	t.say(strings.Join(lines, "\n"), map[string]any{"bottles": n, "findings": found})
	return err
}

type pigmentUseCmd struct {
	Plan      string  `required:"" type:"path" placeholder:"FILE" help:"The plan.json of the client."`
	Session   int     `required:"" placeholder:"N" help:"Number of the session, from 1."`
	Bottle    string  `required:"" placeholder:"ID" help:"The bottle, by its id in the ledger."`
	Dilution  float64 `placeholder:"PARTS" help:"Parts of water per part of pigment."`
	NeedleLot string  `name:"needle-lot" placeholder:"LOT" help:"Lot number of the needles."`
	Date      day     `placeholder:"DATE" help:"Day of the session. Default: today."`
	Ledger    string  `arg:"" type:"path" help:"The ledger; the use is added to it."`
}

// Help gives examples.
func (pigmentUseCmd) Help() string {
	return `A bottle that is expired, not labelled or restricted is refused, with the rule by its number.

Examples:
  pointille pigment use --plan out/anna/plan.json --session 1 --bottle black-1 --dilution 12 --needle-lot N9 ledger.json

` + exitCodes
}

// Run writes the use down.
func (c pigmentUseCmd) Run(ctx context.Context, t *terminal) error {
	u := ledger.Use{Session: c.Session, Date: c.Date.or(today()).String(), Bottle: c.Bottle, Dilution: c.Dilution, NeedleLot: c.NeedleLot}
	if err := job.UsePigment(ctx, c.Ledger, c.Plan, u); err != nil {
		return err
	}
	t.say(fmt.Sprintf("%s: %s in session %d on %s", c.Ledger, u.Bottle, u.Session, u.Date), u)
	return nil
}

type pigmentRecallCmd struct {
	Batch          string `required:"" placeholder:"NUMBER" help:"Number of the batch as on the label; blanks and capitals do not matter."`
	Record         string `type:"path" placeholder:"DIR" help:"Look in an encrypted record: what was written down on tablets, and ledgers added to it."`
	PassphraseFile string `name:"passphrase-file" type:"path" placeholder:"FILE" help:"File whose first line is the record's passphrase. Default: $POINTILLE_PASSPHRASE, else it is asked for."`
	Ledger         string `arg:"" optional:"" type:"path" help:"The ledger."`
}

// Validate wants somewhere to look.
func (c pigmentRecallCmd) Validate() error {
	if c.Ledger == "" && c.Record == "" {
		return errors.New("a ledger is missing, or --record")
	}
	return nil
}

// Help gives examples.
func (pigmentRecallCmd) Help() string {
	return `Examples:
  pointille pigment recall --batch B-7701 ledger.json
  pointille pigment recall --batch B-7701 --record studio/record

` + exitCodes
}

// Run lists into whom the batch went.
func (c pigmentRecallCmd) Run(ctx context.Context, t *terminal) error {
	uses, err := c.uses(ctx, t)
	if err != nil {
		return err
	}
	lines := []string{fmt.Sprintf("batch %s: %d use(s)", c.Batch, len(uses))}
	for _, u := range uses {
		lines = append(lines, fmt.Sprintf("%s  session %d  %s  %s", u.Case, u.Session, u.Date, u.Bottle))
	}
	t.say(strings.Join(lines, "\n"), map[string]any{"batch": c.Batch, "uses": append([]ledger.Use{}, uses...)})
	return nil
}

// uses looks in the ledger and in the record, whichever are named.
func (c pigmentRecallCmd) uses(ctx context.Context, t *terminal) (out []ledger.Use, err error) {
	if c.Ledger != "" {
		if out, err = job.Recall(c.Ledger, c.Batch); err != nil {
			return nil, err
		}
	}
	if c.Record == "" {
		return out, nil
	}
	f := recordFlags{Record: c.Record, PassphraseFile: c.PassphraseFile}
	err = f.with(ctx, t, records.Options{ReadOnly: true}, func(s *records.Store) error {
		held, err := job.RecallRecord(ctx, s, c.Batch)
		for _, u := range held {
			if !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
		return err
	})
	return out, err
}
