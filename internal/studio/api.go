package studio

import (
	"cmp"
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"time"

	"github.com/danielgtaylor/huma/v2"
	"github.com/danielgtaylor/huma/v2/adapters/humago"

	"pointille/internal/civil"
	"pointille/internal/studio/auth"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/internal/studio/shelf"
	"pointille/planner/screening"
	"pointille/planner/treatment"
)

// api adds the JSON part, which describes itself at /api/openapi.json.
func (s *Server) api(mux *http.ServeMux) {
	c := huma.DefaultConfig("Pointille studio", "1")
	c.DocsPath, c.OpenAPIPath, c.SchemasPath = "", "/api/openapi", "/api/schemas"
	c.CreateHooks = nil // no links to schemas in every answer
	api := humago.New(onceMux{mux}, c)
	huma.Get(api, "/api/session", s.session)
	huma.Post(api, "/api/hand-over", s.handOver)
	huma.Get(api, "/api/questions", s.questions)
	huma.Get(api, "/api/clients", s.clients)
	huma.Post(api, "/api/clients", s.create)
	huma.Get(api, "/api/clients/{id}", s.client)
	huma.Delete(api, "/api/clients/{id}", s.deleteClient)
	huma.Post(api, "/api/clients/{id}/edits", s.postEdits)
	huma.Post(api, "/api/clients/{id}/settle", s.settle)
	huma.Get(api, "/api/clients/{id}/views/{slot}", s.view)
	huma.Get(api, "/api/clients/{id}/screening", s.screening)
	huma.Post(api, "/api/clients/{id}/schedule", s.postSchedule)
	huma.Get(api, "/api/clients/{id}/consent", s.consentText)
	huma.Post(api, "/api/clients/{id}/sign", s.sign)
	huma.Get(api, "/api/clients/{id}/bottles", s.bottles)
	huma.Post(api, "/api/clients/{id}/ink", s.postInk)
	huma.Delete(api, "/api/clients/{id}/ink/{use}", s.deleteInk)
}

// onceMux hands out writers that take one status. huma sets another (499) where a tablet
// hangs up in the middle of an answer, for logs that we do not keep; net/http complains
// of that in ours.
type onceMux struct{ *http.ServeMux }

// HandleFunc adds a handler.
func (m onceMux) HandleFunc(pattern string, f func(http.ResponseWriter, *http.Request)) {
	m.ServeMux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) { f(&onceWriter{ResponseWriter: w}, r) })
}

type onceWriter struct {
	http.ResponseWriter
	said bool
}

// WriteHeader passes the first status on.
func (w *onceWriter) WriteHeader(status int) {
	if !w.said {
		w.said = true
		w.ResponseWriter.WriteHeader(status)
	}
}

// Unwrap lets deadlines through.
func (w *onceWriter) Unwrap() http.ResponseWriter { return w.ResponseWriter }

// body wraps an answer as huma wants it.
type body[T any] struct{ Body T }

// told turns an error into huma's.
func (s *Server) told(err error) error {
	if err == nil {
		return nil
	}
	return s.refusal(err)
}

// raw is an answer that the description of the API says nothing about.
func (s *Server) raw(v any) (*body[json.RawMessage], error) {
	data, err := json.Marshal(v)
	if err != nil {
		return nil, s.told(err)
	}
	return &body[json.RawMessage]{data}, nil
}

type sessionInfo struct {
	Scope   string `json:"scope" doc:"the only client this tablet reaches; empty: all"`
	Studio  string `json:"studio"`
	Lang    string `json:"lang" enum:"en,lv"`
	Version string `json:"version"`
	Record  string `json:"record" enum:"open,closed"`
}

func (s *Server) session(ctx context.Context, _ *struct{}) (*body[sessionInfo], error) {
	own, _ := ctx.Value(sessionKey{}).(auth.Session)
	record := "closed"
	if s.RecordOpen() {
		record = "open"
	}
	return &body[sessionInfo]{sessionInfo{own.Scope, s.o.Settings.Studio, cmp.Or(s.o.Settings.Language, "en"), s.o.Generator, record}}, nil
}

type handOverInput struct {
	Session string `cookie:"pointille"`
	Body    struct {
		Client string `json:"client"`
	}
}

// handOver gives the tablet to a client; only the PIN takes it back.
func (s *Server) handOver(_ context.Context, in *handOverInput) (*struct{}, error) {
	if _, err := s.open(in.Body.Client); err != nil {
		return nil, s.told(err)
	}
	return nil, s.told(s.gate.HandOver(in.Session, in.Body.Client))
}

type question struct {
	ID          string `json:"id"`
	Question    string `json:"question"`
	Dated       bool   `json:"dated" doc:"asked for the day it last was"`
	Certificate bool   `json:"certificate" doc:"a doctor's certificate lets the client through"`
}

type langInput struct {
	Lang string `query:"lang" enum:"en,lv" default:"en"`
}

func (s *Server) questions(_ context.Context, in *langInput) (*body[[]question], error) {
	out := []question{}
	for _, c := range s.o.Settings.Rules() {
		out = append(out, question{c.ID, c.Question.In(in.Lang), c.Dated, c.Rule == treatment.Certificate})
	}
	return &body[[]question]{out}, nil
}

type listed struct {
	ID      string    `json:"id"`
	Code    string    `json:"code"`
	Changed time.Time `json:"changed"`
	Photos  []string  `json:"photos"`
	Signed  bool      `json:"signed"`
	Damaged string    `json:"damaged,omitempty" doc:"why it cannot be opened"`
}

