package cli

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"pointille/internal/batch"
	"pointille/internal/batch/find"
	"pointille/internal/batch/step"
	"pointille/internal/batch/summary"
	"pointille/internal/batch/worker"
)

type batchCmd struct {
	Do          string        `enum:"survey,plan,preview,guide" default:"plan" placeholder:"WHAT" help:"What to make of each case: survey; plan, with pictures, guide and report; preview, a plan with its pictures only; guide, a plan with its guide only. Default: plan."`
	Jobs        int           `placeholder:"N" help:"How many photos or cases at once. Default: one a processor; with --queue, 32 cases are handed out."`
	Resume      bool          `default:"true" negatable:"" help:"Go on where the last run was stopped. With --no-resume all is done again."`
	DryRun      bool          `help:"Say what would be done and what not, and write nothing."`
	Watch       bool          `help:"Go on looking for new photos until interrupted."`
	Settle      time.Duration `default:"10s" placeholder:"TIME" help:"With --watch: how long a photo must have stopped changing. Default: 10s."`
	RetryFailed bool          `help:"Try again what failed; without it only what was changed since."`
	Limit       int           `placeholder:"N" help:"Do at most N cases."`
	TimeLimit   time.Duration `default:"5m" placeholder:"TIME" help:"Longest time for one photo, or one step of a case. Default: 5m."`
	Wishes      string        `type:"path" placeholder:"FILE" help:"Wishes for all plans, see docs/formats/wishes.md."`
	Settings    string        `type:"path" placeholder:"FILE" help:"The studio's settings, see docs/formats/settings.md."`
	Pigments    string        `type:"path" placeholder:"FILE" help:"The studio's own pigments, from pointille pigment measure; they are chosen from beside the built-in ones."`
	Seed        uint64        `default:"1" help:"Seed of everything random: same photos, wishes and seed, same plans."`
	Paper       string        `enum:",a4,letter" default:"" placeholder:"PAPER" help:"Paper of the guides: a4 or letter. Default: as wished, else a4."`
	queueFlags  `embed:"" group:"Other machines (pointille-queue)"`
	Out         string   `required:"" placeholder:"DIR" help:"Folder for the results."`
	Folders     []string `arg:"" name:"folder" help:"Folders with the photos of many clients; photos too."`
}

// Help gives examples.
func (batchCmd) Help() string {
	return `Every folder below FOLDER that holds photos is a case, as for pointille plan. Results lie
below --out in a tree like that of the photos, named as by plan; index.html, summary.csv,
failed.csv and contact-sheets show them all. Photos are only read.

It can be stopped or killed at any moment: the same command goes on where it was and does
nothing twice. A photo that cannot be read, hangs or crashes the program is named and
left out.

Examples:
  pointille batch --dry-run --out out photos
  pointille batch --jobs 2 --out out photos
  pointille batch --do survey --limit 10 --out try photos
  pointille batch --retry-failed --out out photos
  pointille batch --watch --out out inbox
  pointille-queue batch --queue nats://10.0.0.5:4222 --queue-key batch.key --out out photos
  pointille-queue batch --queue embedded --out out photos

Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some of many photos failed.`
}

// mostJobs is more than any machine has processors for.
const mostJobs = 1024

// Validate refuses what contradicts itself.
func (c batchCmd) Validate() error {
	switch {
	case c.Jobs < 0 || c.Jobs > mostJobs:
		return fmt.Errorf("--jobs: %d is not between 1 and %d", c.Jobs, mostJobs)
	case c.Limit < 0:
		return fmt.Errorf("--limit: %d is no number of cases", c.Limit)
	case c.TimeLimit <= 0:
		return fmt.Errorf("--time-limit: %v is no time", c.TimeLimit)
	case c.Settle <= 0:
		return fmt.Errorf("--settle: %v is no time", c.Settle)
	case c.Watch && c.DryRun:
		return errors.New("--watch: there is nothing to watch in a --dry-run")
	case c.Watch && c.Limit > 0:
		return errors.New("--watch: goes on for ever; leave out --limit")
	}
	return c.queueFlags.check()
}

