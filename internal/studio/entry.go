package studio

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"time"

	"pointille/internal/studio/authority"
)

// asset sends a file of the page.
func (s *Server) asset(name string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		f, ok := s.page.File(name)
		if !ok {
			problem(w, http.StatusNotFound, "there is no such file")
			return
		}
		w.Header().Set("Content-Type", f.Kind)
		w.Header().Set("ETag", f.Tag)
		w.Header().Set("Cache-Control", "no-cache")
		if r.Header.Get("If-None-Match") == f.Tag {
			w.WriteHeader(http.StatusNotModified)
			return
		}
		w.Write(f.Data)
	}
}

// entryPIN reads the PIN of a request. JSON only: no form of another site can send it.
func entryPIN(r *http.Request) (string, error) {
	if r.Header.Get("Content-Type") != "application/json" {
		return "", errors.New("the PIN is sent as JSON")
	}
	var in struct {
		PIN string `json:"pin"`
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		return "", fmt.Errorf("the PIN could not be read: %w", err)
	}
	return in.PIN, nil
}

// pair lets a tablet in.
func (s *Server) pair(w http.ResponseWriter, r *http.Request) {
	pin, err := entryPIN(r)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	t, err := s.gate.Pair(pin, from(r))
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	const days = 30
	s.setToken(w, t, days*24*3600)
	w.WriteHeader(http.StatusNoContent)
}

// unlock opens a locked tablet, or takes it back from a client.
func (s *Server) unlock(w http.ResponseWriter, r *http.Request) {
	pin, err := entryPIN(r)
	if err == nil {
		err = s.gate.Unlock(token(r), pin, from(r))
	}
	if err != nil {
		s.refuse(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (s *Server) refuse(w http.ResponseWriter, r *http.Request, err error) {
	s.log.Warn("a PIN was refused", "from", from(r), "why", err.Error())
	s.fail(w, r, err)
}

func (s *Server) lock(w http.ResponseWriter, r *http.Request) {
	if err := s.gate.Lock(token(r)); err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// openRecord opens the record with the passphrase that a tablet sends. JSON only, as
// for the PIN.
func (s *Server) openRecord(w http.ResponseWriter, r *http.Request) {
	var in struct {
		Passphrase string `json:"passphrase"`
	}
	if r.Header.Get("Content-Type") != "application/json" {
		s.fail(w, r, errors.New("the passphrase is sent as JSON"))
		return
	}
	if err := json.NewDecoder(r.Body).Decode(&in); err != nil {
		s.fail(w, r, errors.New("the passphrase could not be read")) // the error may quote it
		return
	}
	if err := s.OpenRecord(context.WithoutCancel(r.Context()), in.Passphrase); err != nil {
		s.log.Warn("the record was not opened", "from", from(r), "why", err.Error())
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// closeWithin is how long somebody who closes the record waits for what is at work.
const closeWithin = 8 * time.Second

// closeRecord closes the record for all tablets.
func (s *Server) closeRecord(w http.ResponseWriter, r *http.Request) {
	if err := s.CloseRecord(closeWithin); err != nil {
		s.fail(w, r, err)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

// trust adds the page that lets a tablet trust the studio's own authority, and the
// files of all pages.
func (s *Server) trust(mux *http.ServeMux) {
	mux.HandleFunc("GET /assets/{name}", func(w http.ResponseWriter, r *http.Request) { s.asset(r.PathValue("name"))(w, r) })
	mux.HandleFunc("GET /trust", s.asset("trust.html"))
	mux.HandleFunc("GET /trust/pointille-ca.crt", s.certificate("pointille-ca.crt", "application/x-x509-ca-cert", (*authority.Authority).DER))
	mux.HandleFunc("GET /trust/pointille.mobileconfig", s.certificate("pointille.mobileconfig", "application/x-apple-aspen-config", (*authority.Authority).Profile))
	mux.HandleFunc("GET /trust/fingerprint", s.fingerprint)
}

// certificate sends the root of the studio's own authority in one form: it is public.
func (s *Server) certificate(name, kind string, form func(*authority.Authority) []byte) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		if s.o.Authority == nil {
			problem(w, http.StatusNotFound, "this studio is served without TLS")
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Header().Set("Content-Disposition", fmt.Sprintf("attachment; filename=%q", name))
		w.Write(form(s.o.Authority))
	}
}

func (s *Server) fingerprint(w http.ResponseWriter, _ *http.Request) {
	text := ""
	if s.o.Authority != nil {
		text = s.o.Authority.Fingerprint()
	}
	writeJSON(w, map[string]string{"fingerprint": text})
}

// TrustOnly serves the trust page over plain http, for tablets that do not trust
// the authority yet, and nothing else.
func (s *Server) TrustOnly(address string) http.Handler {
	mux := http.NewServeMux()
	s.trust(mux)
	mux.HandleFunc("GET /{$}", func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/trust", http.StatusSeeOther) })
	mux.HandleFunc("GET /trust/address", func(w http.ResponseWriter, _ *http.Request) { writeJSON(w, map[string]string{"address": address}) })
	return s.shield(limited(mux))
}
