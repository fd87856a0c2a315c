package studio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"

	"pointille/internal/civil"
	"pointille/internal/job"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/planner/consent"
	"pointille/planner/schedule"
	"pointille/planner/screening"
	"pointille/planner/wishes"
)

// Names of documents in a client's folder of plans.
const (
	planFile     = "plan.json"
	answersFile  = "answers.json"
	wishesFile   = "wishes.json"
	settingsFile = "settings.json"
)

// documents writes the settled plan's documents as the command line does, unless
// they lie there already, and returns their folder. The caller holds o.docs.
func (s *Server) documents(ctx context.Context, o *open) (dir string, err error) {
	m, err := o.desk.Settle(ctx)
	if err != nil {
		return "", err
	}
	dir = filepath.Join(o.desk.Dir(), desk.PlanDir)
	if o.ready == m.Rev {
		return dir, nil
	}
	state := o.log.State()
	names := map[string]string{}
	for _, p := range state.Photos {
		names[p.SHA256] = p.Slot
	}
	if err := job.WritePlan(ctx, dir, m.Result, names); err != nil {
		return "", err
	}
	if err := wishes.Write(ctx, filepath.Join(dir, wishesFile), state.Wishes); err != nil {
		return "", err
	}
	if state.Answers != nil {
		if err := screening.Write(ctx, filepath.Join(dir, answersFile), state.Answers); err != nil {
			return "", err
		}
	}
	o.ready = m.Rev
	return dir, nil
}

// planned are the settled plan's documents, for the record: what was printed, set on
// days or signed. The caller holds o.docs.
func (o *open) planned(dir string) ([]record.File, error) {
	names, err := filepath.Glob(filepath.Join(dir, "*.dots.csv"))
	if err != nil {
		return nil, fmt.Errorf("keeping the plan: %w", err)
	}
	for _, name := range []string{planFile, "dots.csv", wishesFile, answersFile} {
		names = append(names, filepath.Join(dir, name))
	}
	return readAll(names)
}

// readAll reads files for the record; those that there are.
func readAll(paths []string) ([]record.File, error) {
	var out []record.File
	for _, path := range paths {
		data, err := os.ReadFile(path)
		if errors.Is(err, os.ErrNotExist) {
			continue
		}
		if err != nil {
			return nil, fmt.Errorf("keeping the plan: %w", err)
		}
		out = append(out, record.File{Name: filepath.Base(path), Content: data})
	}
	return out, nil
}

// file adds the plan that leaves the house to the record, once. The caller holds
// o.docs.
func (o *open) file(ctx context.Context, dir string) error {
	if o.filed == o.ready {
		return nil
	}
	files, err := o.planned(dir)
	if err != nil {
		return err
	}
	if err := o.held.File(context.WithoutCancel(ctx), files); err != nil {
		return err
	}
	o.filed = o.ready
	return nil
}

// settingsPath is the file of the studio's settings, for the command line's functions;
// none where there are no settings of its own.
func settingsPath(dir string) (string, error) {
	path := filepath.Join(dir, settingsFile)
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return "", nil
	} else if err != nil {
		return "", fmt.Errorf("reading the studio's settings: %w", err)
	}
	return path, nil
}

// planJSON sends the settled plan.
func (s *Server) planJSON(w http.ResponseWriter, r *http.Request) {
	s.document(w, r, planFile, "application/json", func(context.Context, *open, string) error { return nil })
}

// guide sends the printed guide.
func (s *Server) guide(w http.ResponseWriter, r *http.Request) {
	lang, paper := r.URL.Query().Get("lang"), r.URL.Query().Get("paper")
	if lang != "lv" {
		lang = "en"
	}
	if paper != "letter" {
		paper = "a4"
	}
	name := "guide-" + lang + "-" + paper + ".pdf"
	s.document(w, r, name, "application/pdf", func(ctx context.Context, o *open, dir string) error {
		own, err := settingsPath(s.o.Dir)
		if err != nil {
			return err
		}
		return o.held.WithPhotos(ctx, func(photos string) error {
			_, err := job.Guide(ctx, job.GuideOptions{
				Plan: filepath.Join(dir, planFile), Photos: photos, Paper: paper, MeasuredMM: 50, Lang: lang,
				Settings: own, Out: filepath.Join(dir, name), Generator: s.o.Generator,
			})
			return err
		})
	})
}

