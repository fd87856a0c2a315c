package cli

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/boombuler/barcode/qr"

	"pointille/internal/records"
	"pointille/internal/records/keys"
	"pointille/internal/studio"
	"pointille/internal/studio/worker"
)

type studioCmd struct {
	Dir            string        `type:"path" default:"pointille-studio" placeholder:"DIR" help:"Folder of settings, PIN and certificates; made if missing. Default: pointille-studio."`
	Record         string        `type:"path" env:"POINTILLE_RECORD" placeholder:"DIR" help:"Folder of the encrypted record, in which clients are kept. Default: $POINTILLE_RECORD, else record in --dir."`
	PassphraseFile string        `name:"passphrase-file" type:"path" placeholder:"FILE" help:"File whose first line is the passphrase. Default: $POINTILLE_PASSPHRASE, else it is asked for; without a terminal a tablet opens the record."`
	Listen         string        `default:"127.0.0.1" placeholder:"ADDR" help:"Address to listen on: 127.0.0.1 for this machine alone, 0.0.0.0 for the studio's own network (over TLS). Default: 127.0.0.1."`
	Port           int           `default:"8470" help:"Port; over TLS the next one serves the trust page. Default: 8470."`
	NewPIN         bool          `name:"new-pin" help:"Make a new PIN and forget all paired tablets."`
	Idle           time.Duration `default:"15m" placeholder:"TIME" help:"Lock a tablet that nobody touches for so long. Default: 15m."`
	CloseAfter     time.Duration `name:"close-after" default:"1h" placeholder:"TIME" help:"Close the record and forget its key when no tablet is touched for so long; 0: never. Default: 1h."`
	Work           string        `type:"path" placeholder:"DIR" help:"Folder for what is worked on, unencrypted while it is. Default: a disk in memory."`
}

// Help gives examples.
func (studioCmd) Help() string {
	return `Serves consultations to a tablet: photos, what was found, design, previews, plan, consent.
Prints an address, a QR code of it, and the first time the PIN that pairs a tablet. Clients are
kept in the encrypted record; the first time one is made, and its recovery key told once. The
passphrase is asked for; Enter alone starts the studio with the record closed, and a paired tablet
opens it. settings.json in --dir holds the studio's settings, as for the other commands.

Examples:
  pointille studio
  pointille studio --dir ~/studio --listen 0.0.0.0
  pointille studio --record ~/studio.record --passphrase-file /run/secrets/record
  pointille studio --dir ~/studio --new-pin

` + exitCodes
}

// Validate refuses what is no port or time.
func (c studioCmd) Validate() error {
	if c.Port < 0 || c.Port > 65534 {
		return fmt.Errorf("--port: %d is not between 0 and 65534", c.Port)
	}
	if c.Idle < time.Minute {
		return fmt.Errorf("--idle: %v is shorter than a minute", c.Idle)
	}
	if c.CloseAfter != 0 && c.CloseAfter < time.Minute {
		return fmt.Errorf("--close-after: %v is shorter than a minute", c.CloseAfter)
	}
	return nil
}

// Run serves until it is interrupted.
func (c studioCmd) Run(ctx context.Context, t *terminal) error {
	self, err := os.Executable()
	if err != nil {
		return fmt.Errorf("finding this program: %w", err)
	}
	if c.Record == "" {
		c.Record = filepath.Join(c.Dir, "record")
	}
	passphrase, err := c.passphrase(ctx, t)
	if err != nil {
		return err
	}
	err = studio.Run(ctx, studio.RunOptions{
		Record: c.Record, Passphrase: passphrase, Witness: witnessFolder(), Work: c.Work, CloseIdle: c.CloseAfter, Dir: c.Dir, Listen: c.Listen, Port: c.Port, NewPIN: c.NewPIN, Idle: c.Idle, Worker: []string{self, "studio-worker"},
		Generator: t.generator(), Log: os.Stderr, Announce: func(a studio.Announcement) { t.say(announced(a), a) },
	})
	if errors.Is(err, context.Canceled) {
		return nil // stopping it is how it ends
	}
	return err
}

