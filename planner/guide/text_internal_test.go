package guide

import (
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// said are all texts of a catalogue by where they stand.
func said(t *testing.T, c catalogue) map[string]string {
	t.Helper()
	out := map[string]string{}
	v := reflect.ValueOf(c)
	for i := range v.NumField() {
		name := v.Type().Field(i).Name
		switch f := v.Field(i).Interface().(type) {
		case string:
			out[name] = f
		case []string:
			for k, s := range f {
				out[fmt.Sprintf("%s %d", name, k)] = s
			}
		case map[string]string:
			if name == "Plan" { // languages differ in what must be put otherwise
				continue
			}
			for k, s := range f {
				out[name+" "+k] = s
			}
		default:
			t.Fatalf("%s is neither a text, a list nor a dictionary", name)
		}
	}
	return out
}

// Every language must say everything, with the same values in the same order.
func TestLanguagesAreComplete(t *testing.T) {
	verbs := regexp.MustCompile(`%[-+.\d]*[a-z%]`)
	want := said(t, english())
	for _, name := range Languages() {
		c, err := language(name)
		if err != nil {
			t.Fatal(err)
		}
		got := said(t, c)
		if a, b := len(got), len(want); a != b {
			t.Errorf("%s: %d texts, want %d", name, a, b)
		}
		for k, s := range want {
			if got[k] == "" {
				t.Errorf("%s: %s says nothing", name, k)
			}
			if a, b := verbs.FindAllString(got[k], -1), verbs.FindAllString(s, -1); !slices.Equal(a, b) {
				t.Errorf("%s: %s has the values %v, want %v", name, k, a, b)
			}
		}
	}
}

// The font of the pages must have every letter of every language.
func TestFontHasAllLetters(t *testing.T) {
	var all strings.Builder
	all.WriteString("āčēģīķļņšūžĀČĒĢĪĶĻŅŠŪŽ")
	for _, name := range Languages() {
		c, err := language(name)
		if err != nil {
			t.Fatal(err)
		}
		for s := range maps.Values(said(t, c)) {
			all.WriteString(s)
		}
		for s := range maps.Values(c.Plan) {
			all.WriteString(s)
		}
	}
	for style, ttf := range map[string][]byte{"regular": goregular.TTF, "bold": gobold.TTF} {
		f, err := sfnt.Parse(ttf)
		if err != nil {
			t.Fatal(err)
		}
		var buf sfnt.Buffer
		for _, r := range all.String() {
			if i, err := f.GlyphIndex(&buf, r); err != nil || i == 0 {
				t.Errorf("the %s font lacks %q", style, r)
			}
		}
	}
}
