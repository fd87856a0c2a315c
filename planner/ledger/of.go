package ledger

import (
	"slices"
	"strings"
)

// Put adds a bottle, or brings the papers of the one it is up to date, and returns the
// id by which it goes: another batch under the same id gets one of its own, so that
// what was used before stays what it was.
func (l *Ledger) Put(b Bottle) (id string) {
	here := func() int { return slices.IndexFunc(l.Bottles, func(o Bottle) bool { return o.ID == b.ID }) }
	i := here()
	if i >= 0 && !same(l.Bottles[i].Batch, b.Batch) {
		b.ID += " (" + b.Batch + ")"
		i = here()
	}
	l.Bottles = slices.Clone(l.Bottles)
	if i >= 0 {
		l.Bottles[i] = b
	} else {
		l.Bottles = append(l.Bottles, b)
	}
	return b.ID
}

// Of returns the part of the ledger that is about one case, capitals aside: its
// uses, and the bottles that they name. It is a ledger of its own.
func (l *Ledger) Of(code string) *Ledger {
	part := &Ledger{Schema: l.Schema, Bottles: []Bottle{}, Uses: []Use{}}
	used := map[string]bool{}
	for _, u := range l.Uses {
		if strings.EqualFold(u.Case, code) {
			part.Uses = append(part.Uses, u)
			used[u.Bottle] = true
		}
	}
	for _, b := range l.Bottles {
		if used[b.ID] {
			part.Bottles = append(part.Bottles, b)
		}
	}
	return part
}
