package job

import (
	"bytes"
	"context"
	"fmt"
	"slices"
	"strings"

	"pointille/internal/civil"
	"pointille/internal/records"
	"pointille/planner/ledger"
)

// PigmentFinding is a bottle that breaks a rule or lacks papers.
type PigmentFinding struct {
	Bottle string `json:"bottle"`
	Rule   string `json:"rule"`
	What   string `json:"what"`
	Blocks bool   `json:"blocks"`
}

// CheckPigments holds every bottle of a ledger against the rules on a day. The
// error names the bottles that must not be used.
func CheckPigments(file string, on civil.Date) (bottles int, found []PigmentFinding, err error) {
	l, err := ledger.Read(file)
	if err != nil {
		return 0, nil, err
	}
	found = []PigmentFinding{}
	var bad []string
	for _, b := range l.Bottles {
		for _, f := range ledger.Check(b, on) {
			found = append(found, PigmentFinding{b.ID, f.Rule.Number, f.String(), f.Blocks})
			if f.Blocks && !slices.Contains(bad, b.ID) {
				bad = append(bad, b.ID)
			}
		}
	}
	if bad != nil {
		err = fmt.Errorf("%s: not to be used on %s: %s", file, on, strings.Join(bad, ", "))
	}
	return len(l.Bottles), found, err
}

// UsePigment writes down that a bottle is used in a session of a plan.
func UsePigment(ctx context.Context, file, planFile string, u ledger.Use) error {
	p, err := readPlan(planFile)
	if err != nil {
		return err
	}
	if u.Session < 1 || u.Session > len(p.Sessions) {
		return fmt.Errorf("%s: there is no session %d: the plan has %d", planFile, u.Session, len(p.Sessions))
	}
	l, err := ledger.Read(file)
	if err != nil {
		return err
	}
	u.Case = p.Case
	if err := l.Add(u); err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return ledger.Write(ctx, file, l)
}

// Recall returns the uses of a batch.
func Recall(file, batch string) ([]ledger.Use, error) {
	l, err := ledger.Read(file)
	if err != nil {
		return nil, err
	}
	return l.Recall(batch), nil
}

// RecallRecord returns the uses of a batch that a record holds of its clients: what a
// studio wrote down on the tablet and ledgers that were added. Of several ledgers of a
// client with one name the newest counts.
func RecallRecord(ctx context.Context, s *records.Store, batch string) ([]ledger.Use, error) {
	clients, err := s.Clients(ctx)
	if err != nil {
		return nil, err
	}
	var out []ledger.Use
	for _, c := range clients {
		uses, err := recallClient(ctx, s, c.Code, batch)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", c.Code, err)
		}
		out = append(out, uses...)
	}
	return out, nil
}

func recallClient(ctx context.Context, s *records.Store, code, batch string) (out []ledger.Use, err error) {
	items, err := s.Items(ctx, code)
	if err != nil {
		return nil, err
	}
	seen := map[string]bool{}
	for _, i := range slices.Backward(items) {
		if i.Kind != records.Ledger || seen[i.Name] {
			continue
		}
		seen[i.Name] = true
		data, err := s.Read(ctx, i.ID)
		if err != nil {
			return nil, err
		}
		l, err := ledger.Decode(bytes.NewReader(data))
		if err != nil {
			return nil, fmt.Errorf("%s: %w", i.Name, err)
		}
		for _, u := range l.Recall(batch) {
			if !slices.Contains(out, u) {
				out = append(out, u)
			}
		}
	}
	return out, nil
}
