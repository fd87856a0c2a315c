package cli

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"pointille/internal/civil"
	"pointille/internal/job"
	"pointille/planner/schedule"
)

type scheduleCmd struct {
	First    day      `required:"" placeholder:"DATE" help:"First session, as 2026-03-31: that day, or the next on which the studio is open."`
	At       string   `placeholder:"TIME" help:"When sessions begin, as 10:00. Default: when the studio opens."`
	Answers  string   `type:"path" placeholder:"FILE" help:"Screening answers, from pointille screen."`
	Override string   `placeholder:"REASON" help:"The artist's reason, in words, to treat in spite of screening; it stays in the schedule."`
	Ledger   string   `type:"path" placeholder:"FILE" help:"The ledger of pigments."`
	Bottle   []string `placeholder:"ID" help:"A bottle of the ledger that will be used: it must be fit for use on every session's day."`
	Settings string   `type:"path" placeholder:"FILE" help:"The studio's settings, see docs/formats/settings.md."`
	Today    day      `placeholder:"DATE" help:"The day on which it is made. Default: today."`
	Lang     string   `enum:",en,lv" default:"" placeholder:"LANG" help:"Language of the calendar: en or lv. Default: as in the settings, else en."`
	Out      string   `type:"path" placeholder:"DIR" help:"Folder for schedule.json and schedule.ics. Default: the plan's."`
	Plan     string   `arg:"" type:"path" help:"A plan.json."`
}

// Help gives examples.
func (scheduleCmd) Help() string {
	return `Writes schedule.json, which keeps why the client may be treated, and schedule.ics, which calendar
programs import. Sessions are as long as their dots take, as far apart as skin needs to heal, and
on open days. Run again, it updates the entries that calendars already have. Nothing is set for a
client whom screening does not let through, unless --override gives the artist's reason.

Examples:
  pointille schedule --first 2026-12-01 --answers anna.answers.json out/anna/plan.json
  pointille schedule --first 2026-12-01 --at 11:30 --settings studio.json --answers anna.answers.json --lang lv out/anna/plan.json
  pointille schedule --first 2027-01-12 --answers anna.answers.json --override "letter of her doctor of 3 Dec" out/anna/plan.json

` + exitCodes
}

// Validate wants bottles and ledger together.
func (c scheduleCmd) Validate() error {
	if (c.Ledger == "") != (len(c.Bottle) == 0) {
		return errors.New("--ledger and --bottle go together: name the ledger and what will be used of it")
	}
	return nil
}

// Run sets the sessions on days.
func (c scheduleCmd) Run(ctx context.Context, t *terminal) error {
	r, err := job.Schedule(ctx, job.ScheduleOptions{
		Plan: c.Plan, Answers: c.Answers, Settings: c.Settings, First: c.First.or(civil.Date{}), Start: c.At, Today: c.Today.or(today()),
		Override: c.Override, Ledger: c.Ledger, Bottles: c.Bottle, Lang: c.Lang, Out: c.Out, Generator: t.generator(),
	})
	if err != nil {
		return err
	}
	var lines []string
	for _, e := range r.Events {
		lines = append(lines, line(e))
	}
	lines = append(lines, r.Notes...)
	t.say(strings.Join(append(lines, r.Files...), "\n"), r)
	return nil
}

// line is an event in words.
func line(e schedule.Event) string {
	s := e.Date + "  "
	if e.Start != "" {
		s += fmt.Sprintf("%s, %d min  ", e.Start, e.Minutes)
	}
	s += e.Kind
	if e.Number > 0 {
		s += fmt.Sprintf(" %d", e.Number)
	}
	if e.Cancelled {
		s += ", cancelled"
	}
	return s
}
