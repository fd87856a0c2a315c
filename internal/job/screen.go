package job

import (
	"context"
	"fmt"
	"io"

	"pointille/internal/civil"
	"pointille/planner/screening"
	"pointille/planner/settings"
)

// ScreenOptions are for Screen.
type ScreenOptions struct {
	Answers  string     // file to read; empty: ask
	Case     string     // whose answers, where they are asked
	Out      string     // file for answers that were asked
	Settings string     // the studio's; empty: none
	Today    civil.Date // the day of asking
	On       civil.Date // the day to work it out for; zero: that of asking
	Lang     string
	In       io.Reader // the person who answers
	Ask      io.Writer // where questions are put
}

// Screened is what Screen found.
type Screened struct {
	Case       string   `json:"case"`
	Outcome    string   `json:"outcome"` // go | wait | certificate | no
	Until      string   `json:"until,omitempty"`
	On         string   `json:"on"`
	Unanswered int      `json:"unanswered"`
	Reasons    []string `json:"reasons"`
	Lines      []string `json:"-"`
}

// Screen reads answers, or asks for them and writes them, and says what they
// allow.
func Screen(ctx context.Context, o ScreenOptions) (*Screened, error) {
	own, err := settings.Read(o.Settings)
	if err != nil {
		return nil, err
	}
	a, err := o.answers(ctx, own)
	if err != nil {
		return nil, err
	}
	on := o.On
	if on.IsZero() {
		if on, err = civil.Parse(a.Asked); err != nil {
			return nil, err
		}
	}
	r := screening.Screen(a, own.Rules(), on)
	out := &Screened{
		Case: r.Case, Outcome: string(r.Outcome), Until: r.Until.String(), On: r.On.String(), Unanswered: r.Unanswered,
		Reasons: []string{}, Lines: r.Lines(o.Lang),
	}
	for _, x := range r.Reasons {
		out.Reasons = append(out.Reasons, x.Sentence(o.Lang))
	}
	return out, nil
}

func (o ScreenOptions) answers(ctx context.Context, own settings.Settings) (*screening.Answers, error) {
	if o.Answers != "" {
		return screening.Read(o.Answers)
	}
	a, err := screening.Ask(o.In, o.Ask, screening.Asking{Case: o.Case, Asked: o.Today, Lang: o.Lang, Rules: own.Rules()})
	if err != nil {
		return nil, fmt.Errorf("asking %s: %w; nothing was written", o.Case, err)
	}
	return a, screening.Write(ctx, o.Out, a)
}
