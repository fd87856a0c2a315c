package studio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"runtime/debug"
	"slices"
	"strconv"
	"strings"
	"time"

	"pointille/internal/records"
	"pointille/internal/records/attempts"
	"pointille/internal/studio/auth"
	"pointille/internal/studio/desk"
	"pointille/internal/studio/record"
	"pointille/internal/studio/worker"
)

// cookie is the session's.
const cookie = "pointille"

func token(r *http.Request) string {
	c, err := r.Cookie(cookie)
	if err != nil {
		return ""
	}
	return c.Value
}

func (s *Server) setToken(w http.ResponseWriter, value string, age int) {
	http.SetCookie(w, &http.Cookie{
		Name: cookie, Value: value, Path: "/", MaxAge: age, HttpOnly: true, Secure: s.o.Secure, SameSite: http.SameSiteStrictMode,
	})
}

// from is the address a request came from.
func from(r *http.Request) string {
	host, _, err := net.SplitHostPort(r.RemoteAddr)
	if err != nil {
		return r.RemoteAddr
	}
	return host
}

// shield stands before everything: it sets what every answer says, refuses hosts
// that are not ours (a foreign name that was pointed at this machine), refuses
// requests other sites make, and survives a fault in a handler.
func (s *Server) shield(next http.Handler) http.Handler {
	foreign := http.NewCrossOriginProtection()
	guarded := foreign.Handler(next)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			if p := recover(); p != nil && p != http.ErrAbortHandler {
				s.log.Error("a request failed", "path", r.URL.Path, "fault", fmt.Sprint(p), "stack", string(debug.Stack()))
				problem(w, http.StatusInternalServerError, "something went wrong in the program; it is written down in its log")
			}
		}()
		h := w.Header()
		h.Set("Content-Security-Policy", "default-src 'self'; img-src 'self' blob: data:; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'")
		h.Set("X-Content-Type-Options", "nosniff")
		h.Set("Referrer-Policy", "no-referrer")
		h.Set("Cross-Origin-Opener-Policy", "same-origin")
		h.Set("Cross-Origin-Resource-Policy", "same-origin")
		h.Set("Permissions-Policy", "geolocation=(), microphone=(), camera=(self)")
		h.Set("Cache-Control", "no-store")
		if s.o.Secure {
			h.Set("Strict-Transport-Security", "max-age=31536000")
		}
		host, _, err := net.SplitHostPort(r.Host)
		if err != nil {
			host = r.Host
		}
		if !slices.Contains(s.o.Hosts, strings.Trim(host, "[]")) {
			problem(w, http.StatusMisdirectedRequest, "this studio does not answer to that name")
			return
		}
		guarded.ServeHTTP(w, r)
	})
}

type sessionKey struct{}

// members lets only paired tablets through, and those in a client's hands only to
// that client.
func (s *Server) members(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		session, err := s.gate.Enter(token(r), !strings.HasSuffix(r.URL.Path, "/events"))
		switch {
		case errors.Is(err, auth.ErrLocked):
			problem(w, http.StatusLocked, err.Error())
			return
		case err != nil:
			problem(w, http.StatusUnauthorized, err.Error())
			return
		case !within(session.Scope, r):
			problem(w, http.StatusForbidden, "the tablet is in a client's hands: enter the PIN first")
			return
		}
		if !strings.HasSuffix(r.URL.Path, "/events") {
			s.touched()
		}
		next.ServeHTTP(w, r.WithContext(context.WithValue(r.Context(), sessionKey{}, session)))
	})
}

// within reports whether a session may make a request. In a client's hands it may
// look at that client and sign; it deletes nobody, is not handed on, and has nothing
// to do with the record.
func within(scope string, r *http.Request) bool {
	if scope != "" && (r.URL.Path == "/api/hand-over" || strings.HasPrefix(r.URL.Path, "/api/record/")) {
		return false
	}
	rest, below := strings.CutPrefix(r.URL.Path, "/api/clients")
	if scope == "" || !below {
		return true
	}
	own := rest == "/"+scope || strings.HasPrefix(rest, "/"+scope+"/")
	house := strings.HasPrefix(rest, "/"+scope+"/ink") || strings.HasPrefix(rest, "/"+scope+"/bottles") // the studio's bottles, and what is written down of them
	return own && !house && r.Method != http.MethodDelete
}