// Run does the batch.
func (c batchCmd) Run(ctx context.Context, t *terminal) error {
	hands, err := t.hands(c.queueFlags)
	if err != nil {
		return err
	}
	build, err := t.build()
	if err != nil {
		return err
	}
	if c.Jobs == 0 && c.far() {
		c.Jobs = casesHandedOut
	}
	o := batch.Options{
		Roots: c.Folders, Out: c.Out, Do: c.Do, Jobs: c.Jobs, Anew: !c.Resume, DryRun: c.DryRun, Retry: c.RetryFailed, Limit: c.Limit,
		Wishes: c.Wishes, Settings: c.Settings, Pigments: c.Pigments, Seed: c.Seed, Paper: c.Paper, TimeLimit: c.TimeLimit,
		Generator: t.generator(), Build: build, Tell: t.teller(c.DryRun), Hands: hands,
	}
	if o.Command, err = stepCommand(); err != nil {
		return err
	}
	say := func(r *batch.Result) { t.say(batchText(r), r) }
	if c.Watch {
		return batch.Watch(ctx, o, batch.WatchOptions{Settle: c.Settle, Round: say})
	}
	r, err := batch.Run(ctx, o)
	if r != nil && r.Page != "" {
		say(r)
	}
	return err
}

// stepCommand starts this program again to do steps.
func stepCommand() ([]string, error) {
	path := "/proc/self/exe"
	if _, err := os.Stat(path); err != nil {
		if path, err = os.Executable(); err != nil {
			return nil, fmt.Errorf("finding the program itself: %w", err)
		}
	}
	return []string{path, "batch-worker"}, nil
}

// build tells two programs apart that bear no version: by their content.
func (t *terminal) build() (string, error) {
	if t.version != "dev" {
		return "", nil
	}
	path, err := os.Executable()
	if err != nil {
		return "", fmt.Errorf("finding the program itself: %w", err)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("reading the program itself: %w", err)
	}
	defer f.Close()
	sum := sha256.New()
	if _, err := io.Copy(sum, f); err != nil {
		return "", fmt.Errorf("reading the program itself: %w", err)
	}
	return hex.EncodeToString(sum.Sum(nil)[:8]), nil
}

func batchText(r *batch.Result) string {
	parts := []string{fmt.Sprintf("%d of %d cases done", r.Totals.Done+r.Totals.Partly, r.Totals.Cases)}
	if n := r.Totals.Partly; n > 0 {
		parts = append(parts, fmt.Sprintf("%d of them without some photos", n))
	}
	if n := r.Totals.Failed; n > 0 {
		parts = append(parts, fmt.Sprintf("%d failed", n))
	}
	if n := r.Totals.Waiting; n > 0 {
		parts = append(parts, fmt.Sprintf("%d not done yet", n))
	}
	return strings.Join(parts, ", ") + "\nSummary: " + r.Page
}

// teller says how a batch goes.
func (t *terminal) teller(dry bool) batch.Teller {
	looked := 0
	return batch.Teller{
		Looking: func(path string) {
			looked++
			if looked%50 == 1 {
				t.liveLine(fmt.Sprintf("looking for photos: %d files  %s", looked, path))
			}
		},
		Found:  func(f batch.Forecast) { t.forecast(f, dry) },
		Status: t.batchStatus,
		Note:   t.note,
		Failed: func(f summary.Failure) {
			t.mu.Lock()
			defer t.mu.Unlock()
			text := f.File + ": " + f.Why
			t.line(t.err, message{Type: "error", Stage: f.Step, File: f.File, Message: text}, "pointille: "+text)
		},
		Case: func(r summary.Row) {
			if t.json {
				t.mu.Lock()
				defer t.mu.Unlock()
				t.line(t.out, message{Type: "item", Stage: r.State, File: r.Photos, Data: r}, "")
			}
		},
	}
}

