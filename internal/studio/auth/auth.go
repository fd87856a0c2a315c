// Package auth lets the studio's tablets in: pairing by a PIN, sessions, and the
// lock that falls when nobody touches a tablet.
//
// The PIN is kept as an argon2id hash and sessions as hashes of their tokens, in
// one file that only its owner can read, so that a tablet stays paired when the
// program starts again. Wrong PINs are answered more and more slowly, each
// address for itself and all together. A session can be handed to a client: it
// then reaches nothing but that client's consultation until the PIN is entered.
package auth

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"math/big"
	"sync"
	"time"

	"golang.org/x/crypto/argon2"
)

// Options of the gate. The zero value has the defaults.
type Options struct {
	File string           // where PIN and sessions are kept
	Idle time.Duration    // until a session locks; default 15 minutes
	Keep time.Duration    // until a session ends; default 30 days
	Now  func() time.Time // default time.Now

	MemoryKiB uint32 // that a PIN's hash takes; default 19 MiB, as OWASP recommends at least
}

func (o Options) withDefaults() Options {
	if o.Idle <= 0 {
		o.Idle = 15 * time.Minute
	}
	if o.Keep <= 0 {
		o.Keep = 30 * 24 * time.Hour
	}
	if o.MemoryKiB == 0 {
		o.MemoryKiB = 19 * 1024
	}
	if o.Now == nil {
		o.Now = time.Now
	}
	return o
}

// Errors that callers tell apart.
var (
	ErrNoSession = errors.New("this tablet is not paired")
	ErrLocked    = errors.New("locked: enter the PIN")
	ErrWrongPIN  = errors.New("this is not the PIN")
)

// TooOften is the error of somebody who has to wait.
type TooOften struct{ Wait time.Duration }

// Error says how long.
func (e TooOften) Error() string {
	return fmt.Sprintf("too many wrong PINs: wait %d s", int(e.Wait.Seconds())+1)
}

// Session is one paired tablet.
type Session struct {
	Hash    string    `json:"hash"` // of its token
	Created time.Time `json:"created"`
	Seen    time.Time `json:"seen"`
	Locked  bool      `json:"locked,omitempty"`
	Scope   string    `json:"scope,omitempty"` // the only client it reaches; empty: all
}

// Gate lets people in. It is safe for concurrent use.
type Gate struct {
	o        Options
	mu       sync.Mutex
	hashing  sync.Mutex // one hash at a time: each takes much memory, and that is its point
	kept     kept
	attempts map[string]attempt
}

// pinDigits of a PIN. With the waits a million tries take years.
const pinDigits = 6

// NewPIN makes a PIN, keeps its hash and ends all sessions.
func (g *Gate) NewPIN() (string, error) {
	n, err := rand.Int(rand.Reader, big.NewInt(1_000_000))
	if err != nil {
		return "", fmt.Errorf("making a PIN: %w", err)
	}
	pin := fmt.Sprintf("%0*d", pinDigits, n)
	salt := make([]byte, 16)
	rand.Read(salt) // never fails
	hash := g.hashOf(pin, salt)
	g.mu.Lock()
	defer g.mu.Unlock()
	g.kept = kept{Salt: hex.EncodeToString(salt), PIN: hex.EncodeToString(hash)}
	return pin, g.save()
}

// HasPIN reports whether there is a PIN already.
func (g *Gate) HasPIN() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.kept.PIN != ""
}

// hashOf is argon2id with two passes.
func (g *Gate) hashOf(pin string, salt []byte) []byte {
	return argon2.IDKey([]byte(pin), salt, 2, g.o.MemoryKiB, 1, 32)
}

// Pair checks a PIN that came from an address and returns a new session's token.
func (g *Gate) Pair(pin, from string) (token string, err error) {
	if err := g.check(pin, from); err != nil {
		return "", err
	}
	raw := make([]byte, 32)
	rand.Read(raw) // never fails
	token = base64.RawURLEncoding.EncodeToString(raw)
	g.mu.Lock()
	defer g.mu.Unlock()
	now := g.o.Now()
	g.kept.Sessions = append(g.fresh(now), Session{Hash: hashToken(token), Created: now, Seen: now})
	return token, g.save()
}

// mostSessions is more tablets than a studio has; the oldest go.
const mostSessions = 20

// fresh are the sessions that have not ended, with room for one more.
func (g *Gate) fresh(now time.Time) []Session {
	var out []Session
	for _, s := range g.kept.Sessions {
		if now.Sub(s.Created) < g.o.Keep {
			out = append(out, s)
		}
	}
	if len(out) >= mostSessions {
		out = out[len(out)-mostSessions+1:]
	}
	return out
}

// Enter finds the session of a token and, where touched, notes that somebody is
// there. A session left alone too long is locked.
func (g *Gate) Enter(token string, touched bool) (Session, error) {
	g.mu.Lock()
	defer g.mu.Unlock()
	s := g.find(token)
	if s == nil {
		return Session{}, ErrNoSession
	}
	now := g.o.Now()
	if !s.Locked && now.Sub(s.Seen) > g.o.Idle {
		s.Locked = true
		if err := g.save(); err != nil {
			return *s, err
		}
	}
	if s.Locked {
		return *s, ErrLocked
	}
	if touched {
		s.Seen = now
	}
	return *s, nil
}

func (g *Gate) find(token string) *Session {
	h := hashToken(token)
	for i := range g.kept.Sessions {
		s := &g.kept.Sessions[i]
		if subtle.ConstantTimeCompare([]byte(s.Hash), []byte(h)) == 1 && g.o.Now().Sub(s.Created) < g.o.Keep {
			return s
		}
	}
	return nil
}

// Unlock opens a locked or handed-over session with the PIN.
func (g *Gate) Unlock(token, pin, from string) error {
	return g.change(token, func(s *Session) error {
		if err := g.check(pin, from); err != nil {
			return err
		}
		s.Locked, s.Scope, s.Seen = false, "", g.o.Now()
		return nil
	})
}

// Lock locks a session at once.
func (g *Gate) Lock(token string) error {
	return g.change(token, func(s *Session) error { s.Locked = true; return nil })
}

// HandOver gives a session to a client: it reaches only that one from now on.
func (g *Gate) HandOver(token, client string) error {
	return g.change(token, func(s *Session) error { s.Scope = client; return nil })
}

// change alters a copy of a session and keeps it: what f takes long over (a
// hash) holds nobody else up.
func (g *Gate) change(token string, f func(*Session) error) error {
	g.mu.Lock()
	s := g.find(token)
	if s == nil {
		g.mu.Unlock()
		return ErrNoSession
	}
	altered := *s
	g.mu.Unlock()
	if err := f(&altered); err != nil {
		return err
	}
	g.mu.Lock()
	defer g.mu.Unlock()
	if s = g.find(token); s == nil {
		return ErrNoSession
	}
	*s = altered
	return g.save()
}

func hashToken(token string) string {
	sum := sha256.Sum256([]byte(token))
	return hex.EncodeToString(sum[:])
}
