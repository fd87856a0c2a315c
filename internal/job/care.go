package job

import (
	"cmp"
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
	c := careClient(own)
	if o.Schedule != "" {
		s, err := schedule.Read(o.Schedule)
		if err != nil {
			return "", err
		}
		if c.Days, err = sessionDays(o.Schedule, s); err != nil {
			return "", err
		}
	}
	lang := cmp.Or(o.Lang, own.Language)
	text := c.BeforeSheet(lang).Text() + "\n\n" + c.AfterSheet(lang).Text()
	return text, writeText(ctx, o.Out, text)
}

// writeText writes a text where a file is named.
func writeText(ctx context.Context, file, text string) error {
	if file == "" {
		return nil
	}
	return atomicfile.WriteContext(ctx, file, func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	})
}

// careClient is whom the sheets are for by the studio's rules, without days.
func careClient(own settings.Settings) care.Client {
	return care.Client{Before: own.BeforeRules(), After: own.AfterRules(), Contact: own.Contact}
}

// sessionDays are the days of the sessions of a schedule, which is that of a file.
func sessionDays(file string, s *schedule.Schedule) ([]civil.Date, error) {
	var days []civil.Date
	for _, e := range s.Events {
		if e.Kind != schedule.Session || e.Cancelled {
			continue
		}
		d, err := civil.Parse(e.Date)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
		days = append(days, d)
	}
	if days == nil {
		return nil, fmt.Errorf("%s: no session is set in it", file)
	}
	return days, nil
}