// forecast says what is going to be done, before it begins.
func (t *terminal) forecast(f batch.Forecast, dry bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	lines := []string{fmt.Sprintf("%s in %s; to do: %s in %s", many(f.Photos, "photo", "photos"), many(f.Cases, "case", "cases"), many(f.Todo, "photo", "photos"), many(f.Due, "case", "cases"))}
	add := func(n int, what string) {
		if n > 0 {
			lines = append(lines, fmt.Sprintf(what, n))
		}
	}
	add(f.Done, "%d done before")
	add(f.Failed, "%d failed before and unchanged since: --retry-failed tries again")
	add(f.Left, "%d left out by --limit")
	add(len(f.Later), "%d still changing: left for later")
	if len(f.Skipped) > 0 {
		lines = append(lines, many(len(f.Skipped), "file or folder", "files or folders")+" passed over: "+reasons(f.Skipped))
	}
	add(f.Damaged, "%d damaged lines of the journal: what they said is done again")
	if dry {
		for _, n := range f.Names {
			lines = append(lines, "would do  "+n)
		}
		for _, s := range f.Skipped {
			lines = append(lines, "skips     "+s.Path+": "+s.Why)
		}
		for _, s := range f.Bad {
			lines = append(lines, "cannot    "+s.Path+": "+s.Why)
		}
	}
	text := strings.Join(lines, "\n")
	t.line(t.out, message{Type: "summary", Stage: "find", Message: text, Data: f}, text)
}

func many(n int, one, more string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, more)
}

// reasons counts why things are passed over, without what is told of each.
func reasons(skipped []find.Remark) string {
	count := map[string]int{}
	for _, s := range skipped {
		why, _, _ := strings.Cut(s.Why, " (")
		for _, general := range []string{"a copy of", "all its photos are copies"} {
			if strings.HasPrefix(why, general) {
				why = strings.TrimSuffix(general, " of")
			}
		}
		count[why]++
	}
	var parts []string
	for _, why := range slices.Sorted(maps.Keys(count)) {
		parts = append(parts, fmt.Sprintf("%s %d", why, count[why]))
	}
	return strings.Join(parts, ", ")
}

func (t *terminal) batchStatus(s batch.Status) {
	if t.json {
		t.mu.Lock()
		defer t.mu.Unlock()
		t.line(t.err, message{Type: "status", Stage: s.Step, File: s.File, Done: s.Photos, Total: s.OfPhotos, Data: map[string]any{
			"cases": s.Cases, "of_cases": s.OfCases, "photos_per_minute": float64(int(s.PerMinute*10)) / 10, "seconds_left": int(s.Left.Seconds()),
		}}, "")
		return
	}
	line := fmt.Sprintf("%d/%d photos  %d/%d cases", s.Photos, s.OfPhotos, s.Cases, s.OfCases)
	if s.PerMinute > 0 {
		line += fmt.Sprintf("  %.1f/min  %s left", s.PerMinute, leftText(s.Left))
	}
	if s.File != "" {
		line += "  " + s.Step + " " + s.File
	}
	t.liveLine(line)
}

// leftText says a time as exactly as it is known.
func leftText(d time.Duration) string {
	switch {
	case d < time.Minute:
		return fmt.Sprintf("%d s", int(d.Seconds()))
	case d < time.Hour:
		return fmt.Sprintf("%d min", int(d.Minutes()))
	}
	return fmt.Sprintf("%d h %d min", int(d.Hours()), int(d.Minutes())%60)
}

// liveLine replaces the line that a watching person sees.
func (t *terminal) liveLine(text string) {
	if !t.live {
		return
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	if w := t.width(); w > 0 {
		if letters := []rune(text); len(letters) >= w {
			text = string(letters[:w-1])
		}
	}
	fmt.Fprintf(t.err, "\r\x1b[K%s", text)
	t.shown = true
}

// batchWorkerCmd does the steps of a batch that started it.
type batchWorkerCmd struct{}

// workerGrace is how long a step may take to put its files away when its batch
// has ended.
const workerGrace = 4 * time.Second

// Run works until its input ends.
func (batchWorkerCmd) Run(ctx context.Context, t *terminal) error {
	reply := os.NewFile(worker.Reply, "reply")
	if _, err := reply.Stat(); err != nil {
		return errors.New("batch-worker is started by pointille batch, not by hand")
	}
	d := step.Doer{Generator: t.generator()}
	defer d.Close()
	return worker.Serve(ctx, worker.Serving{
		In: os.Stdin, Out: reply, Version: t.generator(), Do: d.Do, Quit: func() { os.Exit(failed) }, Grace: workerGrace,
	})
}
