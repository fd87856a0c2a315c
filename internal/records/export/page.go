package export

import (
	_ "embed"
	"encoding/json"
	"fmt"
	"html/template"
	"maps"
	"slices"
	"strings"
	"time"

	"pointille/internal/records/audit"
)

//go:embed page.html
var pageText string

func page() (*template.Template, error) {
	return template.New("page").Funcs(template.FuncMap{"words": words}).Parse(pageText)
}

// sheet is what the page shows.
type sheet struct {
	Title, Name, Created, Written, Generator string
	Photos, Documents                        []shown
	History                                  []line
	LeftOut                                  []string
	Stripped, AsGiven                        bool
}

type shown struct {
	entry
	Day     string
	KB      string
	Visible bool // browsers show it
	Facts   []fact
}

type line struct{ At, What string }

// fact is a member of a document in words.
type fact struct {
	Depth int
	Name  string
	Value string
	Long  bool // a text of several lines
}

func view(e *exporter) sheet {
	s := sheet{
		Title: e.client.Code, Name: e.client.Name, Created: day(e.client.Created), Written: day(e.o.Now()), Generator: e.o.Generator,
		LeftOut: e.r.LeftOut, Stripped: e.r.Stripped > 0, AsGiven: e.o.AsGiven,
	}
	for _, i := range e.entries {
		v := shown{entry: i, Day: day(i.Added), KB: size(i.Size)}
		if strings.HasPrefix(i.File, "photos/") {
			v.Visible = slices.Contains([]string{"image/jpeg", "image/png", "image/webp", "image/gif"}, i.Media)
			s.Photos = append(s.Photos, v)
			continue
		}
		v.Facts = facts(i.tree)
		s.Documents = append(s.Documents, v)
	}
	for _, h := range audit.Brief(e.log) {
		s.History = append(s.History, line{strings.NewReplacer("T", " ", "Z", " UTC").Replace(h.At), strings.TrimSpace(h.Action + ": " + h.Text)})
	}
	return s
}

func day(t time.Time) string { return t.Format("2 January 2006") }

func size(n int) string {
	if n < 10_000 {
		return fmt.Sprintf("%d bytes", n)
	}
	if n < 10_000_000 {
		return fmt.Sprintf("%d kB", n/1000)
	}
	return fmt.Sprintf("%.1f MB", float64(n)/1e6)
}

// Bounds of what the page shows of a document; the file beside it has all.
const (
	mostFacts = 400
	mostItems = 12
)

// facts writes a JSON document as lines: member by member, long lists cut.
func facts(tree any) []fact {
	f := &facting{}
	f.add(0, "", tree)
	return f.out
}

type facting struct{ out []fact }

func (f *facting) put(depth int, name, value string) {
	if len(f.out) == mostFacts {
		f.out = append(f.out, fact{Value: "and more: see the file"})
	}
	if len(f.out) < mostFacts {
		f.out = append(f.out, fact{depth, name, value, strings.Contains(value, "\n")})
	}
}

func (f *facting) add(depth int, name string, v any) {
	switch v := v.(type) {
	case map[string]any:
		if name != "" {
			f.put(depth, name, "")
			depth++
		}
		for _, n := range slices.Sorted(maps.Keys(v)) {
			f.add(depth, n, v[n])
		}
	case []any:
		f.list(depth, name, v)
	case nil:
		f.put(depth, name, "none")
	default:
		f.put(depth, name, plain(v))
	}
}

func (f *facting) list(depth int, name string, v []any) {
	if row, ok := flat(v); ok {
		f.put(depth, name, row)
		return
	}
	f.put(depth, name, fmt.Sprintf("list of %d", len(v)))
	for i, item := range v {
		if i == mostItems {
			f.put(depth+1, "", fmt.Sprintf("and %d more: see the file", len(v)-i))
			return
		}
		f.add(depth+1, fmt.Sprint(i+1), item)
	}
}

// flat writes a short list of words and numbers on one line.
func flat(v []any) (string, bool) {
	if len(v) == 0 {
		return "none", true
	}
	if len(v) > mostItems {
		return "", false
	}
	var parts []string
	for _, item := range v {
		switch item.(type) {
		case map[string]any, []any:
			return "", false
		}
		parts = append(parts, plain(item))
	}
	return strings.Join(parts, ", "), true
}

func plain(v any) string {
	switch v := v.(type) {
	case string:
		return v
	case bool:
		return yes(v)
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

// words writes a member's name as people do.
func words(s string) string { return strings.ReplaceAll(s, "_", " ") }
