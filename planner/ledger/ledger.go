// Package ledger keeps which pigment went into whom: bottles by their batch, what
// the law and the studio ask of them, what was used in which session, and who is
// concerned when a batch is recalled.
//
// Contents are mg per kg. Clients are known by the code of their case. A bottle
// that breaks a rule is refused with the rule's number; errors name the member
// at fault.
package ledger

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"

	"pointille/internal/civil"
	"pointille/internal/document"
)

// Schema is the version that this program reads and writes.
const Schema = "pointille.ledger/1"

// Ledger is the document.
type Ledger struct {
	Schema  string   `json:"schema"`
	Bottles []Bottle `json:"bottles"`
	Uses    []Use    `json:"uses"`
}

// Bottle is a pigment with its papers.
type Bottle struct {
	ID          string     `json:"id"` // the studio's own name for it
	Brand       string     `json:"brand"`
	Shade       string     `json:"shade"`
	Batch       string     `json:"batch"`                  // number on the label
	Expires     string     `json:"expires,omitempty"`      // last day, YYYY-MM-DD
	Country     string     `json:"country,omitempty"`      // where it was made
	SafetySheet string     `json:"safety_sheet,omitempty"` // date of its safety data sheet
	Colorants   []Colorant `json:"colorants"`
	Label       Label      `json:"label"`
	Analysis    []Content  `json:"analysis,omitempty"` // measured contents, as far as known
}

// Colorant is an ingredient that colours.
type Colorant struct {
	Name string `json:"name,omitempty"`
	CI   string `json:"ci,omitempty"`  // Colour Index number
	CAS  string `json:"cas,omitempty"` // number of the substance
}

// Label is what stands on the bottle.
type Label struct {
	Statement    bool `json:"statement"`              // mixture for use in tattoos or permanent make-up
	Ingredients  bool `json:"ingredients"`            // list of ingredients
	Instructions bool `json:"instructions"`           // safety instructions
	PHRegulator  bool `json:"ph_regulator,omitempty"` // says which ingredient is a pH regulator
	Nickel       bool `json:"nickel_warning,omitempty"`
	Chromium     bool `json:"chromium_warning,omitempty"`
}

// Content is a measured substance, by the names of Limits.
type Content struct {
	Substance string  `json:"substance"`
	MgPerKg   float64 `json:"mg_per_kg"`
}

// Use is a bottle in a session.
type Use struct {
	Case      string  `json:"case"` // never a name
	Session   int     `json:"session"`
	Date      string  `json:"date"`
	Bottle    string  `json:"bottle"`             // its id
	Dilution  float64 `json:"dilution,omitempty"` // parts of water per part of pigment
	NeedleLot string  `json:"needle_lot,omitempty"`
}

// Read reads the ledger at path.
func Read(path string) (*Ledger, error) { return document.ReadFile(path, "ledger", Decode) }

// Decode reads a ledger. It is partly written by hand, so a member that is not
// known is refused.
func Decode(r io.Reader) (*Ledger, error) {
	l := new(Ledger)
	if _, err := document.DecodeByHand(r, l); err != nil {
		return nil, err
	}
	return l, l.Validate()
}

// Write writes the ledger to path, whole or not at all.
func Write(ctx context.Context, path string, l *Ledger) error {
	return document.Kind{}.Write(ctx, path, l)
}

// Bottle returns the bottle with an id.
func (l *Ledger) Bottle(id string) (b Bottle, ok bool) {
	i := slices.IndexFunc(l.Bottles, func(b Bottle) bool { return b.ID == id })
	if i < 0 {
		return Bottle{}, false
	}
	return l.Bottles[i], true
}

// Add writes down that a bottle is used. It is refused where the bottle breaks a
// rule on that day, with the rule's number.
func (l *Ledger) Add(u Use) error {
	b, ok := l.Bottle(u.Bottle)
	if !ok {
		return fmt.Errorf("no bottle is called %q", u.Bottle)
	}
	next := *l
	next.Uses = append(slices.Clone(l.Uses), u)
	if err := next.Validate(); err != nil {
		return err
	}
	on, err := civil.Parse(u.Date)
	if err != nil {
		return err
	}
	for _, f := range Check(b, on) {
		if f.Blocks {
			return fmt.Errorf("%s must not be used on %s: %s", u.Bottle, on, f)
		}
	}
	l.Uses = next.Uses
	return nil
}

// Recall returns all uses of bottles of a batch, in the order they were written.
func (l *Ledger) Recall(batch string) []Use {
	var out []Use
	for _, u := range l.Uses {
		if b, ok := l.Bottle(u.Bottle); ok && same(b.Batch, batch) {
			out = append(out, u)
		}
	}
	return out
}

// same compares what is printed on labels and typed by hand.
func same(a, b string) bool {
	plain := func(s string) string { return strings.ToLower(strings.Join(strings.Fields(s), "")) }
	return plain(a) == plain(b)
}

// Validate returns a *document.Error for the first member that cannot be.
func (l *Ledger) Validate() error {
	if err := document.Finite(l); err != nil {
		return err
	}
	var c document.Check
	if l.Schema != Schema {
		c.Failf("schema", "%q where %q is expected", l.Schema, Schema)
	}
	ids := map[string]bool{}
	for i, b := range l.Bottles {
		at := document.At("bottles", i)
		if b.ID == "" || ids[b.ID] {
			c.Failf(at+".id", "%q is missing or stands twice", b.ID)
		}
		ids[b.ID] = true
		b.check(&c, at)
	}
	for i, u := range l.Uses {
		at := document.At("uses", i)
		if u.Case == "" {
			c.Failf(at+".case", "missing")
		}
		c.Within(at+".session", float64(u.Session), 1, 100, "")
		c.Day(at+".date", u.Date)
		if !ids[u.Bottle] {
			c.Failf(at+".bottle", "no bottle is called %q", u.Bottle)
		}
		c.Within(at+".dilution", u.Dilution, 0, 1000, "parts of water")
	}
	return c.Err()
}

// knownDay wants a day where one is given.
func knownDay(c *document.Check, at, v string) {
	if v != "" {
		c.Day(at, v)
	}
}

func (b Bottle) check(c *document.Check, at string) {
	if b.Brand == "" {
		c.Failf(at+".brand", "missing")
	}
	knownDay(c, at+".expires", b.Expires)
	knownDay(c, at+".safety_sheet", b.SafetySheet)
	for i, k := range b.Colorants {
		if k.Name == "" && k.CI == "" && k.CAS == "" {
			c.Failf(document.At(at+".colorants", i), "neither name nor number")
		}
	}
	var known []string
	for _, l := range Limits() {
		known = append(known, l.Substance)
	}
	for i, m := range b.Analysis {
		c.OneOf(document.At(at+".analysis", i)+".substance", strings.ToLower(m.Substance), known...)
		c.NotNegative(document.At(at+".analysis", i)+".mg_per_kg", m.MgPerKg)
	}
}
