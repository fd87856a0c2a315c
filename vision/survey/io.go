package survey

import (
	"context"
	"io"

	"pointille/internal/document"
)

// kind describes the document to the reader, with what older versions need.
//
// Version 0 had one hairline, as a bare list of points without a confidence.
func kind() document.Kind {
	return document.Kind{
		Name:    "survey",
		Schema:  "pointille.survey",
		Version: 1,
		Migrations: map[int]func(document.Tree) error{
			0: hairlineFromPoints,
		},
	}
}

// Read reads the survey at path. The error names the file, the member at fault
// and the cause; a survey that is returned is valid.
func Read(path string) (*Survey, error) {
	s := new(Survey)
	if err := kind().Read(path, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Decode reads a survey of any version up to the present one. Members that
// this program does not know are passed over.
func Decode(r io.Reader) (*Survey, error) {
	s := new(Survey)
	if err := kind().Decode(r, s); err != nil {
		return nil, err
	}
	return s, nil
}

// Encode writes s to w if it is valid: indented JSON, numbers with six
// significant digits (the camera with ten), the same bytes every time.
func Encode(w io.Writer, s *Survey) error { return document.Encode(w, s) }

// Write encodes s to the file at path, whole or not at all.
func Write(ctx context.Context, path string, s *Survey) error {
	return kind().Write(ctx, path, s)
}

// hairlineFromPoints turns version 0 into version 1. The old line had no
// confidence, so it gets none.
func hairlineFromPoints(tree document.Tree) error {
	points, ok := tree["hairline"].([]any)
	if !ok {
		if tree["hairline"] == nil {
			return nil
		}
		return &document.Error{Path: "hairline", Cause: "no list of points"}
	}
	tree["hairline"] = []any{}
	if len(points) > 0 {
		tree["hairline"] = []any{document.Tree{"points": points, "confidence": document.Number(0), "kind": KindFront}}
	}
	return nil
}