// refusal is a problem as tablets are told of it (RFC 9457). It is huma's error too.
type refusal struct {
	Status  int    `json:"status"`
	Title   string `json:"title"`
	Detail  string `json:"detail"`
	Latvian string `json:"lv,omitempty"`   // the detail, where it is known
	Type    string `json:"type,omitempty"` // tells it apart from others with the same status
}

func (r *refusal) Error() string { return r.Detail }

// GetStatus is for huma.
func (r *refusal) GetStatus() int { return r.Status }

func (r *refusal) send(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/problem+json")
	w.WriteHeader(r.Status)
	json.NewEncoder(w).Encode(r)
}

func problem(w http.ResponseWriter, status int, detail string) {
	(&refusal{Status: status, Title: http.StatusText(status), Detail: detail}).send(w)
}

// refusal says an error without this machine's folders, and in Latvian where that is known.
func (s *Server) refusal(err error) *refusal {
	r := &refusal{Status: status(err), Title: http.StatusText(status(err)), Detail: s.plain(err)}
	r.Latvian = s.refused(r.Detail)
	if errors.Is(err, ErrRecordClosed) {
		r.Type = "record-closed"
	}
	return r
}

// status is the answer's number for an error.
func status(err error) int {
	_, often := pause(err)
	var photo *worker.Error
	var large *http.MaxBytesError
	switch {
	case errors.Is(err, ErrRecordClosed):
		return http.StatusLocked
	case errors.Is(err, record.ErrNotKept):
		return http.StatusServiceUnavailable // tablets send it again
	case errors.Is(err, record.ErrUnknown), errors.Is(err, records.ErrNotFound):
		return http.StatusNotFound
	case errors.Is(err, records.ErrDamaged):
		return http.StatusInternalServerError
	case often:
		return http.StatusTooManyRequests
	case errors.Is(err, auth.ErrWrongPIN), errors.Is(err, records.ErrWrong):
		return http.StatusForbidden
	case errors.Is(err, auth.ErrNoSession):
		return http.StatusUnauthorized
	case errors.Is(err, desk.ErrStale), errors.Is(err, record.ErrNothing), errors.Is(err, records.ErrExists), errors.Is(err, records.ErrInUse), errors.Is(err, ErrBusy):
		return http.StatusConflict
	case errors.As(err, &photo), errors.Is(err, worker.ErrCrashed):
		return http.StatusUnprocessableEntity
	case errors.Is(err, errNoPhoto):
		return http.StatusUnsupportedMediaType
	case errors.As(err, &large):
		return http.StatusRequestEntityTooLarge
	case errors.Is(err, context.Canceled):
		return 499 // nobody waits for the answer
	}
	return http.StatusBadRequest
}

// pause is how long whoever guessed too often has to wait.
func pause(err error) (wait time.Duration, often bool) {
	var pin auth.TooOften
	var passphrase *attempts.WaitError
	switch {
	case errors.As(err, &pin):
		return pin.Wait, true
	case errors.As(err, &passphrase):
		return passphrase.Wait, true
	}
	return 0, false
}

// fail answers with an error, without this machine's folders in it.
func (s *Server) fail(w http.ResponseWriter, _ *http.Request, err error) {
	if wait, often := pause(err); often {
		w.Header().Set("Retry-After", strconv.Itoa(int(wait.Seconds())+1))
	}
	s.refusal(err).send(w)
}

// plain is an error without this machine's folders in it. What is worked on lies in
// folders that say nothing either.
func (s *Server) plain(err error) string {
	text := err.Error()
	for _, f := range [][2]string{{s.workFolder(), "the working folder"}, {s.o.Record, "the record"}, {s.o.Dir, "the studio's folder"}} {
		if f[0] != "" {
			text = strings.ReplaceAll(strings.ReplaceAll(text, f[0]+"/", ""), f[0], f[1])
		}
	}
	return text
}

func (s *Server) workFolder() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.sh == nil {
		return ""
	}
	return s.sh.Work()
}
