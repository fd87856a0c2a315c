package plan

import (
	"context"
	"io"

	"pointille/internal/document"
)

// kind describes the document to the reader, with what older versions need.
//
// Version 0 had the hairline as a bare list of points in millimetres.
func kind() document.Kind {
	return document.Kind{
		Name:    "plan",
		Schema:  "pointille.plan",
		Version: 1,
		Migrations: map[int]func(document.Tree) error{
			0: hairlineFromPoints,
		},
	}
}

// Read reads the plan at path, without its dots. The error names the file, the
// member at fault and the cause; a plan that is returned is valid.
func Read(path string) (*Plan, error) {
	p := new(Plan)
	if err := kind().Read(path, p); err != nil {
		return nil, err
	}
	return p, nil
}

// Decode reads a plan of any version up to the present one. Members that this
// program does not know are passed over.
func Decode(r io.Reader) (*Plan, error) {
	p := new(Plan)
	if err := kind().Decode(r, p); err != nil {
		return nil, err
	}
	return p, nil
}

// Encode writes p to w if it is valid: indented JSON, numbers with six
// significant digits (cameras and the head's shape with ten), the same bytes
// every time.
func Encode(w io.Writer, p *Plan) error { return document.Encode(w, p) }

// Write encodes p to the file at path, whole or not at all.
func Write(ctx context.Context, path string, p *Plan) error {
	return kind().Write(ctx, path, p)
}

// hairlineFromPoints turns version 0 into version 1. The old program drew
// natural lines with a soft edge; how deep and how high was not written.
func hairlineFromPoints(tree document.Tree) error {
	if tree["hairline"] == nil {
		return nil
	}
	points, ok := tree["hairline"].([]any)
	if !ok {
		return &document.Error{Path: "hairline", Cause: "no list of points"}
	}
	tree["hairline"] = document.Tree{"points": points, "edge": "soft", "source": "proposed", "alternative": "natural"}
	return nil
}
