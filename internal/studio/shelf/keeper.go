package shelf

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"

	"pointille/internal/job"
	"pointille/internal/records"
	"pointille/internal/studio/record"
	"pointille/vision/survey"
)

// Work is the kind of item that holds what can be made again of a photo: its maps
// and copies for the screen, with the survey, as a zip file.
const Work = "work"

// Names of items of a photo. The photo itself goes by its file's name.
func surveyName(slot string) string { return slot + job.SurveySuffix }
func workName(slot string) string   { return slot + ".work.zip" }

// keeper puts the edits of one client into the record.
type keeper struct {
	s    *Shelf
	code string
}

// Keep takes its time: an edit is not given up because a tablet hung up.
func (k keeper) Keep(e record.Entry) error {
	ctx := context.Background()
	b := records.Batch{Line: e.Line, Said: e.Kind}
	for _, f := range e.Add {
		b.Add = append(b.Add, records.New{Kind: f.Kind, Name: f.Name, Content: f.Content})
	}
	if e.Gone != nil {
		old, err := k.s.of(ctx, k.code, *e.Gone)
		if err != nil {
			return fmt.Errorf("finding the photo that was there: %w", err)
		}
		b.Remove = old
	}
	_, err := k.s.store.Apply(ctx, k.code, b)
	return err
}

// of finds the items of a photo: it, its survey, and what was made of it. Others of
// the same name, as the command line adds, are not of it.
func (s *Shelf) of(ctx context.Context, code string, p record.Photo) (ids []string, err error) {
	items, err := s.store.Items(ctx, code)
	if err != nil {
		return nil, err
	}
	for _, i := range items {
		var is bool
		switch {
		case i.Kind == records.Photo && i.Name == p.File:
			is, err = s.holds(ctx, i, func(data []byte) bool { return hashOf(data) == p.SHA256 })
		case i.Kind == records.Survey && i.Name == surveyName(p.Slot):
			is, err = s.holds(ctx, i, func(data []byte) bool {
				found, err := survey.Decode(bytes.NewReader(data))
				return err == nil && found.Photo.SHA256 == p.SHA256
			})
		case i.Kind == Work && i.Name == workName(p.Slot):
			is = true
		}
		if err != nil {
			return nil, err
		}
		if is {
			ids = append(ids, i.ID)
		}
	}
	return ids, nil
}

// holds reports what is said of an item's content.
func (s *Shelf) holds(ctx context.Context, i records.Item, is func([]byte) bool) (bool, error) {
	data, err := s.store.Read(ctx, i.ID)
	return err == nil && is(data), err
}

func hashOf(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}

// photo reads a photo of the consultation, the newest of its name that has its hash.
func (s *Shelf) photo(ctx context.Context, items []records.Item, p record.Photo) ([]byte, error) {
	for _, i := range slices.Backward(items) {
		if i.Kind != records.Photo || i.Name != p.File {
			continue
		}
		data, err := s.store.Read(ctx, i.ID)
		if err != nil {
			return nil, err
		}
		if hashOf(data) == p.SHA256 {
			return data, nil
		}
	}
	return nil, fmt.Errorf("the photo %s is not in the record any more: take it again", p.File)
}

// newest is the last item of a kind and name.
func newest(items []records.Item, kind, name string) (records.Item, bool) {
	for _, i := range slices.Backward(items) {
		if i.Kind == kind && i.Name == name {
			return i, true
		}
	}
	return records.Item{}, false
}
