package cli

import (
	"context"

	"pointille/internal/job"
)

type careCmd struct {
	Lang     string `enum:",en,lv" default:"" placeholder:"LANG" help:"Language: en or lv. Default: as in the settings, else en."`
	Settings string `type:"path" placeholder:"FILE" help:"The studio's settings, see docs/formats/settings.md."`
	Out      string `type:"path" placeholder:"FILE" help:"File for the text. Default: only to the terminal."`
	Schedule string `arg:"" type:"path" help:"A schedule.json."`
}

// Help gives examples.
func (careCmd) Help() string {
	return `Says what the client does before and after each session, with the days of the schedule, as text
to send. The same stands on two pages of the guide: pointille guide --schedule.

Examples:
  pointille care out/anna/schedule.json
  pointille care --lang lv --out anna.txt out/anna/schedule.json

` + exitCodes
}

// Run writes the care sheets.
func (c careCmd) Run(ctx context.Context, t *terminal) error {
	text, err := job.Care(ctx, job.CareOptions{Schedule: c.Schedule, Settings: c.Settings, Lang: c.Lang, Out: c.Out})
	if err != nil {
		return err
	}
	if c.Out != "" {
		t.say(c.Out, map[string]any{"file": c.Out})
		return nil
	}
	t.say(text, map[string]any{"text": text})
	return nil
}
