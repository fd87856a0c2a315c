// Package document reads and writes the program's JSON documents: strictly,
// by version, and always to the same bytes.
//
// A document names its kind and version in its member "schema", as in
// "pointille.survey/1". A reader refuses other kinds and newer versions in
// plain words, lifts older versions to the present one, and tolerates members
// it does not know. Everything else that is wrong is an *Error that says which
// member is at fault and why; Read puts the file's name in front.
//
// A struct field with the tag digits:"n" is written with n significant digits,
// and so is all below it; other numbers are written with six.
package document

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"
	"strconv"
	"strings"

	"pointille/internal/atomicfile"
)

// maxBytes is far above any document of a real head (a survey is some 100 kB).
const maxBytes = 64 << 20

// Tree is a JSON object as the migrations see it. Its values are string, bool,
// nil, json.Number, []any and map[string]any.
type Tree = map[string]any

// Kind is one sort of document.
type Kind struct {
	Name    string // in words, as in "survey"
	Schema  string // without the version, as in "pointille.survey"
	Version int    // the version that this program writes

	// Migrations[v] turns a document of version v into one of version v+1. A
	// version without a migration cannot be read.
	Migrations map[int]func(Tree) error
}

// Validator is a document that can tell what is impossible in it.
type Validator interface{ Validate() error }

// Error says what is wrong with one member of a document.
type Error struct {
	Path  string // of the member, as in hairline[0].points[3]; "" for the whole document
	Cause string
}

func (e *Error) Error() string {
	if e.Path == "" {
		return e.Cause
	}
	return e.Path + ": " + e.Cause
}

// Full returns the schema string of version v.
func (k Kind) Full(v int) string { return k.Schema + "/" + strconv.Itoa(v) }

// Read reads the document at path into doc, a pointer to its struct.
func (k Kind) Read(path string, doc Validator) error {
	_, err := ReadFile(path, k.Name, func(r io.Reader) (Validator, error) { return doc, k.Decode(r, doc) })
	return err
}

// Decode reads a document of any version up to the present one.
func (k Kind) Decode(r io.Reader, doc Validator) error {
	tree, err := Parse(r)
	if err != nil {
		return err
	}
	if err := k.lift(tree); err != nil {
		return err
	}
	if err := Fill(tree, doc, Tolerant); err != nil {
		return err
	}
	fillNil(reflect.ValueOf(doc).Elem())
	return doc.Validate()
}

// DecodeByHand reads a document that people write, into the struct that doc
// points to, and returns what was read. A member that the struct does not have
// is an error that names the nearest one it has; "$schema", which editors use,
// is passed over. What is impossible in it is for the caller to find.
func DecodeByHand(r io.Reader, doc any) (Tree, error) {
	tree, err := Parse(r)
	if err != nil {
		return nil, err
	}
	delete(tree, "$schema")
	return tree, Fill(tree, doc, Strict)
}

// ReadFile decodes the file at path, which holds the name in words. An error
// names the file.
func ReadFile[T any](path, name string, decode func(io.Reader) (T, error)) (T, error) {
	var none T
	f, err := os.Open(path)
	if err != nil {
		return none, fmt.Errorf("reading the %s: %w", name, err)
	}
	defer f.Close()
	doc, err := decode(f)
	if err != nil {
		return none, fmt.Errorf("%s: %w", path, err)
	}
	return doc, nil
}

// Encode writes doc to w if it is valid: the same bytes every time.
func Encode(w io.Writer, doc Validator) error {
	data, err := Marshal(doc)
	if err != nil {
		return err
	}
	_, err = w.Write(data)
	return err
}

// Write validates doc and writes it to path, whole or not at all.
func (k Kind) Write(ctx context.Context, path string, doc Validator) error {
	data, err := Marshal(doc)
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return atomicfile.WriteContext(ctx, path, func(w io.Writer) error {
		_, err := w.Write(data)
		return err
	})
}

