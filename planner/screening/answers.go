// Package screening turns a client's answers into what the studio may do: go,
// wait until a day, go only with a doctor's certificate, or no.
//
// The strictest answer decides, every one that is not a plain no is told with
// its reason, and a question without an answer counts as the worst it could be:
// nothing passes in silence. Days are days of the calendar. Errors name the
// answer at fault. The package says what the studio does, never what a client
// has.
package screening

import (
	"context"
	"io"
	"maps"
	"slices"

	"pointille/internal/civil"
	"pointille/internal/document"
	"pointille/planner/treatment"
)

// Schema is the version of answers that this program reads and writes.
const Schema = "pointille.answers/1"

// Answers that are no days.
const (
	Yes     = "yes"
	No      = "no"
	Unknown = "unknown"
)

// Answers is the document: what a client answered on a day.
type Answers struct {
	Schema       string            `json:"schema"`
	Case         string            `json:"case"`                   // the case's code, never a name
	Asked        string            `json:"asked"`                  // YYYY-MM-DD
	Answers      map[string]string `json:"answers"`                // by condition: no | yes | unknown, or the day it last was
	Certificates map[string]string `json:"certificates,omitempty"` // by condition: day of the doctor's certificate that was seen
}

// Read reads answers from a file. The error names the file, the answer at fault
// and the cause.
func Read(path string) (*Answers, error) { return document.ReadFile(path, "answers", Decode) }

// Decode reads answers. A member or condition that is not known is refused: an
// answer under a mistaken name would be no answer.
func Decode(r io.Reader) (*Answers, error) {
	a := new(Answers)
	if _, err := document.DecodeByHand(r, a); err != nil {
		return nil, err
	}
	if err := a.Validate(); err != nil {
		return nil, err
	}
	return a, nil
}

// Write writes answers to a file, whole or not at all.
func Write(ctx context.Context, path string, a *Answers) error {
	return document.Kind{}.Write(ctx, path, a)
}

// Validate returns a *document.Error for the first answer that cannot be.
func (a *Answers) Validate() error {
	var c document.Check
	if a.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", a.Schema, Schema)
	}
	if a.Case == "" || len(a.Case) > 80 {
		c.Failf("case", "a code of 1 to 80 letters is expected")
	}
	asked := c.Day("asked", a.Asked)
	all := treatment.Conditions()
	var ids []string
	for _, k := range all {
		ids = append(ids, k.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(a.Answers)) {
		c.OneOf("answers", id, ids...)
		k, _ := treatment.With(all, id)
		checkAnswer(&c, "answers."+id, a.Answers[id], k.Dated, asked)
	}
	for _, id := range slices.Sorted(maps.Keys(a.Certificates)) {
		c.OneOf("certificates", id, ids...)
		checkDay(&c, "certificates."+id, a.Certificates[id], asked)
	}
	return c.Err()
}

func checkAnswer(c *document.Check, at, v string, dated bool, asked civil.Date) {
	switch {
	case v == Yes || v == No || v == Unknown:
	case dated:
		checkDay(c, at, v, asked)
	default:
		c.Failf(at, "%q where yes, no or unknown is expected", v)
	}
}

func checkDay(c *document.Check, at, v string, asked civil.Date) {
	if asked.Before(c.Day(at, v)) {
		c.Failf(at, "%s lies after the day of asking, %s", v, asked)
	}
}
