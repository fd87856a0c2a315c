package studio

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"pointille/internal/civil"
	"pointille/internal/document"
	"pointille/internal/records"
	"pointille/internal/studio/record"
	"pointille/planner/ledger"
)

// inkFile is the client's part of the ledger as the studio keeps it in the record; what
// the command line added there goes by other names. ledgerFile is the studio's own
// ledger with its bottles, beside its settings, if it has one.
const (
	inkFile    = "studio.ledger.json"
	ledgerFile = "ledger.json"
)

// studioLedger reads the studio's ledger; without one it is empty.
func (s *Server) studioLedger() (*ledger.Ledger, error) {
	l, err := ledger.Read(filepath.Join(s.o.Dir, ledgerFile))
	if errors.Is(err, os.ErrNotExist) {
		return &ledger.Ledger{Schema: ledger.Schema}, nil
	}
	return l, err
}

// bottle is one that may be chosen, and why it must not be used today.
type bottle struct {
	ID      string   `json:"id"`
	Brand   string   `json:"brand"`
	Shade   string   `json:"shade"`
	Batch   string   `json:"batch"`
	Expires string   `json:"expires"`
	Stops   []string `json:"stops" doc:"rules that forbid its use today"`
}

// bottles lists the bottles of the studio's ledger.
func (s *Server) bottles(_ context.Context, in *idInput) (*body[[]bottle], error) {
	l, err := s.studioLedger()
	if err != nil {
		return nil, s.told(err)
	}
	out := []bottle{}
	for _, b := range l.Bottles {
		stops := []string{}
		for _, f := range ledger.Check(b, s.today()) {
			if f.Blocks {
				stops = append(stops, f.String())
			}
		}
		out = append(out, bottle{b.ID, b.Brand, b.Shade, b.Batch, b.Expires, stops})
	}
	return &body[[]bottle]{out}, nil
}

// inkInput is a bottle used in a session: one of the studio's ledger by its id, or one
// that is written down with what stands on its label.
type inkInput struct {
	ID   string `path:"id"`
	Body struct {
		Session     int     `json:"session" minimum:"1" maximum:"100"`
		Date        string  `json:"date" doc:"YYYY-MM-DD, not after today"`
		Bottle      string  `json:"bottle,omitempty" maxLength:"200" doc:"id in the studio's ledger"`
		Brand       string  `json:"brand,omitempty" maxLength:"200"`
		Shade       string  `json:"shade,omitempty" maxLength:"200"`
		Batch       string  `json:"batch,omitempty" maxLength:"100"`
		Expires     string  `json:"expires,omitempty" doc:"YYYY-MM-DD"`
		Statement   bool    `json:"statement,omitempty" doc:"the label carries the statement for tattoos and permanent make-up"`
		Ingredients bool    `json:"ingredients,omitempty" doc:"the label lists the ingredients"`
		Dilution    float64 `json:"dilution,omitempty" minimum:"0" maximum:"1000" doc:"parts of water per part of pigment"`
		NeedleLot   string  `json:"needle_lot,omitempty" maxLength:"100"`
	}
}

// postInk writes down which bottle went into the client in a session.
func (s *Server) postInk(_ context.Context, in *inkInput) (*body[json.RawMessage], error) {
	return s.changeInk(in.ID, func(l *ledger.Ledger, code string) error {
		day, err := civil.Parse(in.Body.Date)
		if err != nil {
			return err
		}
		if s.today().Before(day) {
			return fmt.Errorf("%s has not come yet: write down what was used on the day", day)
		}
		b, err := s.inkOf(in)
		if err != nil {
			return err
		}
		return l.Add(ledger.Use{Case: code, Session: in.Body.Session, Date: in.Body.Date, Bottle: l.Put(b), Dilution: in.Body.Dilution, NeedleLot: strings.TrimSpace(in.Body.NeedleLot)})
	})
}

// inkOf is the bottle that is meant.
func (s *Server) inkOf(in *inkInput) (ledger.Bottle, error) {
	if in.Body.Bottle == "" {
		brand, shade, batch := strings.TrimSpace(in.Body.Brand), strings.TrimSpace(in.Body.Shade), strings.TrimSpace(in.Body.Batch)
		return ledger.Bottle{
			ID: strings.Join(strings.Fields(brand+" "+shade+" "+batch), " "), Brand: brand, Shade: shade, Batch: batch, Expires: in.Body.Expires,
			Colorants: []ledger.Colorant{}, Label: ledger.Label{Statement: in.Body.Statement, Ingredients: in.Body.Ingredients},
		}, nil
	}
	l, err := s.studioLedger()
	if err != nil {
		return ledger.Bottle{}, err
	}
	b, ok := l.Bottle(in.Body.Bottle)
	if !ok {
		return ledger.Bottle{}, fmt.Errorf("%w: no bottle is called %q", record.ErrUnknown, in.Body.Bottle)
	}
	return b, nil
}

type inkUse struct {
	ID  string `path:"id"`
	Use int    `path:"use" doc:"place in the list, from 0"`
}

// deleteInk takes back what was written down by mistake; the journal keeps that it was.
func (s *Server) deleteInk(_ context.Context, in *inkUse) (*body[json.RawMessage], error) {
	return s.changeInk(in.ID, func(l *ledger.Ledger, code string) error {
		if in.Use < 0 || in.Use >= len(l.Uses) {
			return fmt.Errorf("%w: nothing is written down there", record.ErrUnknown)
		}
		l.Uses = slices.Delete(slices.Clone(l.Uses), in.Use, in.Use+1)
		*l = *l.Of(code)
		return nil
	})
}

// changeInk changes the client's part of the ledger, and keeps it in the record.
func (s *Server) changeInk(id string, change func(l *ledger.Ledger, code string) error) (*body[json.RawMessage], error) {
	o, err := s.open(id)
	if err != nil {
		return nil, s.told(err)
	}
	o.docs.Lock() // one change at a time
	defer o.docs.Unlock()
	state := o.log.State()
	l := ledger.Ledger{Schema: ledger.Schema, Bottles: []ledger.Bottle{}, Uses: []ledger.Use{}}
	if state.Ink != nil {
		l = *state.Ink
	}
	if err := change(&l, state.Code); err != nil {
		return nil, s.told(err)
	}
	var text bytes.Buffer
	if err := document.Encode(&text, &l); err != nil {
		return nil, s.told(err)
	}
	files := []record.File{{Kind: records.Ledger, Name: inkFile, Content: text.Bytes()}}
	if _, err := s.edit(o, record.NewID(), record.Ink, l, record.With{Files: files}); err != nil {
		return nil, s.told(err)
	}
	return s.raw(s.whole(o))
}
