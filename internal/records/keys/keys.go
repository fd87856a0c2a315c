// Package keys makes, keeps and opens the keys of a record.
//
// A record has one random master key of 256 bits that never changes. It lies in
// the record's header twice, sealed with XChaCha20-Poly1305: once under a key
// that Argon2id derives from the passphrase, with the parameters that stand
// beside it, and once under the recovery key, which is random, has 160 bits and
// is told once. Every other key is derived from the master key by HKDF-SHA-256
// under a name of its own. Keys live in memory only, in a Ring.
//
// Errors: ErrWrong where a passphrase or recovery key does not open the header.
// It is one error for every cause, so that it says nothing about how wrong the
// word was, nor whether the sealed key was tampered with.
package keys

import (
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"errors"
	"fmt"
	"strings"

	"golang.org/x/crypto/argon2"
	"golang.org/x/crypto/chacha20poly1305"
	"golang.org/x/text/unicode/norm"
)

// Size of keys, bytes.
const Size = 32

// ErrWrong is returned where a passphrase or recovery key does not fit.
var ErrWrong = errors.New("the passphrase does not open this record")

// ErrSealed is returned where something sealed was changed or belongs to
// another key.
var ErrSealed = errors.New("does not open under its key: it was changed or is damaged")

// MinPassphrase is the least number of characters of a passphrase.
const MinPassphrase = 12

// Cost is what Argon2id may use (RFC 9106).
type Cost struct {
	MemoryKiB uint32 // default 131072 (128 MiB)
	Passes    uint32 // default 3
	Lanes     uint8  // default 4
}

// Bounds of a cost that is read from a header: no file may make the program
// take all memory or all day.
const (
	maxMemoryKiB = 4 << 20
	maxPasses    = 64
)

func (c Cost) applyDefaults() Cost {
	if c.MemoryKiB == 0 {
		c.MemoryKiB = 128 << 10
	}
	if c.Passes == 0 {
		c.Passes = 3
	}
	if c.Lanes == 0 {
		c.Lanes = 4
	}
	return c
}

func (c Cost) validate() error {
	if c.MemoryKiB < 8*uint32(c.Lanes) || c.MemoryKiB > maxMemoryKiB || c.Passes < 1 || c.Passes > maxPasses || c.Lanes < 1 {
		return fmt.Errorf("%d KiB, %d passes, %d lanes are no cost of Argon2id that this program takes", c.MemoryKiB, c.Passes, c.Lanes)
	}
	return nil
}

// derive stretches a passphrase. Letters that can be typed in several ways
// (composed or not) give the same key.
func (c Cost) derive(passphrase string, salt []byte) []byte {
	text := []byte(norm.NFC.String(passphrase))
	defer clear(text)
	return argon2.IDKey(text, salt, c.Passes, c.MemoryKiB, c.Lanes, Size)
}

// CheckPassphrase refuses what is too short to protect anything.
func CheckPassphrase(p string) error {
	if n := len([]rune(norm.NFC.String(p))); n < MinPassphrase {
		return fmt.Errorf("a passphrase needs at least %d characters, this one has %d; four or five words that have nothing to do with each other are good", MinPassphrase, n)
	}
	if strings.ContainsAny(p, "\r\n\x00") {
		return errors.New("a passphrase is one line")
	}
	return nil
}

// Ring holds the keys of an open record.
type Ring struct {
	master []byte
}

// Derive returns the key for a purpose.
func (r *Ring) Derive(purpose string) []byte { return Derive(r.master, purpose) }

// Close wipes the master key from memory, as far as Go lets it.
func (r *Ring) Close() { clear(r.master) }

// Derive returns a key for a purpose from another key.
func Derive(key []byte, purpose string) []byte {
	out, err := hkdf.Key(sha256.New, key, nil, "pointille record: "+purpose, Size)
	if err != nil {
		panic("hkdf refuses a fixed length: " + err.Error()) // cannot be: 32 bytes are far below its limit
	}
	return out
}

// New returns n random bytes.
func New(n int) []byte {
	b := make([]byte, n)
	rand.Read(b) // never fails: the runtime ends the program instead
	return b
}

// Seal encrypts plain under key and binds it to what: opened for anything else
// it is refused.
func Seal(key, plain []byte, what string) ([]byte, error) {
	s, err := NewSealer(key)
	if err != nil {
		return nil, err
	}
	return s.Seal(plain, what), nil
}

// Open undoes Seal, or returns ErrSealed.
func Open(key, sealed []byte, what string) ([]byte, error) {
	s, err := NewSealer(key)
	if err != nil {
		return nil, err
	}
	return s.Open(sealed, what)
}

// Sealer opens many things under one key.
type Sealer struct{ aead cipher.AEAD }

// NewSealer returns the sealer of a key.
func NewSealer(key []byte) (*Sealer, error) {
	aead, err := chacha20poly1305.NewX(key)
	if err != nil {
		return nil, fmt.Errorf("making a sealer: %w", err)
	}
	return &Sealer{aead}, nil
}

// Seal is the function Seal under the sealer's key.
func (s *Sealer) Seal(plain []byte, what string) []byte {
	nonce := New(s.aead.NonceSize())
	return s.aead.Seal(nonce, nonce, plain, []byte(what))
}

// Open is the function Open under the sealer's key.
func (s *Sealer) Open(sealed []byte, what string) ([]byte, error) {
	if len(sealed) < s.aead.NonceSize() {
		return nil, ErrSealed
	}
	plain, err := s.aead.Open(nil, sealed[:s.aead.NonceSize()], sealed[s.aead.NonceSize():], []byte(what))
	if err != nil {
		return nil, ErrSealed
	}
	return plain, nil
}
