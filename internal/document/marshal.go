package document

import (
	"bytes"
	"encoding/json"
	"math"
	"reflect"
	"regexp"
	"strconv"
	"strings"
)

// digits is precise to 0.01 px in a photo of 100 megapixels and to 0.001 mm on
// a head.
const digits = 6

// Marshal returns the bytes of doc: validated, numbers rounded, one blank of
// indent, lists of plain numbers on one line, an end of line at the end. What
// it returns decodes to a document that marshals to the same bytes. doc, a
// pointer to a struct, is left as it is.
func Marshal(doc Validator) ([]byte, error) {
	if err := Finite(doc); err != nil {
		return nil, err
	}
	if err := doc.Validate(); err != nil {
		return nil, err
	}
	data, err := json.Marshal(doc)
	if err != nil {
		return nil, err
	}
	rounded := reflect.New(reflect.TypeOf(doc).Elem())
	if err := json.Unmarshal(data, rounded.Interface()); err != nil {
		return nil, err
	}
	round(rounded.Elem(), digits)
	fillNil(rounded.Elem())
	return render(rounded.Interface())
}

func render(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", " ")
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return oneLine(b.Bytes()), nil
}

// oneLine joins lists of numbers. A line break cannot stand inside a JSON
// text, so nothing but lists is met.
func oneLine(data []byte) []byte {
	numbers := regexp.MustCompile(`\[\n\s*-?[0-9][^\]\[{}"]*\]`)
	blank := regexp.MustCompile(`\s+`)
	return numbers.ReplaceAllFunc(data, func(list []byte) []byte { return blank.ReplaceAll(list, nil) })
}

// round brings every number below v to n significant digits.
func round(v reflect.Value, n int) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			round(v.Elem(), n)
		}
	case reflect.Struct:
		for i := range v.NumField() {
			round(v.Field(i), fieldDigits(v.Type().Field(i), n))
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			round(v.Index(i), n)
		}
	case reflect.Map:
		roundMap(v, n)
	case reflect.Float64:
		v.SetFloat(Round(v.Float(), n))
	}
}

func roundMap(v reflect.Value, n int) {
	for _, key := range v.MapKeys() {
		item := reflect.New(v.Type().Elem()).Elem()
		item.Set(v.MapIndex(key))
		round(item, n)
		v.SetMapIndex(key, item)
	}
}

func fieldDigits(f reflect.StructField, n int) int {
	if d, err := strconv.Atoi(f.Tag.Get("digits")); err == nil {
		return d
	}
	return n
}

// Round returns x with n significant digits, and never a negative zero.
func Round(x float64, n int) float64 {
	r, err := strconv.ParseFloat(strconv.FormatFloat(x, 'g', n, 64), 64)
	if err != nil || r == 0 {
		return 0
	}
	return r
}

// fillNil makes missing lists empty ones, so that they are written as [] and
// not as null. Lists that may be absent (omitempty) stay so.
func fillNil(v reflect.Value) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			fillNil(v.Elem())
		}
	case reflect.Struct:
		for i := range v.NumField() {
			f := v.Field(i)
			if strings.Contains(v.Type().Field(i).Tag.Get("json"), ",omit") && f.Kind() == reflect.Slice && f.Len() == 0 {
				continue
			}
			fillNil(f)
		}
	case reflect.Slice:
		if v.IsNil() {
			v.Set(reflect.MakeSlice(v.Type(), 0, 0))
		}
		fillItems(v)
	case reflect.Array:
		fillItems(v)
	}
}

func fillItems(v reflect.Value) {
	if k := v.Type().Elem().Kind(); k == reflect.Float64 || k == reflect.String || k == reflect.Int {
		return
	}
	for i := range v.Len() {
		fillNil(v.Index(i))
	}
}

// Finite returns an *Error for the first number of doc that is NaN or infinite.
func Finite(doc any) error {
	if path, bad := infinite(reflect.ValueOf(doc)); bad {
		return &Error{path, "not a finite number"}
	}
	return nil
}

// infinite returns the path, below v, of the first number that is not finite.
func infinite(v reflect.Value) (path string, bad bool) {
	switch v.Kind() {
	case reflect.Pointer:
		if !v.IsNil() {
			return infinite(v.Elem())
		}
	case reflect.Float64:
		return "", math.IsNaN(v.Float()) || math.IsInf(v.Float(), 0)
	case reflect.Struct:
		for i := range v.NumField() {
			if below, bad := infinite(v.Field(i)); bad {
				return prepend(memberName(v.Type().Field(i)), below), true
			}
		}
	case reflect.Slice, reflect.Array:
		for i := range v.Len() {
			if below, bad := infinite(v.Index(i)); bad {
				return prepend(index("", i), below), true
			}
		}
	case reflect.Map:
		for it := v.MapRange(); it.Next(); {
			if below, bad := infinite(it.Value()); bad {
				return prepend(it.Key().String(), below), true
			}
		}
	}
	return "", false
}

func prepend(path, below string) string {
	if path == "" || below == "" || below[0] == '[' {
		return path + below
	}
	return path + "." + below
}

// memberName is "" for an embedded struct, whose members stand beside it.
func memberName(f reflect.StructField) string {
	name, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	return name
}
