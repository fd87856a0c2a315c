package job

import (
	"context"
	"fmt"
	"io"

	"pointille/internal/atomicfile"
	"pointille/internal/civil"
	"pointille/planner/care"
	"pointille/planner/schedule"
	"pointille/planner/settings"
)

// CareOptions are for Care.
type CareOptions struct {
	Schedule string // schedule.json
	Settings string // the studio's; empty: none
	Lang     string // empty: as in the settings
	Out      string // file; empty: none
}

// Care returns what a client does before and after the sessions of a schedule,
// as text, and writes it where a file is named.
func Care(ctx context.Context, o CareOptions) (string, error) {
	own, err := settings.Read(o.Settings)
	if err != nil {
		return "", err
	}
	c, err := careClient(o.Schedule, own)
	if err != nil {
		return "", err
	}
	lang := o.Lang
	if lang == "" {
		lang = own.Language
	}
	text := c.BeforeSheet(lang).Text() + "\n\n" + c.AfterSheet(lang).Text()
	if o.Out == "" {
		return text, nil
	}
	return text, atomicfile.WriteContext(ctx, o.Out, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// careClient is whom the sheets are for: the days of a schedule, the studio's rules.
func careClient(file string, own settings.Settings) (care.Client, error) {
	c := care.Client{Before: own.BeforeRules(), After: own.AfterRules(), Contact: own.Contact}
	if file == "" {
		return c, nil
	}
	s, err := schedule.Read(file)
	if err != nil {
		return c, err
	}
	for _, e := range s.Events {
		if e.Kind != schedule.Session || e.Cancelled {
			continue
		}
		d, err := civil.Parse(e.Date)
		if err != nil {
			return c, fmt.Errorf("%s: %w", file, err)
		}
		c.Days = append(c.Days, d)
	}
	if c.Days == nil {
		return c, fmt.Errorf("%s: no session is set in it", file)
	}
	return c, nil
}