// passphrase is what opens the record; empty: a tablet will. Where there is no record
// yet, one is made.
func (c studioCmd) passphrase(ctx context.Context, t *terminal) (string, error) {
	_, err := os.Stat(filepath.Join(c.Record, keys.HeaderFile))
	if errors.Is(err, os.ErrNotExist) {
		return c.newRecord(ctx, t)
	}
	p, err := word(ctx, t, "Passphrase of the record (Enter alone: a tablet opens it): ", c.PassphraseFile, passphraseVariable)
	if errors.Is(err, errNoTerminal) || errors.Is(err, errNothingTyped) {
		return "", nil
	}
	return p, err
}

// newRecord makes the record.
func (c studioCmd) newRecord(ctx context.Context, t *terminal) (string, error) {
	p, err := chosen(ctx, t, c.PassphraseFile, passphraseVariable)
	if errors.Is(err, errNoTerminal) {
		return "", fmt.Errorf("%s: there is no record yet, and no terminal to ask for its passphrase; make one first: pointille record init --record %s", c.Record, c.Record)
	}
	if err != nil {
		return "", err
	}
	s, recovery, err := records.Create(ctx, c.Record, p, records.Options{Who: "pointille studio", Witness: witnessFolder()})
	if err != nil {
		return "", err
	}
	t.say(recoveryText(c.Record, recovery), map[string]any{"record": c.Record, "id": s.ID(), "recovery_key": recovery})
	return p, s.Close()
}

// announced is what the terminal shows.
func announced(a studio.Announcement) string {
	var b strings.Builder
	if code, err := qr.Encode(a.Address, qr.M, qr.Auto); err == nil {
		b.WriteString("\n" + blocks(code.Bounds().Dx(), func(x, y int) bool { r, _, _, _ := code.At(x, y).RGBA(); return r == 0 }))
	}
	fmt.Fprintf(&b, "\nStudio   %s\n", a.Address)
	for _, o := range a.Others {
		if o != a.Address {
			fmt.Fprintf(&b, "         %s\n", o)
		}
	}
	switch {
	case a.PIN != "":
		fmt.Fprintf(&b, "PIN      %s   (shown this once; write it down. --new-pin makes another)\n", a.PIN)
	default:
		b.WriteString("PIN      as before (--new-pin makes another and forgets all tablets)\n")
	}
	if a.Trust != "" {
		fmt.Fprintf(&b, "Trust    %s   (once on each tablet)\n         its certificate: %s\n", a.Trust, a.Fingerprint)
	}
	state := "open"
	if !a.Open {
		state = "closed: open it on a tablet with its passphrase"
	}
	fmt.Fprintf(&b, "Record   %s (%s)\nKept in  %s: settings, PIN, certificates\nStop with Ctrl-C.\n", a.Record, state, a.Dir)
	return b.String()
}

// blocks draws a square code with half blocks, dark on light whatever the
// terminal's colours are, with the quiet zone that readers need.
func blocks(n int, dark func(x, y int) bool) string {
	const quiet = 4
	at := func(x, y int) bool { return x >= 0 && y >= 0 && x < n && y < n && dark(x, y) }
	var b strings.Builder
	for y := -quiet; y < n+quiet; y += 2 {
		b.WriteString("  \x1b[30;107m")
		for x := -quiet; x < n+quiet; x++ {
			switch up, down := at(x, y), at(x, y+1); {
			case up && down:
				b.WriteString("█")
			case up:
				b.WriteString("▀")
			case down:
				b.WriteString("▄")
			default:
				b.WriteString(" ")
			}
		}
		b.WriteString("\x1b[0m\n")
	}
	return b.String()
}

type studioWorkerCmd struct{}

// Run surveys photos for the studio, as it is told on the standard input. An
// interrupt of the terminal is the studio's to handle.
func (studioWorkerCmd) Run(t *terminal) error {
	return worker.Serve(context.Background(), os.Stdin, t.out)
}
