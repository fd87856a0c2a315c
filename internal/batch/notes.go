package batch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"pointille/internal/batch/find"
	"pointille/internal/batch/step"
	"pointille/internal/batch/thumb"
	"pointille/internal/job"
)

// format is raised when results of an older program of the same version, or its
// notes, would no longer do.
const format = "batch 1"

// note is what the journal keeps of a step.
type note struct {
	Failed string      `json:"failed,omitempty"` // why
	Result step.Result `json:"result"`
}

// caseNote is what the journal keeps of a case that was finished: enough for its
// row of the table.
type caseNote struct {
	Path   string     `json:"path"`
	Code   string     `json:"code"`
	Photos []photoRef `json:"photos"`
	Bad    string     `json:"bad,omitempty"`
	Did    string     `json:"did"`
}

type photoRef struct {
	Name string `json:"name"` // of its results
	Path string `json:"path"`
}

// Names in the journal: the kind, the place of the results, and the photo.
func stepName(kind, at, photo string) string { return kind + "\x00" + at + "\x00" + photo }
func caseName(at string) string              { return "case\x00" + at }
func fileName(path string) string            { return "file\x00" + path }

// caseOf is the place of a case by its name in the journal.
func caseOf(name string) (at string, ok bool) { return strings.CutPrefix(name, "case\x00") }

// key is a hash of everything a step depends on.
func key(parts ...any) string {
	data, err := json.Marshal(append([]any{format}, parts...))
	if err != nil {
		return "" // no number here is infinite, so that this cannot be
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:16])
}

func (r *runner) surveyKey(p find.Photo) string {
	return key(r.Generator, r.Build, step.Survey, p.SHA256, p.View, p.MMPerPx, p.Name, filepath.Base(p.Path))
}

// planKey depends on the surveys that there are.
func (r *runner) planKey(c find.Case, photos []job.StepPhoto) string {
	var surveys []string
	for i, p := range c.Photos {
		if photos[i].Failed == "" {
			surveys = append(surveys, r.surveyKey(p))
		}
	}
	parts := []any{r.Generator, r.Build, step.Plan, c.Code, r.Seed, r.inputs.wishes.sum, surveys}
	if sum := r.inputs.pigments.sum; sum != "" { // without them keys stay as they were
		parts = append(parts, sum)
	}
	return key(parts...)
}

// picturesKey of a report depends on the failures, which stand in it.
func (r *runner) picturesKey(kind, plan string, photos []job.StepPhoto) string {
	var failed []string
	for _, p := range photos {
		if kind == step.Report && p.Failed != "" {
			failed = append(failed, filepath.Base(p.Path), p.Failed)
		}
	}
	return key(kind, plan, failed)
}

func (r *runner) guideKey(plan string) string {
	return key(step.Guide, plan, r.Paper, r.inputs.settings.sum)
}

// pictureStep is the step that draws, "" where none is wanted.
func (r *runner) pictureStep() string {
	switch r.Do {
	case DoPlan:
		return step.Report
	case DoPreview:
		return step.Pictures
	}
	return ""
}

func (r *runner) wantsGuide() bool { return r.Do == DoPlan || r.Do == DoGuide }

// state of a step.
type state int

const (
	undone state = iota
	done
	failed
)

// recorded looks a step up in the journal. One whose files are gone is undone.
func (r *runner) recorded(name, key, dir, thumbs string) (state, note, error) {
	var n note
	have, ok, err := r.book.Get(name, &n)
	if err != nil || !ok || have != key {
		return undone, note{}, err
	}
	if n.Failed != "" {
		return failed, n, nil
	}
	for _, f := range n.Result.Files {
		if info, err := os.Stat(filepath.Join(dir, f.Name)); err != nil || info.Size() != f.Size {
			return undone, note{}, nil
		}
	}
	small := ""
	switch kind, photo := kindOf(name); kind {
	case step.Survey:
		small = photo + thumb.Found
	case step.Report, step.Pictures:
		if n.Result.Shown != "" {
			small = n.Result.Shown + thumb.Healed
		}
	}
	if small != "" {
		if _, err := os.Stat(filepath.Join(thumbs, small)); err != nil {
			return undone, note{}, nil
		}
	}
	return done, n, nil
}

