package ledger

import "strings"

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
