package consent

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"pointille/internal/document"
)

// Schema is the version that this program reads and writes.
const Schema = "pointille.consent/1"

// How a text was signed.
const (
	Paper  = "paper"  // the studio keeps the sheet
	Tablet = "tablet" // with the strokes of the signature
)

// Consent is the document: what was signed.
type Consent struct {
	Schema      string          `json:"schema"`
	Case        string          `json:"case"`
	TextVersion int             `json:"text_version"`
	Text        string          `json:"text"`              // exactly as it was read
	SHA256      string          `json:"sha256"`            // of Text
	Name        string          `json:"name"`              // as signed
	Signed      string          `json:"signed"`            // time, RFC 3339
	How         string          `json:"how"`               // paper | tablet
	Strokes     [][][2]float64  `json:"strokes,omitempty"` // of the signature, mm
	Purposes    map[string]bool `json:"purposes"`          // uses of photos: agreed to or not
	Revoked     []Revoked       `json:"revoked"`
}

// Revoked is a use of photos taken back.
type Revoked struct {
	Purpose string `json:"purpose"`
	At      string `json:"at"` // time, RFC 3339
}

// Hash names a text for ever.
func Hash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return hex.EncodeToString(sum[:])
}

// Signature is what a person gives.
type Signature struct {
	Name     string
	At       time.Time
	How      string
	Strokes  [][][2]float64
	Purposes map[string]bool // every purpose, agreed to or not: nothing is agreed to by silence
}

// Sign keeps a signature under a text.
func Sign(code, text string, s Signature) (*Consent, error) {
	for _, p := range Purposes() {
		if _, asked := s.Purposes[p]; !asked {
			return nil, fmt.Errorf("it is not said whether photos may be used to %s: yes or no", p)
		}
	}
	c := &Consent{
		Schema: Schema, Case: code, TextVersion: TextVersion, Text: text, SHA256: Hash(text), Name: s.Name, Signed: s.At.Format(time.RFC3339),
		How: s.How, Strokes: s.Strokes, Purposes: s.Purposes, Revoked: []Revoked{},
	}
	return c, c.Validate()
}

// Revoke takes a use of photos back from a time on.
func (c *Consent) Revoke(purpose string, at time.Time) error {
	if !slices.Contains(Purposes(), purpose) {
		return fmt.Errorf("%q is none of %s", purpose, strings.Join(Purposes(), ", "))
	}
	signed, err := time.Parse(time.RFC3339, c.Signed)
	if err != nil {
		return err
	}
	switch {
	case !c.Purposes[purpose]:
		return fmt.Errorf("photos were never allowed to be used to %s", purpose)
	case at.Before(signed):
		return fmt.Errorf("%s lies before the signature of %s", at.Format(time.RFC3339), c.Signed)
	case !c.Allows(purpose, at):
		return fmt.Errorf("using photos to %s was taken back already", purpose)
	}
	c.Revoked = append(c.Revoked, Revoked{purpose, at.Format(time.RFC3339)})
	return nil
}

// Allows reports whether photos may be used for a purpose at a time.
func (c *Consent) Allows(purpose string, at time.Time) bool {
	signed, err := time.Parse(time.RFC3339, c.Signed)
	if err != nil || at.Before(signed) || !c.Purposes[purpose] {
		return false
	}
	for _, r := range c.Revoked {
		from, err := time.Parse(time.RFC3339, r.At)
		if err != nil || r.Purpose == purpose && !at.Before(from) {
			return false
		}
	}
	return true
}

func kind() document.Kind {
	return document.Kind{Name: "consent", Schema: "pointille.consent", Version: 1}
}

// Read reads a consent. One whose text was changed since is refused.
func Read(path string) (*Consent, error) {
	c := new(Consent)
	if err := kind().Read(path, c); err != nil {
		return nil, err
	}
	return c, nil
}

// Decode reads a consent.
func Decode(r io.Reader) (*Consent, error) {
	c := new(Consent)
	if err := kind().Decode(r, c); err != nil {
		return nil, err
	}
	return c, nil
}

// Write writes c to the file at path, whole or not at all.
func Write(ctx context.Context, path string, c *Consent) error { return kind().Write(ctx, path, c) }

// maxStrokes is more than any signature has.
const maxStrokes = 1000

// Validate returns a *document.Error for the first member that cannot be.
func (c *Consent) Validate() error {
	if err := document.Finite(c); err != nil {
		return err
	}
	var k document.Check
	if c.Schema != Schema {
		k.Failf("schema", "%q where %q is expected", c.Schema, Schema)
	}
	if c.Case == "" {
		k.Failf("case", "missing")
	}
	if strings.TrimSpace(c.Text) == "" {
		k.Failf("text", "missing: there is nothing to agree to")
	}
	if c.SHA256 != Hash(c.Text) {
		k.Failf("sha256", "is not that of the text: one of them was changed after signing")
	}
	if len(strings.TrimSpace(c.Name)) < 2 || len(c.Name) > 200 {
		k.Failf("name", "%q is no name", c.Name)
	}
	k.OneOf("how", c.How, Paper, Tablet)
	if (c.How == Tablet) != (len(c.Strokes) > 0) || len(c.Strokes) > maxStrokes {
		k.Failf("strokes", "%d strokes of a signature on %s", len(c.Strokes), c.How)
	}
	for _, p := range Purposes() {
		if _, ok := c.Purposes[p]; !ok {
			k.Failf("purposes."+p, "missing: yes or no must be said")
		}
	}
	if len(c.Purposes) > len(Purposes()) {
		k.Failf("purposes", "holds others than %s", strings.Join(Purposes(), ", "))
	}
	moment(&k, "signed", c.Signed)
	for i, r := range c.Revoked {
		at := document.At("revoked", i)
		k.OneOf(at+".purpose", r.Purpose, Purposes()...)
		moment(&k, at+".at", r.At)
	}
	return k.Err()
}

func moment(k *document.Check, at, v string) {
	if _, err := time.Parse(time.RFC3339, v); err != nil {
		k.Failf(at, "%q is no time as in 2026-03-31T10:30:00+03:00", v)
	}
}

// ErrNothing is returned for a plan without dots: there is nothing to agree to.
var ErrNothing = errors.New("nothing is planned, so there is nothing to agree to")
