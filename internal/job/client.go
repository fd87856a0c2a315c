package job

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"pointille/internal/document"
	"pointille/internal/records"
	"pointille/planner/ledger"
)

// AddOptions are for AddToRecord.
type AddOptions struct {
	Client string // code
	Files  []string
	Case   string // code of the case where it is not the client's
	Kind   string // empty: told by the content
	Move   bool   // take the plain files away once they are in the record
	Event  func(Event)
}

// Added is a file that is now in the record.
type Added struct {
	File string       `json:"file"`
	Item records.Item `json:"item"`
	Uses int          `json:"uses,omitempty"` // of a ledger: those of this client
}

// AddToRecord adds files to what is held of a client: photos and documents of any
// kind. A document of another case is refused. Of a ledger only the part about the
// client's case is taken over.
func AddToRecord(ctx context.Context, s *records.Store, o AddOptions) (done []Added, err error) {
	if o.Case == "" {
		o.Case = o.Client
	}
	failed := 0
	for i, file := range o.Files {
		a, err := addFile(ctx, s, o, file)
		if ctx.Err() != nil {
			return done, ctx.Err()
		}
		if err != nil {
			if len(o.Files) == 1 {
				return nil, err
			}
			failed++
		} else {
			done = append(done, a)
		}
		o.Event(Event{Stage: "client", File: file, Done: i + 1, Total: len(o.Files), Err: err})
	}
	if failed > 0 {
		return done, &SomeFailed{Failed: failed, Of: len(o.Files), What: "files"}
	}
	return done, nil
}

func addFile(ctx context.Context, s *records.Store, o AddOptions, file string) (Added, error) {
	content, err := readFile(file)
	if err != nil {
		return Added{}, err
	}
	kind := o.Kind
	if kind == "" {
		kind = records.KindOf(content)
	}
	a := Added{File: file}
	switch {
	case kind == records.Ledger:
		if content, a.Uses, err = partOfLedger(content, o.Case); err != nil {
			return Added{}, fmt.Errorf("%s: %w", file, err)
		}
		if o.Move {
			return Added{}, fmt.Errorf("%s: a ledger is about all clients and is not moved into the record of one; add it without --move", file)
		}
	case strings.EqualFold(filepath.Ext(file), ".json"):
		if err := ofCase(content, o); err != nil {
			return Added{}, fmt.Errorf("%s: %w", file, err)
		}
	}
	if a.Item, err = s.Add(ctx, o.Client, records.New{Kind: kind, Name: filepath.Base(file), Content: content}); err != nil {
		return Added{}, fmt.Errorf("%s: %w", file, err)
	}
	if !o.Move {
		return a, nil
	}
	if err := os.Remove(file); err != nil {
		return Added{}, fmt.Errorf("it is in the record, but the plain file could not be taken away: %w", err)
	}
	return a, nil
}

// readFile reads a file that may become an item.
func readFile(file string) ([]byte, error) {
	f, err := os.Open(file)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, fmt.Errorf("%s: is no plain file", file)
	}
	content, err := io.ReadAll(io.LimitReader(f, records.MaxContent+1))
	if err != nil {
		return nil, fmt.Errorf("reading %s: %w", file, err)
	}
	return content, nil
}

// partOfLedger is a ledger of one case.
func partOfLedger(content []byte, code string) (part []byte, uses int, err error) {
	l, err := ledger.Decode(bytes.NewReader(content))
	if err != nil {
		return nil, 0, err
	}
	own := l.Of(code)
	if len(own.Uses) == 0 {
		return nil, 0, fmt.Errorf("no pigment was used in case %s", code)
	}
	part, err = document.Marshal(own)
	return part, len(own.Uses), err
}

// ofCase refuses a document that says it is of another case.
func ofCase(content []byte, o AddOptions) error {
	var d struct {
		Schema string `json:"schema"`
		Case   string `json:"case"`
	}
	if json.Unmarshal(content, &d) != nil || !strings.HasPrefix(d.Schema, "pointille.") || d.Case == "" || strings.EqualFold(d.Case, o.Case) {
		return nil
	}
	return fmt.Errorf("is of case %s, not %s; if that is this client too, say --case %s", d.Case, o.Case, d.Case)
}
