package job

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"pointille/planner/consent"
	"pointille/planner/schedule"
	"pointille/planner/settings"
)

// ConsentOptions are for ConsentText.
type ConsentOptions struct {
	Plan     string // plan.json; a schedule.json beside it gives the days
	Settings string
	Ledger   string
	Bottles  []string
	Lang     string // empty: as in the settings
	Out      string // file; empty: none
}

// ConsentText assembles what a client reads and signs, and writes it where a
// file is named.
func ConsentText(ctx context.Context, o ConsentOptions) (string, error) {
	p, err := readPlan(o.Plan)
	if err != nil {
		return "", err
	}
	if p.Nothing != "" {
		return "", fmt.Errorf("%s: %w", o.Plan, consent.ErrNothing)
	}
	own, err := settings.Read(o.Settings)
	if err != nil {
		return "", err
	}
	c := consent.Case{Plan: p, Studio: own.Studio, Contact: own.Contact}
	if c.Bottles, err = (ScheduleOptions{Ledger: o.Ledger, Bottles: o.Bottles}).bottles(); err != nil {
		return "", err
	}
	if err := scheduled(&c, filepath.Join(filepath.Dir(o.Plan), ScheduleFile)); err != nil {
		return "", err
	}
	text := consent.Text(c, cmp.Or(o.Lang, own.Language))
	return text, writeText(ctx, o.Out, text)
}

// scheduled adds days and screening of the case's schedule, where there is one.
func scheduled(c *consent.Case, file string) error {
	s, err := schedule.Read(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err != nil {
		return err
	}
	if s.Case != c.Plan.Case {
		return nil
	}
	if c.Days, err = sessionDays(file, s); err != nil {
		return err
	}
	c.Reasons = s.Screening.Reasons
	if s.Screening.Override != "" {
		c.Reasons = append(c.Reasons, s.Screening.Override)
	}
	return nil
}

// maxText is far above any text of consent.
const maxText = 1 << 20

// SignConsent keeps a signature under the text of a file.
func SignConsent(ctx context.Context, code, textFile, out string, s consent.Signature) error {
	data, err := os.ReadFile(textFile)
	if err != nil {
		return fmt.Errorf("reading the text: %w", err)
	}
	if len(data) > maxText {
		return fmt.Errorf("%s: larger than %d MB: no text of consent", textFile, maxText>>20)
	}
	if _, err := os.Stat(out); err == nil {
		return fmt.Errorf("%s: there is a signed consent already; name another file", out)
	}
	c, err := consent.Sign(code, string(data), s)
	if err != nil {
		return fmt.Errorf("signing %s: %w", textFile, err)
	}
	return consent.Write(ctx, out, c)
}

// RevokeConsent takes a use of photos back.
func RevokeConsent(ctx context.Context, file, purpose string, at time.Time) error {
	c, err := consent.Read(file)
	if err != nil {
		return err
	}
	if err := c.Revoke(purpose, at); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return consent.Write(ctx, file, c)
}
