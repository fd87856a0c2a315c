package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"pointille/internal/civil"
	"pointille/internal/job"
	"pointille/planner/settings"
)

// day is a day given on the command line; empty: none.
type day string

// Validate refuses what is no day.
func (d day) Validate() error {
	if d == "" {
		return nil
	}
	_, err := civil.Parse(string(d))
	return err
}

// or returns the day, or another where none was given.
func (d day) or(other civil.Date) civil.Date {
	if v, err := civil.Parse(string(d)); err == nil {
		return v
	}
	return other
}

func today() civil.Date { return civil.On(time.Now()) }

type screenCmd struct {
	Case     string `placeholder:"CODE" help:"Code of the case whose client is asked, never a name."`
	Out      string `type:"path" placeholder:"FILE" help:"File for the answers that are asked. Default: CODE.answers.json."`
	On       day    `placeholder:"DATE" help:"Day for which it is worked out, as 2026-03-31. Default: the day of asking."`
	Today    day    `placeholder:"DATE" help:"Day of asking. Default: today."`
	Lang     string `enum:"en,lv" default:"en" placeholder:"LANG" help:"Language: en or lv (Latvian)."`
	Settings string `type:"path" placeholder:"FILE" help:"The studio's settings, see docs/formats/settings.md."`
	Answers  string `arg:"" optional:"" type:"path" help:"Answers to judge. Default: ask on the terminal."`
}

// Help gives examples.
func (screenCmd) Help() string {
	return `Asks a client about every condition of the studio's list, or reads answers from a file, and
says: go, wait until a day, doctor's certificate needed, or no, with each reason. A question that
is not answered counts as the worst it could be. This is the studio's rule, not medical advice.

Examples:
  pointille screen --case anna --out anna.answers.json
  pointille screen anna.answers.json
  pointille screen --on 2026-12-20 --lang lv --settings studio.json anna.answers.json

Exit codes: 0 done, whatever the outcome, 1 failed, 2 wrong usage.`
}

// Validate wants either answers or whom to ask.
func (c screenCmd) Validate() error {
	if c.Answers == "" && c.Case == "" {
		return errors.New("name a file with answers, or --case to ask on the terminal")
	}
	if strings.ContainsAny(c.Case, "/\\\x00") {
		return fmt.Errorf("--case: %q is no code of a case", c.Case)
	}
	return nil
}

// Run screens a client.
func (c screenCmd) Run(ctx context.Context, t *terminal) error {
	out := c.Out
	if out == "" {
		out = c.Case + ".answers.json"
	}
	r, err := job.Screen(ctx, job.ScreenOptions{
		Answers: c.Answers, Case: c.Case, Out: out, Settings: c.Settings, Today: c.Today.or(today()), On: c.On.or(civil.Date{}), Lang: c.Lang,
		In: os.Stdin, Ask: t.err,
	})
	if err == nil {
		t.say(strings.Join(r.Lines, "\n"), r)
	}
	return err
}

type settingsCmd struct {
	Check settingsCheckCmd `cmd:"" help:"Check a settings file and say what it means."`
}

type settingsCheckCmd struct {
	File string `arg:"" type:"path" help:"The studio's settings."`
}

// Help gives examples.
func (settingsCheckCmd) Help() string {
	return `Says how the studio works by this file, and for each rule that differs from the usual what
it is, what it usually is, and why.

Examples:
  pointille settings check studio.json

` + exitCodes
}

// Run checks a settings file.
func (c settingsCheckCmd) Run(t *terminal) error {
	s, err := settings.Read(c.File)
	if err != nil {
		return err
	}
	lines := s.Explain()
	t.say(strings.Join(lines, "\n"), map[string]any{"file": c.File, "explained": lines})
	return nil
}