func kindOf(name string) (kind, photo string) {
	parts := strings.SplitN(name, "\x00", 3)
	if len(parts) < 3 {
		return "", ""
	}
	return parts[0], parts[2]
}

// due reports whether anything of a case is to be done, or else whether it
// failed before.
func (r *runner) due(c find.Case) (due, bad bool, err error) {
	if r.anew(c.At) {
		return true, false, nil
	}
	var n caseNote
	did, ok, err := r.book.Get(caseName(c.At), &n)
	if err != nil || !ok || did != r.caseKey(c) {
		return true, false, err
	}
	if c.Bad != "" {
		return r.retries(c.At), true, nil
	}
	photos := make([]job.StepPhoto, len(c.Photos))
	for i, p := range c.Photos {
		photos[i].Photo = p.Photo
		s, n, err := r.recorded(stepName(step.Survey, c.At, p.Name), r.surveyKey(p), r.dir(c.At), r.thumbs(c.At))
		if err != nil || r.todo(s, c.At) {
			return true, false, err
		}
		photos[i].Failed = n.Failed
		bad = bad || s == failed
	}
	if r.Do == DoSurvey || allFailed(photos) {
		return false, bad, nil
	}
	plan := r.planKey(c, photos)
	for _, w := range r.caseSteps(plan, photos) {
		s, _, err := r.recorded(stepName(w.kind, c.At, ""), w.key, r.dir(c.At), r.thumbs(c.At))
		if err != nil || r.todo(s, c.At) {
			return true, false, err
		}
		if s == failed {
			return false, true, nil // what follows was not begun
		}
	}
	return false, bad, nil
}

// finished reports whether this run has done a case already.
func (r *runner) finished(at string) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.gone[at]
}

// retries reports whether failures of a case are tried again: once in a run.
func (r *runner) retries(at string) bool { return r.Retry && !r.finished(at) }

// anew reports whether all of a case is done again: once in a run.
func (r *runner) anew(at string) bool { return r.Anew && !r.finished(at) }

// todo reports whether a step of a case is to be done.
func (r *runner) todo(s state, at string) bool {
	return s == undone || s == failed && r.retries(at) || r.anew(at)
}

// caseKey tells whether the journal's case is the one that was found.
func (r *runner) caseKey(c find.Case) string {
	var photos []string
	for _, p := range c.Photos {
		photos = append(photos, r.surveyKey(p))
	}
	return key(c.Path, c.Code, c.Bad, r.Do, photos)
}

// caseStep is a step of a whole case.
type caseStep struct{ kind, key string }

// caseSteps are those after the surveys, the plan first.
func (r *runner) caseSteps(plan string, photos []job.StepPhoto) []caseStep {
	steps := []caseStep{{step.Plan, plan}}
	if kind := r.pictureStep(); kind != "" {
		steps = append(steps, caseStep{kind, r.picturesKey(kind, plan, photos)})
	}
	if r.wantsGuide() {
		steps = append(steps, caseStep{step.Guide, r.guideKey(plan)})
	}
	return steps
}

func allFailed(photos []job.StepPhoto) bool {
	for _, p := range photos {
		if p.Failed == "" {
			return false
		}
	}
	return true
}

func (r *runner) dir(at string) string { return filepath.Join(r.Out, filepath.FromSlash(at)) }

// contact is the folder of contact sheets and small pictures.
const contact = "contact-sheets"

func (r *runner) thumbs(at string) string {
	return filepath.Join(r.Out, contact, "small", filepath.FromSlash(at))
}

func tooMany(n int) string {
	return fmt.Sprintf("holds %d photos, more than one client has: put each client's photos into a folder of its own", n)
}
