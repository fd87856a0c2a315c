package summary

import (
	_ "embed"
	"fmt"
	"html/template"
	"io"
	"net/url"
	"path/filepath"
	"strings"
)

//go:embed index.html.tmpl
var page string

// Page writes index.html: the table with filter and order, and links to all
// results. It needs nothing but the files that lie beside it.
func Page(w io.Writer, h Head, rows Rows, sheets []string) error {
	t, err := template.New("index").Funcs(template.FuncMap{
		"path": path, "grouped": grouped, "views": views, "zone": func(s string) string { return strings.ReplaceAll(s, "_", " ") },
		"lower": strings.ToLower, "base": filepath.Base, "dotted": func(r Row) bool { return r.Planned && r.Nothing == "" }, "order": order, "text": searched, "remarks": func(r Row) int { return len(r.Failures) + len(r.Warnings) },
		"percent": func(v float64) string { return fmt.Sprintf("%.0f %%", 100*v) }, "state": stateText,
		"swatch": func(c *Colour) template.CSS { return template.CSS("background:" + c.SRGB) },
	}).Parse(page)
	if err != nil {
		return fmt.Errorf("reading the page's template: %w", err)
	}
	if err := t.ExecuteTemplate(w, "head", struct {
		Head
		Sheets []string
	}{h, sheets}); err != nil {
		return err
	}
	for r, err := range rows {
		if err != nil {
			return err
		}
		if err := t.ExecuteTemplate(w, "row", r); err != nil {
			return err
		}
	}
	return t.ExecuteTemplate(w, "foot", h)
}

// path is a file's name as a link beside the page.
func path(file string) template.URL {
	parts := strings.Split(file, "/")
	for i, p := range parts {
		parts[i] = url.PathEscape(p)
	}
	return template.URL("./" + strings.Join(parts, "/"))
}

// views counts views of one name: front, left, 3 macro.
func views(names []string) string {
	var out []string
	count := map[string]int{}
	for _, n := range names {
		count[n]++
	}
	for _, n := range names {
		switch {
		case count[n] == 1:
			out = append(out, n)
		case count[n] > 1:
			out = append(out, fmt.Sprintf("%d %s", count[n], n))
		}
		count[n] = 0
	}
	return strings.Join(out, ", ")
}

// order ranks states by how much they want to be seen.
func order(state string) int {
	return map[string]int{Failed: 0, Partly: 1, Waiting: 2, Done: 3}[state]
}

// searched is the text in which a person looks for a case.
func searched(r Row) string {
	parts := []string{r.Case, r.Results, r.State, r.Pattern, r.Look, strings.Join(r.Views, " ")}
	if r.Hair != nil {
		parts = append(parts, r.Hair.Name)
	}
	return strings.ToLower(strings.Join(parts, " "))
}