// calendar sends the sessions' days.
func (s *Server) calendar(w http.ResponseWriter, r *http.Request) {
	s.document(w, r, job.CalendarFile, "text/calendar; charset=utf-8", func(_ context.Context, o *open, _ string) error {
		if o.log.State().Scheduled == nil {
			return fmt.Errorf("%w: no days are set", record.ErrUnknown)
		}
		return nil
	})
}

// document makes a file of the plan's folder and sends it.
func (s *Server) document(w http.ResponseWriter, r *http.Request, name, kind string, prepare func(context.Context, *open, string) error) {
	o, err := s.open(r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	o.docs.Lock()
	defer o.docs.Unlock()
	dir, err := s.documents(r.Context(), o)
	if err == nil {
		err = prepare(r.Context(), o, dir)
	}
	if err == nil {
		err = o.file(r.Context(), dir)
	}
	var data []byte
	if err == nil {
		data, err = os.ReadFile(filepath.Join(dir, name))
	}
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Disposition", fmt.Sprintf("inline; filename=%q", fileName(o.log.State().Code)+"-"+name))
	http.ServeContent(w, r, "", o.log.State().Changed, bytes.NewReader(data))
}

// fileName is a client's code with plain signs only.
func fileName(code string) string {
	return regexp.MustCompile(`[^A-Za-z0-9_-]+`).ReplaceAllString(code, "-")
}

type scheduleInput struct {
	ID   string `path:"id"`
	Body record.Days
}

// postSchedule sets the sessions on days.
func (s *Server) postSchedule(ctx context.Context, in *scheduleInput) (*body[job.Scheduled], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	first, err := civil.Parse(in.Body.First)
	if err != nil {
		return nil, s.told(err)
	}
	o.docs.Lock()
	defer o.docs.Unlock()
	dir, err := s.documents(ctx, o)
	if err != nil {
		return nil, s.told(err)
	}
	answers := ""
	if o.log.State().Answers != nil {
		answers = filepath.Join(dir, answersFile)
	}
	own, err := settingsPath(s.o.Dir)
	if err != nil {
		return nil, s.told(err)
	}
	out, err := job.Schedule(ctx, job.ScheduleOptions{
		Plan: filepath.Join(dir, planFile), Answers: answers, Settings: own, First: first, Start: in.Body.Start, Today: s.today(),
		Override: in.Body.Override, Out: dir, Generator: s.o.Generator,
	})
	if err != nil {
		return nil, s.told(err)
	}
	files, err := o.planned(dir)
	if err != nil {
		return nil, s.told(err)
	}
	days, err := readAll(out.Files)
	if err != nil {
		return nil, s.told(err)
	}
	if _, err := s.edit(o, record.NewID(), record.Schedule, in.Body, record.With{Files: append(files, days...)}); err != nil {
		return nil, s.told(err)
	}
	o.filed = o.ready
	out.Files = nil
	return &body[job.Scheduled]{*out}, nil
}

type consentInput struct {
	ID   string `path:"id"`
	Lang string `query:"lang" enum:"en,lv" default:"en"`
}

type consentBody struct {
	Text   string           `json:"text"`
	SHA256 string           `json:"sha256"`
	Signed *consent.Consent `json:"signed,omitempty"`
	Events []schedule.Event `json:"events"`
}

// consentText is what the client reads, and what was signed.
func (s *Server) consentText(ctx context.Context, in *consentInput) (*body[consentBody], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	o.docs.Lock()
	defer o.docs.Unlock()
	text, dir, err := s.text(ctx, o, in.Lang)
	if err != nil {
		return nil, s.told(err)
	}
	out := consentBody{Text: text, SHA256: consent.Hash(text), Events: []schedule.Event{}}
	if sc, err := schedule.Read(filepath.Join(dir, job.ScheduleFile)); err == nil {
		out.Events = sc.Events
	}
	if signed := o.log.State().Signed; signed != nil {
		if out.Signed, err = consent.Read(filepath.Join(o.desk.Dir(), signed.File)); err != nil {
			return nil, s.told(err)
		}
	}
	return &body[consentBody]{out}, nil
}

// text assembles the consent of the settled plan; the caller holds o.docs.
func (s *Server) text(ctx context.Context, o *open, lang string) (text, dir string, err error) {
	dir, err = s.documents(ctx, o)
	if err != nil {
		return "", "", err
	}
	own, err := settingsPath(s.o.Dir)
	if err != nil {
		return "", "", err
	}
	text, err = job.ConsentText(ctx, job.ConsentOptions{Plan: filepath.Join(dir, planFile), Settings: own, Lang: lang})
	return text, dir, err
}

type signInput struct {
	ID   string `path:"id"`
	Body struct {
		Name     string          `json:"name" maxLength:"200"`
		Lang     string          `json:"lang" enum:"en,lv"`
		SHA256   string          `json:"sha256" doc:"of the text that was read"`
		Strokes  [][][2]float64  `json:"strokes" doc:"of the signature, mm"`
		Purposes map[string]bool `json:"purposes" doc:"treat, keep, show: each agreed to or not"`
	}
}

// sign keeps a signature under the text that was read. Where the text is another
// one by now, nothing is signed.
func (s *Server) sign(ctx context.Context, in *signInput) (*body[json.RawMessage], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	if err := s.keepSignature(ctx, o, in); err != nil {
		return nil, s.told(err)
	}
	return s.raw(s.whole(o))
}

// keepSignature puts the consent into the record, with the plan that it is about.
func (s *Server) keepSignature(ctx context.Context, o *open, in *signInput) error {
	o.docs.Lock()
	defer o.docs.Unlock()
	text, dir, err := s.text(ctx, o, in.Body.Lang)
	if err != nil {
		return err
	}
	if consent.Hash(text) != in.Body.SHA256 {
		return errors.New("the text has changed since it was read: read it again")
	}
	at := s.o.Now()
	c, err := consent.Sign(o.log.State().Code, text, consent.Signature{
		Name: in.Body.Name, At: at, How: consent.Tablet, Strokes: in.Body.Strokes, Purposes: in.Body.Purposes,
	})
	if err != nil {
		return err
	}
	files, err := o.planned(dir)
	if err != nil {
		return err
	}
	file := "consent-" + at.UTC().Format("20060102-150405") + ".json"
	path := filepath.Join(o.held.Dir, file)
	if err := consent.Write(ctx, path, c); err != nil {
		return err
	}
	written, err := readAll([]string{path})
	if err != nil {
		return err
	}
	_, err = s.edit(o, record.NewID(), record.Sign, record.Signed{File: file, SHA256: c.SHA256}, record.With{Files: append(files, written...)})
	if err == nil {
		o.filed = o.ready
	}
	return err
}

// journal sends the log: every edit, for whoever asks what was done when.
func (s *Server) journal(w http.ResponseWriter, r *http.Request) {
	lines, err := s.sh.Journal(r.Context(), r.PathValue("id"))
	if err != nil {
		s.fail(w, r, err)
		return
	}
	w.Header().Set("Content-Type", "application/jsonl")
	w.Write(append(bytes.Join(lines, []byte("\n")), '\n'))
}

func writeJSON(w http.ResponseWriter, v any) {
	data, err := json.Marshal(v)
	if err != nil {
		problem(w, http.StatusInternalServerError, "the answer could not be written")
		return
	}
	w.Header().Set("Content-Type", "application/json")
	w.Write(data)
}
