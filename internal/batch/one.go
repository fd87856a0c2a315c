package batch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"pointille/internal/batch/find"
	"pointille/internal/batch/step"
	"pointille/internal/batch/summary"
	"pointille/internal/batch/worker"
	"pointille/internal/job"
)

// one does what is due of one case. It returns an error only where the batch
// cannot go on.
func (r *runner) one(ctx context.Context, c find.Case) error {
	if c.Bad != "" {
		r.fail(summary.Failure{File: c.Path, Step: "find", Why: job.Reason(c.Path, c.Bad)})
		return r.finish(c)
	}
	if err := r.disk.sweep(r.dir(c.At), r.thumbs(c.At)); err != nil {
		return err
	}
	photos, err := r.surveys(ctx, c)
	if err != nil {
		return err
	}
	if r.Do == DoSurvey || allFailed(photos) {
		return r.finish(c)
	}
	steps := r.caseSteps(r.planKey(c, photos), photos)
	if ok, err := r.caseStep(ctx, c, steps[0], photos); err != nil || !ok {
		if err != nil {
			return err
		}
		return r.finish(c) // without what would follow
	}
	errs := make([]error, len(steps))
	var all sync.WaitGroup
	for i, s := range steps[1:] {
		all.Go(func() { _, errs[i] = r.caseStep(ctx, c, s, photos) })
	}
	all.Wait()
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return r.finish(c)
}

// finish notes the case and tells of it.
func (r *runner) finish(c find.Case) error {
	n := caseNote{Path: c.Path, Code: c.Code, Bad: c.Bad, Did: r.Do}
	for _, p := range c.Photos {
		n.Photos = append(n.Photos, photoRef{p.Name, p.Path})
	}
	if err := r.book.Put(caseName(c.At), r.caseKey(c), n, true); err != nil {
		return err
	}
	r.hands.Finished(c.At)
	row, err := r.row(c.At, n)
	if err != nil {
		return err
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	r.gone[c.At] = true
	if r.Tell.Case != nil {
		r.Tell.Case(row)
	}
	r.told.finished(c.At)
	r.status("", "")
	return nil
}

// surveys measures the photos of a case that are not measured yet.
func (r *runner) surveys(ctx context.Context, c find.Case) ([]job.StepPhoto, error) {
	photos := make([]job.StepPhoto, len(c.Photos))
	errs := make([]error, len(c.Photos))
	var all sync.WaitGroup
	for i, p := range c.Photos {
		photos[i].Photo = p.Photo
		all.Go(func() { photos[i].Failed, errs[i] = r.survey(ctx, c, p) })
	}
	all.Wait()
	return photos, errors.Join(errs...)
}

// survey measures one photo and returns why it cannot be.
func (r *runner) survey(ctx context.Context, c find.Case, p find.Photo) (string, error) {
	name, k := stepName(step.Survey, c.At, p.Name), r.surveyKey(p)
	s, old, err := r.recorded(name, k, r.dir(c.At), r.thumbs(c.At))
	if err != nil {
		return "", err
	}
	if !r.todo(s, c.At) {
		return old.Failed, nil
	}
	n, sure, err := r.do(ctx, name, k, step.Task{Step: step.Survey, Photos: []job.StepPhoto{{Photo: p.Photo}}}, c, p.Path)
	if err != nil {
		return "", err
	}
	if n.Failed == "" && n.Result.Photo != nil && n.Result.Photo.SHA256 != p.SHA256 {
		n, sure = note{Failed: p.Path + ": was changed while the batch ran; run it again"}, false
	}
	if n.Failed != "" {
		r.fail(summary.Failure{File: p.Path, Step: step.Survey, Why: job.Reason(p.Path, n.Failed)})
	}
	if !sure {
		k = "" // another time it may go well
	}
	return n.Failed, r.book.Put(name, k, n, true)
}

// caseStep does one step of a whole case and reports whether it went well.
func (r *runner) caseStep(ctx context.Context, c find.Case, s caseStep, photos []job.StepPhoto) (bool, error) {
	name := stepName(s.kind, c.At, "")
	was, _, err := r.recorded(name, s.key, r.dir(c.At), r.thumbs(c.At))
	if err != nil {
		return false, err
	}
	if !r.todo(was, c.At) {
		return was == done, nil
	}
	if s.kind == step.Plan { // it takes away what was drawn for the last one
		for _, kind := range []string{step.Report, step.Pictures, step.Guide} {
			if err := r.forget(stepName(kind, c.At, "")); err != nil {
				return false, err
			}
		}
	}
	n, sure, err := r.do(ctx, name, s.key, step.Task{Step: s.kind, Photos: photos}, c, c.Path)
	if err != nil {
		return false, err
	}
	if n.Failed != "" {
		r.fail(summary.Failure{File: c.Path, Step: s.kind, Why: job.Reason(c.Path, n.Failed)})
	}
	k := s.key
	if !sure {
		k = ""
	}
	return n.Failed == "", r.book.Put(name, k, n, true)
}

// forget takes a step out of the journal before its files are written over: a
// kill half-way must not leave an entry that speaks of other files.
func (r *runner) forget(name string) error {
	have, ok, err := r.book.Get(name, nil)
	if err != nil || !ok || have == "" {
		return err
	}
	return r.book.Put(name, "", note{}, true)
}

// do has a worker do a step of a key. sure is false where the failure says nothing about
// the photos and another time may go well; the error is one that ends the batch.
func (r *runner) do(ctx context.Context, name, k string, t step.Task, c find.Case, file string) (n note, sure bool, err error) {
	if err := r.forget(name); err != nil {
		return n, false, err
	}
	t.Case, t.Code, t.Out, t.Thumbs = c.Path, c.Code, r.dir(c.At), r.thumbs(c.At)
	t.Wishes, t.Settings, t.Pigments = r.inputs.wishes.path, r.inputs.settings.path, r.inputs.pigments.path
	t.Seed, t.Paper = r.Seed, r.Paper
	var reply step.Reply
	err = r.hands.Do(ctx, Work{Name: name, Key: k, At: c.At, File: file, Task: t}, &reply, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		r.status(t.Step, file)
	})
	var crash *worker.Crash
	var long *worker.TooLong
	var dead *Dead
	switch {
	case errors.As(err, &crash), errors.As(err, &long), errors.As(err, &dead):
		reply = step.Reply{Failed: file + ": " + err.Error()}
	case err != nil:
		return n, false, err
	case reply.Stop:
		return n, false, errors.New(reply.Failed)
	}
	if reply.Failed != "" {
		if err := r.rootGone(file); err != nil {
			return n, false, err
		}
	}
	r.mu.Lock()
	r.told.stepped(c.At)
	r.status(t.Step, file)
	r.mu.Unlock()
	_, missing := os.Stat(file)
	return note{reply.Failed, reply.Result}, !errors.Is(missing, fs.ErrNotExist), nil
}