// lift checks the schema and brings the tree to the present version.
func (k Kind) lift(tree Tree) error {
	v, err := k.version(tree)
	if err != nil {
		return err
	}
	for ; v < k.Version; v++ {
		migrate := k.Migrations[v]
		if migrate == nil {
			return &Error{"schema", fmt.Sprintf("%s is too old to be read", k.Full(v))}
		}
		if err := migrate(tree); err != nil {
			return fmt.Errorf("reading as %s: %w", k.Full(v), err)
		}
	}
	tree["schema"] = k.Full(k.Version)
	return nil
}

func (k Kind) version(tree Tree) (int, error) {
	s, ok := tree["schema"].(string)
	if !ok {
		return 0, &Error{"schema", fmt.Sprintf("missing, so this is no %s of Pointille", k.Name)}
	}
	schema, number, _ := strings.Cut(s, "/")
	if schema != k.Schema {
		return 0, &Error{"schema", fmt.Sprintf("this is a %q, not a %s (%s)", s, k.Name, k.Full(k.Version))}
	}
	v, err := strconv.Atoi(number)
	if err != nil || v < 0 {
		return 0, &Error{"schema", fmt.Sprintf("%q names no version", s)}
	}
	if v > k.Version {
		return 0, &Error{"", fmt.Sprintf("this %s was written by a newer Pointille (schema %s); this one reads up to /%d",
			k.Name, s, k.Version)}
	}
	return v, nil
}

// Parse reads one JSON object. It refuses members that stand twice, deep
// nesting and anything behind the object; a byte-order mark is skipped.
func Parse(r io.Reader) (Tree, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	switch {
	case err != nil:
		return nil, err
	case len(data) > maxBytes:
		return nil, &Error{"", fmt.Sprintf("the file is larger than %d MB", maxBytes>>20)}
	}
	data = bytes.TrimPrefix(data, []byte("\xef\xbb\xbf"))
	if len(bytes.TrimSpace(data)) == 0 {
		return nil, &Error{"", "the file is empty"}
	}
	if err := syntax(data); err != nil {
		return nil, err
	}
	d := json.NewDecoder(bytes.NewReader(data))
	d.UseNumber()
	v, err := parseValue(d, "", 0)
	if err != nil {
		return nil, err
	}
	tree, ok := v.(Tree)
	if !ok {
		return nil, &Error{"", words(v) + " where an object {...} is expected"}
	}
	return tree, nil
}

// syntax refuses what is no JSON, naming the line.
func syntax(data []byte) error {
	var raw json.RawMessage
	err := json.Unmarshal(data, &raw)
	var s *json.SyntaxError
	if errors.As(err, &s) {
		at := min(int(s.Offset), len(data))
		return &Error{"", fmt.Sprintf("no valid JSON in line %d: %v", 1+bytes.Count(data[:at], []byte("\n")), err)}
	}
	return err
}

// maxDepth is twice what the deepest document needs.
const maxDepth = 20

func parseValue(d *json.Decoder, path string, depth int) (any, error) {
	if depth > maxDepth {
		return nil, &Error{path, "nested too deeply"}
	}
	token, err := d.Token()
	if err != nil {
		return nil, err
	}
	switch token {
	case json.Delim('{'):
		return parseObject(d, path, depth)
	case json.Delim('['):
		return parseArray(d, path, depth)
	}
	return token, nil
}

func parseObject(d *json.Decoder, path string, depth int) (any, error) {
	tree := Tree{}
	for d.More() {
		token, err := d.Token()
		if err != nil {
			return nil, err
		}
		key, _ := token.(string)
		at := join(path, key)
		if _, twice := tree[key]; twice {
			return nil, &Error{at, "stands twice"}
		}
		if tree[key], err = parseValue(d, at, depth+1); err != nil {
			return nil, err
		}
	}
	_, err := d.Token()
	return tree, err
}

func parseArray(d *json.Decoder, path string, depth int) (any, error) {
	list := []any{}
	for d.More() {
		v, err := parseValue(d, path+"[]", depth+1)
		if err != nil {
			return nil, err
		}
		list = append(list, v)
	}
	_, err := d.Token()
	return list, err
}

func join(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

func index(path string, i int) string { return path + "[" + strconv.Itoa(i) + "]" }
