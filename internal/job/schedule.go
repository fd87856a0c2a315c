package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"path/filepath"

	"pointille/internal/atomicfile"
	"pointille/internal/civil"
	"pointille/planner/ledger"
	"pointille/planner/schedule"
	"pointille/planner/screening"
	"pointille/planner/settings"
)

// ScheduleOptions are for Schedule.
type ScheduleOptions struct {
	Plan      string // plan.json
	Answers   string // file of screening answers; empty: not asked
	Settings  string // the studio's; empty: none
	First     civil.Date
	Start     string // of every session, as 10:00; empty: when the studio opens
	Today     civil.Date
	Override  string   // the artist's reason to treat in spite of screening
	Ledger    string   // of pigments; empty: none
	Bottles   []string // of it that will be used: they must be fit for use on every session's day
	Lang      string   // of the calendar; empty: as in the settings
	Out       string   // folder; empty: the plan's
	Generator string
}

// Names of the files that Schedule writes.
const (
	ScheduleFile = "schedule.json"
	CalendarFile = "schedule.ics"
)

// Scheduled is what Schedule did.
type Scheduled struct {
	Files  []string         `json:"files"`
	Events []schedule.Event `json:"events"`
	Notes  []string         `json:"notes"`
}

// Schedule sets the sessions of a plan on days and writes schedule.json and
// schedule.ics. A schedule that is already there is brought up to date: events
// keep their names.
func Schedule(ctx context.Context, o ScheduleOptions) (*Scheduled, error) {
	in, err := o.input()
	if err != nil {
		return nil, err
	}
	dir := cmp.Or(o.Out, filepath.Dir(o.Plan))
	if err := makeFolder(dir); err != nil {
		return nil, err
	}
	file := filepath.Join(dir, ScheduleFile)
	in.Last, err = schedule.Read(file)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	if in.Last != nil && in.Last.Case != in.Plan.Case {
		return nil, fmt.Errorf("%s: case: a schedule of %q, the plan is of %q: name another folder with --out", file, in.Last.Case, in.Plan.Case)
	}
	s, err := schedule.Make(in)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", o.Plan, err)
	}
	r := &Scheduled{Files: []string{file, filepath.Join(dir, CalendarFile)}, Events: s.Events, Notes: s.Notes}
	return r, writeSchedule(ctx, r.Files, s, s.Calendar(cmp.Or(o.Lang, in.Settings.Language), in.Settings.BeforeRules()))
}

func (o ScheduleOptions) input() (schedule.Input, error) {
	in := schedule.Input{First: o.First, Start: o.Start, Made: o.Today, Override: o.Override, Generator: o.Generator}
	var err error
	if in.Plan, err = readPlan(o.Plan); err != nil {
		return in, err
	}
	if in.Settings, err = settings.Read(o.Settings); err != nil {
		return in, err
	}
	if o.Answers != "" {
		if in.Answers, err = screening.Read(o.Answers); err != nil {
			return in, err
		}
	}
	in.Bottles, err = o.bottles()
	return in, err
}

// bottles are the pigments that will be used.
func (o ScheduleOptions) bottles() ([]ledger.Bottle, error) {
	if o.Ledger == "" {
		return nil, nil
	}
	l, err := ledger.Read(o.Ledger)
	if err != nil {
		return nil, err
	}
	var out []ledger.Bottle
	for _, id := range o.Bottles {
		b, ok := l.Bottle(id)
		if !ok {
			return nil, fmt.Errorf("%s: no bottle is called %q", o.Ledger, id)
		}
		out = append(out, b)
	}
	return out, nil
}

// writeSchedule writes document and calendar together, or neither.
func writeSchedule(ctx context.Context, files []string, s *schedule.Schedule, calendar []byte) error {
	var set atomicfile.Set
	defer set.Discard()
	if err := set.Write(ctx, files[0], func(w io.Writer) error { return schedule.Encode(w, s) }); err != nil {
		return err
	}
	err := set.Write(ctx, files[1], func(w io.Writer) error {
		_, err := w.Write(calendar)
		return err
	})
	if err != nil {
		return err
	}
	return set.Commit(ctx)
}
