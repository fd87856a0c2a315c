package cli

import (
	"context"
	"fmt"
	"strings"
	"time"

	"pointille/internal/job"
	"pointille/planner/consent"
)

type consentCmd struct {
	Text   consentTextCmd   `cmd:"" help:"Assemble what a client reads and signs."`
	Sign   consentSignCmd   `cmd:"" help:"Keep a signature given on paper under that text."`
	Revoke consentRevokeCmd `cmd:"" help:"Take a use of photos back."`
	Show   consentShowCmd   `cmd:"" help:"Say who signed what and for what photos may be used."`
}

// moment is a time given on the command line; empty: now.
type moment string

// Validate refuses what is no time.
func (m moment) Validate() error {
	if m == "" {
		return nil
	}
	if _, err := time.Parse(time.RFC3339, string(m)); err != nil {
		return fmt.Errorf("%q is no time as in 2026-03-31T10:30:00+03:00", string(m))
	}
	return nil
}

func (m moment) or(now time.Time) time.Time {
	if t, err := time.Parse(time.RFC3339, string(m)); err == nil {
		return t
	}
	return now
}

type consentTextCmd struct {
	Settings string   `type:"path" placeholder:"FILE" help:"The studio's settings."`
	Ledger   string   `type:"path" placeholder:"FILE" help:"The ledger of pigments."`
	Bottle   []string `placeholder:"ID" help:"A bottle that will be used: what stands on its label is passed on."`
	Lang     string   `enum:",en,lv" default:"" placeholder:"LANG" help:"Language: en or lv. Default: as in the settings, else en."`
	Out      string   `type:"path" placeholder:"FILE" help:"File for the text. Default: only to the terminal."`
	Plan     string   `arg:"" type:"path" help:"A plan.json; a schedule.json beside it gives days and screening."`
}

// Help gives examples.
func (consentTextCmd) Help() string {
	return `Examples:
  pointille consent text --out anna.txt out/anna/plan.json
  pointille consent text --lang lv --ledger ledger.json --bottle black-1 out/anna/plan.json

` + exitCodes
}

// Run writes the text.
func (c consentTextCmd) Run(ctx context.Context, t *terminal) error {
	text, err := job.ConsentText(ctx, job.ConsentOptions{Plan: c.Plan, Settings: c.Settings, Ledger: c.Ledger, Bottles: c.Bottle, Lang: c.Lang, Out: c.Out})
	switch {
	case err != nil:
		return err
	case c.Out != "":
		t.say(c.Out, map[string]any{"file": c.Out, "sha256": consent.Hash(text)})
	default:
		t.say(text, map[string]any{"text": text, "sha256": consent.Hash(text)})
	}
	return nil
}

type consentSignCmd struct {
	Case  string `required:"" placeholder:"CODE" help:"Code of the case."`
	Name  string `required:"" help:"Name as signed."`
	Treat string `required:"" enum:"yes,no" placeholder:"yes|no" help:"May photos be used to treat?"`
	Keep  string `required:"" enum:"yes,no" placeholder:"yes|no" help:"May photos be kept?"`
	Show  string `required:"" enum:"yes,no" placeholder:"yes|no" help:"May photos be shown to others?"`
	At    moment `placeholder:"TIME" help:"When it was signed, as 2026-03-31T10:30:00+03:00. Default: now."`
	Out   string `required:"" type:"path" placeholder:"FILE" help:"File for the consent; it must not exist."`
	Text  string `arg:"" type:"path" help:"The text that was signed."`
}

// Help gives examples.
func (consentSignCmd) Help() string {
	return `Keeps the exact text with its hash; if a letter of it is changed later, the file is refused.
The file holds the client's name and is not encrypted: pointille client add --move puts it into the
studio's record and takes it away.

Examples:
  pointille consent sign --case anna --name "Anna Example" --treat yes --keep yes --show no --out anna.consent.json anna.txt

` + exitCodes
}

// Run keeps a signature.
func (c consentSignCmd) Run(ctx context.Context, t *terminal) error {
	err := job.SignConsent(ctx, c.Case, c.Text, c.Out, consent.Signature{
		Name: c.Name, At: c.At.or(time.Now()), How: consent.Paper,
		Purposes: map[string]bool{consent.Treat: c.Treat == "yes", consent.Keep: c.Keep == "yes", consent.Show: c.Show == "yes"},
	})
	if err == nil {
		t.say(c.Out, map[string]any{"file": c.Out})
	}
	return err
}

type consentRevokeCmd struct {
	Purpose string `required:"" enum:"treat,keep,show" placeholder:"PURPOSE" help:"treat, keep or show."`
	At      moment `placeholder:"TIME" help:"From when on. Default: now."`
	File    string `arg:"" type:"path" help:"A signed consent."`
}

// Help gives examples.
func (consentRevokeCmd) Help() string {
	return "Examples:\n  pointille consent revoke --purpose show anna.consent.json\n\n" + exitCodes
}

// Run takes a use back.
func (c consentRevokeCmd) Run(ctx context.Context, t *terminal) error {
	at := c.At.or(time.Now())
	if err := job.RevokeConsent(ctx, c.File, c.Purpose, at); err != nil {
		return err
	}
	t.say(fmt.Sprintf("%s: photos may no longer be used to %s", c.File, c.Purpose), map[string]any{"file": c.File, "purpose": c.Purpose})
	return nil
}

type consentShowCmd struct {
	At   moment `placeholder:"TIME" help:"For when. Default: now."`
	File string `arg:"" type:"path" help:"A signed consent."`
}

// Help gives examples.
func (consentShowCmd) Help() string {
	return "Examples:\n  pointille consent show anna.consent.json\n\n" + exitCodes
}

// Run shows a consent.
func (c consentShowCmd) Run(t *terminal) error {
	s, err := consent.Read(c.File)
	if err != nil {
		return err
	}
	at := c.At.or(time.Now())
	lines := []string{fmt.Sprintf("%s: text version %d, signed on %s by %s at %s; sha256 %s", s.Case, s.TextVersion, s.How, s.Name, s.Signed, s.SHA256)}
	allowed := map[string]bool{}
	for _, p := range consent.Purposes() {
		allowed[p] = s.Allows(p, at)
		lines = append(lines, fmt.Sprintf("photos to %s: %s", p, map[bool]string{true: "yes", false: "no"}[allowed[p]]))
	}
	t.say(strings.Join(lines, "\n"), map[string]any{"case": s.Case, "signed": s.Signed, "sha256": s.SHA256, "allowed": allowed})
	return nil
}
