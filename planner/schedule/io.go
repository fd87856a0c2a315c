package schedule

import (
	"context"
	"io"

	"pointille/internal/document"
)

func kind() document.Kind {
	return document.Kind{Name: "schedule", Schema: "pointille.schedule", Version: 1}
}

// Read reads the schedule at path. The error names the file, the member at
// fault and the cause.
func Read(path string) (*Schedule, error) {
	s := new(Schedule)
	if err := kind().Read(path, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Decode reads a schedule.
func Decode(r io.Reader) (*Schedule, error) {
	s := new(Schedule)
	if err := kind().Decode(r, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Encode writes s if it is valid: the same bytes every time.
func Encode(w io.Writer, s *Schedule) error { return document.Encode(w, s) }

// Write encodes s to the file at path, whole or not at all.
func Write(ctx context.Context, path string, s *Schedule) error {
	return kind().Write(ctx, path, s)
}
