// Package batch does all cases below folders, as long as it takes, and can be
// stopped at any moment and gone on with.
//
// What is done is kept in a journal below the results, each step of each case
// under a key of everything it depends on: the photos' content, the wishes and
// settings, the program's version. Started again, it does what has no entry of
// that key or whose files are gone, and nothing else. Each step is done by a
// worker process; one that crashes or hangs costs one photo. Photos are only
// read; results lie below Out in a tree like theirs, named as by job.Plan.
//
// Errors: *Some where some of many failed; *find errors for roots; others end
// the batch and name the file and the cause.
package batch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"sync"
	"time"

	"pointille/internal/batch/find"
	"pointille/internal/batch/journal"
	"pointille/internal/batch/summary"
)

// What a batch can do of each case.
const (
	DoSurvey  = "survey"  // surveys, as by job.Survey
	DoPlan    = "plan"    // all of job.Plan
	DoPreview = "preview" // surveys, plan, dots and pictures
	DoGuide   = "guide"   // surveys, plan, dots and guide.pdf
)

// Options are for Run and Watch.
type Options struct {
	Roots     []string // folders and photos
	Out       string   // folder for the results; made if missing
	Do        string   // default DoPlan
	Jobs      int      // steps at once; default one a processor
	Anew      bool     // do everything again, whatever the journal says
	DryRun    bool     // only say what would be done
	Retry     bool     // try again what failed
	Limit     int      // most cases to do; 0: all
	Wishes    string   // file; empty: none
	Settings  string   // file; empty: none
	Pigments  string   // file of the studio's own; empty: the built-in ones
	Seed      uint64
	Paper     string        // a4 | letter; empty: as wished, else a4
	TimeLimit time.Duration // for one step of one photo or case; default 5 minutes
	Generator string        // program and version
	Build     string        // tells two programs of one version apart; may be empty
	Command   []string      // starts a worker
	Tell      Teller

	// Hands takes on who does the steps; nil: worker processes of this machine.
	Hands func(context.Context, Crew) (Hands, error)
}

func (o Options) filled() Options {
	if o.Do == "" {
		o.Do = DoPlan
	}
	if o.Jobs <= 0 {
		o.Jobs = runtime.NumCPU()
	}
	return o
}

// Teller is told how the work goes; any of its functions may be nil. They are
// called one at a time.
type Teller struct {
	Looking func(path string)     // for cases
	Found   func(Forecast)        // before the work begins
	Status  func(Status)          // after each step
	Failed  func(summary.Failure) // as it happens
	Case    func(summary.Row)     // one is finished
	Note    func(text string)     // of the workers on other machines; at any time
}

// Forecast is what a batch is going to do.
type Forecast struct {
	Cases   int            `json:"cases"` // that there are
	Photos  int            `json:"photos"`
	Due     int            `json:"cases_to_do"`
	Todo    int            `json:"photos_to_do"` // of the cases to do
	Done    int            `json:"cases_done_before"`
	Failed  int            `json:"cases_failed_before"` // and not tried again
	Left    int            `json:"cases_left_out"`      // by the limit
	Later   []string       `json:"still_changing,omitempty"`
	Skipped []find.Remark  `json:"skipped"`
	Bad     []find.Remark  `json:"unreadable,omitempty"`
	Names   []string       `json:"to_do"` // results of the cases to do
	Damaged int            `json:"damaged_journal_lines,omitempty"`
	due     map[string]int // photos of each case to do
}

// Result is how it ended.
type Result struct {
	Forecast Forecast       `json:"forecast"`
	Totals   summary.Totals `json:"totals"`
	Out      string         `json:"out"`
	Page     string         `json:"page,omitempty"` // index.html
}

// Some is the error of a batch in which something failed, or had failed before,
// of what was found this time.
type Some struct{ Failures int }

func (e *Some) Error() string {
	things := fmt.Sprintf("%d photos, steps or folders", e.Failures)
	if e.Failures == 1 {
		things = "1 photo, step or folder"
	}
	return things + " failed; the others are done: see failed.csv"
}

// runner is one batch under way.
type runner struct {
	Options
	book   *journal.Journal
	hands  Hands // nil in a dry run
	disk   *disk // nil in a dry run
	inputs inputs
	looked time.Duration // what the last look for cases took

	mu   sync.Mutex
	gone map[string]bool // cases that were done in this run
	told progress
}

// Run does one batch.
func Run(ctx context.Context, o Options) (*Result, error) {
	r, err := open(ctx, o)
	if err != nil {
		return nil, err
	}
	defer r.close()
	found, err := r.find(ctx, nil)
	if err != nil {
		return nil, err
	}
	f, err := r.forecast(found)
	if err != nil {
		return nil, err
	}
	return r.round(ctx, found, f)
}

