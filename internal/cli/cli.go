// Package cli is the command line of Pointille.
//
// Commands are structs; Run parses, runs one and returns the exit code: 0 done,
// 1 failed, 2 wrong usage, 3 some of many failed. Results go to stdout, progress
// and errors to stderr: one sentence each that names the file and the cause,
// or one JSON object a line with --json.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/alecthomas/kong"

	"pointille/internal/batch"
	"pointille/internal/job"
)

// Exit codes.
const (
	done    = 0
	failed  = 1
	misused = 2
	partly  = 3
)

type grammar struct {
	JSON bool `name:"json" help:"Write progress, results and errors as JSON, one object a line."`

	Survey   surveyCmd   `cmd:"" help:"Measure photos: regions, hair, hairline, density, scale, colour."`
	Plan     planCmd     `cmd:"" help:"Do the main job: survey a case, plan it, and write previews, guide and report."`
	Batch    batchCmd    `cmd:"" help:"Do all cases below folders, and sum them up; goes on where it was stopped."`
	Worker   workerCmd   `cmd:"" help:"Do steps of batches that other machines hand out over a queue."`
	QueueKey queueKeyCmd `cmd:"" name:"queue-key" help:"Make the key that a batch and its workers share."`
	Preview  previewCmd  `cmd:"" help:"Draw one stage of a plan on its photos again."`
	Guide    guideCmd    `cmd:"" help:"Write the printed guide of a plan again."`
	Screen   screenCmd   `cmd:"" help:"Ask what speaks against treating a client, and say what the answers allow."`
	Schedule scheduleCmd `cmd:"" help:"Set the sessions of a plan on days and write a calendar."`
	Care     careCmd     `cmd:"" help:"Say what the client does before and after the sessions of a schedule."`
	Pigment  pigmentCmd  `cmd:"" help:"The ledger of pigments: what may be used, what was, and into whom a batch went."`
	Consent  consentCmd  `cmd:"" help:"What a client agrees to: the text, the signature, and what is taken back."`
	Client   clientCmd   `cmd:"" help:"Clients of the studio's encrypted record, and what is held of them."`
	Record   recordCmd   `cmd:"" help:"The studio's encrypted record: make, check, back up, restore, change its passphrase."`
	Settings settingsCmd `cmd:"" help:"The studio's own settings."`
	Card     cardCmd     `cmd:"" help:"Write the calibration card to print and hold beside the hairline."`
	Score    scoreCmd    `cmd:"" help:"Compare a plan with what is known of its photos: for rendered or scanned heads."`
	Studio   studioCmd   `cmd:"" help:"Serve consultations to a tablet in the studio's own network."`
	Doctor   doctorCmd   `cmd:"" help:"Say what is installed, what is missing, and what works."`
	Version  versionCmd  `cmd:"" help:"Say which version this is."`

	BatchWorker  batchWorkerCmd  `cmd:"" hidden:"" help:"Does steps of a batch; started by it."`
	StudioWorker studioWorkerCmd `cmd:"" hidden:"" help:"Reads photos for the studio."`
}

const description = `Scalp imaging and dot-pattern planning for scalp micropigmentation.

Photos of a client's head go in; what is there, a plan in dots, honest previews and
true-scale pages come out. Photos %s and are never changed.

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some of many failed.`

// description says what the program is, and where photos go.
func (p Program) description() string {
	if p.Queue != nil {
		return fmt.Sprintf(description, "leave this machine only encrypted, for batch --queue,")
	}
	return fmt.Sprintf(description, "stay on this machine")
}

// Program is one of the programs that have this command line.
type Program struct {
	Name    string
	Version string
	Queue   Queue // nil: it hands no work to other machines
}

// Run runs the command line of pointille and returns the exit code.
func Run(ctx context.Context, version string, args []string, stdout, stderr io.Writer) int {
	return Program{Name: "pointille", Version: version}.Run(ctx, args, stdout, stderr)
}

// Run runs the command line and returns the exit code.
func (p Program) Run(ctx context.Context, args []string, stdout, stderr io.Writer) int {
	var g grammar
	exit := -1
	parser, err := kong.New(&g,
		kong.Name(p.Name), kong.Description(p.description()), kong.Writers(stdout, stderr),
		kong.Exit(func(code int) { exit = code }), kong.UsageOnError(),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true, WrapUpperBound: 96}),
	)
	if err != nil {
		fmt.Fprintln(stderr, "pointille:", err)
		return failed
	}
	if len(args) == 0 {
		args = []string{"--help"}
	}
	parsed, err := parser.Parse(args)
	if exit >= 0 { // help was asked for and printed
		return exit
	}
	if err != nil {
		t := newTerminal(stdout, stderr, p.Version, asksJSON(args))
		t.fail(usage(err))
		t.hint("Try: " + p.Name + " --help")
		return misused
	}
	t := newTerminal(stdout, stderr, p.Version, g.JSON)
	t.queue = p.Queue
	parsed.BindTo(ctx, (*context.Context)(nil))
	return t.end(parsed.Run(t))
}

// asksJSON reports whether --json stands among words that could not be parsed:
// what was understood of them before the fault is not known.
func asksJSON(args []string) bool {
	for _, a := range args {
		if a == "--" {
			return false
		}
		if a == "--json" || a == "--json=true" {
			return true
		}
	}
	return false
}

// usage says what is wrong with the words of a command in those of its user.
func usage(err error) error {
	plain := strings.NewReplacer(
		"a valid 64 bit uint", "a whole number", "a valid 64 bit float", "a number", "expected float value", "expected a number",
		"expected uint value", "expected a whole number", "expected a float", "expected a number", ` (short flag)`, "", ` (string)`, "",
	)
	return errors.New(plain.Replace(err.Error()))
}

// end turns a command's outcome into what is said and the exit code.
func (t *terminal) end(err error) int {
	t.clear()
	var photos *job.SomeFailed
	var cases *batch.Some
	switch {
	case err == nil:
		return done
	case errors.As(err, &photos), errors.As(err, &cases):
		t.fail(err)
		return partly
	case errors.Is(err, context.Canceled):
		t.fail(errors.New("interrupted: nothing half-written was left"))
		return failed
	default:
		t.fail(err)
		return failed
	}
}
