package document

import (
	"encoding/json"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
)

// Mode is what happens to members that the struct does not have.
type Mode int

// Modes.
const (
	Tolerant Mode = iota // they are passed over
	Strict               // they are an error that names the nearest known member
)

// Fill stores tree in the struct that doc points to. Unlike encoding/json it
// compares names exactly, wants arrays of the right length, takes no null for
// a number, text or yes/no, and says where a value is wrong.
func Fill(tree Tree, doc any, mode Mode) error {
	target := reflect.TypeOf(doc).Elem()
	fitted, err := fit(tree, target, "", mode)
	if err != nil {
		return err
	}
	data, err := json.Marshal(fitted)
	if err != nil {
		return err
	}
	return json.Unmarshal(data, doc)
}

// fit checks v against t and returns it without the members t does not have.
func fit(v any, t reflect.Type, path string, mode Mode) (any, error) {
	if reflect.PointerTo(t).Implements(reflect.TypeFor[json.Unmarshaler]()) {
		return v, fitOwn(v, t, path)
	}
	switch t.Kind() {
	case reflect.Pointer:
		if v == nil {
			return nil, nil
		}
		return fit(v, t.Elem(), path, mode)
	case reflect.Struct:
		return fitStruct(v, t, path, mode)
	case reflect.Map:
		return fitMap(v, t, path, mode)
	case reflect.Slice, reflect.Array:
		return fitList(v, t, path, mode)
	case reflect.String:
		_, ok := v.(string)
		return v, expect(ok, path, v, "a text")
	case reflect.Bool:
		_, ok := v.(bool)
		return v, expect(ok, path, v, "true or false")
	case reflect.Float64:
		return fitFloat(v, path)
	default:
		return fitInt(v, t, path)
	}
}

// fitOwn asks a type that reads itself.
func fitOwn(v any, t reflect.Type, path string) error {
	data, err := json.Marshal(v)
	if err != nil {
		return err
	}
	err = reflect.New(t).Interface().(json.Unmarshaler).UnmarshalJSON(data)
	if e, ok := err.(*Error); ok && e.Path != "" {
		return &Error{join(path, e.Path), e.Cause}
	}
	if err != nil {
		return &Error{path, err.Error()}
	}
	return nil
}

func fitStruct(v any, t reflect.Type, path string, mode Mode) (any, error) {
	tree, ok := v.(Tree)
	if err := expect(ok, path, v, "an object {...}"); err != nil {
		return nil, err
	}
	members := map[string]reflect.Type{}
	collect(t, members)
	out := Tree{}
	for _, key := range sortedKeys(tree) {
		member, known := members[key]
		if !known {
			if mode == Strict {
				return nil, &Error{join(path, key), unknown(key, sortedKeys(members))}
			}
			continue
		}
		fitted, err := fit(tree[key], member, join(path, key), mode)
		if err != nil {
			return nil, err
		}
		out[key] = fitted
	}
	return out, nil
}

// collect gathers the JSON members of t, those of embedded structs included.
func collect(t reflect.Type, members map[string]reflect.Type) {
	for i := range t.NumField() {
		f := t.Field(i)
		name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case f.Anonymous && name == "":
			collect(f.Type, members)
		case name != "" && name != "-":
			members[name] = f.Type
		}
	}
}

func fitMap(v any, t reflect.Type, path string, mode Mode) (any, error) {
	tree, ok := v.(Tree)
	if err := expect(ok || v == nil, path, v, "an object {...}"); err != nil {
		return nil, err
	}
	out := Tree{}
	for _, key := range sortedKeys(tree) {
		fitted, err := fit(tree[key], t.Elem(), join(path, key), mode)
		if err != nil {
			return nil, err
		}
		out[key] = fitted
	}
	return out, nil
}

func fitList(v any, t reflect.Type, path string, mode Mode) (any, error) {
	if v == nil && t.Kind() == reflect.Slice {
		return []any{}, nil
	}
	list, ok := v.([]any)
	if err := expect(ok, path, v, "a list [...]"); err != nil {
		return nil, err
	}
	if t.Kind() == reflect.Array && len(list) != t.Len() {
		return nil, &Error{path, fmt.Sprintf("%d values where %d are expected", len(list), t.Len())}
	}
	out := make([]any, len(list))
	for i, item := range list {
		fitted, err := fit(item, t.Elem(), index(path, i), mode)
		if err != nil {
			return nil, err
		}
		out[i] = fitted
	}
	return out, nil
}

func fitFloat(v any, path string) (any, error) {
	n, ok := v.(json.Number)
	if err := expect(ok, path, v, "a number"); err != nil {
		return nil, err
	}
	if _, err := n.Float64(); err != nil {
		return nil, &Error{path, fmt.Sprintf("%s is too large a number", n)}
	}
	return n, nil
}

// fitInt also takes 3.0 for 3, as other programs write it.
func fitInt(v any, t reflect.Type, path string) (any, error) {
	n, ok := v.(json.Number)
	if err := expect(ok, path, v, "a whole number"); err != nil {
		return nil, err
	}
	text := n.String()
	if f, err := n.Float64(); err == nil && f == math.Trunc(f) && math.Abs(f) < 1<<53 {
		text = strconv.FormatFloat(f+0, 'f', 0, 64)
	}
	var err error
	if t.Kind() >= reflect.Uint && t.Kind() <= reflect.Uint64 {
		_, err = strconv.ParseUint(text, 10, t.Bits())
	} else {
		_, err = strconv.ParseInt(text, 10, t.Bits())
	}
	if err != nil {
		return nil, &Error{path, fmt.Sprintf("%s where a whole number of the right size is expected", n)}
	}
	return json.Number(text), nil
}

func expect(ok bool, path string, v any, want string) error {
	if ok {
		return nil
	}
	return &Error{path, words(v) + " where " + want + " is expected"}
}

// words names the sort of a JSON value.
func words(v any) string {
	switch v := v.(type) {
	case nil:
		return "null"
	case string:
		return "a text"
	case bool:
		return strconv.FormatBool(v)
	case json.Number:
		return "the number " + v.String()
	case []any:
		return "a list"
	}
	return "an object"
}

func unknown(key string, known []string) string {
	if near := Nearest(key, known); near != "" {
		return fmt.Sprintf("unknown member; did you mean %q?", near)
	}
	return "unknown member; known here: " + strings.Join(known, ", ")
}

// Nearest returns the word that is at most a third of its letters away from s,
// or that begins or ends with s; "" if there is none.
func Nearest(s string, words []string) string {
	best, distance := "", math.MaxInt
	for _, w := range words {
		d := edits(strings.ToLower(s), w)
		if len(s) > 2 && (strings.HasPrefix(w, s) || strings.HasSuffix(w, s)) {
			d = min(d, 1)
		}
		if d <= max(1, len(w)/3) && d < distance {
			best, distance = w, d
		}
	}
	return best
}

// edits is the Levenshtein distance.
func edits(a, b string) int {
	if len(a) > 64 {
		return math.MaxInt
	}
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost++
			}
			diagonal = row[j+1]
			row[j+1] = min(cost, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

func sortedKeys[V any](m map[string]V) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	return keys
}

// Number returns x as it stands in a Tree.
func Number(x float64) json.Number { return json.Number(strconv.FormatFloat(x, 'g', -1, 64)) }