// open takes hold of the folder for the results. Roots are looked at first: a
// batch that cannot begin makes no folder.
func open(ctx context.Context, o Options) (*runner, error) {
	r := &runner{Options: o.filled(), gone: map[string]bool{}}
	if err := find.Check(find.Options{Roots: o.Roots, Out: o.Out}); err != nil {
		return nil, err
	}
	var err error
	if r.inputs, err = readInputs(r.Options); err != nil {
		return nil, err
	}
	path := filepath.Join(o.Out, find.Marker, "journal")
	if o.DryRun {
		r.book, err = journal.Read(path)
		return r, err
	}
	if r.disk, err = hold(ctx, o.Out); err != nil {
		return nil, err
	}
	if r.book, err = journal.Open(path); err == nil {
		err = r.inputs.keep(r.disk.own)
	}
	if err != nil {
		r.close()
		return nil, err
	}
	take := o.Hands
	if take == nil {
		take = processes
	}
	if r.hands, err = take(ctx, r.crew()); err != nil {
		r.close()
		return nil, err
	}
	return r, nil
}

func (r *runner) close() {
	if r.hands != nil {
		r.hands.Close()
	}
	if r.book != nil {
		r.book.Close()
	}
	if r.disk != nil {
		r.disk.release()
	}
}

// mostPhotos of one case: a plan holds the maps of all its photos in memory.
const mostPhotos = 64

// find looks for cases, and makes sure that an empty root is not one whose
// disk went away.
func (r *runner) find(ctx context.Context, settled func(string, fs.FileInfo) bool) (*find.Found, error) {
	found, err := find.Find(ctx, find.Options{Roots: r.Roots, Out: r.Out, Look: r.look, Settled: settled})
	if err != nil {
		return nil, err
	}
	for i, c := range found.Cases {
		if c.Bad == "" && r.Do != DoSurvey && len(c.Photos) > mostPhotos {
			found.Cases[i].Bad = c.Path + ": " + tooMany(len(c.Photos))
		}
	}
	for _, root := range found.Empty {
		if settled == nil || r.knows(root) {
			return nil, fmt.Errorf("%s: the folder is empty; is its disk connected?", root)
		}
	}
	return found, nil
}

// knows reports whether cases below a root were done before.
func (r *runner) knows(root string) bool {
	known := false
	r.book.Names(func(name string) {
		if at, ok := caseOf(name); ok && !known {
			var c caseNote
			_, ok, err := r.book.Get(caseName(at), &c)
			known = err == nil && ok && find.Within(c.Path, root)
		}
	})
	return known
}

// round does what is due of the cases that were found.
func (r *runner) round(ctx context.Context, found *find.Found, forecast *Forecast) (*Result, error) {
	if r.Tell.Found != nil {
		r.Tell.Found(*forecast)
	}
	result := &Result{Forecast: *forecast, Out: r.Out}
	if r.DryRun {
		return result, nil
	}
	if err := r.work(ctx, found, forecast); err != nil {
		return result, err
	}
	t := r.table(found)
	var err error
	if result.Totals, err = r.summarize(ctx, t); err != nil {
		return result, err
	}
	result.Page = filepath.Join(r.Out, "index.html")
	n, err := t.failures()
	if err == nil && n > 0 {
		err = &Some{Failures: n}
	}
	return result, err
}

// forecast says what is due.
func (r *runner) forecast(found *find.Found) (*Forecast, error) {
	f := &Forecast{
		Cases: len(found.Cases), Photos: found.Photos(), Skipped: found.Skipped, Bad: found.Failed, Later: found.Later,
		Damaged: r.book.Damaged(), due: map[string]int{}, Names: []string{},
	}
	if f.Skipped == nil {
		f.Skipped = []find.Remark{}
	}
	for _, c := range found.Cases {
		due, failed, err := r.due(c)
		switch {
		case err != nil:
			return nil, err
		case due && r.Limit > 0 && f.Due >= r.Limit:
			f.Left++
		case due:
			f.Due++
			f.Todo += len(c.Photos)
			f.Names = append(f.Names, c.At)
			f.due[c.At] = len(c.Photos)
		case failed:
			f.Failed++
		default:
			f.Done++
		}
	}
	return f, nil
}

// work does the cases that are due, a few at a time so that no worker waits for
// the last photo of a case.
func (r *runner) work(ctx context.Context, found *find.Found, f *Forecast) error {
	ctx, stop := context.WithCancelCause(ctx)
	defer stop(nil)
	r.told.begin(f, len(r.caseSteps("", nil)))
	places := make(chan struct{}, r.Jobs+1)
	var all sync.WaitGroup
	for _, c := range found.Cases {
		if _, due := f.due[c.At]; !due {
			continue
		}
		select {
		case places <- struct{}{}:
		case <-ctx.Done():
		}
		if ctx.Err() != nil {
			break
		}
		all.Go(func() {
			defer func() { <-places }()
			if err := r.one(ctx, c); err != nil {
				stop(err)
			}
		})
	}
	all.Wait()
	if ctx.Err() == nil {
		return nil
	}
	return context.Cause(ctx)
}

// rootGone returns an error where the root of a path is no longer there.
func (r *runner) rootGone(path string) error {
	for _, root := range r.Roots {
		if !find.Within(path, filepath.Clean(root)) {
			continue
		}
		if _, err := os.Stat(root); errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("%s: is gone; is its disk still connected? What was done stays; start again when it is back", root)
		} else if err != nil {
			return fmt.Errorf("%s: cannot be read any more: %w", root, err)
		}
		if entries, err := os.ReadDir(root); err == nil && len(entries) == 0 {
			return fmt.Errorf("%s: is empty all at once; is its disk still connected? What was done stays; start again when it is back", root)
		}
	}
	return nil
}
