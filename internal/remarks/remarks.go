// Package remarks says in Latvian what the program remarks in English: what a survey
// warns of, what the planner and its checks say of a plan.
//
// Plans and surveys hold their remarks in English, always, so that the same photos give
// the same bytes in whatever language one works. Who shows them to people asks here.
// The table, lv.json, has the English format of each remark and its Latvian; a remark is
// found again by its format, and what was put into that is put into the Latvian. What is
// not in the table stays English: nothing is guessed, and there are no errors. A test
// reads the source and fails where a remark has no Latvian.
package remarks

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

//go:embed lv.json
var table []byte

// Words find the Latvian of a remark. They are safe for concurrent use.
type Words struct {
	whole    map[string]string // remarks into which nothing is put
	patterns []pattern         // the longest English first
	hole     *regexp.Regexp    // a place of the Latvian at which something is put in: {1}, or {1:zones} with the kind of thing that it is
}

// pattern is a remark into which something is put.
type pattern struct {
	english *regexp.Regexp // from the beginning of a text; a group for each thing put in
	latvian string
}

// New reads the table. An error means a broken build.
func New() (*Words, error) {
	var all map[string]string
	if err := json.Unmarshal(table, &all); err != nil {
		return nil, fmt.Errorf("the table of remarks: %w", err)
	}
	w := &Words{whole: map[string]string{}, hole: regexp.MustCompile(`\{(\d)(?::([a-z]+))?\}`)}
	verb := regexp.MustCompile(`%[.\d]*[dfgqsv]`) // a place of the English at which something is put in
	formats := make([]string, 0, len(all))
	for format := range all {
		formats = append(formats, format)
	}
	slices.SortFunc(formats, func(a, b string) int {
		if len(a) != len(b) {
			return len(b) - len(a)
		}
		return strings.Compare(a, b)
	})
	for _, format := range formats {
		if !verb.MatchString(format) {
			w.whole[strings.ReplaceAll(format, "%%", "%")] = all[format]
		}
		p, err := compile(format, all[format], verb)
		if err != nil {
			return nil, err
		}
		w.patterns = append(w.patterns, p)
	}
	return w, nil
}

// compile makes a format a pattern that matches what was printed with it.
func compile(format, latvian string, verb *regexp.Regexp) (pattern, error) {
	var b strings.Builder
	b.WriteString("^")
	rest := format
	for {
		at := verb.FindStringIndex(rest)
		if at == nil {
			break
		}
		b.WriteString(literal(rest[:at[0]]))
		last := at[1] == len(rest)
		switch rest[at[1]-1] {
		case 'd', 'f', 'g':
			b.WriteString(`(-?\d+(?:\.\d+)?)`)
		case 'q':
			b.WriteString(`"((?:[^"\\]|\\.)*)"`)
		default:
			if last {
				b.WriteString(`(.+)`)
			} else {
				b.WriteString(`(.+?)`)
			}
		}
		rest = rest[at[1]:]
	}
	b.WriteString(literal(rest))
	b.WriteString(`( |$)`) // the end, or another remark
	re, err := regexp.Compile(b.String())
	if err != nil {
		return pattern{}, fmt.Errorf("the remark %q: %w", format, err)
	}
	return pattern{re, latvian}, nil
}

func literal(s string) string { return regexp.QuoteMeta(strings.ReplaceAll(s, "%%", "%")) }

// Latvian says a remark, or several one after the other, in Latvian, with the decimal
// point of the program's files. A text that is not known whole is returned as it is.
func (w *Words) Latvian(text string) string {
	if s, ok := w.whole[text]; ok {
		return s
	}
	if s, ok := w.several(text); ok {
		return s
	}
	return text
}

// In says a remark in a language; any but lv is English.
func (w *Words) In(lang, text string) string {
	if lang == "lv" {
		return w.Latvian(text)
	}
	return text
}

// Knows reports whether a text is known whole.
func (w *Words) Knows(text string) bool {
	_, ok := w.several(text)
	return ok
}

// several says one remark after the other.
func (w *Words) several(text string) (string, bool) {
	var out []string
	for rest := text; rest != ""; {
		if said, n := w.first(rest); n > 0 {
			out, rest = append(out, said), rest[n:]
			continue
		}
		said, ok := reasons(rest) // of the screening: they come last
		if !ok {
			return "", false
		}
		out, rest = append(out, said), ""
	}
	return strings.Join(out, " "), len(out) > 0
}

// first says the remark that a text begins with and how long that is; 0 where none is known.
func (w *Words) first(text string) (said string, length int) {
	for _, p := range w.patterns {
		at := p.english.FindStringSubmatch(text)
		if at == nil {
			continue
		}
		return w.hole.ReplaceAllStringFunc(p.latvian, func(h string) string {
			parts := w.hole.FindStringSubmatch(h)
			i, err := strconv.Atoi(parts[1])
			if err != nil || i >= len(at)-1 {
				return h
			}
			return w.put(at[i], parts[2])
		}), len(at[0])
	}
	return "", 0
}