// fail tells of a failure at once.
func (r *runner) fail(f summary.Failure) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.Tell.Failed != nil {
		r.Tell.Failed(f)
	}
}

// row makes a case's row of the table from the journal.
func (r *runner) row(at string, n caseNote) (summary.Row, error) {
	row := summary.Row{Case: n.Code, Results: at, Photos: n.Path, State: summary.Done, Count: len(n.Photos)}
	if n.Bad != "" {
		row.State, row.Why = summary.Failed, job.Reason(n.Path, n.Bad)
		row.Failures = []summary.Failure{{File: n.Path, Step: "find", Why: row.Why}}
		return row, nil
	}
	var measured []step.Photo
	var names []string // of the photos that were measured
	for _, p := range n.Photos {
		var s note
		if _, _, err := r.book.Get(stepName(step.Survey, at, p.Name), &s); err != nil {
			return row, err
		}
		path := p.Path
		switch {
		case s.Failed != "":
			row.Failures = append(row.Failures, summary.Failure{File: path, Step: step.Survey, Why: job.Reason(path, s.Failed)})
		case s.Result.Photo != nil:
			measured, names = append(measured, *s.Result.Photo), append(names, p.Name)
		}
	}
	row.Measure(measured)
	if len(row.Failures) > 0 {
		row.State = summary.Partly
	}
	if len(measured) == 0 {
		row.State = summary.Failed
		row.Why = fmt.Sprintf("none of its photos (%d) could be measured", len(n.Photos))
		return row, nil
	}
	err := r.planned(&row, at, n, measured, names)
	return row, err
}

// planned fills in what the steps of the whole case say.
func (r *runner) planned(row *summary.Row, at string, n caseNote, measured []step.Photo, names []string) error {
	shown := mostTelling(measured, names)
	for _, kind := range []string{step.Report, step.Pictures, step.Guide, step.Plan} {
		var s note
		key, ok, err := r.book.Get(stepName(kind, at, ""), &s)
		if err != nil {
			return err
		}
		if !ok || key == "" && s.Failed == "" || n.Did == DoSurvey {
			continue
		}
		if s.Failed != "" {
			row.State, row.Why = summary.Failed, kind+": "+job.Reason(n.Path, s.Failed)
			row.Failures = append(row.Failures, summary.Failure{File: n.Path, Step: kind, Why: job.Reason(n.Path, s.Failed)})
			continue
		}
		if s.Result.Plan != nil {
			row.Plan(*s.Result.Plan)
		}
		if s.Result.Shown != "" {
			shown = s.Result.Shown
			row.Healed = r.small(at, shown, true)
		}
		for _, f := range s.Result.Files {
			if text := map[string]string{"report.html": "report", "guide.pdf": "guide", "plan.json": "plan"}[f.Name]; text != "" {
				row.Links = append(row.Links, summary.Link{Text: text, File: at + "/" + f.Name})
			}
		}
	}
	row.Found = r.small(at, shown, false)
	row.Links = append(row.Links, summary.Link{Text: "measured", File: at + "/" + shown + job.OverlaySuffix})
	return nil
}

// mostTelling is the photo to show where no plan says which: the one with most
// bald skin, else the first.
func mostTelling(measured []step.Photo, names []string) string {
	best := 0
	for i, p := range measured {
		if p.BaldCM2 > measured[best].BaldCM2 {
			best = i
		}
	}
	return names[best]
}