func (s *Server) clients(ctx context.Context, _ *struct{}) (*body[[]listed], error) {
	all, err := s.sh.List(ctx)
	if err != nil {
		return nil, s.told(err)
	}
	out := make([]listed, len(all))
	for i, c := range all {
		out[i] = s.briefly(ctx, c)
	}
	slices.SortStableFunc(out, func(a, b listed) int { return b.Changed.Compare(a.Changed) })
	return &body[[]listed]{out}, nil
}

// briefed is what the list says of a client, and how long its journal was then.
type briefed struct {
	listed
	lines int
}

// briefly says what the list says of a client; the journal is read only where it has
// grown since.
func (s *Server) briefly(ctx context.Context, c shelf.Listed) listed {
	s.mu.Lock()
	b, known := s.brief[c.ID]
	s.mu.Unlock()
	if known && b.lines == c.Lines {
		return b.listed
	}
	b = briefed{listed{ID: c.ID, Code: c.Code, Changed: c.Created, Photos: []string{}}, c.Lines}
	state, err := s.sh.State(ctx, c.ID)
	if err != nil {
		b.Damaged = s.plain(err)
		return b.listed
	}
	for _, p := range state.Photos {
		b.Photos = append(b.Photos, p.Slot)
	}
	if c.Lines > 0 {
		b.Changed, b.Signed = state.Changed, state.Signed != nil
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.brief[c.ID] = b
	return b.listed
}

type createInput struct {
	Body struct {
		Code string `json:"code" doc:"never a name" maxLength:"80"`
	}
}

type createdClient struct {
	ID string `json:"id"`
}

func (s *Server) create(ctx context.Context, in *createInput) (*body[createdClient], error) {
	id, err := s.sh.Create(context.WithoutCancel(ctx), in.Body.Code)
	if err != nil {
		return nil, s.told(err)
	}
	return &body[createdClient]{createdClient{id}}, nil
}

type idInput struct {
	ID string `path:"id"`
}

func (s *Server) client(_ context.Context, in *idInput) (*body[json.RawMessage], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	return s.raw(s.whole(o))
}

func (s *Server) deleteClient(ctx context.Context, in *idInput) (*struct{}, error) {
	return nil, s.told(s.remove(context.WithoutCancel(ctx), in.ID))
}

type editsInput struct {
	ID   string `path:"id"`
	Body []struct {
		ID   string          `json:"id" maxLength:"80" doc:"the same edit sent twice counts once"`
		Kind string          `json:"kind" enum:"answers,wishes,correct,keep,unphoto,undo,redo"`
		Data json.RawMessage `json:"data,omitempty"`
	} `maxItems:"200"`
}

// postEdits adds edits in their order. The first that cannot be is an error, and
// those before it stay.
func (s *Server) postEdits(_ context.Context, in *editsInput) (*body[json.RawMessage], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	for _, e := range in.Body {
		var data any = e.Data
		if len(e.Data) == 0 {
			data = nil
		}
		if _, err := s.edit(o, e.ID, e.Kind, data, record.With{}); err != nil {
			return nil, s.told(err)
		}
	}
	return s.raw(s.whole(o))
}

// settle waits for the plan that is printed and signed.
func (s *Server) settle(ctx context.Context, in *idInput) (*body[json.RawMessage], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	if _, err := o.desk.Settle(ctx); err != nil {
		return nil, s.told(err)
	}
	return s.raw(s.whole(o))
}

type viewInput struct {
	ID     string `path:"id"`
	Slot   string `path:"slot"`
	Design string `query:"design" enum:",a,b"`
}

func (s *Server) view(ctx context.Context, in *viewInput) (*body[json.RawMessage], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	m, err := o.design(ctx, in.Design)
	if err != nil {
		return nil, s.told(err)
	}
	v, err := o.desk.View(in.Slot, m)
	if err != nil {
		return nil, s.told(err)
	}
	return s.raw(s.toldView(v))
}

// design is the present plan, nil for none, or one put aside.
func (o *open) design(ctx context.Context, name string) (*desk.Made, error) {
	if name != "" {
		return o.desk.Kept(ctx, name)
	}
	m, _ := o.desk.Current()
	return m, nil
}

type screeningInput struct {
	ID   string `path:"id"`
	Lang string `query:"lang" enum:"en,lv" default:"en"`
}

type screened struct {
	Outcome    string   `json:"outcome" enum:"none,go,wait,certificate,no"`
	Sentence   string   `json:"sentence"`
	Reasons    []string `json:"reasons"`
	Unanswered int      `json:"unanswered"`
}

// screening says what the answers allow today.
func (s *Server) screening(_ context.Context, in *screeningInput) (*body[screened], error) {
	o, err := s.open(in.ID)
	if err != nil {
		return nil, s.told(err)
	}
	out := screened{Outcome: "none", Reasons: []string{}}
	if a := o.log.State().Answers; a != nil {
		r := screening.Screen(a, s.o.Settings.Rules(), s.today())
		out.Outcome, out.Sentence, out.Unanswered = string(r.Outcome), r.Sentence(in.Lang), r.Unanswered
		for _, x := range r.Reasons {
			out.Reasons = append(out.Reasons, x.Sentence(in.Lang))
		}
	}
	return &body[screened]{out}, nil
}

func (s *Server) today() civil.Date { return civil.On(s.o.Now().In(s.o.Settings.Zone())) }
